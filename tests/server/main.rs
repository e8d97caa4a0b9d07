//! The service over HTTP.

#[path = "../support/app.rs"]
mod app;
#[path = "../support/scratch.rs"]
mod scratch;

mod credentials;
mod cross_origin;
mod faults;
mod fixture;
mod limits;
mod pages;
mod protocol;
mod shutdown;
mod withheld;
