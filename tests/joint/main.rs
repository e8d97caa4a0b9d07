//! The joint schema over the example records, asked over HTTP, on every database there is.

#[path = "../support/app.rs"]
mod app;
#[path = "../support/database.rs"]
mod database;
#[path = "../support/scratch.rs"]
mod scratch;

mod clearance;
mod cost;
mod example;
mod failures;
