//! What is frozen of records that can be sealed is encrypted with their keys, as their texts are in their rows: when a
//! key is destroyed, nothing of its record can be read in frozen profiles, whose bytes stay as they are.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use sea_orm::{
    ConnectionTrait, DbErr,
    sea_query::{Alias, Expr, ExprTrait, Query},
};
use serde_json::Value;

use super::{super::frozen::OWN, canonical::canonical, freeze::ReadAll};
use crate::{
    import::record_types,
    record_keys::{EncryptedText, KeyOf, NewKey, RecordKey, keys_of, store_keys},
    records::RecordType,
};

/// Ids asked for at once.
const CHUNK: usize = 2_000;

/// The keys of records by their ids; none for one that was sealed meanwhile.
type KeysById = HashMap<String, Option<RecordKey>>;

/// Encrypts what profiles say of such records.
pub(super) async fn protect<C: ConnectionTrait>(
    connection: &C,
    profiles: &mut ReadAll,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let types: HashMap<&str, &'static RecordType> = record_types()
        .filter(|one| one.sealed_by.is_some())
        .filter_map(|one| Some((one.node?, one)))
        .collect();
    let mut bodies = Vec::new();
    for profile in profiles.values_mut() {
        for part in &mut profile.parts {
            let value: Value = serde_json::from_str(&part.body)
                .map_err(|error| DbErr::Custom(error.to_string()))?;
            bodies.push((value, &mut part.body));
        }
    }
    let mut ids: HashMap<&str, BTreeSet<String>> = HashMap::new();
    for (value, _) in &bodies {
        each_record(own(value), &mut |id| {
            let prefix = id.split_once('_').map_or("", |(prefix, _)| prefix);
            if let Some((prefix, _)) = types.get_key_value(prefix) {
                ids.entry(prefix).or_default().insert(id.to_owned());
            }
        });
    }
    let mut keys = KeysById::new();
    for (prefix, ids) in ids {
        let Some(record_type) = types.get(prefix) else {
            continue;
        };
        let ids: Vec<String> = ids.into_iter().collect();
        for ids in ids.chunks(CHUNK) {
            add_keys(connection, record_type, (ids, now), &mut keys).await?;
        }
    }
    for (mut value, body) in bodies {
        // An exact part is nothing but a block.
        let own = if value.get(OWN).is_some() {
            value.get_mut(OWN)
        } else {
            Some(&mut value)
        };
        if let Some(own) = own {
            encrypt(own, None, &keys)?;
        }
        *body = canonical(&value);
    }
    Ok(())
}

fn own(value: &Value) -> &Value {
    value.get(OWN).unwrap_or(value)
}

/// Calls a function with the id of each object that has one.
fn each_record(value: &Value, note: &mut impl FnMut(&str)) {
    match value {
        Value::Object(fields) => {
            if let Some(id) = fields.get("id").and_then(Value::as_str) {
                note(id);
            }
            fields.values().for_each(|field| each_record(field, note));
        }
        Value::Array(elements) => elements
            .iter()
            .for_each(|element| each_record(element, note)),
        _ => {}
    }
}

/// Adds the keys of records of a type; those that have none yet get one.
async fn add_keys<C: ConnectionTrait>(
    connection: &C,
    record_type: &'static RecordType,
    (ids, now): (&[String], DateTime<Utc>),
    keys: &mut KeysById,
) -> Result<(), DbErr> {
    let mut rows = Query::select();
    rows.columns(["public_id", "record_key"])
        .from(Alias::new(record_type.table))
        .and_where(Expr::col("public_id").is_in(ids))
        .group_by_columns(["public_id", "record_key"]);
    if record_type.is_revised() {
        rows.expr_as(Expr::col("revision").max(), "revision");
    } else {
        rows.expr_as(Expr::val(1), "revision");
    }
    let rows = connection.query_all(&rows).await?;
    let mut records: Vec<(String, String, i32)> = Vec::with_capacity(rows.len());
    for row in rows {
        records.push((
            row.try_get("", "public_id")?,
            row.try_get("", "record_key")?,
            row.try_get("", "revision")?,
        ));
    }
    let natural: Vec<&str> = records.iter().map(|(_, key, _)| key.as_str()).collect();
    let known = keys_of(connection, record_type.table, &natural).await?;
    let mut made = Vec::new();
    for (id, record_key, revision) in &records {
        let of_record = known.get(record_key).map(|keys| keys.of(*revision));
        let key = match of_record.unwrap_or(KeyOf::New(1)) {
            KeyOf::Known(key) => Some(key.clone()),
            KeyOf::Sealed => None,
            KeyOf::New(from_revision) => {
                let key = RecordKey::generate().map_err(failed)?;
                made.push(NewKey {
                    table: record_type.table,
                    record_key: record_key.clone(),
                    from_revision,
                    key: key.clone(),
                });
                Some(key)
            }
        };
        keys.insert(id.clone(), key);
    }
    store_keys(connection, &made, now).await
}

/// Encrypts the strings of each such record, those in parts of it without an id included.
fn encrypt(
    value: &mut Value,
    key: Option<&Option<RecordKey>>,
    keys: &KeysById,
) -> Result<(), DbErr> {
    match value {
        Value::Object(fields) => {
            let id = fields.get("id").and_then(Value::as_str);
            let key = match id {
                Some(id) => keys.get(id),
                None => key,
            };
            for (name, field) in fields.iter_mut() {
                if name != "id" {
                    encrypt(field, key, keys)?;
                }
            }
        }
        Value::Array(elements) => {
            for element in elements {
                encrypt(element, key, keys)?;
            }
        }
        Value::String(text) => match key {
            Some(Some(key)) if EncryptedText::parse(text).is_none() => {
                *text = key.encrypt(text).map_err(failed)?;
            }
            Some(None) => *value = Value::Null,
            _ => {}
        },
        _ => {}
    }
    Ok(())
}

fn failed(error: impl std::fmt::Display) -> DbErr {
    DbErr::Custom(error.to_string())
}
