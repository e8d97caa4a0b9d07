//! Asks the registry.

use clap::Args;
use serde_json::Value;

use crate::cli::{CliError, endpoint::Endpoint};

/// The registry of a running service.
#[derive(Debug, Args)]
pub(super) struct Registry {
    #[command(flatten)]
    endpoint: Endpoint,
}

impl Registry {
    /// The answer's `data`. Errors end the command: what is wrong with a source is data.
    pub(super) async fn ask(&self, query: &str, variables: Value) -> Result<Value, CliError> {
        let answer = self.endpoint.post("upfront-source", query, &variables);
        let mut answer = answer.await?;
        let errors = answer["errors"].as_array();
        if let Some(error) = errors.and_then(|errors| errors.first()) {
            return Err(self.failed(error));
        }
        let withheld = &answer["extensions"]["upfront"]["withheld"];
        if withheld
            .as_array()
            .is_some_and(|withheld| !withheld.is_empty())
        {
            let (what, given) = match self.endpoint.token() {
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
                self.endpoint.url()
            )),
            // Every error of the gateway has a code.
            None => CliError::Unasked(format!(
                "`{}` is not the endpoint of an Upfront gateway: it answered \"{message}\". Give the \
                 gateway's with --endpoint or in UPFRONT_ENDPOINT",
                self.endpoint.url()
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
}
