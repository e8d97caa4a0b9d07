//! Pairs of schemas to changes: `difference/<topic>/{old,new}.graphql` → `changes.snap`.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::{fmt::Write, fs, path::Path};

use apollo_compiler::{Schema, validation::Valid};
use federation::difference::{Change, difference};

fn schema(path: &Path) -> Valid<Schema> {
    let text = fs::read_to_string(path).unwrap();
    Schema::parse_and_validate(text, path).unwrap_or_else(|error| panic!("{error}"))
}

fn written(changes: &[Change]) -> String {
    let mut text = String::new();
    for change in changes {
        let Change {
            class,
            kind,
            coordinate,
            message,
            affects,
        } = change;
        writeln!(text, "{class} {kind} {coordinate}\n  {message}").unwrap();
        if *affects != [coordinate.as_str()] {
            writeln!(text, "  affects: {}", affects.join(", ")).unwrap();
        }
    }
    if text.is_empty() {
        text.push_str("no change\n");
    }
    text
}

fn case(old: &Path) -> datatest_stable::Result<()> {
    let folder = old.parent().unwrap().canonicalize()?;
    let (old, new) = (
        schema(&folder.join("old.graphql")),
        schema(&folder.join("new.graphql")),
    );
    for same in [&old, &new] {
        assert!(difference(same, same).is_empty(), "a schema equals itself");
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(&folder);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("changes", written(&difference(&old, &new))));
    Ok(())
}

datatest_stable::harness! {
    { test = case, root = "tests/difference", pattern = r"old\.graphql$" },
}
