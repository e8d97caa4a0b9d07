//! `upfront token`.

use std::os::unix::fs::PermissionsExt;

use crate::{scratch::Scratch, upfront};

#[test]
fn stands_alone_on_the_last_line() {
    let scratch = Scratch::new();
    let arguments = ["token", "--entity", "OHCHR", "--clearance", "confidential"];
    let outcome = upfront(scratch.path(), &arguments);
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    let last = outcome.stdout.lines().last().unwrap();
    assert_eq!(last.split('.').count(), 3, "{last}");
    assert!(!last.contains(' '));
}

#[test]
fn says_where_it_made_a_key_and_only_then() {
    let scratch = Scratch::new();
    let arguments = ["token", "--entity", "OHCHR", "--data-dir", "mistyped"];
    let first = upfront(scratch.path(), &arguments).stdout;
    assert!(
        first.contains("Made a signing key in `mistyped`"),
        "{first}"
    );
    let second = upfront(scratch.path(), &arguments).stdout;
    assert_eq!(second.lines().count(), 1, "{second}");
}

#[test]
fn the_key_is_for_its_owner_alone() {
    let scratch = Scratch::new();
    let arguments = ["token", "--entity", "OHCHR", "--data-dir", "data"];
    assert_eq!(upfront(scratch.path(), &arguments).code, Some(0));
    let key = scratch.path().join("data/signing-key.der");
    let mode = std::fs::metadata(&key).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);

    std::fs::set_permissions(&key, PermissionsExt::from_mode(0o644)).unwrap();
    let outcome = upfront(scratch.path(), &arguments);
    assert_eq!(outcome.code, Some(1));
    assert!(outcome.stderr.contains("chmod 600"), "{}", outcome.stderr);

    std::fs::set_permissions(&key, PermissionsExt::from_mode(0o600)).unwrap();
    std::fs::write(&key, "nonsense").unwrap();
    let outcome = upfront(scratch.path(), &arguments);
    assert!(
        outcome.stderr.contains("does not hold"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn refuses_names_that_are_none() {
    let scratch = Scratch::new();
    let run = |arguments: &[&str]| upfront(scratch.path(), &[&["token"], arguments].concat());
    assert!(
        run(&["--entity", "ohchr"])
            .stderr
            .contains("no entity code")
    );
    assert!(run(&["--entity", "A B"]).stderr.contains("no entity code"));
    let spaced = run(&["--entity", "OHCHR", "--scope", "a clearance:confidential"]);
    assert!(spaced.stderr.contains("is no scope"), "{}", spaced.stderr);
    assert_eq!(
        run(&["--entity", "OHCHR", "--clearance", "secret"]).code,
        Some(2)
    );
}
