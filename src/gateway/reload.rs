//! Follows files: a change that does not compose leaves the last good supergraph serving.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

use reqwest::Client;

use super::{Composition, CompositionError, Graph, GraphError, Live, client_builder, plain_graph};
use crate::config::Config;

/// How often files are looked at.
const INTERVAL: Duration = Duration::from_millis(500);

const NOT_GOOD: &str = "The newest supergraph is not good, as the log says; the last good one \
                        serves.";

/// Where a supergraph comes from.
#[derive(Clone, Debug)]
pub enum Origin {
    /// A file with its SDL.
    Supergraph(PathBuf),
    /// A list of subgraphs in rover's format.
    List(PathBuf),
}

/// Why there is nothing to serve.
#[derive(Debug, thiserror::Error)]
pub enum ReloadError {
    /// The file cannot be read.
    #[error("cannot read `{path}`: {error}", path = .0.display(), error = .1)]
    File(PathBuf, std::io::Error),
    /// There is nothing to compose.
    #[error(transparent)]
    Composition(#[from] CompositionError),
    /// It does not compose, or cannot be read.
    #[error(transparent)]
    Graph(#[from] GraphError),
    /// No HTTP client can be made.
    #[error("no HTTP client: {0}")]
    Client(#[from] reqwest::Error),
}

/// Keeps a supergraph like its files.
#[derive(Debug)]
pub struct Reload {
    origin: Origin,
    config: Config,
    client: Client,
    live: Arc<Live>,
    seen: Vec<(PathBuf, Stamp)>,
}

/// What tells one version of a file from another without reading it.
type Stamp = Option<(SystemTime, u64)>;

struct Loaded {
    graph: Graph,
    seen: Vec<(PathBuf, Stamp)>,
}

impl Reload {
    /// Loads the supergraph; it must be good to start with.
    pub async fn start(origin: Origin, config: Config) -> Result<Self, ReloadError> {
        let client = client_builder().build()?;
        let loaded = load(&origin, &config, &client, None).await?;
        Ok(Self {
            live: Arc::new(Live::new(loaded.graph)),
            seen: loaded.seen,
            origin,
            config,
            client,
        })
    }

    /// What it keeps up to date.
    pub fn live(&self) -> &Arc<Live> {
        &self.live
    }

    /// Looks at the files now and then, for ever.
    pub async fn follow(mut self) {
        loop {
            tokio::time::sleep(INTERVAL).await;
            self.check().await;
        }
    }

    async fn check(&mut self) {
        if self.seen.iter().all(|(path, known)| stamp(path) == *known) {
            return;
        }
        let before = self.live.current();
        match load(&self.origin, &self.config, &self.client, Some(&before)).await {
            Ok(loaded) => {
                self.seen = loaded.seen;
                self.live.swap(loaded.graph);
                self.live.set_trouble(None);
                tracing::info!("a new supergraph serves");
            }
            Err(error) => {
                for (path, known) in &mut self.seen {
                    *known = stamp(path);
                }
                tracing::error!(%error, "the new supergraph is not good; the last good one serves");
                self.live.set_trouble(Some(NOT_GOOD.to_owned()));
            }
        }
    }
}

async fn load(
    origin: &Origin,
    config: &Config,
    client: &Client,
    before: Option<&Graph>,
) -> Result<Loaded, ReloadError> {
    // Stamps are taken before reading: what is written meanwhile is seen next time.
    match origin {
        Origin::Supergraph(path) => {
            let seen = vec![(path.clone(), stamp(path))];
            let sdl = std::fs::read_to_string(path)
                .map_err(|error| ReloadError::File(path.clone(), error))?;
            let graph = plain_graph(&sdl, config, client, before)?;
            Ok(Loaded { graph, seen })
        }
        Origin::List(path) => {
            let first = stamp(path);
            let composition = Composition::load(path).await?;
            let mut seen: Vec<_> = composition
                .files
                .iter()
                .map(|path| (path.clone(), stamp(path)))
                .collect();
            if let Some((_, list)) = seen.first_mut() {
                *list = first;
            }
            let (sdl, diagnostics) = composition.compose();
            let told = diagnostics.to_text(&composition.sources());
            let sdl = sdl.ok_or_else(|| GraphError::Composition(told.clone()))?;
            if !told.is_empty() {
                tracing::warn!(hints = told, "composed with hints");
            }
            let graph = plain_graph(&sdl, config, client, before)?;
            Ok(Loaded { graph, seen })
        }
    }
}

fn stamp(path: &Path) -> Stamp {
    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}
