//! Seals as they are stored, and what they change in records and keys.

use chrono::{DateTime, Utc};
use entities::{record_key, record_seal, review_request, terms::Classification};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, Select,
    sea_query::{Alias, Expr, ExprTrait, Query, UpdateStatement},
};

use super::{
    act::{Change, State},
    record::{Asker, Found, type_of},
};
use crate::{
    auth::Person,
    records::{Kind, RecordType},
};

/// The seals that exist for a caller: of records that would, were they not sealed.
fn seals(asker: &Asker) -> Select<record_seal::Entity> {
    use record_seal::Column;
    let owner = Expr::col((record_seal::Entity, Column::Owner));
    record_seal::Entity::find()
        .filter(Condition::all().add(asker.may_seal_of(&owner)))
        .filter(
            asker
                .viewer
                .leveled_rows(Column::Level, Column::SituationId),
        )
}

/// Seals, newest first, from one on.
pub(super) async fn page<C: ConnectionTrait>(
    connection: &C,
    asker: &Asker,
    first: u64,
    after: Option<i64>,
) -> Result<Vec<record_seal::Model>, DbErr> {
    use record_seal::Column;
    let mut seals = seals(asker).order_by_desc(Column::Id).limit(first);
    if let Some(after) = after {
        seals = seals.filter(Column::Id.lt(after));
    }
    seals.all(connection).await
}

/// One seal by its id.
pub(super) async fn find<C: ConnectionTrait>(
    connection: &C,
    asker: &Asker,
    public_id: &str,
) -> Result<Option<record_seal::Model>, DbErr> {
    let seals = seals(asker).filter(record_seal::Column::PublicId.eq(public_id));
    seals.one(connection).await
}

/// How far a seal is.
pub(super) fn state(seal: &record_seal::Model) -> State {
    if seal.destroyed_at.is_some() {
        return State::Destroyed;
    }
    if seal.lifted_at.is_some() {
        return State::Lifted;
    }
    let by = seal.destruction_asked_by.as_deref();
    let asked = by
        .and_then(Person::from_text)
        .zip(seal.destruction_asked_at);
    asked.map_or(State::Sealed, |(by, at)| State::DestructionAsked { by, at })
}

/// What is sealed, by whom, when and why.
pub(super) struct NewSeal<'a> {
    pub(super) record_type: &'static RecordType,
    pub(super) key: &'a str,
    pub(super) found: Found,
    pub(super) reason: &'a str,
    pub(super) by: &'a Person,
    pub(super) at: DateTime<Utc>,
    pub(super) public_id: String,
}

/// Seals a record: its rows, its keys, and the seal itself.
pub(super) async fn seal<C: ConnectionTrait>(
    connection: &C,
    new: NewSeal<'_>,
) -> Result<record_seal::Model, DbErr> {
    let mut rows = Query::update();
    rows.table(Alias::new(new.record_type.table))
        .value("sealed_at", new.at)
        .and_where(Expr::col("record_key").eq(new.key))
        .and_where(Expr::col("sealed_at").is_null());
    connection.execute(&rows).await?;
    record_key::Entity::update_many()
        .col_expr(record_key::Column::SealedAt, Expr::val(new.at))
        .filter(record_key::Column::RecordTable.eq(new.record_type.table))
        .filter(record_key::Column::RecordKey.eq(new.key))
        .filter(record_key::Column::SealedAt.is_null())
        .exec(connection)
        .await?;
    let seal = record_seal::ActiveModel {
        public_id: Set(new.public_id.clone()),
        record_table: Set(new.record_type.table.to_owned()),
        record_key: Set(new.key.to_owned()),
        through_revision: Set(new.found.through),
        record_id: Set(new.found.trail_id),
        situation_id: Set(new.found.situation),
        owner: Set(new.found.owner),
        level: Set(new.found.level),
        reason: Set(new.reason.to_owned()),
        digest: Set(new.found.digest),
        sealed_at: Set(new.at),
        sealed_by: Set(new.by.to_text()),
        ..Default::default()
    };
    record_seal::Entity::insert(seal)
        .exec_without_returning(connection)
        .await?;
    let seal = record_seal::Entity::find()
        .filter(record_seal::Column::PublicId.eq(new.public_id))
        .one(connection)
        .await?;
    seal.ok_or_else(|| DbErr::Custom("a seal is not there after it was stored".to_owned()))
}

/// Applies a change to a seal, its record and its keys.
pub(super) async fn apply<C: ConnectionTrait>(
    connection: &C,
    seal: record_seal::Model,
    change: Change,
    (by, at): (&Person, DateTime<Utc>),
) -> Result<record_seal::Model, DbErr> {
    let mut changed = seal.clone().into_active_model();
    match change {
        Change::AskForDestruction => {
            changed.destruction_asked_at = Set(Some(at));
            changed.destruction_asked_by = Set(Some(by.to_text()));
        }
        Change::Lift => {
            changed.lifted_at = Set(Some(at));
            changed.lifted_by = Set(Some(by.to_text()));
            let mut rows = sealed_rows(&seal);
            rows.value("sealed_at", None::<DateTime<Utc>>);
            connection.execute(&rows).await?;
            keys(&seal)
                .col_expr(
                    record_key::Column::SealedAt,
                    Expr::val(None::<DateTime<Utc>>),
                )
                .exec(connection)
                .await?;
        }
        Change::Destroy => {
            changed.destroyed_at = Set(Some(at));
            changed.destroyed_by = Set(Some(by.to_text()));
            if let Some(rows) = erased(&seal) {
                connection.execute(&rows).await?;
            }
            // Digests of requests could be compared with texts; they are kept for two days alone.
            review_request::Entity::delete_many()
                .exec(connection)
                .await?;
            if seal.record_table == INPUTS {
                connection.execute(&erased_narratives(&seal)).await?;
            }
            keys(&seal)
                .col_expr(record_key::Column::Secret, Expr::val(None::<String>))
                .col_expr(record_key::Column::DestroyedAt, Expr::val(at))
                .exec(connection)
                .await?;
        }
    }
    record_seal::Entity::update(changed).exec(connection).await
}

/// The keys that a seal seals: those that were made before and are not another's.
fn keys(seal: &record_seal::Model) -> sea_orm::UpdateMany<record_key::Entity> {
    use record_key::Column;
    record_key::Entity::update_many()
        .filter(Column::RecordTable.eq(seal.record_table.as_str()))
        .filter(Column::RecordKey.eq(seal.record_key.as_str()))
        .filter(Column::SealedAt.eq(seal.sealed_at))
}

fn sealed_rows(seal: &record_seal::Model) -> UpdateStatement {
    let mut rows = Query::update();
    rows.table(Alias::new(&seal.record_table))
        .and_where(Expr::col("record_key").eq(seal.record_key.as_str()))
        .and_where(Expr::col("sealed_at").eq(seal.sealed_at));
    rows
}

/// Takes all texts out of the rows, encrypted or not, but for those that make the natural key.
fn erased(seal: &record_seal::Model) -> Option<UpdateStatement> {
    let record_type = type_of(&seal.record_table)?;
    let mut texts = record_type.texts().peekable();
    texts.peek()?;
    let mut rows = sealed_rows(seal);
    for field in texts {
        let is_nullable = !field.is_required && !matches!(field.kind, Kind::List);
        let empty = (!is_nullable).then(String::new);
        rows.value(Alias::new(field.name), empty);
    }
    Some(rows)
}

/// The table of inputs, whose narratives stand in a table of their own.
const INPUTS: &str = "entity_inputs";

/// The same of the narratives of a sealed input.
fn erased_narratives(seal: &record_seal::Model) -> UpdateStatement {
    let mut inputs = Query::select();
    inputs
        .column("id")
        .from(INPUTS)
        .and_where(Expr::col("record_key").eq(seal.record_key.as_str()))
        .and_where(Expr::col("sealed_at").eq(seal.sealed_at));
    let mut narratives = Query::update();
    narratives
        .table("input_narratives")
        .value("heading", "")
        .value("body", "")
        .and_where(Expr::col("input_id").in_subquery(inputs));
    narratives
}

/// Seals whose key is destroyed, and of which something may still stand in files of the database.
pub(super) async fn unerased<C: ConnectionTrait>(
    connection: &C,
) -> Result<Vec<record_seal::Model>, DbErr> {
    use record_seal::Column;
    record_seal::Entity::find()
        .filter(Column::DestroyedAt.is_not_null())
        .filter(Column::ErasedAt.is_null())
        .all(connection)
        .await
}

/// Notes that nothing of what some seals sealed is left.
pub(super) async fn note_erased<C: ConnectionTrait>(
    connection: &C,
    seals: &[record_seal::Model],
    at: DateTime<Utc>,
) -> Result<(), DbErr> {
    use record_seal::Column;
    record_seal::Entity::update_many()
        .col_expr(Column::ErasedAt, Expr::val(at))
        .filter(Column::Id.is_in(seals.iter().map(|seal| seal.id)))
        .exec(connection)
        .await
        .map(|_| ())
}

/// The level of a seal, for its label.
pub(super) fn level(seal: &record_seal::Model) -> Classification {
    Ord::max(seal.level, Classification::Confidential)
}
