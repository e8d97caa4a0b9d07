//! `schema/` says what the code says.

use std::{collections::BTreeMap, fs, path::Path};

use federation::subgraph::SubgraphInput;
use upfront::{
    audit_trail::TrailCell,
    registry::{RegistryCell, export, joint_sources},
    reviews::ReviewCell,
};

fn inputs() -> Vec<SubgraphInput> {
    let sources = joint_sources(
        RegistryCell::default(),
        TrailCell::default(),
        ReviewCell::default(),
    );
    let describe = sources.iter().map(|source| SubgraphInput {
        name: source.name().to_owned(),
        url: String::new(),
        sdl: source.sdl(),
    });
    describe.collect()
}

#[test]
fn the_folder_is_the_export() {
    let files = export(&inputs()).unwrap_or_else(|error| panic!("{error}"));
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema");
    let kept: BTreeMap<String, String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            (name, fs::read_to_string(entry.path()).unwrap())
        })
        .collect();
    assert_eq!(
        kept.keys().collect::<Vec<_>>(),
        files.keys().collect::<Vec<_>>(),
        "schema/ lacks a file or has one too many: run `upfront schema export`"
    );
    for (name, text) in files {
        assert!(
            kept[&name] == text,
            "schema/{name} is out of date: run `upfront schema export`"
        );
    }
}
