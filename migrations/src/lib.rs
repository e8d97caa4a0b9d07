//! The changes that make the database, one a file, in order. A change imports neither the entities
//! nor the service, so that it stays what it was when it first ran.

mod draft;
mod m20261101_000001_create_directory;
mod m20261101_000002_create_situations;
mod m20261101_000003_create_reviews;
mod m20261101_000004_create_follow_up;
mod m20261101_000005_create_ohchr;
mod m20261101_000006_create_osapg;
mod m20261101_000007_create_srsg_caac;
mod m20261101_000008_create_srsg_svc;
mod m20261101_000009_create_registry;
mod m20261101_000010_create_recorded_operations;
mod m20261101_000011_enforce_one_current_revision;
mod m20261127_120000_create_installation_keys;
mod m20261127_130000_key_public_ids;
mod m20261127_140000_create_events;
mod m20261128_090000_keep_histories;
mod m20261128_200000_create_revoked_tokens;
mod m20261129_090000_create_audit_trail;
mod m20261129_150000_date_audit_reached;
mod m20261130_090000_keep_what_was_known;
mod m20261130_100000_create_need_to_know_grants;
mod m20261201_090000_create_published_tables;
mod m20261201_100000_create_suppressions;
mod m20261202_090000_hold_back_until_public;
mod m20261203_090000_create_record_keys;
mod m20261203_100000_name_issuers_in_grants;
mod m20261204_090000_run_reviews;

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::{
    MigrationTrait, async_trait,
    sea_orm::{DynIden, sea_query::IntoIden},
};

/// The list of all changes.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261101_000001_create_directory::Migration),
            Box::new(m20261101_000002_create_situations::Migration),
            Box::new(m20261101_000003_create_reviews::Migration),
            Box::new(m20261101_000004_create_follow_up::Migration),
            Box::new(m20261101_000005_create_ohchr::Migration),
            Box::new(m20261101_000006_create_osapg::Migration),
            Box::new(m20261101_000007_create_srsg_caac::Migration),
            Box::new(m20261101_000008_create_srsg_svc::Migration),
            Box::new(m20261101_000009_create_registry::Migration),
            Box::new(m20261101_000010_create_recorded_operations::Migration),
            Box::new(m20261101_000011_enforce_one_current_revision::Migration),
            Box::new(m20261127_120000_create_installation_keys::Migration),
            Box::new(m20261127_130000_key_public_ids::Migration),
            Box::new(m20261127_140000_create_events::Migration),
            Box::new(m20261128_090000_keep_histories::Migration),
            Box::new(m20261128_200000_create_revoked_tokens::Migration),
            Box::new(m20261130_090000_keep_what_was_known::Migration),
            Box::new(m20261130_100000_create_need_to_know_grants::Migration),
            Box::new(m20261201_090000_create_published_tables::Migration),
            Box::new(m20261201_100000_create_suppressions::Migration),
            Box::new(m20261202_090000_hold_back_until_public::Migration),
            Box::new(m20261203_090000_create_record_keys::Migration),
            Box::new(m20261203_100000_name_issuers_in_grants::Migration),
            Box::new(m20261204_090000_run_reviews::Migration),
        ]
    }
}

/// The list of changes to the audit trail, which is in the same database on PostgreSQL and in a file of
/// its own on SQLite. So they are remembered apart.
#[derive(Debug)]
pub struct AuditMigrator;

#[async_trait::async_trait]
impl MigratorTrait for AuditMigrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261129_090000_create_audit_trail::Migration),
            Box::new(m20261129_150000_date_audit_reached::Migration),
        ]
    }

    fn migration_table_name() -> DynIden {
        "audit_migrations".into_iden()
    }
}
