//! Tries a service as the gateway would, before it registers: what it does well, what fails.

mod asking;
mod entities;

use std::time::Duration;

use federation::{
    diagnostic::Sources,
    subgraph::{Subgraph, SubgraphInput, directives},
};
use reqwest::{Client, Url};
use serde_json::json;

/// What an operation may take before it is called slow.
const SLOW: Duration = Duration::from_secs(1);
/// So short that no service answers in time.
const AT_ONCE: Duration = Duration::from_micros(1);

/// Which service, and how it is asked.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where it answers.
    pub url: Url,
    /// Bearer token to send, where the service wants one.
    pub token: Option<String>,
    /// How long an answer may take.
    pub timeout: Duration,
}

/// What one attempt came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was tried.
    pub what: String,
    /// How it went.
    pub verdict: Verdict,
    /// What was seen, and what to change.
    pub detail: String,
}

/// How an attempt went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As it should.
    Good,
    /// The gateway can live with it.
    Doubtful,
    /// It fails.
    Bad,
}

/// A service on trial.
struct Trial {
    client: Client,
    options: Options,
    findings: Vec<Finding>,
    is_refused: bool,
}

/// What a trial came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Each attempt.
    pub findings: Vec<Finding>,
    /// Whether it answered 401 or 403.
    pub is_refused: bool,
}

/// Tries a service with everything there is to try.
pub async fn run(options: Options) -> Result<Outcome, reqwest::Error> {
    let mut trial = Trial {
        client: crate::gateway::client_builder().build()?,
        options,
        findings: Vec::new(),
        is_refused: false,
    };
    if trial.answers_at_all().await
        && let Some(subgraph) = trial.has_sdl().await
    {
        trial.resolves_entities(&subgraph).await;
        trial.survives_a_caller_who_gives_up().await;
        trial.minds_the_token(&subgraph).await;
    }
    Ok(Outcome {
        findings: trial.findings,
        is_refused: trial.is_refused,
    })
}

fn good(detail: impl Into<String>) -> (Verdict, String) {
    (Verdict::Good, detail.into())
}

fn doubtful(detail: impl Into<String>) -> (Verdict, String) {
    (Verdict::Doubtful, detail.into())
}

fn bad(detail: impl Into<String>) -> (Verdict, String) {
    (Verdict::Bad, detail.into())
}

impl Trial {
    fn note(&mut self, what: impl Into<String>, (verdict, detail): (Verdict, String)) {
        self.findings.push(Finding {
            what: what.into(),
            verdict,
            detail,
        });
    }

    async fn answers_at_all(&mut self) -> bool {
        let outcome = match self.ask("{ __typename }", json!({})).await {
            Err(what) => bad(what),
            Ok((answer, _)) if !answer["data"]["__typename"].is_string() => {
                bad(format!("no `data`: {}", asking::first_error(&answer)))
            }
            Ok((_, took)) if took > SLOW => {
                doubtful(format!("{} ms for nothing", took.as_millis()))
            }
            Ok((_, took)) => good(format!("{} ms", took.as_millis())),
        };
        let is_answer = outcome.0 != Verdict::Bad;
        self.note("answers GraphQL over POST", outcome);
        is_answer
    }

    async fn has_sdl(&mut self) -> Option<Subgraph> {
        const WHAT: &str = "tells its SDL";
        let answer = match self.ask("{ _service { sdl } }", json!({})).await {
            Err(what) => {
                self.note(WHAT, bad(what));
                return None;
            }
            Ok((answer, _)) => answer,
        };
        let Some(sdl) = answer["data"]["_service"]["sdl"].as_str() else {
            let what = "`{ _service { sdl } }` is not answered: give the SDL with --schema, or \
                        register it with --plain";
            self.note(WHAT, bad(what));
            return None;
        };
        let input = SubgraphInput {
            name: "source".to_owned(),
            url: self.options.url.to_string(),
            sdl: sdl.to_owned(),
        };
        let (subgraphs, diagnostics) = Subgraph::read_all(std::slice::from_ref(&input));
        let subgraph = subgraphs.and_then(|mut subgraphs| subgraphs.pop());
        let outcome = if subgraph.is_some() {
            good(format!("{} bytes", input.sdl.len()))
        } else {
            // One of Federation 1 may extend what only others define.
            let sources: Sources<'_> = [(input.name.as_str(), input.sdl.as_str())]
                .into_iter()
                .collect();
            doubtful(format!(
                "by itself it is no subgraph\n{}",
                diagnostics.to_text(&sources)
            ))
        };
        self.note(WHAT, outcome);
        subgraph
    }

    /// A request that the gateway breaks off at its time-out must not harm the next one.
    async fn survives_a_caller_who_gives_up(&mut self) {
        let given_up = self.ask_within(AT_ONCE, "{ __typename }", json!({})).await;
        let outcome = match (given_up, self.ask("{ __typename }", json!({})).await) {
            (_, Err(what)) => bad(format!("then it no longer answers: {what}")),
            (Ok(_), _) => good("it answered before the caller could give up"),
            (Err(_), Ok((_, took))) => good(format!("then it answers in {} ms", took.as_millis())),
        };
        self.note("after a caller that timed out", outcome);
    }

    /// Whether it shows classified fields to whoever reaches it.
    async fn minds_the_token(&mut self, subgraph: &Subgraph) {
        let is_classified = subgraph.schema.types.values().any(|ty| {
            let of_type = directives::requires_scopes(ty.directives()).is_some();
            let mut fields = subgraph.fields(ty);
            of_type || fields.any(|field| directives::requires_scopes(&field.directives).is_some())
        });
        if !is_classified {
            return;
        }
        let token = self.options.token.take();
        let is_refused = self.is_refused;
        let bare = self.ask("{ __typename }", json!({})).await;
        self.options.token = token;
        // Here it is as it should be.
        self.is_refused = is_refused;
        let outcome = match bare {
            Ok((answer, _)) if answer["data"]["__typename"].is_string() => doubtful(
                "it answers without a token, and it has classified fields: whoever reaches it may \
                 read them. Check the gateway's token (see docs/register-a-source.md)",
            ),
            _ => good("refused"),
        };
        self.note("without a token", outcome);
    }
}
