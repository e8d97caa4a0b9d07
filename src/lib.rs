//! Upfront: one joint schema over what OHCHR, OSAPG, SRSG-CAAC and SRSG-SVC hold.

pub mod app;
pub mod audit_trail;
pub mod auth;
pub mod cli;
pub mod config;
pub mod database;
pub mod egress;
pub mod embedded;
pub mod error;
pub mod gateway;
pub mod import;
pub mod profiles;
pub mod record_keys;
mod records;
pub mod registry;
pub mod reviews;
pub mod sealing;
pub mod server;
pub mod sources;
mod suggestion;
pub mod suppression;
pub mod telemetry;
pub mod vocabulary;
