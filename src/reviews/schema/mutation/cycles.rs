//! Changes of cycles.

use async_graphql::{Context, Enum, ID, InputObject};

use super::{
    super::super::{
        acts::{ActError, checked_if_any},
        state::{self, Act, NewCycle, Refusal},
        terms::CycleKind,
    },
    asked::{Asked, asked, cycle_of, place},
};
use crate::vocabulary::{DateTime, Period, PeriodCode, PeriodKind};

/// What is done with a cycle.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "state::CycleAct")]
pub(crate) enum CycleAct {
    /// Opens it for inputs; open actions and deferred items come on its agenda by themselves.
    OpenInputs,
    /// Closes the inputs and freezes the joined profile of each item.
    CloseInputs,
    /// Says that the inputs are joined.
    Consolidate,
    /// Begins the meeting.
    BeginSession,
    /// Freezes the profiles of an extraordinary review and begins its meeting at once; takes a reason.
    BeginFlashSession,
    /// Ends the meeting; items that it did not decide are deferred.
    ConcludeSession,
    /// Begins the follow-up.
    BeginFollowUp,
    /// Ends the cycle.
    Close,
    /// Goes back by one step; takes a reason.
    StepBack,
}

/// A cycle to be planned.
#[derive(InputObject, Debug)]
pub(crate) struct PlanReviewCycleInput {
    /// MONTHLY or EXTRAORDINARY.
    #[graphql(default_with = "CycleKind::Monthly")]
    kind: CycleKind,
    /// The month that it is about: `2026-12`.
    period: PeriodCode,
    /// When it is opened for inputs by itself; for a monthly review by the rule of the settings.
    opens_at: Option<DateTime>,
    /// When inputs are due; for a monthly review by the rule of the settings.
    inputs_due_at: Option<DateTime>,
    /// When the meeting is; for a monthly review by the rule of the settings.
    session_at: Option<DateTime>,
    /// The same key answers the same again, and changes nothing.
    idempotency_key: Option<String>,
}

impl PlanReviewCycleInput {
    pub(super) fn request(self, context: &Context<'_>) -> Asked {
        let PeriodCode(period) = self.period;
        if Period::containing(period.start(), PeriodKind::Month) != period {
            return Err(
                Refusal::invalid("period", "`period` is a month, such as `2026-12`.").into(),
            );
        }
        let period_start = period.start();
        let place = place(context).map_err(|_| ActError::Interrupted)?;
        let kind = self.kind.into();
        let by_rule = (self.kind == CycleKind::Monthly)
            .then(|| place.cell.planning().cycle(period_start))
            .flatten();
        let given = |given: Option<DateTime>| given.map(|DateTime(instant)| instant);
        let rule = by_rule.as_ref();
        let inputs_due_at =
            given(self.inputs_due_at).or_else(|| rule.map(|rule| rule.inputs_due_at));
        let inputs_due_at = inputs_due_at.ok_or_else(|| {
            Refusal::invalid(
                "inputsDueAt",
                "An extraordinary review says when inputs are due.",
            )
        })?;
        let new = NewCycle {
            kind,
            period: period_start.format("%Y-%m").to_string(),
            period_start,
            opens_at: given(self.opens_at).or_else(|| {
                rule.and_then(|rule| rule.opens_at)
                    .filter(|opens| *opens < inputs_due_at)
            }),
            inputs_due_at,
            session_at: given(self.session_at).or_else(|| {
                rule.and_then(|rule| rule.session_at)
                    .filter(|session| *session >= inputs_due_at)
            }),
        };
        Ok(asked(self.idempotency_key, Act::Plan(new)))
    }
}

/// How a cycle is to be moved.
#[derive(InputObject, Debug)]
pub(crate) struct MoveReviewCycleInput {
    /// The cycle.
    cycle: ID,
    /// What is done.
    act: CycleAct,
    /// Why.
    reason: Option<String>,
    /// The same key answers the same again, and changes nothing.
    idempotency_key: Option<String>,
}

impl MoveReviewCycleInput {
    pub(super) async fn request(self, context: &Context<'_>) -> Asked {
        let act = Act::MoveCycle {
            cycle: cycle_of(context, "cycle", self.cycle).await?,
            act: self.act.into(),
            reason: checked_if_any("reason", self.reason.as_deref(), 500)?,
            profiles: None,
        };
        Ok(asked(self.idempotency_key, act))
    }
}
