//! Templates and documentation say what the catalogue says.

use std::path::Path;

use upfront::import::{documentation, record_types, template};

fn committed(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap_or_default()
}

#[test]
fn templates_are_those_of_the_catalogue() {
    for record_type in record_types() {
        let file = format!("examples/templates/{}", record_type.file());
        assert_eq!(
            committed(&file),
            template(record_type),
            "{file}: remove it and run `upfront import templates examples/templates`"
        );
    }
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/templates");
    assert_eq!(
        std::fs::read_dir(directory).unwrap().count(),
        record_types().count()
    );
}

#[test]
fn every_type_has_a_name_of_its_own() {
    let mut names: Vec<_> = record_types().map(|record_type| record_type.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), record_types().count());
}

#[test]
fn the_documentation_is_that_of_the_catalogue() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/record-types.md");
    let (committed, now) = (committed("docs/record-types.md"), documentation());
    if committed != now && std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, &now).unwrap();
        return;
    }
    assert_eq!(committed, now, "run this test with UPDATE_DOCS=1");
}
