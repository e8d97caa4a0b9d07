//! What lies near a figure: the told figures about it, and the blocks that can make up for a change of it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use super::table::{Figure, Reduced, Rule, Table};

/// Blocks that may change with that of a goal before all are tried.
const PARTNERS: usize = 2;

/// The range of a figure that told figures leave which hold all of it or are part of it.
pub(super) fn told_range(reduced: &Reduced, goal: usize) -> RangeInclusive<u32> {
    let own = &reduced.figures[goal].groups;
    let (mut least, mut most) = (0, u32::MAX);
    for told in reduced.figures.iter().filter(|f| f.rule == Rule::Told) {
        if own.iter().all(|group| told.groups.contains(group)) {
            most = most.min(told.value);
        }
        if told.groups.iter().all(|group| own.contains(group)) {
            least = least.max(told.value);
        }
    }
    least..=most
}

/// The blocks of a figure, with those that can best make up for a change of it; nothing where these are all.
pub(super) fn few_blocks(reduced: &Reduced, goal: usize, hidden: &[bool]) -> Option<Vec<usize>> {
    let all: BTreeSet<usize> = reduced.blocks.iter().copied().collect();
    let own: BTreeSet<usize> = reduced.figures[goal]
        .groups
        .iter()
        .map(|&group| reduced.blocks[group])
        .chain(all.contains(&Table::NO_BLOCK).then_some(Table::NO_BLOCK))
        .collect();
    if all.len() <= own.len() + PARTNERS {
        return None;
    }
    // Where more is suppressed already, less is suppressed for the goal.
    let mut score: BTreeMap<usize, usize> = BTreeMap::new();
    let linked = |figure: &Figure| {
        let has_goal = |group: &usize| reduced.figures[goal].groups.contains(group);
        figure.rule == Rule::Told && figure.groups.iter().any(has_goal)
    };
    let near: BTreeSet<usize> = reduced
        .figures
        .iter()
        .filter(|figure| linked(figure))
        .flat_map(|figure| figure.groups.iter().copied())
        .collect();
    for (figure, _) in reduced.figures.iter().zip(hidden).filter(|(_, h)| **h) {
        let is_near = figure.groups.iter().all(|group| near.contains(group));
        if let Some(&group) = figure.groups.first() {
            *score.entry(reduced.blocks[group]).or_default() += if is_near { 100 } else { 1 };
        }
    }
    let mut others: Vec<usize> = all.difference(&own).copied().collect();
    others.sort_by_key(|block| Reverse(score.get(block).copied().unwrap_or(0)));
    Some(
        own.into_iter()
            .chain(others.into_iter().take(PARTNERS))
            .collect(),
    )
}
