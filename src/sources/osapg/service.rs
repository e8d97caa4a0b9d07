//! Which assessment answers a question. Nothing here adds indicators up: the Framework ranks
//! nothing.

use chrono::NaiveDate;
use entities::risk_assessment;

use crate::vocabulary::{Period, Span};

/// The latest assessment of a period at or before one; without one, the latest of all.
pub(crate) fn assessment_at(
    assessments: &[risk_assessment::Model],
    period: Option<Period>,
) -> Option<&risk_assessment::Model> {
    let latest: NaiveDate = period.map_or(NaiveDate::MAX, Period::end);
    let at_or_before = assessments
        .iter()
        .filter(|assessment| assessment.period_end <= latest);
    at_or_before.max_by_key(|assessment| (assessment.period_end, assessment.period_start))
}

/// The assessments of periods within a span, the first first.
pub(crate) fn assessments_within(
    assessments: Vec<risk_assessment::Model>,
    span: Span,
) -> Vec<risk_assessment::Model> {
    let mut within: Vec<_> = assessments
        .into_iter()
        .filter(|row| span.start <= row.period_start && row.period_end <= span.end)
        .collect();
    within.sort_by_key(|assessment| (assessment.period_start, assessment.period_end));
    within
}

#[cfg(test)]
mod tests {
    use entities::terms::{Classification, PeriodKind};

    use super::*;

    fn assessment(code: &str) -> risk_assessment::Model {
        let period: Period = code.parse().unwrap();
        risk_assessment::Model {
            id: 1,
            record_key: code.to_owned(),
            public_id: code.to_owned(),
            situation_id: 1,
            period: code.to_owned(),
            period_kind: PeriodKind::Quarter,
            period_start: period.start(),
            period_end: period.end(),
            advisory_note: None,
            source: "OSAPG".to_owned(),
            as_of: chrono::DateTime::UNIX_EPOCH,
            revision: 1,
            revised_at: chrono::DateTime::UNIX_EPOCH,
            is_current: true,
            known_from: chrono::DateTime::UNIX_EPOCH,
            known_to: None,
            sealed_at: None,
            method: None,
            document_symbol: None,
            classification: Classification::Confidential,
        }
    }

    #[test]
    fn the_latest_at_or_before_a_period_answers() {
        let rows = ["2026-Q1", "2025-Q4", "2026-Q3"].map(assessment);
        let at = |period: Option<&str>| {
            assessment_at(&rows, period.map(|code| code.parse().unwrap()))
                .map(|row| row.period.as_str())
        };
        assert_eq!(at(None), Some("2026-Q3"));
        assert_eq!(at(Some("2026-Q2")), Some("2026-Q1"));
        assert_eq!(at(Some("2026-03")), Some("2026-Q1"));
        assert_eq!(at(Some("2026-02")), Some("2025-Q4"));
        assert_eq!(at(Some("2024")), None);
    }
}
