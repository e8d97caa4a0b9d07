//! `upfront review item`.

use clap::{Args, ValueEnum};
use serde_json::json;

use super::client::Review;
use crate::cli::CliError;

/// What is done with an item.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Act {
    /// Put a proposal on the agenda
    Accept,
    /// Take it up in the meeting
    Discuss,
    /// Put it off to the next review; takes --reason
    Defer,
    /// Do not take it up; takes --reason
    Decline,
    /// Take the proposal back
    Withdraw,
}

impl Act {
    const fn name(self) -> &'static str {
        match self {
            Self::Accept => "ACCEPT",
            Self::Discuss => "DISCUSS",
            Self::Defer => "DEFER",
            Self::Decline => "DECLINE",
            Self::Withdraw => "WITHDRAW",
        }
    }
}

/// Move an item of the agenda
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  upfront review item discuss --item itm_…")]
pub(super) struct Arguments {
    #[command(flatten)]
    review: Review,
    /// What is done
    act: Act,
    /// The item, by its id
    #[arg(long, value_name = "ID")]
    item: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

impl Arguments {
    pub(super) async fn run(self) -> Result<(), CliError> {
        let input = json!({ "item": self.item, "act": self.act.name(), "reason": self.reason });
        let field = ("moveReviewItem", "MoveReviewItemInput");
        let selection = "item { id state situation { title } }";
        let payload = self.review.change(field, input, selection).await?;
        self.review.tell(&payload, |payload| {
            let item = &payload["item"];
            format!(
                "{}  {}  {}",
                item["id"].as_str().unwrap_or_default(),
                item["state"].as_str().unwrap_or_default(),
                item["situation"]["title"].as_str().unwrap_or_default()
            )
        })
    }
}
