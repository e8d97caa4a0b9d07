//! Whatever a source writes on what is another's is refused, or changes nothing of it.

mod draft;
mod facts;
mod writings;

use std::{collections::BTreeMap, fs, path::Path, time::Instant};

use federation::{budget::Interrupt, supergraph::Supergraph};
use upfront::registry::check::{Candidate, Composed, Member, check, compose_members};

use crate::support::{length::length, random::Random};
use draft::Draft;
use facts::{View, facts};
use writings::{WRITINGS, World, close, plain};

const NAME: &str = "partner";

/// One source to try: what its own part and each of its writings are made from.
#[derive(Clone, Debug)]
struct Trial {
    seed: u64,
    /// Which kind, and from which seed.
    writings: Vec<(usize, u64)>,
    /// Where among the others it has an older version.
    place: Option<usize>,
    default_level: bool,
}

fn member(name: &str, entity: &str, sdl: String) -> Member {
    Member {
        name: name.to_owned(),
        entity: entity.to_owned(),
        url: format!("https://{name}.example.org/graphql"),
        sdl,
        history: None,
    }
}

fn others() -> Vec<Member> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/registry/foreign");
    ["CORE.core", "OFFICE.office", "ARCHIVE.archive"]
        .map(|stem| {
            let (entity, name) = stem.split_once('.').unwrap();
            let path = folder.join(format!("{stem}.graphql"));
            member(name, entity, fs::read_to_string(path).unwrap())
        })
        .into()
}

fn composed(members: &[Member]) -> (String, Supergraph) {
    let (sdl, diagnostics) = compose_members(members, &Interrupt::default());
    let sdl = sdl.unwrap_or_else(|| panic!("{diagnostics:?}"));
    let supergraph = Supergraph::parse(&sdl).unwrap();
    (sdl, supergraph)
}

/// Sources of others, and what they are together.
struct Others {
    members: Vec<Member>,
    world: World,
    supergraph_sdl: String,
    supergraph: Supergraph,
}

impl Others {
    fn new() -> Self {
        let members = others();
        let sdl: Vec<_> = members.iter().map(|member| member.sdl.clone()).collect();
        let (supergraph_sdl, supergraph) = composed(&members);
        Self {
            world: Draft::read(&sdl),
            members,
            supergraph_sdl,
            supergraph,
        }
    }

    fn sdl(&self, trial: &Trial) -> String {
        let mut draft = plain(&self.world, &mut Random(trial.seed));
        for (kind, seed) in &trial.writings {
            let (_, write) = WRITINGS[*kind];
            write(&self.world, &mut Random(*seed), &mut draft);
        }
        close(&self.world, &mut draft);
        draft.text()
    }

    /// Whether a source is accepted, and what is wrong with that.
    fn try_source(&self, trial: &Trial) -> (Result<(), String>, Vec<String>) {
        let old = Trial {
            writings: Vec::new(),
            ..trial.clone()
        };
        self.check(
            &self.sdl(trial),
            trial.place,
            &self.sdl(&old),
            trial.default_level,
        )
    }

    fn check(
        &self,
        sdl: &str,
        place: Option<usize>,
        old: &str,
        default_level: bool,
    ) -> (Result<(), String>, Vec<String>) {
        let mut before = Composed {
            members: self.members.clone(),
            supergraph_sdl: Some(self.supergraph_sdl.clone()),
        };
        if let Some(place) = place {
            let old = member(NAME, "PARTNER", old.to_owned());
            before.members.insert(place, old);
            before.supergraph_sdl = Some(composed(&before.members).0);
        }
        let findings = check(
            &before,
            &Candidate {
                member: member(NAME, "PARTNER", sdl.to_owned()),
                default_level: default_level.then(|| "unclassified".parse().unwrap()),
                allow_non_null: None,
                allow_breaking: Some("test".to_owned()),
                consents: Vec::new(),
            },
            &Interrupt::default(),
        );
        if let Some(refusal) = findings.refusals.first() {
            let codes: Vec<_> = findings
                .diagnostics
                .iter()
                .map(|each| format!("{each:?}"))
                .collect();
            let why = format!("{} {} {codes:?}", refusal.code, refusal.message);
            return (Err(why), Vec::new());
        }
        let with = Supergraph::parse(findings.supergraph_sdl.as_deref().unwrap()).unwrap();
        (Ok(()), self.find_effects(&with))
    }

    /// What a source changed of what was there before it.
    fn find_effects(&self, with: &Supergraph) -> Vec<String> {
        let mut found = Vec::new();
        let mut compare = |what: &str, before: facts::Facts, after: facts::Facts| {
            for (coordinate, said) in &before {
                let after = after.get(coordinate).map_or("nothing", String::as_str);
                if after != said && !restates_level(&before, coordinate, after) {
                    found.push(format!("{what}: {coordinate} was {said}, is {after}"));
                }
            }
        };
        let before = &self.supergraph;
        compare("API", facts(&before.api_schema), facts(&with.api_schema));
        compare("supergraph", facts(&before.schema), facts(&with.schema));
        let (old, new) = (View::new(before), View::new(with));
        compare(
            "answers",
            old.answers_without(NAME),
            new.answers_without(NAME),
        );

        let known = facts(&before.schema);
        let (keys, entities) = (old.keys_of(None, false), old.entities());
        for coordinate in new.answered_by(NAME) {
            let (parent, field) = coordinate.split_once('.').unwrap();
            let is_key = keys.contains(&(parent.to_owned(), field.to_owned()));
            if known.contains_key(&coordinate) && entities.contains(parent) && !is_key {
                found.push(format!("answered: {coordinate}"));
            }
        }
        let classified = old.classified();
        let read = new.keys_of(Some(NAME), true);
        for field in read.union(&new.required_by(NAME)) {
            if classified.contains(field) {
                found.push(format!("read: {}.{}", field.0, field.1));
            }
        }
        found
    }

    /// A part of a trial that still shows something.
    fn shrink(&self, trial: &Trial) -> Trial {
        let mut least = trial.clone();
        let mut at = 0;
        while at < least.writings.len() {
            let mut smaller = least.clone();
            smaller.writings.remove(at);
            if self.try_source(&smaller).1.is_empty() {
                at += 1;
            } else {
                least = smaller;
            }
        }
        least
    }
}

/// Whether all that is said of a field beside what was said before is the level that its type has.
fn restates_level(before: &facts::Facts, coordinate: &str, after: &str) -> bool {
    const LEVEL: &str = "@tag(name: \"unclassified\")";
    let (type_name, _) = coordinate.split_once('.').unwrap_or((coordinate, ""));
    let said_before = before.get(coordinate).map_or("", |said| said.trim_end());
    let has_level = before
        .get(type_name)
        .is_some_and(|said| said.contains(LEVEL));
    has_level && after.trim_end() == format!("{said_before} {LEVEL}")
}

fn trial(random: &mut Random) -> Trial {
    let count = random.pick(&[1, 1, 1, 2, 2, 3]);
    let mut seed = || u64::try_from(random.below(usize::MAX)).unwrap();
    let first = seed();
    let seeds: Vec<_> = (0..count).map(|_| seed()).collect();
    Trial {
        seed: first,
        writings: seeds
            .into_iter()
            .map(|seed| (random.below(WRITINGS.len()), seed))
            .collect(),
        place: random.pick(&[None, None, None, Some(1), Some(3)]),
        default_level: random.below(2) == 0,
    }
}

#[test]
fn a_source_that_adds_what_is_its_own_is_accepted() {
    let others = Others::new();
    let mut random = Random::seeded(11);
    for _ in 0..length(10, 40) {
        let trial = Trial {
            writings: Vec::new(),
            ..trial(&mut random)
        };
        let (answer, effects) = others.try_source(&trial);
        let sdl = others.sdl(&trial);
        assert_eq!(answer, Ok(()), "{sdl}");
        assert_eq!(effects, Vec::<String>::new(), "{sdl}");
    }
}

#[test]
fn what_is_written_on_what_is_anothers_is_refused_or_changes_nothing_of_it() {
    let others = Others::new();
    let trials = length(60, 400);
    let mut random = Random::seeded(20_261_127);
    let mut refused: BTreeMap<String, usize> = BTreeMap::new();
    let mut kinds: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let (mut accepted, mut wrong) = (0, BTreeMap::new());
    let started = Instant::now();
    for turn in 0..trials {
        let mut trial = trial(&mut random);
        // Each kind has its turn, beside others at random.
        trial.writings[0].0 = turn % WRITINGS.len();
        let (answer, effects) = others.try_source(&trial);
        for (kind, _) in &trial.writings {
            let (tried, taken) = kinds.entry(WRITINGS[*kind].0).or_default();
            *tried += 1;
            *taken += usize::from(answer.is_ok());
        }
        match answer {
            Ok(()) => accepted += 1,
            Err(why) => {
                let code = why.split(' ').next().unwrap_or_default().to_owned();
                *refused.entry(code).or_default() += 1;
            }
        }
        if !effects.is_empty() {
            let least = others.shrink(&trial);
            let effects = others.try_source(&least).1;
            let names: Vec<_> = least
                .writings
                .iter()
                .map(|each| WRITINGS[each.0].0)
                .collect();
            let told = format!(
                "{names:?}: {}\n{}\n{least:?}",
                effects.join("\n  "),
                others.sdl(&least)
            );
            wrong.entry(effects[0].clone()).or_insert(told);
        }
    }
    eprintln!(
        "{trials} sources in {:?}: {accepted} accepted, refused: {refused:?}, {kinds:#?}",
        started.elapsed()
    );
    let wrong: Vec<_> = wrong.into_values().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(accepted > trials / 10 && accepted < trials * 9 / 10);
    assert_eq!(kinds.len(), WRITINGS.len(), "{kinds:?}");
}

#[test]
fn what_a_later_source_brought_is_not_for_an_earlier_ones_next_version_to_mark() {
    let others = Others::new();
    let link = "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.5\", \
                import: [\"@key\", \"@tag\"])";
    let old = format!("{link} type Bed @key(fields: \"id\") {{ id: ID! }}");
    let sdl =
        format!("{link} type Mission @key(fields: \"id\") @tag(name: \"partner\") {{ id: ID! }}");
    // Among the others, after `core` and before `office`, which has missions.
    let (answer, _) = others.check(&sdl, Some(1), &old, false);
    let why = answer.unwrap_err();
    assert!(why.starts_with("MARK_ON_FOREIGN `@tag"), "{why}");
}
