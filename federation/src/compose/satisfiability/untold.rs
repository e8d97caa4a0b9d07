//! The diagnostic for objects whose runtime type cannot be known: a subgraph that has their
//! interface as an `@interfaceObject` does not know the type, and no subgraph that knows it can be
//! reached from there.

use super::{
    reasons::print,
    walk::{Failure, Walk},
};
use crate::{
    diagnostic::Label,
    index::{Key, SubgraphId, TypeFacts, TypeId},
};

impl Walk<'_> {
    /// What is wrong.
    pub(super) fn untold_message(&self, failure: &Failure) -> String {
        let name = &self.index.type_(self.states[failure.state].object).name;
        format!("On some path to it, no subgraph can tell whether an object is a `{name}`.")
    }

    /// Why each subgraph does not tell the type.
    pub(super) fn untold_reasons(&self, failure: &Failure) -> Vec<(SubgraphId, String)> {
        let Some((object, interface)) = self.untold_types(failure) else {
            return Vec::new();
        };
        let name = &interface.name;
        let subgraphs = interface.subgraphs.iter();
        let reason = |subgraph: SubgraphId| {
            if interface.interface_object_in.contains(subgraph) {
                return format!("`{name}` is an `@interfaceObject`, which does not know the type");
            }
            let possible = interface.possible_in.get(subgraph.0 as usize);
            if !possible.is_some_and(|possible| possible.contains(object)) {
                let object = &self.index.type_(object).name;
                return format!("no type `{object}` behind `{name}`");
            }
            let mut keys = keys_in(interface, subgraph).peekable();
            if keys.peek().is_none() {
                return format!("it is known, but by no `@key` on the interface `{name}`");
            }
            let keys: Vec<_> = keys
                .filter(|key| key.resolvable)
                .map(|key| format!("`{}`", print(self.index.field_set(key.fields))))
                .collect();
            if keys.is_empty() {
                return format!(
                    "it is known, but no `@key` on the interface `{name}` is resolvable"
                );
            }
            let keys = keys.join(" nor ");
            format!("it is known, but {keys}, by which to ask, cannot be had")
        };
        subgraphs
            .map(|subgraph| (subgraph, reason(subgraph)))
            .collect()
    }

    /// The smallest edit.
    pub(super) fn untold_help(&self, failure: &Failure) -> Option<String> {
        let (object, interface) = self.untold_types(failure)?;
        let knows = interface.subgraphs.iter().find(|subgraph| {
            let possible = interface.possible_in.get(subgraph.0 as usize);
            possible.is_some_and(|possible| possible.contains(object))
                && !interface.interface_object_in.contains(*subgraph)
        })?;
        let there = &self.index.subgraph(knows).name;
        let name = &interface.name;
        if keys_in(interface, knows).any(|key| !key.resolvable) {
            return Some(format!(
                "Let a `@key` on the interface `{name}` in `{there}` be resolvable."
            ));
        }
        let key = (interface.keys.iter())
            .find(|key| interface.interface_object_in.contains(key.subgraph))?;
        let fields = print(self.index.field_set(key.fields));
        Some(format!(
            "Add `@key(fields: \"{fields}\")` to the interface `{name}` in `{there}`."
        ))
    }

    /// Where the subgraphs have the interface.
    pub(super) fn untold_labels(&self, failure: &Failure) -> Vec<Label> {
        let Some((_, interface)) = self.untold_types(failure) else {
            return Vec::new();
        };
        let mut labels = Vec::new();
        for subgraph in self.subgraphs {
            let merged = |name| subgraph.merged_type_name(name);
            let mut types = subgraph.schema.types.values();
            if let Some(ty) = types.find(|ty| merged(ty.name()) == interface.name.as_str()) {
                let text = if ty.is_interface() {
                    "the interface"
                } else {
                    "an object type that stands for it"
                };
                labels.push(subgraph.label(ty.name().location(), text));
            }
        }
        labels
    }

    fn untold_types(&self, failure: &Failure) -> Option<(TypeId, &TypeFacts)> {
        let state = &self.states[failure.state];
        let place = state.places.first()?;
        Some((state.object, self.index.type_(place.as_type)))
    }
}

fn keys_in(interface: &TypeFacts, subgraph: SubgraphId) -> impl Iterator<Item = &Key> {
    let keys = interface.keys.iter();
    keys.filter(move |key| key.subgraph == subgraph)
}
