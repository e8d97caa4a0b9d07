//! Says why subgraphs cannot serve a field. In: a field, and the places where its object is. Out: a
//! reason for each subgraph, which composition reports for a query that cannot be answered.

use super::{Facts, FieldSetId, LabelId, SubgraphId, TypeId, Vertex};

/// Why one subgraph cannot serve a field.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// It does not have the field.
    NoField,
    /// It has the field as external.
    External,
    /// Another subgraph overrides the field.
    Overridden,
    /// It has the field only while a label of progressive override is on (true) or off (false).
    Label(LabelId, bool),
    /// Its `@requires` selects fields that cannot be resolved.
    Requires(FieldSetId),
    /// It has no key for the type.
    NoKey,
    /// It has keys for the type but resolves none.
    NoResolvableKey,
    /// It resolves keys, but their fields cannot be resolved from where the object is.
    KeysOutOfReach(Vec<FieldSetId>),
}

impl Facts<'_> {
    /// For each subgraph that has the type: why it cannot serve a field of an object that is in
    /// some places.
    pub fn why(&self, object: TypeId, name: &str, places: &[Vertex]) -> Vec<(SubgraphId, Reason)> {
        let index = self.index;
        let facts = index.type_(object);
        let mut subgraphs = facts.subgraphs.clone();
        for &interface in &facts.interfaces {
            subgraphs.extend(&index.type_(interface).interface_object_in);
        }
        let closure = self.closure(object, places);
        subgraphs
            .iter()
            .map(|subgraph| (subgraph, self.why_not_in(object, name, subgraph, &closure)))
            .collect()
    }

    fn why_not_in(
        &self,
        object: TypeId,
        name: &str,
        subgraph: SubgraphId,
        closure: &[Vertex],
    ) -> Reason {
        let index = self.index;
        let mut known_as = index
            .type_(object)
            .interfaces
            .iter()
            .copied()
            .filter(|&id| index.type_(id).interface_object_in.contains(subgraph))
            .chain([object]);
        let field =
            known_as.find_map(|id| index.field(index.find_field(id, name)?).find_in(subgraph));
        let Some(field) = field else {
            return Reason::NoField;
        };
        if field.is_overridden {
            return Reason::Overridden;
        }
        if let Some((label, is_on)) = field.label
            && !self.is_label_met(field)
        {
            return Reason::Label(label, is_on);
        }
        if field.is_external {
            return Reason::External;
        }
        if let Some(set) = field.requires
            && !self.obtain(object, index.field_set(set), closure)
        {
            return Reason::Requires(set);
        }
        let entries: Vec<FieldSetId> = self
            .keys(object)
            .filter(|(_, key, _)| key.subgraph == subgraph)
            .map(|(_, key, _)| key.fields)
            .collect();
        if !entries.is_empty() {
            return Reason::KeysOutOfReach(entries);
        }
        let has_keys = index
            .type_(object)
            .keys
            .iter()
            .any(|key| key.subgraph == subgraph);
        if has_keys {
            Reason::NoResolvableKey
        } else {
            Reason::NoKey
        }
    }
}
