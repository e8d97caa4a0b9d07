//! What a caller must hold to see an element, and whether that is more or less than before.

use std::collections::BTreeSet;

use federation::subgraph::directives::{Applied, is_authenticated, policy, requires_scopes};

/// Pairs of alternatives that are compared; beyond that, only equal ones count as alike.
const MOST_PAIRS: usize = 100_000;
/// Bytes of a description of what is needed.
const MOST_BYTES: usize = 200;

/// Alternatives, of which one must be held whole.
type Clause = BTreeSet<BTreeSet<String>>;

/// What a caller must hold to see an element: every clause must be met.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access(BTreeSet<Clause>);

impl Access {
    /// What an element's own directives demand.
    pub fn marked(directives: &impl Applied) -> Self {
        let mut clauses = BTreeSet::new();
        if is_authenticated(directives) {
            let known = BTreeSet::from(["a token".to_owned()]);
            clauses.insert(BTreeSet::from([known]));
        }
        let mut add = |alternatives: Vec<Vec<&str>>, sort: &str| {
            let clause = alternatives
                .into_iter()
                .map(|all| all.iter().map(|name| format!("{sort}`{name}`")).collect());
            clauses.insert(clause.collect());
        };
        if let Some(scopes) = requires_scopes(directives) {
            add(scopes, "");
        }
        if let Some(policies) = policy(directives) {
            add(policies, "the policy ");
        }
        Self(clauses)
    }

    /// What both demand.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self(self.0.union(&other.0).cloned().collect())
    }

    /// Whether every caller that meets this meets the other.
    pub fn implies(&self, other: &Self) -> bool {
        other
            .0
            .iter()
            .all(|needed| self.0.iter().any(|held| implies(held, needed)))
    }
}

fn implies(held: &Clause, needed: &Clause) -> bool {
    if held == needed || held.len().saturating_mul(needed.len()) > MOST_PAIRS {
        return held == needed;
    }
    held.iter()
        .all(|held| needed.iter().any(|needed| needed.is_subset(held)))
}

impl std::fmt::Display for Access {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0.is_empty() {
            return formatter.write_str("nothing");
        }
        let of_clause = |clause: &Clause| {
            let alternatives: Vec<_> = clause
                .iter()
                .map(|all| all.iter().cloned().collect::<Vec<_>>().join(" with "))
                .collect();
            alternatives.join(" or ")
        };
        let clauses: Vec<_> = self.0.iter().map(of_clause).collect();
        let text = clauses.join(", and ");
        match text.char_indices().find(|(at, _)| *at > MOST_BYTES) {
            Some((end, _)) => write!(formatter, "{}…", &text[..end]),
            None => formatter.write_str(&text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Access, Clause};

    fn clause(alternatives: &[&[&str]]) -> Clause {
        let of_all = |all: &&[&str]| all.iter().map(|name| (*name).to_owned()).collect();
        alternatives.iter().map(of_all).collect()
    }

    fn access(clauses: &[&[&[&str]]]) -> Access {
        Access(clauses.iter().map(|each| clause(each)).collect())
    }

    #[test]
    fn more_demanded_implies_less() {
        let (none, a) = (access(&[]), access(&[&[&["a"]]]));
        let (a_or_b, a_and_b) = (
            access(&[&[&["a"], &["b"]]]),
            access(&[&[&["a"]], &[&["b"]]]),
        );
        assert!(a.implies(&none) && !none.implies(&a));
        assert!(a.implies(&a_or_b) && !a_or_b.implies(&a));
        assert!(a_and_b.implies(&a) && !a.implies(&a_and_b));
        assert!(a_and_b.implies(&a_or_b));
    }

    #[test]
    fn what_nobody_meets_implies_all() {
        let never = Access([Clause::new()].into());
        assert!(never.implies(&access(&[&[&["a"]]])));
        assert!(!access(&[&[&["a"]]]).implies(&never));
    }
}
