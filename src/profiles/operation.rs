//! The operation that reads a joined profile.

use chrono::{Datelike, Months, NaiveDate};
use serde_json::json;

use crate::gateway::Graph;

/// How many levels of a registered source's field are read.
const LEVELS: usize = 4;

/// What embedded sources are asked.
const OWN: &str = include_str!("profile.graphql");

/// Where the fields of registered sources stand in it.
const PLACE: &str = "    # registered\n";

/// The operation for one situation.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) document: String,
    /// As JSON.
    pub(super) variables: String,
    /// The response names of what registered sources are asked.
    pub(super) registered: Vec<String>,
}

impl Operation {
    /// The operation on what a gateway serves, as of the end of a period.
    pub(super) fn new(graph: &Graph, situation: &str, period_end: NaiveDate) -> Self {
        let fields = graph.fields_over_http("Situation", LEVELS);
        let registered = fields.iter().map(|field| {
            let name = field.split([' ', '{']).next();
            name.unwrap_or_default().to_owned()
        });
        let registered = registered.collect();
        let selections: String = fields
            .iter()
            .map(|field| format!("    {field}\n"))
            .collect();
        let before = |months| {
            let first = period_end.with_day(1).unwrap_or(period_end);
            first
                .checked_sub_months(Months::new(months))
                .unwrap_or(first)
        };
        let month = |day: NaiveDate| day.format("%Y-%m").to_string();
        let quarter = |day: NaiveDate| format!("{}-Q{}", day.year(), (day.month0()) / 3 + 1);
        let year = period_end.year();
        let variables = json!({
            "id": situation,
            "months": { "from": month(before(11)), "to": month(period_end) },
            "quarters": { "from": quarter(before(12)), "to": quarter(period_end) },
            "years": { "from": (year - 3).to_string(), "to": year.to_string() },
        });
        Self {
            document: OWN.replace(PLACE, &selections),
            variables: variables.to_string(),
            registered,
        }
    }
}
