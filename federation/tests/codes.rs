//! One name, four places: each code is raised, and shown by a case of its name; and what
//! `docs/federation.md` names is there.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{fs, path::Path};

use federation::diagnostic::Code;

/// All of the engine's sources but the list of codes.
fn raising(folder: &Path) -> String {
    let mut all = String::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.push_str(&raising(&path));
        } else if !path.ends_with("diagnostic/code.rs") {
            all.push_str(&fs::read_to_string(path).unwrap());
        }
    }
    all
}

#[test]
fn every_code_is_raised_and_has_its_case() {
    let raised = raising(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compose");
    let mut wrong = Vec::new();
    for code in Code::ALL {
        let (variant, name) = (format!("{code:?}"), code.as_str());
        let words: Vec<_> = name
            .split('_')
            .map(|word| {
                let (first, rest) = word.split_at(1);
                format!("{first}{}", rest.to_lowercase())
            })
            .collect();
        let spelt = words.concat();
        if spelt != variant {
            wrong.push(format!("{name} is `Code::{variant}`, not `Code::{spelt}`"));
        }
        let is_raised = raised
            .split(&format!("Code::{variant}"))
            .skip(1)
            .any(|rest| !rest.starts_with(char::is_alphanumeric));
        if !is_raised {
            wrong.push(format!("{name} is raised nowhere"));
        }
        // That the case raises it is held by the harness of the cases.
        if !cases.join(name.to_lowercase()).join("case.md").exists() {
            wrong.push(format!(
                "{name} has no case tests/compose/{}",
                name.to_lowercase()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every `tests/…` that the document names, in backticks, is there.
#[test]
fn the_document_names_tests_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let document = fs::read_to_string(root.join("../docs/federation.md")).unwrap();
    let mut named = 0;
    let mut missing = Vec::new();
    for code in document.split('`').skip(1).step_by(2) {
        let Some((kind, case)) = code.split_once('/') else {
            continue;
        };
        let is_case = [
            "compose",
            "cost",
            "plan",
            "execute",
            "difference",
            "signature",
        ]
        .contains(&kind);
        if is_case && !case.contains(' ') {
            named += 1;
            if !root.join("tests").join(code).is_dir() {
                missing.push(code.to_owned());
            }
        }
        if let Some((file, function)) = code.split_once("::")
            && Path::new(file)
                .extension()
                .is_some_and(|extension| extension == "rs")
        {
            named += 1;
            let text = fs::read_to_string(root.join("..").join(file)).unwrap_or_default();
            if !text.contains(&format!("fn {function}(")) {
                missing.push(code.to_owned());
            }
        }
    }
    assert!(missing.is_empty(), "not there: {missing:?}");
    assert!(named > 100, "the document names its tests: {named}");
}
