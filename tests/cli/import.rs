//! `upfront import`.

use crate::{cli::upfront, support::scratch::Scratch};

#[test]
fn writes_templates_that_it_then_takes() {
    let scratch = Scratch::new();
    let written = upfront(scratch.path(), &["import", "templates", "records"]);
    let never = "No type of record has a column for names of victims, witnesses, informants or \
                 perpetrators; data that identify a person or reach one; keys that join victims \
                 across mandates; case and incident ids of other systems; coordinates; attachments; \
                 scores; columns for them are refused.\n";
    let wrote = "Wrote 35 templates to `records`.\n";
    assert_eq!(written.stdout, format!("{wrote}{never}"));
    let file = "records/organisations.csv";
    let template = std::fs::read_to_string(scratch.path().join(file)).unwrap();
    scratch.write(file, &format!("{template}OHCHR,,\n"));
    let again = upfront(scratch.path(), &["import", "templates", "records"]);
    let kept =
        "Wrote 0 templates to `records`. 35 files were there already and stay as they are.\n";
    assert_eq!(again.stdout, format!("{kept}{never}"));

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

#[test]
fn tells_where_identifiers_stand_and_does_not_repeat_them() {
    let scratch = Scratch::new();
    upfront(scratch.path(), &["import", "templates", "records"]);
    let add = |file: &str, rows: &str| {
        let template = std::fs::read_to_string(scratch.path().join(file)).unwrap();
        scratch.write(file, &format!("{template}{rows}"));
    };
    let planted = [
        "someone@office.example",
        "+41 22 555 01 00",
        "A1234567",
        "12.3456",
    ];
    let [email, telephone, passport, latitude] = planted;
    add(
        "records/parties.csv",
        &format!(
            "one,Contact {email},STATE,,\ntwo,{telephone},NON_STATE,,\n\
             three,passport {passport},NON_STATE,,\nfour,\"{latitude}, 65.4321\",NON_STATE,,\n"
        ),
    );
    let arguments = ["import", "records", "records", "--data-dir", "data"];
    for dry in [&["--dry-run"][..], &[]] {
        let outcome = upfront(scratch.path(), &[&arguments[..], dry].concat());
        assert_eq!(outcome.code, Some(1));
        assert_eq!(outcome.stdout, "");
        let lines: Vec<_> = outcome.stderr.lines().collect();
        assert_eq!(lines.len(), 5, "{}", outcome.stderr);
        for (line, number) in lines.iter().zip(3..7) {
            let place = format!("parties.csv, line {number}, name: holds what looks like ");
            assert!(line.starts_with(&place), "{line}");
        }
        assert_eq!(lines[4], "4 problems; nothing was imported");
        for text in planted {
            assert!(!outcome.stderr.contains(text), "{}", outcome.stderr);
        }
    }
}
