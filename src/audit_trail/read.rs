//! Entries by who asked, when, and what was reached.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use entities::{
    audit_entry::{self, Column},
    audit_reached,
};
use sea_orm::{
    ColumnTrait, DbErr, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Alias, ColumnRef, Expr, ExprTrait, Order as Direction, Query},
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
    let place = filter.place();
    let mut query = filter.select();
    if let Some(after) = &page.after {
        let there = Expr::tuple(place.clone().map(Expr::col));
        let after = Expr::tuple([
            Expr::val(after.at),
            Expr::val(after.sequence),
            Expr::val(after.chain.as_str()),
        ]);
        query = query.filter(match page.order {
            Order::NewestFirst => there.lt(after),
            Order::OldestFirst => there.gt(after),
        });
    }
    let direction = match page.order {
        Order::NewestFirst => Direction::Desc,
        Order::OldestFirst => Direction::Asc,
    };
    for column in place {
        query = query.order_by(Expr::col(column), direction.clone());
    }
    let rows = query.limit(page.first.saturating_add(1)).all(&trail.read);
    let mut records: Vec<Record> = rows.await?.into_iter().map(Record::from).collect();
    let first = usize::try_from(page.first).unwrap_or(usize::MAX);
    let has_more = records.len() > first;
    records.truncate(first);
    Ok(Records { records, has_more })
}

impl Filter {
    /// What entries are found by, one after the other in the order of a page: a record if one is asked
    /// for, since fewer entries reach it than read some field of an owner.
    fn found_by(&self) -> Option<(&'static str, String)> {
        let record = self.record.as_deref().map(|id| (RECORD, record_id(id)));
        record.or_else(|| Some((OWNER, self.owner.clone()?)))
    }

    /// The columns that pages are ordered by. They are those of the index that entries are found by, so
    /// that a page is read from where it begins and nothing is sorted.
    fn place(&self) -> [ColumnRef; 3] {
        if self.found_by().is_some() {
            use audit_reached::Column;
            [Column::At, Column::Sequence, Column::Chain]
                .map(|column| column.as_column_ref().into())
        } else {
            [Column::At, Column::Sequence, Column::Chain]
                .map(|column| column.as_column_ref().into())
        }
    }

    fn select(&self) -> Select<audit_entry::Entity> {
        let [at, ..] = self.place().map(Expr::col);
        let micros = |instant: &DateTime<Utc>| instant.timestamp_micros();
        // Without any bound SQLite reads and sorts the whole table instead of walking the index.
        let from = self.from.as_ref().map_or(i64::MIN, micros);
        let also_owner = self.owner.as_deref().filter(|_| self.record.is_some());
        let conditions = [
            Some(at.clone().gte(from)),
            (self.before.as_ref()).map(|end| at.clone().lt(micros(end))),
            self.kind.map(|kind| Column::Kind.eq(kind.name())),
            (self.subject.as_deref()).map(|subject| Column::Subject.eq(subject)),
            (self.entity.as_deref()).map(|entity| Column::Entity.eq(entity)),
            (self.level).map(|level| Column::Level.is_in(level.and_above().map(Level::name))),
            also_owner.map(read_fields_of),
        ];
        let mut query = audit_entry::Entity::find();
        if let Some((what, id)) = self.found_by() {
            let reached = audit_entry::Entity::belongs_to(audit_reached::Entity)
                .from((Column::Chain, Column::Sequence))
                .to((
                    audit_reached::Column::Chain,
                    audit_reached::Column::Sequence,
                ));
            query = query
                .join(JoinType::InnerJoin, reached.into())
                .filter(audit_reached::Column::What.eq(what))
                .filter(audit_reached::Column::Id.eq(id));
        }
        conditions.into_iter().flatten().fold(query, Select::filter)
    }
}

/// Whether an entry that was found by a record is of an operation that read fields of an owner.
fn read_fields_of(owner: &str) -> Expr {
    use audit_reached::Column;
    let also = Alias::new("also");
    let same = |column: Column| Expr::col((also.clone(), column)).equals(column.as_column_ref());
    let mut found = Query::select();
    found
        .expr(Expr::val(1))
        .from_as(audit_reached::Entity, also.clone())
        .and_where(Expr::col((also.clone(), Column::What)).eq(OWNER))
        .and_where(Expr::col((also.clone(), Column::Id)).eq(owner));
    for column in [Column::At, Column::Sequence, Column::Chain] {
        found.and_where(same(column));
    }
    Expr::exists(found)
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
