//! The changes that make the database.

use entities::{list::TextList, terms};
use migrations::{Migrator, MigratorTrait};
use sea_orm::{ActiveEnum, ActiveValue::Set, ConnectionTrait, EntityTrait};
use upfront::{
    database::{Database, DatabaseError},
    import::{IdKey, use_example_ids},
};

use crate::support::database::on_each_database;

#[tokio::test]
async fn migrating_again_changes_nothing() {
    on_each_database(|database| async move {
        assert_eq!(database.migrate().await.unwrap(), Vec::<String>::new());
        database.prepare_to_serve().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn every_change_can_be_taken_back() {
    on_each_database(|database| async move {
        Migrator::down(&database.write, None).await.unwrap();
        let made = database.migrate().await.unwrap();
        assert_eq!(made.len(), Migrator::migrations().len());
    })
    .await;
}

#[tokio::test]
async fn two_that_migrate_at_once_do_not_collide() {
    on_each_database(|database| async move {
        Migrator::down(&database.write, None).await.unwrap();
        let (first, second) = tokio::join!(database.migrate(), database.migrate());
        let total = first.unwrap().len() + second.unwrap().len();
        assert_eq!(total, Migrator::migrations().len());
    })
    .await;
}

#[tokio::test]
async fn a_row_comes_back_as_it_went_in() {
    on_each_database(|database| async move {
        let situation = entities::situation::ActiveModel {
            record_key: Set("arvenia-north".to_owned()),
            public_id: Set("sit_1".to_owned()),
            title_en: Set("North of Arvenia".to_owned()),
            updated_at: Set("2026-10-01T09:00:00Z".parse().unwrap()),
            is_example: Set(true),
            is_public: Set(true),
            ..Default::default()
        };
        let id = entities::situation::Entity::insert(situation)
            .exec(&database.write)
            .await
            .unwrap()
            .last_insert_id;
        let caveats: TextList = ["under-reported".to_owned()].into_iter().collect();
        let block = entities::entity_block::ActiveModel {
            record_key: Set("arvenia-north/SRSG_SVC".to_owned()),
            situation_id: Set(id),
            entity: Set("SRSG_SVC".to_owned()),
            coverage: Set(terms::Coverage::PartlyCovered),
            caveats: Set(caveats.clone()),
            confidence: Set(terms::Confidence::NotAssessed),
            source: Set("SRSG_SVC".to_owned()),
            as_of: Set("2026-10-01T09:00:00Z".parse().unwrap()),
            revision: Set(1),
            revised_at: Set("2026-10-01T09:00:00Z".parse().unwrap()),
            is_current: Set(true),
            classification: Set(terms::Classification::StrictlyConfidential),
            ..Default::default()
        };
        entities::entity_block::Entity::insert(block)
            .exec(&database.write)
            .await
            .unwrap();
        let row = entities::entity_block::Entity::find()
            .one(&database.read)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(row.caveats, caveats);
        assert_eq!(
            row.classification,
            terms::Classification::StrictlyConfidential
        );
        assert_eq!(row.as_of.to_rfc3339(), "2026-10-01T09:00:00+00:00");
    })
    .await;
}

/// Records stored before ids were keyed get new ones, which only this installation can make.
#[tokio::test]
async fn ids_are_made_with_a_secret_of_the_installation() {
    on_each_database(|database| async move {
        crate::import::case::import_base(&database).await;
        let id = async || {
            let row = entities::situation::Entity::find()
                .one(&database.read)
                .await;
            row.unwrap().unwrap().public_id
        };
        let keyed = async || {
            let key = IdKey::of(&database.read).await.unwrap();
            key.public_id("sit", "arvenia")
        };
        let first = id().await;
        assert_eq!(first, keyed().await);
        let all = Migrator::migrations();
        let later = all
            .iter()
            .rev()
            .position(|one| one.name() == "m20261127_130000_key_public_ids");
        let steps = u32::try_from(later.unwrap() + 1).unwrap();
        Migrator::down(&database.write, Some(steps)).await.unwrap();
        let unkeyed = id().await;
        database.migrate().await.unwrap();
        let second = id().await;
        assert_eq!(second, keyed().await);
        assert!(first != unkeyed && unkeyed != second && first != second);
        use_example_ids(&database).await.unwrap();
        assert_eq!(id().await, IdKey::example().public_id("sit", "arvenia"));
        assert_eq!(id().await, keyed().await);
    })
    .await;
}

#[tokio::test]
async fn the_database_holds_that_one_revision_is_current() {
    on_each_database(|database| async move {
        crate::import::case::import_base(&database).await;
        let row = |revision: i32| {
            format!(
                "INSERT INTO crsv_settings (record_key, situation_id, setting, source, as_of, \
                 revision, revised_at, is_current, classification) SELECT 'arvenia', id, \
                 'CONFLICT', 'SRSG_SVC', updated_at, {revision}, updated_at, TRUE, 'UNCLASSIFIED' \
                 FROM situations"
            )
        };
        database.write.execute_unprepared(&row(1)).await.unwrap();
        let second = database.write.execute_unprepared(&row(2)).await;
        assert!(
            second
                .unwrap_err()
                .to_string()
                .to_lowercase()
                .contains("unique")
        );
    })
    .await;
}

#[tokio::test]
async fn readers_cannot_write_and_statements_are_counted() {
    on_each_database(|database| async move {
        let before = database.statements_run();
        entities::area::Entity::find()
            .all(&database.read)
            .await
            .unwrap();
        assert_eq!(database.statements_run() - before, 1);
        if database.backend() == sea_orm::DbBackend::Sqlite {
            let deletion = entities::area::Entity::delete_many()
                .exec(&database.read)
                .await;
            assert!(deletion.unwrap_err().to_string().contains("readonly"));
        }
    })
    .await;
}

#[tokio::test]
async fn an_address_that_is_none_says_what_to_write() {
    for url in [
        "mysql://root@localhost/x",
        "sqlite::memory:",
        "sqlite:",
        "upfront.db",
    ] {
        let error = Database::connect(url).await.unwrap_err();
        assert!(matches!(error, DatabaseError::Url(_)), "{url}");
        assert!(error.to_string().contains("write `sqlite:FILE`"), "{error}");
    }
    let secret = "postgres://someone:hunter2@127.0.0.1:1/x";
    let error = Database::connect(secret).await.unwrap_err().to_string();
    assert!(!error.contains("hunter2"), "{error}");
}

#[test]
fn terms_are_spelt_as_in_the_graph() {
    assert_eq!(terms::AreaKind::Admin1.to_value(), "ADMIN1");
    assert_eq!(terms::GapKind::NoAccess.to_value(), "NO_ACCESS");
    assert_eq!(terms::CaacAnnex::Ii.to_value(), "II");
    assert_eq!(terms::DecisionKind::AdviseRcHc.to_value(), "ADVISE_RC_HC");
    assert_eq!(
        terms::CasualtyCause::PlantedExplosivesAndUxo.to_value(),
        "PLANTED_EXPLOSIVES_AND_UXO"
    );
}
