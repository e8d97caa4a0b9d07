//! Which rows the caller of a request may read.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use entities::{Revised, need_to_know_grant, situation, terms::Classification};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait, SelectStatement},
};

use super::need_to_know::Holder;
use crate::auth::Principal;

/// Scope that opens CONFIDENTIAL fields and situations that are not public, to those who need to know.
pub const CONFIDENTIAL: &str = "clearance:confidential";

/// Scope that opens STRICTLY CONFIDENTIAL fields.
pub const STRICTLY_CONFIDENTIAL: &str = "clearance:strictly-confidential";

/// The condition on `parties` that holds for those that records which exist for the viewer name.
pub type PartyRule = fn(&Viewer) -> Condition;

/// The caller of one request, and the instant that it asks about.
#[derive(Clone, Debug)]
pub struct Viewer {
    /// Nothing where the caller has no clearance, or no entity that grants could be for.
    holder: Option<Arc<Holder>>,
    /// The highest level of rows that can exist for the viewer.
    ceiling: Classification,
    now: DateTime<Utc>,
    /// What was known then is asked for; what is known now where there is none.
    known_at: Option<DateTime<Utc>>,
    named: PartyRule,
}

impl Viewer {
    /// The viewer behind a principal at the time of the request.
    pub fn new(principal: &Principal, now: DateTime<Utc>, named: PartyRule) -> Self {
        let is_cleared = principal.has_scope(CONFIDENTIAL);
        let holder = is_cleared.then(|| Holder::of(principal)).flatten();
        let ceiling = match holder {
            None => Classification::Unclassified,
            Some(_) if principal.has_scope(STRICTLY_CONFIDENTIAL) => {
                Classification::StrictlyConfidential
            }
            Some(_) => Classification::Confidential,
        };
        Self {
            holder: holder.map(Arc::new),
            ceiling,
            now,
            known_at: None,
            named,
        }
    }

    /// Asks for what was known at an instant.
    #[must_use]
    pub fn as_known_at(self, known_at: Option<DateTime<Utc>>) -> Self {
        Self { known_at, ..self }
    }

    /// The same viewer with a clearance up to a level: what exists then is at or below it.
    #[must_use]
    pub fn up_to(&self, level: Classification) -> Self {
        let is_cleared = level != Classification::Unclassified;
        Self {
            holder: self.holder.clone().filter(|_| is_cleared),
            ceiling: Ord::min(self.ceiling, level),
            ..self.clone()
        }
    }

    /// The same viewer with a clearance just below a level, where the viewer's own reaches it.
    pub fn below(&self, level: impl Into<Classification>) -> Option<Self> {
        let level = level.into();
        let lower = match level {
            Classification::Unclassified => return None,
            Classification::Confidential => Classification::Unclassified,
            Classification::StrictlyConfidential => Classification::Confidential,
        };
        (self.ceiling >= level).then(|| self.up_to(lower))
    }

    /// The day that is asked about: that of the request, unless an earlier instant is.
    pub fn today(&self) -> NaiveDate {
        self.known_at.unwrap_or(self.now).date_naive()
    }

    /// The instant that is asked about; none for now.
    pub fn known_at(&self) -> Option<DateTime<Utc>> {
        self.known_at
    }

    /// Whether the viewer reads figures exactly, by the scope of the mandate that holds them. Which figures
    /// exist is a matter of grants all the same.
    pub fn reads_exactly(&self, scope: &str) -> bool {
        self.holder
            .as_ref()
            .is_some_and(|holder| holder.reads_exactly(scope))
    }

    /// Whether anything confidential can exist for the viewer: clearance is a ceiling, and grants say
    /// what is below it.
    pub fn is_cleared(&self) -> bool {
        self.holder.is_some()
    }

    /// The condition on a table that keeps revisions: of each record the one that is known at the instant
    /// that is asked about. One that is held back is known to the clearing officers of its entity alone, and one
    /// of a sealed record to nobody.
    pub fn known<E: Revised>(&self) -> Condition {
        let [current, from, to] = E::REVISION;
        let is_told_all = E::HELD_BACK_BY.is_none_or(|entity| self.clears_for(entity));
        let unsealed = E::SEALED_AT.map(|sealed_at| sealed_at.is_null());
        let known = Condition::all().add_option(unsealed);
        if self.known_at.is_none() && is_told_all {
            return known.add(current.eq(true));
        }
        let instant = self.known_at.unwrap_or(self.now);
        known
            .add(from.lte(instant))
            .add(to.is_null().or(to.gt(instant)))
    }

    /// Whether a revision is held back, by the instant from which it is known.
    pub fn is_held_back(&self, known_from: DateTime<Utc>) -> bool {
        known_from > self.now
    }

    fn clears_for(&self, entity: &str) -> bool {
        let holder = self.holder.as_ref();
        holder.is_some_and(|holder| holder.clears_for(entity))
    }

    /// The condition on a table of confidential rows, by its column with the situation's key: they exist
    /// where the viewer needs to know of the situation.
    pub fn needs<C: ColumnTrait>(&self, situation: C) -> Condition {
        self.holder.as_ref().map_or_else(nothing, |holder| {
            Condition::all().add(situation.in_subquery(holder.situations(self.now)))
        })
    }

    /// The surrogate keys of the situations that the viewer needs to know of.
    pub fn needed_situation_keys(&self) -> Option<SelectStatement> {
        let holder = self.holder.as_ref()?;
        Some(holder.situations(self.now))
    }

    /// The levels of rows that can exist for the viewer.
    pub const fn levels(&self) -> &'static [Classification] {
        levels_up_to(self.ceiling)
    }

    /// The condition on a table of confidential rows with levels of their own: they exist up to the clearance
    /// of a viewer who needs to know of the situation.
    pub fn cleared_rows<C: ColumnTrait>(&self, level: C, situation: C) -> Condition {
        self.needs(situation)
            .add(level.is_in(self.levels().iter().copied()))
    }

    /// The condition on a table of rows of which some are open: those exist where the situation does, others
    /// up to the clearance of a viewer who needs to know of it.
    pub fn leveled_rows<C: ColumnTrait>(&self, level: C, situation: C) -> Condition {
        let open = self
            .visible_rows(situation)
            .add(level.eq(Classification::Unclassified));
        if self.is_cleared() {
            Condition::any()
                .add(open)
                .add(self.cleared_rows(level, situation))
        } else {
            open
        }
    }

    /// The condition on confidential rows that hang on no situation: they exist for those who hold any
    /// grant.
    pub fn needs_any(&self) -> Condition {
        if self.is_given_stored_texts() {
            return Condition::all();
        }
        self.holder.as_ref().map_or_else(nothing, |holder| {
            Condition::all().add(Expr::exists(holder.grants(self.now).into_query()))
        })
    }

    /// Whether the viewer is told how far an input of an entity is that it has not cleared: its own
    /// officers are, and the secretariat, which asks for what is missing. To others it was not received.
    pub fn sees_uncleared_of(&self, entity: &str) -> bool {
        self.holder
            .as_ref()
            .is_some_and(|holder| holder.is_of(entity) || holder.is_secretariat())
    }

    /// Whether texts are given as they are stored: to the service itself, which freezes profiles.
    pub fn is_given_stored_texts(&self) -> bool {
        self.holder
            .as_ref()
            .is_some_and(|holder| holder.is_service())
    }

    /// Whose inputs the viewer is told of before they are cleared: those of one entity, or of none; of all where there
    /// is no answer, which is the secretariat's case.
    pub fn uncleared_of(&self) -> Option<Option<&str>> {
        match &self.holder {
            None => Some(None),
            Some(holder) if holder.is_secretariat() => None,
            Some(holder) => Some(Some(holder.entity())),
        }
    }

    /// Whether the viewer is of an entity, and reads what it has not cleared yet.
    pub fn is_of(&self, entity: &str) -> bool {
        let holder = self.holder.as_ref();
        holder.is_some_and(|holder| holder.is_of(entity))
    }

    /// The grants that the viewer holds.
    pub fn grants(&self) -> Option<Select<need_to_know_grant::Entity>> {
        self.holder.as_ref().map(|holder| holder.grants(self.now))
    }

    /// The condition on `situations` for this viewer: one that is not public does not exist for who does
    /// not need to know of it.
    pub fn visible_situations(&self) -> Condition {
        let is_public = situation::Column::IsPublic.eq(true);
        if self.is_cleared() {
            Condition::any()
                .add(is_public)
                .add(self.needs(situation::Column::Id))
        } else {
            Condition::all().add(is_public)
        }
    }

    /// The condition on `parties` for this viewer: a party that no record names which exists for the
    /// viewer does not exist either. All parties are monitored, listed or not: that one is monitored is
    /// confidential until it is listed in public.
    pub fn visible_parties(&self) -> Condition {
        (self.named)(self)
    }

    /// The condition on a table of open rows, by its column with the situation's key: they exist where the
    /// situation does.
    pub fn visible_rows<C: ColumnTrait>(&self, situation: C) -> Condition {
        Condition::all().add(situation.in_subquery(self.visible_situation_keys()))
    }

    /// The surrogate keys of the situations that exist for this viewer, to read rows that refer to them.
    pub fn visible_situation_keys(&self) -> SelectStatement {
        situation::Entity::find()
            .select_only()
            .column(situation::Column::Id)
            .filter(self.visible_situations())
            .into_query()
    }
}

fn nothing() -> Condition {
    Condition::all().add(Expr::val(1).eq(0))
}

/// A level and those below it. Figures and the frames of blocks are returned by fields up to the field's level,
/// other rows up to the caller's clearance.
pub const fn levels_up_to(level: Classification) -> &'static [Classification] {
    use Classification::{Confidential, StrictlyConfidential, Unclassified};
    match level {
        Unclassified => &[Unclassified],
        Confidential => &[Unclassified, Confidential],
        StrictlyConfidential => &[Unclassified, Confidential, StrictlyConfidential],
    }
}
