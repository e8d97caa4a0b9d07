//! Projections: how slots are written as the client's answer.

use std::sync::Arc;

use super::{
    ids::{ProjectionId, SlotId},
    leaf_kind::LeafKind,
};
use crate::index::TypeSet;

/// How an object is written.
#[derive(Debug)]
pub struct Projection {
    /// The client's type at this place: for `__typename` checks of hidden types.
    pub variants: Vec<ProjectionVariant>,
}

/// How an object of certain runtime types is written; the first variant that fits is used. An
/// object that none fits (of a type not in the API schema) is written as null.
#[derive(Debug)]
pub struct ProjectionVariant {
    /// Runtime types it is for; `None` fits all.
    pub types: Option<TypeSet>,
    /// Fields in the client's order.
    pub fields: Vec<ProjectionField>,
}

/// A field of the answer.
#[derive(Debug)]
pub struct ProjectionField {
    /// The client's response name.
    pub response_name: Box<str>,
    /// `"name":` as JSON text.
    pub key: Box<[u8]>,
    /// Where the value comes from.
    pub source: ValueSource,
    /// Its type in the API schema.
    pub output: OutputType,
}

/// Where a field's value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueSource {
    /// A slot of the object.
    Slot(SlotId),
    /// The name of the object's runtime type.
    Typename,
    /// A name known when planning, as JSON text.
    Constant(Box<[u8]>),
    /// Null because the caller may not see it, without an error.
    Withheld,
    /// The answer to `__schema` or `__type` under this response name.
    Introspection,
}

/// An output type of the API schema, with what a leaf may hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutputType {
    /// A list.
    List {
        /// Whether null is not allowed here.
        non_null: bool,
        /// Type of its items.
        item: Box<OutputType>,
    },
    /// A leaf.
    Leaf {
        /// Whether null is not allowed here.
        non_null: bool,
        /// JSON it may be.
        kind: LeafKind,
        /// The values of an enum that the API schema shows; others are written as null.
        values: Option<Arc<apollo_compiler::collections::IndexSet<Box<str>>>>,
    },
    /// An object.
    Object {
        /// Whether null is not allowed here.
        non_null: bool,
        /// Name of the declared type, for messages.
        type_name: Arc<str>,
        /// How it is written.
        projection: ProjectionId,
    },
}
