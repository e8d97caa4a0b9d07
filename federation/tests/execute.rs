//! Queries end to end, one folder a case: `tests/execute/<topic>/subgraphs/*.graphql` over
//! `data.json`; `<name>.query.graphql`, with `<name>.variables.json`, `<name>.grants.json` and
//! `<name>.faults.json` where needed, gives `<name>.response.snap` and `<name>.fetches.snap`.
//!
//! Without grants and faults the answer also equals what one schema over the same data answers.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

#[expect(dead_code, reason = "other tests use the rest")]
mod oracle;
#[path = "oracle/records.rs"]
mod records;

use std::{fmt::Write as _, fs, path::Path, sync::Arc};

use federation::{grants::Grants, subgraph::SubgraphInput};
use oracle::{Graph, everything, to_json, transport::Fault};
use records::Records;
use serde_json::{Value as Json, json};

datatest_stable::harness! {
    { test = case, root = "tests/execute", pattern = r"^[^/]+/[^/]+\.query\.graphql$" },
}

fn case(query_file: &Path) -> datatest_stable::Result<()> {
    let folder = query_file.parent().ok_or("a case is in a folder")?;
    let file_name = query_file
        .file_name()
        .ok_or("a file has a name")?
        .to_string_lossy();
    let name = file_name.trim_end_matches(".query.graphql");
    let inputs = read_inputs(&folder.join("subgraphs"))?;
    let data = read_json(&folder.join("data.json"))?.ok_or("there is data.json")?;
    let data = Records(data.as_object().ok_or("data is an object")?.clone());
    let graph = Graph::compose(&inputs, Arc::new(data)).unwrap_or_else(|why| panic!("{why}"));

    let query = fs::read_to_string(query_file)?;
    let beside = |what: &str| folder.join(format!("{name}.{what}.json"));
    let variables = read_json(&beside("variables"))?.unwrap_or_else(|| json!({}));
    let grants = read_json(&beside("grants"))?;
    let faults = read_json(&beside("faults"))?;
    let broken = faults.iter().filter_map(Json::as_object).flatten();
    let broken = broken.map(|(subgraph, fault)| (subgraph.clone(), read_fault(fault)));
    graph.transport().set_faults(broken.collect());
    let is_whole = grants.is_none() && faults.is_none();
    let grants = grants.map_or_else(everything, |grants| read_grants(&grants));

    let response = graph.respond(&query, &variables, &grants);
    let mut answer = to_json(&response);
    if !response.withheld.is_empty() {
        answer["withheld"] = serde_json::to_value(&response.withheld)?;
    }
    let calls = graph.take_calls();
    snapshot(
        folder,
        &format!("{name}.response"),
        &serde_json::to_string_pretty(&answer)?,
    )?;
    let mut text = String::new();
    for call in &calls {
        writeln!(
            text,
            "{}: {}\n  {}",
            call.subgraph, call.document, call.variables
        )?;
    }
    snapshot(folder, &format!("{name}.fetches"), &text)?;
    if is_whole && response.data.is_some() {
        let monolith = graph.monolith(&query, &variables);
        assert_eq!(
            answer["data"], monolith["data"],
            "one schema answers {monolith:#}"
        );
        let data = String::from_utf8(response.data.unwrap_or_default().to_vec())?;
        let text = graph.monolith_text(&query, &variables);
        assert_eq!(data, text, "fields keep the order of the query");
        let is_faultless = monolith.get("errors").is_none();
        assert!(!is_faultless || response.errors.is_empty(), "{answer:#}");
    }
    Ok(())
}

fn read_json(path: &Path) -> datatest_stable::Result<Option<Json>> {
    if !path.exists() {
        return Ok(None);
    }
    Ok(Some(serde_json::from_str(&fs::read_to_string(path)?)?))
}

fn read_inputs(folder: &Path) -> datatest_stable::Result<Vec<SubgraphInput>> {
    let mut inputs = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path
            .file_stem()
            .ok_or("a file has a name")?
            .to_string_lossy()
            .into_owned();
        inputs.push(SubgraphInput {
            url: format!("https://{name}.example.org/graphql"),
            name,
            sdl: fs::read_to_string(&path)?,
        });
    }
    inputs.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(inputs)
}

fn read_fault(fault: &Json) -> Fault {
    match fault.as_str() {
        Some("down") => Fault::Down,
        Some("null") => Fault::Null,
        Some(text) => Fault::Says(text.to_owned()),
        None => Fault::Says(fault.to_string()),
    }
}

fn read_grants(json: &Json) -> Grants {
    let names = |key: &str| {
        let names = json[key]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Json::as_str);
        names.map(str::to_owned).collect()
    };
    Grants {
        authenticated: json["authenticated"].as_bool().unwrap_or(false),
        scopes: names("scopes"),
        policies: names("policies"),
        unrestricted: false,
    }
}

fn snapshot(folder: &Path, name: &str, content: &str) -> datatest_stable::Result<()> {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(fs::canonicalize(folder)?);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, content));
    Ok(())
}
