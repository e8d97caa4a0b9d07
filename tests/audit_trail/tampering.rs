//! Whatever is done to a chain is found: at random places, by somebody who owns the schema.

use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::HEXLOWER;
use entities::{audit_entry, audit_reached};
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, IntoActiveModel, QueryOrder};
use upfront::{
    audit_trail::{Fault, Finding, Head, heads, verify},
    database::Database,
};

use crate::{
    audit_trail::{entry, findings, start, tamper},
    support::{database::on_each_database, length::length, random::Random},
};

/// The chain as it was written.
struct Original {
    entries: Vec<audit_entry::Model>,
    reached: Vec<audit_reached::Model>,
}

impl Original {
    async fn of(trail: &Database) -> Self {
        let entries = audit_entry::Entity::find().order_by_asc(audit_entry::Column::Sequence);
        Self {
            entries: entries.all(&trail.write).await.unwrap(),
            reached: audit_reached::Entity::find()
                .all(&trail.write)
                .await
                .unwrap(),
        }
    }

    async fn restore(&self, trail: &Database) {
        let clear = ["audit_entries", "audit_reached"].map(|table| format!("DELETE FROM {table}"));
        tamper(trail, &clear).await;
        self.insert(trail).await;
    }

    async fn insert(&self, trail: &Database) {
        for row in &self.entries {
            insert(trail, row.clone()).await;
        }
        let rows = self.reached.iter().cloned();
        let rows = rows.map(IntoActiveModel::into_active_model);
        audit_reached::Entity::insert_many(rows)
            .exec_without_returning(&trail.write)
            .await
            .unwrap();
    }
}

async fn insert(trail: &Database, row: audit_entry::Model) {
    audit_entry::Entity::insert(row.into_active_model())
        .exec_without_returning(&trail.write)
        .await
        .unwrap();
}

/// The hash of an entry as `docs/operation.md` describes it.
fn hash_of(row: &audit_entry::Model) -> String {
    let (sequence, at) = (row.sequence.to_string(), row.at.to_string());
    let mut bytes = b"upfront audit trail 1\n".to_vec();
    for part in [
        &row.chain,
        &sequence,
        &at,
        &row.kind,
        &row.entry,
        &row.previous,
    ] {
        bytes.extend((part.len() as u64).to_be_bytes());
        bytes.extend(part.as_bytes());
    }
    HEXLOWER.encode(digest(&SHA256, &bytes).as_ref())
}

/// Changes of one row at `place`, with what has to be found.
fn changes(place: i64) -> Vec<(String, Fault)> {
    let update = |set: &str, fault: Fault| {
        let sql = format!("UPDATE audit_entries SET {set} WHERE sequence = {place}");
        (sql, fault)
    };
    let reached = |set: &str| {
        let sql =
            format!("UPDATE audit_reached SET {set} WHERE sequence = {place} AND what = 'RECORD'");
        (sql, Fault::Reached)
    };
    vec![
        update("at = at + 1", Fault::Changed),
        update("at = at - 3600000000", Fault::Changed),
        update("kind = 'NOTE'", Fault::Changed),
        update(
            "entry = REPLACE(entry, 'monthly', 'weekly')",
            Fault::Changed,
        ),
        update("entry = REPLACE(entry, '{', '{ ')", Fault::Changed),
        update("entry = 'no JSON'", Fault::Unreadable),
        update("previous = hash", Fault::Changed),
        update("hash = previous", Fault::Changed),
        update("subject = 'somebody else'", Fault::Column("subject")),
        update("subject = NULL", Fault::Column("subject")),
        update("entity = 'OTHER'", Fault::Column("entity")),
        update("level = 'UNCLASSIFIED'", Fault::Column("level")),
        update("chain = 'replica-x'", Fault::Missing { to: 1 }),
        reached("id = id || 'x'"),
        reached("what = 'OWNER'"),
        reached("sequence = sequence + 1000"),
        (
            format!("DELETE FROM audit_reached WHERE sequence = {place} AND what = 'OWNER'"),
            Fault::Reached,
        ),
        (
            format!("INSERT INTO audit_reached VALUES ('RECORD', 'sit_x', 0, {place}, 'replica')"),
            Fault::Reached,
        ),
        reached("at = at + 1"),
        (
            "INSERT INTO audit_reached VALUES ('RECORD', 'sit_x', 0, 1, 'other')".to_owned(),
            Fault::Reached,
        ),
    ]
}

fn assert_found(found: &[Finding], fault: &Fault, what: &str) {
    let is_found = found.iter().any(|finding| match fault {
        // Which places are missing depends on the place that was changed.
        Fault::Missing { .. } => matches!(finding.fault, Fault::Missing { .. }),
        fault => finding.fault == *fault,
    });
    assert!(is_found, "{what}: {found:?}");
}

async fn written(database: &Database) -> (Database, Original, Vec<Head>) {
    let trail = start(database).await;
    for number in 0..29_usize {
        let records = [format!("sit_{number}"), format!("sit_{}", number + 1)];
        let records: Vec<&str> = records.iter().map(String::as_str).collect();
        let request = format!("r{number}");
        trail.record(entry(&request, &records)).await.unwrap();
    }
    trail.finish().await;
    let original = Original::of(trail.database()).await;
    let kept = heads(trail.database()).await.unwrap();
    assert_eq!(findings(trail.database(), &kept).await, []);
    for row in &original.entries {
        assert_eq!(hash_of(row), row.hash);
    }
    (trail.database().clone(), original, kept)
}

#[tokio::test]
async fn any_row_that_is_changed_is_found() {
    on_each_database(|database| async move {
        let (trail, original, _) = written(&database).await;
        let mut random = Random::seeded(20_261_129);
        let mut tested = 0;
        for _ in 0..length(2, 20) {
            // The first entry says that the process started, and reaches nothing.
            let place = 2 + i64::try_from(random.below(28)).unwrap();
            for (sql, fault) in changes(place) {
                tamper(&trail, std::slice::from_ref(&sql)).await;
                assert_found(&findings(&trail, &[]).await, &fault, &sql);
                original.restore(&trail).await;
                tested += 1;
            }
        }
        assert_eq!(findings(&trail, &[]).await, []);
        assert!(tested >= 38, "{tested}");
    })
    .await;
}

/// With entries whose own hashes fit.
#[tokio::test]
async fn entries_that_are_removed_swapped_added_or_rewritten_are_found() {
    on_each_database(|database| async move {
        let (trail, original, kept) = written(&database).await;
        let mut random = Random::seeded(7);
        for _ in 0..length(3, 30) {
            let place = 2 + i64::try_from(random.below(27)).unwrap();
            let index = usize::try_from(place - 1).unwrap();

            let removed = remove(&format!("sequence = {place}"));
            tamper(&trail, &removed).await;
            let missing = Fault::Missing { to: place };
            assert_eq!(findings(&trail, &[]).await[0].fault, missing, "{place}");
            original.restore(&trail).await;

            let other = place + 1;
            let swap = [
                format!("UPDATE audit_entries SET sequence = -1 WHERE sequence = {place}"),
                format!("UPDATE audit_entries SET sequence = {place} WHERE sequence = {other}"),
                format!("UPDATE audit_entries SET sequence = {other} WHERE sequence = -1"),
            ];
            tamper(&trail, &swap).await;
            assert_found(&findings(&trail, &[]).await, &Fault::Changed, "swapped");
            original.restore(&trail).await;

            let mut rewritten = original.entries[index].clone();
            rewritten.entry = rewritten.entry.replace("monthly", "weekly");
            rewritten.hash = hash_of(&rewritten);
            tamper(
                &trail,
                &[format!(
                    "DELETE FROM audit_entries WHERE sequence = {place}"
                )],
            )
            .await;
            insert(&trail, rewritten.clone()).await;
            let found = findings(&trail, &[]).await;
            let next = Finding {
                chain: "replica".to_owned(),
                sequence: place + 1,
                fault: Fault::Unlinked,
            };
            assert_eq!(found, [next]);
            original.restore(&trail).await;

            // One more between two, with all that follow moved and written anew up to some point.
            let mut added = Original {
                entries: original.entries.clone(),
                reached: Vec::new(),
            };
            added.entries.insert(index, rewritten);
            // All of them would be another chain, which the next test is about.
            let rehashed = (index + random.below(5)).min(added.entries.len() - 2);
            for at in index..added.entries.len() {
                let previous = added.entries[at - 1].hash.clone();
                let row = &mut added.entries[at];
                row.sequence = i64::try_from(at).unwrap() + 1;
                if at <= rehashed {
                    row.previous = previous;
                    row.hash = hash_of(row);
                }
            }
            tamper(&trail, &remove("sequence > 0")).await;
            for row in &added.entries {
                insert(&trail, row.clone()).await;
            }
            assert_found(&findings(&trail, &[]).await, &Fault::Changed, "added");
            original.restore(&trail).await;
        }
        assert_eq!(findings(&trail, &kept).await, []);
    })
    .await;
}

/// What the chain cannot show by itself, a head shows that was kept elsewhere.
#[tokio::test]
async fn a_chain_that_is_cut_off_or_written_anew_is_found_by_a_head() {
    on_each_database(|database| async move {
        let (trail, original, kept) = written(&database).await;
        let mut random = Random::seeded(11);
        for _ in 0..length(3, 30) {
            let place = 2 + i64::try_from(random.below(27)).unwrap();
            tamper(&trail, &remove(&format!("sequence > {place}"))).await;
            assert_eq!(findings(&trail, &[]).await, []);
            let found = findings(&trail, &kept).await;
            assert!(matches!(
                found[..],
                [Finding {
                    fault: Fault::CutOff { .. },
                    ..
                }]
            ));
            original.restore(&trail).await;

            let mut anew = original.entries.clone();
            let first = usize::try_from(place).unwrap();
            for at in first..anew.len() {
                let previous = anew[at - 1].hash.clone();
                let row = &mut anew[at];
                row.entry = row.entry.replace("monthly", "weekly");
                row.previous = previous;
                row.hash = hash_of(row);
            }
            tamper(&trail, &["DELETE FROM audit_entries".to_owned()]).await;
            for row in anew {
                insert(&trail, row).await;
            }
            assert_eq!(findings(&trail, &[]).await, []);
            let found = findings(&trail, &kept).await;
            assert!(matches!(
                found[..],
                [Finding {
                    fault: Fault::Rewritten { .. },
                    ..
                }]
            ));
            original.restore(&trail).await;
        }
    })
    .await;
}

fn remove(which: &str) -> [String; 2] {
    ["audit_entries", "audit_reached"].map(|table| format!("DELETE FROM {table} WHERE {which}"))
}

#[tokio::test]
async fn an_entry_below_all_others_is_found() {
    on_each_database(|database| async move {
        let trail = start(&database).await;
        trail.record(entry("one", &["sit_1"])).await.unwrap();
        let insert = "INSERT INTO audit_entries SELECT chain, -9223372036854775808, at, kind, subject, entity, \
                      level, entry, previous, hash FROM audit_entries WHERE sequence = 2";
        let columns = "(chain, sequence, at, kind, subject, entity, level, entry, previous, hash)";
        let insert = insert.replacen("audit_entries", &format!("audit_entries {columns}"), 1);
        tamper(trail.database(), &[insert]).await;
        let found = findings(trail.database(), &[]).await;
        assert!(
            found.iter().any(|finding| finding.sequence == i64::MIN),
            "{found:?}"
        );
    })
    .await;
}

/// What verification says of the tables themselves, by name.
async fn altered(trail: &Database) -> Vec<String> {
    let mut altered = Vec::new();
    let mut tell = |finding: Finding| match finding.fault {
        Fault::Altered(name) => altered.push(name),
        fault => panic!("{fault}"),
    };
    verify(trail, &[], &mut tell).await.unwrap();
    altered
}

#[tokio::test]
async fn tables_that_were_changed_are_found() {
    on_each_database(|database| async move {
        let trail = start(&database).await;
        trail.record(entry("one", &["sit_1"])).await.unwrap();
        let trail = trail.database();
        assert_eq!(altered(trail).await, Vec::<String>::new());
        let changes: &[(&str, &str)] = if trail.backend() == DbBackend::Postgres {
            &[
                (
                    "ALTER TABLE audit_entries DISABLE TRIGGER audit_entries_append_only",
                    "trigger audit_entries audit_entries_append_only",
                ),
                (
                    "CREATE OR REPLACE TRIGGER audit_reached_append_only \
                     BEFORE DELETE OR TRUNCATE OR UPDATE OF what ON audit_reached \
                     FOR EACH STATEMENT EXECUTE FUNCTION audit_trail_is_append_only()",
                    "trigger audit_reached audit_reached_append_only",
                ),
                (
                    "CREATE RULE lose AS ON INSERT TO audit_entries DO INSTEAD NOTHING",
                    "table audit_entries",
                ),
                (
                    "ALTER TABLE audit_reached ENABLE ROW LEVEL SECURITY",
                    "table audit_reached",
                ),
                (
                    "DROP INDEX ix_audit_reached_chain_sequence",
                    "index audit_reached btree (chain, sequence)",
                ),
                (
                    "ALTER TABLE audit_entries ALTER COLUMN entry DROP NOT NULL",
                    "column audit_entries entry",
                ),
                (
                    "ALTER TABLE audit_reached ADD CHECK (id <> 'sit_9')",
                    "constraint audit_reached c CHECK ((id <> 'sit_9'::text))",
                ),
            ]
        } else {
            &[
                (
                    "DROP TRIGGER audit_entries_no_update",
                    "trigger audit_entries audit_entries_no_update",
                ),
                (
                    "CREATE TRIGGER more BEFORE INSERT ON AUDIT_REACHED \
                     BEGIN SELECT RAISE(IGNORE); END",
                    "trigger audit_reached more",
                ),
                (
                    "CREATE TRIGGER ix_audit_entries_at BEFORE INSERT ON audit_migrations \
                     BEGIN DELETE FROM audit_entries; END",
                    "trigger audit_migrations ix_audit_entries_at",
                ),
                (
                    "DROP INDEX ix_audit_reached_chain_sequence",
                    "index audit_reached ix_audit_reached_chain_sequence",
                ),
            ]
        };
        for (sql, part) in changes {
            let done = trail.write.execute_unprepared(sql).await;
            done.unwrap_or_else(|error| panic!("{sql}: {error}"));
            let found = altered(trail).await;
            assert!(found.iter().any(|found| found == part), "{part}: {found:?}");
        }
    })
    .await;
}

/// A row that the database takes and does not store is noticed before anybody is answered.
#[tokio::test]
async fn an_entry_that_is_not_stored_is_refused() {
    on_each_database(|database| async move {
        let trail = start(&database).await;
        trail.record(entry("one", &["sit_1"])).await.unwrap();
        // Taken and not stored; taken and removed again; taken and sent elsewhere. Of the rows beside an
        // entry only the first is refused: the entry has all that they say.
        let (entries, reached) = ("audit_entries", "audit_reached");
        let faults: &[(&str, &str, &str)] = if trail.database().backend() == DbBackend::Postgres {
            let nothing = "CREATE RULE lose AS ON INSERT TO TABLE DO INSTEAD NOTHING";
            let elsewhere = "SELECT * INTO elsewhere FROM TABLE LIMIT 0;
                CREATE RULE lose AS ON INSERT TO TABLE DO INSTEAD INSERT INTO elsewhere VALUES (NEW.*)";
            let again = "DROP RULE lose ON TABLE";
            &[
                (entries, nothing, again),
                (reached, nothing, again),
                (entries, elsewhere, "DROP RULE lose ON TABLE"),
            ]
        } else {
            let nothing = "CREATE TRIGGER lose BEFORE INSERT ON TABLE BEGIN SELECT RAISE(IGNORE); END";
            let removed = "DROP TRIGGER TABLE_no_delete;
                CREATE TRIGGER lose AFTER INSERT ON TABLE
                BEGIN DELETE FROM TABLE WHERE sequence = NEW.sequence; END";
            let again = "DROP TRIGGER lose";
            &[
                (entries, nothing, again),
                (reached, nothing, again),
                (entries, removed, again),
            ]
        };
        for (table, swallow, again) in faults {
            let write = &trail.database().write;
            let run = async |sql: &str| {
                let sql = sql.replace("TABLE", table);
                write.execute_unprepared(&sql).await.unwrap();
            };
            run(swallow).await;
            let refused = trail.record(entry(table, &["sit_2"])).await;
            assert!(refused.is_err(), "{table}: {swallow}");
            assert!(trail.is_failing());
            run(again).await;
            let mut is_back = false;
            for _ in 0..100 {
                if trail.record(entry("back", &["sit_3"])).await.is_ok() {
                    is_back = true;
                    break;
                }
                tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            }
            assert!(is_back, "{table}");
        }
        // What was removed at once is found; what was refused was told to nobody.
        for finding in findings(trail.database(), &[]).await {
            assert!(
                matches!(finding.fault, Fault::Broken | Fault::Reached),
                "{finding}"
            );
        }
    })
    .await;
}

/// Somebody cuts the end off while the service runs: its next entry says so.
#[tokio::test]
async fn a_chain_that_is_cut_off_under_its_writer_has_a_break() {
    on_each_database(|database| async move {
        let trail = start(&database).await;
        for request in ["one", "two", "three"] {
            trail.record(entry(request, &["sit_1"])).await.unwrap();
        }
        tamper(trail.database(), &remove("sequence > 2")).await;
        trail.record(entry("four", &["sit_1"])).await.unwrap();
        let found = findings(trail.database(), &[]).await;
        assert_found(&found, &Fault::Broken, "cut off");
    })
    .await;
}

/// SQLite keeps any value in any column.
#[tokio::test]
async fn values_of_another_type_are_found() {
    on_each_database(|database| async move {
        let trail = start(&database).await;
        trail.record(entry("one", &["sit_1"])).await.unwrap();
        let trail = trail.database();
        if trail.backend() == DbBackend::Postgres {
            return;
        }
        let change = "UPDATE audit_entries SET entry = CAST(entry AS BLOB) WHERE sequence = 2";
        tamper(trail, &[change.to_owned()]).await;
        let finding = Finding {
            chain: "replica".to_owned(),
            sequence: 2,
            fault: Fault::OtherType,
        };
        assert_eq!(findings(trail, &[]).await, [finding]);
    })
    .await;
}
