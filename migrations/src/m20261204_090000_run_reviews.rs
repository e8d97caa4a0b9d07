//! The review is run here: inputs have a content, profiles are frozen, requests are remembered by their key.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::draft::{Draft, drop_tables};

/// Adds what acts on the review store.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

const NARRATIVES: &str = "input_narratives";
const FROZEN: &str = "frozen_profiles";
const PARTS: &str = "frozen_parts";
const REQUESTS: &str = "review_requests";

/// The columns that tables get.
fn columns(backend: DbBackend) -> Vec<(&'static str, ColumnDef)> {
    let texts = Draft::log("", backend);
    let optional = |name| texts.column_of_optional_text(name);
    let text = |name, default: &'static str| {
        let mut column = texts.column_of_text(name);
        column.default(default).to_owned()
    };
    let number = |name| {
        let mut column = ColumnDef::new(name);
        column.integer().not_null().default(1).to_owned()
    };
    let key = |name| ColumnDef::new(name).big_integer().null().to_owned();
    let date = |name| ColumnDef::new(name).date().null().to_owned();
    let instant = |name| {
        let mut column = ColumnDef::new(name);
        column.timestamp_with_time_zone().null().to_owned()
    };
    let flag = |name| {
        let mut column = ColumnDef::new(name);
        column.boolean().not_null().default(false).to_owned()
    };
    vec![
        ("review_cycles", instant("opens_at")),
        ("review_cycles", number("version")),
        ("review_items", optional("reason")),
        ("entity_inputs", text("kind", "REPORT")),
        ("entity_inputs", optional("headline")),
        ("entity_inputs", text("caveats", "")),
        ("entity_inputs", optional("confidence")),
        ("entity_inputs", optional("gap_kind")),
        ("entity_inputs", date("gap_since")),
        ("entity_inputs", optional("gap_note")),
        ("entity_inputs", text("reference_ids", "")),
        ("entity_inputs", date("covers_from")),
        ("entity_inputs", date("covers_until")),
        ("entity_inputs", key("confirms_id")),
        ("entity_inputs", optional("contributor")),
        ("entity_inputs", optional("drafted_by")),
        ("entity_inputs", optional("cleared_by")),
        ("actions", number("version")),
        ("events", key("cycle_id")),
        ("events", key("situation_id")),
        ("events", flag("is_internal")),
    ]
}

#[async_trait::async_trait]
#[expect(
    elided_lifetimes_in_paths,
    reason = "the trait's macro binds the lifetime late"
)]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        for (table, column) in columns(backend) {
            let change = Table::alter().table(table).add_column(column).to_owned();
            manager.alter_table(change).await?;
        }
        Draft::log(NARRATIVES, backend)
            .reference("input_id", "entity_inputs")
            .whole("position")
            .text("heading")
            .text("body")
            .text("classification")
            .one_each(&["input_id", "position"])
            .create(manager)
            .await?;
        Draft::log(FROZEN, backend)
            .text("public_id")
            .reference("item_id", "review_items")
            .whole("version")
            .instant("frozen_at")
            .optional_text("reason")
            .optional_whole("supergraph")
            .text("operation")
            .text("operation_hash")
            .text("sources")
            .text("digest")
            .one_each(&["public_id"])
            .one_each(&["item_id", "version"])
            .create(manager)
            .await?;
        Draft::log(PARTS, backend)
            .reference("frozen_id", FROZEN)
            .text("level")
            .text("scope")
            .text("body")
            .text("digest")
            .one_each(&["frozen_id", "level", "scope"])
            .create(manager)
            .await?;
        Draft::log(REQUESTS, backend)
            .text("asked_by")
            .text("request_key")
            .text("digest")
            .text("outcome")
            .instant("asked_at")
            .one_each(&["asked_by", "request_key"])
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &[REQUESTS, PARTS, FROZEN, NARRATIVES]).await?;
        for (table, column) in columns(manager.get_database_backend()).into_iter().rev() {
            let name = column.get_column_name().clone();
            let change = Table::alter()
                .table(table)
                .drop_column(Alias::new(name))
                .to_owned();
            manager.alter_table(change).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
