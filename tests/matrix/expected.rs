//! What a caller has to be told: the answer to who is told everything, less what its level, its row, or need to
//! know keeps from the caller.

use std::collections::BTreeMap;

use chrono::SecondsFormat;
use entities::terms::Classification;
use sea_orm::ActiveEnum;
use serde_json::{Map, Value, json};

use super::{
    callers::Caller,
    documents::Levels,
    rows::{BLOCKS, Records, Told},
};

/// Not told as a part of what others are told: which object it is depends on which exist for the caller. Ids in
/// them are looked at like all others.
const CHOSEN: [&str; 5] = [
    // The last assessment of those that exist.
    "OsapgBlock.riskAssessment",
    // Figures of parties that do not exist for the caller are one row.
    "CaacBlock.violationsCrossed",
    "CaacBlock.publishedViolationsCrossed",
    // The caller's own.
    "Query.heldGrants",
    // Of items that exist.
    "Action.carriedOver",
];

/// One caller, and what it is told.
pub(super) struct Table<'a> {
    pub(super) records: &'a Records,
    pub(super) levels: &'a Levels,
    pub(super) places: &'a BTreeMap<String, Vec<i64>>,
    pub(super) caller: &'a Caller,
    pub(super) told: &'a Told,
}

/// The situations that an object hangs on; none where it hangs on no one in particular.
type Place = Option<Vec<i64>>;

impl Table<'_> {
    /// What is left of a whole answer.
    pub(super) fn expected(&self, whole: &Value) -> Value {
        self.value(whole, &None)
    }

    fn value(&self, whole: &Value, place: &Place) -> Value {
        match whole {
            Value::Array(items) => {
                let items = items.iter().map(|item| self.value(item, place));
                Value::Array(items.collect())
            }
            Value::Object(fields) => self.object(fields, place),
            leaf => leaf.clone(),
        }
    }

    fn object(&self, fields: &Map<String, Value>, place: &Place) -> Value {
        let type_name = fields["__typename"].as_str().unwrap();
        let id = fields.get("id").and_then(Value::as_str);
        if id.is_some_and(|id| !self.told.exists(id)) {
            return Value::Null;
        }
        let own = id.and_then(|id| self.places.get(id));
        let is_of_none = ["ReviewCycle", "Area", "Party"].contains(&type_name);
        let place = match own {
            Some(_) if is_of_none => None,
            Some(own) => Some(own.clone()),
            None => place.clone(),
        };
        let mut left = Map::new();
        for (key, whole) in fields {
            let coordinate = format!("{type_name}.{}", name_of(key));
            let value = if key == "__typename" || self.tells(&coordinate, &place) {
                self.value(whole, &place)
            } else {
                Value::Null
            };
            left.insert(key.clone(), value);
        }
        self.hold_back_input(type_name, &mut left, &place);
        if type_name.ends_with("Edge") && left.get("node").is_some_and(Value::is_null) {
            return Value::Null;
        }
        Value::Object(left)
    }

    /// Whether a field has a value for the caller.
    fn tells(&self, coordinate: &str, place: &Place) -> bool {
        let level = self.levels[coordinate];
        level == Classification::Unclassified
            || (level <= self.caller.clearance && self.told.needs_one(place.as_deref()))
    }

    /// What an entity has not cleared looks to others as if it had not been received; what it says is told to its own
    /// officers, not to who knows all else.
    fn hold_back_input(&self, type_name: &str, left: &mut Map<String, Value>, place: &Place) {
        if type_name == "EntityInput" {
            let input = self.records.input(left["id"].as_str().unwrap_or_default());
            if let Some(input) = input.filter(|input| !Records::is_told_to_all(input)) {
                let is_own = self.caller.is_of(&input.entity);
                let as_of = input.as_of.filter(|_| is_own);
                let as_of = as_of.map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true));
                let kind = is_own.then(|| input.kind.to_value());
                for (key, value) in [("asOf", json!(as_of)), ("kind", json!(kind))] {
                    if let Some(told) = left.get_mut(key) {
                        *told = value;
                    }
                }
            }
        }
        let mut not_received = BTreeMap::new();
        let block = BLOCKS.iter().find(|(_, block, _)| *block == type_name);
        if let (Some((entity, ..)), Some([situation])) = (block, place.as_deref()) {
            let input = self.records.present_input(entity, *situation);
            if input.is_some_and(|input| !Records::tells_input(input, self.caller)) {
                not_received.insert("inputStatus", json!("NOT_RECEIVED"));
            }
        }
        for (key, value) in not_received {
            // What is outside the mandate has no status.
            if let Some(told) = left.get_mut(key).filter(|told| !told.is_null()) {
                *told = value;
            }
        }
    }
}

/// The field behind a key of a document.
fn name_of(key: &str) -> &str {
    let is_node = |rest: &str| rest.ends_with("Block") || rest.parse::<usize>().is_ok();
    if key
        .strip_prefix("as")
        .or(key.strip_prefix('n'))
        .is_some_and(is_node)
    {
        return "node";
    }
    key.strip_suffix("Crossed").unwrap_or(key)
}

/// An answer as answers are compared: without what is chosen for a caller, and what holds nothing as null.
pub(super) fn normal(value: &Value, whole: Option<&Value>) -> Value {
    match value {
        Value::Array(items) => {
            let at = |at: usize| whole.and_then(|whole| whole.get(at));
            let items = items
                .iter()
                .enumerate()
                .map(|(index, item)| normal(item, at(index)));
            let items: Vec<_> = items.filter(|item| !item.is_null()).collect();
            if items.is_empty() {
                Value::Null
            } else {
                Value::Array(items)
            }
        }
        Value::Object(fields) => {
            let type_name = fields["__typename"].as_str().unwrap();
            let mut left = Map::new();
            for (key, value) in fields {
                if CHOSEN.contains(&&*format!("{type_name}.{key}")) {
                    continue;
                }
                let below = whole.and_then(|whole| whole.get(key));
                left.insert(key.clone(), normal(value, below));
            }
            if type_name.ends_with("Connection") {
                counts(&mut left, fields, whole);
            }
            if has_no_figure(type_name, fields) {
                return Value::Null;
            }
            let is_nothing = left
                .iter()
                .all(|(key, value)| key == "__typename" || value.is_null());
            let is_nothing = is_nothing && (left.len() > 1 || type_name.ends_with("Connection"));
            if is_nothing {
                Value::Null
            } else {
                Value::Object(left)
            }
        }
        leaf => leaf.clone(),
    }
}

/// Whether nothing was counted. Working figures are dense: who is told none is told rows of these.
fn has_no_figure(type_name: &str, fields: &Map<String, Value>) -> bool {
    let is_nothing = |value: &Value| {
        let below = value.as_object();
        below.is_none_or(|below| {
            let name = below["__typename"].as_str().unwrap();
            let is_figure = name == "Count" || name.ends_with("Tally");
            !is_figure || has_no_figure(name, below)
        })
    };
    match type_name {
        "Count" => fields.get("state") == Some(&json!("NOT_COLLECTED")),
        name if name.ends_with("Count") || name.ends_with("Tally") => {
            fields.values().any(Value::is_object) && fields.values().all(is_nothing)
        }
        _ => false,
    }
}

/// How many there are follows from those that there are, and so does what is said of the page.
fn counts(left: &mut Map<String, Value>, fields: &Map<String, Value>, whole: Option<&Value>) {
    let length = |value: Option<&Value>| value.and_then(Value::as_array).map_or(0, Vec::len);
    let list = if fields.contains_key("nodes") {
        "nodes"
    } else {
        "edges"
    };
    let here = length(left.get(list));
    if let (Some(total), Some(whole)) = (fields.get("totalCount").and_then(Value::as_u64), whole) {
        let gone = length(whole.get(list)).saturating_sub(here);
        let total = total.saturating_sub(u64::try_from(gone).unwrap());
        left.insert("totalCount".to_owned(), json!(total));
    }
    let page = left.get_mut("pageInfo").and_then(Value::as_object_mut);
    for (key, value) in page.into_iter().flatten() {
        if key.ends_with("Cursor") {
            *value = json!(here > 0);
        }
    }
    if here == 0 {
        if left.get("totalCount") == Some(&json!(0)) {
            left.insert("totalCount".to_owned(), Value::Null);
        }
        left.remove("pageInfo");
    }
}

/// Where two answers differ first.
pub(super) fn difference(left: &Value, right: &Value, path: &str) -> Option<String> {
    match (left, right) {
        _ if left == right => None,
        // A place in a log is its reader's.
        (Value::String(left), Value::String(right))
            if path.ends_with("/endCursor")
                && [left, right].iter().all(|place| place.starts_with("enc1.")) =>
        {
            None
        }
        (Value::Object(one), Value::Object(other)) => {
            let others = other.keys().filter(|key| !one.contains_key(*key));
            let mut keys = one.keys().chain(others);
            keys.find_map(|key| difference(&left[key], &right[key], &format!("{path}/{key}")))
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            let mut pairs = one.iter().zip(other).enumerate();
            pairs.find_map(|(at, (one, other))| difference(one, other, &format!("{path}/{at}")))
        }
        _ => {
            let short = |value: &Value| value.to_string().chars().take(300).collect::<String>();
            Some(format!(
                "{path}: expected {}, answered {}",
                short(left),
                short(right)
            ))
        }
    }
}

/// The ids of records in an answer, with their types.
pub(super) fn ids(value: &Value, found: &mut BTreeMap<String, String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| ids(item, found)),
        Value::Object(fields) => {
            if let (Some(id), Some(name)) = (fields.get("id"), fields.get("__typename"))
                && let (Some(id), Some(name)) = (id.as_str(), name.as_str())
            {
                found.insert(id.to_owned(), name.to_owned());
            }
            fields.values().for_each(|value| ids(value, found));
        }
        _ => {}
    }
}
