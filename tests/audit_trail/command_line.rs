//! `upfront audit`.

use std::{path::Path, process::Command};

use serde_json::Value;
use upfront::database::Database;

use crate::{
    audit_trail::{entry, start, tamper},
    support::scratch::Scratch,
};

fn audit(directory: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_upfront"))
        .arg("audit")
        .args(arguments)
        .args(["--data-dir", "."])
        .current_dir(directory)
        .env_clear()
        .output()
        .unwrap();
    (
        output.status.code(),
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

#[tokio::test]
async fn verifies_exports_and_prints_heads() {
    let scratch = Scratch::new();
    let directory = scratch.path();
    let (code, _, told) = audit(directory, &["verify"]);
    assert_eq!(code, Some(2));
    assert!(
        told.contains("there is no audit trail at `./audit.db`"),
        "{told}"
    );
    let left: Vec<_> = std::fs::read_dir(directory).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");

    let file = directory.join("upfront.sqlite");
    let database = Database::open(&file).await.unwrap();
    let trail = start(&database).await;
    for number in 0..5 {
        let record = format!("sit_{number}");
        let request = format!("r{number}");
        trail.record(entry(&request, &[&record])).await.unwrap();
    }
    trail.finish().await;

    let (code, heads, _) = audit(directory, &["heads"]);
    assert_eq!(code, Some(0));
    let head = heads.trim();
    assert!(head.starts_with("replica:6:"), "{head}");
    let (code, told, _) = audit(directory, &["verify", "--head", head]);
    assert_eq!(code, Some(0), "{told}");
    assert!(
        told.starts_with("6 entries of 1 chains are as they were"),
        "{told}"
    );
    assert_eq!(told.lines().last(), Some(head));

    let (code, lines, _) = audit(directory, &["export"]);
    assert_eq!((code, lines.lines().count()), (Some(0), 6));
    let (_, lines, _) = audit(
        directory,
        &["export", "--record", "sit_3", "--entity", "OSAPG"],
    );
    let line: Value = serde_json::from_str(lines.trim()).unwrap();
    assert_eq!(line["entry"]["requestId"], "r3");
    assert_eq!(line["sequence"], 5);
    let (_, lines, _) = audit(directory, &["export", "--to", "2020-01-01"]);
    assert_eq!(lines, "");
    let (code, _, told) = audit(directory, &["export", "--from", "yesterday"]);
    assert_eq!(code, Some(2));
    assert!(told.contains("write `2026-11-01`"), "{told}");

    let cut = ["audit_entries", "audit_reached"]
        .map(|table| format!("DELETE FROM {table} WHERE sequence > 4"));
    tamper(trail.database(), &cut).await;
    // The triggers that had to go to cut it are found; that it was cut is, by a head.
    let missing = "\nreplica:6: the entry is missing, though the head that was kept";
    let (code, told, _) = audit(directory, &["verify"]);
    assert_eq!(code, Some(1));
    assert!(
        told.starts_with("trigger audit_entries audit_entries_no_delete: it is not as"),
        "{told}"
    );
    assert!(!told.contains(missing), "{told}");
    let (code, told, _) = audit(directory, &["verify", "--head", head]);
    assert_eq!(code, Some(1));
    assert!(told.contains(missing), "{told}");
    let (code, _, told) = audit(directory, &["verify", "--head", "replica"]);
    assert_eq!(code, Some(2));
    assert!(told.contains("CHAIN:SEQUENCE:HASH"), "{told}");
}
