//! Execution of plans built by hand: what subgraphs may do wrong, and what becomes of it.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod entities;
mod misfits;
mod nulls;
mod refused;
mod support;
mod told_once;
mod trees;
