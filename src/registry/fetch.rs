//! Asks a source for its schema, under the rules of outgoing calls.

use std::time::Duration;

use bytes::Bytes;
use reqwest::{RequestBuilder, StatusCode, Url, header::CONTENT_TYPE};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{judgement::MOST_SDL_BYTES, plain};
use crate::gateway::{BodyError, innermost, read_body};

const TIMEOUT: Duration = Duration::from_secs(15);
/// An answer holds the SDL as JSON text, which may be twice as long.
const MOST_BYTES: usize = 2 * MOST_SDL_BYTES + 1024;

#[derive(Deserialize)]
struct Answer<T> {
    data: Option<T>,
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

/// The SDL of the subgraph at a URL, or a sentence on why there is none.
pub async fn subgraph_sdl(asking: RequestBuilder, url: &Url) -> Result<String, String> {
    let body = ask(asking, url, "{ _service { sdl } }").await?;
    match serde_json::from_slice(&body) {
        Ok(Answer {
            data: Some(Data { service }),
        }) => Ok(service.sdl),
        _ => Err(format!(
            "`{url}` did not answer `{{ _service {{ sdl }} }}` with an SDL, as subgraphs of \
             federation do; give the SDL with `--schema FILE`, or say `--plain` if it is a plain \
             GraphQL server"
        )),
    }
}

/// The schema of the plain GraphQL server at a URL, as its introspection tells. It is first asked
/// which newer parts of introspection it knows; a server that does not say is asked for none.
pub async fn introspection(asking: RequestBuilder, url: &Url) -> Result<Value, String> {
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
        format!("`{url}` could not be asked for its schema: {cause}")
    };
    let response = asking
        .timeout(TIMEOUT)
        .header(CONTENT_TYPE, "application/json")
        .json(&json!({ "query": query }))
        .send()
        .await
        .map_err(explain)?;
    if response.status().is_redirection() {
        return Err(format!(
            "`{url}` answered with a redirect, which is not followed; register the URL it leads to"
        ));
    }
    let status = response.status();
    if matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
        return Err(format!(
            "`{url}` answered {status}: it refuses the token that the gateway sends, whose `aud` is \
             this URL, character by character; let it accept that token (docs/register-a-source.md, \
             \"Who asks you\"), or give the SDL with `--schema FILE`"
        ));
    }
    read_body(response, MOST_BYTES)
        .await
        .map_err(|error| match error {
            BodyError::Broken(error) => explain(error),
            other => format!("`{url}` answered, but {other}"),
        })
}
