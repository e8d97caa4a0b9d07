//! Settings of the monthly review: the rule by which cycles are planned.

use chrono::{NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

/// When inputs are due and meetings are held.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReviewSettings {
    /// On which working day of the month after the period inputs are due.
    pub inputs_due_working_day: u32,
    /// At which hour, in UTC.
    pub inputs_due_hour: u32,
    /// How many days at least pass between that and the meeting.
    pub consolidation_days: u32,
    /// On which weekday the meeting is: `thursday`.
    pub session_weekday: String,
    /// At which hour, in UTC.
    pub session_hour: u32,
    /// How many months ahead cycles are planned by themselves; 0 for none.
    pub months_ahead: u32,
    /// Days on which nobody works: `2027-01-01`.
    pub holidays: Vec<NaiveDate>,
}

impl Default for ReviewSettings {
    fn default() -> Self {
        Self {
            inputs_due_working_day: 3,
            inputs_due_hour: 17,
            consolidation_days: 10,
            session_weekday: "thursday".to_owned(),
            session_hour: 15,
            months_ahead: 2,
            holidays: Vec::new(),
        }
    }
}

impl ReviewSettings {
    /// The weekday of the meeting.
    pub fn weekday(&self) -> Weekday {
        self.session_weekday.parse().unwrap_or(Weekday::Thu)
    }

    pub(super) fn check(&self) -> Result<(), String> {
        let ranges = [
            ("inputs_due_working_day", self.inputs_due_working_day, 1, 20),
            ("inputs_due_hour", self.inputs_due_hour, 0, 23),
            ("consolidation_days", self.consolidation_days, 0, 60),
            ("session_hour", self.session_hour, 0, 23),
            ("months_ahead", self.months_ahead, 0, 24),
        ];
        for (key, value, least, most) in ranges {
            if !(least..=most).contains(&value) {
                return Err(format!("`review.{key}` is from {least} to {most}"));
            }
        }
        if self.session_weekday.parse::<Weekday>().is_err() {
            return Err(format!(
                "`review.session_weekday` is `{}`; it is a weekday in English, such as `thursday`",
                self.session_weekday
            ));
        }
        Ok(())
    }
}
