//! `upfront audit`: the audit trail, verified and exported.

use std::path::PathBuf;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use clap::{Args, Subcommand};

use super::{CliError, Common, records, say};
use crate::{
    audit_trail::{
        AuditError, Filter, Finding, Head, Order, Page, Record, file_beside, heads, line, read,
        verify,
    },
    config::{Config, Flags},
    database::{Database, sqlite_file},
};

/// Entries that are read at once.
const PAGE: u64 = 500;

/// Verify, export and look at the audit trail
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    place: Place,
}

/// Which trail.
#[derive(Debug, Args)]
struct Place {
    /// Data directory of the service, which holds its trail
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Database of the service: `postgres://…` with the trail in it, or `sqlite:FILE` with it beside
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    Verify(Verify),
    Export(Export),
    Heads(Heads),
}

/// Look whether entries were changed, removed or added, and print the head of each chain
///
/// Heads that are printed are to be kept where those who can change the database cannot: given with
/// --head later on, they show that the end of a chain was cut off or a chain was written anew. The exit
/// code is 1 where anything is wrong, 2 where the trail cannot be read.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  upfront audit verify\n  upfront audit verify --head replica:42:5f70bf18…\n  \
                        upfront audit verify --database-url postgres://auditor@db/upfront \
                        $(sed 's/^/--head /' heads.txt)"
)]
struct Verify {
    /// Head of a chain that was kept, which has to be in it still; repeat for more
    #[arg(long = "head", value_name = "CHAIN:SEQUENCE:HASH")]
    heads: Vec<Head>,
}

/// Print entries as lines of JSON, the oldest first
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  upfront audit export --from 2026-11-01 --to 2026-12-01 > november.jsonl\n  \
                        upfront audit export --record sit_4kz0w2r8n1c6m3qd --to 2026-11-15"
)]
struct Export {
    /// From this day or instant on, UTC: `2026-11-01`, `2026-11-01T09:00:00Z`
    #[arg(long, value_name = "TIME", value_parser = read_instant)]
    from: Option<DateTime<Utc>>,
    /// Before this day or instant, UTC
    #[arg(long, value_name = "TIME", value_parser = read_instant)]
    to: Option<DateTime<Utc>>,
    /// Only of operations that reached the record of this id
    #[arg(long, value_name = "ID")]
    record: Option<String>,
    /// Only of operations of the entity of this code
    #[arg(long, value_name = "CODE")]
    entity: Option<String>,
}

/// Print the last entry of each chain, as `verify --head` takes it
///
/// Nothing is verified: use `upfront audit verify` for that.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  upfront audit heads > heads.txt")]
struct Heads;

impl Arguments {
    pub(super) async fn run(self, common: &Common) -> Result<(), CliError> {
        let config = common.load(&Flags {
            data_dir: self.place.data_dir,
            database_url: self.place.database_url,
            ..Flags::default()
        })?;
        let trail = open(&config).await?;
        let done = match self.command {
            Command::Verify(arguments) => arguments.run(&trail).await,
            Command::Export(arguments) => arguments.run(&trail).await,
            Command::Heads(_) => {
                let heads = heads(&trail).await.map_err(unreadable)?;
                heads.iter().try_for_each(|head| say(&head.to_string()))
            }
        };
        // What was read is said; that it cannot be closed changes nothing.
        let _ = trail.close().await;
        done
    }
}

impl Verify {
    async fn run(self, trail: &Database) -> Result<(), CliError> {
        let mut said = Ok(());
        let mut tell = |finding: Finding| {
            if said.is_ok() {
                said = say(&finding.to_string());
            }
        };
        let found = verify(trail, &self.heads, &mut tell).await;
        said?;
        let found = found.map_err(unreadable)?;
        let (entries, chains) = (found.entries, found.heads.len());
        if found.findings > 0 {
            let findings = match found.findings {
                1 => "1 finding".to_owned(),
                findings => format!("{findings} findings"),
            };
            say(&format!(
                "{findings} in {entries} entries of {chains} chains. Keep the database as it is, \
                 and look who could change it."
            ))?;
            return Err(CliError::Said);
        }
        say(&format!(
            "{entries} entries of {chains} chains are as they were written. Keep these heads elsewhere:"
        ))?;
        let mut heads = found.heads.iter();
        heads.try_for_each(|head| say(&head.to_string()))
    }
}

impl Export {
    async fn run(self, trail: &Database) -> Result<(), CliError> {
        let filter = Filter {
            from: self.from,
            before: self.to,
            record: self.record,
            entity: self.entity,
            ..Filter::default()
        };
        let mut page = Page {
            first: PAGE,
            after: None,
            order: Order::OldestFirst,
        };
        loop {
            let found = read(trail, &filter, &page).await.map_err(unreadable)?;
            for record in &found.records {
                let line = line(record).map_err(|error| {
                    let (chain, sequence) = (&record.chain, record.sequence);
                    CliError::Unreadable(format!("{chain}:{sequence} is not JSON: {error}"))
                })?;
                say(&line)?;
            }
            page.after = found.records.last().map(Record::cursor);
            if !found.has_more {
                return Ok(());
            }
        }
    }
}

/// Opens the trail of a service. None is made: there is nothing to verify in an empty one.
async fn open(config: &Config) -> Result<Database, CliError> {
    let trail = find(config).await?;
    // Tables of an older version would look like tables that somebody changed.
    match trail.lacks_changes_of_trail().await? {
        0 => Ok(trail),
        lacking => Err(CliError::Unreadable(format!(
            "the audit trail lacks {lacking} changes of this version: start the service with it once on \
             SQLite, or run `upfront migrate` on PostgreSQL"
        ))),
    }
}

async fn find(config: &Config) -> Result<Database, CliError> {
    let url = config.database_url(records::OWN);
    let Some(file) = sqlite_file(&url).map(file_beside) else {
        return Ok(Database::connect(&url).await?);
    };
    if !file.is_file() {
        return Err(CliError::Unreadable(format!(
            "there is no audit trail at `{}`; say where the service's records are with --data-dir, \
             --database-url or --settings (those of `serve --example` are in \
             `sqlite:DIR/example.sqlite`). `upfront serve` makes it when it first starts",
            file.display()
        )));
    }
    Ok(Database::open(&file).await?)
}

fn unreadable(error: sea_orm::DbErr) -> CliError {
    CliError::Unreadable(AuditError::from(error).to_string())
}

fn read_instant(text: &str) -> Result<DateTime<Utc>, String> {
    if let Ok(day) = text.parse::<NaiveDate>() {
        return Ok(day.and_time(NaiveTime::MIN).and_utc());
    }
    let instant = DateTime::parse_from_rfc3339(text).map(|instant| instant.to_utc());
    instant.map_err(|_| {
        format!("`{text}` is no day and no instant; write `2026-11-01` or `2026-11-01T09:00:00Z`")
    })
}
