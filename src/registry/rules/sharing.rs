//! Only one entity may resolve a field of a keyed type, of the root, or of another type whose owner
//! does not share it.

use std::collections::{HashMap, HashSet};

use indexmap::IndexSet;

use super::{Neighbour, Proposal, Refusal, RefusalCode};
use crate::registry::declarations::{Declarations, FieldFacts};

pub(super) fn shares_foreign(proposal: &Proposal<'_>, refusals: &mut Vec<Refusal>) {
    let parents = Parents::new(proposal);
    for (coordinate, field) in &proposal.declarations.fields {
        let own = proposal.declarations.types.get(&field.parent);
        // A field of an interface is resolved on the objects that implement it.
        if own.is_some_and(|facts| facts.is_interface) {
            continue;
        }
        // A field in a key may be resolved by all sources that have it in a key. One that is in a
        // key only here is not excepted.
        let is_own_key =
            field.is_key && !field.is_external && !is_key_of_others(proposal, coordinate);
        if !field.is_answered() && !is_own_key {
            continue;
        }
        let name = coordinate.split('.').nth(1).unwrap_or_default();
        let is_provided = field.is_external && field.is_provided;
        for parent in parents.of(field) {
            if !proposal.budget.step(1 + proposal.neighbours.len()) {
                return;
            }
            let theirs = format!("{parent}.{name}");
            let owners = proposal.foreign().filter(|each| each.came_first(&theirs));
            for neighbour in owners.filter(|each| answers_for(each, parent, &theirs)) {
                refusals.push(refusal((coordinate, is_provided), &theirs, neighbour));
            }
        }
    }
}

/// Whether a source brings a field of a keyed type or of the root, or one that it does not share.
fn answers_for(neighbour: &Neighbour, parent: &str, coordinate: &str) -> bool {
    let declarations = &neighbour.declarations;
    let field = declarations.fields.get(coordinate);
    let field = field.filter(|field| field.is_contribution());
    let parent = declarations.types.get(parent);
    field.zip(parent).is_some_and(|(field, parent)| {
        let is_kept = !field.is_shareable && !parent.is_interface;
        parent.has_key || parent.root.is_some() || is_kept
    })
}

/// Whether another entity has a field in a key.
fn is_key_of_others(proposal: &Proposal<'_>, coordinate: &str) -> bool {
    let mut others = proposal
        .foreign()
        .filter(|each| each.came_first(coordinate));
    others.any(|each| {
        let theirs = each.declarations.fields.get(coordinate);
        theirs.is_some_and(|field| field.is_key)
    })
}

/// The types that a field counts for: an interface object resolves it for the objects that
/// implement the interface, and an object has the fields of others' interface objects.
struct Parents<'a> {
    own: &'a Declarations,
    /// Implementations of an interface.
    implementers: HashMap<&'a str, IndexSet<&'a str>>,
    /// The interfaces of a type for which others have interface objects.
    interfaces: HashMap<&'a str, IndexSet<&'a str>>,
}

impl<'a> Parents<'a> {
    fn new(proposal: &'a Proposal<'_>) -> Self {
        let types = || {
            let foreign = proposal.foreign();
            foreign.flat_map(|each| &each.declarations.types)
        };
        let stand_ins = types().filter(|(_, facts)| facts.is_interface_object);
        let stand_ins: HashSet<&str> = stand_ins.map(|(name, _)| name.as_str()).collect();
        let mut parents = Self {
            own: proposal.declarations,
            implementers: HashMap::new(),
            interfaces: HashMap::new(),
        };
        for (name, facts) in types() {
            for interface in facts.interfaces.iter().map(String::as_str) {
                let implementers = parents.implementers.entry(interface).or_default();
                implementers.insert(name);
                if stand_ins.contains(interface) {
                    let interfaces = parents.interfaces.entry(name).or_default();
                    interfaces.insert(interface);
                }
            }
        }
        parents
    }

    fn of<'f>(&'f self, field: &'f FieldFacts) -> impl Iterator<Item = &'f str> {
        let parent = field.parent.as_str();
        let own = self.own.types.get(parent);
        let is_interface_object = own.is_some_and(|facts| facts.is_interface_object);
        let implementers = self.implementers.get(parent);
        let implementers = implementers.filter(|_| is_interface_object);
        let interfaces = self.interfaces.get(parent);
        let above_and_below = implementers.into_iter().chain(interfaces).flatten();
        [parent].into_iter().chain(above_and_below.copied())
    }
}

fn refusal(
    (coordinate, is_provided): (&str, bool),
    theirs: &str,
    neighbour: &Neighbour,
) -> Refusal {
    let (name, entity) = (&neighbour.name, &neighbour.entity);
    let through = match coordinate {
        _ if coordinate == theirs => String::new(),
        _ => format!(" (by `{coordinate}`)"),
    };
    Refusal::new(
        RefusalCode::SharesForeign,
        format!(
            "`{theirs}` is answered by `{name}` of {entity}; a second answer{through} would take \
             the place of theirs in some requests."
        ),
        if is_provided {
            "Leave it out of `@provides`; or give the field a name of its own."
        } else {
            "Give the field a name of its own; if you only need theirs, mark it `@external`."
        },
    )
    .at(coordinate)
}
