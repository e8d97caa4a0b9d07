//! Grants of need to know, as tests give them.

use chrono::{DateTime, Duration, Utc};
use entities::need_to_know_grant::{ActiveModel, Entity};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    EntityTrait,
};
use upfront::database::Database;

/// A grant to the officers of an entity who hold a role and have a subject, for the hour before and the hour after
/// an instant. What it opens is still to be said.
pub(crate) fn grant(
    key: String,
    entity: &str,
    role: &str,
    subject: &str,
    at: DateTime<Utc>,
) -> ActiveModel {
    ActiveModel {
        id: NotSet,
        record_key: Set(key),
        entity: Set(entity.to_owned()),
        role: Set(role.to_owned()),
        subject: Set(subject.to_owned()),
        issuer: Set(None),
        situation_id: Set(None),
        area_id: Set(None),
        cycle_id: Set(None),
        valid_from: Set(at - Duration::hours(1)),
        valid_until: Set(at + Duration::hours(1)),
        grantor: Set("Secretariat".to_owned()),
        reason: Set("A test".to_owned()),
        revision: Set(1),
        revised_at: Set(at),
        is_current: Set(true),
        known_from: Set(at),
        known_to: Set(None),
    }
}

/// Stores a grant.
pub(crate) async fn insert(database: &Database, grant: ActiveModel) {
    let inserting = Entity::insert(grant);
    inserting.exec(&database.write).await.unwrap();
}
