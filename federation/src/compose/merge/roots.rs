//! Merges the schema definition: root types, description and directives.

use apollo_compiler::Node;
use apollo_compiler::ast::OperationType;
use apollo_compiler::schema::{ComponentName, ExtendedType};

use super::directives::Site;
use super::joined_subgraph::Occurrence;
use super::merger::Merger;

impl Merger<'_> {
    pub(super) fn merge_roots(&mut self) {
        let occurrences: Vec<Occurrence<'_>> = self
            .sources
            .iter()
            .map(|source| {
                let definition = &source.schema.schema_definition;
                Occurrence {
                    graph: source.graph,
                    location: definition.location(),
                    description: definition.description.as_ref().map(Node::as_str),
                    directives: definition
                        .directives
                        .0
                        .iter()
                        .map(|one| &one.node)
                        .collect(),
                }
            })
            .collect();
        let mut element = self.merge_element(&Site::Schema, &occurrences);
        let has_fields = |operation: OperationType| {
            self.sources.iter().any(|source| {
                let root = source.schema.root_operation(operation);
                let type_ = root.and_then(|root| source.schema.types.get(root));
                matches!(type_, Some(ExtendedType::Object(object)) if !object.fields.is_empty())
            })
        };
        let root = |operation: OperationType| {
            has_fields(operation).then(|| ComponentName::from(operation.default_type_name()))
        };
        let (query, mutation, subscription) = (
            root(OperationType::Query),
            root(OperationType::Mutation),
            root(OperationType::Subscription),
        );
        let definition = self.schema.schema_definition.make_mut();
        definition.description = element.description.take();
        definition.directives = element.into_schema_directives();
        definition.query = query;
        definition.mutation = mutation;
        definition.subscription = subscription;
    }
}
