//! Logs where answers of sources did not fit: the errors are found when answers are read, their
//! places are known once the client's answer is written.

use federation::error::{Origin, PathElement, ResponseError};
use indexmap::IndexMap;

/// Fields of a path that are named.
const MOST_FIELDS: usize = 20;
/// Characters of a name that are logged: a client may give an alias of any length.
const MOST_CHARACTERS: usize = 64;

/// A line for each source with the first value of it that does not fit, by the fields that lead there,
/// without any value.
pub(super) fn log(errors: &[ResponseError]) {
    for (source, (error, more)) in first_of_each(errors) {
        let (field, why) = (field(error), error.message.as_str());
        tracing::warn!(source, field, why, more, "a value does not fit");
    }
}

/// The first misfit of each source, and how many more it has.
fn first_of_each(errors: &[ResponseError]) -> IndexMap<&str, (&ResponseError, usize)> {
    let mut found: IndexMap<&str, (&ResponseError, usize)> = IndexMap::new();
    for error in errors {
        let Some(source) = source_of(&error.origin) else {
            continue;
        };
        found
            .entry(source)
            .and_modify(|(_, more)| *more += 1)
            .or_insert((error, 0));
    }
    found
}

fn source_of(origin: &Origin) -> Option<&str> {
    match origin {
        Origin::Misfit { subgraph } => Some(subgraph),
        Origin::Completion { subgraph } => subgraph.as_deref(),
        _ => None,
    }
}

/// The response names in an error's path, joined by dots.
fn field(error: &ResponseError) -> String {
    let path = error.path.iter().flatten();
    let names = path.filter_map(|element| match element {
        PathElement::Key(name) => Some(name.chars().take(MOST_CHARACTERS).collect::<String>()),
        PathElement::Index(_) => None,
    });
    let names: Vec<_> = names.take(MOST_FIELDS).collect();
    names.join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(subgraph: &str, path: &[PathElement]) -> ResponseError {
        let subgraph = subgraph.to_owned();
        ResponseError {
            message: "a value does not fit the field's type".to_owned(),
            locations: Vec::new(),
            path: Some(path.to_vec()),
            origin: Origin::Misfit { subgraph },
            extensions: serde_json::Map::new(),
        }
    }

    #[test]
    fn the_first_place_of_each_source_is_told_without_values() {
        let key = |name: &str| PathElement::Key(name.to_owned());
        let errors = [
            error("tents", &[key("sites"), PathElement::Index(3), key("beds")]),
            error("tents", &[key("sites"), PathElement::Index(4), key("beds")]),
            error("huts", &[key("huts")]),
        ];
        let found = first_of_each(&errors);
        let told: Vec<_> = found
            .iter()
            .map(|(source, (error, more))| (*source, field(error), *more))
            .collect();
        let expected = [
            ("tents", "sites.beds".to_owned(), 1),
            ("huts", "huts".to_owned(), 0),
        ];
        assert_eq!(told, expected);
    }
}
