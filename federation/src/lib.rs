//! A GraphQL federation engine: compose subgraphs, plan operations, execute plans.
//!
//! It has no socket, clock, environment or thread of its own: all I/O goes through
//! [`Transport`], and only execution awaits.

pub mod authorize;
pub mod compose;
pub mod diagnostic;
pub mod difference;
pub mod error;
pub mod execute;
pub mod gateway;
pub mod grants;
pub mod index;
pub mod operation;
pub mod plan;
pub mod request;
pub mod response;
pub mod subgraph;
pub mod supergraph;
