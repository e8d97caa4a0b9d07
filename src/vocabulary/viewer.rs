//! Which rows the caller of a request may read.

use chrono::{DateTime, NaiveDate, Utc};
use entities::{Revised, situation, terms::Classification};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, SelectStatement},
};

use crate::auth::Principal;

/// Scope that opens CONFIDENTIAL fields and situations that are not public.
pub const CONFIDENTIAL: &str = "clearance:confidential";

/// Scope that opens STRICTLY CONFIDENTIAL fields.
pub const STRICTLY_CONFIDENTIAL: &str = "clearance:strictly-confidential";

/// The condition on `parties` that holds for those that records open to everyone name.
pub type PartyRule = fn(&Viewer) -> Condition;

/// The caller of one request, and the instant that it asks about.
#[derive(Clone, Debug)]
pub struct Viewer {
    sees_hidden: bool,
    now: DateTime<Utc>,
    /// What was known then is asked for; what is known now where there is none.
    known_at: Option<DateTime<Utc>>,
    named_openly: PartyRule,
}

impl Viewer {
    /// The viewer behind a principal at the time of the request.
    pub fn new(principal: &Principal, now: DateTime<Utc>, named_openly: PartyRule) -> Self {
        Self {
            sees_hidden: principal.has_scope(CONFIDENTIAL),
            now,
            known_at: None,
            named_openly,
        }
    }

    /// Asks for what was known at an instant.
    #[must_use]
    pub fn as_known_at(self, known_at: Option<DateTime<Utc>>) -> Self {
        Self { known_at, ..self }
    }

    /// The day that is asked about: that of the request, unless an earlier instant is.
    pub fn today(&self) -> NaiveDate {
        self.known_at.unwrap_or(self.now).date_naive()
    }

    /// The condition on a table that keeps revisions: of each record the one that is known at the instant
    /// that is asked about.
    pub fn known<E: Revised>(&self) -> Condition {
        let [current, from, to] = E::REVISION;
        match self.known_at {
            None => Condition::all().add(current.eq(true)),
            Some(instant) => Condition::all()
                .add(from.lte(instant))
                .add(to.is_null().or(to.gt(instant))),
        }
    }

    /// Whether confidential rows that stand beside public ones may be returned.
    pub const fn sees_hidden(&self) -> bool {
        self.sees_hidden
    }

    /// The condition on rows of a table that is confidential whole: without clearance none exists.
    pub fn confidential_rows(&self) -> Condition {
        let all = Condition::all();
        if self.sees_hidden {
            all
        } else {
            all.add(Expr::val(1).eq(0))
        }
    }

    /// The condition on `situations` for this viewer: a situation that is not public does not
    /// exist without clearance.
    pub fn visible_situations(&self) -> Condition {
        let all = Condition::all();
        if self.sees_hidden {
            all
        } else {
            all.add(situation::Column::IsPublic.eq(true))
        }
    }

    /// The condition on `parties` for this viewer: without clearance, a party that no open listing
    /// names does not exist. All parties are monitored, listed or not: that one is monitored is
    /// confidential until it is listed in public.
    pub fn visible_parties(&self) -> Condition {
        if self.sees_hidden {
            Condition::all()
        } else {
            (self.named_openly)(&self)
        }
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

/// The levels of rows that a field of a level may return: never one above its own, whatever the
/// caller may see. So the level of a field bounds what it can leak.
pub const fn levels_up_to(level: Classification) -> &'static [Classification] {
    use Classification::{Confidential, StrictlyConfidential, Unclassified};
    match level {
        Unclassified => &[Unclassified],
        Confidential => &[Unclassified, Confidential],
        StrictlyConfidential => &[Unclassified, Confidential, StrictlyConfidential],
    }
}
