//! Areas that a filter names.

use async_graphql::{ID, Result};

use super::super::ids;
use crate::vocabulary::few;

/// Ids of areas, each checked.
pub(super) fn area_ids(name: &str, ids: Option<Vec<ID>>) -> Result<Option<Vec<String>>> {
    let check = |ids| {
        let ids = few(name, ids)?.into_iter();
        ids.map(|id| ids::AREA.check(id)).collect()
    };
    ids.map(check).transpose()
}
