//! Who asks: each clearance, entity and role, and the grants that they hold.

use chrono::{DateTime, Duration, Utc};
use entities::{area, need_to_know_grant, review_cycle, situation, terms::Classification};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use upfront::{auth::EXACT, database::Database};

use super::rows::Records;
use crate::support::grants;

/// The four mandates, the review, and an entity that has no part in it.
pub(super) const ENTITIES: [&str; 6] = [
    "OHCHR",
    "OSAPG",
    "SRSG_CAAC",
    "SRSG_SVC",
    "REVIEWS",
    "UNHCR",
];

/// The roles that grants are for.
pub(super) const REVIEW_ROLES: [&str; 4] = [
    "review:read",
    "review:contribute",
    "review:clear",
    "review:steer",
];

/// All levels, the lowest first.
pub(super) const LEVELS: [Classification; 3] = [
    Classification::Unclassified,
    Classification::Confidential,
    Classification::StrictlyConfidential,
];

/// A caller: anonymous without an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Caller {
    pub(super) entity: Option<&'static str>,
    pub(super) clearance: Classification,
    pub(super) role: Option<&'static str>,
}

impl Caller {
    pub(super) const ANONYMOUS: Self = Self {
        entity: None,
        clearance: Classification::Unclassified,
        role: None,
    };

    /// The anonymous one, and each entity × clearance × role.
    pub(super) fn all() -> Vec<Self> {
        let roles = REVIEW_ROLES.into_iter().chain(EXACT).map(Some);
        let roles: Vec<_> = [None].into_iter().chain(roles).collect();
        let mut all = vec![Self::ANONYMOUS];
        for entity in ENTITIES.map(Some) {
            for clearance in LEVELS {
                all.extend(roles.iter().map(|role| Self {
                    entity,
                    clearance,
                    role: *role,
                }));
            }
        }
        all
    }

    /// What the token of the caller holds: a clearance includes the lower one.
    pub(super) fn scopes(&self) -> Vec<&'static str> {
        let clearance = match self.clearance {
            Classification::Unclassified => None,
            Classification::Confidential => Some("clearance:confidential"),
            Classification::StrictlyConfidential => Some("clearance:strictly-confidential"),
        };
        clearance.into_iter().chain(self.role).collect()
    }

    /// The scopes that grants may be for which the caller holds.
    pub(super) fn roles(&self) -> Vec<&'static str> {
        let mut scopes = self.scopes();
        if self.clearance == Classification::StrictlyConfidential {
            scopes.push("clearance:confidential");
        }
        scopes
    }

    /// The scope by which the caller reads figures of a mandate exactly.
    pub(super) fn exact(&self) -> Option<&'static str> {
        self.role.filter(|role| EXACT.contains(role))
    }

    pub(super) fn is_cleared(&self) -> bool {
        self.entity.is_some() && self.clearance > Classification::Unclassified
    }

    pub(super) fn is_of(&self, entity: &str) -> bool {
        self.entity == Some(entity)
    }

    pub(super) fn has_role(&self, role: &str) -> bool {
        self.role == Some(role)
    }
}

/// When the grants are in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Grants {
    None,
    Ended,
    NotBegun,
    InForce,
}

impl Grants {
    /// Those that open nothing.
    pub(super) const WITHOUT: [Self; 3] = [Self::None, Self::Ended, Self::NotBegun];
}

enum Opens {
    Situation(i64),
    Area(i64),
    Cycle(i64),
}

/// The scope that a grant is for, the officer, and what it opens.
type Given<'a> = (&'static str, &'a str, Opens);

/// The grants of the database.
pub(super) struct Ledger<'a> {
    pub(super) database: &'a Database,
    pub(super) records: &'a Records,
    pub(super) now: DateTime<Utc>,
}

impl Ledger<'_> {
    /// Grants one entity everything, and nobody else anything.
    pub(super) async fn give_all_to(&self, entity: &str) {
        self.take_all().await;
        for (at, situation) in self.records.situations.iter().enumerate() {
            let row = self.grant(
                at,
                entity,
                &(
                    "clearance:confidential",
                    "*",
                    Opens::Situation(situation.id),
                ),
            );
            grants::insert(self.database, row).await;
        }
    }

    /// Gives what each entity is given, at the times of a kind.
    pub(super) async fn give(&self, grants: Grants) {
        self.take_all().await;
        let (from, until) = match grants {
            Grants::None => return,
            Grants::Ended => (-Duration::days(2), -Duration::seconds(1)),
            Grants::NotBegun => (Duration::hours(1), Duration::days(2)),
            Grants::InForce => (-Duration::hours(1), Duration::hours(2)),
        };
        for entity in ENTITIES {
            for (at, given) in self.given_to(entity).iter().enumerate() {
                let row = self.grant(at, entity, given);
                grants::insert(self.database, row).await;
            }
        }
        need_to_know_grant::Entity::update_many()
            .col_expr(
                need_to_know_grant::Column::ValidFrom,
                Expr::value(self.now + from),
            )
            .col_expr(
                need_to_know_grant::Column::ValidUntil,
                Expr::value(self.now + until),
            )
            .exec(&self.database.write)
            .await
            .unwrap();
    }

    /// Something else by each scope that a grant can be for: a region, a country, a situation that is not
    /// public, the agenda of a cycle; something for one officer, and something for an officer whom nobody is.
    fn given_to<'a>(&self, entity: &'a str) -> Vec<Given<'a>> {
        let area = |key: &str| self.area(|row| row.record_key == key);
        let basalt = area("region-basalt");
        let country = self.area(|row| row.parent_id == Some(basalt));
        let amber = self.records.within(area("region-amber"));
        let elsewhere = |is_public: bool| {
            let mut all = self.records.situations.iter();
            let is_it =
                |row: &&situation::Model| row.is_public == is_public && !amber.contains(&row.id);
            all.by_ref()
                .filter(is_it)
                .map(|row| row.id)
                .collect::<Vec<_>>()
        };
        let (hidden, open) = (elsewhere(false), elsewhere(true));
        let last = open.last().copied().unwrap();
        vec![
            (
                "clearance:confidential",
                "*",
                Opens::Area(area("region-amber")),
            ),
            (
                "clearance:strictly-confidential",
                "*",
                Opens::Area(area("region-delta")),
            ),
            ("review:read", "*", Opens::Situation(hidden[0])),
            ("review:contribute", "*", Opens::Area(country)),
            ("review:clear", "*", Opens::Cycle(self.cycle("2024-11"))),
            ("review:steer", "*", Opens::Area(area("region-cobalt"))),
            // The subject of a token of the local key is the code of the entity.
            ("clearance:confidential", entity, Opens::Situation(open[0])),
            ("clearance:confidential", "nobody", Opens::Situation(last)),
        ]
    }

    fn area(&self, is_it: impl Fn(&area::Model) -> bool) -> i64 {
        self.records.areas.iter().find(|row| is_it(row)).unwrap().id
    }

    fn cycle(&self, key: &str) -> i64 {
        let is_it = |row: &&review_cycle::Model| row.record_key == key;
        self.records.cycles.iter().find(is_it).unwrap().id
    }

    async fn take_all(&self) {
        let all = need_to_know_grant::Entity::delete_many();
        all.exec(&self.database.write).await.unwrap();
    }

    fn grant(
        &self,
        at: usize,
        entity: &str,
        (role, subject, opens): &Given<'_>,
    ) -> need_to_know_grant::ActiveModel {
        let now = self.now;
        let [situation, area, cycle] = match opens {
            Opens::Situation(row) => [Some(*row), None, None],
            Opens::Area(row) => [None, Some(*row), None],
            Opens::Cycle(row) => [None, None, Some(*row)],
        };
        need_to_know_grant::ActiveModel {
            situation_id: Set(situation),
            area_id: Set(area),
            cycle_id: Set(cycle),
            valid_until: Set(now + Duration::hours(2)),
            ..grants::grant(format!("{entity}-{at}"), entity, role, subject, now)
        }
    }

    /// The grants that a caller holds now.
    pub(super) async fn held_by(&self, caller: &Caller) -> Vec<need_to_know_grant::Model> {
        use need_to_know_grant::Column;
        let (Some(entity), true) = (caller.entity, caller.is_cleared()) else {
            return Vec::new();
        };
        let rows = need_to_know_grant::Entity::find().filter(Column::Entity.eq(entity));
        let mut rows = rows.all(&self.database.read).await.unwrap();
        let roles = caller.roles();
        rows.retain(|row| {
            roles.contains(&row.role.as_str())
                && (row.subject == "*" || row.subject == entity)
                && row.valid_from <= self.now
                && self.now < row.valid_until
        });
        rows
    }
}
