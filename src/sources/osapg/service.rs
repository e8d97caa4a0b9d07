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
