//! Requirements in disjunctive normal form: a list of alternatives, each a list of scopes or
//! policies.
//!
//! No alternative at all means "nothing required", as readers of the directives take it.

use std::collections::BTreeSet;

/// One alternative: all of it is needed.
type Conjunction = BTreeSet<String>;

/// Alternatives, of which one must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Dnf(Vec<Conjunction>);

/// More alternatives than this are not written, nor read.
pub(crate) const MOST_ALTERNATIVES: usize = 1_000;

/// More pairs of alternatives than this are not compared.
const MOST_PAIRS: usize = 20_000;

impl Dnf {
    /// From the nested lists of a directive's argument.
    pub(crate) fn new<I, J>(alternatives: I) -> Self
    where
        I: IntoIterator<Item = J>,
        J: IntoIterator<Item = String>,
    {
        let alternatives = alternatives.into_iter();
        let mut dnf = Self(alternatives.map(|all| all.into_iter().collect()).collect());
        if dnf.0.is_empty() {
            dnf.0.push(Conjunction::new());
        }
        dnf.absorb();
        dnf
    }

    /// The requirement that every caller satisfies.
    pub(crate) fn always() -> Self {
        Self(vec![Conjunction::new()])
    }

    /// The requirement that both hold; `None` if it would have too many alternatives.
    pub(crate) fn and(&self, other: &Self) -> Option<Self> {
        if self.0.len().saturating_mul(other.0.len()) > MOST_PAIRS {
            return (self == other).then(|| self.clone());
        }
        let mut product: BTreeSet<Conjunction> = BTreeSet::new();
        for left in &self.0 {
            product.extend(other.0.iter().map(|right| left | right));
        }
        let mut dnf = Self(product.into_iter().collect());
        dnf.absorb();
        (dnf.0.len() <= MOST_ALTERNATIVES).then_some(dnf)
    }

    /// Whether every caller that satisfies this satisfies the other.
    pub(crate) fn implies(&self, other: &Self) -> bool {
        self.0
            .iter()
            .all(|left| other.0.iter().any(|right| right.is_subset(left)))
    }

    /// The alternatives, shortest first, then by their words.
    pub(crate) fn alternatives(&self) -> impl Iterator<Item = &BTreeSet<String>> {
        self.0.iter()
    }

    /// `A or (A and B)` is `A`.
    fn absorb(&mut self) {
        self.0
            .sort_by(|left, right| left.len().cmp(&right.len()).then_with(|| left.cmp(right)));
        self.0.dedup();
        let mut kept: Vec<Conjunction> = Vec::with_capacity(self.0.len());
        for candidate in std::mem::take(&mut self.0) {
            // Of two alternatives of equal length, neither contains the other.
            let mut shorter = kept.iter().take_while(|one| one.len() < candidate.len());
            if !shorter.any(|one| one.is_subset(&candidate)) {
                kept.push(candidate);
            }
        }
        self.0 = kept;
    }
}

#[cfg(test)]
mod tests {
    use super::Dnf;

    fn dnf(alternatives: &[&[&str]]) -> Dnf {
        Dnf::new(
            alternatives
                .iter()
                .map(|all| all.iter().map(|word| (*word).to_owned())),
        )
    }

    #[test]
    fn both_must_hold() {
        let both = dnf(&[&["a"], &["b"]]).and(&dnf(&[&["c"]]));
        assert_eq!(both, Some(dnf(&[&["a", "c"], &["b", "c"]])));
    }

    #[test]
    fn the_longer_alternative_is_absorbed() {
        let both = dnf(&[&["a"], &["b"]]).and(&dnf(&[&["a"], &["c", "d"]]));
        assert_eq!(both, Some(dnf(&[&["a"], &["b", "c", "d"]])));
    }

    #[test]
    fn nothing_required_changes_nothing() {
        assert_eq!(dnf(&[]).and(&dnf(&[&["a"]])), Some(dnf(&[&["a"]])));
        assert!(dnf(&[&["a"]]).implies(&dnf(&[])));
        assert!(!dnf(&[]).implies(&dnf(&[&["a"]])));
    }

    #[test]
    fn implication_needs_every_alternative_covered() {
        assert!(dnf(&[&["a", "b"]]).implies(&dnf(&[&["a"], &["c"]])));
        assert!(!dnf(&[&["a"], &["b"]]).implies(&dnf(&[&["a"]])));
    }
}
