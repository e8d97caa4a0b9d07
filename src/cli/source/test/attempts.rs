//! What a service is asked, one attempt after the other: what it does well, what fails.

use std::time::Duration;

use federation::{
    diagnostic::Sources,
    subgraph::{Subgraph, SubgraphInput, directives},
};
use serde_json::json;

use super::asking::{Options, Service, first_error};
use crate::gateway::SDL_QUERY;

/// What an operation may take before it is called slow.
pub(super) const SLOW: Duration = Duration::from_secs(1);
/// So short that no service answers in time.
const AT_ONCE: Duration = Duration::from_micros(1);

/// What one attempt came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Finding {
    /// What was tried.
    pub(super) what: String,
    /// How it went.
    pub(super) verdict: Verdict,
    /// What was seen, and what to change.
    pub(super) detail: String,
}

/// How an attempt went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// As it should.
    Good,
    /// The gateway can live with it.
    Doubtful,
    /// It fails.
    Bad,
}

/// The attempts so far, and the service that is tried.
pub(super) struct Attempts {
    pub(super) service: Service,
    findings: Vec<Finding>,
}

/// What the attempts came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    /// Each attempt.
    pub(super) findings: Vec<Finding>,
    /// Whether it answered 401 or 403.
    pub(super) is_refused: bool,
}

/// Tries a service with everything there is to try.
pub(super) async fn run(options: Options) -> Result<Outcome, reqwest::Error> {
    let mut attempts = Attempts {
        service: Service::new(options)?,
        findings: Vec::new(),
    };
    let answers = attempts.answers_at_all().await;
    if answers && attempts.service.options.is_plain {
        if attempts.tells_its_schema().await {
            attempts.survives_a_caller_who_gives_up().await;
        }
    } else if answers && let Some(subgraph) = attempts.has_sdl().await {
        attempts.resolves_entities(&subgraph).await;
        attempts.survives_a_caller_who_gives_up().await;
        attempts.minds_the_token(&subgraph).await;
    }
    Ok(Outcome {
        findings: attempts.findings,
        is_refused: attempts.service.is_refused,
    })
}

pub(super) fn good(detail: impl Into<String>) -> (Verdict, String) {
    (Verdict::Good, detail.into())
}

pub(super) fn doubtful(detail: impl Into<String>) -> (Verdict, String) {
    (Verdict::Doubtful, detail.into())
}

pub(super) fn bad(detail: impl Into<String>) -> (Verdict, String) {
    (Verdict::Bad, detail.into())
}

impl Attempts {
    pub(super) fn note(&mut self, what: impl Into<String>, (verdict, detail): (Verdict, String)) {
        self.findings.push(Finding {
            what: what.into(),
            verdict,
            detail,
        });
    }

    async fn answers_at_all(&mut self) -> bool {
        let outcome = match self.service.ask("{ __typename }", json!({})).await {
            Err(what) => bad(what),
            Ok((answer, _)) if !answer["data"]["__typename"].is_string() => {
                bad(format!("no `data`: {}", first_error(&answer)))
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
        let answer = match self.service.ask(SDL_QUERY, json!({})).await {
            Err(what) => {
                self.note(WHAT, bad(what));
                return None;
            }
            Ok((answer, _)) => answer,
        };
        let Some(sdl) = answer["data"]["_service"]["sdl"].as_str() else {
            let what = "`{ _service { sdl } }` is not answered, as subgraphs of federation do: a plain \
                        GraphQL server is tried with `upfront source test --plain URL` and \
                        registered with --plain; for a subgraph, give the SDL with --schema";
            self.note(WHAT, bad(what));
            return None;
        };
        let input = SubgraphInput {
            name: "source".to_owned(),
            url: self.service.options.url.to_string(),
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
        let given_up = self
            .service
            .ask_within(AT_ONCE, "{ __typename }", json!({}))
            .await;
        let outcome = match (
            given_up,
            self.service.ask("{ __typename }", json!({})).await,
        ) {
            (_, Err(what)) => bad(format!("then it no longer answers: {what}")),
            (Ok(_), _) => good("it answered before the caller could give up"),
            (Err(_), Ok((_, took))) => good(format!("then it answers in {} ms", took.as_millis())),
        };
        self.note("after a caller that timed out", outcome);
    }

    /// Whether it shows classified fields to callers without a token.
    async fn minds_the_token(&mut self, subgraph: &Subgraph) {
        let is_classified = subgraph.schema.types.values().any(|ty| {
            let of_type = directives::requires_scopes(ty.directives()).is_some();
            let mut fields = subgraph.fields(ty);
            of_type || fields.any(|field| directives::requires_scopes(&field.directives).is_some())
        });
        if !is_classified {
            return;
        }
        let token = self.service.options.token.take();
        let is_refused = self.service.is_refused;
        let bare = self.service.ask("{ __typename }", json!({})).await;
        self.service.options.token = token;
        // Here it is as it should be.
        self.service.is_refused = is_refused;
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
