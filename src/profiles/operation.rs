//! The operation that reads joined profiles.

use std::fmt::Write;

use chrono::{Datelike, Months, NaiveDate};
use serde_json::json;

use crate::gateway::Graph;

/// How many levels of a registered source's field are read.
const LEVELS: usize = 4;

/// What is asked of a situation.
const PROFILE: &str = include_str!("profile.graphql");

/// Where the fields of registered sources stand in it.
const PLACE: &str = "  # registered\n";

const GIVEN: &str =
    "$cycle: ID!, $months: PeriodRange!, $quarters: PeriodRange!, $years: PeriodRange!";

/// The operation on what a gateway serves, as of the end of a period.
#[derive(Debug)]
pub(super) struct Operation {
    /// The document for one situation, `$id`: what is stored with a profile.
    pub(super) document: String,
    /// The same for several at once: `s0`, `s1` and so on.
    pub(super) document_of_all: String,
    /// As JSON.
    pub(super) variables: String,
    /// The response names of what registered sources are asked.
    pub(super) registered: Vec<String>,
}

impl Operation {
    /// The operation for some situations.
    pub(super) fn new(
        graph: &Graph,
        situations: &[String],
        (cycle, period_end): (&str, NaiveDate),
    ) -> Self {
        let fields = graph.fields_over_http("Situation", LEVELS);
        let name = |field: &String| {
            let name = field.split([' ', '{']).next();
            name.unwrap_or_default().to_owned()
        };
        let selections: Vec<_> = fields.iter().map(|field| format!("  {field}\n")).collect();
        let profile = PROFILE.replace(PLACE, &selections.concat());
        let mut variables = periods(period_end);
        if let Some(variables) = variables.as_object_mut() {
            variables.insert("cycle".to_owned(), json!(cycle));
        }
        let (mut ids, mut roots) = (String::new(), String::new());
        for (number, situation) in situations.iter().enumerate() {
            // Writing to a text does not fail.
            let _ = write!(ids, "$id{number}: ID!, ");
            let _ = writeln!(
                roots,
                "  s{number}: situation(id: $id{number}) {{ ...Profile }}"
            );
            if let Some(variables) = variables.as_object_mut() {
                variables.insert(format!("id{number}"), json!(situation));
            }
        }
        Self {
            document: format!(
                "query FrozenProfile($id: ID!, {GIVEN}) {{\n  situation(id: $id) {{ ...Profile }}\n}}\n\n{profile}"
            ),
            document_of_all: format!(
                "query FrozenProfiles({ids}{GIVEN}) {{\n{roots}}}\n\n{profile}"
            ),
            variables: variables.to_string(),
            registered: fields.iter().map(name).collect(),
        }
    }
}

/// The periods that figures are read of: a year of months, three years of quarters, four years.
fn periods(period_end: NaiveDate) -> serde_json::Value {
    let before = |months| {
        let first = period_end.with_day(1).unwrap_or(period_end);
        first
            .checked_sub_months(Months::new(months))
            .unwrap_or(first)
    };
    let month = |day: NaiveDate| day.format("%Y-%m").to_string();
    let quarter = |day: NaiveDate| format!("{}-Q{}", day.year(), day.month0() / 3 + 1);
    let year = period_end.year();
    json!({
        "months": { "from": month(before(11)), "to": month(period_end) },
        "quarters": { "from": quarter(before(33)), "to": quarter(period_end) },
        "years": { "from": (year - 3).to_string(), "to": year.to_string() },
    })
}
