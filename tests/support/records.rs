//! The example records, on each kind of database.

use sea_orm::DbBackend;
use upfront::{
    auth::{Clock, SystemClock},
    database::Database,
    import::{self, Files, Mode},
    sources::{Thresholds, suppress_small_counts},
};

use crate::support::database::{Template, on_one_copy};

pub(crate) static EXAMPLE: Template = Template::new("example", |database| {
    Box::pin(async move {
        import::use_example_ids(&database).await.unwrap();
        import::run(&database, &Files::example(), Mode::Store)
            .await
            .unwrap();
        let now = SystemClock.instant();
        suppress_small_counts(&database, Thresholds::default(), now)
            .await
            .unwrap();
    })
});

/// Runs a test on the example records, on each kind of database.
pub(crate) async fn on_example<T, F>(test: T)
where
    T: Fn(Database) -> F,
    F: Future<Output = ()> + Send + 'static,
{
    on_one_copy(&EXAMPLE, DbBackend::Sqlite, &test).await;
    on_one_copy(&EXAMPLE, DbBackend::Postgres, &test).await;
}
