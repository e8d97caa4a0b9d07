//! Keeps the gateway at the newest supergraph: told by this process, by the database where it can,
//! by looking now and then.

use std::{sync::Arc, time::Duration};

use sea_orm::{
    DbBackend,
    sqlx::{self, postgres::PgListener},
};
use tokio::sync::watch;

use super::{
    service::{Registry, RegistryError, Served, ServedSource},
    store::CHANNEL,
};
use crate::gateway::{Graph, GraphError, Hot, JointParts, Live, Names, Remote};

/// How long to wait before listening anew.
const RETRY: Duration = Duration::from_secs(2);

/// Keeps the gateway at the newest supergraph.
#[derive(Debug)]
pub struct Follower {
    registry: Arc<Registry>,
    parts: JointParts,
    live: Arc<Live>,
    hot: Arc<Hot>,
    poll: Duration,
    number: i32,
    health: watch::Sender<Health>,
}

/// Whether the gateway is at the newest supergraph, as far as one can know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// Number of the supergraph served.
    pub number: i32,
    /// What is wrong; the last good supergraph serves on.
    pub trouble: Option<String>,
}

/// Why there is no supergraph to start with.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// The registry.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// The supergraph.
    #[error(transparent)]
    Graph(#[from] GraphError),
}

impl Follower {
    /// Starts with the newest supergraph.
    pub async fn start(
        registry: Arc<Registry>,
        parts: JointParts,
        hot: Arc<Hot>,
        poll: Duration,
    ) -> Result<Self, FollowError> {
        registry.record_start().await?;
        let served = registry.served().await?;
        let graph = graph_of(&parts, &served, None)?;
        registry.set_served(served.number);
        let health = Health {
            number: served.number,
            trouble: served.trouble,
        };
        Ok(Self {
            registry,
            parts,
            live: Arc::new(Live::new(graph)),
            hot,
            poll,
            number: served.number,
            health: watch::channel(health).0,
        })
    }

    /// What it keeps up to date.
    pub fn live(&self) -> &Arc<Live> {
        &self.live
    }

    /// How it fares.
    pub fn health(&self) -> watch::Receiver<Health> {
        self.health.subscribe()
    }

    /// Follows, for ever.
    pub async fn follow(mut self) {
        let (told, mut is_told) = watch::channel(());
        let database = self.registry.store().database();
        if database.backend() == DbBackend::Postgres {
            let pool = database.write.get_postgres_connection_pool().clone();
            tokio::spawn(listen(pool, told));
        }
        let mut changes = self.registry.changes();
        loop {
            tokio::select! {
                () = tokio::time::sleep(self.poll) => {}
                Ok(()) = changes.changed() => {}
                Ok(()) = is_told.changed() => {}
            }
            self.look().await;
        }
    }

    async fn look(&mut self) {
        let trouble = match self.registry.store().newest_number().await {
            Ok(number) if number == self.number => self.standing_trouble(),
            Ok(_) => match self.swap().await {
                Ok(trouble) => trouble,
                Err(error) => {
                    tracing::error!(%error, "the new supergraph is not good; the last good one serves");
                    Some(error.to_string())
                }
            },
            Err(error) => {
                tracing::warn!(%error, "the registry cannot be read; the last good supergraph serves");
                Some("The registry cannot be read.".to_owned())
            }
        };
        let health = Health {
            number: self.number,
            trouble,
        };
        self.health.send_if_modified(|known| {
            let is_new = *known != health;
            *known = health;
            is_new
        });
    }

    /// What was wrong with the supergraph served is wrong as long as it is served.
    fn standing_trouble(&self) -> Option<String> {
        let known = self.health.borrow();
        let is_of_graph = known.number == self.number;
        let trouble = known.trouble.clone().filter(|_| is_of_graph);
        trouble.filter(|trouble| trouble != "The registry cannot be read.")
    }

    async fn swap(&mut self) -> Result<Option<String>, FollowError> {
        let served = self.registry.served().await?;
        let before = self.live.current();
        let graph = tokio::task::block_in_place(|| graph_of(&self.parts, &served, Some(&before)))?;
        let warmed = self.hot.warm(&graph).await;
        self.live.swap(graph);
        self.number = served.number;
        self.registry.set_served(served.number);
        tracing::info!(
            supergraph = served.number,
            warmed,
            "a new supergraph serves"
        );
        Ok(served.trouble)
    }
}

fn graph_of(
    parts: &JointParts,
    served: &Served,
    before: Option<&Graph>,
) -> Result<Graph, GraphError> {
    let remotes: Vec<_> = served.registered.iter().map(remote).collect();
    parts.graph(&served.supergraph_sdl, &remotes, before)
}

fn remote(source: &ServedSource) -> Remote {
    Remote {
        name: source.name.clone(),
        url: source.url.clone(),
        names: source
            .prefix
            .as_deref()
            .map(|prefix| Arc::new(Names::under(prefix))),
    }
}

/// Waits for the database to tell of a new supergraph, for ever.
async fn listen(pool: sqlx::PgPool, told: watch::Sender<()>) {
    loop {
        match listener(&pool).await {
            Ok(mut listener) => {
                // Whatever came while nobody listened is looked for at once.
                told.send_replace(());
                while let Ok(Some(_)) = listener.try_recv().await {
                    told.send_replace(());
                }
                tracing::warn!("the database no longer tells of new supergraphs; looking for them");
            }
            Err(error) => {
                tracing::warn!(%error, "the database does not tell of new supergraphs");
            }
        }
        tokio::time::sleep(RETRY).await;
    }
}

async fn listener(pool: &sqlx::PgPool) -> Result<PgListener, sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(CHANNEL).await?;
    Ok(listener)
}
