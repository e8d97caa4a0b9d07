//! Selects which root fields of a plain server come into the joint schema.
//!
//! Left out are: mutations that its entity did not name, all subscriptions (the gateway serves none), what
//! serves federation (`_entities`, `_service`), the interfaces that roots implement (their fields
//! are renamed, so that roots no longer have those of the interface), and fields that lead back to
//! a root (`query: Query`): below them the root fields of all other sources would stand.

use apollo_compiler::{
    Name, Node,
    ast::{
        Argument, Definition, Directive, Document, FieldDefinition, ObjectTypeDefinition,
        OperationType, Value,
    },
    name,
};

use super::{NamedMutation, PrefixError};
use crate::gateway::Names;

/// Root fields of a server that is a subgraph as well.
const OF_FEDERATION: [&str; 2] = ["_entities", "_service"];

/// Takes out of a server's document what does not come into the joint schema.
pub(super) fn reduce(
    document: &mut Document,
    names: &Names,
    mutations: &[NamedMutation],
) -> Result<(), PrefixError> {
    must_exist(document, names, mutations)?;
    for definition in &mut document.definitions {
        match definition {
            Definition::ObjectTypeDefinition(node) => {
                let ty = node.make_mut();
                if let Some(operation) = names.find_operation(&ty.name) {
                    reduce_root(ty, operation, mutations);
                }
                ty.fields.retain(|field| !leads_to_root(field, names));
            }
            Definition::InterfaceTypeDefinition(node) => {
                let ty = node.make_mut();
                ty.fields.retain(|field| !leads_to_root(field, names));
            }
            _ => {}
        }
    }
    document.definitions.retain(|definition| match definition {
        Definition::ObjectTypeDefinition(ty) => {
            names.find_operation(&ty.name).is_none() || !ty.fields.is_empty()
        }
        _ => true,
    });
    let has_query = document.definitions.iter().any(|definition| {
        definition
            .name()
            .and_then(|name| names.find_operation(name))
            == Some(OperationType::Query)
    });
    if has_query {
        Ok(())
    } else {
        let what = "it has no root field that can be asked";
        Err(PrefixError::Schema(what.to_owned()))
    }
}

fn reduce_root(
    ty: &mut ObjectTypeDefinition,
    operation: OperationType,
    mutations: &[NamedMutation],
) {
    ty.implements_interfaces.clear();
    match operation {
        OperationType::Query => {
            ty.fields
                .retain(|field| !OF_FEDERATION.contains(&field.name.as_str()));
        }
        OperationType::Mutation => {
            ty.fields.retain_mut(|field| {
                let named = mutations.iter().find(|each| each.name == *field.name);
                if let Some(scope) = named.and_then(|named| named.scope.as_deref()) {
                    guard(field, scope);
                }
                named.is_some()
            });
        }
        OperationType::Subscription => ty.fields.clear(),
    }
}

/// Marks a field with the scope it needs, unless the schema says more.
fn guard(field: &mut Node<FieldDefinition>, scope: &str) {
    if field.directives.has("requiresScopes") {
        return;
    }
    let all = Value::List(vec![Node::new(Value::from(scope))]);
    field.make_mut().directives.push(Node::new(Directive {
        name: name!("requiresScopes"),
        arguments: vec![Node::new(Argument {
            name: name!("scopes"),
            value: Node::new(Value::List(vec![Node::new(all)])),
        })],
    }));
}

fn leads_to_root(field: &FieldDefinition, names: &Names) -> bool {
    let target = field.ty.inner_named_type();
    names.find_operation(target).is_some()
}

fn must_exist(
    document: &Document,
    names: &Names,
    mutations: &[NamedMutation],
) -> Result<(), PrefixError> {
    let roots = document
        .definitions
        .iter()
        .filter_map(|definition| match definition {
            Definition::ObjectTypeDefinition(ty) => Some(ty),
            _ => None,
        });
    let known: Vec<&Name> = roots
        .filter(|ty| names.find_operation(&ty.name) == Some(OperationType::Mutation))
        .flat_map(|ty| ty.fields.iter().map(|field| &field.name))
        .collect();
    match mutations
        .iter()
        .find(|named| known.iter().all(|name| ***name != *named.name))
    {
        None => Ok(()),
        Some(missing) => Err(PrefixError::NoMutation {
            name: (missing.name.chars().take(64).collect::<String>())
                .escape_debug()
                .to_string(),
            known: known.iter().map(ToString::to_string).collect(),
        }),
    }
}
