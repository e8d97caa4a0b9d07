//! Changes to what a caller may not see, of every kind: rows that go, rows that come, values that are others.

use sea_orm::{ConnectionTrait, EntityTrait, Iden, Iterable};
use upfront::database::Database;

/// The situations that lie outside the region that the caller may know of.
pub(super) const OTHERS: &str = "IN (SELECT id FROM situations WHERE id NOT IN (
    SELECT situation_id FROM situation_areas WHERE area_id IN (
        WITH RECURSIVE within AS (
            SELECT id FROM areas WHERE record_key = 'region-amber'
            UNION ALL SELECT areas.id FROM areas JOIN within ON areas.parent_id = within.id)
        SELECT id FROM within)))";

/// Parties that no open listing names, and no working figure of the region.
const HIDDEN_PARTIES: &str = "id NOT IN (SELECT party_id FROM caac_listings WHERE is_current)
    AND id NOT IN (SELECT party_id FROM crsv_listings WHERE is_current)
    AND id NOT IN (SELECT party_id FROM violation_counts WHERE is_current AND NOT is_published
        AND party_id IS NOT NULL AND situation_id NOT ";

/// A copy of rows of a table as further records, some columns with other values.
fn copied<E: EntityTrait>(others: &[(&str, &str)], which: &str) -> String {
    let table = E::default().table_name().to_owned();
    let columns: Vec<String> = E::Column::iter()
        .map(|column| column.unquoted().to_owned())
        .filter(|column| column != "id")
        .collect();
    let values = columns.iter().map(|column| {
        let other = others.iter().find(|(name, _)| name == column);
        other.map_or_else(|| format!("t.{column}"), |(_, value)| (*value).to_owned())
    });
    let values: Vec<_> = values.collect();
    format!(
        "INSERT INTO {table} ({}) SELECT {} FROM {table} t WHERE {which}",
        columns.join(", "),
        values.join(", ")
    )
}

const AS_ANOTHER: [(&str, &str); 2] = [
    ("record_key", "t.record_key || '-more'"),
    (
        "public_id",
        "substr(t.public_id, 1, 4) || substr(t.public_id, 6) || 'z'",
    ),
];

/// All of the changes, as statements.
fn statements() -> Vec<String> {
    use entities::{caac_listing, communication, recommendation, signal, situation};
    let with = |more: &[(&'static str, &'static str)]| -> Vec<(&str, &str)> {
        AS_ANOTHER.iter().chain(more).copied().collect()
    };
    let current = format!("t.is_current AND t.situation_id {OTHERS}");
    let mut statements = vec![
        format!("UPDATE situation_states SET concern_level = NULL WHERE situation_id {OTHERS}"),
        format!("UPDATE entity_blocks SET headline = 'Another.' WHERE situation_id {OTHERS}"),
        format!("UPDATE review_items SET state = 'DECLINED' WHERE situation_id {OTHERS}"),
        format!("UPDATE actions SET title = 'Another' WHERE situation_id {OTHERS}"),
        // An input that is not cleared exists for its entity alone, in the region as well.
        "UPDATE entity_inputs SET status = 'SUBMITTED' WHERE status = 'DRAFT' AND cleared_at IS NULL"
            .to_owned(),
        format!("UPDATE parties SET name = 'Another party' WHERE {HIDDEN_PARTIES} {OTHERS})"),
        format!(
            "UPDATE situations SET title_en = 'Another', updated_at = '2026-11-20T00:00:00+00:00', \
             since = NULL WHERE NOT is_public AND id {OTHERS}"
        ),
        copied::<situation::Entity>(
            &with(&[("title_en", "'One more'"), ("is_public", "FALSE")]),
            "t.is_public",
        ),
        // Classified records of open situations.
        copied::<recommendation::Entity>(&with(&[("classification", "'CONFIDENTIAL'")]), &current),
        copied::<signal::Entity>(&with(&[]), &current),
        copied::<communication::Entity>(
            &with(&[
                ("reference", "t.reference || ' (2)'"),
                ("public_on", "NULL"),
                ("classification", "'CONFIDENTIAL'"),
            ]),
            &current,
        ),
        // Listings that are held back, everywhere.
        copied::<caac_listing::Entity>(
            &with(&[
                ("known_from", "'2099-01-01T00:00:00+00:00'"),
                ("public_on", "'2099-01-01'"),
                ("listed_as", "'Held back'"),
            ]),
            "t.is_current",
        ),
        format!(
            "DELETE FROM communications WHERE (public_on IS NULL OR public_on > '2090-01-01') \
             AND id % 2 = 0 AND situation_id {OTHERS}"
        ),
    ];
    for table in ["signals", "changes"] {
        statements.push(format!(
            "DELETE FROM {table} WHERE id % 2 = 0 AND situation_id {OTHERS}"
        ));
    }
    for table in ["casualties", "violation_counts", "crsv_counts"] {
        statements.push(format!(
            "DELETE FROM {table} WHERE NOT is_published AND situation_id {OTHERS}"
        ));
    }
    statements.push(format!(
        "DELETE FROM crsv_admin1_counts WHERE situation_id {OTHERS}"
    ));
    statements
}

/// Makes all of the changes.
pub(super) async fn make(database: &Database) {
    for sql in statements() {
        let done = database.write.execute_unprepared(&sql).await;
        let done = done.unwrap_or_else(|error| panic!("{sql}: {error}"));
        assert!(done.rows_affected() > 0, "{sql}");
    }
}
