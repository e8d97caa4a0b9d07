//! What a field of a type of record is: its column, and what a cell of it may hold.

use entities::terms::PeriodKind;
use sea_orm::{ActiveEnum, Iterable};

/// A column of the file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    /// HXL hashtag with attributes.
    pub(crate) tag: &'static str,
    pub(crate) kind: Kind,
    pub(crate) is_required: bool,
    /// Whether it has a column, or only helps to name another record.
    pub(crate) is_stored: bool,
    /// Whether it names an officer of an entity as their tokens do, which may be by an e-mail address
    /// or a number. In all other texts these are refused (`never`).
    pub(crate) names_officer: bool,
    pub(crate) free_text: FreeText,
    pub(crate) about: &'static str,
}

/// Whether officers write what they like in a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FreeText {
    No,
    /// Stored encrypted, if the record can be sealed.
    Yes,
    /// Searched in SQL, so that it cannot be encrypted.
    Searched,
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
            Self::Flag => "true or false (or yes or no), in any case",
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
            names_officer: false,
            free_text: FreeText::No,
            about,
        }
    }

    /// May be empty.
    pub(crate) const fn optional(mut self) -> Self {
        self.is_required = false;
        self
    }

    /// Names an officer as their tokens do.
    pub(crate) const fn of_officer(mut self) -> Self {
        self.names_officer = true;
        self
    }

    /// Officers write what they like in it.
    pub(crate) const fn free_text(mut self) -> Self {
        self.free_text = FreeText::Yes;
        self
    }

    /// The same, and clients search it.
    pub(crate) const fn searched_text(mut self) -> Self {
        self.free_text = FreeText::Searched;
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
