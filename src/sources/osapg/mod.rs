//! OSAPG: assessments against the Framework of Analysis for Atrocity Crimes. There is no score.

mod ids;
mod loader;
mod records;
mod schema;
mod service;
mod store;
mod terms;

use std::sync::Arc;

use entities::risk_assessment;

use super::{
    mandate::{Mandate, NodeType},
    subgraph::Subgraph,
};
use crate::vocabulary::column_of;

/// What the rest of the service knows of OSAPG.
pub(super) static MANDATE: Mandate = Mandate {
    name: "osapg",
    entity: "OSAPG",
    source: |identity| Arc::new(Subgraph::new(identity, schema::Query, schema::register)),
    block: ids::BLOCK,
    nodes: &[NodeType::confidential(ids::ASSESSMENT, |viewer| {
        column_of(
            store::current_assessments(viewer),
            risk_assessment::Column::PublicId,
        )
    })],
    parties: &[],
    suppressed: &[],
    records: records::ALL,
};
