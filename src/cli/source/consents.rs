//! `upfront source consents`.

use clap::Args;
use serde_json::{Value, json};

use super::{
    client::Registry,
    report::{list, string},
};
use crate::cli::{CliError, compose::Format, say, say_text};

const QUERY: &str = "query ListConsents { fieldConsents { coordinate source grantedBy grantedTo \
    isInForce reason grantedAt } }";

/// List the consents that the token's entity gave, and those that it was given
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  upfront source consents --format json")]
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
        let mut consents = list(&data, "fieldConsents").peekable();
        if consents.peek().is_none() {
            return say("There is none.");
        }
        consents.try_for_each(|consent| say(&line_of(consent)))
    }
}

fn line_of(consent: &Value) -> String {
    let to = string(consent, "grantedTo");
    let source = string(consent, "source");
    let force = if consent["isInForce"] == json!(true) {
        String::new()
    } else {
        format!("  not in force: no source `{source}` of {to} is registered")
    };
    format!(
        "{}  by {}  to {source} of {to}  since {}  {:?}{force}",
        string(consent, "coordinate"),
        string(consent, "grantedBy"),
        string(consent, "grantedAt"),
        string(consent, "reason"),
    )
}
