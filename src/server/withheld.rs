//! Turns withheld fields into errors: one for each place of an answer that is null because of it.

use std::fmt;

use indexmap::IndexMap;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Value, json};

use super::extensions::WITHHELD;
use crate::gateway::{OperationKind, Withheld};

/// Places that are listed one by one.
const MOST: usize = 1_000;

/// An error for each place. The answer is read once, and what leads to no withheld field is skipped.
pub(super) fn errors(withheld: &[Withheld], kind: OperationKind, data: &[u8]) -> Vec<Value> {
    let mut fields = Fields::default();
    for (number, field) in withheld.iter().enumerate() {
        fields.add(&field.path, number);
    }
    let mut places = Places::default();
    let mut reader = serde_json::Deserializer::from_slice(data);
    let at_root = At {
        fields: &fields,
        places: &mut places,
    };
    // INVARIANT: the engine wrote it, so it is JSON; otherwise the places found so far would be
    // listed.
    let _ = at_root.deserialize(&mut reader);
    let mut errors: Vec<_> = places
        .found
        .iter()
        .map(|(number, path)| error(&withheld[*number], kind, path))
        .collect();
    if places.more > 0 {
        errors.push(json!({
            "message": format!(
                "{} more fields are withheld; `extensions.upfront.withheld` lists each once.",
                places.more
            ),
            "extensions": { "code": WITHHELD },
        }));
    }
    errors
}

fn error(withheld: &Withheld, kind: OperationKind, path: &[Value]) -> Value {
    let is_run = kind == OperationKind::Mutation && withheld.path.len() == 1;
    let doing = if is_run { "running" } else { "seeing" };
    let needed = needed(withheld);
    let mut extensions = json!({ "code": WITHHELD, "scopes": withheld.scopes });
    if !withheld.policies.is_empty() {
        extensions["policies"] = json!(withheld.policies);
    }
    json!({
        "message": format!("This field is withheld: {doing} it takes {needed}."),
        "path": path,
        "extensions": extensions,
    })
}

/// What would be needed, in words.
fn needed(withheld: &Withheld) -> String {
    let one_of = |sets: &[Vec<String>]| {
        let sets: Vec<_> = sets.iter().map(|set| set.join(" and ")).collect();
        sets.join(", or ")
    };
    let (scopes, policies) = (one_of(&withheld.scopes), one_of(&withheld.policies));
    match (scopes.is_empty(), policies.is_empty()) {
        (true, true) => "a bearer token".to_owned(),
        (false, true) => scopes,
        (true, false) => format!("the policies {policies}"),
        (false, false) => format!("{scopes}, and the policies {policies}"),
    }
}

/// The withheld fields by their response names, as a tree.
#[derive(Default)]
struct Fields<'a> {
    /// The field that ends here.
    number: Option<usize>,
    below: IndexMap<&'a str, Fields<'a>>,
}

impl<'a> Fields<'a> {
    fn add(&mut self, path: &'a [String], number: usize) {
        let mut fields = self;
        for name in path {
            fields = fields.below.entry(name).or_default();
        }
        fields.number = Some(number);
    }
}

/// Where the answer is null for a withheld field.
#[derive(Default)]
struct Places {
    path: Vec<Value>,
    found: Vec<(usize, Vec<Value>)>,
    more: usize,
}

/// Reads a value and what is below it.
struct At<'f, 'p> {
    fields: &'f Fields<'f>,
    places: &'p mut Places,
}

impl<'de> DeserializeSeed<'de> for At<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for At<'_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value of an answer")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        if let Some(number) = self.fields.number {
            if self.places.found.len() < MOST {
                let path = self.places.path.clone();
                self.places.found.push((number, path));
            } else {
                self.places.more += 1;
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        while let Some(name) = object.next_key::<String>()? {
            let Some(fields) = self.fields.below.get(name.as_str()) else {
                object.next_value::<IgnoredAny>()?;
                continue;
            };
            self.places.path.push(name.into());
            object.next_value_seed(At {
                fields,
                places: &mut *self.places,
            })?;
            self.places.path.pop();
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        for index in 0_usize.. {
            self.places.path.push(index.into());
            let element = list.next_element_seed(At {
                fields: self.fields,
                places: &mut *self.places,
            })?;
            self.places.path.pop();
            if element.is_none() {
                break;
            }
        }
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn withheld(path: &[&str]) -> Withheld {
        Withheld {
            path: path.iter().map(|&name| name.to_owned()).collect(),
            scopes: Vec::new(),
            policies: Vec::new(),
        }
    }

    #[test]
    fn every_place_has_its_indices() {
        let fields = [withheld(&["a", "b", "c"]), withheld(&["a", "d"])];
        let data = br#"{"x": 1, "a": [
            {"b": [[{"c": null}, null], [{"c": null}]], "d": null, "c": null},
            {"b": null, "d": "seen"}, null, {"b": {"c": 7}, "d": true}
        ]}"#;
        let errors = errors(&fields, OperationKind::Query, data);
        let paths: Vec<_> = errors.iter().map(|error| &error["path"]).collect();
        let expected = [
            json!(["a", 0, "b", 0, 0, "c"]),
            json!(["a", 0, "b", 1, 0, "c"]),
            json!(["a", 0, "d"]),
        ];
        assert_eq!(paths, expected.iter().collect::<Vec<_>>());
    }

    #[test]
    fn many_places_are_told_in_one() {
        let data = json!({ "a": vec![json!({ "b": null }); MOST + 5] }).to_string();
        let errors = errors(
            &[withheld(&["a", "b"])],
            OperationKind::Mutation,
            data.as_bytes(),
        );
        assert_eq!(errors.len(), MOST + 1);
        assert_eq!(errors[MOST - 1]["path"], json!(["a", MOST - 1, "b"]));
        let rest = errors[MOST]["message"].as_str().unwrap();
        assert!(rest.starts_with("5 more fields"), "{rest}");
    }

    #[test]
    fn a_mutation_is_run_and_its_answer_is_seen() {
        let mut fields = [withheld(&["a"]), withheld(&["b", "c"])];
        for field in &mut fields {
            field.scopes = vec![vec!["x:write".to_owned()]];
        }
        let told = |kind: OperationKind| {
            let errors = errors(&fields, kind, br#"{"a": null, "b": {"c": null}}"#);
            let messages = errors.iter().map(|error| error["message"].clone());
            messages.collect::<Vec<_>>()
        };
        let (run, seen) = (
            "This field is withheld: running it takes x:write.",
            "This field is withheld: seeing it takes x:write.",
        );
        assert_eq!(told(OperationKind::Mutation), [run, seen]);
        assert_eq!(told(OperationKind::Query), [seen, seen]);
    }
}
