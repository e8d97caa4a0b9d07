//! `upfront source test`: tries a service as the gateway would.

mod entities;

use std::time::{Duration, Instant};

use clap::Args;
use federation::{
    diagnostic::Sources,
    subgraph::{Subgraph, SubgraphInput, directives},
};
use reqwest::{Client, Url, header::CONTENT_TYPE};
use serde_json::{Value, json};

use super::client::innermost;
use crate::cli::{CliError, say};

/// What an operation may take before it is called slow.
const SLOW: Duration = Duration::from_secs(1);
const MOST_BYTES: usize = 16 << 20;

/// Try a service as the gateway would, and say what fails
///
/// It is asked for its SDL, for entities that do not exist, for a hundred at once, with one bad
/// representation among good ones, and without a token.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  upfront source test http://127.0.0.1:4001/graphql")]
pub(super) struct Arguments {
    /// Where it answers
    url: Url,
    /// Bearer token to send, where the service wants one
    #[arg(
        long,
        value_name = "TOKEN",
        env = "UPFRONT_TOKEN",
        hide_env_values = true
    )]
    token: Option<String>,
    /// Milliseconds an answer may take
    #[arg(long, default_value_t = 5_000)]
    timeout_ms: u64,
}

/// A service on trial.
struct Trial {
    client: Client,
    url: Url,
    token: Option<String>,
    failures: usize,
}

/// What an attempt came to.
enum Verdict {
    Good(String),
    Doubtful(String),
    Bad(String),
}

impl Arguments {
    pub(super) async fn run(self) -> Result<(), CliError> {
        let client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_millis(self.timeout_ms))
            .build()
            .map_err(|error| CliError::new(error.to_string()))?;
        let mut trial = Trial {
            client,
            url: self.url,
            token: self.token,
            failures: 0,
        };
        if trial.answers_at_all().await?
            && let Some(subgraph) = trial.has_sdl().await?
        {
            trial.resolves_entities(&subgraph).await?;
            trial.minds_the_token(&subgraph).await?;
        }
        match trial.failures {
            0 => say("It does what the gateway needs."),
            1 => fails("One thing fails."),
            failures => fails(&format!("{failures} things fail.")),
        }
    }
}

fn fails(what: &str) -> Result<(), CliError> {
    say(what)?;
    Err(CliError::Said)
}

impl Trial {
    fn tell(&mut self, what: &str, verdict: Verdict) -> Result<(), CliError> {
        let (mark, text) = match verdict {
            Verdict::Good(text) => ("ok  ", text),
            Verdict::Doubtful(text) => ("warn", text),
            Verdict::Bad(text) => {
                self.failures += 1;
                ("FAIL", text)
            }
        };
        say(&format!("{mark}  {what}: {text}"))
    }

    async fn ask(&self, query: &str, variables: Value) -> Result<(Value, Duration), String> {
        let started = Instant::now();
        let mut request = self
            .client
            .post(self.url.clone())
            .header(
                "accept",
                "application/graphql-response+json, application/json;q=0.9",
            )
            .json(&json!({ "query": query, "variables": variables }));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        let mut response = request.send().await.map_err(|error| {
            if error.is_timeout() {
                "no answer in time".to_owned()
            } else {
                innermost(&error)
            }
        })?;
        let status = response.status();
        if status.is_redirection() {
            return Err(format!(
                "{status}: redirects are not followed; register where it leads"
            ));
        }
        let media_type = response.headers().get(CONTENT_TYPE);
        let media_type = media_type
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let is_json = media_type.starts_with("application/json")
            || media_type.starts_with("application/graphql-response+json");
        if !is_json {
            return Err(format!(
                "{status} with the media type `{media_type}` instead of JSON"
            ));
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| innermost(&error))? {
            if body.len() + chunk.len() > MOST_BYTES {
                return Err(format!("more than {MOST_BYTES} bytes"));
            }
            body.extend_from_slice(&chunk);
        }
        let answer = serde_json::from_slice(&body).map_err(|_| "invalid JSON".to_owned())?;
        Ok((answer, started.elapsed()))
    }

    async fn answers_at_all(&mut self) -> Result<bool, CliError> {
        let verdict = match self.ask("{ __typename }", json!({})).await {
            Err(what) => Verdict::Bad(what),
            Ok((answer, _)) if !answer["data"]["__typename"].is_string() => {
                Verdict::Bad(format!("no `data`: {}", first_error(&answer)))
            }
            Ok((_, took)) if took > SLOW => {
                Verdict::Doubtful(format!("{} ms for nothing", took.as_millis()))
            }
            Ok((_, took)) => Verdict::Good(format!("{} ms", took.as_millis())),
        };
        let is_good = !matches!(verdict, Verdict::Bad(_));
        self.tell("answers GraphQL over POST", verdict)?;
        Ok(is_good)
    }

    async fn has_sdl(&mut self) -> Result<Option<Subgraph>, CliError> {
        let answer = self.ask("{ _service { sdl } }", json!({})).await;
        let sdl = match answer {
            Err(what) => {
                return self
                    .tell("tells its SDL", Verdict::Bad(what))
                    .map(|()| None);
            }
            Ok((answer, _)) => answer["data"]["_service"]["sdl"]
                .as_str()
                .map(str::to_owned),
        };
        let Some(sdl) = sdl else {
            let what = "`{ _service { sdl } }` is not answered: give the SDL with --schema, or \
                        register it with --plain";
            return self
                .tell("tells its SDL", Verdict::Bad(what.to_owned()))
                .map(|()| None);
        };
        let input = SubgraphInput {
            name: "source".to_owned(),
            url: self.url.to_string(),
            sdl,
        };
        let (subgraphs, diagnostics) = Subgraph::read_all(std::slice::from_ref(&input));
        let subgraph = subgraphs.and_then(|mut subgraphs| subgraphs.pop());
        let verdict = match &subgraph {
            Some(_) => Verdict::Good(format!("{} bytes", input.sdl.len())),
            // One of Federation 1 may extend what only others define.
            None => {
                let sources: Sources<'_> = [(input.name.as_str(), input.sdl.as_str())]
                    .into_iter()
                    .collect();
                Verdict::Doubtful(format!(
                    "by itself it is no subgraph\n{}",
                    diagnostics.to_text(&sources)
                ))
            }
        };
        self.tell("tells its SDL", verdict)?;
        Ok(subgraph)
    }

    /// Whether it shows classified fields to whoever reaches it.
    async fn minds_the_token(&mut self, subgraph: &Subgraph) -> Result<(), CliError> {
        let is_classified = subgraph.schema.types.values().any(|ty| {
            let of_type = directives::requires_scopes(ty.directives()).is_some();
            let mut fields = subgraph.fields(ty);
            of_type || fields.any(|field| directives::requires_scopes(&field.directives).is_some())
        });
        if !is_classified {
            return Ok(());
        }
        let token = self.token.take();
        let bare = self.ask("{ __typename }", json!({})).await;
        self.token = token;
        let verdict = match bare {
            Ok((answer, _)) if answer["data"]["__typename"].is_string() => Verdict::Doubtful(
                "it answers without a token, and it has classified fields: whoever reaches it may \
                 read them. Check the gateway's token (see docs/register-a-source.md)"
                    .to_owned(),
            ),
            _ => Verdict::Good("refused".to_owned()),
        };
        self.tell("without a token", verdict)
    }
}

fn first_error(answer: &Value) -> String {
    answer["errors"][0]["message"]
        .as_str()
        .unwrap_or("and no error either")
        .to_owned()
}
