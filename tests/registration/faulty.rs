//! A source that misbehaves as told.

use std::{
    io,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::post,
};
use futures::{StreamExt, stream};
use tower_http::compression::CompressionLayer;

use crate::registration::fixture::Service;

const CHUNK: u64 = 16 << 10;

/// How it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    Well,
    Never,
    With500,
    BreakingOff,
    WithoutEnd,
    WithInvalidJson,
    WithTheWrongShape,
}

/// What it was asked, and what it could get rid of.
#[derive(Debug)]
pub(crate) struct Faulty {
    manner: Mutex<Manner>,
    asked: AtomicU64,
    under_way: AtomicU64,
    most_at_once: AtomicU64,
    pub(crate) sent: Arc<AtomicU64>,
}

impl Faulty {
    /// Starts one that answers well; `packed` compresses whatever it sends.
    pub(crate) async fn start(packed: bool) -> (Service, Arc<Self>) {
        let faulty = Arc::new(Self {
            manner: Mutex::new(Manner::Well),
            asked: AtomicU64::new(0),
            under_way: AtomicU64::new(0),
            most_at_once: AtomicU64::new(0),
            sent: Arc::default(),
        });
        let mut router = Router::new()
            .route("/graphql", post(answer))
            .with_state(Arc::clone(&faulty));
        if packed {
            router = router.layer(CompressionLayer::new());
        }
        (Service::start(router).await, faulty)
    }

    pub(crate) fn behave(&self, manner: Manner) {
        *self.manner.lock().unwrap() = manner;
    }

    pub(crate) fn most_at_once(&self) -> u64 {
        self.most_at_once.load(Ordering::Relaxed)
    }

    pub(crate) fn asked(&self) -> u64 {
        self.asked.load(Ordering::Relaxed)
    }
}

/// A request that is being worked on; broken off it is dropped.
struct UnderWay(Arc<Faulty>);

impl UnderWay {
    fn begin(faulty: &Arc<Faulty>) -> Self {
        let now = faulty.under_way.fetch_add(1, Ordering::SeqCst) + 1;
        faulty.most_at_once.fetch_max(now, Ordering::SeqCst);
        Self(Arc::clone(faulty))
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::SeqCst);
    }
}

async fn answer(State(faulty): State<Arc<Faulty>>) -> Response {
    faulty.asked.fetch_add(1, Ordering::Relaxed);
    let _under_way = UnderWay::begin(&faulty);
    let manner = *faulty.manner.lock().unwrap();
    let body = match manner {
        Manner::Well => {
            // Long enough to be worth packing.
            let answer = r#"{"data":{"tents":[{"beds":7}]}}"#;
            Body::from(answer.to_owned() + &" ".repeat(1_000))
        }
        Manner::Never => std::future::pending().await,
        Manner::With500 => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Manner::BreakingOff => {
            let start = Ok(Bytes::from_static(br#"{"data":{"tents":[{"#));
            let end = Err(io::Error::other("gone"));
            Body::from_stream(stream::iter([start, end]))
        }
        Manner::WithoutEnd => {
            let sent = Arc::clone(&faulty.sent);
            let chunk = Bytes::from(vec![b' '; usize::try_from(CHUNK).unwrap()]);
            let chunks = stream::repeat(()).map(move |()| {
                sent.fetch_add(CHUNK, Ordering::Relaxed);
                Ok::<_, io::Error>(chunk.clone())
            });
            Body::from_stream(chunks)
        }
        Manner::WithInvalidJson => Body::from(r#"{"data":{"tents":[{"beds":7}"#),
        Manner::WithTheWrongShape => Body::from(r#"{"data":{"tents":{"beds":"seven"}}}"#),
    };
    ([(CONTENT_TYPE, "application/json")], body).into_response()
}
