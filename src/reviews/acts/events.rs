//! What is told of an act: an entry of the log for each record that it made or changed.

use chrono::{DateTime, Utc};
use entities::{
    event,
    terms::{Classification, InputStatus},
};
use sea_orm::{ActiveEnum, ActiveValue::Set, ConnectionTrait, DbErr, EntityTrait};

use super::{
    super::state::{Change, Input},
    rows::{MANDATE, REOPENED, Rows},
};
use crate::{import::IdKey, vocabulary::is_told_to_all};

/// Who acted, and when.
#[derive(Clone, Copy, Debug)]
pub(super) struct By<'a> {
    /// Code of the entity; empty where a deadline passed.
    pub(super) entity: &'a str,
    pub(super) at: DateTime<Utc>,
}

/// Writes the entries of changes, with the reason that was given.
pub(super) async fn write<C: ConnectionTrait>(
    connection: &C,
    changes: &[Change],
    (ids, rows): (&IdKey, &Rows),
    reason: Option<&str>,
    by: By<'_>,
) -> Result<(), DbErr> {
    let entries = changes.iter().map(|change| {
        let told = Told::of(change, ids);
        event::ActiveModel {
            happened_at: Set(by.at),
            mandate: Set(MANDATE.to_owned()),
            kind: Set(told.kind),
            subject_type: Set(told.subject_type.to_owned()),
            subject: Set(told.subject),
            owner: Set(told.owner),
            level: Set(Classification::Confidential),
            actor: Set(by.entity.to_owned()),
            detail: Set(reason.map(str::to_owned)),
            cycle_id: Set(told.cycle.and_then(|code| rows.cycles.get(code).copied())),
            situation_id: Set((told.situation).and_then(|key| rows.situations.get(key).copied())),
            is_internal: Set(told.is_internal),
            ..Default::default()
        }
    });
    let entries: Vec<_> = entries.collect();
    for entries in entries.chunks(500) {
        event::Entity::insert_many(entries.to_vec())
            .exec_without_returning(connection)
            .await?;
    }
    Ok(())
}

/// What an entry says of a change.
struct Told<'a> {
    kind: String,
    subject_type: &'static str,
    subject: String,
    owner: String,
    cycle: Option<&'a str>,
    situation: Option<&'a str>,
    is_internal: bool,
}

impl<'a> Told<'a> {
    fn of_input(input: &'a Input, ids: &IdKey) -> Self {
        let key = format!("{}/{}/{}", input.cycle, input.situation, input.entity);
        let was_cleared = input.cleared_at.is_some();
        let is_told =
            input.status != InputStatus::NotReceived && is_told_to_all(input.status, was_cleared);
        Self {
            kind: if was_cleared && input.status == InputStatus::Draft {
                REOPENED.to_owned()
            } else {
                format!("INPUT_{}", input.status.to_value())
            },
            subject_type: "EntityInput",
            subject: ids.public_id("inp", &key),
            owner: input.entity.clone(),
            cycle: Some(&input.cycle),
            situation: Some(&input.situation),
            is_internal: !is_told,
        }
    }

    fn of(change: &'a Change, ids: &IdKey) -> Self {
        let of_review = |kind: String, subject_type, subject| Self {
            kind,
            subject_type,
            subject,
            owner: String::new(),
            cycle: None,
            situation: None,
            is_internal: false,
        };
        match change {
            Change::Cycle(cycle) => Self {
                cycle: Some(&cycle.code),
                ..of_review(
                    format!("CYCLE_{}", cycle.state.to_value()),
                    "ReviewCycle",
                    ids.public_id("cyc", &cycle.code),
                )
            },
            Change::Item(item) => Self {
                cycle: Some(&item.cycle),
                situation: Some(&item.situation),
                owner: item.proposed_by.clone(),
                ..of_review(
                    format!("ITEM_{}", item.state.to_value()),
                    "ReviewItem",
                    ids.public_id("itm", &format!("{}/{}", item.cycle, item.situation)),
                )
            },
            Change::Input(input) => Self::of_input(input, ids),
            Change::Decision(decision) => {
                let (cycle, situation) = &decision.item;
                let key = format!("{cycle}/{situation}/{}", decision.number);
                Self {
                    cycle: Some(cycle),
                    situation: Some(situation),
                    ..of_review(
                        format!("DECISION_{}", decision.kind.to_value()),
                        "Decision",
                        ids.public_id("dec", &key),
                    )
                }
            }
            Change::Action(action) => Self {
                cycle: action.stands_in.last().map(String::as_str),
                situation: Some(&action.situation),
                owner: action.owner.clone(),
                ..of_review(
                    format!("ACTION_{}", action.state.to_value()),
                    "Action",
                    ids.public_id("act", &action.code),
                )
            },
            Change::Frozen((cycle, situation)) => Self {
                cycle: Some(cycle),
                situation: Some(situation),
                ..of_review(
                    "PROFILE_FROZEN".to_owned(),
                    "ReviewItem",
                    ids.public_id("itm", &format!("{cycle}/{situation}")),
                )
            },
        }
    }
}
