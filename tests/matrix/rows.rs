//! The rows of the example, and the rules on them a second time: plainly, over all that the tables hold, from
//! what `docs/confidentiality.md` says.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use entities::{
    action, area, caac_listing, communication, crsv_listing, decision, entity_input,
    field_presence, need_to_know_grant, party, presence_situation, recommendation, review_cycle,
    review_item, risk_assessment, signal, situation, situation_area,
    terms::{Classification, CycleKind, CycleState, InputStatus, ItemState},
    violation_count,
};
use sea_orm::{EntityTrait, FromQueryResult};
use upfront::database::Database;

use super::{ALL_KNOWING, callers::Caller};

/// The blocks by the mandate, the type and the prefix of the ids.
pub(super) const BLOCKS: [(&str, &str, &str); 4] = [
    ("OHCHR", "OhchrBlock", "boh"),
    ("OSAPG", "OsapgBlock", "bos"),
    ("SRSG_CAAC", "CaacBlock", "bca"),
    ("SRSG_SVC", "SvcBlock", "bsv"),
];

use Classification::{Confidential, StrictlyConfidential, Unclassified};

/// What the tables hold.
pub(super) struct Records {
    pub(super) now: DateTime<Utc>,
    pub(super) situations: Vec<situation::Model>,
    pub(super) areas: Vec<area::Model>,
    pub(super) cycles: Vec<review_cycle::Model>,
    /// As they stand, by id.
    inputs: Vec<entity_input::Model>,
    /// Those for the monthly cycle that began last, by entity and situation.
    present: BTreeMap<(String, i64), usize>,
    in_areas: Vec<situation_area::Model>,
    items: Vec<review_item::Model>,
    decisions: Vec<decision::Model>,
    actions: Vec<action::Model>,
    parties: Vec<party::Model>,
    violations: Vec<violation_count::Model>,
    presences: Vec<field_presence::Model>,
    covered: Vec<presence_situation::Model>,
    letters: Vec<communication::Model>,
    /// What has a level and hangs on a situation.
    leveled: Vec<Leveled>,
}

struct Leveled {
    type_name: &'static str,
    id: String,
    situation: i64,
    level: Classification,
    /// The mandate that may hold it back, the party that it names, and when it is known.
    listing: Option<Listing>,
    is_current: bool,
}

struct Listing {
    owner: &'static str,
    party: i64,
    known_from: DateTime<Utc>,
    known_to: Option<DateTime<Utc>>,
}

/// What exists for a caller.
pub(super) struct Told {
    /// By type and id: the level that an answer has which tells of it.
    pub(super) nodes: BTreeMap<String, (&'static str, Classification)>,
    /// The rows of the situations that the caller needs to know of.
    pub(super) needs: BTreeSet<i64>,
    pub(super) holds_any: bool,
}

async fn all<E: EntityTrait>(database: &Database) -> Vec<E::Model>
where
    E::Model: FromQueryResult + Send + Sync,
{
    E::find().all(&database.read).await.unwrap()
}

macro_rules! leveled {
    ($into:expr, $database:expr, $table:ident, $type_name:literal $(, $owner:literal)?) => {
        for row in all::<$table::Entity>($database).await {
            let listing: Option<Listing> = [$(Listing {
                owner: $owner,
                party: row.party_id,
                known_from: row.known_from,
                known_to: row.known_to,
            })?].into_iter().next();
            $into.push(Leveled {
                type_name: $type_name,
                id: row.public_id,
                situation: row.situation_id,
                level: row.classification,
                is_current: row.is_current,
                listing,
            });
        }
    };
}

impl Records {
    pub(super) async fn read(database: &Database, now: DateTime<Utc>) -> Self {
        let mut leveled = Vec::new();
        leveled!(leveled, database, recommendation, "MechanismRecommendation");
        leveled!(leveled, database, signal, "EarlyWarningSignal");
        leveled!(leveled, database, risk_assessment, "RiskAssessment");
        leveled!(leveled, database, caac_listing, "CaacListing", "SRSG_CAAC");
        leveled!(leveled, database, crsv_listing, "CrsvListing", "SRSG_SVC");
        let mut inputs = all::<entity_input::Entity>(database).await;
        inputs.retain(|row| row.is_current);
        inputs.sort_by(|left, right| left.public_id.cmp(&right.public_id));
        let cycles = all::<review_cycle::Entity>(database).await;
        let begun = cycles
            .iter()
            .filter(|cycle| cycle.kind == CycleKind::Monthly && cycle.state != CycleState::Planned);
        let present = begun.max_by_key(|cycle| cycle.period_start).unwrap().id;
        let places = inputs
            .iter()
            .enumerate()
            .filter(|(_, row)| row.cycle_id == present);
        let place =
            |(at, row): (usize, &entity_input::Model)| ((row.entity.clone(), row.situation_id), at);
        let present = places.map(place).collect();
        Self {
            now,
            present,
            situations: all::<situation::Entity>(database).await,
            areas: all::<area::Entity>(database).await,
            cycles,
            inputs,
            in_areas: all::<situation_area::Entity>(database).await,
            items: all::<review_item::Entity>(database).await,
            decisions: all::<decision::Entity>(database).await,
            actions: all::<action::Entity>(database).await,
            parties: all::<party::Entity>(database).await,
            violations: all::<violation_count::Entity>(database).await,
            presences: all::<field_presence::Entity>(database).await,
            covered: all::<presence_situation::Entity>(database).await,
            letters: all::<communication::Entity>(database).await,
            leveled,
        }
    }

    /// The situations in an area or in one within it.
    pub(super) fn within(&self, area: i64) -> BTreeSet<i64> {
        let mut areas = BTreeSet::from([area]);
        while let Some(more) = self.areas.iter().find(|row| {
            !areas.contains(&row.id) && row.parent_id.is_some_and(|parent| areas.contains(&parent))
        }) {
            areas.insert(more.id);
        }
        let links = self.in_areas.iter();
        let links = links.filter(|link| areas.contains(&link.area_id));
        links.map(|link| link.situation_id).collect()
    }

    fn opened_by(&self, grant: &need_to_know_grant::Model) -> BTreeSet<i64> {
        use ItemState::{Accepted, Decided, Discussed};
        let on_agenda = self.items.iter().filter(|item| {
            Some(item.cycle_id) == grant.cycle_id
                && matches!(item.state, Accepted | Discussed | Decided)
        });
        let mut opened: BTreeSet<_> = on_agenda.map(|item| item.situation_id).collect();
        opened.extend(grant.situation_id);
        opened.extend(grant.area_id.into_iter().flat_map(|area| self.within(area)));
        opened
    }

    /// What exists for a caller with the grants that it holds.
    pub(super) fn told(&self, caller: &Caller, grants: &[need_to_know_grant::Model]) -> Told {
        let mut told = Told {
            nodes: BTreeMap::new(),
            needs: grants
                .iter()
                .flat_map(|grant| self.opened_by(grant))
                .collect(),
            holds_any: !grants.is_empty(),
        };
        self.fill(&mut told, caller);
        told
    }

    fn fill(&self, told: &mut Told, caller: &Caller) {
        for situation in &self.situations {
            if situation.is_public || told.needs.contains(&situation.id) {
                let level = if situation.is_public {
                    Unclassified
                } else {
                    Confidential
                };
                told.add("Situation", &situation.public_id, level);
                for (_, type_name, prefix) in BLOCKS {
                    let id = format!("{prefix}{}", &situation.public_id[3..]);
                    told.add(type_name, &id, level);
                }
            }
        }
        for area in &self.areas {
            told.add("Area", &area.public_id, Unclassified);
        }
        self.add_review(told, caller);
        self.add_letters(told, caller);
        self.add_presences(told, caller);
        for row in &self.leveled {
            if self.exists(row, told, caller) {
                told.add(row.type_name, &row.id, self.label(row));
            }
        }
        self.add_parties(told, caller);
    }

    fn is_public(&self, situation: i64) -> bool {
        let row = self.situations.iter().find(|row| row.id == situation);
        row.unwrap().is_public
    }

    /// The level of a row on a situation.
    fn level_on(&self, situation: i64, level: Classification) -> Classification {
        if self.is_public(situation) {
            level
        } else {
            level.max(Confidential)
        }
    }

    fn add_review(&self, told: &mut Told, caller: &Caller) {
        if told.holds_any {
            for cycle in &self.cycles {
                told.add("ReviewCycle", &cycle.public_id, Confidential);
            }
        }
        let items = self
            .items
            .iter()
            .map(|row| ("ReviewItem", &row.public_id, row.situation_id));
        let inputs = self
            .inputs
            .iter()
            .filter(|input| Self::tells_input(input, caller))
            .map(|row| ("EntityInput", &row.public_id, row.situation_id));
        let actions = self
            .actions
            .iter()
            .map(|row| ("Action", &row.public_id, row.situation_id));
        let of_item: BTreeMap<_, _> = self
            .items
            .iter()
            .map(|row| (row.id, row.situation_id))
            .collect();
        let decisions = self.decisions.iter();
        let decisions = decisions.map(|row| ("Decision", &row.public_id, of_item[&row.item_id]));
        for (type_name, id, situation) in items.chain(inputs).chain(actions).chain(decisions) {
            if told.needs.contains(&situation) {
                told.add(type_name, id, Confidential);
            }
        }
    }

    fn add_letters(&self, told: &mut Told, caller: &Caller) {
        for letter in self.letters.iter().filter(|letter| letter.is_current) {
            let is_open = letter.classification != StrictlyConfidential
                && letter
                    .public_on
                    .is_some_and(|day| day <= self.now.date_naive());
            let is_needed = letter.classification <= caller.clearance
                && told.needs.contains(&letter.situation_id);
            let situation_exists =
                self.is_public(letter.situation_id) || told.needs.contains(&letter.situation_id);
            if is_needed || (is_open && situation_exists) {
                let own = if is_open {
                    Unclassified
                } else {
                    letter.classification.max(Confidential)
                };
                let level = self.level_on(letter.situation_id, own);
                told.add("Communication", &letter.public_id, level);
            }
        }
    }

    fn covered_by(&self, presence: &str) -> Vec<i64> {
        let links = self
            .covered
            .iter()
            .filter(|link| link.presence_key == presence);
        links.map(|link| link.situation_id).collect()
    }

    fn add_presences(&self, told: &mut Told, caller: &Caller) {
        for presence in self.presences.iter().filter(|row| row.is_current) {
            let covered = self.covered_by(&presence.record_key);
            let is_needed = covered.iter().any(|row| told.needs.contains(row));
            let is_public = covered.is_empty() || covered.iter().any(|row| self.is_public(*row));
            let own = presence.classification;
            let is_open = own == Unclassified && (is_public || is_needed);
            if is_open || (is_needed && own <= caller.clearance) {
                let level = if is_public {
                    own
                } else {
                    own.max(Confidential)
                };
                told.add("FieldPresence", &presence.public_id, level);
            }
        }
    }

    fn is_known(&self, row: &Leveled, caller: Option<&Caller>) -> bool {
        let Some(listing) = &row.listing else {
            return row.is_current;
        };
        let clears = |caller: &Caller| {
            caller.is_cleared() && caller.is_of(listing.owner) && caller.has_role("review:clear")
        };
        if caller.is_some_and(clears) {
            return row.is_current;
        }
        listing.known_from <= self.now && listing.known_to.is_none_or(|to| self.now < to)
    }

    fn exists(&self, row: &Leveled, told: &Told, caller: &Caller) -> bool {
        let is_needed = told.needs.contains(&row.situation);
        let is_for_cleared = ["EarlyWarningSignal", "RiskAssessment"].contains(&row.type_name);
        let is_open = !is_for_cleared && row.level == Unclassified && self.is_public(row.situation);
        self.is_known(row, Some(caller))
            && (is_open || (is_needed && row.level <= caller.clearance))
    }

    /// The level of an answer that tells of a row.
    fn label(&self, row: &Leveled) -> Classification {
        let is_for_cleared = ["EarlyWarningSignal", "RiskAssessment"].contains(&row.type_name);
        let is_held_back = row
            .listing
            .as_ref()
            .is_some_and(|listing| listing.known_from > self.now);
        let least = if is_for_cleared || is_held_back {
            Confidential
        } else {
            Unclassified
        };
        self.level_on(row.situation, row.level.max(least))
    }

    fn add_parties(&self, told: &mut Told, caller: &Caller) {
        let listings = || {
            self.leveled
                .iter()
                .filter_map(|row| Some((row, row.listing.as_ref()?)))
        };
        let openly: BTreeSet<_> = listings()
            .filter(|(row, _)| {
                self.is_known(row, None)
                    && row.level == Unclassified
                    && self.is_public(row.situation)
            })
            .map(|(_, listing)| listing.party)
            .collect();
        let mut named: BTreeSet<_> = listings()
            .filter(|(row, _)| self.exists(row, told, caller))
            .map(|(_, listing)| listing.party)
            .collect();
        let working = self.violations.iter().filter(|row| {
            row.is_current
                && !row.is_published
                && row.classification <= Confidential
                && told.needs.contains(&row.situation_id)
        });
        named.extend(working.filter_map(|row| row.party_id));
        for party in self
            .parties
            .iter()
            .filter(|party| named.contains(&party.id))
        {
            let level = if openly.contains(&party.id) {
                Unclassified
            } else {
                Confidential
            };
            told.add("Party", &party.public_id, level);
        }
    }

    /// The ids of all records, by their types.
    pub(super) fn ids_by_type(&self) -> BTreeMap<&'static str, Vec<String>> {
        let mut told = Told {
            nodes: BTreeMap::new(),
            needs: self.situations.iter().map(|row| row.id).collect(),
            holds_any: true,
        };
        self.fill(&mut told, &ALL_KNOWING);
        let mut ids: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (id, (type_name, _)) in told.nodes {
            ids.entry(type_name).or_default().push(id);
        }
        ids
    }

    /// The situations that each record hangs on, by its id.
    pub(super) fn places(&self) -> BTreeMap<String, Vec<i64>> {
        let mut places: BTreeMap<String, Vec<i64>> = BTreeMap::new();
        let mut add = |id: &str, on: Vec<i64>| places.insert(id.to_owned(), on);
        for row in &self.situations {
            add(&row.public_id, vec![row.id]);
            for (_, _, prefix) in BLOCKS {
                add(&format!("{prefix}{}", &row.public_id[3..]), vec![row.id]);
            }
        }
        for row in &self.items {
            add(&row.public_id, vec![row.situation_id]);
        }
        for row in &self.decisions {
            let item = self
                .items
                .iter()
                .find(|item| item.id == row.item_id)
                .unwrap();
            add(&row.public_id, vec![item.situation_id]);
        }
        for row in &self.actions {
            add(&row.public_id, vec![row.situation_id]);
        }
        for row in &self.inputs {
            add(&row.public_id, vec![row.situation_id]);
        }
        for row in &self.letters {
            add(&row.public_id, vec![row.situation_id]);
        }
        for row in &self.presences {
            add(&row.public_id, self.covered_by(&row.record_key));
        }
        for row in &self.leveled {
            add(&row.id, vec![row.situation]);
        }
        for row in &self.areas {
            add(&row.public_id, Vec::new());
        }
        for row in &self.cycles {
            add(&row.public_id, Vec::new());
        }
        for row in &self.parties {
            add(&row.public_id, Vec::new());
        }
        places
    }

    /// Whether everybody who knows of the situation is told how far an input is.
    pub(super) fn is_told_to_all(input: &entity_input::Model) -> bool {
        match input.status {
            InputStatus::Cleared
            | InputStatus::NilReturn
            | InputStatus::NoChange
            | InputStatus::NotReceived => true,
            InputStatus::Withdrawn => input.cleared_at.is_some(),
            InputStatus::Draft | InputStatus::Submitted => false,
        }
    }

    /// Whether a caller is told how far an input is.
    pub(super) fn tells_input(input: &entity_input::Model, caller: &Caller) -> bool {
        // Who knows all has that role beside the other.
        let is_steering = caller.has_role("review:steer") || *caller == ALL_KNOWING;
        Self::is_told_to_all(input) || caller.is_of(&input.entity) || is_steering
    }

    pub(super) fn input(&self, id: &str) -> Option<&entity_input::Model> {
        let found = self
            .inputs
            .binary_search_by(|row| row.public_id.as_str().cmp(id));
        found.ok().map(|at| &self.inputs[at])
    }

    /// The input of an entity on a situation for the monthly cycle that began last.
    pub(super) fn present_input(
        &self,
        entity: &str,
        situation: i64,
    ) -> Option<&entity_input::Model> {
        let at = self.present.get(&(entity.to_owned(), situation))?;
        Some(&self.inputs[*at])
    }
}

impl Told {
    fn add(&mut self, type_name: &'static str, id: &str, level: Classification) {
        self.nodes.insert(id.to_owned(), (type_name, level));
    }

    pub(super) fn exists(&self, id: &str) -> bool {
        self.nodes.contains_key(id)
    }

    /// Whether the caller needs to know of one of some situations; of any at all, where there are none.
    pub(super) fn needs_one(&self, situations: Option<&[i64]>) -> bool {
        situations.map_or(self.holds_any, |rows| {
            rows.iter().any(|row| self.needs.contains(row))
        })
    }
}
