//! The table, its cells, and the outcome of a decision.

use std::collections::BTreeMap;
use std::fmt;

/// What is already settled about a cell before a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// The cell is to be decided: exact or suppressed.
    Open,
    /// The cell was suppressed earlier and stays suppressed.
    Hidden,
    /// The cell is known exactly to the reader and cannot be suppressed.
    Told,
}

/// A published figure: the sum of some of the table's base counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Indices into the table's values. Order and repetition do not matter.
    pub variables: Vec<usize>,
    /// What is already settled about the cell.
    pub rule: Rule,
}

impl Cell {
    /// A cell over the given variables with the given rule.
    #[must_use]
    pub fn new(variables: Vec<usize>, rule: Rule) -> Self {
        Self { variables, rule }
    }
}

/// Why a table was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableError {
    /// The cell at this position names a variable the table does not have.
    UnknownVariable(usize),
    /// The sum of all values exceeds `u32::MAX`.
    TotalTooLarge,
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownVariable(cell) => write!(f, "cell {cell} names an unknown variable"),
            Self::TotalTooLarge => write!(f, "the total of the table is too large"),
        }
    }
}

impl std::error::Error for TableError {}

/// Base counts and the figures published over them.
#[derive(Clone, Debug)]
pub struct Table {
    values: Vec<u32>,
    cells: Vec<Cell>,
    blocks: Vec<usize>,
}

impl Table {
    /// The block of counts that belong to no block: they can make up for a change in any.
    pub const NO_BLOCK: usize = usize::MAX;

    /// Checks and stores a table.
    ///
    /// # Errors
    ///
    /// Returns a [`TableError`] when a cell names a variable out of range or
    /// when the values sum to more than `u32::MAX`.
    pub fn new(values: Vec<u32>, cells: Vec<Cell>) -> Result<Self, TableError> {
        let total: u64 = values.iter().copied().map(u64::from).sum();
        if u32::try_from(total).is_err() {
            return Err(TableError::TotalTooLarge);
        }
        let known = values.len();
        let bad = |cell: &Cell| cell.variables.iter().any(|&variable| variable >= known);
        match cells.iter().position(bad) {
            Some(cell) => Err(TableError::UnknownVariable(cell)),
            None => Ok(Self {
                blocks: vec![0; known],
                values,
                cells,
            }),
        }
    }

    /// Says to which block each base count belongs, such as a period of a year: few cells link counts of several
    /// blocks. This makes large tables faster to decide and changes nothing else; variables that are not named
    /// belong to no block ([`Table::NO_BLOCK`]).
    #[must_use]
    pub fn in_blocks(mut self, mut blocks: Vec<usize>) -> Self {
        blocks.resize(self.values.len(), Self::NO_BLOCK);
        self.blocks = blocks;
        self
    }

    /// The true values of the base counts.
    #[must_use]
    pub fn values(&self) -> &[u32] {
        &self.values
    }

    /// The figures published over the base counts.
    #[must_use]
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }
}

/// Limits how many linear programs a decision may solve for each part of a table that no cell links with
/// another.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    left: usize,
    used: usize,
}

impl Budget {
    /// A budget of `count` solves.
    #[must_use]
    pub fn solves(count: usize) -> Self {
        Self {
            left: count,
            used: 0,
        }
    }

    /// How many solves have been used.
    #[must_use]
    pub fn used(&self) -> usize {
        self.used
    }

    /// The same number of solves for one part of the table.
    pub(super) fn of_part(self) -> Self {
        Self { used: 0, ..self }
    }

    /// Notes what a part has used.
    pub(super) fn note(&mut self, part: Self) {
        self.used += part.used;
    }

    /// Takes one solve; false when none is left.
    pub(super) fn take(&mut self) -> bool {
        let Some(left) = self.left.checked_sub(1) else {
            return false;
        };
        self.left = left;
        self.used += 1;
        true
    }
}

/// Which cells of a table are suppressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// One entry for each cell of the table: true when it is suppressed.
    pub suppressed: Vec<bool>,
    /// True when the decision stopped early and suppressed every open cell of a part of the table that no cell
    /// links with the rest.
    pub is_coarse: bool,
}

impl Pattern {
    /// The pattern that suppresses every cell that is not told.
    #[must_use]
    pub fn coarse(table: &Table) -> Self {
        let reduced = Reduced::new(table);
        let hidden: Vec<bool> = reduced
            .figures
            .iter()
            .map(|f| f.rule != Rule::Told)
            .collect();
        reduced.pattern(&hidden, true)
    }
}

/// A distinct figure of a table, over groups of variables.
pub(super) struct Figure {
    pub(super) groups: Vec<usize>,
    pub(super) value: u32,
    pub(super) rule: Rule,
}

impl Figure {
    /// Whether the figure's value must be protected at threshold `k`.
    pub(super) fn is_primary(&self, k: u32) -> bool {
        self.rule != Rule::Told && self.value >= 1 && self.value < k
    }

    /// The figure's value at a point of the groups, if it fits.
    pub(super) fn at(&self, point: &[u32]) -> Option<u32> {
        let mut sum = 0_u32;
        for &group in &self.groups {
            sum = sum.checked_add(*point.get(group)?)?;
        }
        Some(sum)
    }
}

/// A table with equal cells merged and with variables that occur in the same
/// cells added up.
pub(super) struct Reduced {
    pub(super) values: Vec<u32>,
    pub(super) figures: Vec<Figure>,
    /// The block of each group.
    pub(super) blocks: Vec<usize>,
    figure_of_cell: Vec<usize>,
}

impl Reduced {
    /// No figures at all.
    pub(super) fn empty() -> Self {
        Self {
            values: Vec::new(),
            figures: Vec::new(),
            blocks: Vec::new(),
            figure_of_cell: Vec::new(),
        }
    }

    pub(super) fn new(table: &Table) -> Self {
        let mut by_set: BTreeMap<Vec<usize>, usize> = BTreeMap::new();
        let mut rules: Vec<Rule> = Vec::new();
        let mut figure_of_cell = Vec::with_capacity(table.cells.len());
        for cell in &table.cells {
            let mut set = cell.variables.clone();
            set.sort_unstable();
            set.dedup();
            let figure = *by_set.entry(set).or_insert(rules.len());
            match rules.get_mut(figure) {
                Some(rule) => *rule = (*rule).max(cell.rule),
                None => rules.push(cell.rule),
            }
            figure_of_cell.push(figure);
        }
        let mut occurs_in: Vec<Vec<usize>> = vec![Vec::new(); table.values.len()];
        for (set, &figure) in &by_set {
            for &variable in set {
                occurs_in[variable].push(figure);
            }
        }
        let mut groups: BTreeMap<Vec<usize>, (u32, usize)> = BTreeMap::new();
        let counts = table.values.iter().zip(&table.blocks);
        for (figures, (value, &block)) in occurs_in.into_iter().zip(counts) {
            if !figures.is_empty() {
                groups.entry(figures).or_insert((0, block)).0 += value;
            }
        }
        let empty = |rule| Figure {
            groups: Vec::new(),
            value: 0,
            rule,
        };
        let mut figures: Vec<Figure> = rules.into_iter().map(empty).collect();
        let mut values = Vec::with_capacity(groups.len());
        let mut blocks = Vec::with_capacity(groups.len());
        for (group, (members, (value, block))) in groups.into_iter().enumerate() {
            for figure in members {
                figures[figure].groups.push(group);
                figures[figure].value += value;
            }
            values.push(value);
            blocks.push(block);
        }
        Self {
            values,
            figures,
            blocks,
            figure_of_cell,
        }
    }

    /// The pattern of cells that belongs to suppressed figures.
    pub(super) fn pattern(&self, hidden: &[bool], is_coarse: bool) -> Pattern {
        let of_cell = |&figure: &usize| hidden.get(figure).copied().unwrap_or(true);
        Pattern {
            suppressed: self.figure_of_cell.iter().map(of_cell).collect(),
            is_coarse,
        }
    }

    /// The figures that a pattern of cells suppresses.
    pub(super) fn hidden(&self, pattern: &Pattern) -> Vec<bool> {
        let mut hidden = vec![true; self.figures.len()];
        for (&figure, &suppressed) in self.figure_of_cell.iter().zip(&pattern.suppressed) {
            hidden[figure] = hidden[figure] && suppressed;
        }
        hidden
    }

    /// The figure of each cell, in the order of the cells.
    pub(super) fn figure_of_cell(&self) -> &[usize] {
        &self.figure_of_cell
    }
}
