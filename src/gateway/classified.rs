//! The records above UNCLASSIFIED that embedded sources returned for a request: what the answer is labelled by,
//! and what registered sources are not told of without consent.

use std::collections::{BTreeSet, HashMap, HashSet};

use async_graphql::{Response, Value};
use entities::terms::Classification;
use sea_orm::ActiveEnum;
use serde_json::Value as Json;

use crate::sources::{RECORD_LEVELS, VALUES};

/// A consent: the code of the entity that gave it, and the field.
pub type Consent = (String, String);

/// Whose a record is that does not exist for the caller.
const NOBODY: &str = "";

/// Records by their ids and other keys.
#[derive(Debug, Default)]
pub struct ClassifiedRecords {
    /// The codes of the entities whose each is.
    owners: HashMap<String, BTreeSet<String>>,
    highest: Option<Classification>,
    /// The codes of the entities whose values without an id were told.
    value_owners: BTreeSet<String>,
}

impl ClassifiedRecords {
    /// Notes those that a response of an embedded source names.
    pub(super) fn note(&mut self, response: &mut Response) {
        let Some(Value::Object(by_owner)) = response.extensions.remove(RECORD_LEVELS) else {
            return;
        };
        for (owner, levels) in by_owner {
            let Value::Object(levels) = levels else {
                continue;
            };
            for (key, level) in levels {
                self.highest = self.highest.max(Some(read(&level)));
                if key.as_str() == VALUES {
                    self.value_owners.insert(owner.to_string());
                    continue;
                }
                let owners = self.owners.entry(key.to_string()).or_default();
                owners.insert(owner.to_string());
            }
        }
    }

    /// Notes a text that looks like the id of a record and is none that exists for the caller: no consent is for
    /// it.
    pub(super) fn note_unknown(&mut self, id: String) {
        self.owners.entry(id).or_default().insert(NOBODY.to_owned());
    }

    /// The highest level of a record.
    pub fn highest(&self) -> Classification {
        self.highest.unwrap_or(Classification::Unclassified)
    }

    /// The codes of the entities whose the records are.
    pub fn owners(&self) -> BTreeSet<String> {
        let of_records = self.owners.values().flatten();
        let all = of_records.chain(&self.value_owners);
        all.filter(|owner| *owner != NOBODY).cloned().collect()
    }

    /// Whether a representation, as JSON text, may be sent to a source with these consents. One that names a
    /// record above UNCLASSIFIED may not, unless the entity whose the record is consents to the member that names
    /// it. Values of contexts name the object that the source's own was reached from, and no consent is for them.
    /// Of values without an id it is not known which they are, so that none is sent beside a key.
    pub(super) fn may_be_told(
        &self,
        representation: &[u8],
        contexts: &[u8],
        consents: &HashSet<Consent>,
    ) -> bool {
        if self.owners.is_empty() && self.value_owners.is_empty() {
            return true;
        }
        if !contexts.is_empty() && !self.is_open(contexts) {
            return false;
        }
        // What cannot be read is not told.
        let Ok(Json::Object(members)) = serde_json::from_slice(representation) else {
            return false;
        };
        let type_name = members.get("__typename").and_then(Json::as_str);
        let type_name = type_name.unwrap_or_default();
        let has_values = members
            .values()
            .any(|value| value.is_object() || value.is_array());
        if has_values && !self.value_owners.is_empty() {
            return false;
        }
        members.iter().all(|(member, value)| {
            let mut owners = BTreeSet::new();
            self.owners_within(value, &mut owners);
            let coordinate = format!("{type_name}.{member}");
            owners
                .into_iter()
                .all(|owner| consents.contains(&(owner.to_owned(), coordinate.clone())))
        })
    }

    /// Whether the members of an object, as JSON text, name no record above UNCLASSIFIED.
    fn is_open(&self, members: &[u8]) -> bool {
        let text = [b"{", members, b"}"].concat();
        let Ok(value) = serde_json::from_slice(&text) else {
            return false;
        };
        let mut owners = BTreeSet::new();
        self.owners_within(&value, &mut owners);
        owners.is_empty() && self.value_owners.is_empty()
    }

    /// The entities whose the records are that a value names.
    fn owners_within<'a>(&'a self, value: &Json, owners: &mut BTreeSet<&'a str>) {
        match value {
            Json::String(text) => {
                let named = self.owners.get(text).into_iter().flatten();
                owners.extend(named.map(String::as_str));
            }
            Json::Array(items) => {
                for item in items {
                    self.owners_within(item, owners);
                }
            }
            Json::Object(members) => {
                for value in members.values() {
                    self.owners_within(value, owners);
                }
            }
            Json::Null | Json::Bool(_) | Json::Number(_) => {}
        }
    }
}

/// What cannot be read counts as the highest level.
fn read(level: &Value) -> Classification {
    let name = match level {
        Value::Enum(name) => Classification::try_from_value(&name.to_string()).ok(),
        _ => None,
    };
    name.unwrap_or(Classification::StrictlyConfidential)
}
