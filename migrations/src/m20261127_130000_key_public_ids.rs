//! Identifiers in the graph become keyed digests: who knows a record's natural key can no longer
//! work out its identifier. Makes the key, and gives every record its new identifier.

use aws_lc_rs::{digest, hmac, rand};
use sea_orm_migration::{
    prelude::*,
    sea_orm::{ConnectionTrait, Statement},
};

/// Makes the key and the identifiers.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

const NAME: &str = "public-ids";

/// The tables whose records have an identifier, with its prefix.
const NODES: [(&str, &str); 15] = [
    ("situations", "sit"),
    ("areas", "are"),
    ("parties", "par"),
    ("review_cycles", "cyc"),
    ("review_items", "itm"),
    ("entity_inputs", "inp"),
    ("decisions", "dec"),
    ("actions", "act"),
    ("field_presences", "pre"),
    ("communications", "com"),
    ("recommendations", "rec"),
    ("signals", "sig"),
    ("risk_assessments", "ras"),
    ("caac_listings", "lca"),
    ("crsv_listings", "lsv"),
];

#[async_trait::async_trait]
#[expect(
    elided_lifetimes_in_paths,
    reason = "the trait's macro binds the lifetime late"
)]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let secret = secret()?;
        let row = Query::insert()
            .into_table("installation_keys")
            .columns(["name", "value", "created_at"])
            .values_panic([
                NAME.into(),
                secret.as_str().into(),
                Expr::current_timestamp(),
            ])
            .to_owned();
        manager.get_connection().execute(&row).await?;
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        rename(manager, |text| hmac::sign(&key, text).as_ref().to_vec()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let row = Query::delete()
            .from_table("installation_keys")
            .and_where(Expr::col("name").eq(NAME))
            .to_owned();
        manager.get_connection().execute(&row).await?;
        rename(manager, |text| {
            digest::digest(&digest::SHA256, text).as_ref().to_vec()
        })
        .await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// 256 bits from the system, in hexadecimal digits.
fn secret() -> Result<String, DbErr> {
    let mut bytes = [0_u8; 32];
    rand::fill(&mut bytes)
        .map_err(|_| DbErr::Migration("the system gives no random bytes".to_owned()))?;
    let halves = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let digit = |half: u8| char::from(b"0123456789abcdef"[usize::from(half)]);
    Ok(halves.map(digit).collect())
}

async fn rename(
    manager: &SchemaManager<'_>,
    digest: impl Fn(&[u8]) -> Vec<u8>,
) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let backend = connection.get_database_backend();
    for (table, prefix) in NODES {
        let keys = format!("SELECT DISTINCT record_key FROM {table}");
        let keys = Statement::from_string(backend, keys);
        for row in connection.query_all_raw(keys).await? {
            let record_key: String = row.try_get_by_index(0)?;
            let digest = digest(format!("{prefix}\n{record_key}").as_bytes());
            let id = format!("{prefix}_{}", characters(&digest));
            let sql = format!("UPDATE {table} SET public_id = $1 WHERE record_key = $2");
            let values = [id.into(), record_key.into()];
            let update = Statement::from_sql_and_values(backend, sql, values);
            connection.execute_raw(update).await?;
        }
    }
    Ok(())
}

/// The first 80 bits, five to a character.
fn characters(digest: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let bit = |at: usize| usize::from((digest[at / 8] >> (7 - at % 8)) & 1);
    let character = |at: usize| (0..5).fold(0, |value, next| (value << 1) | bit(at * 5 + next));
    (0..16)
        .map(|at| char::from(ALPHABET[character(at)]))
        .collect()
}
