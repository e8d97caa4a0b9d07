//! The list of subgraphs that `upfront source fetch` writes, in rover's format; what its reader added
//! stays.

use std::{collections::HashSet, io::ErrorKind, path::Path};

use serde_yaml_ng::{Mapping, Value};

use crate::cli::CliError;

const SUBGRAPHS: &str = "subgraphs";

/// The list, with what was not fetched.
#[derive(Debug, Default)]
pub(super) struct SubgraphList {
    /// Keys beside the subgraphs.
    beside: Mapping,
    subgraphs: Mapping,
}

/// Where the SDL of a source is written.
pub(super) fn file_of(name: &str) -> String {
    format!("{name}.graphql")
}

impl SubgraphList {
    /// What was added to the list in a file: subgraphs that the registry does not know, and those whose
    /// schema is elsewhere than where it would be written. Empty where there is no file.
    pub(super) fn read(path: &Path, known: &HashSet<&str>) -> Result<Self, CliError> {
        let text = match std::fs::read_to_string(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::default()),
            text => text.map_err(|error| unreadable(path, &error))?,
        };
        let read: Value =
            serde_yaml_ng::from_str(&text).map_err(|error| unreadable(path, &error))?;
        let mut beside = match read {
            Value::Null => Mapping::new(),
            Value::Mapping(read) => read,
            _ => return Err(unreadable(path, &"it is no list of subgraphs")),
        };
        let mut subgraphs = match beside.shift_remove(SUBGRAPHS) {
            None | Some(Value::Null) => Mapping::new(),
            Some(Value::Mapping(subgraphs)) => subgraphs,
            Some(_) => return Err(unreadable(path, &"`subgraphs` is no mapping")),
        };
        subgraphs.retain(|name, subgraph| {
            let name = name.as_str().unwrap_or_default();
            let file = subgraph.get("schema").and_then(|schema| schema.get("file"));
            let is_elsewhere = file.and_then(Value::as_str) != Some(file_of(name).as_str());
            !known.contains(name) || is_elsewhere
        });
        Ok(Self { beside, subgraphs })
    }

    /// Names of the subgraphs so far.
    pub(super) fn names(&self) -> Vec<String> {
        let names = self.subgraphs.keys().filter_map(Value::as_str);
        names.map(str::to_owned).collect()
    }

    /// Adds a source, unless it is there already.
    pub(super) fn add(&mut self, name: &str, url: Option<&str>) {
        let url = url.map_or_else(|| format!("http://{name}.invalid/"), str::to_owned);
        let schema = Mapping::from_iter([("file".into(), file_of(name).into())]);
        let subgraph = Mapping::from_iter([
            ("routing_url".into(), url.into()),
            ("schema".into(), schema.into()),
        ]);
        self.subgraphs
            .entry(name.into())
            .or_insert_with(|| subgraph.into());
    }

    /// The list as text.
    pub(super) fn written(mut self) -> Result<String, CliError> {
        self.beside.insert(SUBGRAPHS.into(), self.subgraphs.into());
        serde_yaml_ng::to_string(&self.beside).map_err(|error| CliError::new(error.to_string()))
    }
}

fn unreadable(path: &Path, why: &dyn std::fmt::Display) -> CliError {
    CliError::Unreadable(format!(
        "`{}`, to which something may have been added, cannot be read: {why}; correct or remove it, or \
         write it anew with --force",
        path.display()
    ))
}
