//! Commands that change what is registered.

use clap::Args;
use serde_json::{Value, json};

use super::{
    client::Registry,
    report::{CHANGE, list, string, written},
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
    /// Allow breaking changes; the reason is recorded
    #[arg(long, value_name = "REASON")]
    allow_breaking: Option<String>,
}

/// Offer a source to another entity, which takes it over with `accept`
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  upfront source transfer --name tents --to OSAPG")]
pub(super) struct Transfer {
    #[command(flatten)]
    registry: Registry,
    /// Name of the source
    #[arg(long)]
    name: String,
    /// Code of the entity that is to answer for it
    #[arg(long, value_name = "CODE")]
    to: String,
}

/// Take over a source that another entity offers
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  upfront source accept --name tents")]
pub(super) struct Accept {
    #[command(flatten)]
    registry: Registry,
    /// Name of the source
    #[arg(long)]
    name: String,
}

/// Take back the offer of a source, or decline one
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  upfront source cancel-transfer --name tents")]
pub(super) struct CancelTransfer {
    #[command(flatten)]
    registry: Registry,
    /// Name of the source
    #[arg(long)]
    name: String,
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

/// Let a source of another entity read a field of one's own that needs consent
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
    /// Code of the entity that answers for the source, where none is registered under the name yet
    #[arg(long, value_name = "CODE")]
    entity: Option<String>,
    /// Why
    #[arg(long)]
    reason: String,
}

/// Withdraw such a consent; a source that cannot do without the field is expelled from the joint schema
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  upfront source withdraw --field Situation.status --from tents")]
pub(super) struct Withdraw {
    #[command(flatten)]
    registry: Registry,
    /// The field: `Type.field`
    #[arg(long, value_name = "FIELD")]
    field: String,
    /// Name of the source
    #[arg(long, value_name = "SOURCE", alias = "to")]
    from: String,
    /// Why; recorded in the events of the source
    #[arg(long)]
    reason: Option<String>,
    /// Only say which sources would be expelled and what clients would notice
    #[arg(long)]
    dry_run: bool,
}

impl Retire {
    pub(super) async fn run(self) -> Result<(), CliError> {
        let query = format!(
            "mutation RetireSource($name: String!, $allowBreaking: String) {{ \
             change: retireSource(name: $name, allowBreaking: $allowBreaking) {{ {CHANGE} }} }}"
        );
        let variables = json!({ "name": self.name, "allowBreaking": self.allow_breaking });
        let data = self.registry.ask(&query, variables).await?;
        tell(&data["change"], &format!("Retired `{}`", self.name))
    }
}

impl Transfer {
    pub(super) async fn run(self) -> Result<(), CliError> {
        let query = "mutation TransferSource($name: String!, $to: EntityCode!) { \
                     transferSource(name: $name, to: $to) { events(first: 1) { detail } } }";
        let variables = json!({ "name": self.name, "to": self.to });
        let data = self.registry.ask(query, variables).await?;
        let event = list(&data["transferSource"], "events").next();
        say(&format!(
            "`{name}` is offered {to}: {entity} takes it over with `upfront source accept --name \
             {name}`.",
            name = self.name,
            to = event.map_or_else(String::new, |event| string(event, "detail").to_owned()),
            entity = self.to
        ))
    }
}

impl Accept {
    pub(super) async fn run(self) -> Result<(), CliError> {
        let query = format!(
            "mutation AcceptTransfer($name: String!) {{ \
             change: acceptTransfer(name: $name) {{ {CHANGE} }} }}"
        );
        let variables = json!({ "name": self.name });
        let data = self.registry.ask(&query, variables).await?;
        tell(&data["change"], &format!("`{}` is taken over", self.name))
    }
}

impl CancelTransfer {
    pub(super) async fn run(self) -> Result<(), CliError> {
        let query = "mutation CancelTransfer($name: String!) { \
                     cancelTransfer(name: $name) { name entity } }";
        let variables = json!({ "name": self.name });
        self.registry.ask(query, variables).await?;
        say(&format!("`{}` is no longer offered.", self.name))
    }
}

impl Rollback {
    pub(super) async fn run(self) -> Result<(), CliError> {
        let query = format!(
            "mutation RollbackSupergraph($to: Int!, $reason: String) {{ \
             change: rollbackSupergraph(to: $to, reason: $reason) {{ {CHANGE} }} }}"
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
        let query = "mutation GrantFieldUse($field: String!, $source: String!, $reason: String!, \
                     $entity: EntityCode) { grantFieldUse(coordinate: $field, source: $source, \
                     reason: $reason, to: $entity) }";
        let variables = json!({
            "field": self.field, "source": self.to, "reason": self.reason, "entity": self.entity,
        });
        self.registry.ask(query, variables).await?;
        say(&format!("`{}` may read `{}`.", self.to, self.field))
    }
}

impl Withdraw {
    pub(super) async fn run(self) -> Result<(), CliError> {
        let query = format!(
            "mutation WithdrawFieldUse($field: String!, $source: String!, $reason: String, \
             $dryRun: Boolean!) {{ change: withdrawFieldUse(coordinate: $field, source: $source, \
             reason: $reason, dryRun: $dryRun) {{ {CHANGE} }} }}"
        );
        let variables = json!({
            "field": self.field, "source": self.from, "reason": self.reason, "dryRun": self.dry_run,
        });
        let data = self.registry.ask(&query, variables).await?;
        if self.dry_run {
            let change = &data["change"];
            if list(change, "expelled").next().is_none() {
                say("No source would be expelled.")?;
            }
            say_text(&written(change, false))?;
            return say("Nothing was changed: this was a dry run.");
        }
        let what = format!("`{}` may no longer read `{}`", self.from, self.field);
        tell(&data["change"], &what)
    }
}

fn tell(change: &Value, what: &str) -> Result<(), CliError> {
    let is_done = change["done"] == json!(true);
    say_text(&written(change, is_done))?;
    if !is_done {
        say("Nothing was changed.")?;
        return Err(CliError::Said);
    }
    match change["supergraph"]["number"].as_i64() {
        Some(number) => say(&format!("{what}: supergraph {number}.")),
        None => say(&format!("{what}.")),
    }
}
