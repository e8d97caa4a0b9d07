//! What entities hand in.

use async_graphql::{Context, Description, ID, Object, Result, SimpleObject};
use entities::{input_narrative, terms};

use super::{
    super::{
        loader::{CycleKey, NarrativesOf, RecordId, SituationKey},
        terms::InputKind,
    },
    objects::{EntityInput, ReviewCycle, Situation},
};
use crate::{
    sources::MANDATES,
    vocabulary::{
        Classification, Confidence, Coverage, Date, DateTime, EntityCode, GapKind, InputStatus,
        RecordLevels, Rows, StoredText, Viewer, charged, is_told_to_all, missing, record_id,
    },
};

/// A part of the text of an input.
#[derive(Clone, Debug, Description)]
pub(crate) struct InputNarrative(input_narrative::Model);

#[Object(use_type_description, requires_scopes = "clearance:confidential")]
impl InputNarrative {
    /// What it is about.
    async fn heading(&self) -> StoredText {
        self.0.heading.as_str().into()
    }

    /// The text.
    async fn body(&self) -> StoredText {
        self.0.body.as_str().into()
    }

    /// Who may read it, at most.
    async fn classification(&self) -> Classification {
        self.0.classification.into()
    }
}

/// Why an entity could not report on a situation.
#[derive(SimpleObject, Debug)]
#[graphql(requires_scopes = "clearance:confidential")]
pub(crate) struct InputGap {
    /// Which kind of gap.
    kind: GapKind,
    /// Since when.
    since: Option<Date>,
    /// What else there is to say of it.
    note: Option<StoredText>,
}

/// Some days, both included.
#[derive(SimpleObject, Debug)]
#[graphql(requires_scopes = "clearance:confidential")]
pub(crate) struct Days {
    /// The first.
    from: Date,
    /// The last.
    until: Date,
}

#[Object(use_type_description)]
impl EntityInput {
    /// Opaque.
    #[graphql(tag = "confidential")]
    pub(crate) async fn id(&self, context: &Context<'_>) -> Result<ID> {
        record_id(context, &self.0.public_id, Classification::Confidential)
    }

    /// Which entity.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn entity(&self) -> EntityCode {
        self.0.entity.clone().into()
    }

    /// On which situation.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn situation(&self, context: &Context<'_>) -> Result<Situation> {
        let key = SituationKey(self.0.situation_id);
        context
            .data::<Rows>()?
            .load_one(key)
            .await?
            .map(Situation)
            .ok_or_else(missing)
    }

    /// How far it is. A nil return is information; what was not received is a gap. What its entity has not cleared exists for its officers and the secretariat alone; others are told of what was cleared before, or of no input.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn status(&self, context: &Context<'_>) -> Result<InputStatus> {
        self.told_or(context, self.0.status.into(), InputStatus::NotReceived)
    }

    /// Whether the entity has a mechanism here.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn coverage(&self) -> Coverage {
        self.0.coverage.into()
    }

    /// What time it is true of.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn as_of(&self, context: &Context<'_>) -> Result<Option<DateTime>> {
        self.content_or(context, self.0.as_of.map(DateTime), None)
    }

    /// When it was submitted.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn submitted_at(&self, context: &Context<'_>) -> Result<Option<DateTime>> {
        self.told_or(context, self.0.submitted_at.map(DateTime), None)
    }

    /// When it was cleared.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn cleared_at(&self, context: &Context<'_>) -> Result<Option<DateTime>> {
        self.told_or(context, self.0.cleared_at.map(DateTime), None)
    }

    /// What kind of input it is; null until it is cleared, for others.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn kind(&self, context: &Context<'_>) -> Result<Option<InputKind>> {
        // Files say it by the status alone.
        let kind = match self.0.status {
            terms::InputStatus::NilReturn => terms::InputKind::NilReturn,
            terms::InputStatus::NoChange => terms::InputKind::NoChange,
            _ => self.0.kind,
        };
        self.content_or(context, Some(kind.into()), None)
    }

    /// One sentence.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn headline(&self, context: &Context<'_>) -> Result<Option<StoredText>> {
        self.text(context, self.0.headline.as_deref())
    }

    /// The text, in the parts that the caller may read.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn narratives(&self, context: &Context<'_>) -> Result<Vec<InputNarrative>> {
        if !self.tells_content(context)? {
            return Ok(Vec::new());
        }
        let parts = context
            .data::<Rows>()?
            .load_one(NarrativesOf(self.0.id))
            .await?;
        let levels = context.data::<RecordLevels>()?;
        let parts = parts.unwrap_or_default();
        for part in &parts {
            levels.note(&self.0.public_id, part.classification.into());
        }
        charged(context, parts, InputNarrative)
    }

    /// How sure the entity is.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn confidence(&self, context: &Context<'_>) -> Result<Option<Confidence>> {
        self.content_or(context, self.0.confidence.map(Into::into), None)
    }

    /// What a reader has to know.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn caveats(&self, context: &Context<'_>) -> Result<Vec<StoredText>> {
        let caveats = self.0.caveats.as_slice().iter();
        let caveats = caveats.map(|caveat| self.text(context, Some(caveat)));
        Ok(caveats
            .collect::<Result<Vec<_>>>()?
            .into_iter()
            .flatten()
            .collect())
    }

    /// Why the entity cannot report, if it cannot.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn gap(&self, context: &Context<'_>) -> Result<Option<InputGap>> {
        let Some(kind) = self.content_or(context, self.0.gap_kind, None)? else {
            return Ok(None);
        };
        Ok(Some(InputGap {
            kind: kind.into(),
            since: self.0.gap_since.map(Date),
            note: self.text(context, self.0.gap_note.as_deref())?,
        }))
    }

    /// Ids of records of the entity that it rests on, of those that exist for the caller.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn references(&self, context: &Context<'_>) -> Result<Vec<ID>> {
        let ids = self.content_or(context, self.0.reference_ids.as_slice(), &[])?;
        let kinds = MANDATES.iter().flat_map(|mandate| mandate.nodes);
        let kinds: Vec<_> = kinds.map(|node| node.kind).collect();
        let records = ids.iter().filter_map(|id| {
            let kind = kinds.iter().find(|kind| kind.fits(id))?;
            Some(RecordId {
                kind: *kind,
                id: id.clone(),
                up_to: terms::Classification::StrictlyConfidential,
            })
        });
        let found = context.data::<Rows>()?.load_many(records).await?;
        let exists = |id: &&String| found.keys().any(|record| record.id == **id);
        Ok(ids.iter().filter(exists).map(|id| ID(id.clone())).collect())
    }

    /// The first and the last day that a nil return speaks of.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn covers(&self, context: &Context<'_>) -> Result<Option<Days>> {
        let days = self.0.covers_from.zip(self.0.covers_until);
        let days = self.content_or(context, days, None)?;
        Ok(days.map(|(from, until)| Days {
            from: Date(from),
            until: Date(until),
        }))
    }

    /// The review whose input still holds, where nothing changed.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn confirms(&self, context: &Context<'_>) -> Result<Option<ReviewCycle>> {
        let Some(cycle) = self.content_or(context, self.0.confirms_id, None)? else {
            return Ok(None);
        };
        let cycle = context.data::<Rows>()?.load_one(CycleKey(cycle)).await?;
        Ok(cycle.map(ReviewCycle))
    }

    /// Who contributed it to the entity: a field presence, a country task force.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn contributor(&self, context: &Context<'_>) -> Result<Option<StoredText>> {
        self.text(context, self.0.contributor.as_deref())
    }

    /// Whether it was cleared after the profiles of its review were frozen: then it stands beside them.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn is_late(&self, context: &Context<'_>) -> Result<bool> {
        let Some(cleared_at) = self.told_or(context, self.0.cleared_at, None)? else {
            return Ok(false);
        };
        let cycle = context
            .data::<Rows>()?
            .load_one(CycleKey(self.0.cycle_id))
            .await?;
        let frozen_at = cycle.and_then(|cycle| cycle.frozen_at);
        Ok(frozen_at.is_some_and(|frozen_at| cleared_at > frozen_at))
    }

    /// For which review.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn cycle(&self, context: &Context<'_>) -> Result<ReviewCycle> {
        let cycle = context
            .data::<Rows>()?
            .load_one(CycleKey(self.0.cycle_id))
            .await?;
        cycle.map(ReviewCycle).ok_or_else(missing)
    }

    /// 1 is the first; each change adds one.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn version(&self, context: &Context<'_>) -> Result<i32> {
        self.told_or(context, self.0.revision, 1)
    }
}

impl EntityInput {
    /// Whether the caller is told what it says: until it is cleared, and once it is withdrawn, officers of its entity
    /// alone are, not the secretariat either.
    fn tells_content(&self, context: &Context<'_>) -> Result<bool> {
        let is_cleared = is_told_to_all(self.0.status, self.0.cleared_at.is_some())
            && self.0.status != terms::InputStatus::Withdrawn;
        Ok(is_cleared || context.data::<Viewer>()?.is_of(&self.0.entity))
    }

    fn content_or<T>(&self, context: &Context<'_>, stored: T, untold: T) -> Result<T> {
        Ok(if self.tells_content(context)? {
            stored
        } else {
            untold
        })
    }

    fn text(&self, context: &Context<'_>, text: Option<&str>) -> Result<Option<StoredText>> {
        self.content_or(context, text.map(Into::into), None)
    }

    /// What the caller is told of it: until its entity has cleared it, to others it looks like one that was
    /// not received.
    fn told_or<T>(&self, context: &Context<'_>, stored: T, not_received: T) -> Result<T> {
        let is_told = is_told_to_all(self.0.status, self.0.cleared_at.is_some())
            || context.data::<Viewer>()?.sees_uncleared_of(&self.0.entity);
        Ok(if is_told { stored } else { not_received })
    }
}
