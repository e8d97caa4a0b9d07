//! Small counts in working figures: what a participant of the review is told, and what can be computed back from
//! it.

use std::collections::BTreeMap;

use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use upfront::{
    auth::{Clock, SystemClock},
    sources::{Thresholds, suppress_small_counts},
};

use crate::sources::asking::{Caller, World, on_example};

const COUNT: &str = "{ value state unit }";

async fn ask(world: &World, caller: Caller, source: &str, block: &str) -> Vec<Value> {
    let all = world.all_situations().await;
    let all: Vec<_> = all.iter().map(String::as_str).collect();
    world.blocks(source, caller, block, &all).await
}

fn list<'a>(block: &'a Value, path: &str) -> impl Iterator<Item = &'a Value> {
    block.pointer(path).unwrap().as_array().unwrap().iter()
}

fn exact(count: &Value) -> Option<i64> {
    assert_eq!(count["value"].is_null(), count["state"] != json!("EXACT"));
    count["value"].as_i64()
}

/// What a tally tells, and what it is.
struct Compared {
    violation: String,
    told: Vec<Option<i64>>,
    total: Option<i64>,
    real: Vec<Option<i64>>,
}

async fn tallies(world: &World) -> Vec<Compared> {
    let block = format!(
        "caac {{ violations(periods: {{ from: \"2024-Q4\", to: \"2026-Q3\" }}) {{ violation
           verified {{ boys {COUNT} girls {COUNT} unknown {COUNT} total {COUNT} }} }} }}"
    );
    let told = ask(world, Caller::Confidential, "srsg_caac", &block).await;
    let real = ask(world, Caller::Exact, "srsg_caac", &block).await;
    let mut compared = Vec::new();
    for (told, real) in told.iter().zip(&real) {
        let figures = list(told, "/caac/violations").zip(list(real, "/caac/violations"));
        for (told, real) in figures {
            let columns = ["boys", "girls", "unknown"];
            let of = |figure: &Value| {
                columns
                    .map(|column| exact(&figure["verified"][column]))
                    .to_vec()
            };
            // Participants read totals of the mechanism's own period exactly.
            assert_eq!(told["verified"]["total"], real["verified"]["total"]);
            compared.push(Compared {
                violation: told["violation"].as_str().unwrap().to_owned(),
                told: of(told),
                total: exact(&told["verified"]["total"]),
                real: of(real),
            });
        }
    }
    compared
}

#[tokio::test]
async fn what_is_finer_than_a_total_is_suppressed_where_it_is_small() {
    on_example(|world| async move {
        let (mut small, mut safe, mut told) = (0, 0, 0);
        for tally in tallies(&world).await {
            let suppressed = (tally.told.iter().zip(&tally.real))
                .filter(|(told, real)| told.is_none() && real.is_some())
                .count();
            for (shown, real) in tally.told.iter().zip(&tally.real) {
                let Some(real) = *real else { continue };
                if (1..10).contains(&real) {
                    assert_eq!(*shown, None, "{}", tally.violation);
                    small += 1;
                } else {
                    safe += 1;
                    told += i32::from(shown.is_some());
                }
            }
            // One alone could be subtracted from the total.
            assert_ne!(
                suppressed, 1,
                "{} {:?} {:?}",
                tally.violation, tally.told, tally.total
            );
        }
        assert!(
            small > 100 && told > 0,
            "{small} small, {told} of {safe} safe ones told"
        );
    })
    .await;
}

#[tokio::test]
async fn casualties_are_told_by_the_tables_that_are_decided_and_by_no_finer_ones() {
    on_example(|world| async move {
        let ask_by = async |caller: Caller, by: &str| {
            let block = format!(
                "ohchr {{ casualties(periods: {{ from: \"2026-01\", to: \"2026-03\" }}, by: {by}) {{
                   period {{ code }} sex age status cause killed {COUNT} }} }}"
            );
            ask(&world, caller, "ohchr", &block).await
        };
        for by in ["[SEX]", "[AGE]", "[SEX, AGE]", "[STATUS]", "[CAUSE]"] {
            let (told, real) = (
                ask_by(Caller::Confidential, by).await,
                ask_by(Caller::Exact, by).await,
            );
            let totals = ask_by(Caller::Confidential, "[]").await;
            for ((told, real), totals) in told.iter().zip(&real).zip(&totals) {
                let mut hidden: BTreeMap<String, Vec<i64>> = BTreeMap::new();
                for (told, real) in
                    list(told, "/ohchr/casualties").zip(list(real, "/ohchr/casualties"))
                {
                    let real = exact(&real["killed"]).unwrap_or(0);
                    if told["killed"]["state"] == json!("SUPPRESSED") {
                        hidden
                            .entry(told["period"]["code"].as_str().unwrap().to_owned())
                            .or_default()
                            .push(real);
                    } else {
                        assert!(!(1..5).contains(&real), "{by} {told}");
                    }
                }
                for (period, hidden) in hidden {
                    let total = list(totals, "/ohchr/casualties")
                        .find(|one| one["period"]["code"].as_str() == Some(&period))
                        .and_then(|one| exact(&one["killed"]))
                        .unwrap();
                    // The rest of the total leaves each of them open from zero to the threshold.
                    let rest: i64 = hidden.iter().sum();
                    assert!(
                        hidden.len() > 1 && rest >= total.min(4),
                        "{by} {period} {hidden:?}"
                    );
                }
            }
        }
        for by in [
            "[SEX, CAUSE]",
            "[STATUS, CAUSE]",
            "[SEX, AGE, STATUS, CAUSE]",
        ] {
            for block in ask_by(Caller::Confidential, by).await {
                assert!(
                    list(&block, "/ohchr/casualties").all(|one| one["killed"]["value"].is_null()),
                    "{by} {block}"
                );
            }
            let exact_ones = ask_by(Caller::Exact, by).await;
            let any = exact_ones
                .iter()
                .flat_map(|block| list(block, "/ohchr/casualties"));
            assert!(any.into_iter().any(|one| !one["killed"]["value"].is_null()));
        }
    })
    .await;
}

/// The figure of the only party is not that of the total.
#[tokio::test]
async fn a_violation_of_one_party_may_be_nobodys() {
    on_example(|world| async move {
        let block = format!(
            "caac {{ violations(periods: {{ from: \"2024-Q4\", to: \"2026-Q3\" }}, by: [VIOLATION, PARTY]) {{
               period {{ code }} violation party {{ id }} verified {{ total {COUNT} }} }} }}"
        );
        let mut seen = 0;
        for block in ask(&world, Caller::Confidential, "srsg_caac", &block).await {
            let mut tables: BTreeMap<String, Vec<&Value>> = BTreeMap::new();
            for figure in list(&block, "/caac/violations") {
                let key = format!("{} {}", figure["period"]["code"], figure["violation"]);
                tables.entry(key).or_default().push(&figure["verified"]["total"]);
            }
            for (table, totals) in tables {
                // What nobody collected leaves the total unknown, so that nothing can be subtracted from it.
                if totals.iter().any(|one| one["state"] == json!("NOT_COLLECTED")) {
                    continue;
                }
                let hidden = totals.iter().filter(|one| one["state"] == json!("SUPPRESSED")).count();
                assert_ne!(hidden, 1, "{table}");
                seen += hidden;
            }
        }
        assert!(seen > 0);
    })
    .await;
}

/// Rows that no decision knows: all that is finer than a total is suppressed, until it is decided.
#[tokio::test]
async fn what_is_not_decided_is_suppressed() {
    on_example(|world| async move {
        let block = format!(
            "svc {{ crsv(periods: {{ from: \"2024-11\", to: \"2026-10\" }}, by: [FORM]) {{
               verified {{ women {COUNT} girls {COUNT} total {COUNT} }} }}
             crsvByAdmin1(periods: {{ from: \"2024-Q4\", to: \"2026-Q3\" }}) {{ verified {COUNT} }} }}"
        );
        let decided = ask(&world, Caller::Strict, "srsg_svc", &block).await;
        let some = |blocks: &[Value]| {
            let figures = blocks.iter().flat_map(|block| list(block, "/svc/crsv"));
            figures.filter(|one| one["verified"]["women"]["state"] == json!("EXACT")).count()
        };
        assert!(some(&decided) > 0);
        world.database.write.execute_unprepared("DELETE FROM suppressions").await.unwrap();
        let undecided = ask(&world, Caller::Strict, "srsg_svc", &block).await;
        assert_eq!(some(&undecided), 0);
        for block in &undecided {
            for figure in list(block, "/svc/crsv") {
                assert_eq!(figure["verified"]["girls"]["state"], json!("SUPPRESSED"));
                assert_ne!(figure["verified"]["total"]["state"], json!("SUPPRESSED"));
            }
            for figure in list(block, "/svc/crsvByAdmin1") {
                assert_eq!(figure["verified"]["state"], json!("SUPPRESSED"));
            }
        }
        let decide = || suppress_small_counts(&world.database, Thresholds::default(), SystemClock.instant());
        assert!(decide().await.unwrap() > 0);
        assert_eq!(ask(&world, Caller::Strict, "srsg_svc", &block).await, decided);
        assert_eq!(decide().await.unwrap(), 0, "what is decided stays");
    })
    .await;
}

/// The counts of a figure by their paths, and what tells it apart from other figures.
fn counts(figure: &Value) -> (String, BTreeMap<String, Option<i64>>) {
    fn walk(
        value: &Value,
        path: &str,
        key: &mut String,
        counts: &mut BTreeMap<String, Option<i64>>,
    ) {
        match value.as_object() {
            Some(fields) if fields.contains_key("state") => {
                counts.insert(path.to_owned(), exact(value));
            }
            Some(fields) => {
                for (name, field) in fields {
                    walk(field, &format!("{path}/{name}"), key, counts);
                }
            }
            None => key.extend([path, "=", value.to_string().as_str(), " "]),
        }
    }
    let (mut key, mut all) = (String::new(), BTreeMap::new());
    walk(figure, "", &mut key, &mut all);
    (key, all)
}

/// Of the cells that are not small and finer than a total of the mechanism's own period: how many there are, and
/// how many are told.
async fn safe_and_told(
    world: &World,
    source: &str,
    block: &str,
    path: &str,
    threshold: i64,
) -> (u32, u32) {
    let told = ask(world, Caller::Strict, source, block).await;
    let real = ask(world, Caller::Exact, source, block).await;
    let (mut safe, mut exact) = (0, 0);
    for (told, real) in told.iter().zip(&real) {
        let told: BTreeMap<_, _> = list(told, path).map(counts).collect();
        for (key, real) in list(real, path).map(counts) {
            let told = &told[&key];
            for (name, real) in real {
                if real.is_some_and(|real| !(1..threshold).contains(&real)) {
                    safe += 1;
                    exact += u32::from(told[&name].is_some());
                }
            }
        }
    }
    (safe, exact)
}

/// At least three of five.
#[tokio::test]
async fn most_of_what_is_not_small_is_told() {
    on_example(|world| async move {
        let sexes = format!("boys {COUNT} girls {COUNT} unknown {COUNT}");
        let quarters = "periods: { from: \"2024-Q4\", to: \"2026-Q3\" }";
        let months = "periods: { from: \"2024-11\", to: \"2026-10\" }";
        let caac = |by: &str, fields: &str| {
            format!("caac {{ violations({quarters}, by: [{by}]) {{ period {{ code }} violation {fields} }} }}")
        };
        let svc = |by: &str| {
            format!(
                "svc {{ crsv({months}, by: [{by}]) {{ period {{ code }} form verified {{
                   women {COUNT} girls {COUNT} men {COUNT} boys {COUNT} unknown {COUNT} }} }} }}"
            )
        };
        let ohchr = |by: &str| {
            format!(
                "ohchr {{ casualties({months}, by: [{by}]) {{ period {{ code }} sex age status cause killed {COUNT} }} }}"
            )
        };
        let divisions =
            format!("svc {{ crsvByAdmin1({quarters}) {{ period {{ code }} area {{ id }} verified {COUNT} }} }}");
        let of_parties = format!(
            "party {{ id }} verified {{ {sexes} total {COUNT} }} lateVerified {{ {sexes} total {COUNT} }} pending {COUNT}"
        );
        let of_all = format!("verified {{ {sexes} }} lateVerified {{ {sexes} }}");
        let mut asked = vec![
            ("srsg_caac", caac("VIOLATION", &of_all), "/caac/violations", 10),
            ("srsg_caac", caac("VIOLATION, PARTY", &of_parties), "/caac/violations", 10),
            ("srsg_svc", svc("FORM"), "/svc/crsv", 10),
            ("srsg_svc", svc(""), "/svc/crsv", 10),
            ("srsg_svc", divisions, "/svc/crsvByAdmin1", 10),
        ];
        for by in ["SEX", "AGE", "SEX, AGE", "STATUS", "CAUSE"] {
            asked.push(("ohchr", ohchr(by), "/ohchr/casualties", 5));
        }
        let (mut all, mut all_told) = (0, 0);
        for (source, block, path, threshold) in asked {
            let (safe, told) = safe_and_told(&world, source, &block, path, threshold).await;
            eprintln!("{source} {path}: {told} of {safe} safe cells are told");
            all += safe;
            all_told += told;
        }
        eprintln!("{all_told} of {all} safe cells are told");
        assert!(all_told * 10 >= all * 6, "{all_told} of {all}");
    })
    .await;
}

/// Annual figures by sex and by party are published: of one quarter alone nothing may be suppressed.
#[tokio::test]
async fn no_count_is_what_an_annual_figure_leaves_of_the_other_quarters() {
    on_example(|world| async move {
        let block = format!(
            "caac {{ violations(periods: {{ from: \"2025-Q1\", to: \"2025-Q4\" }}) {{ period {{ code }} violation
               verified {{ boys {COUNT} girls {COUNT} total {COUNT} }} }} }}"
        );
        let (mut alone, mut seen) = (0, 0);
        for block in ask(&world, Caller::Confidential, "srsg_caac", &block).await {
            let mut lines: BTreeMap<String, Vec<(bool, i64)>> = BTreeMap::new();
            for figure in list(&block, "/caac/violations") {
                for sex in ["boys", "girls"] {
                    let count = &figure["verified"][sex];
                    let key = format!("{} {sex}", figure["violation"]);
                    let total = exact(&figure["verified"]["total"]).unwrap_or(0);
                    lines.entry(key).or_default().push((count["state"] == json!("SUPPRESSED"), total));
                }
            }
            for (line, quarters) in lines {
                let hidden = quarters.iter().filter(|(is_hidden, _)| *is_hidden).count();
                seen += hidden;
                // Where nothing was verified in the other quarters, nothing can be hidden in them.
                let others = quarters.iter().filter(|(is_hidden, total)| !is_hidden && *total >= 10).count();
                if hidden == 1 && others > 0 {
                    eprintln!("{line} {quarters:?}");
                    alone += 1;
                }
            }
        }
        assert!(alone == 0 && seen > 0, "{alone} alone of {seen}");
    })
    .await;
}
