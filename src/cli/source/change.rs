//! Commands that change what is registered.

use clap::Args;
use serde_json::{Value, json};

use super::{
    client::Registry,
    report::{FINDINGS, written},
};
use crate::cli::{CliError, say, say_text};

/// Take a source out of the joint schema
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  upfront source retire --name tents --allow-breaking \"replaced by huts\""
)]
pub(super) struct Retire {
    #[command(flatten)]
    registry: Registry,
    /// Name of the source
    #[arg(long)]
    name: String,
    /// Why it may break operations
    #[arg(long, value_name = "REASON")]
    allow_breaking: Option<String>,
}

/// Hand a source over to another entity
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  upfront source transfer --name tents --to UNHCR")]
pub(super) struct Transfer {
    #[command(flatten)]
    registry: Registry,
    /// Name of the source
    #[arg(long)]
    name: String,
    /// Code of the entity that may change it from now on
    #[arg(long, value_name = "CODE")]
    to: String,
}

/// Make the registered sources what they were in an earlier supergraph
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  upfront source rollback --to 41 --reason \"wrong figures\"")]
pub(super) struct Rollback {
    #[command(flatten)]
    registry: Registry,
    /// Number of the supergraph, as `upfront source list` shows it
    #[arg(long, value_name = "NUMBER")]
    to: i32,
    /// Why
    #[arg(long)]
    reason: Option<String>,
}

/// Let a source of another entity read a classified field of one's own
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  upfront source grant --field Situation.status --to tents --reason \"joint planning\""
)]
pub(super) struct Grant {
    #[command(flatten)]
    registry: Registry,
    /// The field: `Type.field`
    #[arg(long, value_name = "FIELD")]
    field: String,
    /// Name of the source
    #[arg(long, value_name = "SOURCE")]
    to: String,
    /// Why
    #[arg(long)]
    reason: String,
}

/// Take such leave back; a source that cannot do without it leaves the joint schema
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  upfront source withdraw --field Situation.status --from tents")]
pub(super) struct Withdraw {
    #[command(flatten)]
    registry: Registry,
    /// The field: `Type.field`
    #[arg(long, value_name = "FIELD")]
    field: String,
    /// Name of the source
    #[arg(long, value_name = "SOURCE")]
    from: String,
}

impl Retire {
    pub(super) async fn run(self) -> Result<(), CliError> {
        let query = format!(
            "mutation RetireSource($name: String!, $allowBreaking: String) {{ \
             change: retireSource(name: $name, allowBreaking: $allowBreaking) {{ \
             done supergraph {{ number }} {FINDINGS} }} }}"
        );
        let variables = json!({ "name": self.name, "allowBreaking": self.allow_breaking });
        let data = self.registry.ask(&query, variables).await?;
        tell(&data["change"], &format!("Retired `{}`", self.name))
    }
}

impl Transfer {
    pub(super) async fn run(self) -> Result<(), CliError> {
        let query = "mutation TransferSource($name: String!, $to: EntityCode!) { \
                     transferSource(name: $name, to: $to) { name entity } }";
        let variables = json!({ "name": self.name, "to": self.to });
        self.registry.ask(query, variables).await?;
        say(&format!("`{}` is a source of {} now.", self.name, self.to))
    }
}

impl Rollback {
    pub(super) async fn run(self) -> Result<(), CliError> {
        let query = format!(
            "mutation RollbackSupergraph($to: Int!, $reason: String) {{ \
             change: rollbackSupergraph(to: $to, reason: $reason) {{ \
             done supergraph {{ number }} {FINDINGS} }} }}"
        );
        let variables = json!({ "to": self.to, "reason": self.reason });
        let data = self.registry.ask(&query, variables).await?;
        tell(
            &data["change"],
            &format!("Rolled back to supergraph {}", self.to),
        )
    }
}

impl Grant {
    pub(super) async fn run(self) -> Result<(), CliError> {
        let query = "mutation GrantFieldUse($field: String!, $source: String!, $reason: String!) { \
                     grantFieldUse(coordinate: $field, source: $source, reason: $reason) }";
        let variables = json!({ "field": self.field, "source": self.to, "reason": self.reason });
        self.registry.ask(query, variables).await?;
        say(&format!("`{}` may read `{}`.", self.to, self.field))
    }
}

impl Withdraw {
    pub(super) async fn run(self) -> Result<(), CliError> {
        let query = "mutation WithdrawFieldUse($field: String!, $source: String!) { \
                     left: withdrawFieldUse(coordinate: $field, source: $source) }";
        let variables = json!({ "field": self.field, "source": self.from });
        let data = self.registry.ask(query, variables).await?;
        say(&format!(
            "`{}` may no longer read `{}`.",
            self.from, self.field
        ))?;
        if data["left"] == json!(true) {
            say(&format!(
                "`{}` needs it, so it is no longer served.",
                self.from
            ))?;
        }
        Ok(())
    }
}

fn tell(change: &Value, what: &str) -> Result<(), CliError> {
    say_text(&written(change))?;
    if change["done"] == json!(true) {
        return say(&format!(
            "{what}: supergraph {}.",
            change["supergraph"]["number"]
        ));
    }
    say("Nothing was changed.")?;
    Err(CliError::Said)
}
