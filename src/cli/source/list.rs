//! `upfront source list`.

use clap::Args;
use serde_json::{Value, json};

use super::{
    client::Registry,
    report::{list, string},
};
use crate::cli::{CliError, compose::Format, say, say_text};

const QUERY: &str = "query ListSources { sources { name entity offeredTo isRetired registeredAt \
    events(first: 20) { kind detail } \
    current { number kind url publishedAt sdlHash } drift { state detail checkedAt } } \
    supergraphs(first: 10) { number cause source reason madeBy madeAt \
    members { source version } } }";

/// List the registered sources and the latest supergraphs
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  upfront source list --format json")]
pub(super) struct Arguments {
    #[command(flatten)]
    registry: Registry,
    /// Form of the list
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl Arguments {
    pub(super) async fn run(self) -> Result<(), CliError> {
        let data = self.registry.ask(QUERY, json!({})).await?;
        if self.format == Format::Json {
            return say_text(&format!("{data:#}\n"));
        }
        for source in list(&data, "sources") {
            tell_source(source)?;
        }
        if list(&data, "sources").next().is_none() {
            say("No source has registered.")?;
        }
        say("")?;
        for supergraph in list(&data, "supergraphs") {
            tell_supergraph(supergraph)?;
        }
        Ok(())
    }
}

fn tell_source(source: &Value) -> Result<(), CliError> {
    let (name, entity) = (string(source, "name"), string(source, "entity"));
    let current = &source["current"];
    let offer = match source["offeredTo"].as_str() {
        Some(to) => format!("  offered to {to}"),
        None => String::new(),
    };
    if current.is_null() {
        let events: Vec<_> = list(source, "events").collect();
        let why = why_not_served(&events);
        return say(&format!("{name}  {entity}  {why}{offer}"));
    }
    let url = current["url"].as_str().unwrap_or("(another entity's)");
    let drift = told_drift(&source["drift"]);
    say(&format!(
        "{name}  {entity}  version {}  {url}{offer}{drift}",
        current["number"]
    ))
}

/// What was found when the source was last asked for its schema. It is asked less often than it is
/// probed, so that it may answer again by now.
fn told_drift(drift: &Value) -> String {
    match (string(drift, "state"), string(drift, "detail")) {
        ("DRIFTED", "") => "  drifted".to_owned(),
        ("DRIFTED", detail) => format!("  drifted: {detail}"),
        ("UNREACHABLE", _) => match string(drift, "checkedAt") {
            "" => "  unreachable".to_owned(),
            at => format!("  unreachable as of {at}"),
        },
        _ => String::new(),
    }
}

/// Why a source is not served, by its events, the newest first.
fn why_not_served(events: &[&Value]) -> String {
    // Events of consents and offers do not take a source out.
    let told = events.iter().enumerate().find_map(|(at, event)| {
        let detail = string(event, "detail");
        match string(event, "kind") {
            "EXPELLED" => Some(format!("expelled: {detail}{}", withdrawn(&events[at..]))),
            "ROLLED_BACK" => Some(format!("not served since a rollback: {detail}")),
            "RETIRED" => Some("retired".to_owned()),
            _ => None,
        }
    });
    told.unwrap_or_else(|| "not served".to_owned())
}

/// The consent whose withdrawal took a source out, and the reason that was given, where the events that
/// begin with the expulsion tell.
fn withdrawn(events: &[&Value]) -> String {
    let [expulsion, before, ..] = events else {
        return String::new();
    };
    let is_of_a_consent = string(expulsion, "detail").contains("consent was withdrawn");
    match (string(before, "kind"), string(before, "detail")) {
        ("CONSENT_WITHDRAWN", detail) if is_of_a_consent && !detail.is_empty() => {
            format!(" ({detail})")
        }
        _ => String::new(),
    }
}

fn tell_supergraph(supergraph: &Value) -> Result<(), CliError> {
    let members = list(supergraph, "members");
    let members: Vec<_> = members
        .map(|member| format!("{}@{}", string(member, "source"), member["version"]))
        .collect();
    let reason = match string(supergraph, "reason") {
        "" => String::new(),
        reason => format!("  {reason:?}"),
    };
    say(&format!(
        "supergraph {}  {}  {} {} by {}  [{}]{reason}",
        supergraph["number"],
        string(supergraph, "madeAt"),
        string(supergraph, "cause").to_lowercase(),
        string(supergraph, "source"),
        string(supergraph, "madeBy"),
        members.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_unreachable_as_of_a_time() {
        let mut drift = json!({ "state": "UNREACHABLE", "checkedAt": "2026-11-01T09:00:00Z" });
        let told = "  unreachable as of 2026-11-01T09:00:00Z";
        assert_eq!(told_drift(&drift), told);
        drift["state"] = json!("IN_STEP");
        assert_eq!(told_drift(&drift), "");
        assert_eq!(told_drift(&Value::Null), "");
    }
}
