//! Chooses the links of a supergraph: no two specs share a namespace, and no directive of one spec
//! is under the namespace of another.

use apollo_compiler::collections::IndexSet;
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Name, Node};

use super::composed::ComposedDirectives;
use super::specs;
use crate::compose::merge::joins::SpecLink;

impl ComposedDirectives {
    /// Gives each link a namespace, and imports elements whose name is not the namespaced one.
    pub(super) fn settle_links(&mut self) {
        let mut links = std::mem::take(&mut self.links);
        let mut namespaces: IndexSet<String> = IndexSet::default();
        namespaces.extend(["link", "join"].map(str::to_owned));
        let mut number = 0;
        for at in 0..links.len() {
            let taken = is_directive_of_another(&links, at);
            let Some(link) = links.get_mut(at) else {
                continue;
            };
            if taken || Name::new(&link.name).is_err() || !namespaces.insert(link.name.clone()) {
                let alias = unique_alias(&link.name, &mut number, &mut namespaces);
                link.alias = Some(alias);
            }
        }
        for link in &mut links {
            self.define_companions(link);
            let namespace = link.alias.as_ref().unwrap_or(&link.name).clone();
            let name = link.name.clone();
            let keep_all = !link.is_own;
            link.imports.retain(|(there, here)| {
                keep_all || *here != format!("@{}", default_name(&namespace, &name, there))
            });
        }
        self.links = links;
    }

    /// What readers expect a spec to define beside the directives that are applied.
    fn define_companions(&mut self, link: &SpecLink) {
        let spec = specs::SPECS
            .iter()
            .find(|spec| link.is_own && spec.name == link.name);
        let Some(spec) = spec else {
            return;
        };
        let namespace = link.alias.as_ref().unwrap_or(&link.name);
        let definitions = specs::definitions();
        for type_ in spec.types {
            if let Some(ExtendedType::Scalar(scalar)) = definitions.types.get(*type_) {
                let mut scalar = scalar.as_ref().clone();
                scalar.name = prefixed(namespace, type_);
                self.companions
                    .types
                    .push(ExtendedType::Scalar(Node::new(scalar)));
            }
        }
        let applied = |name: &str| link.imports.iter().any(|(there, _)| there == name);
        let others = spec.directives.iter().map(|directive| directive.name);
        for name in others.chain(spec.companion) {
            let there = format!("@{}", name.rsplit("__").next().unwrap_or(name));
            let Some(definition) = definitions.directive_definitions.get(name) else {
                continue;
            };
            let here = Name::new_unchecked(&default_name(namespace, &link.name, &there));
            if !applied(&there) && !self.is_taken(&here) {
                self.companions
                    .directives
                    .push(specs::renamed(definition, &here));
            }
        }
    }

    fn is_taken(&self, name: &str) -> bool {
        let mut all = self.of_specs.values().chain(self.custom.values());
        all.any(|(_, composed)| composed.name == name)
    }
}

/// Whether a directive of another spec has the name of the spec itself.
fn is_directive_of_another(links: &[SpecLink], at: usize) -> bool {
    let Some(link) = links.get(at) else {
        return false;
    };
    let own_name = format!("@{}", link.name);
    let others = links.iter().enumerate().filter(|(other, _)| *other != at);
    let mut imports = others.flat_map(|(_, other)| other.imports.iter());
    imports.any(|(_, here)| *here == own_name)
}

fn unique_alias(name: &str, number: &mut usize, taken: &mut IndexSet<String>) -> String {
    let letters = name
        .chars()
        .filter(|one| one.is_ascii_alphanumeric() || *one == '_');
    let letters: String = letters.collect();
    loop {
        let alias = format!("_{number}{letters}");
        *number += 1;
        if taken.insert(alias.clone()) {
            return alias;
        }
    }
}

/// What an element, a directive with its `@`, is called where it is not imported.
fn default_name(namespace: &str, spec: &str, there: &str) -> String {
    match there.strip_prefix('@') {
        Some(directive) if directive == spec => namespace.to_owned(),
        Some(element) => format!("{namespace}__{element}"),
        None => format!("{namespace}__{there}"),
    }
}

fn prefixed(namespace: &str, name: &str) -> Name {
    let element = name.split_once("__").map_or(name, |(_, element)| element);
    Name::new_unchecked(&format!("{namespace}__{element}"))
}
