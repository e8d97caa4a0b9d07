//! The identifiers of the example data: made with a secret that is known, so that documents can name
//! its records.

use entities::installation_key;
use sea_orm::{
    ConnectionTrait, DbErr, EntityTrait, Set,
    sea_query::{Expr, ExprTrait, Query},
};

use super::{
    catalogue,
    identifier::{EXAMPLE_SECRET, IdKey, SECRET_NAME},
    references::{self, RECORD_KEY},
};
use crate::database::{Database, begin_writing};

/// Gives a database of example data the identifiers that the documents name; what it holds already
/// gets them too.
pub async fn use_example_ids(database: &Database) -> Result<(), DbErr> {
    let transaction = begin_writing(&database.write).await?;
    let key = installation_key::Entity::find_by_id(SECRET_NAME)
        .one(&transaction)
        .await?;
    let Some(key) = key.filter(|key| key.value != EXAMPLE_SECRET) else {
        return transaction.rollback().await;
    };
    let mut key = installation_key::ActiveModel::from(key);
    key.value = Set(EXAMPLE_SECRET.to_owned());
    installation_key::Entity::update(key)
        .exec(&transaction)
        .await?;
    rekey(&transaction, &IdKey::example()).await?;
    transaction.commit().await
}

async fn rekey<C: ConnectionTrait>(connection: &C, key: &IdKey) -> Result<(), DbErr> {
    let with_ids = catalogue::all().filter_map(|record_type| {
        let prefix = record_type.node?;
        Some((record_type.table, prefix))
    });
    for (table, prefix) in with_ids {
        for row in connection.query_all(&references::keys_of(table)).await? {
            let record_key: String = row.try_get_by_index(0)?;
            let id = key.public_id(prefix, &record_key);
            let mut update = Query::update();
            update
                .table(table)
                .value("public_id", id)
                .and_where(Expr::col(RECORD_KEY).eq(record_key));
            connection.execute(&update).await?;
        }
    }
    Ok(())
}
