//! What test binaries share: the public audit's graphs and queries, where they are at hand.

use std::path::{Path, PathBuf};

/// A folder of development data beside the checkout, if there is one.
pub(crate) fn shared_data() -> Option<PathBuf> {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|folder| folder.join("shared/data/audit"))
        .find(|folder| folder.is_dir())
}

/// The JSON of a file of that folder; says so and is `None` where it is absent.
#[expect(clippy::print_stdout, reason = "a test that is skipped says so")]
pub(crate) fn shared_json(name: &str) -> Option<serde_json::Value> {
    let Some(folder) = shared_data() else {
        println!("skipped: there is no folder shared/data/audit above this crate");
        return None;
    };
    let text = std::fs::read_to_string(folder.join(name)).ok()?;
    serde_json::from_str(&text).ok()
}
