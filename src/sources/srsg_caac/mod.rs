//! SRSG-CAAC: the six grave violations against children, and the parties listed for five of them.

mod figure;
mod ids;
mod loader;
mod records;
mod schema;
mod service;
mod store;
mod suppressed;
mod tally;
mod terms;

use std::sync::Arc;

use entities::{caac_listing, violation_count};

use super::{
    mandate::{Mandate, NodeType},
    subgraph::Subgraph,
};
use crate::vocabulary::column_of;

/// What the rest of the service knows of SRSG-CAAC.
pub(super) static MANDATE: Mandate = Mandate {
    name: "srsg_caac",
    entity: "SRSG_CAAC",
    source: |identity| Arc::new(Subgraph::new(identity, schema::Query, schema::register)),
    block: ids::BLOCK,
    nodes: &[NodeType::open(ids::LISTING, |viewer| {
        column_of(
            store::current_listings(viewer),
            caac_listing::Column::PublicId,
        )
    })],
    parties: &[
        |viewer| {
            column_of(
                store::current_listings(viewer),
                caac_listing::Column::PartyId,
            )
        },
        |viewer| {
            column_of(
                store::working_parties(viewer),
                violation_count::Column::PartyId,
            )
        },
    ],
    suppressed: &[suppressed::FIGURES],
    records: records::ALL,
};
