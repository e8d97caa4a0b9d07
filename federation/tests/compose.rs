//! Composition, one folder a case: `tests/compose/<code_or_topic>/*.graphql`, one file a subgraph,
//! gives `supergraph.snap`, and `diagnostics.snap` where there is anything to say.

use std::{fs, path::Path};

use apollo_compiler::{Schema, validation::Valid};
use federation::{
    compose::compose,
    diagnostic::{Diagnostics, Sources},
    subgraph::SubgraphInput,
    supergraph::Supergraph,
};

datatest_stable::harness! {
    { test = case, root = "tests/compose", pattern = r"^[^/]+/case\.md$" },
}

fn case(marker: &Path) -> datatest_stable::Result<()> {
    let folder = marker.parent().ok_or("a case is in a folder")?;
    let inputs = read_inputs(folder)?;
    let (composed, diagnostics) = compose(&inputs);

    let mut reversed = inputs.clone();
    reversed.reverse();
    let (composed_reversed, diagnostics_reversed) = compose(&reversed);
    let sdl = composed.map(|composed| composed.supergraph_sdl);
    assert_eq!(
        sdl,
        composed_reversed.map(|composed| composed.supergraph_sdl),
        "the order of subgraphs must make no difference"
    );
    assert_eq!(
        diagnostics, diagnostics_reversed,
        "the order of subgraphs must make no difference"
    );
    assert_eq!(
        sdl.is_none(),
        diagnostics.has_errors(),
        "an error, and nothing else, forbids a supergraph"
    );

    if let Some(sdl) = &sdl {
        check_sdl(sdl)?;
    }
    check_code(folder, &diagnostics);
    compare(
        folder,
        "diagnostics",
        (!diagnostics.is_empty()).then(|| text(&diagnostics, &inputs)),
    )?;
    compare(folder, "supergraph", sdl)
}

fn read_inputs(folder: &Path) -> datatest_stable::Result<Vec<SubgraphInput>> {
    let mut inputs = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "graphql")
        {
            let name = path
                .file_stem()
                .ok_or("a file has a name")?
                .to_string_lossy()
                .into_owned();
            let url = format!("https://{name}.example.org/graphql");
            inputs.push(SubgraphInput {
                name,
                url,
                sdl: fs::read_to_string(&path)?,
            });
        }
    }
    inputs.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(inputs)
}

// What is written reads back as it was, and is in one order.
fn check_sdl(sdl: &str) -> datatest_stable::Result<()> {
    let read = valid(sdl)?;
    let again = valid(&read.to_string())?;
    assert_eq!(read, again, "reading and writing again makes no difference");
    let types = read.types.iter().filter(|(_, one)| !one.is_built_in());
    let types: Vec<String> = types.map(|(name, _)| name.to_string()).collect();
    assert!(types.is_sorted(), "types come by name");
    Supergraph::parse(sdl)?;
    Ok(())
}

fn valid(sdl: &str) -> datatest_stable::Result<Valid<Schema>> {
    let schema = Schema::parse_and_validate(sdl, "supergraph.graphql");
    schema.map_err(|invalid| invalid.errors.to_string().into())
}

// A folder named for a code is there to show that code.
fn check_code(folder: &Path, diagnostics: &Diagnostics) {
    let name = folder
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .to_uppercase();
    if let Some(code) = federation::diagnostic::Code::ALL
        .iter()
        .find(|code| code.as_str() == name)
    {
        let codes: Vec<_> = diagnostics
            .iter()
            .map(|diagnostic| diagnostic.code)
            .collect();
        assert!(codes.contains(code), "{name} is not raised, only {codes:?}");
    }
}

fn text(diagnostics: &Diagnostics, inputs: &[SubgraphInput]) -> String {
    let sources: Sources<'_> = inputs
        .iter()
        .map(|input| (input.name.as_str(), input.sdl.as_str()))
        .collect();
    diagnostics.to_text(&sources)
}

fn compare(folder: &Path, name: &str, content: Option<String>) -> datatest_stable::Result<()> {
    let file = folder.join(format!("{name}.snap"));
    let Some(content) = content else {
        assert!(!file.exists(), "{} is no longer produced", file.display());
        return Ok(());
    };
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(fs::canonicalize(folder)?);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, content));
    Ok(())
}
