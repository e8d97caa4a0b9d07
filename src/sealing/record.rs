//! Finds the record that is to be sealed, where it is the caller's to seal.

use entities::{list::TextList, review_item, terms::Classification};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryResult, QuerySelect,
    QueryTrait,
    sea_query::{Alias, Cond, Expr, ExprTrait, Order, Query, SelectStatement},
};

use super::error::SealError;
use crate::{
    auth::{CLEARING, Principal, SECRETARIAT},
    import::record_types,
    record_keys::{EncryptedText, RecordKey, readable},
    records::{Kind, RecordType, SealedBy},
    sources::MANDATES,
    vocabulary::{self, Viewer},
};

/// The last revision of a record that has none.
pub(super) const ALL: i32 = i32::MAX;

/// Who asks to seal a record, or to do something about a seal.
#[derive(Clone, Debug)]
pub(super) struct Asker {
    pub(super) principal: Principal,
    pub(super) viewer: Viewer,
}

impl Asker {
    /// The condition on the owner of what the caller may seal.
    pub(super) fn may_seal_of(&self, owner: &Expr) -> Cond {
        let mut mine = Cond::any();
        if self.principal.has_scope(CLEARING) {
            mine = mine.add(owner.clone().eq(self.principal.entity.clone()));
        }
        if self.principal.has_scope(SECRETARIAT) {
            mine = mine.add(owner.clone().is_null());
        }
        mine
    }

    /// Refuses who may seal nothing at all.
    pub(super) fn check(&self) -> Result<(), SealError> {
        let is_officer = [CLEARING, SECRETARIAT]
            .into_iter()
            .any(|role| self.principal.has_scope(role));
        if is_officer && self.viewer.is_cleared() {
            return Ok(());
        }
        Err(SealError::Forbidden(
            "Records are sealed by clearing officers of the entity whose they are (`review:clear`), and the \
             review's own by its secretariat (`review:steer`), each with a clearance.",
        ))
    }
}

/// A record that the caller may seal.
#[derive(Debug)]
pub(super) struct Found {
    /// Code of its entity; none for the review's own.
    pub(super) owner: Option<String>,
    /// The highest level of what the caller sees of it.
    pub(super) level: Classification,
    /// Its last revision.
    pub(super) through: i32,
    /// The situation that it is about.
    pub(super) situation: i64,
    /// The id that the audit trail names it by.
    pub(super) trail_id: Option<String>,
    /// Hash of its texts.
    pub(super) digest: String,
}

/// How a record is named.
#[derive(Clone, Debug)]
pub(super) enum Named {
    /// By its type and its natural key.
    Key { record_type: String, key: String },
    /// By its id in the graph, or that of the block that it is.
    Id(String),
}

/// The type and the natural key of a record, whether or not there is one.
pub(super) async fn named<C: ConnectionTrait>(
    connection: &C,
    record: &Named,
) -> Result<Option<(&'static RecordType, String)>, SealError> {
    let id = match record {
        Named::Key { record_type, key } => {
            let record_type = sealable(record_type)?;
            // PostgreSQL has no such text.
            return Ok((!key.contains('\0')).then(|| (record_type, key.clone())));
        }
        Named::Id(id) if id.contains('\0') => return Err(no_sealable_id(id)),
        Named::Id(id) => id,
    };
    let block = MANDATES.iter().find(|mandate| mandate.block.fits(id));
    let record_type = match block {
        Some(_) => sealable("entity-blocks")?,
        None => {
            let prefix = id.split_once('_').map_or("", |(prefix, _)| prefix);
            let mut types = record_types().filter(|one| one.sealed_by.is_some());
            let of_id = types.find(|one| one.node == Some(prefix));
            of_id.ok_or_else(|| no_sealable_id(id))?
        }
    };
    let mut rows = Query::select();
    rows.column("record_key")
        .from(Alias::new(record_type.table))
        .limit(1);
    match block {
        Some(mandate) => {
            let situations = entities::situation::Entity::find()
                .select_only()
                .column(entities::situation::Column::Id)
                .filter(
                    entities::situation::Column::PublicId
                        .eq(vocabulary::Kind::SITUATION.beside(id)),
                );
            rows.and_where(Expr::col("entity").eq(mandate.entity))
                .and_where(Expr::col("situation_id").in_subquery(situations.into_query()));
        }
        None => {
            rows.and_where(Expr::col("public_id").eq(id.as_str()));
        }
    }
    let row = connection.query_one(&rows).await?;
    let key = row.map(|row| row.try_get("", "record_key")).transpose()?;
    Ok(key.map(|key| (record_type, key)))
}

fn no_sealable_id(id: &str) -> SealError {
    SealError::Input(format!(
        "`{}` is not the id of a record that can be sealed; ids are taken as they stand from an answer. States and \
         changes have none: give `recordType` and `key`.",
        vocabulary::excerpt(id)
    ))
}

/// There is no such record, or none that the caller may seal: one error for all.
pub(super) fn none(record: &Named) -> SealError {
    let key = match record {
        Named::Id(_) => String::new(),
        Named::Key { record_type, .. } => sealable(record_type).map_or_else(
            |_| String::new(),
            |one| {
                format!(
                    " The key of `{}` is `{}`, as files have it.",
                    one.name,
                    one.key.join("/")
                )
            },
        ),
    };
    SealError::Input(format!(
        "There is no such record that you may seal: there is none, it is sealed already, it is not your entity's, or it \
         does not exist for you, which takes a clearance and a grant.{key}"
    ))
}

/// The type of records with a name, where they can be sealed.
fn sealable(name: &str) -> Result<&'static RecordType, SealError> {
    let types = || record_types().filter(|one| one.sealed_by.is_some());
    types().find(|one| one.name == name).ok_or_else(|| {
        let all: Vec<_> = types().map(|one| one.name).collect();
        let all = all.join("`, `");
        SealError::Input(format!(
            "No records that can be sealed go by the type `{}`; it is one of `{all}`.",
            vocabulary::excerpt(name)
        ))
    })
}

/// The type of the records of a table.
pub(super) fn type_of(table: &str) -> Option<&'static RecordType> {
    record_types().find(|one| one.table == table)
}

/// The record with a key, if the caller may seal it and it is not sealed.
pub(super) async fn find<C: ConnectionTrait>(
    connection: &C,
    asker: &Asker,
    record_type: &'static RecordType,
    key: &str,
) -> Result<Option<Found>, DbErr> {
    let mine = rows(record_type, key)
        .cond_where(asker.may_seal_of(&owner(record_type)))
        .cond_where(exists_for(&asker.viewer, record_type))
        .to_owned();
    let mine = connection.query_all(&mine).await?;
    let Some(last) = mine.last() else {
        return Ok(None);
    };
    let level = mine.iter().map(|row| level_of(record_type, row));
    let level = level.collect::<Result<Vec<_>, _>>()?.into_iter().max();
    let all = connection.query_all(&rows(record_type, key)).await?;
    let revisions = all.iter().map(|row| row.try_get::<i32>("", "revision"));
    let through = revisions.collect::<Result<Vec<_>, _>>()?.into_iter().max();
    Ok(Some(Found {
        owner: last.try_get("", "owner")?,
        level: level.unwrap_or(Classification::Confidential),
        through: through.unwrap_or(ALL),
        situation: situation_of(connection, record_type, last).await?,
        trail_id: trail_id(connection, record_type, last).await?,
        digest: digest(connection, record_type, &all).await?,
    }))
}

/// The rows of a record that are not sealed, by revision.
fn rows(record_type: &'static RecordType, key: &str) -> SelectStatement {
    let revision = if record_type.is_revised() {
        Expr::col("revision")
    } else {
        Expr::val(ALL)
    };
    let mut rows = Query::select();
    rows.from(Alias::new(record_type.table))
        .expr_as(revision, "revision")
        .expr_as(owner(record_type), "owner")
        .and_where(Expr::col("record_key").eq(key))
        .and_where(Expr::col("sealed_at").is_null());
    if record_type.is_revised() {
        rows.order_by("revision", Order::Asc);
    }
    if has(record_type, "classification") {
        rows.column("classification");
    }
    if record_type.node.is_some() {
        rows.column("public_id");
    }
    rows.column(if has(record_type, "situation") {
        "situation_id"
    } else {
        "item_id"
    });
    for field in record_type.free_texts() {
        rows.column(Alias::new(field.name));
    }
    rows
}

fn has(record_type: &RecordType, field: &str) -> bool {
    record_type
        .fields()
        .any(|one| one.name == field && one.is_stored)
}

fn owner(record_type: &RecordType) -> Expr {
    match record_type.sealed_by {
        Some(SealedBy::EntityIn(column)) => Expr::col(Alias::new(column)),
        _ => Expr::val(None::<String>),
    }
}

/// The rows of a type that exist for the viewer, whatever time they are known from: nobody learns by sealing that
/// there is a record.
fn exists_for(viewer: &Viewer, record_type: &RecordType) -> Cond {
    let Some(needed) = viewer.needed_situation_keys() else {
        return Cond::all().add(Expr::val(1).eq(0));
    };
    let hangs_on = |situations: SelectStatement| {
        if has(record_type, "situation") {
            return Expr::col("situation_id").in_subquery(situations);
        }
        let items = review_item::Entity::find()
            .select_only()
            .column(review_item::Column::Id)
            .filter(review_item::Column::SituationId.in_subquery(situations));
        Expr::col("item_id").in_subquery(items.into_query())
    };
    let needed = Cond::all().add(hangs_on(needed));
    if !has(record_type, "classification") {
        return needed;
    }
    let level = || Expr::col("classification");
    let open = Cond::all()
        .add(level().eq(Classification::Unclassified))
        .add(hangs_on(viewer.visible_situation_keys()));
    let levels = viewer.levels().iter().copied();
    Cond::any().add(open).add(needed.add(level().is_in(levels)))
}

fn level_of(record_type: &RecordType, row: &QueryResult) -> Result<Classification, DbErr> {
    if has(record_type, "classification") {
        row.try_get("", "classification")
    } else {
        Ok(Classification::Confidential)
    }
}

/// The situation that it is about, by itself or by its agenda item.
async fn situation_of<C: ConnectionTrait>(
    connection: &C,
    record_type: &RecordType,
    row: &QueryResult,
) -> Result<i64, DbErr> {
    if has(record_type, "situation") {
        return row.try_get("", "situation_id");
    }
    let item: i64 = row.try_get("", "item_id")?;
    let item = review_item::Entity::find_by_id(item)
        .one(connection)
        .await?;
    item.map(|item| item.situation_id)
        .ok_or_else(|| DbErr::Custom("a decision is about no item".to_owned()))
}

/// Its own id; that of its mandate's block; that of its situation.
async fn trail_id<C: ConnectionTrait>(
    connection: &C,
    record_type: &RecordType,
    row: &QueryResult,
) -> Result<Option<String>, DbErr> {
    if record_type.node.is_some() {
        return row.try_get("", "public_id");
    }
    if !has(record_type, "situation") {
        return Ok(None);
    }
    let situation: i64 = row.try_get("", "situation_id")?;
    let situation = entities::situation::Entity::find_by_id(situation)
        .one(connection)
        .await?;
    let owner: Option<String> = row.try_get("", "owner")?;
    let block = (MANDATES.iter())
        .find(|mandate| {
            record_type.table == "entity_blocks" && Some(mandate.entity) == owner.as_deref()
        })
        .map(|mandate| mandate.block);
    Ok(situation.map(|row| match block {
        Some(block) => block.beside(&row.public_id),
        None => row.public_id,
    }))
}

async fn digest<C: ConnectionTrait>(
    connection: &C,
    record_type: &RecordType,
    rows: &[QueryResult],
) -> Result<String, DbErr> {
    let mut texts = Vec::new();
    for row in rows {
        for field in record_type.free_texts() {
            let text: Option<String> = row.try_get("", field.name)?;
            let text = text.unwrap_or_default();
            if matches!(field.kind, Kind::List) {
                let list: TextList = std::iter::once(text).collect();
                texts.extend(list.into_vec());
            } else {
                texts.push(text);
            }
        }
    }
    let parsed: Vec<_> = texts
        .iter()
        .map(|text| EncryptedText::parse(text))
        .collect();
    let names = parsed.iter().flatten().map(|text| text.key);
    let keys = readable(connection, names).await?;
    let key_of = |name: &str| keys.iter().find(|key| key.name() == name);
    let plain = texts.iter().zip(&parsed).map(|(text, encrypted)| {
        let read = encrypted.and_then(|text| key_of(text.key)?.decrypt(&text).ok());
        read.unwrap_or_else(|| text.clone())
    });
    let plain: Vec<String> = plain.collect();
    let made;
    let key = match keys.first() {
        Some(key) => key,
        None => {
            made = RecordKey::generate().map_err(|error| DbErr::Custom(error.to_string()))?;
            &made
        }
    };
    Ok(key.digest(plain.iter().map(String::as_str)))
}
