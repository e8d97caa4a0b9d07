//! Data written down: `data.json` holds objects under names of their own, `"Product:1"` for one.
//!
//! A value `{"$ref": "Product:1"}` is that object; `{"$from": ["price"]}` is made of other fields,
//! of the representation where a subgraph is asked; `{"$error": "…"}` fails. `"Query"` holds root
//! fields. `"name(first:2)"` is a field with arguments. `"overrides"` holds what one subgraph says
//! otherwise: `{"a": {"Product:1.name": "NEVER"}}`.

use apollo_compiler::response::JsonMap;
use serde_json::{Map, Value as Json};

use crate::oracle::value::{Ask, Data, Object, Value};

/// Data written down.
pub(crate) struct Records(pub(crate) Map<String, Json>);

impl Records {
    fn record<'a>(&'a self, id: &'a Json) -> Option<&'a Map<String, Json>> {
        match id {
            Json::String(name) => self.0.get(name)?.as_object(),
            Json::Object(inline) => Some(inline),
            _ => None,
        }
    }

    fn lookup<'a>(
        &'a self,
        object: &'a Object,
        field: &str,
        arguments: &JsonMap,
    ) -> Option<&'a Json> {
        let root = Json::String(object.type_name.clone());
        let record = match &object.id {
            Json::Null => self.0.get(root.as_str()?)?.as_object()?,
            id => self.record(id)?,
        };
        if arguments.is_empty() {
            return record.get(field);
        }
        let text = serde_json::to_value(arguments)
            .ok()?
            .to_string()
            .replace('"', "");
        let text = text.trim_start_matches('{').trim_end_matches('}');
        record
            .get(&format!("{field}({text})"))
            .or_else(|| record.get(field))
    }

    fn value(&self, json: &Json, ask: &Ask<'_>) -> Value {
        match json {
            Json::Object(fields) => {
                if let Some(Json::String(name)) = fields.get("$ref") {
                    let type_name = name.split(':').next().unwrap_or(name);
                    return Value::Object(object(type_name, Json::String(name.clone())));
                }
                if let Some(Json::String(message)) = fields.get("$error") {
                    return Value::Error(message.clone());
                }
                if let Some(Json::Array(paths)) = fields.get("$from") {
                    return self.derive(paths, ask);
                }
                if let Some(Json::String(type_name)) = fields.get("__typename") {
                    return Value::Object(object(type_name, json.clone()));
                }
                // A plain object is a value of a custom scalar, or of the type the field declares.
                Value::Object(object("", json.clone()))
            }
            Json::Array(items) => {
                Value::List(items.iter().map(|item| self.value(item, ask)).collect())
            }
            leaf => Value::Leaf(leaf.clone()),
        }
    }

    fn derive(&self, paths: &[Json], ask: &Ask<'_>) -> Value {
        let parts = paths.iter().filter_map(Json::as_str).map(|path| {
            let mut at = match &ask.object.representation {
                Some(said) if ask.subgraph.is_some() => Json::Object(said.clone()),
                _ => ask.object.id.clone(),
            };
            for step in path.split('.') {
                at = self.step(&at, step);
            }
            at
        });
        Value::Leaf(Json::String(Json::Array(parts.collect()).to_string()))
    }

    fn step(&self, at: &Json, field: &str) -> Json {
        if let Json::Array(items) = at {
            return Json::Array(items.iter().map(|item| self.step(item, field)).collect());
        }
        let record = match at {
            Json::Object(fields) if fields.contains_key("$ref") => self.record(&fields["$ref"]),
            other => self.record(other),
        };
        let found = record.and_then(|record| record.get(field));
        found.cloned().unwrap_or(Json::String("MISSING".into()))
    }

    fn matches(&self, record: &Map<String, Json>, key: &Map<String, Json>) -> bool {
        // Whoever asks said the types an object may have.
        let mut fields = key.iter().filter(|(field, _)| *field != "__typename");
        fields.all(|(field, wanted)| {
            let found = record.get(field).unwrap_or(&Json::Null);
            self.matches_value(found, wanted)
        })
    }

    fn matches_value(&self, found: &Json, wanted: &Json) -> bool {
        match (found, wanted) {
            (Json::Object(fields), Json::Object(wanted)) => {
                let target = match fields.get("$ref") {
                    Some(name) => self.record(name),
                    None => Some(fields),
                };
                target.is_some_and(|target| self.matches(target, wanted))
            }
            (Json::Array(found), Json::Array(wanted)) => {
                found.len() == wanted.len()
                    && found
                        .iter()
                        .zip(wanted)
                        .all(|(a, b)| self.matches_value(a, b))
            }
            (Json::Number(found), Json::String(wanted)) => found.to_string() == *wanted,
            (found, wanted) => found == wanted,
        }
    }
}

fn object(type_name: &str, id: Json) -> Object {
    Object {
        type_name: type_name.to_owned(),
        id,
        representation: None,
        via: None,
    }
}

impl Data for Records {
    fn field(&self, ask: &Ask<'_>) -> Value {
        let overridden = ask.subgraph.and_then(|subgraph| {
            let name = ask.object.id.as_str().unwrap_or(&ask.object.type_name);
            let all = self.0.get("overrides")?.get(&subgraph.name)?;
            all.get(format!("{name}.{}", ask.field))
        });
        let found = overridden.or_else(|| self.lookup(ask.object, ask.field, ask.arguments));
        found.map_or(Value::Leaf(Json::Null), |json| self.value(json, ask))
    }

    fn find(&self, types: &[String], key: &Map<String, Json>) -> Option<Object> {
        self.0.iter().find_map(|(name, record)| {
            let type_name = name.split(':').next().unwrap_or(name);
            let record = record.as_object()?;
            let is_found = name.contains(':')
                && types.iter().any(|wanted| wanted == type_name)
                && self.matches(record, key);
            is_found.then(|| object(type_name, Json::String(name.clone())))
        })
    }
}
