//! The level of every field of a supergraph, and how levels differ between two.

use apollo_compiler::schema::ExtendedType;
use federation::{difference::Class, supergraph::Supergraph};
use indexmap::IndexMap;

use crate::registry::level::Level;

/// How a field's level changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LevelChange {
    /// Fewer see it.
    Raised,
    /// More see it.
    Lowered,
}

impl LevelChange {
    /// The kind as it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Raised => "LEVEL_RAISED",
            Self::Lowered => "LEVEL_LOWERED",
        }
    }

    /// Who could see a field and no longer can is broken; who suddenly can is to be looked at.
    pub fn class(self) -> Class {
        match self {
            Self::Raised => Class::Breaking,
            Self::Lowered => Class::Dangerous,
        }
    }

    /// The change between two levels.
    pub fn find(old: Level, new: Level) -> Option<Self> {
        match old.cmp(&new) {
            std::cmp::Ordering::Less => Some(Self::Raised),
            std::cmp::Ordering::Equal => None,
            std::cmp::Ordering::Greater => Some(Self::Lowered),
        }
    }
}

/// The levels of a supergraph's fields, by coordinate: a field's own mark and its type's, the
/// higher one.
pub fn levels_of(supergraph: &Supergraph) -> IndexMap<String, Level> {
    let mut levels = IndexMap::new();
    for ty in supergraph.schema.types.values() {
        let fields = match ty {
            ExtendedType::Object(object) => &object.fields,
            ExtendedType::Interface(interface) => &interface.fields,
            _ => continue,
        };
        let of_type = Level::marked(ty.directives());
        for field in fields.values() {
            if let Some(level) = Level::marked(&field.directives).max(of_type) {
                levels.insert(format!("{}.{}", ty.name(), field.name), level);
            }
        }
    }
    levels
}
