//! Subgraphs as rover's `supergraph.yaml` lists them, composed.
//!
//! <https://www.apollographql.com/docs/rover/commands/supergraphs>

use std::path::{Path, PathBuf};

use federation::{
    compose::compose,
    diagnostic::{Diagnostics, Sources},
    subgraph::SubgraphInput,
};
use futures::future::join_all;
use indexmap::IndexMap;

use super::{
    introspection,
    list::{self, CompositionError, Listed},
};
use crate::config::find_variable;

/// What is to be composed.
#[derive(Debug)]
pub struct Composition {
    /// The subgraphs.
    pub inputs: Vec<SubgraphInput>,
    /// The running subgraphs that returned their SDL.
    pub(super) asked: Vec<Asked>,
}

/// A running subgraph that is asked for its SDL.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Asked {
    /// Its name.
    pub(super) name: String,
    url: String,
    headers: Vec<(String, String)>,
}

/// The SDL that running subgraphs returned last.
pub(super) type Known = IndexMap<Asked, String>;

impl Asked {
    /// Asks for the SDL; the error is a sentence on why there is none.
    pub(super) async fn sdl(&self) -> Result<String, String> {
        introspection::fetch_sdl(&self.url, &self.headers).await
    }
}

/// Where the SDL of a listed subgraph comes from.
enum SdlOrigin {
    File(PathBuf),
    Subgraph(Asked),
}

impl Composition {
    /// Reads a list and the SDL of each subgraph, from files or from running services.
    pub async fn load(list: &Path) -> Result<Self, CompositionError> {
        Self::load_knowing(list, &Known::new()).await
    }

    /// The same; a running subgraph whose SDL is known is not asked again.
    pub(super) async fn load_knowing(list: &Path, known: &Known) -> Result<Self, CompositionError> {
        let refuse = |name: &str, what: &str| {
            CompositionError::Subgraph(list.to_owned(), name.to_owned(), what.to_owned())
        };
        let mut listed = Vec::new();
        for (name, entry) in list::read(list, &read(list)?, &find_variable)? {
            let (url, from) = origin(list, &name, entry).map_err(|what| refuse(&name, what))?;
            listed.push((name, url, from));
        }
        let read_one = async |name: &str, from: &SdlOrigin| match from {
            SdlOrigin::File(file) => read(file),
            SdlOrigin::Subgraph(asked) => match known.get(asked) {
                Some(sdl) => Ok(sdl.clone()),
                None => asked.sdl().await.map_err(|what| refuse(name, &what)),
            },
        };
        let reading = listed.iter().map(|(name, _, from)| read_one(name, from));
        let sdls = join_all(reading).await;
        let mut composition = Self {
            inputs: Vec::with_capacity(listed.len()),
            asked: Vec::new(),
        };
        for ((name, url, from), sdl) in listed.into_iter().zip(sdls) {
            let sdl = sdl?;
            let Some(url) = url else {
                return Err(refuse(&name, "`routing_url` is missing: where it answers"));
            };
            composition.inputs.push(SubgraphInput { name, url, sdl });
            if let SdlOrigin::Subgraph(asked) = from {
                composition.asked.push(asked);
            }
        }
        Ok(composition)
    }

    /// The files that a list depends on, itself first, whether or not they can be read.
    pub(super) fn files_of(list: &Path) -> Vec<PathBuf> {
        let text = std::fs::read_to_string(list).unwrap_or_default();
        let listed = list::read(list, &text, &find_variable).unwrap_or_default();
        let files = listed
            .into_iter()
            .filter_map(|(_, entry)| entry.schema.file);
        let files = files.map(|file| beside(list, &file));
        std::iter::once(list.to_owned()).chain(files).collect()
    }

    /// The SDL that running subgraphs returned for it.
    pub(super) fn known(&self) -> Known {
        let known = self.asked.iter().filter_map(|asked| {
            let input = self.inputs.iter().find(|input| input.name == asked.name)?;
            Some((asked.clone(), input.sdl.clone()))
        });
        known.collect()
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

/// A path that a list names, from its own folder.
fn beside(list: &Path, file: &str) -> PathBuf {
    list.parent().unwrap_or(Path::new("")).join(file)
}

/// Where a listed subgraph answers, and where its SDL is; the error says what its entry lacks.
fn origin(
    list: &Path,
    name: &str,
    listed: Listed,
) -> Result<(Option<String>, SdlOrigin), &'static str> {
    let schema = listed.schema;
    let from = match (schema.file, &schema.subgraph_url) {
        (Some(file), None) => SdlOrigin::File(beside(list, &file)),
        (None, Some(url)) => SdlOrigin::Subgraph(Asked {
            name: name.to_owned(),
            url: url.clone(),
            headers: schema.introspection_headers.into_iter().collect(),
        }),
        _ => return Err("`schema` needs either `file` or `subgraph_url`"),
    };
    let url = listed.routing_url.or(schema.subgraph_url);
    Ok((url, from))
}
