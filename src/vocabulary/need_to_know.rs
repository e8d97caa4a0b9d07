//! Need to know: a clearance opens what is confidential of a situation only to those who hold a grant that is
//! in force. In: the caller and the time. Out: the keys of the situations that are open to them, as a
//! subquery, so that no row is read and then left out.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entities::{
    area, need_to_know_grant, review_item, situation, situation_area, terms::ItemState,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select,
    sea_query::SelectStatement,
};

use crate::auth::{CLEARING, EXACT, GRANT_ROLES, Principal, SECRETARIAT};

/// What stands for the subject in a grant for all officers who hold its role.
const ALL: &str = "*";

/// How items stand that a meeting takes up: one that was only proposed, or was put off or declined, is not on
/// the agenda.
const ON_AGENDA: [ItemState; 3] = [
    ItemState::Accepted,
    ItemState::Discussed,
    ItemState::Decided,
];

/// A cleared caller, as grants name them.
#[derive(Debug)]
pub(super) struct Holder {
    /// Code of the entity; empty for the service itself.
    entity: String,
    subject: Option<String>,
    /// Who made the token.
    issuer: Option<Arc<str>>,
    /// Those of [`EXACT`] that the token has.
    exact: Vec<&'static str>,
    /// Those of [`GRANT_ROLES`] that the token has: each statement names them, whatever else it has.
    roles: Vec<&'static str>,
    /// The service itself needs to know of every situation.
    is_service: bool,
}

impl Holder {
    /// Nobody without an entity: grants are for officers of one.
    pub(super) fn of(principal: &Principal) -> Option<Self> {
        let identity = principal.identity.as_deref();
        Some(Self {
            entity: match &principal.entity {
                None if principal.is_service => String::new(),
                entity => entity.clone()?,
            },
            is_service: principal.is_service,
            subject: identity.map(|identity| identity.subject.clone()),
            issuer: identity.map(|identity| Arc::clone(&identity.issuer)),
            exact: EXACT
                .into_iter()
                .filter(|scope| principal.has_scope(scope))
                .collect(),
            roles: GRANT_ROLES
                .into_iter()
                .filter(|role| principal.has_scope(role))
                .collect(),
        })
    }

    /// Whether the caller reads figures exactly by a mandate's scope.
    pub(super) fn reads_exactly(&self, scope: &str) -> bool {
        self.exact.contains(&scope)
    }

    /// Code of the caller's entity.
    pub(super) fn entity(&self) -> &str {
        &self.entity
    }

    /// Whether it is the service itself.
    pub(super) fn is_service(&self) -> bool {
        self.is_service
    }

    /// Whether the caller is of an entity.
    pub(super) fn is_of(&self, entity: &str) -> bool {
        self.entity == entity
    }

    /// Whether the caller is of the review's secretariat.
    pub(super) fn is_secretariat(&self) -> bool {
        self.roles.contains(&SECRETARIAT)
    }

    /// Whether the caller is a clearing officer of an entity.
    pub(super) fn clears_for(&self, entity: &str) -> bool {
        self.is_of(entity) && self.roles.contains(&CLEARING)
    }

    /// The grants that the caller holds at an instant.
    pub(super) fn grants(&self, now: DateTime<Utc>) -> Select<need_to_know_grant::Entity> {
        use need_to_know_grant::Column;
        let officers = [ALL].into_iter().chain(self.subject.as_deref());
        need_to_know_grant::Entity::find()
            .filter(Column::IsCurrent.eq(true))
            .filter(Column::Entity.eq(self.entity.as_str()))
            .filter(Column::Role.is_in(self.roles.iter().copied()))
            .filter(Column::Subject.is_in(officers))
            .filter(
                Condition::any()
                    .add(Column::Issuer.is_null())
                    .add(Column::Issuer.eq(self.issuer.as_deref())),
            )
            .filter(Column::ValidFrom.lte(now))
            .filter(Column::ValidUntil.gt(now))
    }

    /// The keys of the situations that these grants open.
    pub(super) fn situations(&self, now: DateTime<Utc>) -> SelectStatement {
        use need_to_know_grant::Column;
        if self.is_service {
            return situation::Entity::find()
                .select_only()
                .column(situation::Column::Id)
                .into_query();
        }
        let of = |column: Column| {
            let grants = self.grants(now).filter(column.is_not_null());
            grants.select_only().column(column).into_query()
        };
        let in_areas = situation_area::Entity::find()
            .select_only()
            .column(situation_area::Column::SituationId)
            .filter(situation_area::Column::AreaId.in_subquery(areas_within(&of(Column::AreaId))))
            .into_query();
        let on_agenda = review_item::Entity::find()
            .select_only()
            .column(review_item::Column::SituationId)
            .filter(review_item::Column::CycleId.in_subquery(of(Column::CycleId)))
            .filter(review_item::Column::State.is_in(ON_AGENDA))
            .into_query();
        let id = situation::Column::Id;
        situation::Entity::find()
            .select_only()
            .column(id)
            .filter(
                Condition::any()
                    .add(id.in_subquery(of(Column::SituationId)))
                    .add(id.in_subquery(in_areas))
                    .add(id.in_subquery(on_agenda)),
            )
            .into_query()
    }
}

/// The areas themselves and those within them: a region has countries, and these have divisions.
fn areas_within(areas: &SelectStatement) -> SelectStatement {
    let keys = |condition: Condition| {
        area::Entity::find()
            .select_only()
            .column(area::Column::Id)
            .filter(condition)
            .into_query()
    };
    let below = |areas: SelectStatement| area::Column::ParentId.in_subquery(areas);
    let countries = keys(Condition::all().add(below(areas.clone())));
    keys(
        Condition::any()
            .add(area::Column::Id.in_subquery(areas.clone()))
            .add(below(areas.clone()))
            .add(below(countries)),
    )
}
