//! What operations cost, one folder a supergraph: `tests/cost/<case>/subgraphs/*.graphql`, or
//! `supergraph.graphql` where another composer is meant. `<name>.query.graphql`, with
//! `<name>.variables.json` where needed, gives `<name>.cost.snap`. The first line of a query says what it
//! costs, worked out by hand: `# costs 12: 10 + 2`.

#![expect(clippy::panic, reason = "a test fails by panicking")]

use std::{fmt::Write as _, fs, path::Path};

use apollo_compiler::response::JsonMap;
use federation::{
    budget::{Allowance, Budget, Interrupt},
    compose::compose,
    cost::{CostOptions, Estimate, Weights, compile},
    index::Index,
    operation::{Booleans, Document, Limits, boolean_variables, coerce_variables, normalize},
    request::read_variables,
    subgraph::SubgraphInput,
    supergraph::Supergraph,
};

datatest_stable::harness! {
    { test = case, root = "tests/cost", pattern = r"^[^/]+/[^/]+\.query\.graphql$" },
}

fn case(query_file: &Path) -> datatest_stable::Result<()> {
    let folder = query_file.parent().ok_or("a case is in a folder")?;
    let file_name = query_file.file_name().ok_or("a file has a name")?;
    let file_name = file_name.to_string_lossy();
    let name = file_name.trim_end_matches(".query.graphql");
    let whole = folder.join("supergraph.graphql");
    let supergraph = Supergraph::parse(&if whole.exists() {
        fs::read_to_string(whole)?
    } else {
        supergraph_sdl(&folder.join("subgraphs"))?
    })?;
    let variables = folder.join(format!("{name}.variables.json"));
    let variables = if variables.exists() {
        read_variables(&fs::read_to_string(variables)?)?
    } else {
        JsonMap::new()
    };
    let query = fs::read_to_string(query_file)?;
    let estimate = estimate(&supergraph, &query, &variables)?;
    let mut text = format!("costs {}\n", estimate.cost);
    for list in &estimate.unsliced {
        let arguments = list.arguments.join(", ");
        let (coordinate, given) = (&list.coordinate, list.given);
        writeln!(text, "{coordinate} needs one of {arguments}, has {given}")?;
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(fs::canonicalize(folder)?);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(format!("{name}.cost"), text));
    let said = query.strip_prefix("# costs ").ok_or("what it costs")?;
    let said = said.split([':', '\n']).next().unwrap_or_default();
    assert_eq!(said, estimate.cost.to_string());
    Ok(())
}

fn supergraph_sdl(folder: &Path) -> datatest_stable::Result<String> {
    let mut inputs = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_stem().ok_or("a file has a name")?;
        let name = name.to_string_lossy().into_owned();
        inputs.push(SubgraphInput {
            url: format!("http://{name}"),
            name,
            sdl: fs::read_to_string(&path)?,
        });
    }
    let (composed, diagnostics) = compose(&inputs);
    let composed = composed.ok_or_else(|| format!("it does not compose: {diagnostics:?}"))?;
    Ok(composed.supergraph_sdl)
}

fn estimate(
    supergraph: &Supergraph,
    query: &str,
    variables: &JsonMap,
) -> datatest_stable::Result<Estimate> {
    let index = Index::new(supergraph)?;
    let weights = Weights::new(supergraph, &index);
    let schema = &supergraph.api_schema;
    let document = Document::parse(schema, query, &Limits::default());
    let document = document.unwrap_or_else(|errors| panic!("{errors:?}"));
    let executable = document.executable();
    let operation = executable
        .operations
        .get(None)
        .map_err(|_| "one operation")?;
    let variables = coerce_variables(schema, &document, operation, variables);
    let variables = variables.unwrap_or_else(|errors| panic!("{errors:?}"));
    let booleans = Booleans::new(&boolean_variables(executable, operation), &variables);
    let normalized = normalize(&index, executable, operation, &booleans)?;
    let budget = Budget::new(Allowance::of_work(1_000_000), Interrupt::default());
    let program = compile(&index, &weights, operation, &normalized, &budget);
    Ok(program.estimate(&weights, &variables, &CostOptions::default()))
}
