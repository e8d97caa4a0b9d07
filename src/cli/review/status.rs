//! `upfront review status`.

use clap::Args;
use serde_json::{Value, json};

use super::client::{Review, told_cycle};
use crate::cli::CliError;

const QUERY: &str = "query { reviewCycles(first: 20) { nodes { id kind period { code } state inputsDueAt sessionAt frozenAt } } \
    currentReviewCycle { id items(first: 100, filter: { inputMissingFrom: [\"OHCHR\", \"OSAPG\", \"SRSG_CAAC\", \"SRSG_SVC\"] }) \
    { totalCount nodes { situation { title } inputs { entity status } } } \
    overdue: items(first: 100, filter: { overdueOnly: true }) { totalCount } } }";

/// Say how far the reviews are, which inputs are missing, and how many items have overdue actions
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  upfront review status --format json")]
pub(super) struct Arguments {
    #[command(flatten)]
    review: Review,
}

impl Arguments {
    pub(super) async fn run(self) -> Result<(), CliError> {
        let data = self.review.ask(QUERY, json!({})).await?;
        self.review.tell(&data, told)
    }
}

fn told(data: &Value) -> String {
    let cycles = data["reviewCycles"]["nodes"].as_array();
    let cycles = cycles.map(Vec::as_slice).unwrap_or_default();
    let open = cycles.iter().filter(|cycle| cycle["state"] != "CLOSED");
    let mut lines: Vec<_> = open.map(told_cycle).collect();
    if lines.is_empty() {
        lines.push("No review that is not closed exists for you.".to_owned());
    }
    let current = &data["currentReviewCycle"];
    if current.is_null() {
        return lines.join("\n");
    }
    let missing = &current["items"];
    lines.push(format!(
        "{} items lack an input; {} have overdue actions",
        missing["totalCount"], current["overdue"]["totalCount"]
    ));
    for item in missing["nodes"].as_array().into_iter().flatten() {
        let inputs = item["inputs"].as_array().into_iter().flatten();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let inputs: Vec<_> = inputs
            .map(|input| format!("{} {}", text(&input["entity"]), text(&input["status"])))
            .collect();
        let title = text(&item["situation"]["title"]);
        lines.push(format!("  {title}: {}", inputs.join(", ")));
    }
    lines.join("\n")
}
