//! What decides which fields of an operation a caller gets.

use crate::{
    authorize::{Relevant, Requirements, Satisfied},
    index::LabelSet,
};

/// What decides what a caller gets of an operation.
#[derive(Clone, Copy, Debug)]
pub struct Access<'a> {
    /// All requirements of the supergraph.
    pub requirements: &'a Requirements,
    /// Those that can matter to the operation.
    pub relevant: &'a Relevant,
    /// Those that the caller meets.
    pub satisfied: &'a Satisfied,
    /// Labels of progressive override that are on for the request; the others are off.
    pub labels: &'a LabelSet,
}
