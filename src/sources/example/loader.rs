//! Batches of the example's records.

use super::{notice, store};
use crate::{
    database::Database,
    vocabulary::{RequestLoader, Viewer, list_loader, row_loader},
};

/// Reads the example's records for one request.
#[derive(Debug)]
pub(crate) struct ExampleLoader {
    /// Where they are.
    pub(crate) database: Database,
    /// For whom.
    pub(crate) viewer: Viewer,
}

/// The loader as a request holds it.
pub(crate) type Example = RequestLoader<ExampleLoader>;

row_loader! {
    /// A notice, by its id in the graph.
    NoticeId(String), ExampleLoader, notice.public_id = PublicId, store::open_notices
}
list_loader! {
    /// The notices on a situation.
    NoticesOf, ExampleLoader, notice.situation_id = SituationId, store::open_notices
}
