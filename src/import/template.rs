//! Templates and their documentation, from the catalogue.

use super::catalogue;
use crate::records::{Field, History, Kind, RecordType};

/// The two header rows of a type's file.
pub fn template(record_type: &RecordType) -> String {
    let names: Vec<_> = record_type.fields().map(|field| field.name).collect();
    let tags: Vec<_> = record_type.fields().map(|field| field.tag).collect();
    format!("{}\n{}\n", names.join(","), tags.join(","))
}

/// All types with all their columns, in Markdown.
pub fn documentation() -> String {
    let mut lines = vec![HEADING.to_owned()];
    for record_type in catalogue::all() {
        let history = match record_type.history {
            History::Revised => "corrections are further revisions",
            History::Updated => "a row of the same key brings it up to date",
            History::Fixed => "never changes",
        };
        lines.push(format!(
            "\n## {}\n\n{} Key: {}; {history}.\n\n| column | HXL | holds | |\n|---|---|---|---|\n",
            record_type.file(),
            record_type.about,
            record_type.key.join(", "),
        ));
        lines.extend(record_type.fields().map(line));
    }
    lines.concat()
}

const HEADING: &str = "# Types of record

One file a type, in the order in which they build on each other. How the files work is in
[import-records.md](import-records.md). A column in *italics* may be empty or missing.
";

fn line(field: &Field) -> String {
    let name = if field.is_required {
        field.name.to_owned()
    } else {
        format!("*{}*", field.name)
    };
    let holds = match field.kind {
        Kind::Term(values) | Kind::Terms(values) => {
            format!("{} {}", field.kind.name(), values().join(", "))
        }
        Kind::Link(target, _) | Kind::Links(target) => {
            format!("{} of {}", field.kind.name(), file_of(target))
        }
        _ => field.kind.name().to_owned(),
    };
    format!("| {name} | `{}` | {holds} | {} |\n", field.tag, field.about)
}

fn file_of(table: &str) -> String {
    catalogue::all()
        .find(|record_type| record_type.table == table)
        .map(RecordType::file)
        .unwrap_or_default()
}
