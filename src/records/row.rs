//! One row as its rule sees it: its cells by the names of their fields, and what is wrong with them.

use std::cell::RefCell;

use chrono::NaiveDate;
use indexmap::IndexSet;

use super::{
    cell::{self, Cell, Period},
    record_type::RecordType,
};

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
    /// all cells can be read, so that nothing is told twice.
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
