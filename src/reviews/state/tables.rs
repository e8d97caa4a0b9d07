//! The tables of the review are those that docs/monthly-review.md prints.

use sea_orm::ActiveEnum;

use super::transitions::{ACTIONS, CYCLES, INPUTS, ITEMS, Transition};

const DOCUMENT: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/docs/monthly-review.md"
));

fn table<S, A>(rows: &[Transition<S, A>]) -> String
where
    S: ActiveEnum<Value = String>,
    A: std::fmt::Debug,
{
    let head = "| from | act | by | to | takes a reason |\n|---|---|---|---|---|\n".to_owned();
    let lines = rows.iter().map(|row| {
        let from: Vec<_> = row.from.iter().map(ActiveEnum::to_value).collect();
        let roles = row.roles.iter().map(|role| match role.scope() {
            Some(scope) => format!("`{scope}`"),
            None => "its time".to_owned(),
        });
        let roles: Vec<_> = roles.collect();
        let reason = if row.needs_reason { "yes" } else { "" };
        format!(
            "| {} | `{}` | {} | {} | {reason} |\n",
            from.join(", "),
            constant(&format!("{:?}", row.act)),
            roles.join(", "),
            row.to.to_value()
        )
    });
    let lines: Vec<_> = lines.collect();
    head + &lines.concat()
}

/// `OpenInputs` as the graph spells it.
fn constant(name: &str) -> String {
    let mut spelt = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !spelt.is_empty() {
            spelt.push('_');
        }
        spelt.push(letter.to_ascii_uppercase());
    }
    spelt
}

#[test]
fn the_document_prints_the_tables() {
    for (name, table) in [
        ("cycles", table(CYCLES)),
        ("items", table(ITEMS)),
        ("inputs", table(INPUTS)),
        ("actions", table(ACTIONS)),
    ] {
        assert!(
            DOCUMENT.contains(&table),
            "docs/monthly-review.md has another table of {name}; it is:\n{table}"
        );
    }
}
