//! The registry's rules and judgements, a folder a case.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod judgement;
mod rules;

datatest_stable::harness! {
    { test = judgement::case, root = "tests/registry/judgement", pattern = r"source\.graphql$" },
    { test = rules::case, root = "tests/registry/rules", pattern = r"source\.graphql$" },
}
