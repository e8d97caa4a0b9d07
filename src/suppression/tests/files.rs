//! Real counts of countries by year, many of them small: Insecurity Insight's overviews of sexual violence in conflict
//! and of attacks on education (Humanitarian Data Exchange). `UPFRONT_TEST_OVERVIEWS` is the folder with
//! `insecurity-insight-sexual-violence-overview.json` and `insecurity-insight-education-overview.json`, where it is
//! set when the tests are built; none of it is part of this project.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use serde_json::Value;

use super::*;

/// What is counted of a country in a year: parts that add up to its figure.
struct Row {
    country: String,
    year: String,
    parts: Vec<u32>,
}

fn count(row: &Value, column: &str) -> u32 {
    row[column].as_str().unwrap().parse().unwrap()
}

fn read(folder: &str, file: &str, parts: fn(&Value) -> Vec<u32>) -> Option<Vec<Row>> {
    let text = std::fs::read_to_string(Path::new(folder).join(file)).ok()?;
    let rows: Vec<Value> = serde_json::from_str(&text).unwrap();
    let row = |row: &Value| Row {
        country: row["Country ISO"].as_str().unwrap().to_owned(),
        year: row["Year"].as_str().unwrap().to_owned(),
        parts: parts(row),
    };
    Some(rows.iter().map(row).collect())
}

/// A table of each year: countries by parts, with the sums over parts; the sum of each part over all countries and
/// that of everything are told. Over the years the figure of each country is told as an annual figure would be.
fn table(rows: &[Row]) -> Table {
    let parts = rows[0].parts.len();
    let years: BTreeSet<&str> = rows.iter().map(|row| row.year.as_str()).collect();
    let (mut values, mut blocks, mut cells) = (Vec::new(), Vec::new(), Vec::new());
    let mut told: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for row in rows {
        let first = values.len();
        values.extend(&row.parts);
        let year = years.iter().position(|year| *year == row.year).unwrap();
        blocks.extend(std::iter::repeat_n(year, parts));
        for part in 0..parts {
            cells.push(Cell::new(vec![first + part], Rule::Open));
            let of_year = told.entry(format!("{} {part}", row.year)).or_default();
            of_year.push(first + part);
        }
        let all = first..first + parts;
        cells.push(Cell::new(all.clone().collect(), Rule::Open));
        told.entry(row.country.clone()).or_default().extend(all);
    }
    for (_, variables) in told {
        cells.push(Cell::new(variables, Rule::Told));
    }
    Table::new(values, cells).unwrap().in_blocks(blocks)
}

/// Suppresses, attacks, and prints what comes of it.
fn attack(name: &str, rows: &[Row], k: u32) {
    let table = table(rows);
    let mut budget = Budget::solves(20_000);
    let pattern = decide(&table, k, &mut budget);
    let (safe, exact) = safe_and_exact(&table, &pattern, k);
    let intervals = audit(&table, &pattern);
    let is_primary = |one: &&Interval| (1..k).contains(&value(&table, &table.cells()[one.cell]));
    let primary = intervals.iter().filter(is_primary).count();
    let whole = intervals
        .iter()
        .filter(is_primary)
        .filter(|one| one.min == 0 && one.max.is_none_or(|max| max >= k - 1));
    eprintln!(
        "{name}, threshold {k}: {} counts, {} cells, {primary} primary, {} suppressed with them, {} of the primary \
         ones from 0 to {} or more, {exact} of {safe} safe cells told, coarse: {}, {} linear programs",
        table.values().len(),
        table.cells().len(),
        intervals.len() - primary,
        whole.count(),
        k - 1,
        pattern.is_coarse,
        budget.used()
    );
    for interval in intervals.iter().filter(|one| one.cell < 12) {
        let count = value(&table, &table.cells()[interval.cell]);
        eprintln!(
            "  cell {}: {count} in {:?} to {:?}",
            interval.cell, interval.min, interval.max
        );
    }
    assert_eq!(narrowed(&table, &pattern, k), []);
    assert!(exact * 10 >= safe * 6, "{exact} of {safe}");
}

#[test]
fn real_counts_cannot_be_narrowed_by_linear_programming() {
    let folder = option_env!("UPFRONT_TEST_OVERVIEWS").unwrap_or_default();
    let violence = read(
        folder,
        "insecurity-insight-sexual-violence-overview.json",
        |row| {
            let conflict = count(row, "CRSV events");
            vec![conflict, count(row, "Recorded SV Events") - conflict]
        },
    );
    let education = read(
        folder,
        "insecurity-insight-education-overview.json",
        |row| {
            let columns = ["Killed", "Injured", "Kidnapped", "Arrested"];
            columns
                .map(|column| count(row, &format!("Educators {column}")))
                .to_vec()
        },
    );
    let (Some(violence), Some(education)) = (violence, education) else {
        eprintln!("skipped: UPFRONT_TEST_OVERVIEWS names no folder with the two overviews");
        return;
    };
    attack("sexual violence", &violence, 10);
    attack("sexual violence", &violence, 5);
    attack("educators", &education, 5);
}
