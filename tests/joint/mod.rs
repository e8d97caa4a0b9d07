//! The joint schema over the example records, asked over HTTP, on every database there is.

mod arguments;
mod clearance;
mod cost;
pub(crate) mod example;
mod expiring;
mod failures;
mod labels;
mod landing;
mod levels;
mod nodes;
mod parties;
mod recorded;
