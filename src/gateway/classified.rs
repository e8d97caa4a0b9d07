//! The records above UNCLASSIFIED that embedded sources returned for a request: what the answer is labelled by,
//! and what registered sources are not told of without consent.

use std::collections::{BTreeSet, HashMap, HashSet};

use async_graphql::{Response, Value};
use entities::terms::Classification;
use sea_orm::ActiveEnum;
use serde_json::Value as Json;

use crate::vocabulary::RECORD_LEVELS;

/// A consent: the code of the entity that gave it, and the field.
pub type Consent = (String, String);

/// Records by their ids and other keys.
#[derive(Debug, Default)]
pub struct ClassifiedRecords {
    /// The codes of the entities whose each is.
    owners: HashMap<String, BTreeSet<String>>,
    highest: Option<Classification>,
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
                let owners = self.owners.entry(key.to_string()).or_default();
                owners.insert(owner.to_string());
                self.highest = self.highest.max(Some(read(&level)));
            }
        }
    }

    /// The highest level of a record.
    pub fn highest(&self) -> Classification {
        self.highest.unwrap_or(Classification::Unclassified)
    }

    /// The codes of the entities whose the records are.
    pub fn owners(&self) -> BTreeSet<String> {
        self.owners.values().flatten().cloned().collect()
    }

    /// Whether a representation, as JSON text, may be sent to a source with these consents. One that names a
    /// record above UNCLASSIFIED may not, unless the entity whose the record is consents to the member that names
    /// it.
    pub(super) fn may_be_told(&self, representation: &[u8], consents: &HashSet<Consent>) -> bool {
        if self.owners.is_empty() {
            return true;
        }
        // What cannot be read is not told.
        let Ok(Json::Object(members)) = serde_json::from_slice(representation) else {
            return false;
        };
        let type_name = members.get("__typename").and_then(Json::as_str);
        let type_name = type_name.unwrap_or_default();
        members.iter().all(|(member, value)| {
            let mut owners = BTreeSet::new();
            self.owners_within(value, &mut owners);
            let coordinate = format!("{type_name}.{member}");
            owners
                .into_iter()
                .all(|owner| consents.contains(&(owner.to_owned(), coordinate.clone())))
        })
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
