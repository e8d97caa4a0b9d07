//! `upfront review verify`.

use clap::Args;
use serde_json::{Value, json};

use super::client::Review;
use crate::cli::{CliError, say};

const CYCLES: &str = "query ($after: String) { reviewCycles(first: 50, after: $after) { nodes { id } pageInfo { hasNextPage \
    endCursor } } }";

const ITEMS: &str = "query ($cycle: ID!, $after: String) { reviewCycle(id: $cycle) { items(first: 100, after: $after) { nodes \
    { frozenProfiles { id version isIntact sealed } } pageInfo { hasNextPage endCursor } } } }";

/// Check that frozen profiles are as they were, by their digests
///
/// Checks those that exist for the token; of each all parts are checked, those above its clearance too.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  upfront review verify")]
pub(super) struct Arguments {
    #[command(flatten)]
    review: Review,
    /// Only of this review, by its id
    #[arg(long, value_name = "ID")]
    cycle: Option<String>,
}

impl Arguments {
    pub(super) async fn run(self) -> Result<(), CliError> {
        let cycles = match &self.cycle {
            Some(cycle) => vec![cycle.clone()],
            None => self.cycles().await?,
        };
        let mut profiles = Vec::new();
        for cycle in cycles {
            self.collect(&cycle, &mut profiles).await?;
        }
        let is_changed = |profile: &&Value| profile["isIntact"] != json!(true);
        let changed: Vec<_> = profiles.iter().filter(is_changed).collect();
        let is_sealed = |profile: &&Value| {
            profile["sealed"]
                .as_array()
                .is_some_and(|paths| !paths.is_empty())
        };
        let sealed = profiles.iter().filter(is_sealed).count();
        let answer = json!({ "checked": profiles.len(), "sealed": sealed, "changed": changed });
        self.review.tell(&answer, |_| {
            format!(
                "{} frozen profiles checked, {} changed, {sealed} with parts that were SEALED since",
                profiles.len(),
                changed.len()
            )
        })?;
        for profile in &changed {
            let id = profile["id"].as_str().unwrap_or_default();
            say(&format!("{id}: it is not what was frozen"))?;
        }
        if changed.is_empty() {
            Ok(())
        } else {
            Err(CliError::Said)
        }
    }

    async fn cycles(&self) -> Result<Vec<String>, CliError> {
        let (mut ids, mut after) = (Vec::new(), Value::Null);
        loop {
            let data = self.review.ask(CYCLES, json!({ "after": after })).await?;
            let page = &data["reviewCycles"];
            let nodes = page["nodes"].as_array().into_iter().flatten();
            ids.extend(nodes.filter_map(|node| node["id"].as_str().map(str::to_owned)));
            if page["pageInfo"]["hasNextPage"] != json!(true) {
                return Ok(ids);
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
    }

    async fn collect(&self, cycle: &str, profiles: &mut Vec<Value>) -> Result<(), CliError> {
        let mut after = Value::Null;
        loop {
            let variables = json!({ "cycle": cycle, "after": after });
            let data = self.review.ask(ITEMS, variables).await?;
            if data["reviewCycle"].is_null() {
                return Err(CliError::Message(format!(
                    "`{cycle}` is no review that exists for you"
                )));
            }
            let page = &data["reviewCycle"]["items"];
            for item in page["nodes"].as_array().into_iter().flatten() {
                let frozen = item["frozenProfiles"].as_array().into_iter().flatten();
                profiles.extend(frozen.cloned());
            }
            if page["pageInfo"]["hasNextPage"] != json!(true) {
                return Ok(());
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
    }
}
