//! `__schema` and `__type`, answered from the API schema within a bound.

pub(crate) mod answer;
pub(crate) mod cost;
pub(crate) mod one_of;
