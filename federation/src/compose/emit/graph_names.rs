//! Makes the values of the enum `join__Graph`. In: names of subgraphs. Out: a value for each.
//! Invariant: the values are distinct.

use apollo_compiler::Name;
use apollo_compiler::collections::{IndexMap, IndexSet};

/// One enum value for each subgraph, in the same order.
///
/// Letters become upper case, and characters that a name may not have `_`. Where several subgraphs
/// would get the same name, each gets a number; names that are taken are skipped.
pub(crate) fn graph_names<'a>(subgraphs: impl Iterator<Item = &'a str>) -> Vec<Name> {
    let sanitized: Vec<String> = subgraphs.map(sanitize).collect();
    let mut counts: IndexMap<&str, usize> = IndexMap::default();
    for name in &sanitized {
        *counts.entry(name).or_default() += 1;
    }
    let mut taken: IndexSet<String> = counts
        .iter()
        .filter(|(_, count)| **count == 1)
        .map(|(name, _)| (*name).to_owned())
        .collect();
    let mut next: IndexMap<&str, usize> = IndexMap::default();
    let mut names = Vec::with_capacity(sanitized.len());
    for name in &sanitized {
        if counts.get(name.as_str()) == Some(&1) {
            names.push(Name::new_unchecked(name));
            continue;
        }
        let number = next.entry(name).or_insert(0);
        let numbered = loop {
            *number += 1;
            let candidate = format!("{name}_{number}");
            if taken.insert(candidate.clone()) {
                break candidate;
            }
        };
        names.push(Name::new_unchecked(&numbered));
    }
    names
}

fn sanitize(name: &str) -> String {
    let mut sanitized: String = name
        .chars()
        .map(|letter| match letter {
            'a'..='z' => letter.to_ascii_uppercase(),
            'A'..='Z' | '0'..='9' | '_' => letter,
            _ => '_',
        })
        .collect();
    if !sanitized.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_') {
        sanitized.insert(0, '_');
    }
    // A trailing number would look like one that was added to tell equal names apart.
    let digits = sanitized.trim_end_matches(|last: char| last.is_ascii_digit());
    if digits.len() < sanitized.len() && digits.ends_with('_') {
        sanitized.push('_');
    }
    sanitized
}

#[cfg(test)]
mod tests {
    use super::graph_names;

    fn named(subgraphs: &[&str]) -> Vec<String> {
        graph_names(subgraphs.iter().copied())
            .into_iter()
            .map(|name| name.to_string())
            .collect()
    }

    #[test]
    fn names_are_upper_case_and_legal() {
        assert_eq!(
            named(&["orders", "my-api", "1st", "naïve", "v_2"]),
            ["ORDERS", "MY_API", "_1ST", "NA_VE", "V_2_"]
        );
    }

    #[test]
    fn equal_names_are_numbered() {
        assert_eq!(named(&["a-b", "a.b", "a_b"]), ["A_B_1", "A_B_2", "A_B_3"]);
        assert_eq!(named(&["x_1", "X", "x"]), ["X_1_", "X_1", "X_2"]);
    }
}
