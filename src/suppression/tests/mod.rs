//! The attacker's side: what can be computed back from what is told.

mod files;
mod utility;
mod year;

use super::*;

/// A generator of numbers that gives the same ones each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        u32::try_from((self.0 >> 16) % u64::from(bound)).unwrap()
    }

    /// Mostly small ones.
    fn count(&mut self, most: u32) -> u32 {
        let bound = self.below(most + 1) + 1;
        self.below(bound)
    }
}

/// A table of rows and columns with all its totals; that of everything is told.
fn crossed(rows: usize, columns: usize, first: usize) -> Vec<Cell> {
    let variable = |row: usize, column: usize| first + row * columns + column;
    let mut cells = Vec::new();
    for row in 0..rows {
        for column in 0..columns {
            cells.push(Cell::new(vec![variable(row, column)], Rule::Open));
        }
        let all = (0..columns).map(|column| variable(row, column)).collect();
        cells.push(Cell::new(all, Rule::Open));
    }
    for column in 0..columns {
        let all = (0..rows).map(|row| variable(row, column)).collect();
        cells.push(Cell::new(all, Rule::Open));
    }
    cells.push(Cell::new(
        (first..first + rows * columns).collect(),
        Rule::Told,
    ));
    cells
}

fn value(table: &Table, cell: &Cell) -> u32 {
    cell.variables
        .iter()
        .map(|variable| table.values()[*variable])
        .sum()
}

/// The values that a cell can have for whoever knows the cells that are told, found by trying all of them.
fn possible(table: &Table, exact: &[usize], cell: usize) -> Vec<u32> {
    let most: u32 = table.values().iter().sum();
    let told: Vec<(Vec<usize>, u32)> = exact
        .iter()
        .map(|cell| {
            let cell = &table.cells()[*cell];
            (cell.variables.clone(), value(table, cell))
        })
        .collect();
    let mut found = Vec::new();
    let mut values = vec![0_u32; table.values().len()];
    try_all(&mut values, 0, most, &told, &mut |values| {
        let variables = &table.cells()[cell].variables;
        let sum = variables.iter().map(|variable| values[*variable]).sum();
        if !found.contains(&sum) {
            found.push(sum);
        }
    });
    found.sort_unstable();
    found
}

fn try_all(
    values: &mut [u32],
    at: usize,
    left: u32,
    told: &[(Vec<usize>, u32)],
    found: &mut impl FnMut(&[u32]),
) {
    let sum = |values: &[u32], cell: &[usize]| cell.iter().map(|one| values[*one]).sum::<u32>();
    if told.iter().any(|(cell, total)| {
        let is_whole = cell.iter().all(|one| *one < at);
        let sum = sum(values, cell);
        sum > *total || is_whole && sum != *total
    }) {
        return;
    }
    if at == values.len() {
        found(values);
        return;
    }
    for value in 0..=left {
        values[at] = value;
        try_all(values, at + 1, left - value, told, found);
    }
    values[at] = 0;
}

/// Every primary cell can have each value below the threshold that what is always told leaves open.
fn is_protected(table: &Table, pattern: &Pattern, k: u32) {
    let cells = table.cells().iter().enumerate();
    let told: Vec<_> = cells
        .clone()
        .filter(|(_, cell)| cell.rule == Rule::Told)
        .map(|(index, _)| index)
        .collect();
    let exact: Vec<_> = (0..table.cells().len())
        .filter(|index| !pattern.suppressed[*index])
        .collect();
    for (index, cell) in cells {
        let count = value(table, cell);
        if cell.rule == Rule::Told {
            assert!(!pattern.suppressed[index]);
        } else if (1..k).contains(&count) && pattern.suppressed[index] {
            let reachable = possible(table, &told, index);
            let left = possible(table, &exact, index);
            for wanted in reachable.into_iter().filter(|one| *one < k) {
                assert!(
                    left.contains(&wanted),
                    "{index}: {left:?} in {table:?} {pattern:?}"
                );
            }
        } else if (1..k).contains(&count) {
            // Told all the same: the same figure is told elsewhere.
            assert_eq!(possible(table, &told, index), vec![count]);
        }
    }
}

fn decided(values: Vec<u32>, cells: Vec<Cell>, k: u32) -> (Table, Pattern) {
    let table = Table::new(values, cells).unwrap();
    let pattern = decide(&table, k, &mut Budget::solves(4000));
    assert!(!pattern.is_coarse, "{table:?}");
    (table, pattern)
}

#[test]
fn a_small_count_takes_another_with_it_and_a_large_one_stays() {
    let cells = |values: &[u32]| {
        let mut cells: Vec<_> = (0..values.len())
            .map(|one| Cell::new(vec![one], Rule::Open))
            .collect();
        cells.push(Cell::new((0..values.len()).collect(), Rule::Told));
        cells
    };
    let values = vec![2, 20, 30, 0];
    let (_, pattern) = decided(values.clone(), cells(&values), 10);
    assert!(pattern.suppressed[0]);
    assert_eq!(
        pattern.suppressed.iter().filter(|one| **one).count(),
        2,
        "{pattern:?}"
    );
    // Nothing is small: nothing is suppressed, zero included.
    let values = vec![12, 20, 0];
    let (_, pattern) = decided(values.clone(), cells(&values), 10);
    assert!(pattern.suppressed.iter().all(|one| !one), "{pattern:?}");
    // The total is all that is known of what adds up to it.
    let values = vec![3, 0, 0];
    let (table, pattern) = decided(values.clone(), cells(&values), 10);
    assert_eq!(possible(&table, &[3], 0), vec![0, 1, 2, 3]);
    is_protected(&table, &pattern, 10);
    let interval = audit(&table, &pattern)[0];
    assert_eq!((interval.min, interval.max), (0, Some(3)));
}

#[test]
fn without_a_budget_everything_that_can_be_is_suppressed() {
    let table = Table::new(vec![2, 9, 9, 9], crossed(2, 2, 0)).unwrap();
    let pattern = decide(&table, 5, &mut Budget::solves(0));
    assert!(pattern.is_coarse);
    let told = table.cells().iter().map(|cell| cell.rule == Rule::Told);
    assert!(
        told.zip(&pattern.suppressed)
            .all(|(told, suppressed)| told != *suppressed)
    );
}

#[test]
fn no_small_table_can_be_computed_back_by_trying_everything() {
    let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15);
    for _ in 0..150 {
        let (rows, columns) = (2, 2 + usize::try_from(numbers.below(2)).unwrap());
        let values: Vec<u32> = (0..rows * columns).map(|_| numbers.count(4)).collect();
        let (table, pattern) = decided(values, crossed(rows, columns, 0), 3);
        is_protected(&table, &pattern, 3);
    }
}

/// What was told of a table before it was revised is known as well.
#[test]
fn no_revision_can_be_computed_back_by_trying_everything() {
    let mut numbers = Numbers(0xD1B5_4A32_D192_ED03);
    for _ in 0..60 {
        let mut values: Vec<u32> = (0..4).map(|_| numbers.count(4)).collect();
        let (first, pattern) = decided(values.clone(), crossed(2, 2, 0), 3);
        let mut cells: Vec<_> = first
            .cells()
            .iter()
            .zip(&pattern.suppressed)
            .map(|(cell, is_suppressed)| {
                let rule = if *is_suppressed {
                    Rule::Hidden
                } else {
                    Rule::Told
                };
                Cell::new(cell.variables.clone(), rule)
            })
            .collect();
        // The second row is revised.
        values.extend([numbers.count(4), numbers.count(4)]);
        let renamed = crossed(2, 2, 0).into_iter().map(|cell| {
            let variables = cell
                .variables
                .iter()
                .map(|one| if *one > 1 { one + 2 } else { *one });
            Cell::new(variables.collect(), cell.rule)
        });
        cells.extend(renamed);
        let (table, pattern) = decided(values, cells, 3);
        is_protected(&table, &pattern, 3);
    }
}

/// How many tables to try: `UPFRONT_TEST_TABLES`, where it is set when the tests are built.
fn tables(otherwise: u32) -> u32 {
    option_env!("UPFRONT_TEST_TABLES")
        .and_then(|text| text.parse().ok())
        .unwrap_or(otherwise)
}

/// How many cells that are not small there are, and how many of them are told.
fn safe_and_exact(table: &Table, pattern: &Pattern, k: u32) -> (u32, u32) {
    let (mut safe, mut exact) = (0, 0);
    for (cell, is_suppressed) in table.cells().iter().zip(&pattern.suppressed) {
        let is_open = cell.rule == Rule::Open && cell.variables.len() != table.values().len();
        if is_open && !(1..k).contains(&value(table, cell)) {
            safe += 1;
            exact += u32::from(!is_suppressed);
        }
    }
    (safe, exact)
}

/// The primary cells whose range by linear programming lacks 0 or `k - 1`, where told cells alone leave them.
fn narrowed(table: &Table, pattern: &Pattern, k: u32) -> Vec<Interval> {
    let told = |cell: &Cell| cell.rule != Rule::Told;
    let widest = Pattern {
        suppressed: table.cells().iter().map(told).collect(),
        is_coarse: true,
    };
    let wanted = audit(table, &widest);
    let lacks = |left: &Interval| {
        let most = wanted.iter().find(|one| one.cell == left.cell);
        most.is_none_or(|most| {
            let high = most.max.map_or(k - 1, |max| max.min(k - 1));
            left.min > most.min || left.max.is_some_and(|max| max < high)
        })
    };
    let is_primary = |one: &Interval| (1..k).contains(&value(table, &table.cells()[one.cell]));
    let intervals = audit(table, pattern).into_iter();
    intervals.filter(is_primary).filter(lacks).collect()
}

/// Tables of the size of a quarter: parties and sexes.
#[test]
fn no_table_can_be_narrowed_by_linear_programming() {
    let tables = tables(40);
    let mut numbers = Numbers(0x2545_F491_4F6C_DD1D);
    let (mut safe, mut exact, mut coarse) = (0_u32, 0_u32, 0_u32);
    for _ in 0..tables {
        let rows = 1 + usize::try_from(numbers.below(5)).unwrap();
        let most = 8 + numbers.below(60);
        let values: Vec<u32> = (0..rows * 3).map(|_| numbers.count(most)).collect();
        let table = Table::new(values, crossed(rows, 3, 0)).unwrap();
        let pattern = decide(&table, 10, &mut Budget::solves(4000));
        coarse += u32::from(pattern.is_coarse);
        let all: u32 = table.values().iter().sum();
        for interval in audit(&table, &pattern) {
            let cell = &table.cells()[interval.cell];
            if (1..10).contains(&value(&table, cell)) {
                assert_eq!(interval.min, 0, "{table:?} {pattern:?}");
                let wanted = all.min(9);
                assert!(
                    interval.max.is_none_or(|max| max >= wanted),
                    "{table:?} {pattern:?}"
                );
            }
        }
        let (of_table, told) = safe_and_exact(&table, &pattern, 10);
        safe += of_table;
        exact += told;
    }
    assert!(
        exact * 10 > safe * 6,
        "{exact} of {safe} safe cells in {tables} tables, {coarse} coarse"
    );
}
