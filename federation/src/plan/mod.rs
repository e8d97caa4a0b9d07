//! Operations to plans: which subgraph is asked what, and what waits for what.

pub mod cache;
pub mod model;
