//! `upfront review decide`.

use clap::Args;
use serde_json::{Value, json};

use super::client::Review;
use crate::cli::CliError;

/// Note what the meeting decided on an item
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  upfront review decide --item itm_… --kind advise-rc-hc --note \"Advise before the vote\" \
                  --action \"OHCHR;2027-02-01;Draft the advice\""
)]
pub(super) struct Arguments {
    #[command(flatten)]
    review: Review,
    /// The item, by its id
    #[arg(long, value_name = "ID")]
    item: String,
    /// What is asked for: monitor, raise-to-quarterly, alert-dsg, brief-member-states, brief-security-council,
    /// advise-rc-hc, deploy, public-statement, request-information, no-action
    #[arg(long, value_name = "KIND")]
    kind: String,
    /// What was said with it
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// Code of an entity that dissented; once for each
    #[arg(long, value_name = "CODE")]
    dissent: Vec<String>,
    /// An action that follows: who does it, by when, and what is to be done; once for each
    #[arg(long, value_name = "OWNER;DATE;TITLE")]
    action: Vec<String>,
}

impl Arguments {
    pub(super) async fn run(self) -> Result<(), CliError> {
        let actions: Result<Vec<_>, _> = self.action.iter().map(|text| action(text)).collect();
        let input = json!({
            "item": self.item,
            "kind": self.kind.to_uppercase().replace('-', "_"),
            "note": self.note,
            "dissent": self.dissent,
            "actions": actions?,
        });
        let selection = "item { id state decisions { id kind actions { id owner dueOn title } } }";
        let field = ("decideReviewItem", "DecideReviewItemInput");
        let payload = self.review.change(field, input, selection).await?;
        self.review.tell(&payload, |payload| {
            let decisions = payload["item"]["decisions"].as_array();
            let last = decisions.and_then(|decisions| decisions.last());
            let last = last.cloned().unwrap_or_default();
            let text = |name: &str| last[name].as_str().unwrap_or_default().to_owned();
            let actions = last["actions"].as_array().map_or(0, Vec::len);
            format!("{}  {}  actions: {actions}", text("id"), text("kind"))
        })
    }
}

fn action(text: &str) -> Result<Value, CliError> {
    let mut parts = text.splitn(3, ';').map(str::trim);
    let (owner, due, title) = (parts.next(), parts.next(), parts.next());
    let (Some(owner), Some(due), Some(title)) = (owner, due, title) else {
        return Err(CliError::Message(format!(
            "`{text}` is no action; write it as OWNER;DATE;TITLE, such as \"OHCHR;2027-02-01;Draft the advice\""
        )));
    };
    Ok(json!({ "owner": owner, "dueOn": due, "title": title }))
}
