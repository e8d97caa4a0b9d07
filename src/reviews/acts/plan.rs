//! The rule by which monthly cycles are planned ahead: working days, a weekday for the meeting, holidays.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, Utc, Weekday};
use entities::terms::CycleKind;

use super::super::state::{Cycle, NewCycle, State};

/// The rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planning {
    /// On which working day of the month after the period inputs are due.
    pub inputs_due_working_day: u32,
    /// At which hour, in UTC.
    pub inputs_due_hour: u32,
    /// How many days the inputs are joined at least.
    pub consolidation_days: u32,
    /// On which weekday the meeting is.
    pub session_weekday: Weekday,
    /// At which hour, in UTC.
    pub session_hour: u32,
    /// How many months ahead cycles are planned by themselves; 0 for none.
    pub months_ahead: u32,
    /// Days on which nobody works.
    pub holidays: Vec<NaiveDate>,
}

impl Default for Planning {
    fn default() -> Self {
        Self {
            inputs_due_working_day: 3,
            inputs_due_hour: 17,
            consolidation_days: 10,
            session_weekday: Weekday::Thu,
            session_hour: 15,
            months_ahead: 2,
            holidays: Vec::new(),
        }
    }
}

impl Planning {
    /// The monthly cycle of a period, by its first day: inputs are opened on the first working day of the month after
    /// it, due on the nth, and the meeting is on the first given weekday after they had time to be joined.
    pub(crate) fn cycle(&self, period_start: NaiveDate) -> Option<NewCycle> {
        let month_after = period_start.checked_add_months(Months::new(1))?;
        let due_on = self.working_day(month_after, self.inputs_due_working_day)?;
        let opens_on = self.working_day(month_after, 1)?;
        let due_at = at(due_on, self.inputs_due_hour)?;
        let opens_at = at(opens_on, 0)?;
        let mut session_on = due_on.checked_add_days(Days::new(self.consolidation_days.into()))?;
        while session_on.weekday() != self.session_weekday || self.holidays.contains(&session_on) {
            session_on = session_on.succ_opt()?;
        }
        Some(NewCycle {
            kind: CycleKind::Monthly,
            period: period_start.format("%Y-%m").to_string(),
            period_start,
            opens_at: Some(opens_at).filter(|opens| *opens < due_at),
            inputs_due_at: due_at,
            session_at: at(session_on, self.session_hour),
        })
    }

    /// The next cycle that is still to be planned, counted from the last that is; none where enough are.
    pub(crate) fn next(&self, state: &State, today: NaiveDate) -> Option<NewCycle> {
        let monthly = |cycle: &&Cycle| cycle.kind == CycleKind::Monthly;
        let last = state.cycles.values().filter(monthly);
        let last = last.map(|cycle| cycle.period_start).max()?;
        let next = last.checked_add_months(Months::new(1))?;
        let this_month = today.with_day(1)?;
        let horizon = this_month.checked_add_months(Months::new(self.months_ahead))?;
        (self.months_ahead > 0 && next < horizon)
            .then(|| self.cycle(next))
            .flatten()
    }

    fn working_day(&self, first: NaiveDate, number: u32) -> Option<NaiveDate> {
        let mut day = first;
        let mut left = number.max(1);
        loop {
            let is_weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
            if !is_weekend && !self.holidays.contains(&day) {
                left -= 1;
                if left == 0 {
                    return Some(day);
                }
            }
            day = day.succ_opt()?;
        }
    }
}

fn at(day: NaiveDate, hour: u32) -> Option<DateTime<Utc>> {
    let time = NaiveTime::from_hms_opt(hour, 0, 0)?;
    Some(day.and_time(time).and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn days_are_counted_without_weekends_and_holidays() {
        let planning = Planning {
            holidays: vec![day("2027-01-01")],
            ..Planning::default()
        };
        // 1 January 2027 is a Friday.
        let cycle = planning.cycle(day("2026-12-01")).unwrap();
        assert_eq!(cycle.period, "2026-12");
        assert_eq!(cycle.opens_at, at(day("2027-01-04"), 0));
        assert_eq!(cycle.inputs_due_at, at(day("2027-01-06"), 17).unwrap());
        // Ten days to join them, and then the first Thursday.
        assert_eq!(cycle.session_at, at(day("2027-01-21"), 15));
        let leap = planning.cycle(day("2028-01-01")).unwrap();
        assert_eq!(leap.inputs_due_at, at(day("2028-02-03"), 17).unwrap());
    }
}
