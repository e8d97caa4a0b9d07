//! Anchors: entries of one chain that say where the others end.
//!
//! Who cuts off the end of a chain, or writes it anew, has to do so to each chain that has anchored it.

use std::collections::BTreeMap;

use sea_orm::DbErr;
use serde::{Deserialize, Serialize};

use super::{
    chain::Head,
    store::{goes_on, heads},
};
use crate::database::Database;

/// Where the other chains ended.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Anchor {
    pub(super) heads: Vec<Head>,
}

/// What this process has anchored.
#[derive(Debug, Default)]
pub(super) struct Anchored(BTreeMap<String, i64>);

impl Anchored {
    /// An anchor of all chains but one's own, where any of them has gone on since the last. Anchors alone
    /// are no reason for one, or replicas without work would answer each other for ever.
    pub(super) async fn due(&self, trail: &Database, own: &str) -> Result<Option<Anchor>, DbErr> {
        let mut heads = heads(trail).await?;
        heads.retain(|head| head.chain != own);
        for head in &heads {
            let after = self.0.get(&head.chain).copied().unwrap_or_default();
            if head.sequence != after && goes_on(&trail.read, &head.chain, after).await? {
                return Ok(Some(Anchor { heads }));
            }
        }
        Ok(None)
    }

    /// An anchor was stored.
    pub(super) fn keep(&mut self, anchor: &Anchor) {
        let places = anchor.heads.iter();
        self.0 = places
            .map(|head| (head.chain.clone(), head.sequence))
            .collect();
    }
}
