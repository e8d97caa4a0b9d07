//! The registry's rules and checks, a folder a case.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod check;
mod rules;

datatest_stable::harness! {
    { test = check::case, root = "tests/registry/check", pattern = r"source\.graphql$" },
    { test = rules::case, root = "tests/registry/rules", pattern = r"source\.graphql$" },
}
