//! Follows files and running subgraphs: a change that does not compose leaves the last good
//! supergraph serving.

use std::{
    future::pending,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

use futures::future::{BoxFuture, join_all};
use reqwest::Client;
use tokio::{sync::Notify, time::MissedTickBehavior};

use super::{
    Composition, CompositionError, Graph, GraphError, Live, client_builder,
    composition::{Asked, Known},
    list::is_subgraph_list,
    plain_graph,
};
use crate::config::Config;

/// How often files are looked at.
const INTERVAL: Duration = Duration::from_millis(500);

/// Where a supergraph comes from.
#[derive(Clone, Debug)]
pub enum Origin {
    /// A file with its SDL.
    Supergraph(PathBuf),
    /// A list of subgraphs in rover's format.
    List(PathBuf),
}

impl Origin {
    /// The file.
    pub fn path(&self) -> &Path {
        match self {
            Self::Supergraph(path) | Self::List(path) => path,
        }
    }
}

/// Why there is nothing to serve.
#[derive(Debug, thiserror::Error)]
pub enum ReloadError {
    /// The file cannot be read.
    #[error("cannot read `{path}`: {error}", path = .0.display(), error = .1)]
    File(PathBuf, std::io::Error),
    /// It is no supergraph, but a list of subgraphs.
    #[error(
        "`{path}` is a list of subgraphs, not a supergraph: serve it with --config, or compose it \
         with `upfront compose --config {path}` first",
        path = .0.display()
    )]
    ListGiven(PathBuf),
    /// There is nothing to compose.
    #[error(transparent)]
    Composition(#[from] CompositionError),
    /// It does not compose, or cannot be read.
    #[error(transparent)]
    Graph(#[from] GraphError),
    /// Composing broke down.
    #[error("composing ended in an internal error, which the log has; please report it")]
    Fault,
    /// No HTTP client can be made.
    #[error("no HTTP client: {0}")]
    Client(#[from] reqwest::Error),
}

/// Keeps a supergraph like its files and its running subgraphs.
#[derive(Debug)]
pub struct Reload {
    origin: Origin,
    config: Config,
    client: Client,
    live: Arc<Live>,
    seen: Vec<(PathBuf, Stamp)>,
    /// The SDL that running subgraphs returned last.
    known: Known,
    /// A file or subgraph could not be read: try again, also if nothing changed.
    is_lacking: bool,
    /// Why the newest supergraph does not serve, where it does not.
    not_good: Option<String>,
    /// Running subgraphs that did not return their SDL when they were last asked.
    silent: Vec<String>,
    /// Notified, it reads the files and asks the subgraphs now.
    again: Arc<Notify>,
}

/// What differs between versions of a file: its time and its length.
type Stamp = Option<(SystemTime, u64)>;

/// What a running subgraph answered: its SDL, or why there is none.
type Answered = (Asked, Result<String, String>);

impl Reload {
    /// Loads the supergraph; it must be good to start with.
    pub async fn start(origin: Origin, config: Config) -> Result<Self, ReloadError> {
        let client = client_builder().build()?;
        // Stamps are taken before reading: what is written meanwhile is seen next time.
        let seen = stamps(&origin);
        let composition = read(&origin, &Known::new()).await?;
        let known = composition.known();
        let graph = build(composition, &config, &client, None).await?;
        config.warn_of_unknown_sources(&graph.source_names());
        Ok(Self {
            live: Arc::new(Live::new(graph)),
            origin,
            config,
            client,
            seen,
            known,
            is_lacking: false,
            not_good: None,
            silent: Vec::new(),
            again: Arc::default(),
        })
    }

    /// What it keeps up to date.
    pub fn live(&self) -> &Arc<Live> {
        &self.live
    }

    /// Notified, it reads the files and asks the running subgraphs at once.
    pub fn again(&self) -> Arc<Notify> {
        Arc::clone(&self.again)
    }

    /// Checks the files and asks the running subgraphs at intervals, forever.
    pub async fn follow(mut self) {
        let again = self.again();
        let mut polling = self.poll();
        let mut looks = tokio::time::interval(INTERVAL);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = looks.tick() => {
                    if self.seen.iter().all(|(path, known)| stamp(path) == *known) {
                        continue;
                    }
                    self.renew().await;
                }
                answers = &mut polling => self.take(answers).await,
                () = again.notified() => {
                    let answers = ask(self.known.keys().cloned().collect()).await;
                    self.take(answers).await;
                    self.renew().await;
                }
            }
            self.say();
            polling = self.poll();
        }
    }

    /// Waits a while, then asks every running subgraph for its SDL.
    fn poll(&self) -> BoxFuture<'static, Vec<Answered>> {
        let asked: Vec<_> = self.known.keys().cloned().collect();
        match self.config.plain.poll() {
            Some(pause) if self.is_lacking || !asked.is_empty() => Box::pin(async move {
                tokio::time::sleep(pause).await;
                ask(asked).await
            }),
            _ => Box::pin(pending()),
        }
    }

    /// Takes the SDL that running subgraphs returned; one that returned none keeps its last.
    async fn take(&mut self, answers: Vec<Answered>) {
        let mut is_changed = false;
        let mut silent = Vec::new();
        for (asked, sdl) in answers {
            match sdl {
                Ok(sdl) => {
                    let before = self.known.insert(asked, sdl.clone());
                    is_changed |= before.as_ref() != Some(&sdl);
                }
                Err(why) => {
                    if !self.silent.contains(&asked.name) {
                        tracing::warn!(source = asked.name, why, "did not return its SDL");
                    }
                    silent.push(asked.name);
                }
            }
        }
        self.silent = silent;
        if is_changed || self.is_lacking {
            self.renew().await;
        }
    }

    async fn renew(&mut self) {
        self.seen = stamps(&self.origin);
        let outcome = match read(&self.origin, &self.known).await {
            Ok(composition) => {
                self.known = composition.known();
                let before = Some(self.live.current());
                build(composition, &self.config, &self.client, before).await
            }
            Err(error) => Err(error),
        };
        self.not_good = outcome.as_ref().err().map(first_line);
        self.is_lacking = false;
        match outcome {
            Ok(graph) => {
                self.config.warn_of_unknown_sources(&graph.source_names());
                self.live.swap(graph);
                tracing::info!("a new supergraph serves");
            }
            Err(error) => {
                self.is_lacking = matches!(error, ReloadError::Composition(_));
                tracing::error!(%error, "the new supergraph is invalid; the previous one still serves");
            }
        }
    }

    /// Reports its state.
    fn say(&self) {
        let trouble = match (&self.not_good, &*self.silent) {
            (Some(why), _) => Some(format!(
                "The new supergraph is invalid; the previous one still serves. First error (all are \
                 in the log): {why}"
            )),
            (None, []) => None,
            (None, silent) => Some(format!(
                "These subgraphs did not return their SDL; their last SDL is still used: {}.",
                silent.join(", ")
            )),
        };
        self.live.set_trouble(trouble);
    }
}

async fn ask(asked: Vec<Asked>) -> Vec<Answered> {
    join_all(asked.into_iter().map(ask_one)).await
}

async fn ask_one(one: Asked) -> Answered {
    let sdl = one.sdl().await;
    (one, sdl)
}

/// The beginning of an error and its place, for a public text: an address may hold a password.
fn first_line(error: &ReloadError) -> String {
    let text = match error {
        ReloadError::Graph(GraphError::Composition(text)) => text.clone(),
        ReloadError::Composition(CompositionError::Subgraph(_, name, _)) => {
            format!("subgraph `{name}` cannot be read")
        }
        ReloadError::Graph(GraphError::Source(name, _)) => {
            format!("source `{name}` cannot be asked")
        }
        other => other.to_string(),
    };
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default();
    // A diagnostic of composition has its place, with the subgraph's name, in the next line.
    match lines.next().and_then(|line| line.strip_prefix("--> ")) {
        Some(place) => format!("{first} (at {place})"),
        None => first.to_owned(),
    }
}

/// What a supergraph is made of.
enum Material {
    Supergraph(String),
    Subgraphs(Composition),
}

impl Material {
    fn known(&self) -> Known {
        match self {
            Self::Supergraph(_) => Known::new(),
            Self::Subgraphs(composition) => composition.known(),
        }
    }
}

async fn read(origin: &Origin, known: &Known) -> Result<Material, ReloadError> {
    Ok(match origin {
        Origin::Supergraph(path) => {
            let text = std::fs::read_to_string(path)
                .map_err(|error| ReloadError::File(path.clone(), error))?;
            if is_subgraph_list(&text) {
                return Err(ReloadError::ListGiven(path.clone()));
            }
            Material::Supergraph(text)
        }
        Origin::List(path) => Material::Subgraphs(Composition::load_knowing(path, known).await?),
    })
}

/// Composes and indexes on a thread that no request waits for.
async fn build(
    material: Material,
    config: &Config,
    client: &Client,
    before: Option<Arc<Graph>>,
) -> Result<Graph, ReloadError> {
    let (config, client) = (config.clone(), client.clone());
    let building = tokio::task::spawn_blocking(move || {
        let sdl = match material {
            Material::Supergraph(sdl) => sdl,
            Material::Subgraphs(composition) => {
                let (sdl, diagnostics) = composition.compose();
                let text = diagnostics.to_text(&composition.sources());
                let sdl = sdl.ok_or_else(|| GraphError::Composition(text.clone()))?;
                if !text.is_empty() {
                    tracing::warn!(hints = text, "composed with hints");
                }
                sdl
            }
        };
        Ok(plain_graph(&sdl, &config, &client, before.as_deref())?)
    });
    building.await.unwrap_or(Err(ReloadError::Fault))
}

fn stamps(origin: &Origin) -> Vec<(PathBuf, Stamp)> {
    let files = match origin {
        Origin::Supergraph(path) => vec![path.clone()],
        Origin::List(path) => Composition::files_of(path),
    };
    let stamps = files.into_iter().map(|path| {
        let stamp = stamp(&path);
        (path, stamp)
    });
    stamps.collect()
}

fn stamp(path: &Path) -> Stamp {
    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}
