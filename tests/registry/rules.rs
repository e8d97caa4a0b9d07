//! What a source may not do: `rules/<topic>/source.graphql` → `refusals.snap`, among the sources in
//! `neighbours/<ENTITY>.<name>.graphql`. A case starts with comments that set it up.

use std::{fmt::Write, fs, path::Path, sync::Arc};

use federation::{
    budget::{Allowance, Budget, Interrupt},
    subgraph::{Subgraph, SubgraphInput},
};
use upfront::registry::{
    declarations::Declarations,
    history::{Elements, History},
    rules::{Consent, Histories, MOST_STEPS, Neighbour, Proposal, check},
};

const ENTITY: &str = "PARTNER";

fn read(name: &str, sdl: &str) -> Subgraph {
    let (subgraphs, diagnostics) = Subgraph::read_all(&[SubgraphInput {
        name: name.to_owned(),
        url: String::new(),
        sdl: sdl.to_owned(),
    }]);
    let mut subgraphs = subgraphs.unwrap_or_else(|| panic!("{name}: {diagnostics:?}"));
    subgraphs.remove(0)
}

fn named(declarations: &Declarations) -> Elements {
    let fields = declarations.fields.keys();
    let all = fields.chain(&declarations.others).cloned();
    all.map(|coordinate| (coordinate, true)).collect()
}

fn neighbours() -> Vec<Neighbour> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/registry/neighbours");
    let mut neighbours = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let (entity, name) = stem.split_once('.').unwrap();
        let subgraph = read(name, &fs::read_to_string(&path).unwrap());
        let declarations = Declarations::of(&subgraph);
        neighbours.push(Neighbour {
            name: name.to_owned(),
            entity: entity.to_owned(),
            // What it has the source that is checked had before.
            histories: (name == "later").then(|| Histories {
                own: Arc::new(History::next(&[], named(&declarations), (1, 1))),
                other: Arc::default(),
                is_earlier: true,
            }),
            declarations: Arc::new(declarations),
        });
    }
    neighbours.sort_by(|a, b| a.name.cmp(&b.name));
    neighbours
}

pub(crate) fn case(path: &Path) -> datatest_stable::Result<()> {
    let sdl = fs::read_to_string(path)?;
    let consents: Vec<_> = sdl
        .lines()
        .filter_map(|line| line.strip_prefix("# consent: ")?.split_once(' '))
        .map(|(entity, coordinate)| Consent {
            coordinate: coordinate.to_owned(),
            granted_by: entity.to_owned(),
        })
        .collect();
    let subgraph = read("partner", &sdl);
    let refusals = check(&Proposal {
        subgraph: &subgraph,
        declarations: &Declarations::of(&subgraph),
        entity: ENTITY,
        former: None,
        neighbours: &neighbours(),
        consents: &consents,
        allow_non_null: sdl.starts_with("# allow-non-null"),
        budget: &Budget::new(Allowance::of_work(MOST_STEPS), Interrupt::default()),
    });
    let refusals = refusals.map_err(|exceeded| exceeded.to_string())?;

    let mut written = String::new();
    for refusal in &refusals {
        let place = refusal.coordinate.as_deref().unwrap_or("-");
        writeln!(written, "{} {place}", refusal.code)?;
        writeln!(written, "  {}\n  {}", refusal.message, refusal.help)?;
    }
    if refusals.is_empty() {
        written.push_str("nothing stands against it\n");
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(path.parent().unwrap().canonicalize()?);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("refusals", written));
    Ok(())
}
