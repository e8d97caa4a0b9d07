//! Second pass: which subgraph serves which field. In: the positions of an operation. Out: for each
//! root position the cheapest [`Solution`](solution::Solution): rounds first, then fetches, then
//! fields. Invariant: a solution serves all that is asked at its position and below.

mod candidates;
mod coverage;
mod decide;
mod dominate;
mod evaluate;
mod explain;
mod inputs;
mod place;
mod placing;
pub(crate) mod planner;
mod reuse;
mod roots;
pub(crate) mod solution;
mod solve;
mod survey;
mod usage;

pub(crate) use roots::{Root, search};
