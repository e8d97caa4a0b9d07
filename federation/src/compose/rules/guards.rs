//! `@authenticated`, `@requiresScopes` and `@policy` as the merged schema has them: what a caller
//! must hold to see an element.

use apollo_compiler::ast::{Directive, DirectiveList};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Name, Node};

use crate::compose::merge::{Dnf, Merged, dnf_of, list_in_words};

/// The directives as the supergraph calls them.
pub(super) struct Guards<'a> {
    authenticated: Option<&'a Name>,
    scopes: Option<&'a Name>,
    policies: Option<&'a Name>,
}

/// What a caller must hold to see an element.
pub(super) struct Requirements {
    is_authenticated: bool,
    scopes: Dnf,
    policies: Dnf,
}

impl<'a> Guards<'a> {
    /// `None` where nothing is guarded.
    pub(super) fn of(merged: &'a Merged) -> Option<Self> {
        let guards = Self {
            authenticated: merged.directive_name("authenticated"),
            scopes: merged.directive_name("requiresScopes"),
            policies: merged.directive_name("policy"),
        };
        let is_used = guards.authenticated.or(guards.scopes).or(guards.policies);
        is_used.map(|_| guards)
    }

    pub(super) fn on(&self, directives: &DirectiveList) -> Requirements {
        self.found(&|name| directives.get(name))
    }

    pub(super) fn on_type(&self, type_: &ExtendedType) -> Requirements {
        self.found(&|name| type_.directives().get(name).map(|one| &one.node))
    }

    /// Whether one of some directives is a guard.
    pub(super) fn is_any<'d>(&self, directives: impl Iterator<Item = &'d Node<Directive>>) -> bool {
        let mut directives = directives;
        directives.any(|directive| self.is_guard(directive))
    }

    fn is_guard(&self, directive: &Directive) -> bool {
        let names = [self.authenticated, self.scopes, self.policies];
        let mut names = names.into_iter().flatten();
        names.any(|name| *name == directive.name)
    }

    /// The guards of an element, as they would be written.
    pub(super) fn printed<'d>(
        &self,
        directives: impl Iterator<Item = &'d Node<Directive>>,
    ) -> String {
        let guards = directives.filter(|directive| self.is_guard(directive));
        let guards: Vec<String> = guards
            .map(|guard| guard.serialize().no_indent().to_string())
            .collect();
        list_in_words(&guards)
    }

    fn found<'d>(&self, find: &dyn Fn(&str) -> Option<&'d Node<Directive>>) -> Requirements {
        let dnf = |name: Option<&Name>, argument: &str| {
            let value = name
                .and_then(|name| find(name))
                .and_then(|directive| directive.specified_argument_by_name(argument));
            value.map_or_else(Dnf::always, dnf_of)
        };
        Requirements {
            is_authenticated: self.authenticated.is_some_and(|name| find(name).is_some()),
            scopes: dnf(self.scopes, "scopes"),
            policies: dnf(self.policies, "policies"),
        }
    }
}

impl Requirements {
    /// Both together; `None` where that would be too long.
    pub(super) fn and(&self, other: &Self) -> Option<Self> {
        Some(Self {
            is_authenticated: self.is_authenticated || other.is_authenticated,
            scopes: self.scopes.and(&other.scopes)?,
            policies: self.policies.and(&other.policies)?,
        })
    }

    /// Whether every caller that satisfies this satisfies the other.
    pub(super) fn implies(&self, other: &Self) -> bool {
        (self.is_authenticated || !other.is_authenticated)
            && self.scopes.implies(&other.scopes)
            && self.policies.implies(&other.policies)
    }
}

/// The directives on a type.
pub(super) fn type_directives(type_: &ExtendedType) -> impl Iterator<Item = &Node<Directive>> {
    type_.directives().0.iter().map(|directive| &directive.node)
}
