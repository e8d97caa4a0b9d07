//! A GraphQL client for what is asked outside of any request: the SDL of a subgraph, the schema of a
//! plain server, whether a service does what the gateway needs. Bounded in time and in bytes.
//!
//! Where a request may go is checked where the request is built: `Outgoing` holds registered
//! sources to the rules of outgoing calls.

use std::time::Duration;

use bytes::Bytes;
use reqwest::{
    Client, ClientBuilder, RequestBuilder, Response, StatusCode,
    header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue},
    redirect,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::body::{self, BodyError, Media};

/// Media types that an answer may have.
pub(super) const MEDIA_TYPES: &str = "application/graphql-response+json, application/json;q=0.9";
/// Encodings that an answer may have.
pub(super) const ENCODINGS: &str = "gzip";

/// Asks a subgraph for its SDL.
pub(crate) const SDL_QUERY: &str = "{ _service { sdl } }";

/// A question, and what its answer may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Question<'a> {
    /// The document.
    pub(crate) query: &'a str,
    /// The values of its variables; null where it has none.
    pub(crate) variables: &'a Value,
    /// How long it may take until the answer is read.
    pub(crate) timeout: Duration,
    /// Bytes of the answer, decompressed.
    pub(crate) answer_bytes: usize,
}

/// An answer whose body has not been read.
#[derive(Debug)]
pub(crate) struct Reply {
    response: Response,
    answer_bytes: usize,
}

/// What every client that asks a source obeys. Answers are decompressed as they are read, in
/// `body.rs`: there the bound on their size is.
pub fn client_builder() -> ClientBuilder {
    Client::builder()
        .redirect(redirect::Policy::none())
        .no_proxy()
        .default_headers(HeaderMap::from_iter([(
            ACCEPT_ENCODING,
            HeaderValue::from_static(ENCODINGS),
        )]))
        .tcp_nodelay(true)
        .connect_timeout(Duration::from_secs(3))
        .pool_idle_timeout(Duration::from_secs(30))
        .user_agent(concat!("upfront/", env!("CARGO_PKG_VERSION")))
}

/// Sends a question by a request that says where to and in whose name.
pub(crate) async fn ask(to: RequestBuilder, question: Question<'_>) -> reqwest::Result<Reply> {
    let body = match question.variables {
        Value::Null => json!({ "query": question.query }),
        variables => json!({ "query": question.query, "variables": variables }),
    };
    let (client, request) = to.timeout(question.timeout).json(&body).build_split();
    let mut request = request?;
    let accepted = request.headers_mut().entry(ACCEPT);
    accepted.or_insert(HeaderValue::from_static(MEDIA_TYPES));
    Ok(Reply {
        response: client.execute(request).await?,
        answer_bytes: question.answer_bytes,
    })
}

impl Reply {
    /// Its status.
    pub(crate) fn status(&self) -> StatusCode {
        self.response.status()
    }

    /// Whether it is a redirect; none is followed.
    pub(crate) fn is_redirect(&self) -> bool {
        self.status().is_redirection()
    }

    /// Whether the service wants other credentials.
    pub(crate) fn is_unauthorized(&self) -> bool {
        matches!(
            self.status(),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN
        )
    }

    /// Whether its media type is one that GraphQL is answered with.
    pub(crate) fn is_json(&self) -> bool {
        Media::of(&self.response) != Media::Other
    }

    /// Its media type as it is written.
    pub(crate) fn media_type(&self) -> Option<&str> {
        let value = self.response.headers().get(CONTENT_TYPE);
        value.and_then(|value| value.to_str().ok())
    }

    /// Reads its body.
    pub(crate) async fn read(self) -> Result<Bytes, BodyError> {
        body::read(self.response, self.answer_bytes).await
    }
}

/// The SDL in the answer to [`SDL_QUERY`], if there is one.
pub(crate) fn sdl_of(answer: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Answer {
        data: Option<Data>,
    }
    #[derive(Deserialize)]
    struct Data {
        #[serde(rename = "_service")]
        service: Service,
    }
    #[derive(Deserialize)]
    struct Service {
        sdl: String,
    }
    let answer: Answer = serde_json::from_slice(answer).ok()?;
    Some(answer.data?.service.sdl)
}
