//! The engine's shape, held by a test: headers, sizes, the direction of its modules.

#[path = "support/shape.rs"]
mod shape;

use std::path::{Path, PathBuf};

use shape::Arrows;

const ARROWS: Arrows = &[
    ("diagnostic", &[]),
    ("error", &[]),
    ("grants", &[]),
    ("request", &[]),
    ("response", &["error"]),
    ("subgraph", &["diagnostic"]),
    ("supergraph", &["diagnostic", "subgraph"]),
    ("index", &["supergraph", "subgraph", "diagnostic"]),
    (
        "compose",
        &["diagnostic", "subgraph", "supergraph", "index"],
    ),
    ("difference", &["supergraph"]),
    ("operation", &["error", "request", "supergraph", "index"]),
    (
        "authorize",
        &[
            "grants",
            "error",
            "response",
            "index",
            "supergraph",
            "operation",
        ],
    ),
    (
        "plan",
        &[
            "error",
            "response",
            "grants",
            "index",
            "supergraph",
            "operation",
            "authorize",
        ],
    ),
    (
        "execute",
        &[
            "error",
            "request",
            "response",
            "index",
            "supergraph",
            "operation",
            "plan",
        ],
    ),
    (
        "gateway",
        &[
            "error",
            "request",
            "response",
            "grants",
            "supergraph",
            "index",
            "operation",
            "authorize",
            "plan",
            "execute",
        ],
    ),
];

fn engine() -> Vec<(PathBuf, String)> {
    shape::sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"))
}

#[test]
fn modules_import_only_where_an_arrow_leads() {
    shape::assert_arrows(&engine(), ARROWS);
}

#[test]
fn every_file_says_what_it_is() {
    shape::assert_headers(&engine());
}

#[test]
fn files_stay_small() {
    shape::assert_small(&engine());
}

#[test]
fn the_engine_reaches_for_nothing_outside() {
    let doors = [
        "std::net",
        "std::fs",
        "std::env",
        "std::thread",
        "time::Instant",
        "SystemTime",
    ];
    let mut wrong = Vec::new();
    for (path, text) in engine() {
        for door in doors {
            if text.contains(door) {
                wrong.push(format!("{}: {door}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_engine_knows_no_word_of_the_domain() {
    let words = [
        "ohchr",
        "osapg",
        "mandate",
        "situation",
        "classified",
        "clearance",
    ];
    let mut wrong = Vec::new();
    for (path, text) in engine() {
        let lower = text.to_lowercase();
        for word in words {
            if lower
                .split(|letter: char| !letter.is_alphanumeric())
                .any(|token| token == word)
            {
                wrong.push(format!("{}: {word}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_code_is_raised_and_has_its_case() {
    let code = Path::new("diagnostic").join("code.rs");
    let raised: String = sources()
        .into_iter()
        .filter(|(path, _)| *path != code)
        .map(|(_, text)| text)
        .collect();
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compose");
    let mut wrong = Vec::new();
    for code in Code::ALL {
        let (variant, name) = (format!("{code:?}"), code.as_str());
        let spelt: String = name
            .split('_')
            .map(|word| {
                let (first, rest) = word.split_at(1);
                format!("{first}{}", rest.to_lowercase())
            })
            .collect();
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
        let is_case = ["compose", "plan", "execute", "difference", "signature"].contains(&kind);
        if is_case && !case.contains(' ') {
            named += 1;
            if !root.join("tests").join(code).is_dir() {
                missing.push(code.to_owned());
            }
        }
        if let Some((file, function)) = code.split_once("::")
            && file.ends_with(".rs")
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
