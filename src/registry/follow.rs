//! Keeps the gateway at the newest supergraph: it looks when this process made a change, when another
//! replica notifies it (PostgreSQL), and at intervals.

use std::{sync::Arc, time::Duration};

use sea_orm::{
    DbBackend, DbErr,
    sqlx::{self, postgres::PgListener},
};
use tokio::sync::watch;

use super::{
    service::{Purpose, Registry, RegistryError, Served, blocking},
    store::CHANNEL,
};
use crate::gateway::{Graph, GraphError, JointParts, Live, WarmUp};

/// How long to wait before listening anew.
const RETRY: Duration = Duration::from_secs(2);

/// Keeps the gateway at the newest supergraph.
#[derive(Debug)]
pub struct Follower {
    registry: Arc<Registry>,
    parts: Arc<JointParts>,
    live: Arc<Live>,
    warm_up: Arc<WarmUp>,
    poll: Duration,
    number: watch::Sender<i32>,
    /// The last change of consents that it serves with.
    consents: i64,
    /// What is wrong with the supergraph served, as long as it is served.
    standing: Option<String>,
}

const UNREADABLE: &str = "The registry cannot be read; the last valid supergraph still serves.";
const NOT_GOOD: &str = "The new supergraph is invalid; the previous one still serves. The log has the \
                        errors.";

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
        warm_up: Arc<WarmUp>,
        poll: Duration,
    ) -> Result<Self, FollowError> {
        registry.record_start().await?;
        let consents = registry.newest_consents().await?;
        let served = registry.served().await?;
        let (parts, graph) = graph_of(Arc::new(parts), served.clone(), None).await?;
        registry.set_served(served.number, consents);
        let live = Arc::new(Live::new(graph));
        live.set_trouble(served.trouble.clone());
        Ok(Self {
            registry,
            parts,
            live,
            warm_up,
            poll,
            number: watch::channel(served.number).0,
            consents,
            standing: served.trouble,
        })
    }

    /// What it keeps up to date.
    pub fn live(&self) -> &Arc<Live> {
        &self.live
    }

    /// The number of the supergraph that serves.
    pub fn number(&self) -> watch::Receiver<i32> {
        self.number.subscribe()
    }

    /// Follows forever.
    pub async fn follow(mut self) {
        let (notice, mut notices) = watch::channel(());
        let database = self.registry.store().database();
        if database.backend() == DbBackend::Postgres {
            let pool = database.write.get_postgres_connection_pool().clone();
            tokio::spawn(listen(pool, notice));
        }
        let mut changes = self.registry.changes();
        loop {
            tokio::select! {
                () = tokio::time::sleep(self.poll) => {}
                Ok(()) = changes.changed() => {}
                Ok(()) = notices.changed() => {}
            }
            self.look().await;
        }
    }

    async fn look(&mut self) {
        let trouble = match self.is_newest().await {
            Ok(true) => self.standing.clone(),
            Ok(false) => match self.swap().await {
                Ok(()) => self.standing.clone(),
                Err(error) => {
                    tracing::error!(%error, "the new supergraph is invalid; the previous one still serves");
                    Some(NOT_GOOD.to_owned())
                }
            },
            Err(error) => {
                self.registry.store().database().suspect();
                tracing::warn!(%error, "the registry cannot be read; the last good supergraph serves");
                Some(UNREADABLE.to_owned())
            }
        };
        self.live.set_trouble(trouble);
    }

    /// Whether the newest supergraph serves, with the consents of now.
    async fn is_newest(&self) -> Result<bool, DbErr> {
        let store = self.registry.store();
        let is_newest = store.newest_number().await? == *self.number.borrow();
        Ok(is_newest && store.newest_consents().await? == self.consents)
    }

    async fn swap(&mut self) -> Result<(), FollowError> {
        // Read first: what changes meanwhile is seen the next time.
        let consents = self.registry.newest_consents().await?;
        let served = self.registry.served().await?;
        let before = self.live.current();
        let parts = Arc::clone(&self.parts);
        let (_, graph) = graph_of(parts, served.clone(), Some(before)).await?;
        // It is swapped in without warming up, so that fields which may no longer be read are no
        // longer sent; plans are made on demand.
        let is_urgent = served.is_urgent || consents != self.consents;
        let warmed = if is_urgent {
            0
        } else {
            self.warm_up.warm(&graph).await
        };
        self.live.swap(graph);
        self.standing = served.trouble;
        self.number.send_replace(served.number);
        self.consents = consents;
        self.registry.set_served(served.number, consents);
        tracing::info!(
            supergraph = served.number,
            warmed,
            "a new supergraph serves"
        );
        Ok(())
    }
}

/// Makes a graph on a thread that no request waits for.
async fn graph_of(
    parts: Arc<JointParts>,
    served: Served,
    before: Option<Arc<Graph>>,
) -> Result<(Arc<JointParts>, Graph), FollowError> {
    let made = blocking(Purpose::Other, move || {
        let Served {
            supergraph_sdl,
            registered,
            ..
        } = &served;
        let graph = parts.graph(supergraph_sdl, registered, before.as_deref());
        graph.map(|graph| (parts, graph))
    });
    Ok(made.await??)
}

/// Waits for notifications of the database that there is a new supergraph, for ever.
async fn listen(pool: sqlx::PgPool, notice: watch::Sender<()>) {
    loop {
        match listener(&pool).await {
            Ok(mut listener) => {
                // Notifications may have been missed before, so it looks at once.
                notice.send_replace(());
                while let Ok(Some(_)) = listener.try_recv().await {
                    notice.send_replace(());
                }
                tracing::warn!(
                    "the database no longer sends notifications of new supergraphs; polling"
                );
            }
            Err(error) => {
                tracing::warn!(%error, "the database sends no notifications of new supergraphs");
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
