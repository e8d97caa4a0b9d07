//! Templates and their documentation, from the catalogue.

use super::catalogue;
use crate::records::{
    Field, History, Kind, RecordType,
    never::{Identifier, Never},
};

/// The two header rows of a type's file.
pub fn template(record_type: &RecordType) -> String {
    let names: Vec<_> = record_type.fields().map(|field| field.name).collect();
    let tags: Vec<_> = record_type.fields().map(|field| field.tag).collect();
    format!("{}\n{}\n", names.join(","), tags.join(","))
}

/// All types with all their columns, in Markdown.
pub fn documentation() -> String {
    let mut lines = vec![HEADING.to_owned(), what_never_exists()];
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

/// What no type of record has, in one sentence.
pub fn never_held() -> String {
    let titles = Never::ALL.map(Never::title);
    format!(
        "No type of record has a column for {}; columns for them are refused.",
        titles.join("; ")
    )
}

fn what_never_exists() -> String {
    let columns = Never::ALL.map(|never| {
        let examples: Vec<_> = never
            .examples()
            .iter()
            .map(|name| format!("`{name}`"))
            .collect();
        let (title, why) = (never.title(), never.why());
        format!("| {title} | {} | {why} |\n", examples.join(", "))
    });
    let texts = Identifier::ALL.map(|found| format!("| {} | {} |\n", found.name(), found.mend()));
    [
        NEVER_COLUMNS,
        &columns.concat(),
        NEVER_TEXTS,
        &texts.concat(),
    ]
    .concat()
}

const NEVER_COLUMNS: &str = "
## What never exists

No type of record has a column for what this table lists, and an import that brings one is refused: by the name of the column or by
its HXL hashtag, in whatever case, number and separators.

| what | columns that are refused, for example | why |
|---|---|---|
";

const NEVER_TEXTS: &str = "
A cell is refused if its text holds what this table lists, by its pattern; the message does not repeat the text. What no pattern
finds is in [import-records.md](import-records.md#what-never-exists).

| what | how to mend it |
|---|---|
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
    let exempt = if field.names_officer {
        "; in this column alone an e-mail address or a long number is taken"
    } else {
        ""
    };
    format!(
        "| {name} | `{}` | {holds} | {}{exempt} |\n",
        field.tag, field.about
    )
}

fn file_of(table: &str) -> String {
    catalogue::all()
        .find(|record_type| record_type.table == table)
        .map(RecordType::file)
        .unwrap_or_default()
}
