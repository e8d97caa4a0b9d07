//! `upfront token`.

use std::{os::unix::fs::PermissionsExt, path::Path};

use upfront::auth::SigningKey;

use crate::{cli::upfront, support::scratch::Scratch};

/// What a service leaves in its data directory.
fn make_key(directory: &Path) {
    SigningKey::open_or_create(directory).unwrap();
}

#[test]
fn stands_alone_on_the_last_line() {
    let scratch = Scratch::new();
    make_key(&scratch.path().join("upfront-data"));
    let arguments = ["token", "--entity", "OHCHR", "--clearance", "confidential"];
    let outcome = upfront(scratch.path(), &arguments);
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    assert_eq!(outcome.stdout.lines().count(), 1, "{}", outcome.stdout);
    let last = outcome.stdout.lines().last().unwrap();
    assert_eq!(last.split('.').count(), 3, "{last}");
    assert!(!last.contains(' '));
}

#[test]
fn makes_no_key_that_nobody_knows() {
    let scratch = Scratch::new();
    for place in [
        ["--data-dir", "mistyped"],
        ["--database-url", "sqlite:mistyped.sqlite"],
        ["--key-file", "mistyped.pem"],
    ] {
        let arguments = [&["token", "--entity", "OHCHR"], &place[..]].concat();
        let outcome = upfront(scratch.path(), &arguments);
        assert_eq!(outcome.code, Some(1), "{place:?}");
        assert_eq!(outcome.stdout, "");
        assert!(
            outcome.stderr.contains("openssl genpkey"),
            "{}",
            outcome.stderr
        );
    }
    let left: Vec<_> = std::fs::read_dir(scratch.path()).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn the_key_is_for_its_owner_alone() {
    let scratch = Scratch::new();
    let arguments = ["token", "--entity", "OHCHR", "--data-dir", "data"];
    make_key(&scratch.path().join("data"));
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
    make_key(&scratch.path().join("upfront-data"));
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

#[test]
fn a_clearance_that_is_none_makes_no_token() {
    let scratch = Scratch::new();
    make_key(&scratch.path().join("upfront-data"));
    for (given, meant) in [
        ("clearance:confidental", "`clearance:confidential`"),
        (
            "clearance:strictly_confidential",
            "`clearance:strictly-confidential`",
        ),
    ] {
        let arguments = ["token", "--entity", "OHCHR", "--scope", given];
        let outcome = upfront(scratch.path(), &arguments);
        assert_eq!(outcome.code, Some(1), "{given}");
        for part in [meant, "--clearance"] {
            assert!(outcome.stderr.contains(part), "{}", outcome.stderr);
        }
    }
}

#[test]
fn a_scope_that_is_nearly_the_registrys_is_warned_of() {
    let scratch = Scratch::new();
    make_key(&scratch.path().join("upfront-data"));
    let run = |scope: &str| {
        let arguments = ["token", "--entity", "RELIEF", "--scope", scope];
        let outcome = upfront(scratch.path(), &arguments);
        assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
        assert_eq!(outcome.stdout.lines().count(), 1, "{}", outcome.stdout);
        outcome.stderr
    };
    for (scope, meant) in [
        ("registry:publsh", "`registry:publish`"),
        ("registry_read", "`registry:read`"),
    ] {
        let told = run(scope);
        for part in ["warning", scope, meant] {
            assert!(told.contains(part), "{told}");
        }
    }
    for scope in ["registry:publish", "registry:read", "shelter:write"] {
        assert_eq!(run(scope), "");
    }
}
