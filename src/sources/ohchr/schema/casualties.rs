//! `CasualtyCount` and what it is made of: persons killed, counted by period and by attributes.

use async_graphql::{Context, Result, SimpleObject};

use super::super::{
    service::{CasualtyArguments, Figure, kept_by},
    terms::{AgeGroup, CasualtyCause, CasualtyDimension, Sex, VictimStatus},
};
use crate::vocabulary::{Count, ListOf, Period, PeriodRange, Provenance, Rows, bad_input, charged};

/// A dimension that was not asked for is null: the row covers all of its values.
#[derive(SimpleObject)]
#[graphql(tag = "unclassified")]
pub(crate) struct CasualtyCount {
    /// Of when.
    period: Period,
    /// Of which sex.
    sex: Option<Sex>,
    /// Of which age group.
    age: Option<AgeGroup>,
    /// Of which status.
    status: Option<VictimStatus>,
    /// By which cause.
    cause: Option<CasualtyCause>,
    /// How many.
    killed: Count,
    /// Whether the figure can be compared with that of the period before.
    comparable_with_previous: bool,
    /// Null where nothing was recorded.
    provenance: Option<Provenance>,
}

impl From<Figure> for CasualtyCount {
    fn from(figure: Figure) -> Self {
        Self {
            period: figure.period,
            sex: figure.group.sex,
            age: figure.group.age,
            status: figure.group.status,
            cause: figure.group.cause,
            killed: figure.killed,
            comparable_with_previous: figure.is_comparable,
            provenance: figure.provenance,
        }
    }
}

/// The figures of one situation.
pub(super) async fn list(
    context: &Context<'_>,
    situation: i64,
    periods: PeriodRange,
    by: Vec<CasualtyDimension>,
    is_published: bool,
) -> Result<Option<Vec<CasualtyCount>>> {
    let span = periods.span_by(kept_by(is_published)).map_err(bad_input)?;
    let arguments = CasualtyArguments::new(span, by, is_published).map_err(bad_input)?;
    let figures = context
        .data::<Rows>()?
        .load_one(ListOf::new(situation, arguments))
        .await?;
    charged(
        context,
        figures.transpose()?.unwrap_or_default(),
        Into::into,
    )
    .map(Some)
}
