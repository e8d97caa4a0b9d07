//! Asks the registry.

use std::time::Duration;

use clap::Args;
use reqwest::{Client, StatusCode, Url};
use serde_json::Value;

use crate::{
    cli::CliError,
    gateway::{Question, ask, innermost},
};

const TIMEOUT: Duration = Duration::from_mins(1);
/// Every source's SDL and the supergraph may be among what is asked for.
const MOST_BYTES: usize = 256 << 20;

/// Where the registry is and who asks.
#[derive(Debug, Args)]
pub(super) struct Registry {
    /// GraphQL endpoint of the service
    #[arg(
        long,
        value_name = "URL",
        env = "UPFRONT_ENDPOINT",
        default_value = "http://127.0.0.1:4000/graphql"
    )]
    endpoint: Url,
    /// Bearer token of the entity, with the scope `registry:publish`
    #[arg(
        long,
        value_name = "TOKEN",
        env = "UPFRONT_TOKEN",
        hide_env_values = true
    )]
    token: Option<String>,
}

impl Registry {
    /// The answer's `data`. Errors end the command: what is wrong with a source is data.
    pub(super) async fn ask(&self, query: &str, variables: Value) -> Result<Value, CliError> {
        let unasked = |error: &dyn std::fmt::Display| {
            CliError::Unasked(format!("`{}` could not be asked: {error}", self.endpoint))
        };
        let client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| unasked(&error))?;
        let mut request = client
            .post(self.endpoint.clone())
            .header("graphql-client-name", "upfront-source")
            .header("graphql-client-version", env!("CARGO_PKG_VERSION"));
        if let Some(token) = self.token() {
            request = request.bearer_auth(token);
        }
        let question = Question {
            query,
            variables: &variables,
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
        let mut answer: Value = answer.ok_or_else(|| {
            unasked(&format!(
                "it answered {status} with something else than JSON"
            ))
        })?;
        let errors = answer["errors"].as_array();
        if let Some(error) = errors.and_then(|errors| errors.first()) {
            return Err(self.failed(error));
        }
        let withheld = &answer["extensions"]["upfront"]["withheld"];
        if withheld
            .as_array()
            .is_some_and(|withheld| !withheld.is_empty())
        {
            let (what, given) = match self.token() {
                Some(_) => ("the token does not have", ""),
                None => (
                    "no token was given: this takes one with",
                    "; give it with --token or in UPFRONT_TOKEN",
                ),
            };
            return Err(CliError::Unasked(format!(
                "{what} the scope `registry:publish` (to list and to fetch, `registry:read` is \
                 enough). `upfront token --entity CODE --scope registry:publish` makes one that has \
                 it, where the gateway's key is{given}"
            )));
        }
        Ok(answer["data"].take())
    }

    /// Why the registry answered with an error; whether anything was looked at decides the exit code.
    fn failed(&self, error: &Value) -> CliError {
        let message = error["message"]
            .as_str()
            .unwrap_or("an error without a message");
        match error["extensions"]["code"].as_str() {
            Some("UNAUTHENTICATED" | "BUSY") => {
                CliError::Unasked(format!("the registry says: {message}"))
            }
            Some("SOURCE_TIMEOUT" | "REQUEST_TIMEOUT" | "SOURCE_UNAVAILABLE") => {
                CliError::Unasked(format!(
                    "the registry says: {message} A change may still be made: look at `upfront \
                     source list` before you try again"
                ))
            }
            Some("GRAPHQL_VALIDATION_FAILED") => CliError::Unasked(format!(
                "`{}` has no registry of sources, or one of another version: {message}",
                self.endpoint
            )),
            // Every error of the gateway has a code.
            None => CliError::Unasked(format!(
                "`{}` is not the endpoint of an Upfront gateway: it answered \"{message}\". Give the \
                 gateway's with --endpoint or in UPFRONT_ENDPOINT",
                self.endpoint
            )),
            _ => {
                // What the registry says of an argument of a mutation, too, is a flag here.
                let message = message
                    .replace(", or the argument `to`", "")
                    .replace(" (the argument `to`)", "");
                CliError::Message(format!("the registry says: {message}"))
            }
        }
    }

    fn token(&self) -> Option<&str> {
        self.token.as_deref().filter(|token| !token.is_empty())
    }
}
