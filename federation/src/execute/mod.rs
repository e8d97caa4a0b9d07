//! Plans to answers. The only module that awaits.

mod answer;
mod asked;
mod commit;
mod conclude;
mod drive;
mod explain;
mod ingest;
mod ingested;
mod introspection;
mod introspection_cost;
mod introspection_one_of;
mod leaf;
mod merge;
mod pace;
mod placed;
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
mod write;
mod written;

pub use introspection::Introspection;
pub use schedule::{ALLOWANCE, Execution};
pub use transport::{Answer, Sink, Transport, Verdict, Walk};
pub use write::IntrospectionAnswers;
