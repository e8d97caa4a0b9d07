//! Rover's `supergraph.yaml`, read: variables put in, each subgraph once.
//!
//! <https://www.apollographql.com/docs/rover/commands/supergraphs>

use std::path::{Path, PathBuf};

use apollo_compiler::ast::Document;
use indexmap::IndexMap;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, Visitor},
};

/// Why there is nothing to compose.
#[derive(Debug, thiserror::Error)]
pub enum CompositionError {
    /// A file cannot be read.
    #[error("cannot read `{path}`: {error}", path = .0.display(), error = .1)]
    File(PathBuf, std::io::Error),
    /// The list is not in rover's format.
    #[error("`{path}`: {error}", path = .0.display(), error = .1)]
    Format(PathBuf, serde_yaml_ng::Error),
    /// It is no list, but SDL.
    #[error(
        "`{path}` holds SDL, not a list of subgraphs: `upfront serve --supergraph` takes a \
         supergraph, and a subgraph is listed in a `supergraph.yaml`",
        path = .0.display()
    )]
    SdlGiven(PathBuf),
    /// It is no list, but the settings of another gateway.
    #[error(
        "`{path}` looks like the settings of Apollo Router, and `--config` takes a list of subgraphs as \
         rover does ({error}). Upfront's settings are in `upfront.toml`, or where `--settings` says; \
         which key stands for which of the router's is in docs/operation.md, under \"Coming from Apollo \
         Router\"",
        path = .0.display(), error = .1
    )]
    RouterSettings(PathBuf, serde_yaml_ng::Error),
    /// A subgraph's entry says too little or too much.
    #[error("`{path}`: subgraph `{name}`: {what}", path = .0.display(), name = .1, what = .2)]
    Subgraph(PathBuf, String, String),
}

/// A file in rover's format. Keys it does not know are errors; those of rover that change nothing
/// here are known.
#[derive(Debug, Deserialize)]
#[serde(
    deny_unknown_fields,
    expecting = "a list of subgraphs: `subgraphs:`, and below it an entry for each, by its name"
)]
struct File {
    #[serde(rename = "federation_version")]
    _federation_version: Option<serde_yaml_ng::Value>,
    #[serde(deserialize_with = "entries")]
    subgraphs: Vec<(String, Listed)>,
}

/// One subgraph of the list.
#[derive(Debug, Deserialize)]
#[serde(
    deny_unknown_fields,
    expecting = "`routing_url` and `schema` of a subgraph"
)]
pub(super) struct Listed {
    /// Where it answers.
    pub(super) routing_url: Option<String>,
    /// Where its SDL is.
    pub(super) schema: SchemaOrigin,
}

/// Where a subgraph's SDL is.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, expecting = "`file` or `subgraph_url`")]
pub(super) struct SchemaOrigin {
    /// In a file.
    pub(super) file: Option<String>,
    /// With the subgraph itself.
    pub(super) subgraph_url: Option<String>,
    /// Headers to ask it with.
    #[serde(default, deserialize_with = "headers")]
    pub(super) introspection_headers: IndexMap<String, String>,
}

/// The subgraphs that a file lists, in its order.
pub(super) fn read(
    path: &Path,
    text: &str,
    find: &dyn Fn(&str) -> Option<String>,
) -> Result<Vec<(String, Listed)>, CompositionError> {
    let parsed: File = serde_yaml_ng::from_str(text).map_err(|error| {
        let document = Document::parse(text, "list.graphql");
        if document.is_ok_and(|document| !document.definitions.is_empty()) {
            CompositionError::SdlGiven(path.to_owned())
        } else if is_of_router(text) {
            CompositionError::RouterSettings(path.to_owned(), error)
        } else {
            CompositionError::Format(path.to_owned(), error)
        }
    })?;
    let mut subgraphs = parsed.subgraphs;
    for (at, (name, _)) in subgraphs.iter().enumerate() {
        if let Some(first) = subgraphs[..at].iter().position(|(other, _)| other == name) {
            let [first, second] = [first, at].map(|nth| place_of(text, nth));
            let what = format!(
                "it is listed twice, {first} and {second}; give one of them another name or take \
                 it out"
            );
            return Err(refuse(path, name, what));
        }
    }
    for (name, listed) in &mut subgraphs {
        for value in listed.values_mut() {
            *value = expanded(value, find).map_err(|what| refuse(path, name, what))?;
        }
    }
    Ok(subgraphs)
}

/// Keys that the settings of Apollo Router have, and no list of subgraphs.
const ROUTER_KEYS: [&str; 17] = [
    "apq",
    "authentication",
    "authorization",
    "coprocessor",
    "cors",
    "csrf",
    "headers",
    "health_check",
    "homepage",
    "include_subgraph_errors",
    "limits",
    "override_subgraph_url",
    "persisted_queries",
    "rhai",
    "supergraph",
    "telemetry",
    "traffic_shaping",
];

/// Whether a text may be the settings of Apollo Router.
fn is_of_router(text: &str) -> bool {
    let parsed = serde_yaml_ng::from_str::<serde_yaml_ng::Value>(text);
    parsed.is_ok_and(|value| {
        value.get("subgraphs").is_none() && ROUTER_KEYS.iter().any(|key| value.get(key).is_some())
    })
}

/// Whether a text is a list of subgraphs in rover's format.
pub fn is_subgraph_list(text: &str) -> bool {
    let parsed = serde_yaml_ng::from_str::<serde_yaml_ng::Value>(text);
    parsed.is_ok_and(|value| value.get("subgraphs").is_some())
}

fn refuse(path: &Path, name: &str, what: String) -> CompositionError {
    CompositionError::Subgraph(PathBuf::from(path), name.to_owned(), what)
}

impl Listed {
    /// Every value that may refer to a variable.
    fn values_mut(&mut self) -> impl Iterator<Item = &mut String> {
        let schema = &mut self.schema;
        (self.routing_url.iter_mut())
            .chain(&mut schema.file)
            .chain(&mut schema.subgraph_url)
            .chain(schema.introspection_headers.values_mut())
    }
}

/// A text with `${env.NAME}` and `${env.NAME:-default}` replaced, as rover does.
fn expanded(text: &str, find: &dyn Fn(&str) -> Option<String>) -> Result<String, String> {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        filled.push_str(before);
        let Some((reference, after)) = after.split_once('}') else {
            return Err(format!("`{text}`: the `${{` has no `}}`"));
        };
        let Some(variable) = reference.strip_prefix("env.") else {
            return Err(format!(
                "`${{{reference}}}` is not understood; write `${{env.NAME}}` or \
                 `${{env.NAME:-default}}`"
            ));
        };
        let (name, default) = match variable.split_once(":-") {
            Some((name, default)) => (name, Some(default)),
            None => (variable, None),
        };
        let value = find(name).or_else(|| default.map(str::to_owned));
        let missing = || {
            format!(
                "it refers to the variable `{name}`, which the environment does not have; set it, \
                 or write `${{env.{name}:-default}}`"
            )
        };
        filled.push_str(&value.ok_or_else(missing)?);
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

/// A map with all its entries: a plain one would keep the last of those that have the same key.
struct Entries<V>(std::marker::PhantomData<V>);

impl<'de, V: Deserialize<'de>> Visitor<'de> for Entries<V> {
    type Value = Vec<(String, V)>;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(entries)
    }
}

fn entries<'de, D: Deserializer<'de>, V: Deserialize<'de>>(
    deserializer: D,
) -> Result<Vec<(String, V)>, D::Error> {
    deserializer.deserialize_map(Entries(std::marker::PhantomData))
}

fn headers<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<IndexMap<String, String>, D::Error> {
    let mut headers = IndexMap::new();
    for (name, value) in entries(deserializer)? {
        if headers.insert(String::clone(&name), value).is_some() {
            return Err(D::Error::custom(format!(
                "the header `{name}` is set twice"
            )));
        }
    }
    Ok(headers)
}

/// Where the key of a subgraph stands. The parser gives places in errors alone, so this reads up to
/// the key and stops there with one.
fn place_of(text: &str, nth: usize) -> String {
    let stopped = UpTo(nth).deserialize(serde_yaml_ng::Deserializer::from_str(text));
    let place = stopped.err().and_then(|error| error.location());
    place.map_or_else(
        || format!("as number {}", nth + 1),
        |place| format!("in line {}", place.line()),
    )
}

/// Stops at the key of one of the subgraphs.
#[derive(Clone, Copy)]
struct UpTo(usize);

impl<'de> DeserializeSeed<'de> for UpTo {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for UpTo {
    type Value = ();

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if key == "subgraphs" {
                map.next_value_seed(KeyOf(self.0))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// Stops at one of the keys.
struct KeyOf(usize);

impl<'de> DeserializeSeed<'de> for KeyOf {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for KeyOf {
    type Value = ();

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        for _ in 0..self.0 {
            map.next_entry::<IgnoredAny, IgnoredAny>()?;
        }
        map.next_key::<Here>().map(drop)
    }
}

/// A key at which reading stops.
struct Here;

impl<'de> Deserialize<'de> for Here {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Stop;
        impl Visitor<'_> for Stop {
            type Value = Here;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("a key")
            }

            fn visit_str<E: serde::de::Error>(self, _: &str) -> Result<Here, E> {
                Err(E::custom("here"))
            }
        }
        deserializer.deserialize_str(Stop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(text: &str) -> Result<Vec<(String, Listed)>, String> {
        let find = |name: &str| (name == "HOST").then(|| "areas.example".to_owned());
        read(Path::new("list.yaml"), text, &find).map_err(|error| error.to_string())
    }

    #[test]
    fn puts_variables_in() {
        let listed = list(
            "subgraphs:\n  a:\n    routing_url: http://${env.HOST}:${env.PORT:-4001}/${env.NONE:-}\n    \
             schema:\n      subgraph_url: http://${env.HOST}/\n      \
             introspection_headers: {x-key: 'a ${env.HOST} b'}\n",
        )
        .unwrap();
        let (name, listed) = &listed[0];
        assert_eq!(name, "a");
        assert_eq!(
            listed.routing_url.as_deref(),
            Some("http://areas.example:4001/")
        );
        let schema = &listed.schema;
        assert_eq!(
            schema.subgraph_url.as_deref(),
            Some("http://areas.example/")
        );
        assert_eq!(schema.introspection_headers["x-key"], "a areas.example b");
    }

    #[test]
    fn settings_of_a_router_are_told_from_a_wrong_list() {
        for text in [
            "supergraph:\n  listen: 127.0.0.1:4000\n",
            "headers: {all: {request: [{propagate: {named: x}}]}}",
        ] {
            let error = list(text).unwrap_err();
            for part in ["`list.yaml` looks like", "docs/operation.md", "--settings"] {
                assert!(error.contains(part), "{error}");
            }
        }
        for text in ["subgraphs: {}\nheaders: {}", "subgraph: {}", "- supergraph"] {
            let error = list(text).unwrap_err();
            assert!(!error.contains("Router"), "{error}");
        }
    }

    #[test]
    fn names_what_it_cannot_put_in() {
        let error = |url: &str| {
            list(&format!(
                "subgraphs: {{a: {{routing_url: '{url}', schema: {{file: a}}}}}}"
            ))
            .unwrap_err()
        };
        assert!(error("${env.GONE}").contains("variable `GONE`"));
        assert!(error("${GONE}").contains("`${GONE}` is not understood"));
        assert!(error("${env.HOST").contains("has no `}`"));
    }

    #[test]
    fn a_subgraph_is_listed_once() {
        let error = list(
            "subgraphs:\n  a: {schema: {file: a}}\n  b:\n    schema: {file: a}\n\n  \"a\":\n    \
             schema: {file: b}\n",
        )
        .unwrap_err();
        assert!(error.contains("`a`"), "{error}");
        assert!(error.contains("in line 2 and in line 6"), "{error}");
        let error = list("subgraphs: {a: {schema: {introspection_headers: {k: '1', k: '2'}}}}");
        assert!(error.unwrap_err().contains("`k` is set twice"));
    }
}
