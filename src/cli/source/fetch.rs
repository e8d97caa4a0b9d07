//! `upfront source fetch`.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::{
    client::Registry,
    report::{list, string},
    subgraph_list::{SubgraphList, file_of},
};
use crate::cli::{CliError, say};

const QUERY: &str = "query FetchSources { embeddedSources { name sdl } \
    sources { name current { url sdl } } supergraphs(first: 1) { sdl } }";

/// The list in rover's format.
const LIST: &str = "supergraph.yaml";

/// Download every source's SDL and the supergraph, to compose against locally
///
/// Beside them a list in rover's format is written: add your own source to it and run
/// `upfront compose --config DIR/supergraph.yaml`. What was added to the list stays when it is fetched
/// again: sources that the registry does not have, and those whose schema is in another file.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  upfront source fetch --to joint-schema")]
pub(super) struct Arguments {
    #[command(flatten)]
    registry: Registry,
    /// Folder to write to
    #[arg(long, value_name = "DIR", default_value = "joint-schema")]
    to: PathBuf,
    /// Write the list anew: what was added to it is lost
    #[arg(long)]
    force: bool,
}

impl Arguments {
    pub(super) async fn run(self) -> Result<(), CliError> {
        let data = self.registry.ask(QUERY, json!({})).await?;
        std::fs::create_dir_all(&self.to)
            .map_err(|error| CliError::new(format!("`{}`: {error}", self.to.display())))?;
        let embedded = list(&data, "embeddedSources").map(|source| (source, string(source, "sdl")));
        let registered = list(&data, "sources")
            .filter(|source| !source["current"].is_null())
            .map(|source| (source, string(&source["current"], "sdl")));
        let names = list(&data, "embeddedSources").chain(list(&data, "sources"));
        let known = names.map(|source| string(source, "name"));
        let path = self.to.join(LIST);
        let mut subgraphs = if self.force {
            SubgraphList::default()
        } else {
            SubgraphList::read(&path, &known.collect())?
        };
        let kept = subgraphs.names();
        let mut files = 0;
        for (source, sdl) in embedded.chain(registered) {
            let name = string(source, "name");
            write(&self.to, &file_of(name), sdl)?;
            // Where another entity's source is, the registry does not tell.
            let url = source["current"]["url"].as_str();
            subgraphs.add(name, url);
            files += 1;
        }
        if let Some(supergraph) = list(&data, "supergraphs").next() {
            write(&self.to, "supergraph.graphql", string(supergraph, "sdl"))?;
        }
        write(&self.to, LIST, &subgraphs.written()?)?;
        say(&format!(
            "Wrote {files} sources and the supergraph into `{}`.",
            self.to.display()
        ))?;
        if kept.is_empty() {
            return Ok(());
        }
        let kept: Vec<_> = kept.iter().map(|name| format!("`{name}`")).collect();
        say(&format!(
            "`{}` keeps what was added to it: {}.",
            path.display(),
            kept.join(", ")
        ))
    }
}

/// Names of sources hold no separators, but what another machine sends is not taken for granted.
fn write(folder: &Path, file: &str, text: &str) -> Result<(), CliError> {
    let is_plain = file
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte));
    if !is_plain || file.starts_with('.') {
        return Err(CliError::new(format!(
            "the registry sends an invalid name of a source: {file:?}"
        )));
    }
    std::fs::write(folder.join(file), text)
        .map_err(|error| CliError::new(format!("cannot write `{file}`: {error}")))
}
