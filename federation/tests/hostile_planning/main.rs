//! Operations made to keep a planner busy: the work is counted and bounded, whatever is asked.

#![expect(
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking and shows its table"
)]

mod families;
mod graph;
mod growth;
