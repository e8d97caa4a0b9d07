//! Asks a running subgraph of a list for its SDL: `{ _service { sdl } }`.

use std::time::Duration;

use serde_json::Value;

use super::{
    body::BodyError,
    cause::innermost,
    client::{Question, SDL_QUERY, ask, client_builder, sdl_of},
};

const QUESTION: Question<'_> = Question {
    query: SDL_QUERY,
    variables: &Value::Null,
    timeout: Duration::from_secs(15),
    answer_bytes: 8 << 20,
};

/// The SDL of the subgraph at a URL, or a sentence on why there is none.
pub(super) async fn fetch_sdl(url: &str, headers: &[(String, String)]) -> Result<String, String> {
    let explain = |error: reqwest::Error| {
        let cause = innermost(error);
        format!("`{url}` could not be asked for its SDL: {cause}")
    };
    let client = client_builder().build().map_err(explain)?;
    let mut request = client.post(url);
    for (name, value) in headers {
        request = request.header(name, value);
    }
    let reply = ask(request, QUESTION).await.map_err(explain)?;
    let status = reply.status();
    let body = reply.read().await.map_err(|error| match error {
        BodyError::Broken(error) => explain(error),
        other => format!("`{url}` answered {status}, but {other}"),
    })?;
    sdl_of(&body).ok_or_else(|| {
        format!(
            "`{url}` answered {status} without an SDL; it must answer `{SDL_QUERY}` as federation \
             subgraphs do"
        )
    })
}
