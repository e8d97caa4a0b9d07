//! The engine: composes subgraphs, plans operations, executes plans.

#![doc = include_str!("../README.md")]

pub mod authorize;
pub mod budget;
pub mod compose;
pub mod cost;
pub mod diagnostic;
pub mod difference;
pub mod error;
pub mod execute;
pub mod gateway;
pub mod grants;
pub mod index;
pub mod invalid;
mod json;
pub mod operation;
pub mod plan;
pub mod query_plan;
pub mod reachable;
pub mod request;
pub mod response;
pub mod subgraph;
mod suggest;
pub mod supergraph;
mod tokens;
