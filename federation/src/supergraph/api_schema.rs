//! The API schema: a supergraph without `@inaccessible` elements and without what composition added.

use apollo_compiler::{
    Name, Node, Schema,
    ast::{DirectiveList, FieldDefinition, InputValueDefinition},
    name,
    schema::{Component, ExtendedType},
    ty,
    validation::Valid,
};
use indexmap::IndexSet;

use super::{Features, SupergraphError, features::client_directives};
use crate::invalid::describe;

struct Pruner {
    inaccessible: String,
    kept_directives: IndexSet<Name>,
    hidden: IndexSet<Name>,
}

/// Derives the API schema: deletes `@inaccessible` elements with all that refers to them, the
/// elements of linked features and type-system directives.
pub(super) fn api_schema(
    schema: &Valid<Schema>,
    features: &Features,
) -> Result<Valid<Schema>, SupergraphError> {
    let mut api = Schema::clone(schema);
    let inaccessible = features.directive("inaccessible", "inaccessible");
    let hidden = schema
        .types
        .iter()
        .filter(|(name, definition)| {
            !definition.is_built_in()
                && (features.owns_type(name) || definition.directives().has(&inaccessible))
        })
        .map(|(name, _)| name.clone())
        .collect();
    let mut pruner = Pruner {
        inaccessible,
        kept_directives: client_directives(schema, features),
        hidden,
    };
    // A type that loses its last field is hidden too, and so are references to it.
    loop {
        let before = pruner.hidden.len();
        pruner.prune(&mut api);
        if pruner.hidden.len() == before {
            break;
        }
    }
    pruner.strip_directives(&mut api);
    add_is_one_of(&mut api);
    api.validate()
        .map_err(|invalid| SupergraphError::ApiSchema(describe(&invalid.errors)))
}

/// `__Type.isOneOf`, which `apollo-compiler` does not have.
///
/// <https://spec.graphql.org/September2025/#sec-The-__Type-Type.Fields-and-Input-Fields>
fn add_is_one_of(api: &mut Schema) {
    let Some(ExtendedType::Object(type_)) = api.types.get_mut("__Type") else {
        return;
    };
    let field = FieldDefinition {
        description: None,
        name: name!("isOneOf"),
        arguments: Vec::new(),
        ty: ty!(Boolean),
        directives: DirectiveList::default(),
    };
    let fields = &mut type_.make_mut().fields;
    fields
        .entry(field.name.clone())
        .or_insert_with(|| Component::new(field));
}

impl Pruner {
    fn prune(&mut self, api: &mut Schema) {
        api.types.retain(|name, _| !self.hidden.contains(name));
        let mut emptied = Vec::new();
        for (name, definition) in &mut api.types {
            if definition.is_built_in() {
                continue;
            }
            if self.prune_type(definition) {
                emptied.push(name.clone());
            }
        }
        self.hidden.extend(emptied);
        let roots = api.schema_definition.make_mut();
        for root in [
            &mut roots.query,
            &mut roots.mutation,
            &mut roots.subscription,
        ] {
            if root
                .as_ref()
                .is_some_and(|root| self.hidden.contains(&root.name))
            {
                *root = None;
            }
        }
        for definition in api.directive_definitions.values_mut() {
            let mut arguments = definition.arguments.iter();
            if arguments.any(|argument| self.is_hidden_input(argument)) {
                let arguments = &mut definition.make_mut().arguments;
                arguments.retain(|argument| !self.is_hidden_input(argument));
            }
        }
    }

    /// Deletes hidden parts of a type; returns whether nothing is left.
    fn prune_type(&self, definition: &mut ExtendedType) -> bool {
        match definition {
            ExtendedType::Scalar(_) => false,
            ExtendedType::Object(object) => {
                let object = object.make_mut();
                object
                    .implements_interfaces
                    .retain(|interface| !self.hidden.contains(&interface.name));
                self.prune_fields(&mut object.fields);
                object.fields.is_empty()
            }
            ExtendedType::Interface(interface) => {
                let interface = interface.make_mut();
                interface
                    .implements_interfaces
                    .retain(|parent| !self.hidden.contains(&parent.name));
                self.prune_fields(&mut interface.fields);
                interface.fields.is_empty()
            }
            ExtendedType::Union(union) => {
                let union = union.make_mut();
                union
                    .members
                    .retain(|member| !self.hidden.contains(&member.name));
                union.members.is_empty()
            }
            ExtendedType::Enum(enum_) => {
                let enum_ = enum_.make_mut();
                enum_
                    .values
                    .retain(|_, value| !value.directives.has(&self.inaccessible));
                enum_.values.is_empty()
            }
            ExtendedType::InputObject(input) => {
                let input = input.make_mut();
                input.fields.retain(|_, field| !self.is_hidden_input(field));
                input.fields.is_empty()
            }
        }
    }

    fn prune_fields(
        &self,
        fields: &mut apollo_compiler::collections::IndexMap<Name, Component<FieldDefinition>>,
    ) {
        fields.retain(|_, field| {
            !field.directives.has(&self.inaccessible)
                && !self.hidden.contains(field.ty.inner_named_type())
        });
        for field in fields.values_mut() {
            if field
                .arguments
                .iter()
                .any(|argument| self.is_hidden_input(argument))
            {
                let arguments = &mut field.make_mut().arguments;
                arguments.retain(|argument| !self.is_hidden_input(argument));
            }
        }
    }

    fn is_hidden_input(&self, input: &InputValueDefinition) -> bool {
        input.directives.has(&self.inaccessible)
            || self.hidden.contains(input.ty.inner_named_type())
    }

    /// Deletes the directive definitions and applications that are not for clients.
    fn strip_directives(&self, api: &mut Schema) {
        api.directive_definitions
            .retain(|name, _| self.kept_directives.contains(name));
        let kept = &self.kept_directives;
        for definition in api.directive_definitions.values_mut() {
            if !definition.is_built_in() {
                strip_arguments(&mut definition.make_mut().arguments, kept);
            }
        }
        let roots = api.schema_definition.make_mut();
        roots
            .directives
            .0
            .retain(|directive| kept.contains(&directive.name));
        for definition in api.types.values_mut() {
            if !definition.is_built_in() {
                strip_type(definition, kept);
            }
        }
    }
}

fn strip_type(definition: &mut ExtendedType, kept: &IndexSet<Name>) {
    let strip = |directives: &mut apollo_compiler::schema::DirectiveList| {
        directives
            .0
            .retain(|directive| kept.contains(&directive.name));
    };
    match definition {
        ExtendedType::Scalar(scalar) => strip(&mut scalar.make_mut().directives),
        ExtendedType::Object(object) => {
            let object = object.make_mut();
            strip(&mut object.directives);
            object
                .fields
                .values_mut()
                .for_each(|field| strip_field(field, kept));
        }
        ExtendedType::Interface(interface) => {
            let interface = interface.make_mut();
            strip(&mut interface.directives);
            interface
                .fields
                .values_mut()
                .for_each(|field| strip_field(field, kept));
        }
        ExtendedType::Union(union) => strip(&mut union.make_mut().directives),
        ExtendedType::Enum(enum_) => {
            let enum_ = enum_.make_mut();
            strip(&mut enum_.directives);
            for value in enum_.values.values_mut() {
                let value = value.make_mut();
                value
                    .directives
                    .0
                    .retain(|directive| kept.contains(&directive.name));
            }
        }
        ExtendedType::InputObject(input) => {
            let input = input.make_mut();
            strip(&mut input.directives);
            for field in input.fields.values_mut() {
                let field = field.make_mut();
                field
                    .directives
                    .0
                    .retain(|directive| kept.contains(&directive.name));
            }
        }
    }
}

fn strip_field(field: &mut Component<FieldDefinition>, kept: &IndexSet<Name>) {
    let field = field.make_mut();
    field
        .directives
        .0
        .retain(|directive| kept.contains(&directive.name));
    strip_arguments(&mut field.arguments, kept);
}

fn strip_arguments(arguments: &mut [Node<InputValueDefinition>], kept: &IndexSet<Name>) {
    for argument in arguments {
        let argument = argument.make_mut();
        argument
            .directives
            .0
            .retain(|directive| kept.contains(&directive.name));
    }
}
