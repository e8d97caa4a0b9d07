//! What operators see of the service as it runs: what it counts, and traces where they are
//! exported.

mod collector;
mod context;
mod labels;
mod metrics;
mod preparation;
mod traces;
mod watched;

pub use context::{adopt, fail, find_trace_id, hand_on, kind, set_attribute};
pub use labels::{Cache, Lookup, Step};
pub use metrics::{FetchEnd, Format, Metrics, RequestEnd};
pub use preparation::Preparation;
pub use traces::{Traces, TracesError, is_logged};
