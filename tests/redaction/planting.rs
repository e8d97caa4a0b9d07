//! Plants a value in every text of the records, as the catalogue of the database lists them: a column
//! that is added is covered by itself.

use sea_orm::{ConnectionTrait, DbBackend, Statement};
use upfront::database::Database;

use super::marks::{STEM, columns_in, mark};

/// Tables that hold no records, by what their names begin with.
const NO_RECORDS: [&str; 12] = [
    "audit_",
    "events",
    "frozen_",
    "input_narratives",
    "installation_keys",
    "record_keys",
    "record_seals",
    "recorded_operation",
    "registry_",
    "review_requests",
    "revoked_tokens",
    "seaql_migrations",
];

/// Columns that others refer to: with other values nothing would be found.
const KEYS: [&str; 11] = [
    "*.record_key",
    "*.public_id",
    "*.presence_key",
    "*.listing_key",
    "*.assessment_key",
    "entity_blocks.entity",
    "entity_inputs.entity",
    "need_to_know_grants.entity",
    "need_to_know_grants.issuer",
    "need_to_know_grants.role",
    "need_to_know_grants.subject",
];

/// Columns that hold one of the terms of a list, or a period: with other values nothing of the row could
/// be returned. They are planted in a database of its own turn, last of all.
const TERMS: [&str; 37] = [
    "*.classification",
    "*.period",
    "*.period_kind",
    "*.coverage",
    "*.trend",
    "*.confidence",
    "*.state",
    "areas.kind",
    "caac_listings.action_plan_status",
    "caac_listings.annex",
    "caac_listings.section",
    "caac_listings.triggers",
    "casualties.age",
    "casualties.cause",
    "casualties.sex",
    "casualties.status",
    "changes.kind",
    "commitments.kind",
    "communications.kind",
    "crsv_counts.form",
    "crsv_settings.setting",
    "decisions.kind",
    "entity_blocks.gap_kind",
    "entity_inputs.gap_kind",
    "entity_inputs.kind",
    "entity_inputs.status",
    "field_presences.kind",
    "field_presences.reporting_line",
    "organisation_names.language",
    "parties.kind",
    "recommendations.mechanism",
    "review_cycles.kind",
    "risk_factors.scope",
    "risk_findings.presence",
    "situation_states.concern_level",
    "situation_states.status",
    "violation_counts.violation",
];

/// A column of text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Column {
    pub(super) table: String,
    pub(super) name: String,
}

/// All columns of text of the tables with records.
pub(super) struct Columns {
    /// Any text may stand in them.
    pub(super) free: Vec<Column>,
    /// A term or a period.
    pub(super) terms: Vec<Column>,
    /// Values of columns that nothing can be planted in, where they are texts: looked for as they are.
    pub(super) texts_of_keys: Vec<String>,
}

impl Column {
    fn is(&self, pattern: &str) -> bool {
        let (table, name) = pattern.split_once('.').unwrap();
        (table == "*" || table == self.table) && name == self.name
    }

    /// As [`columns_in`] spells it.
    pub(super) fn place(&self) -> String {
        format!("{}-{}", self.table, self.name)
    }

    /// Writes a value of its own into each row.
    async fn plant(&self, database: &Database) {
        let Self { table, name } = self;
        let sql = format!(
            "UPDATE {table} SET {name} = '{}-' || id",
            mark(&self.place())
        );
        let changed = database.write.execute_unprepared(&sql).await.unwrap();
        assert!(changed.rows_affected() > 0, "{table} has no example record");
    }

    async fn values(&self, database: &Database) -> Vec<String> {
        let Self { table, name } = self;
        let sql = format!("SELECT {name} AS kept FROM {table} WHERE {name} IS NOT NULL");
        let rows = all(database, sql).await;
        rows.iter()
            .map(|row| row.try_get("", "kept").unwrap())
            .collect()
    }
}

pub(super) async fn all(database: &Database, sql: String) -> Vec<sea_orm::QueryResult> {
    let connection = &database.write;
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    connection.query_all_raw(statement).await.unwrap()
}

pub(super) fn is_sqlite(database: &Database) -> bool {
    database.write.get_database_backend() == DbBackend::Sqlite
}

/// Every column of text, of whatever table.
pub(super) async fn texts(database: &Database) -> Vec<Column> {
    let sql = if is_sqlite(database) {
        "SELECT m.name AS t, p.name AS c FROM sqlite_master m, pragma_table_info(m.name) p \
             WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND (lower(p.type) = 'text' \
             OR lower(p.type) LIKE 'varchar%' OR lower(p.type) LIKE 'json%') ORDER BY 1, 2"
    } else {
        "SELECT table_name::text AS t, column_name::text AS c FROM information_schema.columns \
             WHERE table_schema = 'public' AND data_type IN ('text', 'character varying', 'json', \
             'jsonb') ORDER BY 1, 2"
    };
    let rows = all(database, sql.to_owned()).await;
    let column = |row: &sea_orm::QueryResult| Column {
        table: row.try_get("", "t").unwrap(),
        name: row.try_get("", "c").unwrap(),
    };
    rows.iter().map(column).collect()
}

impl Columns {
    /// Reads the catalogue; what is left out has to be there, and to hold no free text.
    pub(super) async fn read(database: &Database) -> Self {
        let texts = texts(database).await;
        for start in NO_RECORDS {
            // The trail has a file of its own on SQLite.
            let is_elsewhere = start == "audit_" && is_sqlite(database);
            let is_needed =
                is_elsewhere || texts.iter().any(|column| column.table.starts_with(start));
            assert!(
                is_needed,
                "no table begins with `{start}`: take it off the list"
            );
        }
        let is_record = |column: &Column| {
            let mut starts = NO_RECORDS.iter();
            !starts.any(|start| column.table.starts_with(start))
        };
        let texts: Vec<_> = texts.into_iter().filter(is_record).collect();
        let is_text = |text: &String| text.contains(char::is_whitespace) && text.len() > 7;
        let mut texts_of_keys = Vec::new();
        for pattern in KEYS.iter().chain(&TERMS) {
            let needed: Vec<_> = texts.iter().filter(|column| column.is(pattern)).collect();
            assert!(
                !needed.is_empty(),
                "no column is `{pattern}`: take it off the list"
            );
            for column in needed {
                let mut values = column.values(database).await;
                values.retain(is_text);
                let is_key = KEYS.contains(pattern);
                assert!(
                    is_key || values.is_empty(),
                    "{column:?} holds free text: {values:?}"
                );
                texts_of_keys.extend(values);
            }
        }
        let listed = |column: &Column, list: &[&str]| list.iter().any(|one| column.is(one));
        let texts = texts.into_iter().filter(|column| !listed(column, &KEYS));
        let (terms, free) = texts.partition(|column| listed(column, &TERMS));
        Self {
            free,
            terms,
            texts_of_keys,
        }
    }

    /// Plants a value in each row of some columns.
    pub(super) async fn plant(database: &Database, columns: &[Column]) {
        for column in columns {
            column.plant(database).await;
            let values = column.values(database).await;
            assert!(
                values.iter().all(|text| text.starts_with(STEM)),
                "{column:?}"
            );
            assert!(columns_in(&values[0]).contains(&column.place()));
        }
    }
}
