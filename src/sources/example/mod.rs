//! An invented mandate, there in tests alone: a folder and an entry in the list of mandates are all
//! that it takes. `cli/mandate_test.rs` asks the joint schema for what it holds.

mod ids;
mod loader;
pub mod notice;
mod records;
mod schema;
mod store;

use std::sync::Arc;

use super::{
    mandate::{Mandate, NodeType},
    subgraph::Subgraph,
};
use crate::vocabulary::column_of;

/// What the rest of the service knows of the example.
pub(super) static MANDATE: Mandate = Mandate {
    name: "example_office",
    entity: "EXAMPLE_OFFICE",
    source: |identity| Arc::new(Subgraph::new(identity, schema::Query, schema::register)),
    block: ids::BLOCK,
    nodes: &[NodeType::open(ids::NOTICE, |viewer| {
        column_of(store::open_notices(viewer), notice::Column::PublicId)
    })],
    parties: &[|viewer| column_of(store::open_notices(viewer), notice::Column::PartyId)],
    suppressed: &[],
    records: records::ALL,
};
