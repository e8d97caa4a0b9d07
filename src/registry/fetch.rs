//! Asks a source for its schema, under the rules of outgoing calls.

use std::time::Duration;

use bytes::Bytes;
use entities::terms::SourceKind;
use reqwest::{RequestBuilder, StatusCode, Url};
use serde::Deserialize;
use serde_json::Value;

use super::{check::MOST_SDL_BYTES, plain};
use crate::gateway::{BodyError, Outgoing, Question, SDL_QUERY, innermost, sdl_of};

const TIMEOUT: Duration = Duration::from_secs(15);
/// An answer holds the SDL as JSON text, which may be twice as long.
const MOST_BYTES: usize = 2 * MOST_SDL_BYTES + 1024;

/// A source to be asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Endpoint<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// Where it answers.
    pub(super) url: &'a Url,
    /// What answers there.
    pub(super) kind: SourceKind,
    /// Whether it is registered at that URL.
    pub(super) is_registered: bool,
}

/// The SDL of a source, without the prefix of a plain server's names, or a sentence on why there is
/// none.
pub(super) async fn sdl(outgoing: &Outgoing, endpoint: Endpoint<'_>) -> Result<String, String> {
    let Endpoint { name, url, .. } = endpoint;
    let asking = outgoing.post(name, url, endpoint.is_registered);
    match endpoint.kind {
        SourceKind::Federation => subgraph_sdl(asking, url).await,
        SourceKind::Plain => plain::sdl_of(&introspection(asking, url).await?),
    }
}

async fn subgraph_sdl(asking: RequestBuilder, url: &Url) -> Result<String, String> {
    let body = ask(asking, url, SDL_QUERY).await?;
    sdl_of(&body).ok_or_else(|| {
        format!(
            "`{url}` did not answer `{SDL_QUERY}` with an SDL, as subgraphs of federation do; give \
             the SDL with `--schema FILE`, or say `--plain` if it is a plain GraphQL server"
        )
    })
}

/// The schema of the plain GraphQL server at a URL, as its introspection returns it. It is first
/// asked which newer parts of introspection it knows; a server that does not say is asked for none.
async fn introspection(asking: RequestBuilder, url: &Url) -> Result<Value, String> {
    #[derive(Deserialize)]
    struct Answer<T> {
        data: Option<T>,
    }
    let mut features = plain::Features::default();
    if let Some(probing) = asking.try_clone() {
        let body = ask(probing, url, plain::PROBE).await?;
        if let Ok(Answer { data: Some(data) }) = serde_json::from_slice(&body) {
            features = plain::Features::of(&data);
        }
    }
    let body = ask(asking, url, &plain::question(features)).await?;
    match serde_json::from_slice(&body) {
        Ok(Answer { data: Some(data) }) => Ok(data),
        _ => Err(format!(
            "`{url}` did not answer introspection; switch introspection on there, or give the \
             SDL with `--schema FILE`"
        )),
    }
}

async fn ask(asking: RequestBuilder, url: &Url, query: &str) -> Result<Bytes, String> {
    let explain = |error: reqwest::Error| {
        let cause = innermost(error);
        // The error of rustls where the other side answers over plain HTTP.
        let speaks_no_tls = cause.contains("InvalidContentType");
        let hint = match url.scheme() {
            "https" if speaks_no_tls => "; it seems to speak no TLS: write `http://`",
            _ => "",
        };
        format!("`{url}` could not be asked for its schema: {cause}{hint}")
    };
    let question = Question {
        query,
        variables: &Value::Null,
        timeout: TIMEOUT,
        answer_bytes: MOST_BYTES,
    };
    let reply = crate::gateway::ask(asking, question)
        .await
        .map_err(explain)?;
    if reply.is_redirect() {
        return Err(format!(
            "`{url}` answered with a redirect, which is not followed; register the URL it leads to"
        ));
    }
    if reply.is_unauthorized() {
        return Err(format!(
            "`{url}` answered {status}: it refuses the token that the gateway sends, whose `aud` is \
             this URL, character by character; let it accept that token (docs/register-a-source.md, \
             \"Who asks you\"), or give the SDL with `--schema FILE`",
            status = reply.status()
        ));
    }
    let status = reply.status();
    if matches!(
        status,
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED
    ) {
        return Err(format!(
            "`{url}` answered {status}: nothing takes GraphQL requests there; is the path right?"
        ));
    }
    reply.read().await.map_err(|error| match error {
        BodyError::Broken(error) => explain(error),
        other => format!("`{url}` answered, but {other}"),
    })
}
