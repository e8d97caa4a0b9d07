//! Verification: each chain is walked from its start, some entries at a time.
//!
//! A chain by itself shows what was changed, removed, added or moved before its end. That its end was cut
//! off, or all of it written anew, shows by the anchors of other chains and by heads that were kept.

use std::collections::{BTreeMap, BTreeSet};

use entities::{audit_entry, audit_reached};
use sea_orm::{DatabaseConnection, DbErr};

use super::{
    anchor::Anchor,
    chain::{Head, NOTHING, hash},
    draft::FoundBy,
    finding::{Fault, Finding, Witness},
    kind::Kind,
    store, tables,
};
use crate::database::Database;

/// Entries that are in memory at once, with the rows beside them.
const BATCH: u64 = 200;

/// What a verification came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// Entries that were looked at.
    pub entries: u64,
    /// How much is wrong.
    pub findings: u64,
    /// The last entry of each chain that was looked at.
    pub heads: Vec<Head>,
}

/// Verifies a whole trail, beside those who write it, against heads that were kept. Each finding is told
/// as it is found.
pub async fn verify(
    trail: &Database,
    kept: &[Head],
    tell: &mut (dyn FnMut(Finding) + Send),
) -> Result<Verification, DbErr> {
    let mut walk = Walk {
        connection: &trail.read,
        tell,
        anchored: BTreeMap::new(),
        outcome: Verification {
            entries: 0,
            findings: 0,
            heads: Vec::new(),
        },
    };
    for altered in tables::altered(walk.connection).await? {
        walk.tell(altered);
    }
    let unreadable = tables::not_text(walk.connection).await?;
    if !unreadable.is_empty() {
        for row in unreadable {
            walk.tell(row);
        }
        return Ok(walk.outcome);
    }
    let chains: BTreeSet<String> = store::chains(walk.connection).await?.into_iter().collect();
    for chain in &chains {
        walk.chain(chain).await?;
    }
    let known: Vec<_> = kept
        .iter()
        .map(|head| (head.clone(), Witness::Kept))
        .collect();
    walk.compare(&known).await?;
    for chain in store::chains_reached(walk.connection).await? {
        // A chain that began meanwhile is not one without entries.
        if !chains.contains(&chain) && store::tip(walk.connection, &chain).await?.sequence == 0 {
            walk.tell(Finding::new(&chain, 0, Fault::Reached));
        }
    }
    Ok(walk.outcome)
}

struct Walk<'a> {
    connection: &'a DatabaseConnection,
    tell: &'a mut (dyn FnMut(Finding) + Send),
    /// The heads that the last anchor had, by its chain and theirs: most anchors repeat some.
    anchored: BTreeMap<(String, String), Head>,
    outcome: Verification,
}

impl Walk<'_> {
    fn tell(&mut self, finding: Finding) {
        self.outcome.findings += 1;
        (self.tell)(finding);
    }

    async fn chain(&mut self, chain: &str) -> Result<(), DbErr> {
        let mut previous: Option<audit_entry::Model> = None;
        let mut from = i64::MIN;
        loop {
            let rows = store::next(self.connection, chain, from, BATCH).await?;
            let Some(end) = rows.last().map(|row| row.sequence) else {
                break;
            };
            let beside = store::reached(self.connection, chain, from, end).await?;
            let mut beside = by_place(beside);
            let mut known = Vec::new();
            for row in rows {
                self.outcome.entries += 1;
                self.follow(previous.as_ref(), &row);
                self.entry(&row, beside.remove(&row.sequence).unwrap_or_default());
                known.extend(self.heads_in(&row));
                previous = Some(row);
            }
            for place in beside.into_keys() {
                self.tell(Finding::new(chain, place, Fault::Reached));
            }
            self.compare(&known).await?;
            let Some(next) = end.checked_add(1) else {
                break;
            };
            from = next;
        }
        self.beyond(chain, from).await?;
        self.outcome.heads.extend(previous.as_ref().map(Head::of));
        Ok(())
    }

    /// Whether an entry comes after the one before it.
    fn follow(&mut self, previous: Option<&audit_entry::Model>, row: &audit_entry::Model) {
        let (place, hash) = previous.map_or((0, NOTHING), |row| (row.sequence, &row.hash));
        let fault = if row.sequence < 1 {
            Fault::Misplaced
        } else if row.sequence > place.max(0) + 1 {
            let missing = Fault::Missing {
                to: row.sequence - 1,
            };
            self.tell(Finding::new(&row.chain, place.max(0) + 1, missing));
            return;
        } else if row.previous != hash {
            Fault::Unlinked
        } else if previous.is_some_and(|previous| row.at < previous.at) {
            Fault::Earlier
        } else {
            return;
        };
        self.tell(Finding::new(&row.chain, row.sequence, fault));
    }

    /// Whether an entry is what was hashed, and what is beside it what it says.
    fn entry(&mut self, row: &audit_entry::Model, mut beside: Vec<audit_reached::Model>) {
        let mut faults = Vec::new();
        if hash(row) != row.hash {
            faults.push(Fault::Changed);
        }
        if row.kind == Kind::Break.name() {
            faults.push(Fault::Broken);
        }
        match FoundBy::read(&row.entry) {
            Err(_) => faults.push(Fault::Unreadable),
            Ok(said) => {
                let columns = [
                    ("subject", &row.subject, &said.subject),
                    ("entity", &row.entity, &said.entity),
                    ("level", &row.level, &said.level),
                ];
                let wrong = columns.iter().filter(|(_, column, said)| column != said);
                faults.extend(wrong.map(|(name, ..)| Fault::Column(name)));
                let mut named: Vec<_> = said.reached(row).collect();
                named.sort_unstable();
                beside.sort_unstable();
                if beside != named {
                    faults.push(Fault::Reached);
                }
            }
        }
        for fault in faults {
            self.tell(Finding::new(&row.chain, row.sequence, fault));
        }
    }

    /// The heads of other chains that an anchor has and that were not compared with the anchor before.
    fn heads_in(&mut self, row: &audit_entry::Model) -> Vec<(Head, Witness)> {
        if row.kind != Kind::Anchor.name() {
            return Vec::new();
        }
        let Ok(anchor) = serde_json::from_str::<Anchor>(&row.entry) else {
            self.tell(Finding::new(&row.chain, row.sequence, Fault::Unreadable));
            return Vec::new();
        };
        let mut known = Vec::new();
        for head in anchor.heads {
            let by = (row.chain.clone(), head.chain.clone());
            if self.anchored.get(&by) != Some(&head) {
                let witness = Witness::Anchor {
                    chain: row.chain.clone(),
                    sequence: row.sequence,
                };
                self.anchored.insert(by, head.clone());
                known.push((head, witness));
            }
        }
        known
    }

    /// Whether entries that somebody knows are there, with the hashes that are known.
    async fn compare(&mut self, known: &[(Head, Witness)]) -> Result<(), DbErr> {
        let mut places: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
        for (head, _) in known {
            places.entry(&head.chain).or_default().push(head.sequence);
        }
        for (chain, places) in places {
            let there = store::hashes(self.connection, chain, &places).await?;
            for (head, witness) in known.iter().filter(|(head, _)| head.chain == chain) {
                let known_by = witness.clone();
                let fault = match there.get(&head.sequence) {
                    Some(hash) if *hash == head.hash => continue,
                    Some(_) => Fault::Rewritten { known_by },
                    None => Fault::CutOff { known_by },
                };
                self.tell(Finding::about(head, fault));
            }
        }
        Ok(())
    }

    /// Whether rows beside entries name places after the last. Those of an entry that was written since
    /// come with it.
    async fn beyond(&mut self, chain: &str, from: i64) -> Result<(), DbErr> {
        let beside = store::reached(self.connection, chain, from, i64::MAX).await?;
        let places: Vec<i64> = by_place(beside).into_keys().collect();
        let there = store::hashes(self.connection, chain, &places).await?;
        for place in places {
            if !there.contains_key(&place) {
                self.tell(Finding::new(chain, place, Fault::Reached));
            }
        }
        Ok(())
    }
}

fn by_place(rows: Vec<audit_reached::Model>) -> BTreeMap<i64, Vec<audit_reached::Model>> {
    let mut places: BTreeMap<i64, Vec<audit_reached::Model>> = BTreeMap::new();
    for row in rows {
        places.entry(row.sequence).or_default().push(row);
    }
    places
}
