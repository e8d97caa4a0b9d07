//! Maps a plain server's names to those in the joint schema, and back.

use apollo_compiler::{
    Name,
    ast::{Definition, Document, OperationType},
};
use indexmap::IndexMap;

/// The names: `Prefix_Type` and `prefix_field`; GraphQL's own scalars keep theirs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    prefix: String,
    /// The server's own root types.
    roots: IndexMap<Name, OperationType>,
}

const BUILT_IN: [&str; 5] = ["Boolean", "Float", "ID", "Int", "String"];

impl Names {
    /// The names under a prefix.
    pub fn under(prefix: &str) -> Self {
        Self {
            prefix: prefix.to_owned(),
            roots: IndexMap::new(),
        }
    }

    /// The names of a server's document under a prefix.
    pub fn of(document: &Document, prefix: &str) -> Self {
        let mut names = Self::under(prefix);
        for definition in &document.definitions {
            if let Definition::SchemaDefinition(schema) = definition {
                let roots = schema.root_operations.iter();
                names
                    .roots
                    .extend(roots.map(|root| (root.1.clone(), root.0)));
            }
        }
        if names.roots.is_empty() {
            for operation in [
                OperationType::Query,
                OperationType::Mutation,
                OperationType::Subscription,
            ] {
                let name = operation.default_type_name().clone();
                names.roots.insert(name, operation);
            }
        }
        names
    }

    /// A type's name in the joint schema; `None` if it takes no prefix.
    pub fn find_joint_type(&self, own: &Name) -> Option<Name> {
        if let Some(operation) = self.roots.get(own) {
            return Some(operation.default_type_name().clone());
        }
        if BUILT_IN.contains(&own.as_str()) || own.starts_with("__") {
            return Some(own.clone());
        }
        Name::new(&format!("{}_{own}", capitalised(&self.prefix))).ok()
    }

    /// A type's name at the server, if it is one of its.
    pub fn find_own_type(&self, joint: &str) -> Option<Name> {
        let own = joint
            .strip_prefix(&capitalised(&self.prefix))?
            .strip_prefix('_')?;
        Name::new(own).ok()
    }

    /// A root field's name in the joint schema; `None` if it takes no prefix.
    pub fn find_joint_root_field(&self, own: &Name) -> Option<Name> {
        Name::new(&format!("{}_{own}", self.prefix)).ok()
    }

    /// A root field's name at the server.
    pub fn find_own_root_field(&self, joint: &str) -> Option<Name> {
        let own = joint.strip_prefix(&self.prefix)?.strip_prefix('_')?;
        Name::new(own).ok()
    }

    /// The operation that a type serves, by its own name.
    pub fn find_operation(&self, own: &Name) -> Option<OperationType> {
        self.roots.get(own).copied()
    }
}

fn capitalised(prefix: &str) -> String {
    let mut letters = prefix.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
