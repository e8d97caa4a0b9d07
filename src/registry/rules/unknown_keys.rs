//! For a type of another entity, a source must have a key that other sources have too: by a key
//! that only it has, it could never be asked.

use apollo_compiler::schema::ExtendedType;
use federation::subgraph::directives::keys;
use indexmap::IndexSet;

use super::{Neighbour, Proposal, Refusal, RefusalCode, requires::names_of};

/// How many of the others' keys are named.
const MOST_KEYS: usize = 3;

const TYPENAME: &str = "__typename";

pub(super) fn key_unknown(proposal: &Proposal<'_>, refusals: &mut Vec<Refusal>) {
    let own = proposal.subgraph;
    for ty in own.schema.types.values() {
        // Composition itself reports keys of interfaces.
        let name = own.merged_type_name(ty.name());
        let facts = proposal.declarations.types.get(name);
        if !matches!(ty, ExtendedType::Object(_))
            || facts.is_none_or(|facts| facts.is_interface_object)
        {
            continue;
        }
        let resolvable = keys(ty.directives()).filter(|key| key.resolvable);
        let resolvable: Vec<&str> = resolvable.map(|key| key.fields).collect();
        let Some(&key) = resolvable.first() else {
            continue;
        };
        let theirs = keys_of_others(proposal, name);
        if theirs.is_empty() {
            continue;
        }
        let suppliers = Suppliers::of(proposal, name);
        let work = resolvable.len() * proposal.neighbours.len();
        if !proposal.budget.step(work) {
            return;
        }
        let lacking = resolvable.iter().map(|key| suppliers.find_lacking(key));
        let Some(lacking) = lacking.collect::<Option<Vec<_>>>() else {
            continue;
        };
        // One for each key: there is one at least.
        let lacking = lacking.first().map_or("", String::as_str);
        if is_reached_elsewhere(proposal, name) {
            refusals.push(refusal(proposal, (name, key), lacking, &theirs));
        }
    }
}

/// The keys that other entities, whose the type is, have of it.
fn keys_of_others<'p>(proposal: &'p Proposal<'_>, name: &str) -> IndexSet<&'p str> {
    let owners = proposal.foreign_owners(name);
    let facts = owners.filter_map(|owner| owner.declarations.types.get(name));
    facts
        .flat_map(|facts| facts.keys.iter().map(String::as_str))
        .collect()
}

/// The other sources of which one may have a field of a type, each with the names under which it
/// has the type: that of an interface, where it answers for all types that implement it.
struct Suppliers<'p> {
    names: Vec<(&'p Neighbour, &'p str)>,
}

impl<'p> Suppliers<'p> {
    fn of(proposal: &'p Proposal<'_>, name: &'p str) -> Self {
        let interfaces = interfaces_of(proposal, name);
        let mut names = Vec::new();
        for neighbour in proposal.neighbours {
            let types = &neighbour.declarations.types;
            names.extend(types.contains_key(name).then_some((neighbour, name)));
            let stand_ins = interfaces.iter().filter(|interface| {
                let facts = types.get(**interface);
                facts.is_some_and(|facts| facts.is_interface_object)
            });
            names.extend(stand_ins.map(|interface| (neighbour, *interface)));
        }
        Self { names }
    }

    /// A field of the type itself in a key that no other source has, whether it resolves it or names
    /// it in order to provide it.
    fn find_lacking(&self, key: &str) -> Option<String> {
        let mut names: Vec<String> = names_of(key).into_iter().collect();
        names.sort_unstable();
        names.into_iter().find(|field| {
            let mut suppliers = self.names.iter();
            let has_it = |(neighbour, name): &(&Neighbour, &str)| {
                let fields = &neighbour.declarations.fields;
                fields.contains_key(&format!("{name}.{field}"))
            };
            field != TYPENAME && !suppliers.any(has_it)
        })
    }
}

/// The interfaces that a type implements in any source.
fn interfaces_of<'p>(proposal: &'p Proposal<'_>, name: &str) -> IndexSet<&'p str> {
    let others = proposal.neighbours.iter().map(|each| &*each.declarations);
    let all = others.chain([proposal.declarations]);
    let facts = all.filter_map(|each| each.types.get(name));
    facts
        .flat_map(|facts| facts.interfaces.iter().map(String::as_str))
        .collect()
}

/// Whether a field of another source leads to objects of a type. Where none does, all paths to them
/// may begin at this source.
fn is_reached_elsewhere(proposal: &Proposal<'_>, name: &str) -> bool {
    let mut kinds = interfaces_of(proposal, name);
    let mut others = proposal.neighbours.iter().map(|each| &*each.declarations);
    for declarations in others.clone().chain([proposal.declarations]) {
        let unions = declarations.unions.iter();
        let unions = unions.filter(|(_, members)| members.contains(name));
        kinds.extend(unions.map(|(union, _)| union.as_str()));
    }
    others.any(|declarations| {
        let mut fields = declarations.fields.values();
        proposal.budget.step(fields.len())
            && fields.any(|field| {
                let yielded = field.ty.inner_named_type().as_str();
                yielded == name || kinds.contains(yielded)
            })
    })
}

fn refusal(
    proposal: &Proposal<'_>,
    (name, key): (&str, &str),
    lacking: &str,
    theirs: &IndexSet<&str>,
) -> Refusal {
    let source = &proposal.subgraph.name;
    let named = theirs.iter().take(MOST_KEYS);
    let named: Vec<_> = named.map(|key| format!("`{key}`")).collect();
    let more = match theirs.len().saturating_sub(MOST_KEYS) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let word = if theirs.len() == 1 { "key" } else { "keys" };
    let first = theirs.first().copied().unwrap_or_default();
    Refusal::new(
        RefusalCode::KeyUnknown,
        format!(
            "`{source}` has `{name}` by the key `{key}`, but no other source has `{name}.{lacking}`: \
             nothing could ask `{source}` by that key for what it adds."
        ),
        format!("`{name}` has the {word} {}{more}: write `@key(fields: \"{first}\")`.", named.join(", ")),
    )
    .at(name)
}
