//! Whether the database can be reached, so that no request waits for one that is known to be down.
//!
//! A circuit breaker for the database of the embedded sources: once a check fails, statements fail
//! at once until a check succeeds. Checks run beside requests, on separate connections: a busy pool
//! does not count as a failure, and no request has to test whether the database is back.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use sea_orm::{
    DatabaseConnection,
    sqlx::{
        self, ConnectOptions, Connection, PgPool,
        postgres::{PgConnectOptions, PgPoolOptions},
    },
};
use tokio::sync::watch;

/// A database that takes longer to take a connection does not count as there.
const PATIENCE: Duration = Duration::from_secs(1);
/// Between two checks of a database that is gone.
const PAUSE: Duration = Duration::from_millis(250);
/// The code of a server that accepts no more connections: it can be reached.
const TOO_MANY_CONNECTIONS: &str = "53300";

/// Whether a PostgreSQL server can be reached.
#[derive(Debug)]
pub(super) struct Reach {
    options: PgConnectOptions,
    is_lost: watch::Sender<bool>,
    is_checking: AtomicBool,
    /// Fails every statement at once.
    closed: DatabaseConnection,
}

impl Reach {
    /// Of the server behind a pool, which was reached just now.
    pub(super) async fn new(pool: &PgPool) -> Arc<Self> {
        let options = (*pool.connect_options()).clone();
        let closed = PgPoolOptions::new().connect_lazy_with(options.clone());
        closed.close().await;
        Arc::new(Self {
            options,
            is_lost: watch::Sender::new(false),
            is_checking: AtomicBool::new(false),
            closed: closed.into(),
        })
    }

    /// A connection that fails every statement at once, while the server is gone.
    pub(super) fn find_closed(&self) -> Option<&DatabaseConnection> {
        self.is_lost.borrow().then_some(&self.closed)
    }

    /// Waits until the server is gone.
    pub(super) async fn lost(&self) {
        let mut is_lost = self.is_lost.subscribe();
        // The sender lives as long as `self`.
        let _ = is_lost.wait_for(|is_lost| *is_lost).await;
    }

    /// Something failed that may come from a server that is gone: checks, and goes on checking until
    /// it is back.
    pub(super) fn suspect(self: &Arc<Self>) {
        if self.is_checking.swap(true, Ordering::AcqRel) {
            return;
        }
        let (options, reach) = (self.options.clone(), Arc::downgrade(self));
        tokio::spawn(async move {
            loop {
                let is_there = is_there(&options).await;
                // The pool is gone, so checks are not needed.
                let Some(reach) = reach.upgrade() else {
                    return;
                };
                if is_there {
                    reach.is_checking.store(false, Ordering::Release);
                    if reach.is_lost.send_replace(false) {
                        tracing::info!("the database can be reached again");
                    }
                    return;
                }
                if !reach.is_lost.send_replace(true) {
                    tracing::error!("the database cannot be reached; what it holds is missing");
                }
                drop(reach);
                tokio::time::sleep(PAUSE).await;
            }
        });
    }
}

/// Whether a server takes a connection.
async fn is_there(options: &PgConnectOptions) -> bool {
    let connecting = async { options.connect().await?.close().await };
    match tokio::time::timeout(PATIENCE, connecting).await {
        Ok(Ok(())) => true,
        Ok(Err(sqlx::Error::Database(error))) => {
            error.code().as_deref() == Some(TOO_MANY_CONNECTIONS)
        }
        Ok(Err(_)) | Err(_) => false,
    }
}
