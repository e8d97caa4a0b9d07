//! What a type of record is: its file, its table, its fields, its natural key; and a row of it as its
//! rule sees it: the cells by the names of their fields, and what is wrong with them.
//!
//! The import reads these declarations; a new type of record needs no new code, except for a rule
//! across its fields.

use std::cell::RefCell;

use chrono::{DateTime, NaiveDate, Utc};
use entities::terms::Classification;
use indexmap::IndexSet;

use super::{
    cell::{self, Cell, Period},
    field::{Composite, Field, FreeText, Kind},
    shared::PUBLIC_ON,
};

/// A type of record: one template, one table.
#[derive(Debug)]
pub struct RecordType {
    /// Name of its file without `.csv`.
    pub name: &'static str,
    /// What a record of it says, in one sentence.
    pub about: &'static str,
    /// The table its records are kept in.
    pub(crate) table: &'static str,
    /// What one of them is called in a message, if records of other types refer to them.
    pub(crate) noun: Option<&'static str>,
    /// Prefix of its identifier in the graph, if it has one there.
    pub(crate) node: Option<&'static str>,
    /// Who may seal a record of it; nobody where records are figures, or parts of others.
    pub(crate) sealed_by: Option<SealedBy>,
    /// What becomes of a record that is already stored with other values.
    pub(crate) history: History,
    /// The highest level of which some field returns its rows, if rows have one.
    pub(crate) told_up_to: Option<Classification>,
    /// Names of the fields that make the natural key, in order.
    pub(crate) key: &'static [&'static str],
    /// Its fields, in the order of the template.
    pub(crate) fields: &'static [&'static [Field]],
    /// Its links whose key is spread over several fields.
    pub(crate) composites: &'static [Composite],
    /// What no single cell can show to be wrong.
    pub(crate) rule: Rule,
    /// What the binary holds of it.
    pub(crate) data: Data,
}

/// A file of records that is kept in the binary, so that it is there without any file beside it.
#[derive(Clone, Copy)]
pub(crate) enum Data {
    /// Invented records about invented areas, XAA to XZZ.
    Example(&'static [u8]),
    /// Records that every installation needs; nothing in them is invented.
    Reference(&'static [u8]),
}

/// The bytes of a file of `examples/records/`.
macro_rules! example {
    ($name:literal) => {
        include_bytes!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/examples/records/",
            $name,
            ".csv"
        ))
    };
}
pub(crate) use example;

impl Data {
    /// The file.
    pub(crate) fn bytes(self) -> &'static [u8] {
        match self {
            Self::Example(bytes) | Self::Reference(bytes) => bytes,
        }
    }
}

impl std::fmt::Debug for Data {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} bytes", self.bytes().len())
    }
}

/// Looks at several fields of a row at once.
pub(crate) type Rule = fn(&mut Row<'_>);

/// A rule that asks for nothing.
pub(crate) const NO_RULE: Rule = |_| {};

/// Who may seal a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SealedBy {
    /// Clearing officers of the entity whose code stands in this column.
    EntityIn(&'static str),
    /// The review's secretariat.
    Secretariat,
}

/// What happens to a record that is already stored with other values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum History {
    /// A fact: it stays, and a correction is a further revision.
    Revised,
    /// A directory entry or a step of the review: it is brought up to date.
    Updated,
    /// It cannot change.
    Fixed,
}

impl RecordType {
    /// Name of its file.
    pub fn file(&self) -> String {
        format!("{}.csv", self.name)
    }

    /// All fields, in the order of the template.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &'static Field> {
        self.fields.iter().copied().flatten()
    }

    /// Whether a revision can be held back until a day.
    pub(crate) fn can_be_held_back(&self) -> bool {
        self.fields().any(|field| field.tag == PUBLIC_ON.tag)
    }

    /// The fields that officers write freely.
    pub(crate) fn free_texts(&self) -> impl Iterator<Item = &'static Field> {
        self.fields()
            .filter(|field| field.free_text != FreeText::No)
    }

    /// The fields that any text can stand in, but for those of the natural key.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &'static Field> {
        let key = self.key;
        self.fields().filter(move |field| {
            let is_text = matches!(field.kind, Kind::Text | Kind::List) && field.is_stored;
            is_text && !key.contains(&field.name)
        })
    }

    /// The fields that are stored encrypted.
    pub(crate) fn encrypted(&self) -> impl Iterator<Item = &'static Field> {
        let is_sealed = self.sealed_by.is_some();
        self.free_texts()
            .filter(move |field| is_sealed && field.free_text == FreeText::Yes)
    }

    /// Whether its rows are kept by revision.
    pub(crate) fn is_revised(&self) -> bool {
        self.history == History::Revised
    }
}

/// A row that is being read.
#[derive(Debug)]
pub(crate) struct Row<'a> {
    /// What it is a record of.
    pub(crate) record_type: &'static RecordType,
    /// Its cells, in the order of the type's fields.
    pub(crate) cells: Vec<Cell>,
    refusals: &'a mut Vec<Refusal>,
    /// Fields that were asked for although the type has none of that name.
    pub(crate) unknown: RefCell<IndexSet<String>>,
}

/// What is wrong with a row: in which field, and why.
pub(crate) type Refusal = (Option<&'static str>, String);

impl<'a> Row<'a> {
    /// Reads the cells of a row, `texts` in the order of the type's fields. Rules come only after
    /// all cells can be read, so that nothing is reported twice.
    pub(crate) fn read<'t>(
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
    pub(crate) fn refuse(&mut self, field: &'static str, reason: impl Into<String>) {
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

    /// Whether a field holds nothing.
    pub(crate) fn is_empty(&self, name: &str) -> bool {
        *self.cell(name) == Cell::Empty
    }

    /// The text, code or term of a field.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        match self.cell(name) {
            Cell::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The elements of a field that holds a list.
    pub(crate) fn list(&self, name: &str) -> &[String] {
        match self.cell(name) {
            Cell::List(elements) => elements,
            _ => &[],
        }
    }

    /// The number of a field.
    pub(crate) fn number(&self, name: &str) -> Option<i32> {
        match self.cell(name) {
            Cell::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// Whether a field is true.
    pub(crate) fn flag(&self, name: &str) -> bool {
        matches!(self.cell(name), Cell::Flag(true))
    }

    /// The day of a field that holds a day or an instant.
    pub(crate) fn date(&self, name: &str) -> Option<NaiveDate> {
        match self.cell(name) {
            Cell::Date(date) => Some(*date),
            Cell::Instant(instant) => Some(instant.date_naive()),
            _ => None,
        }
    }

    /// The instant of a field.
    pub(crate) fn instant(&self, name: &str) -> Option<DateTime<Utc>> {
        match self.cell(name) {
            Cell::Instant(instant) => Some(*instant),
            _ => None,
        }
    }

    /// The period of a field.
    pub(crate) fn period(&self, name: &str) -> Option<Period> {
        match self.cell(name) {
            Cell::Period(period) => Some(period.clone()),
            _ => None,
        }
    }

    /// Some cells as they stand in a natural key.
    pub(crate) fn joined<'n>(
        &self,
        names: impl IntoIterator<Item = &'n &'static str>,
    ) -> Vec<Option<String>> {
        names
            .into_iter()
            .map(|name| self.cell(name).key_part())
            .collect()
    }

    /// The natural key; an optional part that is missing stands as `-`.
    pub(crate) fn record_key(&self) -> String {
        let parts = self.joined(self.record_type.key);
        let parts: Vec<_> = parts
            .into_iter()
            .map(|part| part.unwrap_or("-".into()))
            .collect();
        parts.join("/")
    }
}
