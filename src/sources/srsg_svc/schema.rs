//! The graph of SRSG-SVC: what it adds to a situation, and its listings.

use async_graphql::{ComplexObject, Context, Description, ID, Object, Result, SimpleObject};
use entities::{commitment, crsv_listing};

use super::{
    ids,
    loader::{ByDivision, CommitmentsOf, ListingId, ListingsOf, SettingOf},
    service::{
        CrsvArguments, DIVISIONS_KEPT_BY, DivisionFigure, Figure, Tally, kept_by, with_caveat,
    },
    terms::{CrsvCommitmentKind, CrsvDimension, CrsvForm, CrsvSetting},
};
use crate::{
    sources::{block::mandate_block, listings},
    vocabulary::{
        Area, Count, Date, ListOf, Party, Period, PeriodRange, Provenance, RowPlace, Rows,
        StoredText, area, bad_input, charged, needs_situation, party, provenance, record_id_on,
        without_document,
    },
};

/// The root: entities alone.
pub(crate) struct Query;

#[Object]
impl Query {
    #[graphql(entity)]
    async fn find_situation(&self, context: &Context<'_>, id: ID) -> Result<Option<Situation>> {
        Situation::find(context, id).await
    }

    #[graphql(entity)]
    async fn find_block(&self, context: &Context<'_>, id: ID) -> Result<Option<SvcBlock>> {
        SvcBlock::find(context, id).await
    }

    #[graphql(entity)]
    async fn find_listing(&self, context: &Context<'_>, id: ID) -> Result<Option<CrsvListing>> {
        Ok(context
            .data::<Rows>()?
            .load_one(ListingId(id.0))
            .await?
            .map(CrsvListing))
    }
}

mandate_block! {
    /// What SRSG-SVC holds on it.
    svc:
    /// What SRSG-SVC holds on a situation. caveats always holds the one on under-reporting: zero never means absence.
    SvcBlock = ids::BLOCK,
    nodes: [CrsvListing],
    frame: with_caveat
}

#[ComplexObject]
impl SvcBlock {
    /// Which kind of setting it is in the annual report.
    #[graphql(tag = "unclassified")]
    async fn setting(&self, context: &Context<'_>) -> Result<Option<CrsvSetting>> {
        let row = context
            .data::<Rows>()?
            .load_one(SettingOf(self.situation))
            .await?;
        Ok(row.map(|row| row.setting.into()))
    }

    /// The parties listed, by name in the annex; without those that were taken off, unless asked for.
    #[graphql(tag = "unclassified")]
    async fn listings(
        &self,
        context: &Context<'_>,
        #[graphql(default_with = "Some(false)")] include_delisted: Option<bool>,
    ) -> Result<Option<Vec<CrsvListing>>> {
        let rows = context
            .data::<Rows>()?
            .load_one(ListingsOf(self.situation))
            .await?;
        let rows = rows.unwrap_or_default();
        let rows = listings::standing(context, rows, include_delisted, |row| row.delisted_on)?;
        charged(context, rows, CrsvListing).map(Some)
    }

    /// Annual figures as the report prints them: those of the tables that break them down by exactly `by`. Nothing is crossed more finely; `provenance` cites document and table.
    #[graphql(tag = "unclassified")]
    async fn published_crsv(
        &self,
        context: &Context<'_>,
        years: PeriodRange,
        #[graphql(default)] by: Vec<CrsvDimension>,
    ) -> Result<Option<Vec<CrsvCount>>> {
        self.figures(context, years, &by, true).await
    }

    /// National working figures. Only what is recorded: a period or group without a row was not counted.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn crsv(
        &self,
        context: &Context<'_>,
        periods: PeriodRange,
        #[graphql(default)] by: Vec<CrsvDimension>,
    ) -> Result<Option<Vec<CrsvCount>>> {
        self.figures(context, periods, &by, false).await
    }

    /// Working figures by first-level division and quarter.
    #[graphql(requires_scopes = "clearance:strictly-confidential")]
    async fn crsv_by_admin1(
        &self,
        context: &Context<'_>,
        periods: PeriodRange,
    ) -> Result<Option<Vec<CrsvAdmin1Count>>> {
        let span = periods.span_by(DIVISIONS_KEPT_BY).map_err(bad_input)?;
        let list = ListOf::new(self.situation, ByDivision(span));
        let figures = context.data::<Rows>()?.load_one(list).await?;
        let figures = figures.transpose()?.unwrap_or_default();
        charged(context, figures, CrsvAdmin1Count).map(Some)
    }
}

impl SvcBlock {
    async fn figures(
        &self,
        context: &Context<'_>,
        periods: PeriodRange,
        by: &[CrsvDimension],
        is_published: bool,
    ) -> Result<Option<Vec<CrsvCount>>> {
        let span = periods.span_by(kept_by(is_published)).map_err(bad_input)?;
        let is_by_form = by.contains(&CrsvDimension::Form);
        let list = ListOf::new(
            self.situation,
            CrsvArguments {
                span,
                is_by_form,
                is_published,
            },
        );
        let figures = context.data::<Rows>()?.load_one(list).await?;
        charged(context, figures.transpose()?.unwrap_or_default(), CrsvCount).map(Some)
    }
}

/// verified and pending are never summed, here or by a client. What nobody recorded is no row.
#[derive(Clone, Debug, Description)]
pub(crate) struct CrsvCount(Figure);

#[Object(use_type_description, tag = "unclassified")]
impl CrsvCount {
    /// Of when.
    async fn period(&self) -> Period {
        self.0.period
    }

    /// Of which form; null over all forms, unless FORM is asked for.
    async fn form(&self) -> Option<CrsvForm> {
        self.0.form
    }

    /// Verified.
    async fn verified(&self) -> CrsvTally {
        self.0.verified.into()
    }

    /// Whether the figure can be compared with that of the period before.
    async fn comparable_with_previous(&self) -> bool {
        self.0.is_comparable
    }

    /// Where it comes from.
    async fn provenance(&self) -> Provenance {
        self.0.provenance.clone()
    }

    /// Awaiting verification.
    #[graphql(requires_scopes = "clearance:strictly-confidential")]
    async fn pending(&self) -> Option<Count> {
        Some(self.0.pending)
    }
}

/// Persons by sex and age.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(tag = "unclassified")]
pub(crate) struct CrsvTally {
    /// Women.
    women: Count,
    /// Girls.
    girls: Count,
    /// Men.
    men: Count,
    /// Boys.
    boys: Count,
    /// Sex or age unknown.
    unknown: Count,
    /// All; stated on its own, not summed from the others.
    total: Count,
}

impl From<Tally> for CrsvTally {
    fn from(tally: Tally) -> Self {
        let Tally {
            women,
            girls,
            men,
            boys,
            unknown,
            total,
        } = tally;
        Self {
            women,
            girls,
            men,
            boys,
            unknown,
            total,
        }
    }
}

/// What was verified in a first-level division.
#[derive(Clone, Debug, Description)]
pub(crate) struct CrsvAdmin1Count(DivisionFigure);

#[Object(
    use_type_description,
    requires_scopes = "clearance:strictly-confidential"
)]
impl CrsvAdmin1Count {
    /// Of when.
    async fn period(&self) -> Period {
        self.0.period
    }

    /// Where.
    async fn area(&self, context: &Context<'_>) -> Result<Option<Area>> {
        area(context, Some(self.0.area)).await
    }

    /// Verified.
    async fn verified(&self) -> Count {
        self.0.verified
    }

    /// Where it comes from.
    async fn provenance(&self) -> Provenance {
        self.0.provenance.clone()
    }
}

/// A party credibly suspected of conflict-related sexual violence.
#[derive(Clone, Debug, Description)]
pub(crate) struct CrsvListing(crsv_listing::Model);

#[Object(use_type_description)]
impl CrsvListing {
    /// Opaque.
    #[graphql(tag = "unclassified")]
    pub(crate) async fn id(&self, context: &Context<'_>) -> Result<ID> {
        let row = &self.0;
        let level = listings::level(context, row.classification, row.known_from)?;
        record_id_on(context, row.situation_id, &row.public_id, level).await
    }

    /// The name in the annex.
    #[graphql(tag = "unclassified")]
    async fn listed_as(&self) -> &str {
        &self.0.listed_as
    }

    /// The party.
    #[graphql(tag = "unclassified")]
    async fn party(&self, context: &Context<'_>) -> Result<Option<Party>> {
        party(context, Some(self.0.party_id)).await
    }

    /// When it was listed.
    #[graphql(tag = "unclassified")]
    async fn listed_on(&self) -> Date {
        Date(self.0.listed_on)
    }

    /// When it was taken off.
    #[graphql(tag = "unclassified")]
    async fn delisted_on(&self) -> Option<Date> {
        self.0.delisted_on.map(Date)
    }

    /// From when this revision is public; null where it was not held back.
    #[graphql(tag = "unclassified")]
    async fn public_on(&self) -> Option<Date> {
        self.0.public_on.map(Date)
    }

    /// The report that lists it.
    #[graphql(tag = "unclassified")]
    #[expect(clippy::unused_async, reason = "a resolver is asynchronous")]
    async fn document_symbol(&self) -> Result<&str> {
        let symbol = self.0.document_symbol.as_deref();
        Ok(symbol.ok_or_else(|| {
            without_document(RowPlace {
                table: "crsv_listings",
                id: self.0.id,
            })
        })?)
    }

    /// How it committed itself, the first commitment first.
    #[graphql(tag = "unclassified")]
    async fn commitments(&self, context: &Context<'_>) -> Result<Vec<CrsvCommitment>> {
        let key = CommitmentsOf(self.0.record_key.clone());
        let rows = context.data::<Rows>()?.load_one(key).await?;
        charged(context, rows.unwrap_or_default(), CrsvCommitment)
    }

    /// Where the record comes from.
    #[graphql(tag = "unclassified")]
    async fn provenance(&self) -> Provenance {
        provenance!(self.0)
    }

    /// Notes on the listing.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn notes(&self, context: &Context<'_>) -> Result<Option<StoredText>> {
        let is_told = needs_situation(context, self.0.situation_id).await?;
        let text = self.0.notes.as_deref().filter(|_| is_told);
        Ok(text.map(Into::into))
    }
}

/// How a listed party committed itself.
#[derive(Clone, Debug, Description)]
pub(crate) struct CrsvCommitment(commitment::Model);

#[Object(use_type_description, tag = "unclassified")]
impl CrsvCommitment {
    /// In which form.
    async fn kind(&self) -> CrsvCommitmentKind {
        self.0.kind.into()
    }

    /// When.
    async fn made_on(&self) -> Date {
        Date(self.0.made_on)
    }

    /// Where it can be read.
    async fn document_url(&self) -> Option<&str> {
        self.0.document_url.as_deref()
    }
}
