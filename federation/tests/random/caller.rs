//! Who asks, and under which circumstances.

use std::collections::BTreeSet;

use federation::{grants::Grants, request::Request};

use crate::{
    model::{ATOMS, LABELS},
    oracle::everything,
    rng::Rng,
};

/// Who asks.
#[derive(Clone, Debug, Default)]
pub(crate) struct Caller {
    /// What is held; `None` is everything.
    pub(crate) held: Option<BTreeSet<&'static str>>,
    labels: BTreeSet<&'static str>,
    percentile: u32,
}

impl Caller {
    pub(crate) fn generate(rng: &mut Rng) -> Self {
        let mut some = |of: &[&'static str]| -> BTreeSet<&'static str> {
            let chosen = of.iter().copied().filter(|_| rng.percent(50));
            chosen.collect()
        };
        let (held, labels) = (some(&ATOMS), some(&LABELS[..2]));
        Self {
            held: rng.percent(60).then_some(held),
            labels,
            percentile: [0, 30, 50, 100][rng.below(4)],
        }
    }

    /// Whether a guard lets the caller through.
    pub(crate) fn may_see(&self, guard: &BTreeSet<&'static str>) -> bool {
        self.held.as_ref().is_none_or(|held| guard.is_subset(held))
    }

    /// Whether a label is on.
    pub(crate) fn has_on(&self, label: &str) -> bool {
        let percent = label.strip_prefix("percent(");
        let percent = percent.and_then(|rest| rest.trim_end_matches(')').parse::<u32>().ok());
        match percent {
            Some(percent) => self.percentile < percent,
            None => self.labels.contains(label),
        }
    }

    /// What the caller holds, for the gateway.
    pub(crate) fn grants(&self) -> Grants {
        let Some(held) = &self.held else {
            return everything();
        };
        let scopes = held.iter().filter(|atom| **atom != "known");
        Grants {
            authenticated: held.contains("known"),
            scopes: scopes.map(|scope| (*scope).to_owned()).collect(),
            ..Grants::default()
        }
    }

    /// A request of the caller, without what is asked.
    pub(crate) fn request(&self) -> Request {
        Request {
            may_mutate: true,
            labels: self.labels.iter().map(|&label| label.to_owned()).collect(),
            percentile: f64::from(self.percentile),
            ..Request::default()
        }
    }

    /// Callers of whom one thing less is to be said.
    pub(crate) fn simpler(&self) -> Vec<Self> {
        let mut all = Vec::new();
        if self.held.is_some() {
            all.push(Self {
                held: None,
                ..self.clone()
            });
        }
        for atom in ATOMS {
            let mut more = self.clone();
            if more.held.as_mut().is_some_and(|held| held.insert(atom)) {
                all.push(more);
            }
        }
        for label in LABELS {
            let mut fewer = self.clone();
            if fewer.labels.remove(label) {
                all.push(fewer);
            }
        }
        all
    }
}
