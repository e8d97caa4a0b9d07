//! Two small sources, so that the service can be tried without the mandates' records.
//!
//! `areas` owns areas; `figures` adds to them, and can be told to fail in each way there is.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use async_graphql::{
    EmptyMutation, EmptySubscription, Error, ErrorExtensions, ID, Object, ObjectType, Request,
    Response, Result, SDLExportOptions, Schema, SimpleObject,
};
use futures::future::BoxFuture;
use tokio::sync::Notify;
use upfront::{
    app::Records,
    config::Config,
    database::Database,
    gateway::{Graph, SourceFault, joint_graph},
    sources::{Asked, Source},
};

use crate::support::{app::TestApp, scratch::Scratch};

/// Meets requests half-way, for tests of what happens meanwhile.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    entered: Notify,
    pub(crate) released: Notify,
}

impl Gate {
    /// Waits until a request stands at the gate.
    pub(crate) async fn entered(&self) {
        let patience = Duration::from_secs(20);
        tokio::time::timeout(patience, self.entered.notified())
            .await
            .unwrap();
    }
}

struct AreasQuery {
    gate: Arc<Gate>,
}

#[derive(SimpleObject)]
#[graphql(complex)]
struct Area {
    id: ID,
}

#[async_graphql::ComplexObject]
impl Area {
    async fn name(&self) -> String {
        format!("Area {}", *self.id)
    }

    #[graphql(requires_scopes = "clearance:confidential")]
    async fn concern(&self) -> Option<&str> {
        Some("HIGH")
    }

    #[graphql(requires_scopes = "clearance:strictly-confidential")]
    async fn informant(&self) -> Option<&str> {
        Some("somebody")
    }
}

#[Object(name = "Query")]
impl AreasQuery {
    async fn areas(&self, first: Option<usize>) -> Vec<Area> {
        (1..=first.unwrap_or(2))
            .map(|number| Area {
                id: ID(number.to_string()),
            })
            .collect()
    }

    async fn gated(&self) -> Option<bool> {
        self.gate.entered.notify_one();
        self.gate.released.notified().await;
        Some(true)
    }

    #[graphql(entity)]
    async fn find_area(&self, id: ID) -> Option<Area> {
        Some(Area { id })
    }
}

struct AreasMutation;

#[Object(name = "Mutation")]
impl AreasMutation {
    async fn forget(&self) -> bool {
        true
    }
}

struct FiguresQuery;

struct Figures {
    id: ID,
}

#[Object(name = "Area")]
impl Figures {
    async fn id(&self) -> &ID {
        &self.id
    }

    async fn figure(&self) -> Option<i32> {
        self.id.parse().ok()
    }

    /// Fails with a text that no client may read.
    async fn broken(&self) -> Result<Option<i32>> {
        tokio::task::yield_now().await;
        Err(Error::new("SELECT secret FROM informants"))
    }

    /// Fails with a text for the client.
    async fn refused(&self) -> Result<Option<i32>> {
        tokio::task::yield_now().await;
        Err(Error::new("ask otherwise").extend_with(|_, set| set.set("code", "BAD_USER_INPUT")))
    }

    async fn panicking(&self) -> Option<i32> {
        assert!(self.id.len() > 3, "as asked");
        None
    }
}

#[Object(name = "Query")]
impl FiguresQuery {
    #[graphql(entity)]
    async fn find_area(&self, id: ID) -> Option<Figures> {
        Some(Figures { id })
    }
}

/// An async-graphql schema as a source that counts how often it is asked.
struct Embedded<Q, M> {
    name: &'static str,
    schema: Schema<Q, M, EmptySubscription>,
    asked: Arc<AtomicU32>,
}

impl<Q, M> std::fmt::Debug for Embedded<Q, M> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.name)
    }
}

impl<Q: ObjectType + 'static, M: ObjectType + 'static> Source for Embedded<Q, M> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn sdl(&self) -> String {
        self.schema
            .sdl_with_options(SDLExportOptions::new().federation())
    }

    fn execute<'a>(&'a self, request: Request, _: Asked<'a>) -> BoxFuture<'a, Response> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        Box::pin(self.schema.execute(request))
    }
}

/// A service over the two sources.
pub(crate) struct Fixture {
    pub(crate) app: TestApp,
    pub(crate) gate: Arc<Gate>,
    pub(crate) asked: Arc<AtomicU32>,
    _scratch: Scratch,
}

/// The service with settings and faults of the test's own.
pub(crate) async fn start(change: impl FnOnce(&mut Config), faults: &[&str]) -> Fixture {
    let mut config = Config::default();
    change(&mut config);
    let scratch = Scratch::new();
    let database = Database::open(&scratch.path().join("records.db"))
        .await
        .unwrap();
    let gate = Arc::<Gate>::default();
    let asked = Arc::<AtomicU32>::default();
    let faults: Vec<SourceFault> = faults.iter().map(|fault| fault.parse().unwrap()).collect();
    let graph = graph(&database, &config, &faults, (&gate, &asked));
    let records = Records {
        database,
        is_example: true,
    };
    Fixture {
        app: TestApp::start(config, graph, Some(records)).await,
        gate,
        asked,
        _scratch: scratch,
    }
}

fn graph(
    database: &Database,
    config: &Config,
    faults: &[SourceFault],
    (gate, asked): (&Arc<Gate>, &Arc<AtomicU32>),
) -> Graph {
    let areas = AreasQuery {
        gate: Arc::clone(gate),
    };
    let sources: Vec<Arc<dyn Source>> = vec![
        Arc::new(Embedded {
            name: "areas",
            schema: Schema::build(areas, AreasMutation, EmptySubscription)
                .enable_federation()
                .finish(),
            asked: Arc::clone(asked),
        }),
        Arc::new(Embedded {
            name: "figures",
            schema: Schema::build(FiguresQuery, EmptyMutation, EmptySubscription)
                .enable_federation()
                .finish(),
            asked: Arc::clone(asked),
        }),
    ];
    joint_graph(sources, database, config, faults).unwrap()
}

/// Milliseconds: fast enough to wait for, slow enough not to be met by chance.
pub(crate) const SHORT: u64 = 200;
