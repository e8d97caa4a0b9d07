//! Batches of OSAPG's records: one key type for each kind of question.

use entities::{risk_assessment, risk_factor, risk_finding, risk_indicator};

use super::store;
use crate::vocabulary::{list_loader, row_loader};

row_loader! {
    /// A factor, by its number.
    FactorNumber(i32), risk_factor.number = Number, store::factors
}
row_loader! {
    /// A factor, by its surrogate key.
    FactorKey(i64), risk_factor.id = Id, store::factors
}
row_loader! {
    /// An indicator, by its code.
    IndicatorCode(String), risk_indicator.code = Code, store::indicators
}
row_loader! {
    /// An indicator, by its surrogate key.
    IndicatorKey(i64), risk_indicator.id = Id, store::indicators
}
list_loader! {
    /// The indicators of a factor.
    IndicatorsOf, risk_indicator.factor_id = FactorId, store::indicators
}
row_loader! {
    /// An assessment, by its id in the graph.
    AssessmentId(String), risk_assessment.public_id = PublicId, store::current_assessments
}
list_loader! {
    /// The assessments of a situation.
    AssessmentsOf, risk_assessment.situation_id = SituationId, store::current_assessments
}
list_loader! {
    /// The findings of an assessment, which they name by its natural key.
    FindingsOf(String), risk_finding.assessment_key = AssessmentKey, store::findings
}
