//! Removes types of a document that no operation can reach, since only root fields that are left
//! out lead to them.

use apollo_compiler::{
    Name,
    ast::{Definition, Document, FieldDefinition, InputValueDefinition},
};
use indexmap::{IndexMap, IndexSet};

use crate::gateway::Names;

/// Takes out the types that cannot be reached from the roots.
pub(super) fn drop_unreachable(document: &mut Document, names: &Names) {
    let mut leads_to: IndexMap<Name, Vec<Name>> = IndexMap::new();
    for definition in &document.definitions {
        let Some(name) = definition.name() else {
            continue;
        };
        leads_to
            .entry(name.clone())
            .or_default()
            .extend(targets(definition));
        // A type that implements an interface can be returned wherever the interface is.
        for interface in interfaces(definition) {
            let above = leads_to.entry(interface.clone()).or_default();
            above.push(name.clone());
        }
    }
    let mut reached: IndexSet<Name> = IndexSet::new();
    let roots = leads_to.keys();
    let mut work: Vec<Name> = roots
        .filter(|name| names.find_operation(name).is_some())
        .cloned()
        .collect();
    while let Some(name) = work.pop() {
        if reached.insert(name.clone()) {
            work.extend(leads_to.get(&name).into_iter().flatten().cloned());
        }
    }
    document.definitions.retain(|definition| {
        let name = definition.name();
        name.is_none_or(|name| reached.contains(name))
    });
}

fn interfaces(definition: &Definition) -> &[Name] {
    match definition {
        Definition::ObjectTypeDefinition(ty) => &ty.implements_interfaces,
        Definition::InterfaceTypeDefinition(ty) => &ty.implements_interfaces,
        _ => &[],
    }
}

fn targets(definition: &Definition) -> Vec<Name> {
    let of_inputs = |inputs: &[apollo_compiler::Node<InputValueDefinition>]| -> Vec<Name> {
        let inputs = inputs.iter();
        inputs
            .map(|input| input.ty.inner_named_type().clone())
            .collect()
    };
    let of_fields = |fields: &[apollo_compiler::Node<FieldDefinition>]| -> Vec<Name> {
        let fields = fields.iter();
        fields
            .flat_map(|field| {
                let mut all = of_inputs(&field.arguments);
                all.push(field.ty.inner_named_type().clone());
                all
            })
            .collect()
    };
    match definition {
        Definition::ObjectTypeDefinition(ty) => {
            [of_fields(&ty.fields), ty.implements_interfaces.clone()].concat()
        }
        Definition::InterfaceTypeDefinition(ty) => {
            [of_fields(&ty.fields), ty.implements_interfaces.clone()].concat()
        }
        Definition::UnionTypeDefinition(ty) => ty.members.clone(),
        Definition::InputObjectTypeDefinition(ty) => of_inputs(&ty.fields),
        _ => Vec::new(),
    }
}
