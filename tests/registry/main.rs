//! The registry's service on every database there is, without a gateway.

#[path = "../support/database.rs"]
mod database;
mod support;

mod consent;
mod lifecycle;
mod plain;
mod publish;
mod reads;
mod recorded;
mod start;
