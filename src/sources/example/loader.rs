//! Batches of the example's records.

use super::{notice, store};
use crate::vocabulary::{list_loader, row_loader};

row_loader! {
    /// A notice, by its id in the graph.
    NoticeId(String), notice.public_id = PublicId, store::open_notices
}
list_loader! {
    /// The notices on a situation.
    NoticesOf, notice.situation_id = SituationId, store::open_notices
}
