//! What a type of record is: its file, its table, its fields, its natural key.
//!
//! The import reads these declarations; a new type of record needs no new code, except for a rule
//! across its fields.

use entities::terms::{Classification, PeriodKind};
use sea_orm::{ActiveEnum, Iterable};

use super::row::Row;

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
    /// What becomes of a record that is already stored with other values.
    pub(crate) history: History,
    /// The highest level of which some field tells its rows, if rows have one.
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

/// A column of the file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    /// HXL hashtag with attributes.
    pub(crate) tag: &'static str,
    pub(crate) kind: Kind,
    pub(crate) is_required: bool,
    /// Whether it has a column of its own, or only helps to name another record.
    pub(crate) is_stored: bool,
    pub(crate) about: &'static str,
}

/// What a cell may hold.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    /// A short name without spaces and slashes.
    Code,
    Text,
    /// Texts, `|` between them.
    List,
    Date,
    Instant,
    Flag,
    /// A whole number from the given one on.
    Whole(i32),
    /// A count; empty says that nothing was collected.
    Count,
    /// One of a few words.
    Term(fn() -> Vec<String>),
    /// Several of a few words, `|` between them.
    Terms(fn() -> Vec<String>),
    Period(&'static [PeriodKind]),
    /// The key of a record of another table.
    Link(&'static str, Store),
    /// Keys of records of another table, `|` between them.
    Links(&'static str),
}

/// How a link is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Store {
    /// As the row's number, in `NAME_id`.
    Id,
    /// As its key, in a column of the field's name.
    Code,
}

/// A link whose key is spread over several fields. Where one of them is empty there is no link.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Composite {
    pub(crate) name: &'static str,
    pub(crate) target: &'static str,
    pub(crate) parts: &'static [&'static str],
    /// Whether the number of the row is stored (`NAME_id`) or its key (`NAME_key`).
    pub(crate) is_id: bool,
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

    /// Whether its rows are kept by revision.
    pub(crate) fn is_revised(&self) -> bool {
        self.history == History::Revised
    }
}

impl std::fmt::Debug for Kind {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.name())
    }
}

impl Kind {
    /// What the documentation calls it.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Text => "text",
            Self::List => "texts",
            Self::Date => "date",
            Self::Instant => "instant",
            Self::Flag => "true or false",
            Self::Whole(_) => "whole number",
            Self::Count => "count",
            Self::Term(_) => "one of",
            Self::Terms(_) => "some of",
            Self::Period(_) => "period",
            Self::Link(..) => "key",
            Self::Links(_) => "keys",
        }
    }
}

impl Field {
    pub(crate) const fn new(
        name: &'static str,
        tag: &'static str,
        kind: Kind,
        about: &'static str,
    ) -> Self {
        Self {
            name,
            tag,
            kind,
            is_required: true,
            is_stored: true,
            about,
        }
    }

    /// May be empty.
    pub(crate) const fn optional(mut self) -> Self {
        self.is_required = false;
        self
    }

    /// Only names another record.
    pub(crate) const fn unstored(mut self) -> Self {
        self.is_stored = false;
        self
    }
}

/// The values of a term, for [`Kind::Term`] and [`Kind::Terms`].
pub(crate) fn values<T>() -> Vec<String>
where
    T: ActiveEnum<Value = String> + Iterable,
{
    T::iter().map(|term| term.to_value()).collect()
}
