//! `__schema` and `__type`, answered from the API schema within a bound.
//!
//! In: the API schema, an operation and the values of its variables. Out: the JSON text of each such
//! field, by response name, or a refusal. Called while an operation is prepared; where it has variables,
//! for each request. Invariant: the size of the answer is bounded before any of it is made.

pub(crate) mod answer;
pub(crate) mod cost;
pub(crate) mod one_of;
