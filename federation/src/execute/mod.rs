//! Plans to answers. The only module that awaits.

mod answer;
mod asked;
mod errors;
mod ingest;
mod ingested;
mod introspection;
mod introspection_cost;
mod json;
mod leaf;
mod report;
mod representations;
mod schedule;
mod settle;
mod slots;
mod targets;
mod transport;
mod tree;
mod write;

pub use introspection::Introspection;
pub use schedule::Execution;
pub use transport::{Answer, Sink, Transport, Walk};
pub use write::IntrospectionAnswers;
