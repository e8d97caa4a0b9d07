//! The grants that a caller holds.

use entities::need_to_know_grant;
use sea_orm::{DbErr, QueryOrder, QuerySelect};

use crate::{database::Database, vocabulary::Viewer};

/// More are not listed: they are for reading, and open what they open in any case.
const MOST: u64 = 200;

/// The grants that are in force for the viewer, the first to end first.
pub(crate) async fn held_grants(
    database: &Database,
    viewer: &Viewer,
) -> Result<Vec<need_to_know_grant::Model>, DbErr> {
    use need_to_know_grant::Column;
    let Some(grants) = viewer.grants() else {
        return Ok(Vec::new());
    };
    grants
        .order_by_asc(Column::ValidUntil)
        .order_by_asc(Column::Id)
        .limit(MOST)
        .all(&database.read)
        .await
}
