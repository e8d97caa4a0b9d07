//! Sources that register while the service runs: what they may do, what a change would break, and
//! which supergraph they make together with the embedded ones.

pub mod access;
mod bare;
pub mod check;
mod coordinate;
pub mod declarations;
pub mod default_level;
pub mod drift;
mod export;
mod fetch;
pub mod follow;
pub mod hash;
pub mod history;
mod joint;
pub mod level;
pub mod name;
pub mod plain;
pub mod reads;
pub mod recording;
pub mod report;
pub mod rules;
mod running;
mod schema;
pub mod service;
pub mod state;
pub mod store;
mod subscriptions;
pub mod written;

use std::sync::Arc;

pub use export::{ExportError, export, levels, levels_document};
pub use joint::{Joint, JointError};
pub use running::RunningRegistry;
pub use schema::{RegistryCell, source};

use crate::{
    audit_trail::{self, TrailCell},
    embedded,
    reviews::ReviewCell,
    sealing,
    sources::Source,
};

/// The sources of the joint schema that run in this process: the mandates', the seals of records, the audit
/// trail and the registry.
pub fn joint_sources(
    cell: RegistryCell,
    trail: TrailCell,
    review: ReviewCell,
) -> Vec<Arc<dyn Source>> {
    let mut joint = embedded::sources_with(review);
    joint.push(sealing::source(trail.clone()));
    joint.push(audit_trail::source(trail));
    joint.push(source(cell));
    joint
}
