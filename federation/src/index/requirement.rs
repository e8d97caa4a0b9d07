//! What a caller must hold to see an element: `@authenticated`, `@requiresScopes`, `@policy`.

use apollo_compiler::ast::{Directive, Value};

use crate::supergraph::Features;

/// What a caller must hold to see a field or the values of a type. All parts must be met.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Requirement {
    /// Whether the caller must be known.
    pub authenticated: bool,
    /// One of these sets of scopes must be held as a whole; `None` requires nothing. An empty list
    /// can never be met.
    pub scopes: Option<Vec<Vec<String>>>,
    /// One of these sets of policies, as for scopes.
    pub policies: Option<Vec<Vec<String>>>,
}

impl Requirement {
    /// Whether nothing is required.
    pub fn is_empty(&self) -> bool {
        !self.authenticated && self.scopes.is_none() && self.policies.is_none()
    }

    /// Reads the directives of an element.
    pub(crate) fn of<'a>(
        directives: &(impl Iterator<Item = &'a Directive> + Clone),
        features: &Features,
    ) -> Self {
        let named = |spec: &str| {
            let name = features.directive(spec, spec);
            directives
                .clone()
                .find(move |directive| directive.name == name.as_str())
        };
        Self {
            authenticated: named("authenticated").is_some(),
            scopes: named("requiresScopes").map(|directive| alternatives(directive, "scopes")),
            policies: named("policy").map(|directive| alternatives(directive, "policies")),
        }
    }
}

// A malformed directive counts as one that no caller can satisfy, so that it does not open a field.
fn alternatives(directive: &Directive, argument: &str) -> Vec<Vec<String>> {
    let Some(value) = directive.specified_argument_by_name(argument) else {
        return Vec::new();
    };
    list(value)
        .iter()
        .filter_map(|set| {
            list(set)
                .iter()
                .map(|name| name.as_str().map(str::to_owned))
                .collect()
        })
        .filter(|set: &Vec<String>| !set.is_empty())
        .collect()
}

fn list(value: &Value) -> &[apollo_compiler::Node<Value>] {
    value.as_list().unwrap_or_default()
}
