//! A field that a source reads of others: through what, and which sources have it.

use crate::registry::{declarations::Declarations, level::Level, rules::Neighbour};

/// Through what a source reads.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Way {
    /// A key it resolves entities of a type by.
    Key {
        /// The type.
        type_name: String,
        /// The key.
        fields: String,
    },
    /// The `@requires` of a field, or a context that an argument of it reads.
    Field(String),
    /// The fields between the type that sets a context and the one whose field reads it.
    Path(String),
}

impl Way {
    /// Where it stands, as a schema coordinate.
    pub fn coordinate(&self) -> &str {
        match self {
            Self::Key { type_name, .. } => type_name,
            Self::Field(coordinate) | Self::Path(coordinate) => coordinate,
        }
    }
}

impl std::fmt::Display for Way {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Key { type_name, fields } => {
                write!(formatter, "The key `{fields}` of `{type_name}`")
            }
            Self::Field(coordinate) => write!(formatter, "`{coordinate}`"),
            Self::Path(coordinate) => {
                write!(formatter, "The way from a context to `{coordinate}`")
            }
        }
    }
}

/// Why not every caller may see a field, though its level is the lowest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cause {
    /// Other scopes than a clearance restrict it, or what it yields.
    Scopes,
    /// It is of a record that not every caller may know of.
    HiddenRecord,
    /// It lists such records, or leads to a list of them.
    HiddenList,
    /// It is read from a value, which has no key.
    Value,
}

impl std::fmt::Display for Cause {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Scopes => "other scopes than a clearance restrict it, or what it yields",
            Self::HiddenRecord => "not every caller may know of the record that it is of",
            Self::HiddenList => "it tells which records there are, and not every caller may know",
            Self::Value => "it is read from a type without a key",
        })
    }
}

/// A source that holds a field, and the entity that answers for it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Holder {
    /// Name of the source.
    pub source: String,
    /// Code of the entity.
    pub entity: String,
}

impl Holder {
    pub(super) fn of(other: &Neighbour) -> Self {
        Self {
            source: other.name.clone(),
            entity: other.entity.clone(),
        }
    }
}

/// A field that not every caller may see, and that a source reads.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Read {
    /// Through what.
    pub way: Way,
    /// The field.
    pub coordinate: String,
    /// Its level; `UNCLASSIFIED` where other scopes than a clearance keep it from callers.
    pub level: Level,
    /// What keeps it from callers where its level does not.
    pub cause: Option<Cause>,
    /// What the source itself names of it: the field, its type, and the type it yields; for a field
    /// on the path of a context the types at both ends.
    pub named: Vec<String>,
    /// Other entities' sources that hold it: each of these entities has to consent.
    pub holders: Vec<Holder>,
}

/// Whether a source has a field's values, so that its entity must consent: it marks the field, or
/// brings it. A field of an interface has no values beside those of the objects.
pub(super) fn is_holder(declarations: &Declarations, coordinate: &str) -> bool {
    let Some(field) = declarations.fields.get(coordinate) else {
        return false;
    };
    let parent = declarations.types.get(&field.parent);
    let is_interface = parent.is_some_and(|facts| facts.is_interface);
    declarations.declares(coordinate)
        && (declarations.marks_of(coordinate).is_classified()
            || (field.is_contribution() && !is_interface))
}
