//! Fields that more may see than before, because a source that restricted them is gone.

use federation::{budget::Interrupt, supergraph::Supergraph};
use indexmap::{IndexMap, IndexSet};

use super::{Member, levels::opened, members::read_members};
use crate::registry::{coordinate::type_in, declarations::Declarations};

/// A field that more may see than before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loosened {
    /// Its coordinate.
    pub coordinate: String,
    /// The element that a source no longer declares: the field, its type, or the type that it yields.
    pub lost: String,
    /// How its level or who may see it changed, as a sentence.
    pub message: String,
}

/// Such fields between two states, each of the members and what they compose to, by name of the source that
/// has them. What a source marks otherwise that still declares it is no loss.
pub fn loosened(
    (members_before, before): (&[Member], &str),
    (members_after, after): (&[Member], &str),
    interrupt: &Interrupt,
) -> IndexMap<String, Vec<Loosened>> {
    let (Ok(before), Ok(after)) = (Supergraph::parse(before), Supergraph::parse(after)) else {
        return IndexMap::new();
    };
    let opened = opened(&before, &after);
    if opened.is_empty() {
        return IndexMap::new();
    }
    let declarations_of = |members: &[Member]| -> IndexMap<String, Declarations> {
        let (subgraphs, _) = read_members(members, interrupt);
        let subgraphs = subgraphs.into_iter().flatten();
        subgraphs
            .map(|subgraph| (subgraph.name.clone(), Declarations::of(&subgraph)))
            .collect()
    };
    let (then, now) = (
        declarations_of(members_before),
        declarations_of(members_after),
    );
    let is_lost = |element: &str| {
        let mut declared = then.iter().filter(|(_, own)| own.declares(element));
        declared.any(|(name, _)| !now.get(name).is_some_and(|own| own.declares(element)))
    };
    let mut found: IndexMap<String, Vec<Loosened>> = IndexMap::new();
    for (coordinate, message) in opened {
        let mut elements: IndexSet<String> = [coordinate.clone()].into();
        elements.insert(type_in(&coordinate).to_owned());
        let fields = then.values().chain(now.values());
        let fields = fields.filter_map(|own| own.fields.get(&coordinate));
        elements.extend(fields.map(|field| field.ty.inner_named_type().to_string()));
        let Some(lost) = elements.into_iter().find(|element| is_lost(element)) else {
            continue;
        };
        let holders = now.iter().filter(|(_, own)| own.declares(&coordinate));
        for (name, _) in holders {
            found.entry(name.clone()).or_default().push(Loosened {
                coordinate: coordinate.clone(),
                lost: lost.clone(),
                message: message.clone(),
            });
        }
    }
    found
}
