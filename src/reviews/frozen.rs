//! What of a frozen profile is told today: the part that the caller's clearance reaches, with exact figures where the
//! caller has the scope, texts read with the keys that there still are, and without what was sealed since.

use std::collections::{BTreeSet, HashMap};

use entities::{frozen_part, frozen_profile, record_seal, terms::Classification};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter};
use serde_json::Value;

use super::acts::SourceRead;
use crate::{
    database::Database,
    record_keys::{EncryptedText, RecordKey, readable},
};

/// Under which key a part has what the service's own sources answered; what registered ones answered stands beside it,
/// and is never decrypted: a source could have sent another record's encrypted text.
pub(crate) const OWN: &str = "situation";

/// What is told.
#[derive(Debug)]
pub(crate) struct Read {
    /// Ids of the records in it.
    pub(crate) records: BTreeSet<String>,
    /// The level up to which it was read.
    pub(crate) level: Classification,
    pub(crate) content: Value,
    /// Paths of what was sealed.
    pub(crate) sealed: Vec<String>,
}

/// The sources that were asked.
pub(crate) fn sources(profile: &frozen_profile::Model) -> Vec<SourceRead> {
    serde_json::from_str(&profile.sources).unwrap_or_default()
}

/// Reads the parts that may be told.
pub(crate) async fn read(
    database: &Database,
    profile: &frozen_profile::Model,
    parts: Vec<frozen_part::Model>,
) -> Result<Option<Read>, DbErr> {
    let mut highest: HashMap<String, frozen_part::Model> = HashMap::new();
    for part in parts {
        let is_higher = highest
            .get(&part.scope)
            .is_none_or(|other| other.level < part.level);
        if is_higher {
            highest.insert(part.scope.clone(), part);
        }
    }
    let Some(joint) = highest.remove("") else {
        return Ok(None);
    };
    let mut content = parsed(&joint.body)?;
    for exact in highest.values() {
        put_exact(&mut content, parsed(&exact.body)?);
    }
    let mut sealed = Sealed::default();
    if let Some(own) = content.get_mut(OWN) {
        sealed.hide_state(database, profile, own).await?;
        let hidden = sealed_ids(database, profile, own).await?;
        sealed.hide(own, OWN, &hidden);
        let keys = keys(database, own).await?;
        sealed.read(own, OWN, &keys);
    }
    let mut records = BTreeSet::new();
    each_id(&content, &mut records);
    Ok(Some(Read {
        records,
        level: joint.level,
        content,
        sealed: sealed.paths,
    }))
}

fn parsed(body: &str) -> Result<Value, DbErr> {
    serde_json::from_str(body).map_err(|error| DbErr::Custom(error.to_string()))
}

/// Puts the blocks of exact figures in the place of those with suppressed ones.
fn put_exact(content: &mut Value, exact: Value) {
    let Some(own) = content.get_mut(OWN).and_then(Value::as_object_mut) else {
        return;
    };
    if let Value::Object(blocks) = exact {
        own.extend(blocks);
    }
}

/// What is left out because it was sealed.
#[derive(Debug, Default)]
struct Sealed {
    paths: Vec<String>,
}

/// What a sealed state of a situation said.
const OF_STATE: [&str; 3] = ["status", "concernLevel", "trend"];

impl Sealed {
    /// Leaves out how the situation was judged, where a state of it is sealed. States have no ids, so it cannot be told
    /// which of them it was.
    async fn hide_state(
        &mut self,
        database: &Database,
        profile: &frozen_profile::Model,
        own: &mut Value,
    ) -> Result<(), DbErr> {
        use record_seal::Column;
        let situation = own.get("id").and_then(Value::as_str);
        let seal = record_seal::Entity::find()
            .filter(Column::RecordId.eq(situation))
            .filter(Column::RecordTable.eq("situation_states"))
            .filter(Column::LiftedAt.is_null())
            .filter(Column::SealedAt.gte(profile.frozen_at))
            .one(&database.read)
            .await?;
        let fields = own.as_object_mut().filter(|_| seal.is_some());
        for (name, field) in fields.into_iter().flatten() {
            if OF_STATE.contains(&name.as_str()) {
                *field = Value::Null;
                self.paths.push(format!("{OWN}.{name}"));
            }
        }
        Ok(())
    }

    /// Leaves out the records with these ids: null where one stood by itself, nothing in lists.
    fn hide(&mut self, value: &mut Value, path: &str, hidden: &BTreeSet<String>) {
        if hidden.is_empty() {
            return;
        }
        match value {
            Value::Object(fields) => {
                for (name, field) in fields.iter_mut() {
                    let path = format!("{path}.{name}");
                    if is_one_of(field, hidden) {
                        *field = Value::Null;
                        self.paths.push(path);
                    } else {
                        self.hide(field, &path, hidden);
                    }
                }
            }
            Value::Array(elements) => {
                let before = elements.len();
                elements.retain(|element| !is_one_of(element, hidden));
                if elements.len() < before {
                    self.paths.push(path.to_owned());
                }
                for (element, index) in elements.iter_mut().zip(0..) {
                    self.hide(element, &format!("{path}.{index}"), hidden);
                }
            }
            _ => {}
        }
    }

    /// Reads encrypted texts; null where the key is sealed or destroyed.
    fn read(&mut self, value: &mut Value, path: &str, keys: &[RecordKey]) {
        match value {
            Value::Object(fields) => {
                for (name, field) in fields.iter_mut() {
                    self.read(field, &format!("{path}.{name}"), keys);
                }
            }
            Value::Array(elements) => {
                for (element, index) in elements.iter_mut().zip(0..) {
                    self.read(element, &format!("{path}.{index}"), keys);
                }
            }
            Value::String(text) => {
                let Some(encrypted) = EncryptedText::parse(text) else {
                    return;
                };
                let key = keys.iter().find(|key| key.name() == encrypted.key);
                let read = key.and_then(|key| key.decrypt(&encrypted).ok());
                if read.is_none() {
                    self.paths.push(path.to_owned());
                }
                *value = read.map_or(Value::Null, Value::String);
            }
            _ => {}
        }
    }
}

fn is_one_of(value: &Value, ids: &BTreeSet<String>) -> bool {
    let id = value.get("id").and_then(Value::as_str);
    id.is_some_and(|id| ids.contains(id))
}

/// Adds the ids of all objects that have one.
fn each_id(value: &Value, ids: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            ids.extend(fields.get("id").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|field| each_id(field, ids));
        }
        Value::Array(elements) => elements.iter().for_each(|element| each_id(element, ids)),
        _ => {}
    }
}

/// Calls a function with every text in a value.
fn each_text<'v>(value: &'v Value, note: &mut impl FnMut(&'v str)) {
    match value {
        Value::Object(fields) => fields.values().for_each(|field| each_text(field, note)),
        Value::Array(elements) => elements.iter().for_each(|element| each_text(element, note)),
        Value::String(text) => note(text),
        _ => {}
    }
}

/// The ids in a value which are of records that were sealed since it was frozen: what was sealed before is not in it,
/// and what stands in its place is.
async fn sealed_ids(
    database: &Database,
    profile: &frozen_profile::Model,
    own: &Value,
) -> Result<BTreeSet<String>, DbErr> {
    use record_seal::Column;
    let mut ids: BTreeSet<&str> = BTreeSet::new();
    // That of the situation itself stands for records without an id, whose texts are gone with their keys.
    let situation = own.get("id").and_then(Value::as_str);
    each_text(own, &mut |text| {
        if text.len() <= 80 && text.contains('_') && Some(text) != situation {
            ids.insert(text);
        }
    });
    let mut sealed = BTreeSet::new();
    let ids: Vec<&str> = ids.into_iter().collect();
    for ids in ids.chunks(2_000) {
        let seals = record_seal::Entity::find()
            .filter(Column::RecordId.is_in(ids.iter().copied()))
            .filter(Column::LiftedAt.is_null())
            .filter(Column::SealedAt.gte(profile.frozen_at))
            .all(&database.read)
            .await?;
        sealed.extend(seals.into_iter().filter_map(|seal| seal.record_id));
    }
    Ok(sealed)
}

/// The keys that texts in a value were encrypted with, those of sealed records left out.
async fn keys(database: &Database, own: &Value) -> Result<Vec<RecordKey>, DbErr> {
    let mut names = BTreeSet::new();
    each_text(own, &mut |text| {
        names.extend(EncryptedText::parse(text).map(|encrypted| encrypted.key.to_owned()));
    });
    let names: Vec<String> = names.into_iter().collect();
    let mut keys = Vec::with_capacity(names.len());
    for names in names.chunks(2_000) {
        keys.extend(readable(&database.read, names.iter().map(String::as_str)).await?);
    }
    Ok(keys)
}
