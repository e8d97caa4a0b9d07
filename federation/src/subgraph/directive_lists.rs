//! Every list of directives in a document.

use apollo_compiler::{
    Node,
    ast::{
        Definition, DirectiveList, Document, EnumValueDefinition, FieldDefinition,
        InputValueDefinition,
    },
};

/// Calls for each list of directives.
pub(super) fn visit(document: &Document, visit: &mut dyn FnMut(&DirectiveList)) {
    for definition in &document.definitions {
        visit(definition.directives());
        let (fields, inputs, values) = parts(definition);
        for field in fields {
            visit(&field.directives);
            field
                .arguments
                .iter()
                .for_each(|argument| visit(&argument.directives));
        }
        for input in inputs {
            visit(&input.directives);
        }
        for value in values {
            visit(&value.directives);
        }
    }
}

type Parts<'a> = (
    &'a [Node<FieldDefinition>],
    &'a [Node<InputValueDefinition>],
    &'a [Node<EnumValueDefinition>],
);

fn parts(definition: &Definition) -> Parts<'_> {
    match definition {
        Definition::ObjectTypeDefinition(it) => (&it.fields, &[], &[]),
        Definition::ObjectTypeExtension(it) => (&it.fields, &[], &[]),
        Definition::InterfaceTypeDefinition(it) => (&it.fields, &[], &[]),
        Definition::InterfaceTypeExtension(it) => (&it.fields, &[], &[]),
        Definition::InputObjectTypeDefinition(it) => (&[], &it.fields, &[]),
        Definition::InputObjectTypeExtension(it) => (&[], &it.fields, &[]),
        Definition::DirectiveDefinition(it) => (&[], &it.arguments, &[]),
        Definition::EnumTypeDefinition(it) => (&[], &[], &it.values),
        Definition::EnumTypeExtension(it) => (&[], &[], &it.values),
        _ => (&[], &[], &[]),
    }
}

/// Calls for each list of directives, to change it.
pub(super) fn visit_mut(document: &mut Document, visit: &mut dyn FnMut(&mut DirectiveList)) {
    for definition in &mut document.definitions {
        own(definition, visit);
        match definition {
            Definition::ObjectTypeDefinition(it) => fields(&mut it.make_mut().fields, visit),
            Definition::ObjectTypeExtension(it) => fields(&mut it.make_mut().fields, visit),
            Definition::InterfaceTypeDefinition(it) => fields(&mut it.make_mut().fields, visit),
            Definition::InterfaceTypeExtension(it) => fields(&mut it.make_mut().fields, visit),
            Definition::InputObjectTypeDefinition(it) => inputs(&mut it.make_mut().fields, visit),
            Definition::InputObjectTypeExtension(it) => inputs(&mut it.make_mut().fields, visit),
            Definition::DirectiveDefinition(it) => inputs(&mut it.make_mut().arguments, visit),
            Definition::EnumTypeDefinition(it) => values(&mut it.make_mut().values, visit),
            Definition::EnumTypeExtension(it) => values(&mut it.make_mut().values, visit),
            _ => {}
        }
    }
}

fn own(definition: &mut Definition, visit: &mut dyn FnMut(&mut DirectiveList)) {
    visit(match definition {
        Definition::SchemaDefinition(it) => &mut it.make_mut().directives,
        Definition::SchemaExtension(it) => &mut it.make_mut().directives,
        Definition::ScalarTypeDefinition(it) => &mut it.make_mut().directives,
        Definition::ScalarTypeExtension(it) => &mut it.make_mut().directives,
        Definition::ObjectTypeDefinition(it) => &mut it.make_mut().directives,
        Definition::ObjectTypeExtension(it) => &mut it.make_mut().directives,
        Definition::InterfaceTypeDefinition(it) => &mut it.make_mut().directives,
        Definition::InterfaceTypeExtension(it) => &mut it.make_mut().directives,
        Definition::UnionTypeDefinition(it) => &mut it.make_mut().directives,
        Definition::UnionTypeExtension(it) => &mut it.make_mut().directives,
        Definition::EnumTypeDefinition(it) => &mut it.make_mut().directives,
        Definition::EnumTypeExtension(it) => &mut it.make_mut().directives,
        Definition::InputObjectTypeDefinition(it) => &mut it.make_mut().directives,
        Definition::InputObjectTypeExtension(it) => &mut it.make_mut().directives,
        Definition::DirectiveDefinition(_)
        | Definition::OperationDefinition(_)
        | Definition::FragmentDefinition(_) => return,
    });
}

fn fields(list: &mut [Node<FieldDefinition>], visit: &mut dyn FnMut(&mut DirectiveList)) {
    for field in list {
        let field = field.make_mut();
        visit(&mut field.directives);
        inputs(&mut field.arguments, visit);
    }
}

fn inputs(list: &mut [Node<InputValueDefinition>], visit: &mut dyn FnMut(&mut DirectiveList)) {
    for input in list {
        visit(&mut input.make_mut().directives);
    }
}

fn values(list: &mut [Node<EnumValueDefinition>], visit: &mut dyn FnMut(&mut DirectiveList)) {
    for value in list {
        visit(&mut value.make_mut().directives);
    }
}
