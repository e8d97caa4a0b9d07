//! Makes an empty type of each kind, which merging fills.

use apollo_compiler::collections::{IndexMap, IndexSet};
use apollo_compiler::schema::{
    DirectiveList, EnumType, ExtendedType, InputObjectType, InterfaceType, ObjectType, ScalarType,
    UnionType,
};
use apollo_compiler::{Name, Node};

use super::type_sources::Kind;

/// An empty type.
pub(super) fn empty_type(name: &Name, kind: Kind) -> ExtendedType {
    let name = name.clone();
    let directives = DirectiveList::default();
    match kind {
        Kind::Scalar => ExtendedType::Scalar(Node::new(ScalarType {
            description: None,
            name,
            directives,
        })),
        Kind::Object => ExtendedType::Object(Node::new(ObjectType {
            description: None,
            name,
            implements_interfaces: IndexSet::default(),
            directives,
            fields: IndexMap::default(),
        })),
        Kind::Interface => ExtendedType::Interface(Node::new(InterfaceType {
            description: None,
            name,
            implements_interfaces: IndexSet::default(),
            directives,
            fields: IndexMap::default(),
        })),
        Kind::Union => ExtendedType::Union(Node::new(UnionType {
            description: None,
            name,
            directives,
            members: IndexSet::default(),
        })),
        Kind::Enum => ExtendedType::Enum(Node::new(EnumType {
            description: None,
            name,
            directives,
            values: IndexMap::default(),
        })),
        Kind::InputObject => ExtendedType::InputObject(Node::new(InputObjectType {
            description: None,
            name,
            directives,
            fields: IndexMap::default(),
        })),
    }
}
