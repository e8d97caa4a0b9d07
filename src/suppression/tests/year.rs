//! Years: the tables of several periods with annual figures over them, and revisions.

use super::*;

/// How the tables of a year are made.
#[derive(Clone, Copy)]
struct Shape {
    periods: usize,
    rows: usize,
    columns: usize,
}

impl Shape {
    fn size(self) -> usize {
        self.rows * self.columns
    }

    /// The tables of all periods; the variable of each count is found by its place.
    fn cells(self, places: &[usize]) -> Vec<Cell> {
        let mut cells = Vec::new();
        for period in 0..self.periods {
            for cell in crossed(self.rows, self.columns, period * self.size()) {
                let variables = cell.variables.iter().map(|one| places[*one]);
                cells.push(Cell::new(variables.collect(), cell.rule));
            }
        }
        cells
    }

    /// What a document prints: by row, and by column.
    fn annual(self, places: &[usize]) -> Vec<Cell> {
        let over = |is_in: &dyn Fn(usize) -> bool| {
            let all = 0..self.periods * self.size();
            let variables = all.filter(|one| is_in(one % self.size()));
            Cell::new(variables.map(|one| places[one]).collect(), Rule::Told)
        };
        let rows = (0..self.rows).map(|row| over(&|one| one / self.columns == row));
        let columns = (0..self.columns).map(|column| over(&|one| one % self.columns == column));
        rows.chain(columns).collect()
    }

    fn blocks(self) -> Vec<usize> {
        let all = 0..self.periods * self.size();
        all.map(|one| one / self.size()).collect()
    }
}

/// What was decided, as it is known later.
fn known(table: &Table, pattern: &Pattern) -> Vec<Cell> {
    let cells = table.cells().iter().zip(&pattern.suppressed);
    cells
        .map(|(cell, is_suppressed)| {
            let rule = if *is_suppressed {
                Rule::Hidden
            } else {
                Rule::Told
            };
            Cell::new(cell.variables.clone(), rule)
        })
        .collect()
}

/// A year is decided with the annual figures that are printed of it; then one period is revised, and decided anew.
#[test]
fn no_year_can_be_narrowed_by_its_annual_figures_and_its_revisions() {
    let mut numbers = Numbers(0x94D0_49BB_1331_11EB);
    let (mut safe, mut exact, mut coarse) = (0_u32, 0_u32, 0_u32);
    // They take ten times as long as tables of one period.
    let tables = tables(100) / 10;
    for _ in 0..tables {
        let shape = Shape {
            periods: 4,
            rows: 1 + usize::try_from(numbers.below(4)).unwrap(),
            columns: 3,
        };
        let most = 8 + numbers.below(30);
        let count = shape.periods * shape.size();
        let mut values: Vec<u32> = (0..count).map(|_| numbers.count(most)).collect();
        let places: Vec<usize> = (0..count).collect();
        let mut cells = shape.cells(&places);
        cells.extend(shape.annual(&places));
        let table = Table::new(values.clone(), cells).unwrap();
        let table = table.in_blocks(shape.blocks());
        let pattern = decide(&table, 10, &mut Budget::solves(4000));
        coarse += u32::from(pattern.is_coarse);
        assert_eq!(narrowed(&table, &pattern, 10), [], "{table:?} {pattern:?}");
        let (of_table, told) = safe_and_exact(&table, &pattern, 10);
        safe += of_table;
        exact += told;

        let revised = usize::try_from(numbers.below(4)).unwrap();
        let mut places = places;
        let mut blocks = shape.blocks();
        for place in places
            .iter_mut()
            .skip(revised * shape.size())
            .take(shape.size())
        {
            values.push(numbers.count(most));
            blocks.push(revised);
            *place = values.len() - 1;
        }
        let mut cells = known(&table, &pattern);
        cells.extend(shape.cells(&places));
        // The document is revised as well.
        cells.extend(shape.annual(&places));
        let table = Table::new(values, cells).unwrap().in_blocks(blocks);
        let pattern = decide(&table, 10, &mut Budget::solves(4000));
        coarse += u32::from(pattern.is_coarse);
        assert_eq!(narrowed(&table, &pattern, 10), [], "{table:?} {pattern:?}");
    }
    assert!(
        exact * 10 > safe * 6,
        "{exact} of {safe} safe cells, {coarse} coarse"
    );
    eprintln!("{tables} years: {exact} of {safe} safe cells are told, {coarse} coarse decisions");
}

#[test]
fn an_annual_figure_takes_a_count_of_another_period_with_it() {
    // In each of two periods only the second count is small, and both have a partner to hide it.
    let values = vec![3, 20, 40, 15, 25, 30];
    let period = |first: usize| {
        let mut cells: Vec<_> = (first..first + 3)
            .map(|one| Cell::new(vec![one], Rule::Open))
            .collect();
        cells.push(Cell::new((first..first + 3).collect(), Rule::Told));
        cells
    };
    let mut cells = period(0);
    cells.extend(period(3));
    let (_, apart) = decided(values.clone(), cells.clone(), 10);
    assert!(apart.suppressed[4..].iter().all(|one| !one), "{apart:?}");
    cells.extend((0..3).map(|one| Cell::new(vec![one, one + 3], Rule::Told)));
    let (table, together) = decided(values, cells, 10);
    assert!(together.suppressed[4], "{together:?}");
    assert_eq!(narrowed(&table, &together, 10), []);
}
