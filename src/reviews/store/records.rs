//! The mandates' records, of which only that they exist is read here.

use sea_orm::{
    ConnectionTrait, DbErr,
    sea_query::{Expr, ExprTrait, SelectStatement},
};

use crate::database::Database;

/// Those of some ids that rows have. `rows` selects the column `public_id` alone.
pub(crate) async fn existing(
    database: &Database,
    mut rows: SelectStatement,
    ids: &[&str],
) -> Result<Vec<String>, DbErr> {
    rows.and_where(Expr::col("public_id").is_in(ids.iter().copied()));
    let found = database.read.query_all(&rows).await?;
    found.iter().map(|row| row.try_get_by_index(0)).collect()
}
