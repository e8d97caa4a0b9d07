//! A row on its way into its table: the records it refers to, the values it is staged with.

use sea_orm::Value;

use super::identifier::IdKey;
use crate::records::{Cell, Field, Kind, RecordType, Row, Store};

/// A row that can be staged.
#[derive(Debug)]
pub(super) struct ReadRow {
    pub(super) line: u64,
    pub(super) record_key: String,
    pub(super) references: Vec<Reference>,
    pub(super) values: Vec<Value>,
}

/// A record that a row refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reference {
    pub(super) field: &'static str,
    pub(super) target: &'static str,
    pub(super) key: String,
}

impl ReadRow {
    /// Ends the reading; a row with refusals keeps its key, so that references to it are no errors.
    pub(super) fn new(row: Row<'_>, line: u64, ids: &IdKey) -> Self {
        let record_key = row.record_key();
        let references = references(&row);
        let record_type = row.record_type;
        let mut values = vec![
            i32::try_from(line).unwrap_or(i32::MAX).into(),
            record_key.clone().into(),
        ];
        values.extend(
            record_type
                .node
                .map(|prefix| ids.public_id(prefix, &record_key).into()),
        );
        let stored = record_type
            .fields()
            .zip(row.cells)
            .filter(|(field, _)| field.is_stored);
        values.extend(stored.flat_map(|(field, cell)| cell.values(&field.kind)));
        for composite in record_type.composites {
            let key = references
                .iter()
                .find(|reference| reference.field == composite.name)
                .map(|reference| reference.key.clone());
            values.push(Value::String(key));
        }
        Self {
            line,
            record_key,
            references,
            values,
        }
    }
}

fn references(row: &Row<'_>) -> Vec<Reference> {
    let mut references = Vec::new();
    for (field, cell) in row.record_type.fields().zip(&row.cells) {
        let Some((target, keys)) = (match (field.kind, cell) {
            (Kind::Link(target, _), Cell::Text(key)) => Some((target, vec![key.clone()])),
            (Kind::Links(target), Cell::List(keys)) => Some((target, keys.clone())),
            _ => None,
        }) else {
            continue;
        };
        references.extend(keys.into_iter().map(|key| Reference {
            field: field.name,
            target,
            key,
        }));
    }
    for composite in row.record_type.composites {
        let parts: Option<Vec<_>> = row.joined(composite.parts).into_iter().collect();
        references.extend(parts.map(|parts| Reference {
            field: composite.name,
            target: composite.target,
            key: parts.join("/"),
        }));
    }
    references
}

/// A column of the staging table, in the order of [`ReadRow::values`] after the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Column {
    /// Stored as it is.
    Copied(String),
    /// Holds a key, and is stored as the number of the row with that key.
    Reference {
        staged: String,
        column: String,
        target: &'static str,
    },
}

impl Column {
    /// Its name in the staging table.
    pub(super) fn staged(&self) -> &str {
        match self {
            Self::Copied(name) | Self::Reference { staged: name, .. } => name,
        }
    }
}

/// The columns a type is staged with.
pub(super) fn columns(record_type: &RecordType) -> Vec<Column> {
    let mut columns = vec![Column::Copied("record_key".to_owned())];
    columns.extend(
        record_type
            .node
            .map(|_| Column::Copied("public_id".to_owned())),
    );
    for field in record_type.fields().filter(|field| field.is_stored) {
        columns.extend(columns_of(field));
    }
    for composite in record_type.composites {
        columns.push(if composite.is_id {
            reference(composite.name, composite.target)
        } else {
            Column::Copied(format!("{}_key", composite.name))
        });
    }
    columns
}

fn columns_of(field: &Field) -> Vec<Column> {
    match field.kind {
        Kind::Period(_) => ["", "_kind", "_start", "_end"]
            .map(|suffix| Column::Copied(format!("{}{suffix}", field.name)))
            .to_vec(),
        Kind::Link(target, Store::Id) => vec![reference(field.name, target)],
        _ => vec![Column::Copied(field.name.to_owned())],
    }
}

fn reference(name: &str, target: &'static str) -> Column {
    Column::Reference {
        staged: format!("{name}_ref"),
        column: format!("{name}_id"),
        target,
    }
}

#[cfg(test)]
mod tests {
    use std::hash::{DefaultHasher, Hash, Hasher};

    use super::references;
    use crate::{
        import::catalogue,
        records::{Field, Kind, RecordType, Row, read_cell},
    };

    /// A cell that can be read: by turns empty, where it may be, and of each value.
    fn text_for(field: &Field, seed: u64) -> String {
        let mut hasher = DefaultHasher::new();
        (field.name, seed).hash(&mut hasher);
        let any = usize::try_from(hasher.finish() >> 33).unwrap();
        if !field.is_required && any % 3 == 0 {
            return String::new();
        }
        let one_of = |values: &[&str]| values[any % values.len()].to_owned();
        match field.kind {
            Kind::Term(values) | Kind::Terms(values) => values()[any % values().len()].clone(),
            Kind::Date => one_of(&["2026-01-01", "2026-09-30"]),
            Kind::Instant => one_of(&["2026-01-01T00:00:00Z", "2026-09-30T00:00:00Z"]),
            Kind::Flag => one_of(&["true", "false"]),
            Kind::Whole(_) | Kind::Count => one_of(&["1", "2", "40"]),
            Kind::Period(kinds) => {
                let texts = ["2026-09", "2026-Q3", "2026"];
                let fits = |text: &&str| {
                    let field = Field {
                        kind: Kind::Period(kinds),
                        ..*field
                    };
                    read_cell(&field, text).is_ok()
                };
                one_of(&texts.into_iter().filter(fits).collect::<Vec<_>>())
            }
            Kind::Code | Kind::Text | Kind::List | Kind::Link(..) | Kind::Links(_) => {
                one_of(&["one", "two"])
            }
        }
    }

    fn unknown_to(record_type: &'static RecordType, rows: u64) -> Vec<String> {
        let mut unknown = Vec::new();
        for seed in 0..rows {
            let texts: Vec<_> = record_type
                .fields()
                .map(|field| text_for(field, seed))
                .collect();
            let mut refusals = Vec::new();
            let row = Row::read(record_type, texts.iter().map(String::as_str), &mut refusals);
            row.record_key();
            references(&row);
            unknown.extend(row.unknown.borrow().iter().cloned());
            unknown.extend(
                refusals
                    .into_iter()
                    .map(|(_, reason)| reason)
                    .filter(|reason| reason.contains("a fault of the program")),
            );
        }
        unknown
    }

    #[test]
    fn rules_keys_and_references_name_fields_there_are() {
        for record_type in catalogue::all() {
            let unknown = unknown_to(record_type, 500);
            assert_eq!(unknown, Vec::<String>::new(), "{}", record_type.name);
        }
    }

    #[test]
    fn a_rule_that_names_no_field_lets_no_row_pass() {
        let sound = catalogue::find("areas").unwrap();
        let misspelt: &'static RecordType = Box::leak(Box::new(RecordType {
            rule: |row| {
                if row.text("m94").is_some() {
                    row.refuse("m49", "is wrong");
                }
            },
            ..*sound
        }));
        let unknown = unknown_to(misspelt, 1);
        assert!(unknown[0].contains("names a field `m94`"), "{unknown:?}");
    }
}
