//! `upfront source fetch`.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::{
    client::Registry,
    report::{list, string},
};
use crate::cli::{CliError, say};

const QUERY: &str = "query FetchSources { embeddedSources { name sdl } \
    sources { name current { sdl } } supergraphs(first: 1) { sdl } }";

/// Download every source's SDL and the supergraph, to compose against locally
///
/// Beside them a list in rover's format is written: add your own source to it and run
/// `upfront compose --config DIR/supergraph.yaml`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  upfront source fetch --to joint-schema")]
pub(super) struct Arguments {
    #[command(flatten)]
    registry: Registry,
    /// Folder to write to
    #[arg(long, value_name = "DIR", default_value = "joint-schema")]
    to: PathBuf,
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
        let mut config = vec!["subgraphs:\n".to_owned()];
        let mut files = 0;
        for (source, sdl) in embedded.chain(registered) {
            let name = string(source, "name");
            let file = format!("{name}.graphql");
            write(&self.to, &file, sdl)?;
            config.push(format!(
                "  {name}:\n    routing_url: http://{name}.invalid/\n    schema:\n      \
                 file: {file}\n"
            ));
            files += 1;
        }
        if let Some(supergraph) = list(&data, "supergraphs").next() {
            write(&self.to, "supergraph.graphql", string(supergraph, "sdl"))?;
        }
        write(&self.to, "supergraph.yaml", &config.concat())?;
        say(&format!(
            "Wrote {files} sources and the supergraph into `{}`.",
            self.to.display()
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
