//! Plans, one folder a topic: `tests/plan/<topic>/subgraphs/*.graphql`; `<name>.query.graphql` gives
//! `<name>.plan.snap`. A query's first line may be `# labels: a b`: override labels that are on.

#![expect(clippy::panic, reason = "a test fails by panicking")]

use std::{fs, path::Path};

use apollo_compiler::{ExecutableDocument, response::JsonMap};
use federation::{
    compose::compose,
    index::{Index, LabelSet},
    operation::{Booleans, boolean_variables, normalize},
    plan::{Options, PlanError, plan},
    reachable::ReachableOperation,
    subgraph::SubgraphInput,
    supergraph::Supergraph,
};

datatest_stable::harness! {
    { test = case, root = "tests/plan", pattern = r"^[^/]+/[^/]+\.query\.graphql$" },
}

fn case(query_file: &Path) -> datatest_stable::Result<()> {
    let folder = query_file.parent().ok_or("a case is in a folder")?;
    let file_name = query_file
        .file_name()
        .ok_or("a file has a name")?
        .to_string_lossy();
    let name = file_name.trim_end_matches(".query.graphql");
    let supergraph = Supergraph::parse(&supergraph_sdl(&folder.join("subgraphs"))?)?;
    let index = Index::new(&supergraph)?;
    for (id, subgraph) in index.subgraphs() {
        let schema = index.subgraph_schema(id).clone().into_inner();
        if let Err(reason) = schema.validate() {
            panic!("the schema of `{}` is not rebuilt: {reason}", subgraph.name);
        }
    }
    let query = fs::read_to_string(query_file)?;
    let text = plan_text(&supergraph, &index, &query)?;
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(fs::canonicalize(folder)?);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(format!("{name}.plan"), text));
    Ok(())
}

fn supergraph_sdl(folder: &Path) -> datatest_stable::Result<String> {
    let mut inputs = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path
            .file_stem()
            .ok_or("a file has a name")?
            .to_string_lossy()
            .into_owned();
        inputs.push(SubgraphInput {
            url: format!("http://{name}"),
            name,
            sdl: fs::read_to_string(&path)?,
        });
    }
    let (composed, diagnostics) = compose(&inputs);
    let messages: Vec<&str> = diagnostics
        .iter()
        .map(|diagnostic| diagnostic.message.as_str())
        .collect();
    match composed {
        Some(composed) => Ok(composed.supergraph_sdl),
        None => Err(format!("it does not compose: {}", messages.join("; ")).into()),
    }
}

fn plan_text(
    supergraph: &Supergraph,
    index: &Index,
    query: &str,
) -> datatest_stable::Result<String> {
    let parsed =
        ExecutableDocument::parse_and_validate(&supergraph.api_schema, query, "query.graphql");
    let document = parsed.map_err(|invalid| invalid.errors.to_string())?;
    let operation = document
        .operations
        .get(None)
        .map_err(|_| "there is one operation")?;
    let variables = boolean_variables(&document, operation);
    let booleans = Booleans::new(&variables, &JsonMap::new());
    let normalized = normalize(index, &document, operation, &booleans)?;
    let authorized = ReachableOperation::unrestricted(normalized);
    let wanted = query
        .strip_prefix("# labels:")
        .and_then(|rest| rest.lines().next());
    let wanted: Vec<&str> = wanted.unwrap_or_default().split_whitespace().collect();
    let labels: LabelSet = index
        .labels()
        .filter(|(_, label)| wanted.contains(label))
        .map(|(id, _)| id)
        .collect();
    let options = Options {
        labels,
        ..Options::default()
    };
    match plan(index, &authorized, &options) {
        Ok(planned) => {
            let (text, places) = (planned.to_text(), planned.cost.places);
            Ok(format!("{text}places: {places}\n"))
        }
        Err(PlanError::Faulty(problems)) => panic!("{problems}"),
        Err(error) => Ok(format!("{error}\n")),
    }
}
