//! Finds fields that more callers may see than before, because a source that restricted them is
//! gone.

use federation::{budget::Interrupt, supergraph::Supergraph};
use indexmap::{IndexMap, IndexSet};

use super::{
    Member,
    dependence::{declarations_of, first_owner},
    levels::opened,
};
use crate::registry::{coordinate::type_in, declarations::Declarations};

/// A field that more may see than before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loosened {
    /// Its coordinate.
    pub coordinate: String,
    /// The element that a source marked and no longer declares: the field, its type, or the type that it
    /// yields.
    pub lost: String,
    /// How who may see it changed, as a sentence.
    pub message: String,
}

/// Such fields between two states, each of the members and what they compose to, by name of the source that
/// has them and does not mark what was lost itself. What a source marks otherwise that still declares it
/// is no loss.
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
    let both = Both {
        members: members_before,
        then: declarations_of(members_before, interrupt),
        now: declarations_of(members_after, interrupt),
    };
    let mut found: IndexMap<String, Vec<Loosened>> = IndexMap::new();
    for (coordinate, message) in opened {
        for (name, lost) in both.holders(&coordinate) {
            found.entry(name).or_default().push(Loosened {
                coordinate: coordinate.clone(),
                lost,
                message: message.clone(),
            });
        }
    }
    found
}

/// What each source declares in two states.
struct Both<'m> {
    /// Those of the first state.
    members: &'m [Member],
    then: IndexMap<String, Declarations>,
    now: IndexMap<String, Declarations>,
}

impl Both<'_> {
    /// The sources that have a field, each with an element that another marked for it and which is lost.
    fn holders(&self, coordinate: &str) -> Vec<(String, String)> {
        let fields = self.names_of(coordinate);
        let elements: IndexSet<String> = fields
            .iter()
            .flat_map(|field| self.elements_of(field))
            .collect();
        let lost: Vec<_> = elements
            .into_iter()
            .filter(|each| self.is_lost(each))
            .collect();
        let mut holders = Vec::new();
        for (name, own) in &self.now {
            if !fields.iter().any(|field| is_answered(own, field)) {
                continue;
            }
            let is_marked = |element: &&String| {
                let is_of_field = fields
                    .iter()
                    .any(|field| field == *element || type_in(field) == *element);
                let mut own_fields = fields.iter().filter_map(|field| own.fields.get(field));
                // An owner may remove the level from its type, also if another source has a copy
                // with it.
                let is_decided =
                    is_of_field || first_owner(element, self.members, &self.then) == Some(name);
                marks(own, element) || is_decided && own_fields.any(|field| field.level.is_some())
            };
            let unmarked = lost.iter().find(|element| !is_marked(element));
            holders.extend(unmarked.map(|element| (name.clone(), element.clone())));
        }
        holders
    }

    /// A field of an object, and those of interfaces that sources may answer it by.
    fn names_of(&self, coordinate: &str) -> Vec<String> {
        let (of_type, field) = coordinate.split_once('.').unwrap_or_default();
        let all = self.then.values().chain(self.now.values());
        let facts = all.filter_map(|own| own.types.get(of_type));
        let interfaces: IndexSet<&String> = facts.flat_map(|facts| &facts.interfaces).collect();
        let of_interfaces = interfaces.iter().map(|name| format!("{name}.{field}"));
        [coordinate.to_owned()]
            .into_iter()
            .chain(of_interfaces)
            .collect()
    }

    /// What a mark may stand on that restricts a field.
    fn elements_of(&self, field: &str) -> Vec<String> {
        let all = self.then.values().chain(self.now.values());
        let facts = all.filter_map(|own| own.fields.get(field));
        let yielded = facts.map(|facts| facts.ty.inner_named_type().to_string());
        let named = [field.to_owned(), type_in(field).to_owned()];
        named.into_iter().chain(yielded).collect()
    }

    /// Whether a source marked an element and no longer declares it.
    fn is_lost(&self, element: &str) -> bool {
        let mut marked = self.then.iter().filter(|(_, own)| marks(own, element));
        marked.any(|(name, _)| {
            let now = self.now.get(name);
            !now.is_some_and(|own| own.declares(element))
        })
    }
}

/// Whether a source answers a field of an object by its name, which may be that of an interface object.
fn is_answered(own: &Declarations, field: &str) -> bool {
    let facts = own.types.get(type_in(field));
    let is_interface = facts.is_some_and(|facts| facts.is_interface && !facts.is_interface_object);
    !is_interface && own.declares(field)
}

/// Whether a source restricts who may see an element.
fn marks(own: &Declarations, element: &str) -> bool {
    const RESTRICTING: [&str; 4] = [
        "@requiresScopes",
        "@authenticated",
        "@policy",
        "@inaccessible",
    ];
    let written = own.written.get(element);
    let mut directives = written.into_iter().flat_map(|written| &written.directives);
    directives.any(|directive| RESTRICTING.iter().any(|name| directive.starts_with(name)))
}
