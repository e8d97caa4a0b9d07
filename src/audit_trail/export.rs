//! Entries as lines of JSON.

use serde::Serialize;
use serde_json::value::RawValue;

use super::read::Record;

#[derive(Serialize)]
struct Line<'a> {
    chain: &'a str,
    sequence: i64,
    /// In microseconds since 1970, as it is hashed.
    at: i64,
    time: String,
    kind: &'a str,
    previous: &'a str,
    hash: &'a str,
    /// As it stands in the trail: its bytes are hashed.
    entry: &'a RawValue,
}

/// An entry as one line of JSON, from which its hash can be worked out.
pub fn line(record: &Record) -> Result<String, serde_json::Error> {
    serde_json::to_string(&Line {
        chain: &record.chain,
        sequence: record.sequence,
        at: record.at.timestamp_micros(),
        time: record.at.to_rfc3339(),
        kind: &record.kind,
        previous: &record.previous,
        hash: &record.hash,
        entry: serde_json::from_str(&record.entry)?,
    })
}
