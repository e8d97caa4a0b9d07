//! A running service, as commands ask it.

use std::time::Duration;

use clap::Args;
use reqwest::{Client, StatusCode, Url};
use serde_json::Value;

use super::CliError;
use crate::gateway::{Question, ask, innermost};

const TIMEOUT: Duration = Duration::from_mins(1);
/// Every source's SDL and the supergraph may be among what is asked for.
const MOST_BYTES: usize = 256 << 20;

/// Where the service is and who asks.
#[derive(Debug, Args)]
pub(super) struct Endpoint {
    /// GraphQL endpoint of the service
    #[arg(
        long,
        value_name = "URL",
        env = "UPFRONT_ENDPOINT",
        default_value = "http://127.0.0.1:4000/graphql"
    )]
    endpoint: Url,
    /// Bearer token of the caller; `upfront token` makes one, where the gateway's key is
    #[arg(
        long,
        value_name = "TOKEN",
        env = "UPFRONT_TOKEN",
        hide_env_values = true
    )]
    token: Option<String>,
}

impl Endpoint {
    /// Where it is.
    pub(super) fn url(&self) -> &Url {
        &self.endpoint
    }

    /// The token, if one is given.
    pub(super) fn token(&self) -> Option<&str> {
        self.token.as_deref().filter(|token| !token.is_empty())
    }

    /// The whole answer, errors included, to a command of a family, such as `upfront-source`.
    pub(super) async fn post(
        &self,
        client_name: &'static str,
        query: &str,
        variables: &Value,
    ) -> Result<Value, CliError> {
        let unasked = |error: &dyn std::fmt::Display| {
            CliError::Unasked(format!("`{}` could not be asked: {error}", self.endpoint))
        };
        let client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| unasked(&error))?;
        let mut request = client
            .post(self.endpoint.clone())
            .header("graphql-client-name", client_name)
            .header("graphql-client-version", env!("CARGO_PKG_VERSION"));
        if let Some(token) = self.token() {
            request = request.bearer_auth(token);
        }
        let question = Question {
            query,
            variables,
            timeout: TIMEOUT,
            answer_bytes: MOST_BYTES,
        };
        let reply = ask(request, question)
            .await
            .map_err(|error| unasked(&innermost(error)))?;
        let status = reply.status();
        let is_no_endpoint = matches!(
            status,
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED
        );
        if is_no_endpoint && self.endpoint.path() != "/graphql" {
            return Err(unasked(&format!(
                "it answered {status}; the path of the GraphQL endpoint is `/graphql`"
            )));
        }
        let body = reply.read().await.ok();
        let answer = body.and_then(|body| serde_json::from_slice(&body).ok());
        answer.ok_or_else(|| {
            unasked(&format!(
                "it answered {status} with something else than JSON"
            ))
        })
    }
}
