//! Replaces type names in answers by those of the joint schema. All else stays byte for byte.

use apollo_compiler::Name;
use indexmap::{IndexMap, IndexSet};
use serde_json::value::RawValue;

use super::names::Names;

/// Where an answer names types.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Shape {
    /// Keys of this object that hold its type's name.
    pub(super) typenames: IndexSet<String>,
    /// Keys of objects, or lists of them, that name types further down.
    pub(super) fields: IndexMap<String, Self>,
}

impl Shape {
    /// Whether nothing names a type.
    pub(super) fn is_empty(&self) -> bool {
        self.typenames.is_empty() && self.fields.is_empty()
    }

    /// Adds what another place of the document asks of the same object.
    pub(super) fn extend(&mut self, other: Self) {
        self.typenames.extend(other.typenames);
        for (key, shape) in other.fields {
            self.fields.entry(key).or_default().extend(shape);
        }
    }
}

/// A GraphQL answer with the names of types replaced below `data`.
pub(super) fn translate(answer: &[u8], shape: &Shape, names: &Names) -> Option<Vec<u8>> {
    let top: IndexMap<String, &RawValue> = serde_json::from_slice(answer).ok()?;
    let mut text = Vec::with_capacity(answer.len());
    text.push(b'{');
    for (at, (key, value)) in top.iter().enumerate() {
        write_key(&mut text, at, key);
        if key == "data" {
            write(&mut text, value, shape, names)?;
        } else {
            text.extend_from_slice(value.get().as_bytes());
        }
    }
    text.push(b'}');
    Some(text)
}

/// The depth of the shape bounds how deep this goes; lists in lists nest no deeper than the parser
/// of JSON lets them.
fn write(text: &mut Vec<u8>, value: &RawValue, shape: &Shape, names: &Names) -> Option<()> {
    match value.get().as_bytes().first() {
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(value.get()).ok()?;
            text.push(b'[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    text.push(b',');
                }
                write(text, item, shape, names)?;
            }
            text.push(b']');
        }
        Some(b'{') => {
            let object: IndexMap<String, &RawValue> = serde_json::from_str(value.get()).ok()?;
            text.push(b'{');
            for (at, (key, value)) in object.iter().enumerate() {
                write_key(text, at, key);
                if shape.typenames.contains(key) {
                    write_name(text, value, names);
                } else if let Some(inner) = shape.fields.get(key) {
                    write(text, value, inner, names)?;
                } else {
                    text.extend_from_slice(value.get().as_bytes());
                }
            }
            text.push(b'}');
        }
        _ => text.extend_from_slice(value.get().as_bytes()),
    }
    Some(())
}

fn write_key(text: &mut Vec<u8>, at: usize, key: &str) {
    if at > 0 {
        text.push(b',');
    }
    // Writing a string into a vector cannot fail.
    let _ = serde_json::to_writer(&mut *text, key);
    text.push(b':');
}

fn write_name(text: &mut Vec<u8>, value: &RawValue, names: &Names) {
    let own = serde_json::from_str::<&str>(value.get()).ok();
    let own = own.and_then(|own| Name::new(own).ok());
    match own.and_then(|own| names.find_joint_type(&own)) {
        Some(joint) => {
            let _ = serde_json::to_writer(text, joint.as_str());
        }
        None => text.extend_from_slice(value.get().as_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use apollo_compiler::ast::Document;

    use super::super::{Names, Translated};

    const SDL: &str = "type Query { prices(kind: Kind): [Thing!] } \
        type Mutation { set(price: PriceInput!): Price } union Thing = Price | Offer \
        type Price { id: ID amount: Float next: Thing } type Offer { id: ID } \
        enum Kind { A B } input PriceInput { amount: Float }";

    fn names() -> Names {
        let document = Document::parse(SDL, "sdl").unwrap();
        Names::of(&document, "wfp")
    }

    #[test]
    fn asks_in_the_servers_names_and_answers_in_ours() {
        let names = names();
        let translated = Translated::new(
            "query($k:Wfp_Kind){wfp_prices(kind:$k){__typename ...on Wfp_Price{id \
             next{t:__typename}}} again:wfp_prices{__typename}}",
            &names,
        )
        .unwrap();
        assert_eq!(
            translated
                .document
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" "),
            "query($k: Kind) { wfp_prices: prices(kind: $k) { __typename ... on Price { id next \
             { t: __typename } } } again: prices { __typename } }"
        );
        let answer = r#"{"data":{"wfp_prices":[{"__typename":"Price","id":"Price","amount":1.10e3,
            "next":{"t":"Offer"}},null],"again":null},"errors":[{"message":"Price"}]}"#;
        let answer = translated.answer(answer.as_bytes().to_vec().into(), &names);
        let answer = std::str::from_utf8(&answer).unwrap();
        assert_eq!(
            answer.replace([' ', '\n'], ""),
            r#"{"data":{"wfp_prices":[{"__typename":"Wfp_Price","id":"Price","amount":1.10e3,"#
                .to_owned()
                + r#""next":{"t":"Wfp_Offer"}},null],"again":null},"errors":[{"message":"Price"}]}"#
        );
    }

    #[test]
    fn what_the_server_does_not_have_is_not_asked() {
        let names = names();
        for foreign in [
            "{other_prices{id}}",
            "{wfp_prices{...on Situation{id}}}",
            "{",
        ] {
            assert!(Translated::new(foreign, &names).is_none(), "{foreign}");
        }
    }

    #[test]
    fn nonsense_is_handed_on() {
        let names = names();
        let translated = Translated::new("{wfp_prices{__typename}}", &names).unwrap();
        for nonsense in ["", "[]", "{\"data\":{\"wfp_prices\":[", "null"] {
            let answer = bytes::Bytes::from_static(nonsense.as_bytes());
            assert_eq!(translated.answer(answer.clone(), &names), answer);
        }
    }
}
