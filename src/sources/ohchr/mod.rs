//! OHCHR: presences, Special Procedures, recommendations, casualty records, signals.

mod group;
mod ids;
mod loader;
mod records;
mod schema;
mod service;
mod store;
mod suppressed;
mod terms;

use std::sync::Arc;

use entities::{communication, field_presence, recommendation, signal};

use super::{
    mandate::{Mandate, NodeType},
    subgraph::Subgraph,
};
use crate::vocabulary::column_of;

/// What the rest of the service knows of OHCHR.
pub(super) static MANDATE: Mandate = Mandate {
    name: "ohchr",
    entity: "OHCHR",
    source: |identity| Arc::new(Subgraph::new(identity, schema::Query, schema::register)),
    block: ids::BLOCK,
    nodes: &[
        NodeType::open(ids::PRESENCE, |viewer| {
            column_of(
                store::current_presences(viewer),
                field_presence::Column::PublicId,
            )
        }),
        NodeType::open(ids::RECOMMENDATION, |viewer| {
            column_of(
                store::recommendations(viewer),
                recommendation::Column::PublicId,
            )
        }),
        NodeType::open(ids::COMMUNICATION, |viewer| {
            column_of(
                store::current_communications(viewer),
                communication::Column::PublicId,
            )
        }),
        NodeType::confidential(ids::SIGNAL, |viewer| {
            column_of(store::current_signals(viewer), signal::Column::PublicId)
        }),
    ],
    parties: &[],
    suppressed: &[suppressed::FIGURES],
    records: records::ALL,
};
