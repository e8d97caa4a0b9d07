//! Entries by who asked, when, and what was reached.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use entities::{
    audit_entry::{self, Column},
    audit_reached,
};
use sea_orm::{
    ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait, Order as Direction},
};

use super::{
    draft::{OWNER, RECORD},
    entry::{AuditEntry, Level, record_id},
    kind::Kind,
};
use crate::database::Database;

/// Which entries; all that is set has to hold.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// From this instant on.
    pub from: Option<DateTime<Utc>>,
    /// Before this instant.
    pub before: Option<DateTime<Utc>>,
    /// Of this kind.
    pub kind: Option<Kind>,
    /// Of requests of this subject.
    pub subject: Option<String>,
    /// Of requests of this entity, by its code.
    pub entity: Option<String>,
    /// That read something of this level or above.
    pub level: Option<Level>,
    /// That reached this record, by its id.
    pub record: Option<String>,
    /// That read classified fields of this entity, by its code.
    pub owner: Option<String>,
}

/// In which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// The newest first.
    #[default]
    NewestFirst,
    /// The oldest first.
    OldestFirst,
}

/// How many entries, from where on.
#[derive(Clone, Debug)]
pub struct Page {
    /// At most so many.
    pub first: u64,
    /// After this one.
    pub after: Option<Cursor>,
    /// In which order.
    pub order: Order,
}

/// The place of an entry among all. As text: `TIME:SEQUENCE:CHAIN`, with the time in microseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    at: i64,
    sequence: i64,
    chain: String,
}

impl fmt::Display for Cursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}:{}", self.at, self.sequence, self.chain)
    }
}

/// A text that is no cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no place in the audit trail; take it from an earlier page")]
pub struct NoCursor;

impl FromStr for Cursor {
    type Err = NoCursor;

    fn from_str(text: &str) -> Result<Self, NoCursor> {
        let mut parts = text.splitn(3, ':');
        let mut number = || parts.next()?.parse().ok();
        let (at, sequence) = number().zip(number()).ok_or(NoCursor)?;
        let chain = parts.next().ok_or(NoCursor)?.to_owned();
        Ok(Self {
            at,
            sequence,
            chain,
        })
    }
}

/// An entry as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its chain.
    pub chain: String,
    /// Its place in the chain.
    pub sequence: i64,
    /// Its time.
    pub at: DateTime<Utc>,
    /// What it records: `OPERATION`.
    pub kind: String,
    /// The entry, as the JSON that is hashed.
    pub entry: String,
    /// The hash of the entry before it.
    pub previous: String,
    /// Its own hash.
    pub hash: String,
}

impl Record {
    /// The operation that it records, if it does.
    pub fn operation(&self) -> Option<AuditEntry> {
        let is_operation = self.kind == Kind::Operation.name();
        is_operation.then(|| serde_json::from_str(&self.entry).ok())?
    }

    /// Its place among all.
    pub fn cursor(&self) -> Cursor {
        Cursor {
            at: self.at.timestamp_micros(),
            sequence: self.sequence,
            chain: self.chain.clone(),
        }
    }
}

impl From<audit_entry::Model> for Record {
    fn from(row: audit_entry::Model) -> Self {
        Self {
            at: DateTime::from_timestamp_micros(row.at).unwrap_or_default(),
            chain: row.chain,
            sequence: row.sequence,
            kind: row.kind,
            entry: row.entry,
            previous: row.previous,
            hash: row.hash,
        }
    }
}

/// A page of entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Records {
    /// The entries.
    pub records: Vec<Record>,
    /// Whether there are more after them.
    pub has_more: bool,
}

/// Reads a page of entries.
pub async fn read(trail: &Database, filter: &Filter, page: &Page) -> Result<Records, DbErr> {
    let place = || Expr::tuple([Column::At, Column::Sequence, Column::Chain].map(Expr::col));
    let mut query = filter.select();
    if let Some(after) = &page.after {
        let after = Expr::tuple([
            Expr::val(after.at),
            Expr::val(after.sequence),
            Expr::val(after.chain.as_str()),
        ]);
        query = query.filter(match page.order {
            Order::NewestFirst => place().lt(after),
            Order::OldestFirst => place().gt(after),
        });
    }
    let direction = match page.order {
        Order::NewestFirst => Direction::Desc,
        Order::OldestFirst => Direction::Asc,
    };
    for column in [Column::At, Column::Sequence, Column::Chain] {
        query = query.order_by(column, direction.clone());
    }
    let rows = query.limit(page.first.saturating_add(1)).all(&trail.read);
    let mut records: Vec<Record> = rows.await?.into_iter().map(Record::from).collect();
    let first = usize::try_from(page.first).unwrap_or(usize::MAX);
    let has_more = records.len() > first;
    records.truncate(first);
    Ok(Records { records, has_more })
}

impl Filter {
    fn select(&self) -> Select<audit_entry::Entity> {
        let micros = |instant: &DateTime<Utc>| instant.timestamp_micros();
        let conditions = [
            self.from.as_ref().map(|from| Column::At.gte(micros(from))),
            self.before.as_ref().map(|end| Column::At.lt(micros(end))),
            self.kind.map(|kind| Column::Kind.eq(kind.name())),
            (self.subject.as_deref()).map(|subject| Column::Subject.eq(subject)),
            (self.entity.as_deref()).map(|entity| Column::Entity.eq(entity)),
            (self.level).map(|level| Column::Level.is_in(level.and_above().map(Level::name))),
            (self.record.as_deref()).map(|id| reached(RECORD, &record_id(id))),
            (self.owner.as_deref()).map(|code| reached(OWNER, code)),
        ];
        let conditions = conditions.into_iter().flatten();
        conditions.fold(audit_entry::Entity::find(), Select::filter)
    }
}

/// Whether an entry can be found by something that it names.
fn reached(what: &str, id: &str) -> Expr {
    let places = audit_reached::Entity::find()
        .select_only()
        .column(audit_reached::Column::Chain)
        .column(audit_reached::Column::Sequence)
        .filter(audit_reached::Column::What.eq(what))
        .filter(audit_reached::Column::Id.eq(id))
        .into_query();
    Expr::tuple([Column::Chain, Column::Sequence].map(Expr::col)).in_subquery(places)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_is_written() {
        let cursor = Cursor {
            at: -1,
            sequence: 7,
            chain: "a:b".to_owned(),
        };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        assert_eq!("1:x:a".parse::<Cursor>(), Err(NoCursor));
    }
}
