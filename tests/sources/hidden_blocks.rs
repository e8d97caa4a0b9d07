//! A block above the level of all its fields is told to nobody.

use entities::{entity_block, situation, terms::Classification};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait},
};

use crate::sources::asking::{Caller, World, on_example};

const SITUATION: &str = "arvenia-armed-conflict";
const BLOCKS: [(&str, &str, &str); 4] = [
    ("ohchr", "OHCHR", "ohchr"),
    ("osapg", "OSAPG", "osapg"),
    ("srsg_caac", "SRSG_CAAC", "caac"),
    ("srsg_svc", "SRSG_SVC", "svc"),
];

#[tokio::test]
async fn a_block_that_nobody_is_told_answers_like_one_that_is_not_there() {
    on_example(|world| async move {
        let id = World::situation(SITUATION);
        let of_situation = situation::Entity::find()
            .filter(situation::Column::RecordKey.eq(SITUATION))
            .one(&world.database.read)
            .await
            .unwrap()
            .unwrap()
            .id;
        for (source, entity, field) in BLOCKS {
            let block = format!(
                "{field} {{ coverage caveats asOf inputStatus headline confidence classification \
                 reportingGap {{ kind note }} }}"
            );
            let ask = async || {
                let mut told = Vec::new();
                for caller in [Caller::Anonymous, Caller::Confidential, Caller::Strict] {
                    told.extend(world.blocks(source, caller, &block, &[&id]).await);
                }
                told
            };
            let of_block = entity_block::Column::Entity
                .eq(entity)
                .and(entity_block::Column::SituationId.eq(of_situation));
            let open = ask().await;
            entity_block::Entity::update_many()
                .col_expr(
                    entity_block::Column::Classification,
                    Expr::value(Classification::StrictlyConfidential),
                )
                .filter(of_block.clone())
                .exec(&world.database.write)
                .await
                .unwrap();
            let hidden = ask().await;
            entity_block::Entity::delete_many()
                .filter(of_block)
                .exec(&world.database.write)
                .await
                .unwrap();
            let absent = ask().await;
            assert_ne!(open, absent, "{source}");
            assert_eq!(hidden, absent, "{source}");
            // Nothing says that the mandate has no mechanism here: what it did not hand in is missing.
            for (block, is_cleared) in absent.iter().zip([false, true, true]) {
                assert_eq!(block[field]["coverage"], "NOT_STATED", "{source}");
                let has_status = block[field]["inputStatus"].is_string();
                assert_eq!(has_status, is_cleared, "{source}");
            }
        }
    })
    .await;
}
