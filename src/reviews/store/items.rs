//! Agenda items.

use std::collections::HashMap;

use chrono::NaiveDate;
use entities::{
    action, action_item, entity_block, entity_input, review_cycle, review_item, situation,
    situation_state,
    terms::{ActionState, Classification, ConcernLevel, Coverage, InputStatus, ItemState},
};
use sea_orm::{
    ActiveEnum, ColumnTrait, Condition, DbErr, EntityTrait, Order, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
    sea_query::{CaseStatement, Expr, ExprTrait, Func, SubQueryStatement},
};

use super::{
    super::terms::ReviewItemOrder,
    situations::{situation_states, situations_in_regions},
};
use crate::{
    database::Database,
    vocabulary::{Keyset, ListsOf, Page, Part, SortKind, SortedList, Viewer, inputs, levels_up_to},
};

/// The items on situations that exist for the viewer.
pub(crate) fn items(viewer: &Viewer) -> Select<review_item::Entity> {
    review_item::Entity::find().filter(viewer.needs(review_item::Column::SituationId))
}

/// Which items are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct ItemFilter {
    /// In one of these states.
    pub(crate) states: Option<Vec<ItemState>>,
    /// On situations of one of these levels.
    pub(crate) concern: Option<Vec<ConcernLevel>>,
    /// On situations in one of these regions.
    pub(crate) regions: Option<Vec<String>>,
    /// Lacking the input of one of these entities.
    pub(crate) input_missing_from: Option<Vec<String>>,
    /// With an overdue action.
    pub(crate) overdue_only: bool,
}

/// What is asked of the items of a cycle.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct CycleItemArguments {
    /// Which part of the list.
    pub(crate) part: Part,
    /// Only some of them.
    pub(crate) filter: ItemFilter,
    /// In which order.
    pub(crate) order: ReviewItemOrder,
}

impl ReviewItemOrder {
    /// The list in this order.
    pub(crate) fn list(self) -> SortedList {
        match self {
            Self::Agenda => SortedList::new("review items by AGENDA", SortKind::Number),
            Self::ConcernDesc => SortedList::new("review items by CONCERN_DESC", SortKind::Number),
            Self::Title => SortedList::new("review items by TITLE", SortKind::Text),
        }
    }
}

/// The same part of each cycle's items.
pub(crate) async fn items_of_cycle(
    database: &Database,
    viewer: &Viewer,
    parents: &[i64],
    arguments: &CycleItemArguments,
) -> Result<HashMap<i64, Page<review_item::Model>>, DbErr> {
    use review_item::Column;
    let rows = filtered(viewer, &arguments.filter);
    let list = arguments.order.list().name;
    let (key, parent, tie) = (Column::Id, Column::CycleId, Column::PublicId);
    let on_agenda_of = |row: &review_item::Model| row.cycle_id;
    match arguments.order {
        ReviewItemOrder::Agenda => {
            let position =
                Func::coalesce([Column::AgendaPosition.into_expr(), Expr::val(i32::MAX)]);
            let keyset = Keyset::<_, i32>::new(list, position.into(), Order::Asc, tie);
            ListsOf {
                keyset,
                key,
                parent,
                parent_of: on_agenda_of,
            }
            .pages(&rows, parents, &arguments.part, &database.read)
            .await
        }
        ReviewItemOrder::ConcernDesc => {
            let keyset = Keyset::<_, i32>::new(list, concern_rank(viewer), Order::Desc, tie);
            ListsOf {
                keyset,
                key,
                parent,
                parent_of: on_agenda_of,
            }
            .pages(&rows, parents, &arguments.part, &database.read)
            .await
        }
        ReviewItemOrder::Title => {
            let keyset = Keyset::<_, String>::new(list, title(), Order::Asc, tie);
            ListsOf {
                keyset,
                key,
                parent,
                parent_of: on_agenda_of,
            }
            .pages(&rows, parents, &arguments.part, &database.read)
            .await
        }
    }
}

/// Name of the list in its cursors.
pub(crate) const SITUATION_ITEMS: SortedList =
    SortedList::new("review items, the latest cycle first", SortKind::Date);

/// What is asked of the items on a situation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct SituationItemArguments {
    /// Which part of the list.
    pub(crate) part: Part,
}

/// The same part of each situation's items, over all cycles.
pub(crate) async fn items_of_situation(
    database: &Database,
    viewer: &Viewer,
    situations: &[i64],
    arguments: &SituationItemArguments,
) -> Result<HashMap<i64, Page<review_item::Model>>, DbErr> {
    use review_item::Column;
    let began = review_cycle::Entity::find()
        .select_only()
        .column(review_cycle::Column::PeriodStart)
        .filter(
            Expr::col((review_cycle::Entity, review_cycle::Column::Id))
                .equals((review_item::Entity, Column::CycleId)),
        );
    let keyset = Keyset::<_, NaiveDate>::new(
        SITUATION_ITEMS.name,
        scalar(began),
        Order::Desc,
        Column::PublicId,
    );
    ListsOf {
        keyset,
        key: Column::Id,
        parent: Column::SituationId,
        parent_of: |row: &review_item::Model| row.situation_id,
    }
    .pages(&items(viewer), situations, &arguments.part, &database.read)
    .await
}

fn filtered(viewer: &Viewer, filter: &ItemFilter) -> Select<review_item::Entity> {
    use review_item::Column;
    let mut rows = items(viewer);
    if let Some(states) = &filter.states {
        rows = rows.filter(Column::State.is_in(states.iter().copied()));
    }
    if let Some(levels) = &filter.concern {
        let concern = scalar(state_in_force(viewer).column(situation_state::Column::ConcernLevel));
        rows = rows.filter(concern.is_in(levels.iter().map(ActiveEnum::to_value)));
    }
    if let Some(regions) = &filter.regions {
        rows = rows.filter(Column::SituationId.in_subquery(situations_in_regions(regions)));
    }
    if let Some(entities) = &filter.input_missing_from {
        let missing = entities.iter().fold(Condition::any(), |any, entity| {
            any.add(input_is_missing(viewer, entity))
        });
        rows = rows.filter(missing);
    }
    if filter.overdue_only {
        rows = rows.filter(Column::Id.in_subquery(overdue_items(viewer)));
    }
    rows
}

fn scalar<E: EntityTrait>(select: Select<E>) -> Expr {
    Expr::from(SubQueryStatement::from(select.into_query()))
}

/// The state in force of the situation of an item.
fn state_in_force(viewer: &Viewer) -> Select<situation_state::Entity> {
    use situation_state::Column;
    situation_states(viewer)
        .select_only()
        .filter(
            Expr::col((situation_state::Entity, Column::SituationId))
                .equals((review_item::Entity, review_item::Column::SituationId)),
        )
        .order_by_desc(Column::EffectiveOn)
        .order_by_desc(Column::Id)
        .limit(1)
}

fn concern_rank(viewer: &Viewer) -> Expr {
    use situation_state::Column;
    let graver = [
        (ConcernLevel::Critical, 4),
        (ConcernLevel::High, 3),
        (ConcernLevel::Elevated, 2),
        (ConcernLevel::Watch, 1),
    ];
    let rank = graver
        .into_iter()
        .fold(CaseStatement::new(), |case, (level, rank)| {
            case.case(Column::ConcernLevel.eq(level), rank)
        })
        .finally(0);
    Func::coalesce([scalar(state_in_force(viewer).expr(rank)), Expr::val(0)]).into()
}

fn title() -> Expr {
    let title = situation::Entity::find()
        .select_only()
        .column(situation::Column::TitleEn)
        .filter(
            Expr::col((situation::Entity, situation::Column::Id))
                .equals((review_item::Entity, review_item::Column::SituationId)),
        );
    scalar(title)
}

/// A missing input is a gap; a nil return, a draft or a withdrawal is none, and nothing is missing
/// from an entity without a mechanism here: its row for the cycle says so, or else its block.
fn input_is_missing(viewer: &Viewer, entity: &str) -> Condition {
    use entity_input::Column;
    let given = inputs(viewer)
        .select_only()
        .column(Column::Id)
        .filter(
            Expr::col((entity_input::Entity, Column::SituationId))
                .equals((review_item::Entity, review_item::Column::SituationId)),
        )
        .filter(
            Expr::col((entity_input::Entity, Column::CycleId))
                .equals((review_item::Entity, review_item::Column::CycleId)),
        )
        .filter(Column::Entity.eq(entity));
    let gap = given
        .clone()
        .filter(Column::Status.eq(InputStatus::NotReceived))
        .filter(Column::Coverage.ne(Coverage::OutsideMandate));
    let outside = entity_block::Entity::find()
        .select_only()
        .column(entity_block::Column::Id)
        .filter(
            Expr::col((entity_block::Entity, entity_block::Column::SituationId))
                .equals((review_item::Entity, review_item::Column::SituationId)),
        )
        .filter(entity_block::Column::Entity.eq(entity))
        .filter(viewer.known::<entity_block::Entity>())
        // A block that no field returns counts as none.
        .filter(
            entity_block::Column::Classification
                .is_in(levels_up_to(Classification::Confidential).iter().copied()),
        )
        .filter(entity_block::Column::Coverage.eq(Coverage::OutsideMandate));
    let silent = Condition::all()
        .add(Expr::not_exists(given.into_query()))
        .add(Expr::not_exists(outside.into_query()));
    Condition::any()
        .add(Expr::exists(gap.into_query()))
        .add(silent)
}

fn overdue_items(viewer: &Viewer) -> sea_orm::sea_query::SelectStatement {
    let overdue = action::Entity::find()
        .select_only()
        .column(action::Column::Id)
        .filter(action::Column::State.is_in([ActionState::Open, ActionState::InProgress]))
        .filter(action::Column::DueOn.lt(viewer.today()))
        .filter(viewer.needs(action::Column::SituationId))
        .filter(action::Column::SealedAt.is_null())
        .into_query();
    action_item::Entity::find()
        .select_only()
        .column(action_item::Column::ItemId)
        .filter(action_item::Column::ActionId.in_subquery(overdue))
        .into_query()
}
