//! Builds a schema from a document. Root types have their default names where the document does not
//! name them.

use apollo_compiler::{
    Schema,
    ast::{Definition, Document, OperationType},
    schema::ComponentName,
};

/// Builds a schema. Errors of the document itself have been reported before.
pub(super) fn build(document: &Document) -> Schema {
    let builder = Schema::builder()
        .adopt_orphan_extensions()
        .ignore_builtin_redefinitions();
    let mut schema = match builder.add_ast(document).build() {
        Ok(schema) => schema,
        Err(errors) => errors.partial,
    };
    let is_defined =
        |definition: &Definition| matches!(definition, Definition::SchemaDefinition(_));
    if !document.definitions.iter().any(is_defined) {
        add_default_roots(&mut schema);
    }
    schema
}

// `extend schema { mutation: … }` adds to the root types with default names.
fn add_default_roots(schema: &mut Schema) {
    let default = |operation: OperationType| {
        let name = operation.default_type_name();
        let is_object = schema.get_object(&name).is_some();
        is_object.then(|| ComponentName::from(name))
    };
    let (query, mutation, subscription) = (
        default(OperationType::Query),
        default(OperationType::Mutation),
        default(OperationType::Subscription),
    );
    let roots = schema.schema_definition.make_mut();
    roots.query = roots.query.take().or(query);
    roots.mutation = roots.mutation.take().or(mutation);
    roots.subscription = roots.subscription.take().or(subscription);
}
