//! A small world to try the registry in: four entities, three names of sources, and schemas that read
//! one another's fields.

use std::{cell::RefCell, collections::HashMap};

use entities::terms::SourceKind;
use federation::diagnostic::Diagnostics;
use indexmap::{IndexMap, IndexSet};
use upfront::registry::{
    check::{Candidate, Composed, Findings, Loosened, Member},
    history::Elements,
    rules::Refusal,
    state::{Act, Checks, Rules, Source, State, Version},
};

use crate::{registry::support::LINK, support::random::Random};

pub(super) const ENTITIES: [&str; 4] = ["E0", "E1", "E2", "E3"];
pub(super) const SOURCES: [&str; 3] = ["s0", "s1", "s2"];
const CLOSED: &str = "@requiresScopes(scopes: [[\"clearance:confidential\"]])";
const OPEN: &str = "@tag(name: \"unclassified\")";

/// The embedded source, which is E0's. A new version of the service may classify `note`.
pub(super) fn embedded(is_note_closed: bool) -> Vec<Member> {
    let note = if is_note_closed { CLOSED } else { OPEN };
    let sdl = format!(
        "{LINK}\ntype Query {{ thing(id: ID!): Thing {OPEN} }}\n\
         type Thing @key(fields: \"id\") {{ id: ID! {OPEN} note: String {note} secret: String {CLOSED} }}"
    );
    vec![Member {
        name: "core".to_owned(),
        entity: "E0".to_owned(),
        url: String::new(),
        sdl,
        history: None,
    }]
}

/// One of the schemas of a source: it brings a field at a level, may read one of another's, and may
/// have an enum of its own or a copy of another's.
pub(super) fn schema(source: usize, variant: usize) -> String {
    let next = (source + 1) % SOURCES.len();
    let kinds = match variant / LEVELS_AND_READS {
        0 => String::new(),
        1 => kinds(source, source, "A B"),
        2 => kinds(source, source, "A B C"),
        _ => kinds(source, next, "A B"),
    };
    format!("{}\n{kinds}", reading(source, variant % LEVELS_AND_READS))
}

/// A root field with an enum as argument and result.
fn kinds(source: usize, of: usize, values: &str) -> String {
    format!("type Query {{ q{source}(kind: K{of}): K{of} {OPEN} }} enum K{of} {{ {values} }}")
}

fn reading(source: usize, variant: usize) -> String {
    let level = [OPEN, CLOSED][variant % 2];
    let next = (source + 1) % SOURCES.len();
    let (read, ty) = match (variant / 2 % 3, source) {
        (0, _) => (String::new(), ""),
        (1, 1) => ("note".to_owned(), "String"),
        (1, _) => ("secret".to_owned(), "String"),
        _ => (format!("f{next}"), "Int"),
    };
    // One of the sources shows to anybody what it makes of what it reads.
    let shown = if source == 2 { OPEN } else { CLOSED };
    let reading = match read.as_str() {
        "" => String::new(),
        read => {
            format!("{read}: {ty} @external g{source}: Int @requires(fields: \"{read}\") {shown}")
        }
    };
    // One source has what it reads in a key.
    if source == 0 && read == "secret" {
        return format!(
            "{LINK}\ntype Thing @key(fields: \"id\") @key(fields: \"id secret\") {{ id: ID! \
             secret: String @external f0: Int {level} g0: Int {CLOSED} }}"
        );
    }
    format!(
        "{LINK}\ntype Thing @key(fields: \"id\") {{ id: ID! f{source}: Int {level} {reading} }}"
    )
}

const LEVELS_AND_READS: usize = 6;
pub(super) const VARIANTS: usize = 4 * LEVELS_AND_READS;

/// A source that is offered, and to whom.
fn find_offer(state: &State) -> Option<(String, &'static str)> {
    state.sources.iter().find_map(|source| {
        let to = source.offered_to.as_deref()?;
        let entity = ENTITIES.iter().find(|entity| **entity == to)?;
        Some((source.name.clone(), *entity))
    })
}

/// Something somebody might want, sensible or not, and who.
pub(super) fn random_act(random: &mut Random, history: &[State]) -> (&'static str, Act) {
    let entity = random.pick(&ENTITIES);
    let number = random.below(SOURCES.len());
    let source = SOURCES[number].to_owned();
    let coordinates = [
        "Thing.secret",
        "Thing.note",
        "Thing.f0",
        "Thing.f1",
        "Thing.f2",
    ];
    let coordinate = random.pick(&coordinates).to_owned();
    let other = random.pick(&ENTITIES).to_owned();
    let act = match random.below(100) {
        0..45 => Act::Publish {
            source,
            version: Box::new(version(schema(number, random.below(VARIANTS)))),
        },
        45..50 => Act::Retire {
            source,
            allow_breaking: Some("test".to_owned()),
        },
        50..56 => Act::Offer { source, to: other },
        56..62 => {
            // A publication ends an offer, so few would be taken up by chance.
            if let Some((name, to)) = history.last().and_then(find_offer) {
                return (to, Act::Accept { source: name });
            }
            Act::Accept { source }
        }
        62..64 => Act::CancelOffer { source },
        64..80 => Act::Grant {
            coordinate,
            source,
            // Most of those that name another entity are refused, save where it is offered the source.
            to: match random.below(3) {
                0 => None,
                1 => Some(other),
                _ => history
                    .last()
                    .and_then(|state| find_offer(state))
                    .map(|(_, to)| to.to_owned()),
            },
            reason: "test".to_owned(),
        },
        80..90 => Act::Withdraw {
            coordinate,
            source,
            reason: (random.below(2) > 0).then(|| "test".to_owned()),
        },
        90..98 if !history.is_empty() => {
            let then = random.one_of(history);
            let served = then
                .sources
                .iter()
                .filter_map(|source| Some((source.name.clone(), source.served.clone()?)));
            Act::Rollback {
                number: 1,
                versions: served.collect(),
                reason: None,
            }
        }
        _ => Act::Start,
    };
    (entity, act)
}

pub(super) fn version(sdl: String) -> Version {
    Version {
        number: 0,
        kind: SourceKind::Federation,
        url: "https://graph.partner.example/graphql".to_owned(),
        sdl,
        given_hash: String::new(),
        prefix: None,
        default_level: None,
        allow_non_null: None,
        allow_breaking: Some("test".to_owned()),
    }
}

/// The rules, with what they answered before.
#[derive(Default)]
pub(super) struct Remembering {
    found: RefCell<HashMap<String, Findings>>,
    without: RefCell<HashMap<String, Option<Findings>>>,
    together: RefCell<HashMap<String, IndexMap<String, Vec<Refusal>>>>,
    composed: RefCell<HashMap<String, (Option<String>, Diagnostics)>>,
    held: RefCell<HashMap<String, bool>>,
    dropped: RefCell<HashMap<String, Vec<Refusal>>>,
    dependents: RefCell<HashMap<String, IndexMap<String, IndexSet<String>>>>,
    loosened: RefCell<HashMap<String, IndexMap<String, Vec<Loosened>>>>,
    elements: RefCell<HashMap<String, IndexMap<String, Elements>>>,
}

fn remembered<T: Clone>(
    known: &RefCell<HashMap<String, T>>,
    key: String,
    make: impl FnOnce() -> T,
) -> T {
    if let Some(known) = known.borrow().get(&key) {
        return known.clone();
    }
    let new = make();
    known.borrow_mut().insert(key, new.clone());
    new
}

impl Checks for Remembering {
    fn check(&self, composed: &Composed, candidate: &Candidate) -> Findings {
        let key = format!("{:?}{candidate:?}", composed.members);
        remembered(&self.found, key, || {
            Rules::default().check(composed, candidate)
        })
    }

    fn check_without(
        &self,
        composed: &Composed,
        name: &str,
        allow_breaking: Option<&str>,
    ) -> Option<Findings> {
        let key = format!("{name}{allow_breaking:?}{:?}", composed.members);
        remembered(&self.without, key, || {
            Rules::default().check_without(composed, name, allow_breaking)
        })
    }

    fn check_together(
        &self,
        embedded: &[Member],
        registered: &[Candidate],
    ) -> IndexMap<String, Vec<Refusal>> {
        let key = format!("{embedded:?}{registered:?}");
        remembered(&self.together, key, || {
            Rules::default().check_together(embedded, registered)
        })
    }

    fn check_with_marks(
        &self,
        before: &State,
        later: &[Member],
        readers: &[&str],
    ) -> IndexSet<String> {
        Rules::default().check_with_marks(before, later, readers)
    }

    fn first_owners(
        &self,
        state: &State,
        coordinates: &IndexSet<&str>,
    ) -> IndexMap<String, String> {
        Rules::default().first_owners(state, coordinates)
    }

    fn compose(&self, members: &[Member]) -> (Option<String>, Diagnostics) {
        let sdl: Vec<_> = members
            .iter()
            .map(|member| (&member.name, &member.sdl))
            .collect();
        let key = format!("{sdl:?}");
        remembered(&self.composed, key, || Rules::default().compose(members))
    }

    fn declares(&self, members: &[&Member], coordinate: &str) -> bool {
        let key = format!("{coordinate}{members:?}");
        remembered(&self.held, key, || {
            Rules::default().declares(members, coordinate)
        })
    }

    fn dropped_of(&self, name: &str, members: &[Member], supergraph_sdl: &str) -> Vec<Refusal> {
        let key = format!("{name}{members:?}");
        remembered(&self.dropped, key, || {
            Rules::default().dropped_of(name, members, supergraph_sdl)
        })
    }

    fn dependents_of(
        &self,
        gone: &[Member],
        members: &[Member],
    ) -> IndexMap<String, IndexSet<String>> {
        let key = format!("{gone:?}{members:?}");
        remembered(&self.dependents, key, || {
            Rules::default().dependents_of(gone, members)
        })
    }

    fn copies_of(&self, own: &Source, members: &[Member]) -> IndexMap<String, IndexSet<String>> {
        Rules::default().copies_of(own, members)
    }

    fn owners_first(
        &self,
        names: &[&str],
        types: &IndexMap<String, IndexSet<String>>,
        members: &[Member],
    ) -> Vec<String> {
        Rules::default().owners_first(names, types, members)
    }

    fn who_has(&self, of_type: &str, members: &[Member]) -> IndexSet<String> {
        Rules::default().who_has(of_type, members)
    }

    fn loosened(
        &self,
        before: (&[Member], &str),
        after: (&[Member], &str),
    ) -> IndexMap<String, Vec<Loosened>> {
        let key = format!("{before:?}{after:?}");
        remembered(&self.loosened, key, || {
            Rules::default().loosened(before, after)
        })
    }

    fn elements_of(&self, names: &[&str], members: &[Member]) -> IndexMap<String, Elements> {
        let sdl: Vec<_> = members.iter().map(|member| &member.sdl).collect();
        let key = format!("{names:?}{sdl:?}");
        remembered(&self.elements, key, || {
            Rules::default().elements_of(names, members)
        })
    }
}
