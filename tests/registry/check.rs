//! What a version of a source would change: `check/<topic>/{old,source}.graphql` →
//! `check.snap`, among the sources in `neighbours/`. A case starts with comments that set it up.

use std::{fmt::Write, fs, path::Path};

use federation::{budget::Interrupt, diagnostic::Sources};
use upfront::registry::check::{
    Candidate, Composed, Findings, Member, check, check_without, compose_members,
};

const NAME: &str = "partner";
const ENTITY: &str = "PARTNER";

fn member(name: &str, entity: &str, sdl: String) -> Member {
    Member {
        name: name.to_owned(),
        entity: entity.to_owned(),
        url: format!("https://{name}.example.org/graphql"),
        sdl,
        history: None,
    }
}

fn composed(own: Option<Member>) -> Composed {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/registry/neighbours");
    let mut members: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let (entity, name) = stem.split_once('.').unwrap();
            member(name, entity, fs::read_to_string(&path).unwrap())
        })
        .collect();
    members.sort_by(|a, b| a.name.cmp(&b.name));
    members.extend(own);
    let (supergraph_sdl, diagnostics) = compose_members(&members, &Interrupt::default());
    assert!(supergraph_sdl.is_some(), "{diagnostics:?}");
    Composed {
        members,
        supergraph_sdl,
    }
}

fn written(findings: &Findings, given: &str) -> String {
    let mut text = String::new();
    for refusal in &findings.refusals {
        let place = refusal.coordinate.as_deref().unwrap_or("-");
        writeln!(
            text,
            "refused: {} {place}\n  {}",
            refusal.code, refusal.message
        )
        .unwrap();
    }
    for sentence in &findings.left_out {
        writeln!(text, "{sentence}").unwrap();
    }
    for change in &findings.changes {
        writeln!(
            text,
            "{} {} {}",
            change.class, change.kind, change.coordinate
        )
        .unwrap();
    }
    for write in &findings.writes {
        writeln!(text, "opens {}: {}", write.coordinate, write.needs).unwrap();
    }
    let sources: Sources<'_> = [(NAME, findings.sdl.as_str())].into_iter().collect();
    text.push_str(&findings.diagnostics.to_text(&sources));
    if findings.sdl != given {
        text.push_str("\n-- SDL as composed\n");
        text.push_str(&findings.sdl);
    }
    text
}

pub(crate) fn case(path: &Path) -> datatest_stable::Result<()> {
    let folder = path.parent().unwrap().canonicalize()?;
    let sdl = fs::read_to_string(path)?;
    let option = |name: &str| {
        sdl.lines().find_map(|line| {
            line.strip_prefix("# ")?
                .strip_prefix(name)?
                .strip_prefix(": ")
        })
    };
    let old = fs::read_to_string(folder.join("old.graphql")).ok();
    let composed = composed(old.map(|sdl| member(NAME, ENTITY, sdl)));
    let findings = check(
        &composed,
        &Candidate {
            member: member(NAME, ENTITY, sdl.clone()),
            default_level: option("default-level").map(|level| level.parse().unwrap()),
            allow_non_null: None,
            allow_breaking: option("allow-breaking").map(str::to_owned),
            consents: Vec::new(),
        },
        &Interrupt::default(),
    );
    let mut text = written(&findings, &sdl);
    if let Some(findings) = check_without(&composed, NAME, None, &Interrupt::default()) {
        text.push_str("\n-- retired\n");
        text.push_str(&written(&findings, &findings.sdl));
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(folder);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("check", text));
    Ok(())
}
