//! Asks a running subgraph for its SDL: `{ _service { sdl } }`.

use std::time::Duration;

use serde::Deserialize;
use serde_json::json;

use super::{
    body::{self, BodyError},
    cause::innermost,
    http,
};

const TIMEOUT: Duration = Duration::from_secs(15);
const MAX_BYTES: usize = 8 << 20;

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

/// The SDL of the subgraph at a URL, or a sentence on why there is none.
pub(super) async fn fetch_sdl(url: &str, headers: &[(String, String)]) -> Result<String, String> {
    let explain = |error: reqwest::Error| {
        let cause = innermost(error);
        format!("`{url}` could not be asked for its SDL: {cause}")
    };
    let client = http::client_builder().build().map_err(explain)?;
    let mut request = client
        .post(url)
        .timeout(TIMEOUT)
        .json(&json!({ "query": "{ _service { sdl } }" }));
    for (name, value) in headers {
        request = request.header(name, value);
    }
    let response = request.send().await.map_err(explain)?;
    let status = response.status();
    let body = body::read(response, MAX_BYTES)
        .await
        .map_err(|error| match error {
            BodyError::Broken(error) => explain(error),
            other => format!("`{url}` answered {status}, but {other}"),
        })?;
    match serde_json::from_slice(&body) {
        Ok(Answer { data: Some(data) }) => Ok(data.service.sdl),
        _ => Err(format!(
            "`{url}` answered {status} without an SDL; it must answer `{{ _service {{ sdl }} }}` \
             as federation subgraphs do"
        )),
    }
}
