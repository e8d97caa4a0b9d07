//! SRSG-SVC: conflict-related sexual violence, and the parties credibly suspected of it.

mod ids;
mod loader;
mod records;
mod schema;
mod service;
mod store;
mod suppressed;
mod terms;

use std::sync::Arc;

use entities::crsv_listing;

use super::{
    mandate::{Mandate, NodeType},
    subgraph::Subgraph,
};
use crate::vocabulary::column_of;

/// What the rest of the service knows of SRSG-SVC.
pub(super) static MANDATE: Mandate = Mandate {
    name: "srsg_svc",
    entity: "SRSG_SVC",
    source: |identity| Arc::new(Subgraph::new(identity, schema::Query, schema::register)),
    block: ids::BLOCK,
    nodes: &[NodeType::open(ids::LISTING, |viewer| {
        column_of(
            store::current_listings(viewer),
            crsv_listing::Column::PublicId,
        )
    })],
    parties: &[|viewer| {
        column_of(
            store::current_listings(viewer),
            crsv_listing::Column::PartyId,
        )
    }],
    suppressed: &[suppressed::NATIONAL, suppressed::DIVISIONS],
    records: records::ALL,
};
