//! Reads the frames of one mandate's blocks.

use std::collections::HashMap;

use async_graphql::{Context, dataloader::Loader};
use entities::{
    entity_block, entity_input, review_cycle, review_item,
    terms::{self, Classification, CycleKind, CycleState},
};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    Select,
    sea_query::{Expr, SelectStatement, UnionType},
};

use super::{
    block::{Coverage, Frame},
    error::StoreError,
    inputs::inputs,
    loading::{CHUNK, RequestLoader},
    viewer::{Viewer, levels_up_to},
    visibility::needed_situations,
};
use crate::database::Database;

/// Reads the frames of one mandate's blocks.
#[derive(Debug)]
pub struct BlockLoader {
    /// Where they are.
    pub database: Database,
    /// For whom.
    pub viewer: Viewer,
    /// Code of the mandate.
    pub entity: &'static str,
}

/// The frame of the block on the situation with this row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FrameOf(pub i64);

impl Loader<FrameOf> for BlockLoader {
    type Value = Frame;
    type Error = StoreError;

    async fn load(&self, keys: &[FrameOf]) -> Result<HashMap<FrameOf, Frame>, StoreError> {
        let mut frames: HashMap<_, _> =
            keys.iter().map(|key| (*key, absent(self.entity))).collect();
        for chunk in keys.chunks(CHUNK) {
            let situations = chunk.iter().map(|key| key.0);
            // What a block says of others is not told, beyond whether the mandate has a mechanism there.
            let needed =
                needed_situations(&self.database, &self.viewer, situations.clone()).await?;
            for row in self
                .blocks(situations.clone())
                .all(&self.database.read)
                .await?
            {
                let key = FrameOf(row.situation_id);
                let mut frame = present(self.entity, row);
                frame.row = frame.row.filter(|row| needed.contains(&row.situation_id));
                frames.insert(key, frame);
            }
            if !needed.is_empty() {
                let asked = self.asked(needed.iter().copied());
                let statement = self.database.read.get_database_backend().build(&asked);
                let asked = AskedInput::find_by_statement(statement);
                for input in asked.all(&self.database.read).await? {
                    if let Some(frame) = frames.get_mut(&FrameOf(input.situation_id)) {
                        frame.note(input.status);
                    }
                }
            }
        }
        Ok(frames)
    }
}

impl BlockLoader {
    fn blocks(&self, situations: impl Iterator<Item = i64>) -> Select<entity_block::Entity> {
        entity_block::Entity::find()
            .filter(entity_block::Column::Entity.eq(self.entity))
            .filter(entity_block::Column::SituationId.is_in(situations))
            .filter(self.viewer.known::<entity_block::Entity>())
    }

    /// The inputs for the present cycle, and without a status the situations on its agenda.
    fn asked(&self, situations: impl Iterator<Item = i64> + Clone) -> SelectStatement {
        let mut inputs = inputs(&self.viewer)
            .select_only()
            .column(entity_input::Column::SituationId)
            .column(entity_input::Column::Status)
            .filter(entity_input::Column::Entity.eq(self.entity))
            .filter(entity_input::Column::SituationId.is_in(situations.clone()))
            .filter(entity_input::Column::CycleId.in_subquery(present_cycle()))
            .into_query();
        let agenda = review_item::Entity::find()
            .select_only()
            .column(review_item::Column::SituationId)
            .expr(Expr::cust("NULL"))
            .filter(review_item::Column::SituationId.is_in(situations))
            .filter(review_item::Column::CycleId.in_subquery(present_cycle()))
            .into_query();
        inputs.union(UnionType::All, agenda).to_owned()
    }
}

/// An input that is asked for, with its status where there is a record of it.
#[derive(Debug, FromQueryResult)]
struct AskedInput {
    situation_id: i64,
    status: Option<terms::InputStatus>,
}

/// The row of the present monthly cycle: the last one that has begun.
pub fn present_cycle() -> SelectStatement {
    review_cycle::Entity::find()
        .select_only()
        .column(review_cycle::Column::Id)
        .filter(review_cycle::Column::Kind.eq(CycleKind::Monthly))
        .filter(review_cycle::Column::State.ne(CycleState::Planned))
        .order_by_desc(review_cycle::Column::PeriodStart)
        .limit(1)
        .into_query()
}

/// The frame where the mandate has no record of the situation, or none that a field may return.
fn absent(entity: &'static str) -> Frame {
    Frame {
        entity,
        coverage: Coverage::NotStated,
        caveats: Vec::new(),
        row: None,
        input_status: None,
    }
}

/// Coverage and caveats are public where a field can return the block. A block above the level of
/// all its fields is returned to no caller: it answers like one that is not there.
fn present(entity: &'static str, row: entity_block::Model) -> Frame {
    if !levels_up_to(Classification::Confidential).contains(&row.classification) {
        return absent(entity);
    }
    Frame {
        entity,
        coverage: row.coverage.into(),
        caveats: row
            .caveats
            .as_slice()
            .iter()
            .map(|text| text.as_str().into())
            .collect(),
        input_status: None,
        row: Some(row),
    }
}

/// The frame of a mandate's block on a situation.
pub async fn frame(context: &Context<'_>, situation: i64) -> async_graphql::Result<Frame> {
    let loader = context.data::<RequestLoader<BlockLoader>>()?;
    let frame = loader.load_one(FrameOf(situation)).await?;
    Ok(frame.unwrap_or_else(|| absent(loader.loader().entity)))
}
