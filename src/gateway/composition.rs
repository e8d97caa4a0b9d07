//! Subgraphs as rover's `supergraph.yaml` lists them, composed.
//!
//! <https://www.apollographql.com/docs/rover/commands/supergraphs>

use std::path::{Path, PathBuf};

use federation::{
    compose::compose,
    diagnostic::{Diagnostics, Sources},
    subgraph::SubgraphInput,
};
use indexmap::IndexMap;
use serde::Deserialize;

use super::introspection;

/// A file in rover's format. Keys it does not know are errors; those of rover that change nothing
/// here are known.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "federation_version")]
    _federation_version: Option<serde_yaml_ng::Value>,
    subgraphs: IndexMap<String, Listed>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    routing_url: Option<String>,
    schema: SchemaOrigin,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct SchemaOrigin {
    file: Option<PathBuf>,
    subgraph_url: Option<String>,
    #[serde(default)]
    introspection_headers: IndexMap<String, String>,
}

/// Why there is nothing to compose.
#[derive(Debug, thiserror::Error)]
pub enum CompositionError {
    /// A file cannot be read.
    #[error("cannot read `{path}`: {error}", path = .0.display(), error = .1)]
    File(PathBuf, std::io::Error),
    /// The list is not in rover's format.
    #[error("`{path}`: {error}", path = .0.display(), error = .1)]
    Format(PathBuf, serde_yaml_ng::Error),
    /// A subgraph's entry says too little or too much.
    #[error("`{path}`: subgraph `{name}`: {what}", path = .0.display(), name = .1, what = .2)]
    Subgraph(PathBuf, String, String),
}

/// What is to be composed.
#[derive(Debug)]
pub struct Composition {
    /// The subgraphs.
    pub inputs: Vec<SubgraphInput>,
    /// The files they were read from, the list first.
    pub files: Vec<PathBuf>,
}

impl Composition {
    /// Reads a list and the SDL of each subgraph, from files or from running services.
    pub async fn load(list: &Path) -> Result<Self, CompositionError> {
        let text = read(list)?;
        let parsed: File = serde_yaml_ng::from_str(&text)
            .map_err(|error| CompositionError::Format(list.to_owned(), error))?;
        let folder = list.parent().unwrap_or(Path::new(""));
        let mut files = vec![list.to_owned()];
        let mut inputs = Vec::with_capacity(parsed.subgraphs.len());
        for (name, listed) in parsed.subgraphs {
            let refuse = |name: &str, what: &str| {
                CompositionError::Subgraph(list.to_owned(), name.to_owned(), what.to_owned())
            };
            let SchemaOrigin {
                file,
                subgraph_url,
                introspection_headers,
            } = listed.schema;
            let sdl = match (file, &subgraph_url) {
                (Some(file), None) => {
                    let file = folder.join(file);
                    let sdl = read(&file)?;
                    files.push(file);
                    sdl
                }
                (None, Some(url)) => introspection::fetch_sdl(url, &introspection_headers)
                    .await
                    .map_err(|error| refuse(&name, &error))?,
                _ => {
                    let what = "`schema` needs either `file` or `subgraph_url`";
                    return Err(refuse(&name, what));
                }
            };
            let Some(url) = listed.routing_url.or(subgraph_url) else {
                return Err(refuse(&name, "`routing_url` is missing: where it answers"));
            };
            inputs.push(SubgraphInput { name, url, sdl });
        }
        Ok(Self { inputs, files })
    }

    /// The supergraph's SDL, if it composes, and what there is to say.
    pub fn compose(&self) -> (Option<String>, Diagnostics) {
        let (composed, diagnostics) = compose(&self.inputs);
        (
            composed.map(|composed| composed.supergraph_sdl),
            diagnostics,
        )
    }

    /// The texts that diagnostics point into.
    pub fn sources(&self) -> Sources<'_> {
        self.inputs
            .iter()
            .map(|input| (input.name.as_str(), input.sdl.as_str()))
            .collect()
    }
}

fn read(path: &Path) -> Result<String, CompositionError> {
    std::fs::read_to_string(path).map_err(|error| CompositionError::File(path.to_owned(), error))
}
