//! Usage of operations, noted once an answer was sent: counted for the registry, and for the plans
//! that a new supergraph starts with. The operation is taken as the engine parsed it.

mod client;

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{body::Body, response::Response};
use bytes::Bytes;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use tokio::sync::{
    OwnedSemaphorePermit, Semaphore,
    mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
};

use crate::{
    gateway::{Caller, Graph, ParsedOperation, PlanInputs, Request, WarmUp},
    registry::{recording::Recorder, store::Client},
};

/// Most bytes of documents that wait to be counted; further requests are not counted.
const WAITING_BYTES: usize = 2 << 20;
/// Bytes that an operation counts for beside its document.
const ENTRY: usize = 1 << 10;

/// Takes note of requests that were answered.
#[derive(Debug)]
pub struct Usage {
    waiting: UnboundedSender<Noted>,
    room: Arc<Semaphore>,
}

/// A request that was answered.
#[derive(Debug)]
struct Noted {
    supergraph: u64,
    operation: ParsedOperation,
    inputs: PlanInputs,
    client: Client,
    _room: OwnedSemaphorePermit,
}

/// The operation that was answered, its supergraph and its client.
pub(super) struct Answered<'a> {
    pub(super) graph: &'a Graph,
    pub(super) operation: ParsedOperation,
    pub(super) request: &'a Request,
    pub(super) caller: &'a Caller,
}

impl Usage {
    /// Counts in a task beside the requests, for as long as it lives. Nothing is recorded without a
    /// recorder.
    pub(crate) fn start(recorder: Option<Arc<Recorder>>, warm_up: Arc<WarmUp>) -> Self {
        let (waiting, noted) = unbounded_channel();
        tokio::spawn(count(noted, recorder, warm_up));
        Self {
            waiting,
            room: Arc::new(Semaphore::new(WAITING_BYTES)),
        }
    }

    /// An answer that is noted once it was sent.
    pub(super) fn note(&self, answer: Response, answered: Answered<'_>) -> Response {
        let Answered {
            graph,
            operation,
            request,
            caller,
        } = answered;
        let size = u32::try_from(ENTRY + operation.text().len()).unwrap_or(u32::MAX);
        let Ok(room) = Arc::clone(&self.room).try_acquire_many_owned(size) else {
            return answer;
        };
        let noted = Noted {
            supergraph: graph.id(),
            inputs: PlanInputs::new(&operation, request, caller),
            client: Client::of(&caller.principal, &caller.headers),
            operation,
            _room: room,
        };
        let waiting = self.waiting.clone();
        answer.map(|body| {
            Body::new(NotedBody {
                body,
                noted: Some((noted, waiting)),
            })
        })
    }
}

async fn count(
    mut noted: UnboundedReceiver<Noted>,
    recorder: Option<Arc<Recorder>>,
    warm_up: Arc<WarmUp>,
) {
    while let Some(noted) = noted.recv().await {
        warm_up.count(noted.inputs);
        if let Some(recorder) = &recorder {
            recorder.count(noted.supergraph, &noted.operation, noted.client);
        }
    }
}

/// The body of an answer. It is dropped once it was handed to the connection, or when the client has
/// left: then the request is noted.
struct NotedBody {
    body: Body,
    noted: Option<(Noted, UnboundedSender<Noted>)>,
}

impl Drop for NotedBody {
    fn drop(&mut self) {
        if let Some((noted, waiting)) = self.noted.take() {
            // The counting task has ended with the service.
            let _ = waiting.send(noted);
        }
    }
}

impl HttpBody for NotedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
