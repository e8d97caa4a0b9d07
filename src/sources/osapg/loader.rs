//! Batches of OSAPG's records: one key type for each kind of question.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use entities::{risk_assessment, risk_factor, risk_finding, risk_indicator};
use sea_orm::{ColumnTrait, QueryFilter};

use super::store;
use crate::{
    database::Database,
    vocabulary::{RequestLoader, StoreError, Viewer, all_of, list_loader, row_loader},
};

/// Reads OSAPG's records for one request.
#[derive(Debug)]
pub(crate) struct OsapgLoader {
    /// Where they are.
    pub(crate) database: Database,
    /// For whom.
    pub(crate) viewer: Viewer,
}

/// The loader as a request holds it.
pub(crate) type Osapg = RequestLoader<OsapgLoader>;

row_loader! {
    /// A factor, by its number.
    FactorNumber(i32), OsapgLoader, risk_factor.number = Number, store::factors
}
row_loader! {
    /// A factor, by its surrogate key.
    FactorKey(i64), OsapgLoader, risk_factor.id = Id, store::factors
}
row_loader! {
    /// An indicator, by its code.
    IndicatorCode(String), OsapgLoader, risk_indicator.code = Code, store::indicators
}
row_loader! {
    /// An indicator, by its surrogate key.
    IndicatorKey(i64), OsapgLoader, risk_indicator.id = Id, store::indicators
}
list_loader! {
    /// The indicators of a factor.
    IndicatorsOf, OsapgLoader, risk_indicator.factor_id = FactorId, store::indicators
}
row_loader! {
    /// An assessment, by its id in the graph.
    AssessmentId(String), OsapgLoader,
    risk_assessment.public_id = PublicId, store::current_assessments
}
list_loader! {
    /// The assessments of a situation.
    AssessmentsOf, OsapgLoader, risk_assessment.situation_id = SituationId, store::current_assessments
}

/// The findings of an assessment, which they name by its natural key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct FindingsOf(pub(crate) String);

impl Loader<FindingsOf> for OsapgLoader {
    type Value = Vec<risk_finding::Model>;
    type Error = StoreError;

    async fn load(
        &self,
        keys: &[FindingsOf],
    ) -> Result<HashMap<FindingsOf, Self::Value>, StoreError> {
        let rows = all_of(keys, &self.database.read, |chunk| {
            let assessments = chunk.iter().map(|key| &*key.0);
            store::findings(self.viewer)
                .filter(risk_finding::Column::AssessmentKey.is_in(assessments))
        })
        .await?;
        let mut lists: HashMap<_, Vec<_>> = HashMap::new();
        for row in rows {
            lists
                .entry(FindingsOf(row.assessment_key.clone()))
                .or_default()
                .push(row);
        }
        Ok(lists)
    }
}
