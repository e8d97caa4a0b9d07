//! One row: its cells, its natural key, the records it refers to, the values it is staged with.

use std::cell::RefCell;

use chrono::NaiveDate;
use indexmap::IndexSet;
use sea_orm::Value;

use super::{
    cell::{self, Cell, Period},
    identifier::IdKey,
    record_type::{Field, Kind, RecordType, Store},
};

/// A row that is being read.
#[derive(Debug)]
pub(super) struct Row<'a> {
    pub(super) record_type: &'static RecordType,
    cells: Vec<Cell>,
    refusals: &'a mut Vec<Refusal>,
    /// Fields that were asked for although the type has none of that name.
    unknown: RefCell<IndexSet<String>>,
}

/// What is wrong with a row: in which field, and why.
pub(super) type Refusal = (Option<&'static str>, String);

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

impl<'a> Row<'a> {
    /// Reads the cells of a row, `texts` in the order of the type's fields. Rules come only after
    /// all cells can be read, so that nothing is told twice.
    pub(super) fn read<'t>(
        record_type: &'static RecordType,
        texts: impl Iterator<Item = &'t str>,
        refusals: &'a mut Vec<Refusal>,
    ) -> Self {
        let mut cells = Vec::new();
        for (field, text) in record_type.fields().zip(texts) {
            cells.push(cell::read(field, text).unwrap_or_else(|reason| {
                refusals.push((Some(field.name), reason));
                Cell::Empty
            }));
        }
        let mut row = Self {
            record_type,
            cells,
            refusals,
            unknown: RefCell::default(),
        };
        if row.refusals.is_empty() {
            (record_type.rule)(&mut row);
            row.refuse_unknown();
        }
        row
    }

    /// A rule that names a field its type does not have would never fire: a fault of the catalogue,
    /// which no row passes.
    fn refuse_unknown(&mut self) {
        for name in self.unknown.take() {
            let reason = format!(
                "cannot be judged: the rule for `{}` names a field `{name}`, which these records \
                 do not have; this is a fault of the program",
                self.record_type.name
            );
            self.refusals.push((None, reason));
        }
    }

    /// Refuses the row because of a field.
    pub(super) fn refuse(&mut self, field: &'static str, reason: impl Into<String>) {
        self.cell(field);
        self.refusals.push((Some(field), reason.into()));
    }

    fn cell(&self, name: &str) -> &Cell {
        let fields = self.record_type.fields().zip(&self.cells);
        fields
            .filter(|(field, _)| field.name == name)
            .map(|(_, cell)| cell)
            .next()
            .unwrap_or_else(|| {
                self.unknown.borrow_mut().insert(name.to_owned());
                &Cell::Empty
            })
    }

    pub(super) fn is_empty(&self, name: &str) -> bool {
        *self.cell(name) == Cell::Empty
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        match self.cell(name) {
            Cell::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn number(&self, name: &str) -> Option<i32> {
        match self.cell(name) {
            Cell::Number(number) => Some(*number),
            _ => None,
        }
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        matches!(self.cell(name), Cell::Flag(true))
    }

    pub(super) fn date(&self, name: &str) -> Option<NaiveDate> {
        match self.cell(name) {
            Cell::Date(date) => Some(*date),
            Cell::Instant(instant) => Some(instant.date_naive()),
            _ => None,
        }
    }

    pub(super) fn period(&self, name: &str) -> Option<Period> {
        match self.cell(name) {
            Cell::Period(period) => Some(period.clone()),
            _ => None,
        }
    }

    fn joined<'n>(&self, names: impl IntoIterator<Item = &'n &'static str>) -> Vec<Option<String>> {
        names
            .into_iter()
            .map(|name| self.cell(name).key_part())
            .collect()
    }

    /// The natural key; an optional part that is missing stands as `-`.
    pub(super) fn record_key(&self) -> String {
        let parts = self.joined(self.record_type.key);
        let parts: Vec<_> = parts
            .into_iter()
            .map(|part| part.unwrap_or("-".into()))
            .collect();
        parts.join("/")
    }

    fn references(&self) -> Vec<Reference> {
        let mut references = Vec::new();
        for (field, cell) in self.record_type.fields().zip(&self.cells) {
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
        for composite in self.record_type.composites {
            let parts: Option<Vec<_>> = self.joined(composite.parts).into_iter().collect();
            references.extend(parts.map(|parts| Reference {
                field: composite.name,
                target: composite.target,
                key: parts.join("/"),
            }));
        }
        references
    }

    /// Ends the reading; a row with refusals keeps its key, so that references to it are no errors.
    pub(super) fn finish(self, line: u64, ids: &IdKey) -> ReadRow {
        let record_key = self.record_key();
        let references = self.references();
        let record_type = self.record_type;
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
            .zip(self.cells)
            .filter(|(field, _)| field.is_stored);
        values.extend(stored.flat_map(|(field, cell)| cell.values(&field.kind)));
        for composite in record_type.composites {
            let key = references
                .iter()
                .find(|reference| reference.field == composite.name)
                .map(|reference| reference.key.clone());
            values.push(Value::String(key));
        }
        ReadRow {
            line,
            record_key,
            references,
            values,
        }
    }
}

/// A column of the staging table, in the order of [`ReadRow::values`] after the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Column {
    /// Goes over as it is.
    Copied(String),
    /// Holds a key, and goes over as the number of the row that has it.
    Reference {
        staged: String,
        column: String,
        target: &'static str,
    },
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

    use super::Row;
    use crate::import::{
        catalogue,
        record_type::{Field, Kind, RecordType},
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
                    crate::import::cell::read(&field, text).is_ok()
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
            row.references();
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
