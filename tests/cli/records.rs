//! `upfront migrate`.

use std::os::unix::fs::PermissionsExt;

use crate::{cli::upfront, support::scratch::Scratch};

#[test]
fn migrates_once_and_keeps_the_records_private() {
    let scratch = Scratch::new();
    let first = upfront(scratch.path(), &["migrate", "--data-dir", "data"]);
    assert_eq!(first.code, Some(0), "{}", first.stderr);
    assert!(first.stdout.starts_with("Made "), "{}", first.stdout);
    let second = upfront(scratch.path(), &["migrate", "--data-dir", "data"]);
    assert_eq!(second.stdout, "The database is up to date.\n");
    for name in ["data", "data/upfront.sqlite"] {
        let metadata = std::fs::metadata(scratch.path().join(name)).unwrap();
        assert_eq!(metadata.permissions().mode() & 0o077, 0, "{name}");
    }
}

#[test]
fn does_not_repeat_a_password() {
    let scratch = Scratch::new();
    let url = "mysql://somebody:hunter2@host/name";
    let outcome = upfront(scratch.path(), &["migrate", "--database-url", url]);
    assert_eq!(outcome.code, Some(1));
    assert!(!outcome.stderr.contains("hunter2"), "{}", outcome.stderr);
}
