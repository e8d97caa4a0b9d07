//! Asks the review.

use clap::Args;
use serde_json::{Value, json};

use crate::cli::{CliError, compose::Format, endpoint::Endpoint, say, say_text};

/// The review of a running service, and the form of what is said.
#[derive(Debug, Args)]
pub(super) struct Review {
    #[command(flatten)]
    endpoint: Endpoint,
    /// Form of the answer
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// What is asked of a cycle that was moved.
const CYCLE: &str = "cycle { id kind period { code } state inputsDueAt sessionAt frozenAt }";

impl Review {
    /// The answer's `data`.
    pub(super) async fn ask(&self, query: &str, variables: Value) -> Result<Value, CliError> {
        let answer = self.endpoint.post("upfront-review", query, &variables);
        let mut answer = answer.await?;
        let error = answer["errors"].get(0);
        if let Some(error) = error {
            let message = error["message"].as_str().unwrap_or_default();
            let code = error["extensions"]["code"].as_str().unwrap_or_default();
            let message = format!("the service says: {message}");
            return Err(match code {
                "UNAUTHENTICATED" | "BUSY" => CliError::Unasked(message),
                _ => CliError::Message(message),
            });
        }
        let withheld = answer["extensions"]["upfront"]["withheld"].get(0);
        if withheld.is_some() {
            return Err(CliError::Unasked(
                "this takes a token with the scope `clearance:confidential` and with that of your role: \
                 `review:steer`, `review:contribute`, `review:clear` or `review:read`; give it with --token or in \
                 UPFRONT_TOKEN"
                    .to_owned(),
            ));
        }
        Ok(answer["data"].take())
    }

    /// Changes something: what it came to, or what stands against it.
    pub(super) async fn change(
        &self,
        (field, input_type): (&str, &str),
        input: Value,
        selection: &str,
    ) -> Result<Value, CliError> {
        let query = format!(
            "mutation ($input: {input_type}!) {{ {field}(input: $input) {{ {selection} problems {{ code message path }} \
             }} }}"
        );
        let mut data = self.ask(&query, json!({ "input": input })).await?;
        let payload = data[field].take();
        let problems = payload["problems"].as_array();
        let problems = problems.into_iter().flatten().map(|problem| {
            let text = |name: &str| problem[name].as_str().unwrap_or_default().to_owned();
            format!("{}: {}", text("code"), text("message"))
        });
        let problems: Vec<_> = problems.collect();
        if problems.is_empty() {
            return Ok(payload);
        }
        Err(CliError::Message(problems.join("\n")))
    }

    /// Moves a cycle and says where it stands.
    pub(super) async fn advance(
        &self,
        cycle: &str,
        act: &str,
        reason: Option<&str>,
    ) -> Result<(), CliError> {
        let input = json!({ "cycle": cycle, "act": act, "reason": reason });
        let field = ("moveReviewCycle", "MoveReviewCycleInput");
        let payload = self.change(field, input, CYCLE).await?;
        self.tell(&payload, |payload| told_cycle(&payload["cycle"]))
    }

    /// Says an answer: as it is, or as text.
    pub(super) fn tell(
        &self,
        answer: &Value,
        text: impl FnOnce(&Value) -> String,
    ) -> Result<(), CliError> {
        match self.format {
            Format::Json => say_text(&format!("{answer:#}\n")),
            Format::Text => say(&text(answer)),
        }
    }

    /// The id of a cycle: the one that is given, or the last monthly one in one of some states.
    pub(super) async fn cycle(
        &self,
        given: Option<&str>,
        states: &[&str],
    ) -> Result<String, CliError> {
        if let Some(id) = given {
            return Ok(id.to_owned());
        }
        let query = "query ($states: [CycleState!]) { reviewCycles(first: 50, filter: { kind: MONTHLY, states: $states }) \
                     { nodes { id } } }";
        let data = self.ask(query, json!({ "states": states })).await?;
        let nodes = data["reviewCycles"]["nodes"].as_array();
        // The latest comes first; of planned ones the earliest is opened next.
        let found = if states == ["PLANNED"] {
            nodes.and_then(|nodes| nodes.last())
        } else {
            nodes.and_then(|nodes| nodes.first())
        };
        let id = found.and_then(|node| node["id"].as_str());
        id.map(str::to_owned).ok_or_else(|| {
            CliError::Message(format!(
                "no monthly review that exists for you is {}; name one with --cycle",
                states.join(" or ")
            ))
        })
    }
}

/// States of reviews that are under way.
pub(super) const UNDER_WAY: [&str; 6] = [
    "INPUT_OPEN",
    "INPUT_CLOSED",
    "CONSOLIDATED",
    "IN_SESSION",
    "DECIDED",
    "FOLLOW_UP",
];

/// A cycle in one line.
pub(super) fn told_cycle(cycle: &Value) -> String {
    let text = |name: &str| cycle[name].as_str().unwrap_or_default();
    let line = format!(
        "{}  {} {}  {}  inputs due {}",
        text("id"),
        text("kind"),
        cycle["period"]["code"].as_str().unwrap_or_default(),
        text("state"),
        text("inputsDueAt"),
    );
    let dates = [("sessionAt", "meets"), ("frozenAt", "frozen")];
    let dates = dates.into_iter().filter_map(|(name, label)| {
        let at = cycle[name].as_str()?;
        Some(format!("  {label} {at}"))
    });
    line + &dates.collect::<String>()
}
