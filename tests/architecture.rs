//! The service's shape, held by a test: headers, sizes, the direction of its modules.

#[path = "../federation/tests/support/circles.rs"]
mod circles;
#[path = "../federation/tests/support/shape.rs"]
mod shape;

use std::path::{Path, PathBuf};

use shape::Arrows;

/// `cli` is where everything meets; `embedded` lists the subgraphs that run in this process, which are
/// subgraphs by the trait of `sources`. `app` holds what is counted, and what notes usage.
const ARROWS: Arrows = &[
    ("suggestion", &[]),
    ("config", &["egress", "suggestion"]),
    ("error", &[]),
    ("egress", &[]),
    ("database", &[]),
    ("auth", &["config", "database", "error"]),
    (
        "audit_trail",
        &["auth", "config", "database", "sources", "vocabulary"],
    ),
    ("record_keys", &[]),
    ("vocabulary", &["auth", "database", "record_keys"]),
    ("records", &["suggestion"]),
    (
        "reviews",
        &[
            "auth",
            "database",
            "import",
            "record_keys",
            "records",
            "sources",
            "vocabulary",
        ],
    ),
    ("profiles", &["auth", "gateway", "reviews"]),
    (
        "sources",
        &["auth", "database", "records", "suppression", "vocabulary"],
    ),
    ("suppression", &[]),
    ("embedded", &["reviews", "sources", "vocabulary"]),
    (
        "import",
        &[
            "auth",
            "database",
            "record_keys",
            "records",
            "sources",
            "suggestion",
        ],
    ),
    ("telemetry", &["config"]),
    (
        "registry",
        &[
            "audit_trail",
            "auth",
            "config",
            "database",
            "egress",
            "embedded",
            "gateway",
            "reviews",
            "sealing",
            "sources",
            "suggestion",
            "vocabulary",
        ],
    ),
    (
        "sealing",
        &[
            "audit_trail",
            "auth",
            "database",
            "import",
            "record_keys",
            "records",
            "sources",
            "vocabulary",
        ],
    ),
    (
        "gateway",
        &[
            "auth",
            "config",
            "database",
            "egress",
            "sources",
            "telemetry",
        ],
    ),
    (
        "app",
        &[
            "audit_trail",
            "auth",
            "config",
            "database",
            "gateway",
            "registry",
            "server",
            "telemetry",
        ],
    ),
    (
        "server",
        &[
            "app",
            "audit_trail",
            "auth",
            "config",
            "error",
            "gateway",
            "registry",
            "telemetry",
        ],
    ),
    (
        "cli",
        &[
            "app",
            "audit_trail",
            "auth",
            "config",
            "database",
            "egress",
            "embedded",
            "gateway",
            "import",
            "profiles",
            "registry",
            "reviews",
            "sealing",
            "server",
            "sources",
            "telemetry",
        ],
    ),
];

/// The only parts of the service that know the engine.
const KNOW_THE_ENGINE: &[&str] = &[
    "gateway",
    "registry",
    "auth/grants.rs",
    "cli/schema.rs",
    "cli/source/test",
];

fn service() -> Vec<(PathBuf, String)> {
    shape::sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"))
}

fn package(name: &str) -> Vec<(PathBuf, String)> {
    shape::sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(name).join("src"))
}

#[test]
fn modules_import_only_where_an_arrow_leads() {
    shape::assert_arrows(&service(), ARROWS);
}

#[test]
fn no_files_import_each_other() {
    // `main.rs` is a crate of its own, with the library as a dependency.
    let mut library = service();
    library.retain(|(path, _)| path != Path::new("main.rs"));
    circles::assert_no_circles(&library);
}

#[test]
fn every_file_says_what_it_is() {
    for sources in [service(), package("entities"), package("migrations")] {
        shape::assert_headers(&sources);
    }
}

#[test]
fn files_stay_small() {
    for sources in [service(), package("entities"), package("migrations")] {
        shape::assert_small(&sources);
    }
}

#[test]
fn few_parts_know_the_engine() {
    let wrong: Vec<_> = service()
        .into_iter()
        .filter(|(path, text)| {
            text.contains("federation::")
                && !KNOW_THE_ENGINE.iter().any(|known| path.starts_with(known))
        })
        .map(|(path, _)| path)
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn the_environment_is_read_in_one_place() {
    let wrong: Vec<_> = service()
        .into_iter()
        .filter(|(path, text)| text.contains("env::var") && path != Path::new("config/mod.rs"))
        .map(|(path, _)| path)
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn migrations_stand_by_themselves() {
    for (path, text) in package("migrations") {
        let known = ["entities::", "upfront::"]
            .iter()
            .find(|name| text.contains(**name));
        assert_eq!(known, None, "{}", path.display());
    }
}
