//! Lists what of a plain server is left out of the joint schema, for its entity.

use apollo_compiler::ast::{Definition, Document, ObjectTypeDefinition, OperationType};

use super::NamedMutation;
use crate::gateway::Names;

/// How many names are listed in one sentence.
const MOST_NAMED: usize = 10;

/// A sentence for each kind of what stays out, by the server's own names.
pub fn left_out(sdl: &str, mutations: &[NamedMutation]) -> Vec<String> {
    let Ok(document) = Document::parse(sdl, "source.graphql") else {
        return Vec::new();
    };
    let names = Names::of(&document, "");
    let mut unnamed = Vec::new();
    let mut subscriptions = Vec::new();
    let mut back = Vec::new();
    for definition in &document.definitions {
        let (name, fields) = match definition {
            Definition::ObjectTypeDefinition(ty) => (&ty.name, &ty.fields),
            Definition::InterfaceTypeDefinition(ty) => (&ty.name, &ty.fields),
            _ => continue,
        };
        let operation = match definition {
            Definition::ObjectTypeDefinition(ty) => operation_of(ty, &names),
            _ => None,
        };
        for field in fields {
            let is_named = || mutations.iter().any(|each| each.name == *field.name);
            let target = field.ty.inner_named_type();
            match operation {
                Some(OperationType::Subscription) => subscriptions.push(field.name.to_string()),
                Some(OperationType::Mutation) if !is_named() => {
                    unnamed.push(field.name.to_string());
                }
                _ if names.find_operation(target).is_some() => {
                    back.push(format!("{name}.{}", field.name));
                }
                _ => {}
            }
        }
    }
    let told = [
        ("mutations that are not named with `--mutation`", unnamed),
        ("subscriptions", subscriptions),
        ("fields that lead back to a root type", back),
    ];
    let told = told.into_iter().filter(|(_, names)| !names.is_empty());
    told.map(|(what, names)| told_left_out(what, &names))
        .collect()
}

/// The sentence for one kind of what stays out.
pub fn told_left_out(what: &str, names: &[String]) -> String {
    format!("Left out are {what}: {}.", listed(names))
}

/// The operation that a type serves. Introspection is not asked which type serves subscriptions.
fn operation_of(ty: &ObjectTypeDefinition, names: &Names) -> Option<OperationType> {
    let by_name = (ty.name == "Subscription").then_some(OperationType::Subscription);
    names.find_operation(&ty.name).or(by_name)
}

fn listed(names: &[String]) -> String {
    let some = names.iter().take(MOST_NAMED);
    let some: Vec<_> = some.map(|name| format!("`{name}`")).collect();
    match names.len().saturating_sub(MOST_NAMED) {
        0 => some.join(", "),
        more => format!("{} and {more} more", some.join(", ")),
    }
}
