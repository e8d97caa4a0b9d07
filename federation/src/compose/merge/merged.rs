//! The result of merging: one schema, where each of its elements comes from, and how it calls the
//! directives of the specs it links.

use apollo_compiler::{Name, Schema, collections::IndexMap};

use super::joins::{Joins, SpecLink};

/// The merged schema with its facts.
#[derive(Debug)]
pub(crate) struct Merged {
    /// The types, with the directives that compose and their definitions; without join and link.
    pub(crate) schema: Schema,
    /// Where each element comes from.
    pub(crate) joins: Joins,
    /// The specs whose directives compose.
    pub(crate) links: Vec<SpecLink>,
    /// Canonical names of directives that compose, and their names here.
    pub(super) directive_names: IndexMap<Name, Name>,
}

impl Merged {
    /// What a directive of federation is called in the supergraph, if anything applies it.
    pub(crate) fn directive_name(&self, canonical: &str) -> Option<&Name> {
        self.directive_names.get(canonical)
    }

    /// Whether a type is defined by a spec that the supergraph links.
    pub(crate) fn is_of_spec(&self, type_: &str) -> bool {
        let Some((prefix, _)) = type_.split_once("__") else {
            return false;
        };
        let namespace = |link: &SpecLink| link.alias.as_deref().unwrap_or(&link.name) == prefix;
        self.links.iter().any(namespace)
    }

    /// The types that set each context, by the context's name in the supergraph.
    pub(crate) fn contexts(&self) -> IndexMap<&str, Vec<&Name>> {
        let mut contexts: IndexMap<&str, Vec<&Name>> = IndexMap::default();
        let Some(directive) = self.directive_name("context") else {
            return contexts;
        };
        for (type_, definition) in &self.schema.types {
            for applied in definition.directives().get_all(directive) {
                let name = applied.specified_argument_by_name("name");
                if let Some(name) = name.and_then(|name| name.as_str()) {
                    contexts.entry(name).or_default().push(type_);
                }
            }
        }
        contexts
    }
}
