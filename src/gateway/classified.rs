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

/// How many ids in answers over HTTP are looked up for one request.
const MOST_LOOKED_UP: usize = 2_000;

/// Records by their ids and other keys.
#[derive(Debug, Default)]
pub struct ClassifiedRecords {
    /// The codes of the entities whose each is.
    owners: HashMap<String, BTreeSet<String>>,
    highest: Option<Classification>,
    /// The codes of the entities whose values without an id were told.
    value_owners: BTreeSet<String>,
    /// The ids in answers over HTTP that were looked up.
    looked_up: HashSet<String>,
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

    /// Those of some texts that look like ids of records which are still to be looked up. They are unknown until
    /// they are found, as those are for which there is no room: no consent is for them.
    pub(super) fn not_looked_up(&mut self, ids: BTreeSet<String>) -> Vec<String> {
        let mut new = Vec::new();
        for id in ids {
            if self.owners.contains_key(&id) || self.looked_up.contains(&id) {
                continue;
            }
            self.owners
                .insert(id.clone(), BTreeSet::from([NOBODY.to_owned()]));
            if self.looked_up.len() < MOST_LOOKED_UP {
                self.looked_up.insert(id.clone());
                new.push(id);
            }
        }
        new
    }

    /// Notes that records exist for the caller which were looked up.
    pub(super) fn note_known(&mut self, ids: &[String]) {
        for id in ids {
            let Some(owners) = self.owners.get_mut(id) else {
                continue;
            };
            owners.remove(NOBODY);
            if owners.is_empty() {
                self.owners.remove(id);
            }
        }
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
    /// it. Of values without an id it is not known which they are, so that none is sent beside a key.
    pub(super) fn may_be_told(&self, representation: &[u8], consents: &HashSet<Consent>) -> bool {
        if self.owners.is_empty() && self.value_owners.is_empty() {
            return true;
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

    /// Whether the values of contexts, the members of an object as JSON text, name no record above UNCLASSIFIED:
    /// they say from which object the source's own was reached, and no consent is for that.
    pub(super) fn is_open(&self, members: &[u8]) -> bool {
        if self.owners.is_empty() && self.value_owners.is_empty() {
            return true;
        }
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

#[cfg(test)]
mod tests {
    use async_graphql::{Name, value};

    use super::*;

    fn noted() -> ClassifiedRecords {
        let mut response = Response::new(Value::Null);
        let [confidential, strict, also] = [
            "CONFIDENTIAL",
            "STRICTLY_CONFIDENTIAL",
            "STRICTLY_CONFIDENTIAL",
        ]
        .map(|level| Value::Enum(Name::new(level)));
        let levels = value!({
            "REVIEWS": { "sit_hidden": confidential },
            "OHCHR": { "com_secret": strict, "AL XAA 1/2026": also },
        });
        response.extensions.insert(RECORD_LEVELS.to_owned(), levels);
        let mut classified = ClassifiedRecords::default();
        classified.note(&mut response);
        assert!(response.extensions.is_empty());
        classified
    }

    fn consents(given: &[(&str, &str)]) -> HashSet<Consent> {
        let given = given.iter();
        given
            .map(|(by, field)| ((*by).to_owned(), (*field).to_owned()))
            .collect()
    }

    #[test]
    fn a_classified_record_is_told_of_by_its_owners_consent_alone() {
        let classified = noted();
        assert_eq!(classified.highest(), Classification::StrictlyConfidential);
        let hidden = br#"{"__typename":"Situation","id":"sit_hidden"}"#;
        let none = consents(&[]);
        assert!(classified.may_be_told(br#"{"__typename":"Situation","id":"sit_open"}"#, &none));
        for (given, is_told) in [
            (vec![], false),
            (vec![("OHCHR", "Situation.id")], false),
            (vec![("REVIEWS", "Party.id")], false),
            (vec![("REVIEWS", "Situation.id")], true),
        ] {
            assert_eq!(
                classified.may_be_told(hidden, &consents(&given)),
                is_told,
                "{given:?}"
            );
        }
        for text in [
            &br#"{"__typename":"Communication","reference":"AL XAA 1/2026"}"#[..],
            br#"{"__typename":"Own","id":"1","of":[{"id":"com_secret"}]}"#,
            br#"{"__typename":"Situation","id":"sit\u005fhidden"}"#,
            b"no JSON",
        ] {
            assert!(!classified.may_be_told(text, &none));
        }
    }

    #[test]
    fn contexts_name_no_classified_record_whatever_was_consented_to() {
        let classified = noted();
        assert!(classified.is_open(br#""context0":"sit_open""#));
        assert!(!classified.is_open(br#""context0":["a",{"id":"sit_hidden"}]"#));
        assert!(ClassifiedRecords::default().is_open(br#""context0":"sit_hidden""#));
    }

    #[test]
    fn values_without_an_id_are_not_sent_beside_a_key() {
        let mut classified = noted();
        let figures = br#"{"__typename":"CaacBlock","id":"bca_1","figures":[{"value":810}]}"#;
        assert!(classified.may_be_told(figures, &consents(&[])));
        let mut response = Response::new(Value::Null);
        let confidential = Value::Enum(Name::new("CONFIDENTIAL"));
        let levels = value!({ "SRSG_CAAC": { "": confidential } });
        response.extensions.insert(RECORD_LEVELS.to_owned(), levels);
        classified.note(&mut response);
        assert!(!classified.may_be_told(figures, &consents(&[])));
        assert!(classified.may_be_told(
            br#"{"__typename":"CaacBlock","id":"bca_1"}"#,
            &consents(&[])
        ));
        assert!(classified.owners().contains("SRSG_CAAC"));
    }

    #[test]
    fn what_is_looked_up_is_unknown_until_it_is_found() {
        let mut classified = noted();
        let all = consents(&[("REVIEWS", "Situation.id"), ("", "Situation.id")]);
        let text = |id: &str| format!(r#"{{"__typename":"Situation","id":"{id}"}}"#).into_bytes();
        let named = ["sit_hidden", "sit_one", "sit_two"].map(str::to_owned);
        let new = classified.not_looked_up(named.clone().into());
        assert_eq!(new, ["sit_one", "sit_two"]);
        classified.note_known(&["sit_one".to_owned()]);
        assert!(classified.may_be_told(&text("sit_one"), &consents(&[])));
        assert!(
            !classified.may_be_told(&text("sit_two"), &consents(&[("REVIEWS", "Situation.id")]))
        );
        assert!(classified.may_be_told(&text("sit_hidden"), &all));
        assert!(classified.not_looked_up(named.into()).is_empty());
        // Past the bound nothing is looked up, and nothing that was not is told.
        let many = (0..MOST_LOOKED_UP).map(|number| format!("sit_{number:016}"));
        assert_eq!(
            classified.not_looked_up(many.collect()).len(),
            MOST_LOOKED_UP - 2
        );
        let last = format!("sit_{:016}", MOST_LOOKED_UP - 1);
        assert!(!classified.may_be_told(&text(&last), &consents(&[])));
        assert!(!classified.owners().contains(NOBODY));
    }
}
