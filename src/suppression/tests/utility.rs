//! How much is told, compared with the hypercube method: for each primary cell it suppresses the corners of the
//! cheapest rectangle that lets the cell vary (D. Repsilber, "Das Quaderverfahren", Forum der Bundesstatistik 31,
//! 1999; the method `HYPERCUBE` of sdcTable). Marginal totals are a further row and column.

use super::*;

/// A table with its totals as a further row and column.
struct Grid {
    rows: usize,
    columns: usize,
    values: Vec<u32>,
    suppressed: Vec<bool>,
}

impl Grid {
    fn at(&self, row: usize, column: usize) -> usize {
        row * (self.columns + 1) + column
    }

    fn of(rows: usize, columns: usize, inner: &[u32]) -> Self {
        let mut grid = Self {
            rows,
            columns,
            values: vec![0; (rows + 1) * (columns + 1)],
            suppressed: vec![false; (rows + 1) * (columns + 1)],
        };
        for row in 0..rows {
            for column in 0..columns {
                for at in [
                    grid.at(row, column),
                    grid.at(row, columns),
                    grid.at(rows, column),
                    grid.at(rows, columns),
                ] {
                    grid.values[at] += inner[row * columns + column];
                }
            }
        }
        grid
    }

    /// What suppressing more corners costs; none where one of them must be told.
    fn cost(&self, corners: [usize; 3]) -> Option<u32> {
        let total = self.at(self.rows, self.columns);
        let cost = |at: usize| {
            if self.suppressed[at] {
                0
            } else {
                1 + self.values[at]
            }
        };
        (!corners.contains(&total)).then(|| corners.into_iter().map(cost).sum())
    }

    /// 1, or -1 for a total of one row or column: with these signs every line adds up to nothing, and the corners
    /// of a rectangle move up and down by turns.
    fn sign(&self, row: usize, column: usize) -> i32 {
        if (row == self.rows) == (column == self.columns) {
            1
        } else {
            -1
        }
    }

    /// The cheapest rectangle at a cell that lets it move by so many.
    fn rectangle(&self, row: usize, column: usize, by: i32) -> Option<[usize; 3]> {
        let value = |row, column| i32::try_from(self.values[self.at(row, column)]).unwrap();
        let own = self.sign(row, column) * by;
        let mut best: Option<(u32, [usize; 3])> = None;
        for other_row in (0..=self.rows).filter(|one| *one != row) {
            for other_column in (0..=self.columns).filter(|one| *one != column) {
                let corners = [
                    (row, other_column, -1),
                    (other_row, column, -1),
                    (other_row, other_column, 1),
                ];
                let can = corners.iter().all(|&(row, column, turn)| {
                    value(row, column) + turn * self.sign(row, column) * own >= 0
                });
                let corners = corners.map(|(row, column, _)| self.at(row, column));
                let Some(cost) = self.cost(corners).filter(|_| can) else {
                    continue;
                };
                if best.is_none_or(|(least, _)| cost < least) {
                    best = Some((cost, corners));
                }
            }
        }
        best.map(|(_, corners)| corners)
    }

    /// Suppresses what is small, with a rectangle that lets it be zero and one that lets it be `k - 1`. The number
    /// of those that no rectangle protects.
    fn suppress(&mut self, k: u32) -> usize {
        let total = self.at(self.rows, self.columns);
        let is_primary = |(at, value): (usize, &u32)| at != total && (1..k).contains(value);
        self.suppressed = self.values.iter().enumerate().map(is_primary).collect();
        let primary = self.suppressed.clone();
        let mut open = 0;
        for row in 0..=self.rows {
            for column in 0..=self.columns {
                let at = self.at(row, column);
                if !primary[at] {
                    continue;
                }
                let value = i32::try_from(self.values[at]).unwrap();
                let most = i32::try_from(self.values[total].min(k - 1)).unwrap();
                for by in [-value, most - value] {
                    match self.rectangle(row, column, by) {
                        Some(corners) => corners.iter().for_each(|at| self.suppressed[*at] = true),
                        None => open += 1,
                    }
                }
            }
        }
        open
    }

    /// The same as a pattern of the cells of `crossed`.
    fn pattern(&self) -> Pattern {
        let mut suppressed = Vec::new();
        for row in 0..self.rows {
            for column in 0..=self.columns {
                suppressed.push(self.suppressed[self.at(row, column)]);
            }
        }
        for column in 0..self.columns {
            suppressed.push(self.suppressed[self.at(self.rows, column)]);
        }
        suppressed.push(false);
        Pattern {
            suppressed,
            is_coarse: false,
        }
    }
}

#[test]
fn more_is_told_than_by_the_hypercube_method() {
    let mut numbers = Numbers(0xBF58_476D_1CE4_E5B9);
    let (mut safe, mut exact, mut by_hypercube) = (0, 0, 0);
    let (mut unprotected, mut primary) = (0, 0);
    let tables = tables(60);
    for _ in 0..tables {
        let rows = 2 + usize::try_from(numbers.below(4)).unwrap();
        let most = 8 + numbers.below(60);
        let values: Vec<u32> = (0..rows * 3).map(|_| numbers.count(most)).collect();
        let mut grid = Grid::of(rows, 3, &values);
        let _ = grid.suppress(10);
        let table = Table::new(values, crossed(rows, 3, 0)).unwrap();
        let pattern = decide(&table, 10, &mut Budget::solves(4000));
        let (of_table, told) = safe_and_exact(&table, &pattern, 10);
        safe += of_table;
        exact += told;
        by_hypercube += safe_and_exact(&table, &grid.pattern(), 10).1;
        assert_eq!(narrowed(&table, &pattern, 10), [], "{table:?} {pattern:?}");
        unprotected += narrowed(&table, &grid.pattern(), 10).len();
        let cells = table.cells().iter();
        primary += cells
            .filter(|cell| cell.rule == Rule::Open && (1..10).contains(&value(&table, cell)))
            .count();
    }
    eprintln!(
        "{tables} tables, {safe} safe cells: {exact} told, {by_hypercube} by the hypercube method, which leaves \
         {unprotected} of {primary} primary cells narrower"
    );
    assert!(
        exact > by_hypercube,
        "{exact} against {by_hypercube} of {safe}"
    );
    assert!(exact * 10 > safe * 6, "{exact} of {safe}");
}
