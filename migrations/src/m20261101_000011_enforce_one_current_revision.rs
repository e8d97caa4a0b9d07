//! The database itself holds that no record has two current revisions.

use sea_orm_migration::prelude::*;

/// Creates a partial unique index on each table that keeps revisions.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

const TABLES: [&str; 17] = [
    "situation_states",
    "entity_blocks",
    "entity_inputs",
    "field_presences",
    "communications",
    "recommendations",
    "casualties",
    "signals",
    "risk_assessments",
    "risk_findings",
    "caac_listings",
    "violation_counts",
    "crsv_settings",
    "crsv_listings",
    "commitments",
    "crsv_counts",
    "crsv_admin1_counts",
];

#[async_trait::async_trait]
#[expect(
    elided_lifetimes_in_paths,
    reason = "the trait's macro binds the lifetime late"
)]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            let index = Index::create()
                .name(format!("ux_{table}_current"))
                .table(table)
                .col("record_key")
                .unique()
                .cond_where(Expr::col("is_current"))
                .to_owned();
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            let index = Index::drop()
                .name(format!("ux_{table}_current"))
                .table(table)
                .to_owned();
            manager.drop_index(index).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
