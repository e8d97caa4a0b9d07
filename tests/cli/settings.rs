//! Settings in layers.

use crate::{
    cli::{upfront, upfront_with},
    support::scratch::Scratch,
};

#[test]
fn an_unknown_key_is_an_error_in_every_layer() {
    let scratch = Scratch::new();
    scratch.write("upfront.toml", "[limits]\nbody_byte = 1\n");
    let outcome = upfront(scratch.path(), &["serve"]);
    assert_eq!(outcome.code, Some(1));
    assert!(
        outcome.stderr.contains("`limits.body_byte`"),
        "{}",
        outcome.stderr
    );
    assert!(outcome.stderr.contains("did you mean `limits.body_bytes`?"));
    assert!(
        outcome.stderr.contains("upfront.toml"),
        "{}",
        outcome.stderr
    );

    let scratch = Scratch::new();
    let environment = [("UPFRONT_LIMITS_DEPTH", "5")];
    let outcome = upfront_with(scratch.path(), &["serve"], &environment);
    let suggestion = "did you mean `UPFRONT_LIMITS__DEPTH`?";
    assert!(outcome.stderr.contains(suggestion), "{}", outcome.stderr);

    let scratch = Scratch::new();
    let environment = [("UPFRONT_LIMITS__BODY_BYTE", "1")];
    let outcome = upfront_with(scratch.path(), &["serve"], &environment);
    assert_eq!(outcome.code, Some(1));
    assert!(outcome.stderr.contains("UPFRONT_"), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("did you mean `limits.body_bytes`?"));
}

#[test]
fn a_filter_that_would_log_nothing_is_refused_at_start() {
    let scratch = Scratch::new();
    let environment = [("UPFRONT_LOG__FILTER", "inof")];
    let outcome = upfront_with(scratch.path(), &["serve"], &environment);
    assert_eq!(outcome.code, Some(1));
    for part in ["`log.filter`", "did you mean `info`?", "`inof=info`"] {
        assert!(outcome.stderr.contains(part), "{}", outcome.stderr);
    }
}

#[test]
fn flags_win_over_the_environment_and_that_over_the_file() {
    let scratch = Scratch::new();
    scratch.write("upfront.toml", "data_dir = 'from-file'\n");
    upfront(scratch.path(), &["migrate"]);
    assert!(scratch.path().join("from-file").is_dir());
    let environment = [("UPFRONT_DATA_DIR", "from-environment")];
    upfront_with(scratch.path(), &["migrate"], &environment);
    assert!(scratch.path().join("from-environment").is_dir());
    let arguments = ["migrate", "--data-dir", "from-flag"];
    upfront_with(scratch.path(), &arguments, &environment);
    assert!(scratch.path().join("from-flag").is_dir());
}

#[test]
fn a_file_named_by_hand_must_exist() {
    let scratch = Scratch::new();
    let outcome = upfront(scratch.path(), &["serve", "--settings", "none.toml"]);
    assert_eq!(outcome.code, Some(1));
    assert!(outcome.stderr.contains("`none.toml`"), "{}", outcome.stderr);
}

#[test]
fn only_loopback_is_served() {
    let scratch = Scratch::new();
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        let outcome = upfront(scratch.path(), &["serve", "--listen", address]);
        assert_eq!(outcome.code, Some(1));
        assert!(
            outcome.stderr.contains("will not listen on"),
            "{}",
            outcome.stderr
        );
        assert_eq!(outcome.stdout, "");
    }
}

#[test]
fn what_is_said_of_a_database_tells_where_it_is_and_no_password() {
    let scratch = Scratch::new();
    for (url, sentence) in [
        ("postgres://u:hunter2@", "cannot be read"),
        ("postgres://u:hunter2@127.0.0.1:port/x", "cannot be read"),
        ("mysql://u:hunter2@127.0.0.1/x", "unknown scheme"),
        ("postgres://u:hunter2@127.0.0.1:1/x", "at 127.0.0.1:1"),
        ("sqlite:missing/there.sqlite", "`missing/there.sqlite`"),
    ] {
        let outcome = upfront(scratch.path(), &["migrate", "--database-url", url]);
        assert_eq!(outcome.code, Some(1), "{url}");
        assert!(outcome.stderr.contains(sentence), "{}", outcome.stderr);
        assert!(!outcome.stderr.contains("hunter2"), "{}", outcome.stderr);
    }
}

#[test]
fn a_database_that_refuses_is_not_waited_for() {
    let scratch = Scratch::new();
    let url = "postgres://u@127.0.0.1:1/x";
    let outcome = upfront(scratch.path(), &["migrate", "--database-url", url]);
    // Whoever waits is told that nobody answered.
    assert!(outcome.stderr.contains("was refused"), "{}", outcome.stderr);
}

#[test]
fn a_list_in_the_environment_is_one_text_with_commas() {
    let scratch = Scratch::new();
    let run = |variable: &str, value: &str| {
        upfront_with(scratch.path(), &["migrate"], &[(variable, value)])
    };
    for value in [
        "https://review.example.org",
        "https://review.example.org, http://localhost:5173",
        "[\"https://review.example.org\"]",
    ] {
        let outcome = run("UPFRONT_CORS__ORIGINS", value);
        assert_eq!(outcome.code, Some(0), "{value}: {}", outcome.stderr);
    }
    for (variable, value, part) in [
        (
            "UPFRONT_CORS__ORIGINS",
            "https://a.example,elsewhere",
            "`elsewhere`",
        ),
        (
            "UPFRONT_ALLOWED_HOSTS",
            "a.example,https://b.example",
            "`https://b.example`",
        ),
        (
            "UPFRONT_REGISTRY__SOURCE_HOSTS",
            "a.example,b example",
            "b example",
        ),
        (
            "UPFRONT_REGISTRY__SOURCE_NETWORKS",
            "10.0.0.0/8,nowhere",
            "nowhere",
        ),
    ] {
        let outcome = run(variable, value);
        assert_eq!(outcome.code, Some(1), "{variable}");
        assert!(outcome.stderr.contains(part), "{}", outcome.stderr);
    }
}
