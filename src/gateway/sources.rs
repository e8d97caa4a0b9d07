//! The transport: asks a source by its name, in this process or over HTTP, within the source's
//! time-out.

use std::{
    collections::HashSet,
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use federation::{
    error::{Origin, ResponseError, SubgraphError, SubgraphErrorKind},
    execute::{Answer, Kept, Lookup, Sent, Task, Transport, Verdict},
    operation::OperationKind,
    query_plan::Fetch,
};
use indexmap::IndexMap;
use tracing::Instrument;

use super::{
    breaker::Pass,
    caller::{Caller, FetchStatus, SourceFetch},
    classified::Consent,
    embedded::Embedded,
    exposure::Exposure,
    fault::Fault,
    http::HttpSource,
    named, offload, within,
};
use crate::{
    auth::{Clock, Principal, SystemClock},
    telemetry::{self, Cache, Preparation, Step},
};

/// Every source of one supergraph.
#[derive(Debug)]
pub struct Sources {
    by_name: IndexMap<String, Connection>,
    /// Codes of the entities that answer for the sources.
    entities: IndexMap<String, String>,
    clock: Arc<dyn Clock>,
    preparation: Preparation,
}

impl Default for Sources {
    fn default() -> Self {
        Self::new(Arc::new(SystemClock))
    }
}

/// How one source is reached.
#[derive(Debug)]
pub struct Connection {
    /// Whether it is in this process or over HTTP.
    pub route: Route,
    /// The time-out of one fetch from an embedded source; a source over HTTP has its own.
    pub timeout: Duration,
    /// The consents that others gave it.
    pub consents: HashSet<Consent>,
    /// A failure to simulate.
    pub fault: Option<Fault>,
}

/// The way to a source.
#[derive(Debug)]
pub enum Route {
    /// In this process.
    Embedded(Embedded),
    /// Over HTTP. Shared, so that a swap of the supergraph forgets neither breaker nor limit.
    Http(Arc<HttpSource>),
}

impl Sources {
    /// No source yet; the clock gives the time of each fetch.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            by_name: IndexMap::new(),
            entities: IndexMap::new(),
            clock,
            preparation: Preparation::default(),
        }
    }

    /// Continues the counters of preparing operations.
    #[must_use]
    pub fn counting(mut self, preparation: Preparation) -> Self {
        self.preparation = preparation;
        self
    }

    /// The counters of preparing operations.
    pub(super) fn preparation(&self) -> &Preparation {
        &self.preparation
    }

    /// Adds a source.
    pub fn insert(&mut self, name: impl Into<String>, connection: Connection) {
        self.by_name.insert(name.into(), connection);
    }

    /// Says which entity answers for a source.
    pub fn set_entity(&mut self, name: &str, entity: &str) {
        self.entities.insert(name.to_owned(), entity.to_owned());
    }

    /// Code of the entity that answers for a source.
    pub fn entity_of(&self, name: &str) -> Option<&str> {
        self.entities.get(name).map(String::as_str)
    }

    /// The way to a source over HTTP, if it has one.
    pub fn find_http(&self, name: &str) -> Option<&Arc<HttpSource>> {
        match &self.by_name.get(name)?.route {
            Route::Http(source) => Some(source),
            Route::Embedded(_) => None,
        }
    }

    /// The ways to all sources over HTTP.
    pub(super) fn http(&self) -> impl Iterator<Item = &Arc<HttpSource>> {
        self.by_name
            .values()
            .filter_map(|connection| match &connection.route {
                Route::Http(source) => Some(source),
                Route::Embedded(_) => None,
            })
    }

    /// Reduces errors that sources reported to what a caller may see. Errors of embedded sources
    /// are written for clients.
    pub(super) fn redact(&self, errors: &mut [ResponseError], principal: &Principal) {
        for error in errors {
            let Origin::Subgraph { subgraph } = &error.origin else {
                continue;
            };
            let name = subgraph.clone();
            match self.by_name.get(&name).map(|connection| &connection.route) {
                Some(Route::Embedded(_)) => {}
                Some(Route::Http(source)) => source.exposure().apply(&name, error, principal),
                None => Exposure::default().apply(&name, error, principal),
            }
        }
    }
}

/// What is known of a fetch that was answered, until the answer has been read.
#[derive(Debug)]
pub struct Receipt {
    /// Its number among the fetches of the caller.
    number: usize,
    /// The breaker's pass for asking a source over HTTP.
    pass: Option<Pass>,
}

/// The embedded source that finds every record by its id.
const REVIEWS: &str = "reviews";
/// How many ids it is asked for at once.
const IDS_AT_ONCE: usize = 100;

/// An answer, its outcome as far as it is known, and the breaker's pass by which it was asked for.
type Asked = (Answer, FetchStatus, Option<Pass>);

impl Transport for Sources {
    type Caller = Caller;
    type Receipt = Receipt;

    async fn fetch<'a>(
        &'a self,
        fetch: &'a Fetch,
        variables: Bytes,
        caller: &'a Self::Caller,
    ) -> Result<(Answer, Receipt), SubgraphError> {
        let span = tracing::info_span!(
            "fetch",
            source = %fetch.subgraph_name,
            otel.kind = self.find_http(&fetch.subgraph_name).and(telemetry::kind("client")),
        );
        let (asked_at, started) = (self.clock.instant().into(), Instant::now());
        let asking = self.ask(fetch, &variables, caller);
        let outcome = asking.instrument(span.clone()).await;
        let (status, as_of) = match &outcome {
            Ok((_, status, _)) => (*status, Some(asked_at)),
            Err(error) => {
                tracing::warn!(source = %fetch.subgraph_name, kind = ?error.kind, "a fetch failed");
                let status = FetchStatus::from(error.kind);
                telemetry::fail(&span, status.name());
                (status, None)
            }
        };
        let number = caller.note_fetch(SourceFetch {
            source: Arc::clone(&fetch.subgraph_name),
            status,
            as_of,
            duration: started.elapsed(),
        });
        let (answer, _, pass) = outcome?;
        Ok((answer, Receipt { number, pass }))
    }

    fn may_send(&self, subgraph: &str, sent: Sent<'_>, caller: &Caller) -> bool {
        let Some(connection) = self.by_name.get(subgraph) else {
            return false;
        };
        match connection.route {
            Route::Embedded(_) => true,
            Route::Http(_) => {
                let classified = caller.classified();
                match sent {
                    Sent::Representation(text) => {
                        classified.may_be_told(text, &connection.consents)
                    }
                    Sent::Contexts(text) => classified.is_open(text),
                }
            }
        }
    }

    fn judge(&self, receipt: &mut Receipt, verdict: Verdict, caller: &Caller) {
        if let Some(pass) = receipt.pass.take() {
            match verdict {
                Verdict::Unreadable => pass.failed(Instant::now()),
                // The client chooses how much there is to answer, so this is not the source's
                // failure.
                Verdict::TooLarge => pass.alive(),
                Verdict::Taken | Verdict::Misfit => pass.answered(),
            }
        }
        if verdict == Verdict::Taken {
            return;
        }
        caller.amend_fetch(receipt.number, |fetch| {
            let why = match verdict {
                Verdict::TooLarge => "it holds more than may be held for the request",
                Verdict::Unreadable => "it is no GraphQL response",
                Verdict::Misfit | Verdict::Taken => "something in it does not fit the schema",
            };
            tracing::warn!(source = %fetch.source, why, "an answer is not what was asked for");
            fetch.status = fetch.status.max(FetchStatus::Invalid);
            if verdict != Verdict::Misfit {
                fetch.as_of = None;
            }
        });
    }

    fn run_blocking<R: Send + 'static>(
        &self,
        task: Task,
        work: impl FnOnce() -> R + Send + 'static,
    ) -> impl Future<Output = Option<R>> + Send {
        let step = match task {
            Task::Parse => Step::Parse,
            Task::Plan => Step::Plan,
            Task::Introspect => Step::Introspect,
        };
        let preparation = self.preparation.clone();
        offload::run_blocking(move || {
            let started = Instant::now();
            let result = work();
            preparation.took(step, started.elapsed());
            result
        })
    }

    fn looked_up(&self, kept: Kept, lookup: Lookup) {
        let cache = match kept {
            Kept::Document => Cache::Document,
            Kept::Plan => Cache::Plan,
        };
        let outcome = match lookup {
            Lookup::Hit => telemetry::Lookup::Hit,
            Lookup::Miss => telemetry::Lookup::Miss,
            Lookup::Shared => telemetry::Lookup::Shared,
        };
        self.preparation.looked_up(cache, outcome);
    }
}

impl Sources {
    async fn ask(
        &self,
        fetch: &Fetch,
        variables: &Bytes,
        caller: &Caller,
    ) -> Result<Asked, SubgraphError> {
        let name = fetch.subgraph_name.as_ref();
        let Some(connection) = self.by_name.get(name) else {
            return Err(SubgraphError {
                kind: SubgraphErrorKind::Unavailable,
                message: format!("The source `{name}` is not connected."),
                retryable: false,
            });
        };
        match (&connection.route, connection.fault) {
            (_, Some(fault)) => {
                let answer = within(connection.timeout, name, fault.simulate(name)).await?;
                Ok((answer, FetchStatus::Ok, None))
            }
            (Route::Embedded(source), None) => {
                let asking = source.fetch(fetch, variables, caller);
                // A mutation is carried out whether its caller waits or not: as long as the request may take. What the
                // service itself reads to be stored may not lack what was slow.
                let waits = fetch.kind == OperationKind::Mutation || caller.principal.is_service;
                let (answer, status) = if waits {
                    asking.await?
                } else {
                    within(connection.timeout, name, asking).await?
                };
                Ok((answer, status, None))
            }
            (Route::Http(source), None) => {
                let (answer, pass) = source.fetch(fetch, variables, caller).await?;
                if let Answer::Json(body) = &answer {
                    let body = body.clone();
                    self.look_up(&body, caller).await;
                }
                Ok((answer, FetchStatus::Ok, Some(pass)))
            }
        }
    }

    /// Looks up the records that an answer over HTTP names, where other sources could be told of them.
    async fn look_up(&self, body: &[u8], caller: &Caller) {
        let Some(connection) = self.by_name.get(REVIEWS) else {
            return;
        };
        let Route::Embedded(review) = &connection.route else {
            return;
        };
        // They count as unknown until they are found, and stay so if that takes too long.
        let ids = caller.classified().not_looked_up(named::ids_in(body));
        let finding = async {
            for some in ids.chunks(IDS_AT_ONCE) {
                let found = review.known_of(some, caller).await;
                caller.note_classified(|classified| classified.note_known(&found));
            }
        };
        if tokio::time::timeout(connection.timeout, finding)
            .await
            .is_err()
        {
            tracing::warn!("the records that a source names were not found in time");
        }
    }
}
