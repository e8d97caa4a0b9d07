//! Plans to answers. The only module that awaits.
//!
//! A plan, the values of variables and a [`Transport`] in, the text of the answer, its errors and a
//! report of each fetch out. What one execution holds at a time is bounded by its budget.

mod answer;
mod answered;
mod asked;
mod commit;
mod conclude;
mod drive;
mod execution;
mod explain;
mod in_flight;
mod ingest;
mod ingest_frame;
mod ingested;
mod introspection;
mod introspection_cost;
mod introspection_one_of;
mod invalid;
mod leaf;
mod merge;
mod pace;
mod placed;
mod prepare;
mod progress;
mod report;
mod reported;
mod representations;
mod schedule;
mod settle;
mod slots;
mod targets;
mod told;
mod transport;
mod tree;
mod variables;
mod write;
mod write_frame;
mod written;

pub use execution::{ALLOWANCE, Execution};
pub use introspection::Introspection;
pub use schedule::Receipts;
pub use transport::{Answer, Sink, Transport, Verdict, Walk};
pub use write::IntrospectionAnswers;
