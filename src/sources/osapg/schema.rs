//! The graph of OSAPG: what it adds to a situation, and the Framework of Analysis.

use async_graphql::{ComplexObject, Context, Description, ID, Object, Result};
use entities::{risk_assessment, risk_factor, risk_finding, risk_indicator};

use super::{
    ids,
    loader::{
        AssessmentId, AssessmentsOf, FactorKey, FactorNumber, FindingsOf, IndicatorCode,
        IndicatorKey, IndicatorsOf,
    },
    service::{assessment_at, assessments_within},
    store,
    terms::{Presence, RiskScope},
};
use crate::{
    sources::block::mandate_block,
    vocabulary::{
        Classification, Period, PeriodCode, PeriodRange, Provenance, RowPlace, Rows, StoreError,
        StoredText, Trend, bad_input, charged, missing, provenance, record_id,
    },
};

/// The root.
pub(crate) struct Query;

#[Object]
impl Query {
    /// The factors of the Framework of Analysis for Atrocity Crimes, by number.
    #[graphql(tag = "unclassified")]
    async fn risk_factors(&self, context: &Context<'_>) -> Result<Option<Vec<RiskFactor>>> {
        let loader = context.data::<Rows>()?.loader();
        let rows = sea_orm::Select::all(store::factors(&loader.viewer), &loader.database.read)
            .await
            .map_err(StoreError::from)?;
        charged(context, rows, RiskFactor).map(Some)
    }

    #[graphql(entity)]
    async fn find_situation(&self, context: &Context<'_>, id: ID) -> Result<Option<Situation>> {
        Situation::find(context, id).await
    }

    #[graphql(entity)]
    async fn find_block(&self, context: &Context<'_>, id: ID) -> Result<Option<OsapgBlock>> {
        OsapgBlock::find(context, id).await
    }

    #[graphql(entity)]
    async fn find_factor(&self, context: &Context<'_>, number: i32) -> Result<Option<RiskFactor>> {
        Ok(context
            .data::<Rows>()?
            .load_one(FactorNumber(number))
            .await?
            .map(RiskFactor))
    }

    #[graphql(entity)]
    async fn find_indicator(
        &self,
        context: &Context<'_>,
        code: String,
    ) -> Result<Option<RiskIndicator>> {
        Ok(context
            .data::<Rows>()?
            .load_one(IndicatorCode(code))
            .await?
            .map(RiskIndicator))
    }

    #[graphql(entity)]
    async fn find_assessment(
        &self,
        context: &Context<'_>,
        id: ID,
    ) -> Result<Option<RiskAssessment>> {
        Ok(context
            .data::<Rows>()?
            .load_one(AssessmentId(id.0))
            .await?
            .map(RiskAssessment))
    }
}

mandate_block! {
    /// What OSAPG holds on it.
    osapg:
    /// What OSAPG holds on a situation. No score anywhere: the Framework of Analysis ranks nothing.
    OsapgBlock = ids::BLOCK,
    nodes: [RiskAssessment]
}

#[ComplexObject]
impl OsapgBlock {
    /// The latest at or before the period; without one, the latest.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn risk_assessment(
        &self,
        context: &Context<'_>,
        period: Option<PeriodCode>,
    ) -> Result<Option<RiskAssessment>> {
        let rows = context
            .data::<Rows>()?
            .load_one(AssessmentsOf(self.situation))
            .await?;
        let rows = rows.unwrap_or_default();
        let period = period.map(|PeriodCode(period)| period);
        Ok(assessment_at(&rows, period).cloned().map(RiskAssessment))
    }

    /// Those of months and quarters within these, the first first.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn risk_assessments(
        &self,
        context: &Context<'_>,
        periods: PeriodRange,
    ) -> Result<Option<Vec<RiskAssessment>>> {
        let span = periods.span().map_err(bad_input)?;
        let rows = context
            .data::<Rows>()?
            .load_one(AssessmentsOf(self.situation))
            .await?;
        let rows = assessments_within(rows.unwrap_or_default(), span);
        charged(context, rows, RiskAssessment).map(Some)
    }
}

/// A factor of the Framework. number 1 to 14; names and indicators are data (A/70/741-S/2016/71).
#[derive(Clone, Debug, Description)]
pub(crate) struct RiskFactor(risk_factor::Model);

#[Object(use_type_description)]
impl RiskFactor {
    /// 1 to 14.
    #[graphql(tag = "unclassified")]
    async fn number(&self) -> i32 {
        self.0.number
    }

    /// What it is called.
    #[graphql(tag = "unclassified")]
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Which crimes it bears on.
    #[graphql(tag = "unclassified")]
    async fn scope(&self) -> RiskScope {
        self.0.scope.into()
    }

    /// What is looked for.
    #[graphql(tag = "unclassified")]
    async fn indicators(&self, context: &Context<'_>) -> Result<Vec<RiskIndicator>> {
        let rows = context
            .data::<Rows>()?
            .load_one(IndicatorsOf(self.0.id))
            .await?;
        charged(context, rows.unwrap_or_default(), RiskIndicator)
    }
}

/// What is looked for under a factor.
#[derive(Clone, Debug, Description)]
pub(crate) struct RiskIndicator(risk_indicator::Model);

#[Object(use_type_description)]
impl RiskIndicator {
    /// Its code.
    #[graphql(tag = "unclassified")]
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// What it says.
    #[graphql(tag = "unclassified")]
    async fn text(&self) -> &str {
        &self.0.text
    }

    /// The factor it belongs to.
    #[graphql(tag = "unclassified")]
    async fn factor(&self, context: &Context<'_>) -> Result<RiskFactor> {
        let factor = context
            .data::<Rows>()?
            .load_one(FactorKey(self.0.factor_id))
            .await?;
        factor.map(RiskFactor).ok_or_else(missing)
    }
}

/// An assessment of a situation in a period. It has no score, and its findings are not added up.
#[derive(Clone, Debug, Description)]
pub(crate) struct RiskAssessment(risk_assessment::Model);

#[Object(use_type_description)]
impl RiskAssessment {
    /// Opaque.
    #[graphql(tag = "confidential")]
    pub(crate) async fn id(&self, context: &Context<'_>) -> Result<ID> {
        let level = Classification::from(self.0.classification).max(Classification::Confidential);
        record_id(context, &self.0.public_id, level)
    }

    /// Of when.
    #[graphql(requires_scopes = "clearance:confidential")]
    #[expect(clippy::unused_async, reason = "a resolver is asynchronous")]
    async fn period(&self) -> Result<Period> {
        let place = RowPlace {
            table: "risk_assessments",
            id: self.0.id,
        };
        Ok(Period::of_row(place, &self.0.period)?)
    }

    /// What was found, by factor and indicator; of all factors, unless some are given by number.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn findings(
        &self,
        context: &Context<'_>,
        factors: Option<Vec<i32>>,
    ) -> Result<Vec<RiskFinding>> {
        let loader = context.data::<Rows>()?;
        let rows = loader
            .load_one(FindingsOf(self.0.record_key.clone()))
            .await?;
        let rows = rows.unwrap_or_default();
        let indicators = loader
            .load_many(rows.iter().map(|row| IndicatorKey(row.indicator_id)))
            .await?;
        let of_factor = loader
            .load_many(
                indicators
                    .values()
                    .map(|indicator| FactorKey(indicator.factor_id)),
            )
            .await?;
        let mut findings = Vec::with_capacity(rows.len());
        for row in rows {
            let Some(indicator) = indicators.get(&IndicatorKey(row.indicator_id)) else {
                return Err(missing());
            };
            let Some(factor) = of_factor.get(&FactorKey(indicator.factor_id)) else {
                return Err(missing());
            };
            if factors
                .as_ref()
                .is_none_or(|wanted| wanted.contains(&factor.number))
            {
                let place = (factor.number, indicator.position, indicator.id);
                findings.push((
                    place,
                    RiskFinding {
                        row,
                        indicator: indicator.clone(),
                    },
                ));
            }
        }
        findings.sort_by_key(|(place, _)| *place);
        charged(context, findings, |(_, finding)| finding)
    }

    /// Where the record comes from.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn provenance(&self) -> Provenance {
        provenance!(self.0)
    }

    /// What the Special Adviser advises.
    #[graphql(requires_scopes = "clearance:strictly-confidential")]
    async fn advisory_note(&self) -> Option<StoredText> {
        self.0.advisory_note.as_deref().map(Into::into)
    }
}

/// What was found on one indicator.
#[derive(Clone, Debug, Description)]
pub(crate) struct RiskFinding {
    row: risk_finding::Model,
    indicator: risk_indicator::Model,
}

#[Object(use_type_description, requires_scopes = "clearance:confidential")]
impl RiskFinding {
    /// What was looked for.
    async fn indicator(&self) -> RiskIndicator {
        RiskIndicator(self.indicator.clone())
    }

    /// Whether it was observed.
    async fn presence(&self) -> Presence {
        self.row.presence.into()
    }

    /// Where it is heading.
    async fn trend(&self) -> Trend {
        self.row.trend.into()
    }

    /// The documents it rests on.
    async fn evidence(&self) -> &[String] {
        self.row.evidence.as_slice()
    }
}
