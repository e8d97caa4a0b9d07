//! Records on their way from files into the database, on every database there is.

#[path = "../support/database.rs"]
mod database;
mod migrations;
