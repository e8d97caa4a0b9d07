//! A plain server's names and those it bears in the joint schema.

use apollo_compiler::{
    Name,
    ast::{Definition, Document, OperationType},
};
use indexmap::IndexMap;

/// Which name is called what: the server's own on the left.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    types: IndexMap<Name, Name>,
    roots: IndexMap<OperationType, Name>,
    prefix: String,
}

/// Scalars of GraphQL itself keep their names.
const BUILT_IN: [&str; 5] = ["Boolean", "Float", "ID", "Int", "String"];

impl Names {
    /// The names of a server's document under a prefix: `Prefix_Type`, `prefix_field`.
    pub fn of(document: &Document, prefix: &str) -> Option<Self> {
        let mut roots = IndexMap::new();
        for definition in &document.definitions {
            if let Definition::SchemaDefinition(schema) = definition {
                roots.extend(
                    schema
                        .root_operations
                        .iter()
                        .map(|root| (root.0, root.1.clone())),
                );
            }
        }
        if roots.is_empty() {
            for operation in [OperationType::Query, OperationType::Mutation] {
                let name = operation.default_type_name().clone();
                let is_there = document
                    .definitions
                    .iter()
                    .any(|each| each.name() == Some(&name));
                if is_there {
                    roots.insert(operation, name);
                }
            }
        }
        let mut types = IndexMap::new();
        for definition in &document.definitions {
            let Some(name) = type_name(definition) else {
                continue;
            };
            let root = roots.iter().find(|(_, root)| *root == name);
            let new = match root {
                Some((operation, _)) => operation.default_type_name().clone(),
                None => Name::new(&format!("{}_{name}", capitalised(prefix))).ok()?,
            };
            types.insert(name.clone(), new);
        }
        Some(Self {
            types,
            roots,
            prefix: prefix.to_owned(),
        })
    }

    /// A type's name in the joint schema.
    pub fn joint_type(&self, own: &Name) -> Name {
        self.types.get(own).unwrap_or(own).clone()
    }

    /// A type's name at the server, if it is one of its.
    pub fn find_own_type(&self, joint: &str) -> Option<&Name> {
        let found = self.types.iter().find(|(_, new)| **new == joint);
        found.map(|(own, _)| own)
    }

    /// A root field's name in the joint schema.
    pub fn joint_root_field(&self, own: &Name) -> Option<Name> {
        Name::new(&format!("{}_{own}", self.prefix)).ok()
    }

    /// A root field's name at the server.
    pub fn find_own_root_field(&self, joint: &str) -> Option<Name> {
        let own = joint.strip_prefix(&self.prefix)?.strip_prefix('_')?;
        Name::new(own).ok()
    }

    /// Whether a type, by its own name, is a root.
    pub fn is_root(&self, own: &Name) -> bool {
        self.roots.values().any(|root| root == own)
    }
}

fn type_name(definition: &Definition) -> Option<&Name> {
    let is_type = matches!(
        definition,
        Definition::ScalarTypeDefinition(_)
            | Definition::ObjectTypeDefinition(_)
            | Definition::InterfaceTypeDefinition(_)
            | Definition::UnionTypeDefinition(_)
            | Definition::EnumTypeDefinition(_)
            | Definition::InputObjectTypeDefinition(_)
    );
    let name = definition.name().filter(|_| is_type)?;
    let is_own = !BUILT_IN.contains(&name.as_str()) && !name.starts_with("__");
    is_own.then_some(name)
}

fn capitalised(prefix: &str) -> String {
    let mut letters = prefix.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
