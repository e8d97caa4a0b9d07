//! `upfront review agenda`.

use clap::Args;
use serde_json::{Value, json};

use super::client::{Review, UNDER_WAY};
use crate::cli::CliError;

const QUERY: &str = "query ($cycle: ID!) { reviewCycle(id: $cycle) { id items(first: 100) { totalCount nodes { id state \
    agendaPosition proposedBy version situation { id title } inputs { entity status } decisions { kind } \
    actions { id title owner dueOn isOverdue } frozenProfile { id version } } } } }";

/// List the agenda of a review, or put it in an order
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  upfront review agenda")]
pub(super) struct Arguments {
    #[command(flatten)]
    review: Review,
    /// The review, by its id; the monthly one that is under way, unless given
    #[arg(long, value_name = "ID")]
    cycle: Option<String>,
    /// Ids of items, the first one first: puts them in this order
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    order: Vec<String>,
}

impl Arguments {
    pub(super) async fn run(self) -> Result<(), CliError> {
        let cycle = self.review.cycle(self.cycle.as_deref(), &UNDER_WAY).await?;
        if !self.order.is_empty() {
            let input = json!({ "cycle": cycle, "items": self.order });
            let field = ("orderAgenda", "OrderAgendaInput");
            self.review.change(field, input, "cycle { id }").await?;
        }
        let data = self.review.ask(QUERY, json!({ "cycle": cycle })).await?;
        self.review
            .tell(&data, |data| told(&data["reviewCycle"]["items"]["nodes"]))
    }
}

fn told(items: &Value) -> String {
    let items = items.as_array().map(Vec::as_slice).unwrap_or_default();
    if items.is_empty() {
        return "No item on the agenda exists for you.".to_owned();
    }
    let lines = items.iter().map(|item| {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let position = item["agendaPosition"].as_i64();
        let position = position.map_or_else(|| "-".to_owned(), |position| position.to_string());
        let inputs = item["inputs"].as_array().into_iter().flatten();
        let inputs: Vec<_> = inputs
            .map(|input| format!("{} {}", text(&input["entity"]), text(&input["status"])))
            .collect();
        let actions = item["actions"].as_array().into_iter().flatten();
        let overdue = actions
            .filter(|action| action["isOverdue"] == json!(true))
            .count();
        let line = format!(
            "{position:>3}  {}  {}  {}  ({})",
            text(&item["id"]),
            text(&item["state"]),
            text(&item["situation"]["title"]),
            text(&item["proposedBy"]),
        );
        let inputs = match inputs.as_slice() {
            [] => String::new(),
            inputs => format!("  inputs: {}", inputs.join(", ")),
        };
        let overdue = match overdue {
            0 => String::new(),
            count => format!("  overdue actions: {count}"),
        };
        line + &inputs + &overdue
    });
    lines.collect::<Vec<_>>().join("\n")
}
