//! Writes what an act changed.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, Utc};
use entities::{
    action, action_item, decision, entity_input, frozen_profile, input_narrative, list::TextList,
    review_cycle, review_item, terms::PeriodKind,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait,
    QueryFilter, sea_query::Expr,
};

use super::{
    super::state::{Action, Change, Cycle, Decision, Input, Item, ItemKey, Narrative},
    freeze::{self, ReadAll},
    rows::Rows,
    texts::{Record, Texts},
};
use crate::import::IdKey;

/// What changes are written with.
pub(super) struct Writer<'a, C> {
    pub(super) connection: &'a C,
    pub(super) ids: &'a IdKey,
    pub(super) rows: &'a mut Rows,
    pub(super) profiles: &'a ReadAll,
    /// The reason that was given, as it is stored.
    pub(super) reason: Option<&'a str>,
    pub(super) now: DateTime<Utc>,
}

impl<C: ConnectionTrait> Writer<'_, C> {
    /// Writes them, items before what stands under them.
    pub(super) async fn write(&mut self, changes: &[Change]) -> Result<(), DbErr> {
        for change in changes {
            if let Change::Item(item) = change {
                self.write_item(item).await?;
            }
        }
        for change in changes {
            match change {
                Change::Cycle(cycle) => self.write_cycle(cycle).await?,
                Change::Item(_) => {}
                Change::Input(input) => self.write_input(input).await?,
                Change::Decision(decision) => self.write_decision(decision).await?,
                Change::Action(action) => self.write_action(action).await?,
                Change::Frozen(item) => self.write_frozen(item).await?,
            }
        }
        Ok(())
    }

    async fn write_cycle(&mut self, cycle: &Cycle) -> Result<(), DbErr> {
        let mut row = review_cycle::ActiveModel {
            state: Set(cycle.state),
            opens_at: Set(cycle.opens_at),
            inputs_due_at: Set(cycle.inputs_due_at),
            session_at: Set(cycle.session_at),
            frozen_at: Set(cycle.frozen_at),
            version: Set(cycle.version),
            ..Default::default()
        };
        if let Some(id) = self.rows.cycles.get(&cycle.code) {
            row.id = sea_orm::ActiveValue::Unchanged(*id);
            review_cycle::Entity::update(row)
                .exec(self.connection)
                .await?;
            return Ok(());
        }
        row.record_key = Set(cycle.code.clone());
        row.public_id = Set(self.ids.public_id("cyc", &cycle.code));
        row.kind = Set(cycle.kind);
        row.period = Set(cycle.period.clone());
        row.period_kind = Set(PeriodKind::Month);
        row.period_start = Set(cycle.period_start);
        row.period_end = Set(end_of_month(cycle.period_start));
        let previous = cycle.previous.as_ref();
        row.previous_id = Set(previous.and_then(|code| self.rows.cycles.get(code).copied()));
        let inserted = review_cycle::Entity::insert(row)
            .exec(self.connection)
            .await?;
        self.rows
            .cycles
            .insert(cycle.code.clone(), inserted.last_insert_id);
        Ok(())
    }

    async fn write_item(&mut self, item: &Item) -> Result<(), DbErr> {
        let natural = format!("{}/{}", item.cycle, item.situation);
        let mut texts = self.texts("review_items", &natural, 1).await?;
        let carried = item.carried_from.clone();
        let carried = carried.map(|cycle| (cycle, item.situation.clone()));
        let carried_from = match carried {
            Some(key) => self.item_id(&key).await?,
            None => None,
        };
        let mut row = review_item::ActiveModel {
            agenda_position: Set(item.position),
            state: Set(item.state),
            proposed_by: Set(item.proposed_by.clone()),
            reason: Set(texts.stored_if_any(item.reason.as_ref())?),
            carried_from_id: Set(carried_from),
            version: Set(item.version),
            ..Default::default()
        };
        texts.finish(self.connection, self.now).await?;
        if let Some(id) = self.rows.items.get(&item.key()) {
            row.id = sea_orm::ActiveValue::Unchanged(*id);
            review_item::Entity::update(row)
                .exec(self.connection)
                .await?;
            return Ok(());
        }
        row.record_key = Set(natural.clone());
        row.public_id = Set(self.ids.public_id("itm", &natural));
        row.cycle_id = Set(found(self.rows.cycles.get(&item.cycle), "cycle")?);
        row.situation_id = Set(found(
            self.rows.situations.get(&item.situation),
            "situation",
        )?);
        let inserted = review_item::Entity::insert(row)
            .exec(self.connection)
            .await?;
        self.rows.items.insert(item.key(), inserted.last_insert_id);
        Ok(())
    }

    /// Adds a revision; the one before stays as it was.
    async fn write_input(&mut self, input: &Input) -> Result<(), DbErr> {
        let natural = format!("{}/{}/{}", input.cycle, input.situation, input.entity);
        self.end_revision(input).await?;
        let mut texts = self.texts("entity_inputs", &natural, input.version).await?;
        let content = &input.content;
        let gap = content.gap.as_ref();
        let caveats: Result<Vec<_>, _> = content
            .caveats
            .iter()
            .map(|caveat| texts.stored(caveat))
            .collect();
        let row = entity_input::ActiveModel {
            record_key: Set(natural.clone()),
            public_id: Set(self.ids.public_id("inp", &natural)),
            cycle_id: Set(found(self.rows.cycles.get(&input.cycle), "cycle")?),
            situation_id: Set(found(
                self.rows.situations.get(&input.situation),
                "situation",
            )?),
            entity: Set(input.entity.clone()),
            status: Set(input.status),
            coverage: Set(content.coverage),
            as_of: Set(content.as_of),
            submitted_at: Set(input.submitted_at),
            cleared_at: Set(input.cleared_at),
            revision: Set(input.version),
            revised_at: Set(self.now),
            is_current: Set(true),
            known_from: Set(self.now),
            known_to: Set(None),
            sealed_at: Set(None),
            kind: Set(input.kind),
            headline: Set(texts.stored_if_any(content.headline.as_ref())?),
            caveats: Set(caveats?.into_iter().collect::<TextList>()),
            confidence: Set(content.confidence),
            gap_kind: Set(gap.map(|gap| gap.kind)),
            gap_since: Set(gap.and_then(|gap| gap.since)),
            gap_note: Set(texts.stored_if_any(gap.and_then(|gap| gap.note.as_ref()))?),
            reference_ids: Set(content.references.iter().cloned().collect()),
            covers_from: Set(content.covers.map(|(from, _)| from)),
            covers_until: Set(content.covers.map(|(_, until)| until)),
            confirms_id: Set(
                (content.confirms.as_ref()).and_then(|code| self.rows.cycles.get(code).copied())
            ),
            contributor: Set(texts.stored_if_any(content.contributor.as_ref())?),
            drafted_by: Set(Some(as_json(&input.drafted_by)?)),
            cleared_by: Set(input.cleared_by.as_ref().map(crate::auth::Person::to_text)),
            ..Default::default()
        };
        let written = content.narratives.iter().map(|narrative| {
            Ok::<_, DbErr>((
                texts.stored(&narrative.heading)?,
                texts.stored(&narrative.body)?,
            ))
        });
        let written = written.collect::<Result<Vec<_>, _>>()?;
        texts.finish(self.connection, self.now).await?;
        let inserted = entity_input::Entity::insert(row)
            .exec(self.connection)
            .await?;
        self.write_narratives(inserted.last_insert_id, &content.narratives, written)
            .await
    }

    /// The revision before is known until now.
    async fn end_revision(&self, input: &Input) -> Result<(), DbErr> {
        use entity_input::Column;
        if let Some(before) = self.rows.inputs.get(&input.key()) {
            entity_input::Entity::update_many()
                .col_expr(Column::IsCurrent, Expr::val(false))
                .col_expr(Column::KnownTo, Expr::val(self.now))
                .filter(Column::Id.eq(*before))
                .exec(self.connection)
                .await?;
        }
        Ok(())
    }

    /// Writes the parts of an input's text, with what was encrypted of each.
    async fn write_narratives(
        &self,
        input: i64,
        narratives: &[Narrative],
        written: Vec<(String, String)>,
    ) -> Result<(), DbErr> {
        let narratives = narratives.iter().zip(written).zip(1..);
        let narratives: Vec<_> = narratives
            .map(
                |((narrative, (heading, body)), position)| input_narrative::ActiveModel {
                    input_id: Set(input),
                    position: Set(position),
                    heading: Set(heading),
                    body: Set(body),
                    classification: Set(narrative.level),
                    ..Default::default()
                },
            )
            .collect();
        if !narratives.is_empty() {
            input_narrative::Entity::insert_many(narratives)
                .exec_without_returning(self.connection)
                .await?;
        }
        Ok(())
    }

    async fn write_decision(&mut self, new: &Decision) -> Result<(), DbErr> {
        let (cycle, situation) = &new.item;
        let natural = format!("{cycle}/{situation}/{}", new.number);
        let mut texts = self.texts("decisions", &natural, 1).await?;
        let row = decision::ActiveModel {
            public_id: Set(self.ids.public_id("dec", &natural)),
            item_id: Set(found(self.rows.items.get(&new.item), "item")?),
            kind: Set(new.kind),
            decided_at: Set(self.now),
            note: Set(texts.stored_if_any(new.note.as_ref())?),
            dissent: Set(new.dissent.iter().cloned().collect()),
            sealed_at: Set(None),
            record_key: Set(natural.clone()),
            ..Default::default()
        };
        texts.finish(self.connection, self.now).await?;
        decision::Entity::insert(row)
            .exec_without_returning(self.connection)
            .await
            .map(|_| ())
    }

    async fn write_action(&mut self, new: &Action) -> Result<(), DbErr> {
        let mut texts = self.texts("actions", &new.code, 1).await?;
        let mut row = action::ActiveModel {
            title: Set(texts.stored(&new.title)?),
            owner: Set(new.owner.clone()),
            due_on: Set(new.due_on),
            state: Set(new.state),
            outcome: Set(texts.stored_if_any(new.outcome.as_ref())?),
            version: Set(new.version),
            ..Default::default()
        };
        texts.finish(self.connection, self.now).await?;
        let id = if let Some(id) = self.rows.actions.get(&new.code).copied() {
            row.id = sea_orm::ActiveValue::Unchanged(id);
            action::Entity::update(row).exec(self.connection).await?;
            id
        } else {
            let item = (new.first_cycle.clone(), new.situation.clone());
            row.record_key = Set(new.code.clone());
            row.public_id = Set(self.ids.public_id("act", &new.code));
            row.situation_id = Set(found(
                self.rows.situations.get(&new.situation),
                "situation",
            )?);
            row.first_cycle_id = Set(found(self.rows.cycles.get(&new.first_cycle), "cycle")?);
            row.decision_id = Set(self.decision_id(&item, new.decision).await?);
            let inserted = action::Entity::insert(row).exec(self.connection).await?;
            self.rows
                .actions
                .insert(new.code.clone(), inserted.last_insert_id);
            inserted.last_insert_id
        };
        let Some(last) = new.stands_in.last() else {
            return Ok(());
        };
        self.write_link(new, id, last).await
    }

    /// Has an action stand under the item of a cycle, unless it does.
    async fn write_link(&self, action: &Action, id: i64, cycle: &str) -> Result<(), DbErr> {
        let natural = format!("{}/{cycle}/{}", action.code, action.situation);
        let there = action_item::Entity::find()
            .filter(action_item::Column::RecordKey.eq(natural.as_str()))
            .one(self.connection)
            .await?;
        let item = (cycle.to_owned(), action.situation.clone());
        let Some(item) = self.item_id(&item).await?.filter(|_| there.is_none()) else {
            return Ok(());
        };
        let link = action_item::ActiveModel {
            record_key: Set(natural),
            action_id: Set(id),
            item_id: Set(item),
            ..Default::default()
        };
        action_item::Entity::insert(link)
            .exec_without_returning(self.connection)
            .await
            .map(|_| ())
    }

    async fn write_frozen(&mut self, key: &ItemKey) -> Result<(), DbErr> {
        let (cycle, situation) = key;
        let item = found(self.rows.items.get(key), "item")?;
        let profile = self.profiles.get(situation);
        let profile = profile.ok_or_else(|| lost("profile"))?;
        let before = frozen_profile::Entity::find()
            .filter(frozen_profile::Column::ItemId.eq(item))
            .count(self.connection)
            .await?;
        let version = i32::try_from(before + 1).unwrap_or(i32::MAX);
        let public_id = self
            .ids
            .public_id("frz", &format!("{cycle}/{situation}/{version}"));
        let place = freeze::Place {
            public_id: &public_id,
            item,
            version,
            reason: self.reason.filter(|_| version > 1),
            at: self.now,
        };
        freeze::store(self.connection, place, profile).await
    }

    async fn item_id(&self, key: &ItemKey) -> Result<Option<i64>, DbErr> {
        if let Some(id) = self.rows.items.get(key) {
            return Ok(Some(*id));
        }
        let natural = format!("{}/{}", key.0, key.1);
        let item = review_item::Entity::find()
            .filter(review_item::Column::RecordKey.eq(natural))
            .one(self.connection)
            .await?;
        Ok(item.map(|row| row.id))
    }

    async fn decision_id(
        &self,
        (cycle, situation): &ItemKey,
        number: Option<usize>,
    ) -> Result<Option<i64>, DbErr> {
        let Some(number) = number else {
            return Ok(None);
        };
        let natural = format!("{cycle}/{situation}/{number}");
        let found = decision::Entity::find()
            .filter(decision::Column::RecordKey.eq(natural))
            .one(self.connection)
            .await?;
        Ok(found.map(|row| row.id))
    }

    async fn texts<'t>(
        &self,
        table: &'static str,
        key: &'t str,
        revision: i32,
    ) -> Result<Texts<'t>, DbErr> {
        let record = Record {
            table,
            key,
            revision,
        };
        Texts::of(self.connection, record).await
    }
}

fn found(id: Option<&i64>, what: &str) -> Result<i64, DbErr> {
    id.copied().ok_or_else(|| lost(what))
}

fn lost(what: &str) -> DbErr {
    DbErr::Custom(format!("a {what} that an act is about is not loaded"))
}

fn as_json(people: &[crate::auth::Person]) -> Result<String, DbErr> {
    serde_json::to_string(people).map_err(|error| DbErr::Custom(error.to_string()))
}

/// The last day of a month, by its first.
pub(super) fn end_of_month(first: NaiveDate) -> NaiveDate {
    let next = first.checked_add_months(Months::new(1));
    let last = next.and_then(|day| day.checked_sub_days(Days::new(u64::from(day.day()))));
    last.unwrap_or(first)
}
