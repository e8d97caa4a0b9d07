//! The registry's service on every database there is, without a gateway.

#[path = "../support/database.rs"]
mod database;
#[path = "../registration/length.rs"]
mod length;
mod random;
mod support;

mod clash;
mod consent;
mod foreign;
mod ground;
mod hidden_values;
mod hostile;
mod lifecycle;
mod lists;
mod model;
mod owner;
mod plain;
mod publish;
mod reads;
mod recorded;
mod returning;
mod start;
