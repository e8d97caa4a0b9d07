//! The table to decide: what it holds now, and what was told of what it held before.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::{Part, Version};
use crate::suppression::{Budget, Cell, Rule, Table, decide};

/// Linear programs that one decision may solve.
const SOLVES: usize = 4000;

/// A decision that was made before.
pub(super) struct Earlier {
    /// The last row that it knew.
    pub(super) last_row: i64,
    /// The cells that it suppressed.
    pub(super) suppressed: HashSet<String>,
}

/// What is decided.
pub(super) struct Outcome {
    /// The cells that are suppressed.
    pub(super) suppressed: Vec<String>,
    /// Whether that is everything that could be.
    pub(super) is_coarse: bool,
}

/// Counts by row and name: those of a row that was not revised are the same in all that was told.
#[derive(Default)]
struct Draft {
    values: Vec<u32>,
    variables: HashMap<(i64, String), usize>,
    cells: Vec<Cell>,
    names: Vec<Option<String>>,
}

/// The cells that are suppressed in a table.
pub(super) fn suppressed(
    versions: &[Version],
    standing: fn(&[&Version]) -> Vec<Part>,
    earlier: &[Earlier],
    threshold: u32,
) -> Outcome {
    let mut draft = Draft::default();
    for decision in earlier {
        let rows = standing_at(versions, Some(decision.last_row));
        draft.add(&rows, &standing(&rows), Some(&decision.suppressed));
    }
    let rows = standing_at(versions, None);
    let parts = standing(&rows);
    draft.add(&rows, &parts, None);
    let Draft {
        values,
        cells,
        names,
        ..
    } = draft;
    let everything = || Outcome {
        suppressed: names.iter().flatten().cloned().collect(),
        is_coarse: true,
    };
    let Ok(table) = Table::new(values, cells) else {
        return everything();
    };
    let pattern = decide(&table, threshold, &mut Budget::solves(SOLVES));
    let is_suppressed = names.iter().zip(&pattern.suppressed);
    Outcome {
        suppressed: is_suppressed
            .filter(|(_, is_suppressed)| **is_suppressed)
            .filter_map(|(name, _)| name.clone())
            .collect(),
        is_coarse: pattern.is_coarse,
    }
}

/// The versions that stood when a row was the last: of each record the last revision.
fn standing_at(versions: &[Version], last_row: Option<i64>) -> Vec<&Version> {
    let mut standing: BTreeMap<&str, &Version> = BTreeMap::new();
    for version in versions {
        if last_row.is_some_and(|last| version.row > last) {
            continue;
        }
        standing
            .entry(&version.record)
            .and_modify(|known| {
                if known.revision < version.revision {
                    *known = version;
                }
            })
            .or_insert(version);
    }
    standing.into_values().collect()
}

impl Draft {
    /// Adds what stood at some time: decided then, or to be decided.
    fn add(&mut self, rows: &[&Version], standing: &[Part], decided: Option<&HashSet<String>>) {
        let mut open: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let mut told: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let mut unknown: BTreeSet<&str> = BTreeSet::new();
        let of_rows = rows
            .iter()
            .flat_map(|version| version.parts.iter().map(|part| (version.row, part)));
        for (row, part) in of_rows.chain(standing.iter().map(|part| (0, part))) {
            let names = part.cells.iter().chain(&part.told).map(String::as_str);
            let Some(value) = part.value.and_then(|value| u32::try_from(value).ok()) else {
                unknown.extend(names);
                continue;
            };
            let variable = self.variable(row, &part.name, value);
            for cell in &part.cells {
                open.entry(cell).or_default().push(variable);
            }
            for cell in &part.told {
                told.entry(cell).or_default().push(variable);
            }
        }
        for (_, variables) in told.into_iter().filter(|(name, _)| !unknown.contains(name)) {
            self.cells.push(Cell::new(variables, Rule::Told));
            self.names.push(None);
        }
        for (name, variables) in open.into_iter().filter(|(name, _)| !unknown.contains(name)) {
            let (rule, name) = match decided {
                None => (Rule::Open, Some(name.to_owned())),
                Some(suppressed) if suppressed.contains(name) => (Rule::Hidden, None),
                Some(_) => (Rule::Told, None),
            };
            self.cells.push(Cell::new(variables, rule));
            self.names.push(name);
        }
    }

    fn variable(&mut self, row: i64, name: &str, value: u32) -> usize {
        let values = &mut self.values;
        *self
            .variables
            .entry((row, name.to_owned()))
            .or_insert_with(|| {
                values.push(value);
                values.len() - 1
            })
    }
}
