//! The engine's shape, held by a test: headers, sizes, the direction of its modules.

#[path = "support/circles.rs"]
mod circles;
#[path = "support/shape.rs"]
mod shape;

use std::path::{Path, PathBuf};

use shape::Arrows;

const ARROWS: Arrows = &[
    ("budget", &[]),
    ("diagnostic", &[]),
    ("error", &[]),
    ("grants", &[]),
    ("invalid", &["tokens"]),
    ("json", &[]),
    ("request", &["json"]),
    ("response", &["cost", "error"]),
    ("suggest", &[]),
    ("tokens", &[]),
    ("subgraph", &["budget", "diagnostic", "suggest", "tokens"]),
    ("supergraph", &["diagnostic", "invalid", "subgraph"]),
    (
        "index",
        &["budget", "supergraph", "subgraph", "diagnostic", "invalid"],
    ),
    (
        "compose",
        &[
            "budget",
            "diagnostic",
            "subgraph",
            "suggest",
            "supergraph",
            "index",
        ],
    ),
    ("difference", &["supergraph"]),
    (
        "operation",
        &[
            "budget",
            "error",
            "request",
            "suggest",
            "supergraph",
            "index",
            "tokens",
        ],
    ),
    (
        "cost",
        &["budget", "index", "operation", "request", "supergraph"],
    ),
    (
        "authorize",
        &[
            "budget",
            "grants",
            "error",
            "response",
            "index",
            "supergraph",
            "operation",
        ],
    ),
    (
        "reachable",
        &["authorize", "budget", "index", "operation", "response"],
    ),
    ("query_plan", &["index", "operation"]),
    (
        "plan",
        &[
            "query_plan",
            "budget",
            "error",
            "response",
            "grants",
            "index",
            "invalid",
            "supergraph",
            "operation",
            "reachable",
        ],
    ),
    (
        "execute",
        &[
            "budget",
            "error",
            "json",
            "request",
            "response",
            "index",
            "supergraph",
            "operation",
            "query_plan",
        ],
    ),
    (
        "gateway",
        &[
            "budget",
            "error",
            "request",
            "response",
            "grants",
            "supergraph",
            "index",
            "operation",
            "cost",
            "authorize",
            "reachable",
            "query_plan",
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
fn no_files_import_each_other() {
    circles::assert_no_circles(&engine());
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
