//! A table in the making: counts, the cells over them, and the names of those that are to be decided.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::{Part, Version};
use crate::suppression::{Cell, Rule, Table};

/// Counts by period, row and name: those of a row that was not revised are the same in all that was told.
#[derive(Clone, Default)]
pub(super) struct Draft {
    values: Vec<u32>,
    blocks: Vec<usize>,
    variables: HashMap<(usize, i64, String), usize>,
    cells: Vec<Cell>,
    names: Vec<Option<Name>>,
}

/// A cell to be decided: the place of its period, and its own name.
pub(super) type Name = (usize, String);

/// What stood of a period at some time: the place of the period, rows, and what is part of the table without a row.
pub(super) struct Stood<'v> {
    pub(super) period: usize,
    pub(super) rows: Vec<&'v Version>,
    pub(super) standing: Vec<Part>,
}

impl Stood<'_> {
    fn parts(&self) -> impl Iterator<Item = (i64, &Part)> {
        let of_rows = self.rows.iter();
        of_rows
            .flat_map(|version| version.parts.iter().map(|part| (version.row, part)))
            .chain(self.standing.iter().map(|part| (0, part)))
    }
}

/// The counts that cells are made of, by name; none of a cell of which a count is unknown.
type Members<'p> = BTreeMap<&'p str, Option<Vec<usize>>>;

fn note<'p>(members: &mut Members<'p>, cells: &'p [String], variable: Option<usize>) {
    for cell in cells {
        let known = members.entry(cell).or_insert_with(|| Some(Vec::new()));
        *known = known.take().zip(variable).map(|(mut known, variable)| {
            known.push(variable);
            known
        });
    }
}

impl Draft {
    /// Adds what stood at some time: decided then, or to be decided.
    pub(super) fn add(&mut self, stood: &Stood<'_>, decided: Option<&HashSet<String>>) {
        let (mut open, mut told) = (Members::new(), Members::new());
        for (row, part) in stood.parts() {
            let variable = self.variable(stood.period, row, part);
            note(&mut open, &part.cells, variable);
            note(&mut told, &part.told, variable);
        }
        let unknown: BTreeSet<&str> = open
            .iter()
            .chain(&told)
            .filter(|(_, members)| members.is_none())
            .map(|(name, _)| *name)
            .collect();
        let known = |members: Members<'_>| {
            let known = members.into_iter().filter_map(|(name, members)| {
                let members = members.filter(|_| !unknown.contains(name))?;
                Some((name.to_owned(), members))
            });
            known.collect::<Vec<_>>()
        };
        for (_, variables) in known(told) {
            self.tell(variables);
        }
        for (name, variables) in known(open) {
            let (rule, name) = match decided {
                None => (Rule::Open, Some((stood.period, name))),
                Some(suppressed) if suppressed.contains(&name) => (Rule::Hidden, None),
                Some(_) => (Rule::Told, None),
            };
            self.cells.push(Cell::new(variables, rule));
            self.names.push(name);
        }
    }

    /// Adds a sum of counts that everybody knows.
    pub(super) fn tell(&mut self, variables: Vec<usize>) {
        self.cells.push(Cell::new(variables, Rule::Told));
        self.names.push(None);
    }

    /// The counts of several periods that each cell is made of, by name; cells that are told included.
    pub(super) fn members<'p>(&mut self, all: &'p [Stood<'_>]) -> BTreeMap<&'p str, Vec<usize>> {
        let mut members = Members::new();
        for stood in all {
            for (row, part) in stood.parts() {
                let variable = self.variable(stood.period, row, part);
                note(&mut members, &part.cells, variable);
                note(&mut members, &part.told, variable);
            }
        }
        let known = members.into_iter();
        known
            .filter_map(|(name, members)| Some((name, members?)))
            .collect()
    }

    /// A count of no period.
    pub(super) fn loose(&mut self, value: u32) -> usize {
        self.values.push(value);
        self.blocks.push(Table::NO_BLOCK);
        self.values.len() - 1
    }

    /// What counts add up to.
    pub(super) fn sum(&self, variables: &[usize]) -> u64 {
        let values = variables.iter().map(|&variable| self.values[variable]);
        values.map(u64::from).sum()
    }

    /// Whether counts are all of one period.
    pub(super) fn is_of_one_period(&self, variables: &[usize]) -> bool {
        let mut blocks = variables.iter().map(|&variable| self.blocks[variable]);
        let first = blocks.next();
        blocks.all(|block| Some(block) == first)
    }

    /// The table, and the names of the cells that are to be decided. Cells that are suppressed already stay it.
    pub(super) fn table(self, suppressed: &[bool]) -> (Option<Table>, Vec<Option<Name>>) {
        let mut cells = self.cells;
        for (cell, _) in cells.iter_mut().zip(suppressed).filter(|(_, is)| **is) {
            cell.rule = cell.rule.max(Rule::Hidden);
        }
        let table = Table::new(self.values, cells).ok();
        (table.map(|table| table.in_blocks(self.blocks)), self.names)
    }

    /// The variable of a part; none where its count is unknown.
    fn variable(&mut self, period: usize, row: i64, part: &Part) -> Option<usize> {
        let value = part.value.and_then(|value| u32::try_from(value).ok())?;
        let (values, blocks) = (&mut self.values, &mut self.blocks);
        let key = (period, row, part.name.clone());
        Some(*self.variables.entry(key).or_insert_with(|| {
            values.push(value);
            blocks.push(period);
            values.len() - 1
        }))
    }
}
