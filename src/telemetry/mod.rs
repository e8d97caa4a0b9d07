//! What operators are told of the service as it runs: what it counts.

mod labels;
mod metrics;
mod preparation;

pub use labels::{Cache, Lookup, Step};
pub use metrics::{FetchEnd, Format, Metrics, RequestEnd};
pub use preparation::Preparation;
