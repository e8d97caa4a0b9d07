//! The graph of SRSG-CAAC: what it adds to a situation, and its listings.

use async_graphql::{ComplexObject, Context, Description, ID, Object, Result, SimpleObject};
use entities::caac_listing;

use super::{
    figure::Figure,
    ids,
    loader::{ListingId, ListingsOf},
    service::{ViolationArguments, kept_by, triggers},
    tally::Tally,
    terms::{
        ActionPlanStatus, AnnexSection, CaacAnnex, GraveViolation, ListingTrigger,
        ViolationDimension,
    },
};
use crate::{
    sources::{block::mandate_block, listings},
    vocabulary::{
        Count, Date, ListOf, Party, Period, PeriodRange, Provenance, RowPlace, Rows, StoredText,
        bad_input, charged, needs_situation, party, provenance, record_id_on, without_document,
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
    async fn find_block(&self, context: &Context<'_>, id: ID) -> Result<Option<CaacBlock>> {
        CaacBlock::find(context, id).await
    }

    #[graphql(entity)]
    async fn find_listing(&self, context: &Context<'_>, id: ID) -> Result<Option<CaacListing>> {
        Ok(context
            .data::<Rows>()?
            .load_one(ListingId(id.0))
            .await?
            .map(CaacListing))
    }
}

mandate_block! {
    /// What SRSG-CAAC holds on it.
    caac:
    /// What SRSG-CAAC holds on a situation.
    CaacBlock = ids::BLOCK,
    nodes: [CaacListing]
}

#[ComplexObject]
impl CaacBlock {
    /// The parties listed, by name in the annex; without those that were taken off, unless asked for.
    #[graphql(tag = "unclassified")]
    async fn listings(
        &self,
        context: &Context<'_>,
        #[graphql(default_with = "Some(false)")] include_delisted: Option<bool>,
    ) -> Result<Option<Vec<CaacListing>>> {
        let rows = context
            .data::<Rows>()?
            .load_one(ListingsOf(self.situation))
            .await?;
        let rows = rows.unwrap_or_default();
        let rows = listings::standing(context, rows, include_delisted, |row| row.delisted_on)?;
        charged(context, rows, CaacListing).map(Some)
    }

    /// Annual figures as reports to the Security Council print them: those of the tables that break them down by exactly `by`, which is always by VIOLATION. Nothing is crossed more finely; `provenance` cites document and table.
    #[graphql(tag = "unclassified")]
    async fn published_violations(
        &self,
        context: &Context<'_>,
        years: PeriodRange,
        #[graphql(default_with = "vec![ViolationDimension::Violation]")] by: Vec<
            ViolationDimension,
        >,
    ) -> Result<Option<Vec<ViolationCount>>> {
        let span = years.span_by(kept_by(true)).map_err(bad_input)?;
        self.figures(context, ViolationArguments::new(span, &by, None, true))
            .await
    }

    /// Working figures. Verification runs by quarter: `periods` covers whole quarters. Dense by quarter and violation. Always by VIOLATION: victims and incidents do not add up.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn violations(
        &self,
        context: &Context<'_>,
        periods: PeriodRange,
        #[graphql(default_with = "vec![ViolationDimension::Violation]")] by: Vec<
            ViolationDimension,
        >,
        kinds: Option<Vec<GraveViolation>>,
    ) -> Result<Option<Vec<ViolationCount>>> {
        let span = periods.span_by(kept_by(false)).map_err(bad_input)?;
        self.figures(context, ViolationArguments::new(span, &by, kinds, false))
            .await
    }
}

impl CaacBlock {
    async fn figures(
        &self,
        context: &Context<'_>,
        arguments: std::result::Result<ViolationArguments, String>,
    ) -> Result<Option<Vec<ViolationCount>>> {
        let list = ListOf::new(self.situation, arguments.map_err(bad_input)?);
        let figures = context.data::<Rows>()?.load_one(list).await?;
        charged(
            context,
            figures.transpose()?.unwrap_or_default(),
            ViolationCount,
        )
        .map(Some)
    }
}

/// verified, lateVerified and pending are never summed, here or by a client.
#[derive(Clone, Debug, Description)]
pub(crate) struct ViolationCount(Figure);

#[Object(use_type_description, tag = "unclassified")]
impl ViolationCount {
    /// Of when.
    async fn period(&self) -> Period {
        self.0.period
    }

    /// Of which violation.
    async fn violation(&self) -> GraveViolation {
        self.0.violation
    }

    /// The party it is attributed to; null where it is attributed to none that the caller may know of, and unless PARTY is asked for.
    async fn party(&self, context: &Context<'_>) -> Result<Option<Party>> {
        party(context, self.0.party).await
    }

    /// Verified within the period.
    async fn verified(&self) -> ChildTally {
        self.0.verified.into()
    }

    /// Of this period, verified after its end.
    async fn late_verified(&self) -> ChildTally {
        self.0.late.into()
    }

    /// Whether the figure can be compared with that of the period before.
    async fn comparable_with_previous(&self) -> bool {
        self.0.is_comparable
    }

    /// Null where nothing was recorded.
    async fn provenance(&self) -> Option<Provenance> {
        self.0.provenance.clone()
    }

    /// Awaiting verification.
    #[graphql(requires_scopes = "clearance:strictly-confidential")]
    async fn pending(&self) -> Option<Count> {
        Some(self.0.pending)
    }
}

/// boys, girls and unknown are `NOT_COLLECTED` where the unit is INCIDENTS.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(tag = "unclassified")]
pub(crate) struct ChildTally {
    /// Boys.
    boys: Count,
    /// Girls.
    girls: Count,
    /// Sex unknown.
    unknown: Count,
    /// All; stated on its own, not summed from the others.
    total: Count,
}

impl From<Tally> for ChildTally {
    fn from(tally: Tally) -> Self {
        let Tally {
            boys,
            girls,
            unknown,
            total,
        } = tally;
        Self {
            boys,
            girls,
            unknown,
            total,
        }
    }
}

/// A party listed for grave violations against children.
#[derive(Clone, Debug, Description)]
pub(crate) struct CaacListing(caac_listing::Model);

#[Object(use_type_description)]
impl CaacListing {
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

    /// Which annex.
    #[graphql(tag = "unclassified")]
    async fn annex(&self) -> CaacAnnex {
        self.0.annex.into()
    }

    /// Which section of it.
    #[graphql(tag = "unclassified")]
    async fn section(&self) -> AnnexSection {
        self.0.section.into()
    }

    /// What it is listed for.
    #[graphql(tag = "unclassified")]
    #[expect(clippy::unused_async, reason = "a resolver is asynchronous")]
    async fn triggers(&self) -> Result<Vec<ListingTrigger>> {
        let triggers = triggers(&self.0)?.into_iter();
        Ok(triggers.map(Into::into).collect())
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
                table: "caac_listings",
                id: self.0.id,
            })
        })?)
    }

    /// How far its action plan is.
    #[graphql(tag = "unclassified")]
    async fn action_plan_status(&self) -> ActionPlanStatus {
        self.0.action_plan_status.into()
    }

    /// When that was signed.
    #[graphql(tag = "unclassified")]
    async fn action_plan_signed_on(&self) -> Option<Date> {
        self.0.action_plan_signed_on.map(Date)
    }

    /// Where the record comes from.
    #[graphql(tag = "unclassified")]
    async fn provenance(&self) -> Provenance {
        provenance!(self.0)
    }

    /// Notes on the action plan.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn action_plan_notes(&self, context: &Context<'_>) -> Result<Option<StoredText>> {
        let is_told = needs_situation(context, self.0.situation_id).await?;
        let text = self.0.action_plan_notes.as_deref().filter(|_| is_told);
        Ok(text.map(Into::into))
    }
}
