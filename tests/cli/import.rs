//! `upfront import`.

use crate::{cli::upfront, support::scratch::Scratch};

#[test]
fn writes_templates_that_it_then_takes() {
    let scratch = Scratch::new();
    let written = upfront(scratch.path(), &["import", "templates", "records"]);
    assert_eq!(written.stdout, "Wrote 35 templates to `records`.\n");
    let file = "records/organisations.csv";
    let template = std::fs::read_to_string(scratch.path().join(file)).unwrap();
    scratch.write(file, &format!("{template}OHCHR,,\n"));
    let again = upfront(scratch.path(), &["import", "templates", "records"]);
    assert_eq!(
        again.stdout,
        "Wrote 0 templates to `records`. 35 files were there already and stay as they are.\n"
    );

    let arguments = ["import", "records", "records", "--data-dir", "data"];
    let dry = upfront(scratch.path(), &[&arguments[..], &["--dry-run"]].concat());
    assert_eq!(dry.code, Some(0), "{}", dry.stderr);
    assert!(
        dry.stdout.ends_with("dry run: nothing was stored\n"),
        "{}",
        dry.stdout
    );
    let first = upfront(scratch.path(), &arguments);
    let place = "\nstored in `data/upfront.sqlite`\n";
    assert!(first.stdout.ends_with(place), "{}", first.stdout);
    let second = upfront(scratch.path(), &arguments);
    assert!(
        second
            .stdout
            .ends_with("nothing new: the database is unchanged\n"),
        "{}",
        second.stdout
    );
}

#[test]
fn tells_every_problem_and_fails() {
    let scratch = Scratch::new();
    upfront(scratch.path(), &["import", "templates", "records"]);
    let file = "records/situation-areas.csv";
    let template = std::fs::read_to_string(scratch.path().join(file)).unwrap();
    scratch.write(
        file,
        &format!("{template}arvenia,XAA,first\narvenia,XAA,0\n"),
    );
    let arguments = ["import", "records", "records", "--data-dir", "data"];
    let outcome = upfront(scratch.path(), &arguments);
    assert_eq!(outcome.code, Some(1));
    assert_eq!(outcome.stdout, "");
    let lines: Vec<_> = outcome.stderr.lines().collect();
    assert_eq!(lines.len(), 7, "{}", outcome.stderr);
    let unknown = "situation-areas.csv, line 3, situation: there is no situation `arvenia`, in the files or stored";
    assert!(lines.contains(&unknown), "{}", outcome.stderr);
    let is_place = |line: &&str| line.starts_with("situation-areas.csv, line ");
    assert!(lines[..6].iter().all(is_place), "{}", outcome.stderr);
    assert_eq!(lines[6], "6 problems; nothing was imported");
}

#[test]
fn loads_the_example() {
    let scratch = Scratch::new();
    let outcome = upfront(scratch.path(), &["import", "example", "--data-dir", "data"]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    let place = "\nstored in `data/upfront.sqlite`\n";
    assert!(outcome.stdout.ends_with(place), "{}", outcome.stdout);
}
