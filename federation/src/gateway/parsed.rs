//! A parsed operation, for hosts that count which operations are run: they need not parse it again.

use std::{collections::BTreeSet, sync::Arc};

use apollo_compiler::{Name, Node, executable::Operation};

use super::{cache::CachedDocument, prepare::Core};
use crate::operation::{OperationKind, coordinates_used, introspects, signature};

/// An operation of a document that is valid for the supergraph it was parsed for.
#[derive(Clone, Debug)]
pub struct ParsedOperation {
    pub(super) core: Arc<Core>,
    pub(super) document: Arc<CachedDocument>,
    pub(super) operation: Node<Operation>,
}

impl ParsedOperation {
    /// Its name, where the document gives one.
    pub fn name(&self) -> Option<&str> {
        self.operation.name.as_ref().map(Name::as_str)
    }

    /// Query, mutation or subscription.
    pub fn kind(&self) -> OperationKind {
        OperationKind::of(self.operation.operation_type)
    }

    /// Whether it asks for the schema, by `__schema` or `__type`.
    pub fn introspects(&self) -> bool {
        introspects(self.document.document.executable(), &self.operation)
    }

    /// The text of its document, shared with the cache.
    pub fn text(&self) -> &Arc<str> {
        self.document.text()
    }

    /// The variables on whose values its plan depends.
    pub fn decisive_variables(&self) -> impl Iterator<Item = &Name> {
        let facts = self.document.facts(&self.operation);
        facts.into_iter().flat_map(|facts| &facts.booleans)
    }

    /// The policies that can matter to it: those on what it selects, and on what keys and `@requires`
    /// may read for it. Hosts need not find out about others.
    pub fn policies(&self) -> BTreeSet<String> {
        let facts = self.document.facts(&self.operation);
        let relevant = facts.map(|facts| self.core.requirements.policies(&facts.relevant));
        relevant.unwrap_or_default()
    }

    /// The scopes on what it selects, its fields and their types.
    pub fn scopes(&self) -> BTreeSet<String> {
        let document = self.document.document.executable();
        (self.core.requirements).scopes(&self.core.index, document, &self.operation)
    }

    /// Its signature: the operation without values, aliases and order.
    pub fn signature(&self) -> String {
        signature(self.document.document.executable(), &self.operation)
    }

    /// Coordinates of the parts of the schema that it uses.
    pub fn coordinates_used(&self) -> BTreeSet<String> {
        coordinates_used(
            &self.core.supergraph.api_schema,
            self.document.document.executable(),
            &self.operation,
        )
    }
}
