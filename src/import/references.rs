//! Records that rows refer to: each has to stand in a file of the import or in the database.

use indexmap::{IndexMap, IndexSet};
use sea_orm::{
    ConnectionTrait, DbErr,
    sea_query::{Expr, ExprTrait, Order, Query, SelectStatement},
};

use super::{catalogue, problem::Problems, row::ReadRow};
use crate::{records::never, suggestion::did_you_mean};

/// Places listed for one unknown key.
const PLACES: usize = 5;
/// Keys looked up at once; SQLite takes some thirty thousand variables, a plan is quicker with few.
const CHUNK: usize = 500;
/// How many keys are read to find near ones.
const CANDIDATES: u64 = 10_000;

/// The column of a record's natural key, in every table.
pub(super) const RECORD_KEY: &str = "record_key";

/// What the rows read so far refer to, and what they offer.
#[derive(Debug, Default)]
pub(super) struct References {
    wanted: IndexMap<(&'static str, String), Places>,
    offered: IndexMap<&'static str, IndexSet<String>>,
    incomplete: IndexSet<&'static str>,
}

/// Where a key stands.
#[derive(Debug, Default)]
struct Places {
    /// The first places.
    first: Vec<Cell>,
    /// How many more there are.
    more: usize,
}

#[derive(Debug)]
struct Cell {
    file: String,
    line: u64,
    field: &'static str,
}

impl References {
    /// Takes note of a row of a table.
    pub(super) fn add(&mut self, file: &str, table: &'static str, row: &ReadRow) {
        if catalogue::is_target(table) {
            self.offered
                .entry(table)
                .or_default()
                .insert(row.record_key.clone());
        }
        for reference in &row.references {
            let wanted = (reference.target, reference.key.clone());
            let places = self.wanted.entry(wanted).or_default();
            if places.first.len() < PLACES {
                places.first.push(Cell {
                    file: file.to_owned(),
                    line: row.line,
                    field: reference.field,
                });
            } else {
                places.more += 1;
            }
        }
    }

    /// Not all rows of a table could be read, so a reference to it may be right after all.
    pub(super) fn mark_incomplete(&mut self, table: &'static str) {
        self.incomplete.insert(table);
    }

    /// Reports every reference to a record that is neither in a file nor in the database.
    pub(super) async fn check<C: ConnectionTrait>(
        self,
        connection: &C,
        problems: &mut Problems,
    ) -> Result<(), DbErr> {
        let mut by_target: IndexMap<&'static str, Vec<(String, Places)>> = IndexMap::new();
        for ((target, key), places) in self.wanted {
            let is_offered = self
                .offered
                .get(target)
                .is_some_and(|keys| keys.contains(&key));
            if !is_offered && !self.incomplete.contains(target) {
                by_target.entry(target).or_default().push((key, places));
            }
        }
        for (target, mut unknown) in by_target {
            let keys = unknown
                .iter()
                .map(|(key, _)| key.clone())
                .collect::<Vec<_>>();
            let stored = stored(connection, target, &keys).await?;
            unknown.retain(|(key, _)| !stored.contains(key));
            if unknown.is_empty() {
                continue;
            }
            let mut candidates = self.offered.get(target).cloned().unwrap_or_default();
            candidates.extend(some_keys(connection, target).await?);
            for (key, places) in unknown {
                let what = catalogue::noun(target);
                let hint = did_you_mean(&key, candidates.iter().map(String::as_str));
                problems.add_unlisted(places.more);
                let reason = if never::in_text(&key).is_empty() {
                    format!("there is no {what} `{key}`, in the files or stored{hint}")
                } else {
                    // A text in the wrong column; what identifies is not repeated.
                    format!(
                        "there is no {what} of this key, in the files or stored; it is not repeated \
                         here, since it looks like what identifies a person or a place"
                    )
                };
                for place in places.first {
                    let reason = reason.clone();
                    problems.add(&place.file, place.line, Some(place.field), reason);
                }
            }
        }
        Ok(())
    }
}

/// The natural keys of a table's records.
pub(super) fn keys_of(table: &str) -> SelectStatement {
    Query::select()
        .distinct()
        .column(RECORD_KEY)
        .from(table.to_owned())
        .take()
}

async fn stored<C: ConnectionTrait>(
    connection: &C,
    target: &str,
    keys: &[String],
) -> Result<IndexSet<String>, DbErr> {
    let mut stored = IndexSet::new();
    for chunk in keys.chunks(CHUNK) {
        let mut among = keys_of(target);
        among.and_where(Expr::col(RECORD_KEY).is_in(chunk.iter().map(String::as_str)));
        for row in connection.query_all(&among).await? {
            stored.insert(row.try_get_by_index(0)?);
        }
    }
    Ok(stored)
}

async fn some_keys<C: ConnectionTrait>(connection: &C, target: &str) -> Result<Vec<String>, DbErr> {
    let mut first = keys_of(target);
    first.order_by(RECORD_KEY, Order::Asc).limit(CANDIDATES);
    let rows = connection.query_all(&first).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}
