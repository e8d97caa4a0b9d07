//! What holds of the registry after every change, whoever wanted what.

use std::{cell::RefCell, collections::HashMap};

use apollo_compiler::{
    ast::{Directive, Value},
    schema::{ExtendedType, ObjectType, Schema},
};
use upfront::registry::state::{Act, Checks, Decision, Source, State};

/// Nothing is served that reads without a consent in force, and what is served is what its sources
/// compose to.
pub(super) fn assert_sound(state: &State, checks: &dyn Checks) {
    let served: Vec<_> = state
        .sources
        .iter()
        .filter_map(|source| state.candidate(source))
        .collect();
    let mut found = checks.check_together(&state.embedded, &served);
    found.retain(|_, refusals| {
        refusals.retain(|refusal| {
            ["REQUIRES_WITHOUT_CONSENT", "REQUIRES_ABOVE_LEVEL"].contains(&refusal.code.as_str())
        });
        !refusals.is_empty()
    });
    assert!(found.is_empty(), "{found:#?}");
    let (composed, _) = checks.compose(&state.members());
    assert_eq!(state.supergraph_sdl, composed);
    assert!(composed.is_some());
    assert_reads(state);
}

/// A classified field that a subgraph has in a key or requires, and who holds it.
#[derive(Clone)]
struct Reading {
    reader: String,
    coordinate: String,
    holder: String,
}

/// The same from the supergraph alone, without the registry's rules: each field that a subgraph
/// requires or has in a key, and that is classified, is of its own entity or with a consent.
fn assert_reads(state: &State) {
    thread_local! {
        static KNOWN: RefCell<HashMap<String, Vec<Reading>>> = RefCell::default();
    }
    let Some(sdl) = &state.supergraph_sdl else {
        return;
    };
    let known = KNOWN.with_borrow(|known| known.get(sdl).cloned());
    let readings = known.unwrap_or_else(|| {
        let made = readings(sdl);
        KNOWN.with_borrow_mut(|known| known.insert(sdl.clone(), made.clone()));
        made
    });
    for reading in &readings {
        let (reader, owner) = (
            entity_of(state, &reading.reader),
            entity_of(state, &reading.holder),
        );
        let is_granted = state.grants.iter().any(|grant| {
            grant.consent.coordinate == reading.coordinate
                && grant.consent.granted_by == owner
                && grant.source == reading.reader
                && grant.granted_to == reader
        });
        assert!(
            owner == reader || is_granted,
            "{} of {reader} reads {} of {owner} without its consent",
            reading.reader,
            reading.coordinate
        );
    }
}

fn readings(sdl: &str) -> Vec<Reading> {
    let supergraph = Schema::parse(sdl, "supergraph.graphql").unwrap();
    let mut found = Vec::new();
    for ty in supergraph.types.values() {
        let ExtendedType::Object(object) = ty else {
            continue;
        };
        let keys = object.directives.get_all("join__type");
        let keys = keys.filter_map(|join| Some((graph_of(join)?, text_of(join, "key")?)));
        let fields = object.fields.values();
        let needs = fields.flat_map(|field| field.directives.get_all("join__field"));
        let needs = needs.filter_map(|join| Some((graph_of(join)?, text_of(join, "requires")?)));
        for (reader, fields) in keys.chain(needs) {
            add_readings(object, &reader, &fields, &mut found);
        }
    }
    found
}

fn add_readings(object: &ObjectType, reader: &str, fields: &str, found: &mut Vec<Reading>) {
    for name in fields.split_whitespace() {
        let field = object.fields.get(name).unwrap();
        if field.directives.get("requiresScopes").is_none() {
            continue;
        }
        for join in field.directives.get_all("join__field") {
            let is_external = join
                .specified_argument_by_name("external")
                .is_some_and(|value| value.to_bool() == Some(true));
            let holder = graph_of(join).filter(|holder| !is_external && holder != reader);
            found.extend(holder.map(|holder| Reading {
                reader: reader.to_owned(),
                coordinate: format!("{}.{name}", object.name),
                holder,
            }));
        }
    }
}

/// Graphs of the world are named as their sources are, in capitals.
fn graph_of(join: &Directive) -> Option<String> {
    match join.specified_argument_by_name("graph")?.as_ref() {
        Value::Enum(name) => Some(name.as_str().to_lowercase()),
        _ => None,
    }
}

fn text_of(join: &Directive, argument: &str) -> Option<String> {
    let value = join.specified_argument_by_name(argument)?;
    value.as_str().map(str::to_owned)
}

fn entity_of(state: &State, name: &str) -> String {
    let embedded = state.embedded.iter().find(|member| member.name == name);
    let registered = state.find(name).map(|source| source.entity.clone());
    embedded
        .map(|member| member.entity.clone())
        .or(registered)
        .unwrap()
}

/// Nobody changes what is another's: of a source of another entity it can at most end that it is
/// served, because it reads what it may not, depends on one that did, or depends on a source that its
/// owner changed or retired with a reason.
pub(super) fn assert_own(before: &State, (by, act): (&str, &Act), decision: &Decision) {
    assert_dependence(before, act, decision);
    let after = &decision.after;
    for source in &before.sources {
        let now = after.find(&source.name).expect("no source is forgotten");
        assert_own_source(source, by, now, decision);
    }
    for new in after
        .sources
        .iter()
        .filter(|new| before.find(&new.name).is_none())
    {
        assert_eq!(new.entity, by);
    }
    let taken_over = |name: &str, giver: &str| {
        let (was, is) = (before.find(name), after.find(name));
        was.is_some_and(|was| was.entity == giver) && is.is_some_and(|is| is.entity == by)
    };
    for grant in before
        .grants
        .iter()
        .filter(|grant| !after.grants.contains(grant))
    {
        let is_void = taken_over(&grant.source, &grant.granted_to);
        assert!(
            grant.consent.granted_by == by || is_void,
            "{by} ended {grant:?}"
        );
    }
    for grant in after
        .grants
        .iter()
        .filter(|grant| !before.grants.contains(grant))
    {
        assert_eq!(grant.consent.granted_by, by, "{grant:?}");
    }
}

/// Who leaves for a publication or a retirement names, or names by way of others who leave, what the
/// source brought; and a reason was given, unless it is only no longer allowed to read.
fn assert_dependence(before: &State, act: &Act, decision: &Decision) {
    let (source, reason) = match act {
        Act::Publish { source, version } => (source, &version.allow_breaking),
        Act::Retire {
            source,
            allow_breaking,
        } => (source, allow_breaking),
        _ => return,
    };
    let mut reached = vec![source.as_str()];
    loop {
        let leaving = decision
            .expelled
            .iter()
            .map(|expelled| expelled.source.as_str());
        let next = leaving.filter(|name| !reached.contains(name)).find(|name| {
            let sdl = sdl_of(before, name);
            reached.iter().any(|on| names_what_is_of(&sdl, on))
        });
        match next {
            Some(next) => reached.push(next),
            None => break,
        }
    }
    for expelled in &decision.expelled {
        assert!(
            reached.contains(&expelled.source.as_str()),
            "{expelled:?} does not depend on {source}"
        );
        assert!(
            reason.is_some() || !expelled.refusals.is_empty(),
            "{expelled:?}"
        );
    }
}

/// In the world, `s0` brings `f0`, `g0` and `K0`.
fn names_what_is_of(sdl: &str, source: &str) -> bool {
    let number = source.trim_start_matches('s');
    let words = sdl.split(|letter: char| !letter.is_alphanumeric());
    let mut words = words.filter_map(|word| word.split_at_checked(1));
    words.any(|(kind, rest)| rest == number && ["f", "g", "K"].contains(&kind))
}

fn sdl_of(state: &State, name: &str) -> String {
    let served = state.find(name).and_then(|source| source.served.clone());
    served.unwrap().sdl
}

fn assert_own_source(was: &Source, by: &str, is: &Source, decision: &Decision) {
    let is_own = was.entity == by;
    if was.entity != is.entity {
        assert_eq!(
            (was.offered_to.as_deref(), is.entity.as_str()),
            (Some(by), by)
        );
        assert_eq!(is.offered_to, None);
    } else if was.offered_to != is.offered_to {
        let is_declined = was.offered_to.as_deref() == Some(by) && is.offered_to.is_none();
        assert!(is_own || is_declined, "{by} offered {was:?}");
    }
    if was.served != is.served && !is_own {
        assert_eq!(is.served, None, "{by} changed {}", was.name);
        assert!(
            decision
                .expelled
                .iter()
                .any(|expelled| expelled.source == was.name)
        );
    }
}
