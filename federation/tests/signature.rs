//! Operations to signatures and coordinates: `signature/<topic>/operation.graphql` →
//! `signature.snap`.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::{fs, path::Path};

use apollo_compiler::{ExecutableDocument, Schema};
use federation::operation::{coordinates_used, signature};

fn case(path: &Path) -> datatest_stable::Result<()> {
    let folder = path.parent().unwrap().canonicalize()?;
    let schema = fs::read_to_string(folder.join("../schema.graphql"))?;
    let schema = Schema::parse_and_validate(schema, "schema.graphql")
        .unwrap_or_else(|error| panic!("{error}"));
    let document = ExecutableDocument::parse_and_validate(
        &schema,
        fs::read_to_string(path)?,
        "operation.graphql",
    )
    .unwrap_or_else(|error| panic!("{error}"));
    let operation = document.operations.get(None).unwrap();
    let text = signature(&document, operation);

    let again = ExecutableDocument::parse(&schema, text.as_str(), "signature.graphql")
        .unwrap_or_else(|error| panic!("the signature is GraphQL: {error}"));
    let same = signature(&again, again.operations.get(None).unwrap());
    assert_eq!(same, text, "the signature of a signature is itself");

    let mut written = format!("{text}\n");
    for coordinate in coordinates_used(&schema, &document, operation) {
        written.push_str("\n  ");
        written.push_str(&coordinate);
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(&folder);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("signature", written));
    Ok(())
}

datatest_stable::harness! {
    { test = case, root = "tests/signature", pattern = r"operation\.graphql$" },
}
