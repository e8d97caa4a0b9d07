//! Which callers may see each field of a supergraph, and how that differs between two supergraphs.

use apollo_compiler::schema::ExtendedType;
use federation::{difference::Class, supergraph::Supergraph};
use indexmap::IndexMap;

use super::Change;
use crate::registry::{access::Access, coordinate::type_in, level::Level};

/// How who may see a field changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum LevelChange {
    /// It got a higher level: fewer see it.
    Raised,
    /// It got a lower level: more see it.
    Lowered,
    /// At the same level, there are callers who could see it and no longer can.
    Narrowed,
    /// At the same level, more callers see it.
    Widened,
}

impl LevelChange {
    /// The kind as it is written.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Raised => "LEVEL_RAISED",
            Self::Lowered => "LEVEL_LOWERED",
            Self::Narrowed => "ACCESS_NARROWED",
            Self::Widened => "ACCESS_WIDENED",
        }
    }

    /// That callers can no longer see a field is breaking; that more callers can is dangerous.
    pub(super) fn class(self) -> Class {
        match self {
            Self::Raised | Self::Narrowed => Class::Breaking,
            Self::Lowered | Self::Widened => Class::Dangerous,
        }
    }

    fn find(old: &Visibility, new: &Visibility) -> Option<Self> {
        match old.level.cmp(&new.level) {
            std::cmp::Ordering::Less => Some(Self::Raised),
            std::cmp::Ordering::Greater => Some(Self::Lowered),
            std::cmp::Ordering::Equal if old.access == new.access => None,
            std::cmp::Ordering::Equal if !old.access.implies(&new.access) => Some(Self::Narrowed),
            std::cmp::Ordering::Equal => {
                (!new.access.implies(&old.access)).then_some(Self::Widened)
            }
        }
    }
}

/// Whether a change is one of who may see a field.
pub(super) fn is_of_access(change: &Change) -> bool {
    use LevelChange::{Lowered, Narrowed, Raised, Widened};
    [Raised, Lowered, Narrowed, Widened]
        .iter()
        .any(|each| each.as_str() == change.kind)
}

/// Who may see a field.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Visibility {
    level: Option<Level>,
    access: Access,
}

/// The levels of a supergraph's fields, by coordinate: a field's own mark, its type's, and that of
/// the values it yields, the highest of them.
pub fn levels_of(supergraph: &Supergraph) -> IndexMap<String, Level> {
    let all = visibilities(supergraph).into_iter();
    all.filter_map(|(coordinate, visibility)| Some((coordinate, visibility.level?)))
        .collect()
}

/// Changes of who may see the fields that two supergraphs have in common.
pub(super) fn compare(old: &Supergraph, new: &Supergraph) -> Vec<Change> {
    let news = visibilities(new);
    let mut changes = Vec::new();
    for (coordinate, before) in visibilities(old) {
        let Some(after) = news.get(&coordinate) else {
            continue;
        };
        let Some(change) = LevelChange::find(&before, after) else {
            continue;
        };
        let named = |level: Option<Level>| level.map_or("none", Level::as_str);
        let message = match change {
            LevelChange::Raised | LevelChange::Lowered => format!(
                "The level of `{coordinate}` changed from {} to {}.",
                named(before.level),
                named(after.level)
            ),
            LevelChange::Narrowed | LevelChange::Widened => format!(
                "Who may see `{coordinate}` changed: it needed {}, and needs {} now.",
                before.access, after.access
            ),
        };
        changes.push(Change {
            class: change.class(),
            kind: change.as_str(),
            message,
            affects: vec![coordinate.clone()],
            coordinate,
        });
    }
    changes
}

/// Fields of object types that more may see in the second of two supergraphs than in the first, each with a
/// sentence. What is seen through an interface is the field of an object.
pub(super) fn opened(old: &Supergraph, new: &Supergraph) -> Vec<(String, String)> {
    let news = visibilities(new);
    let is_shown = |supergraph: &Supergraph, coordinate: &str| {
        let (parent, field) = coordinate.split_once('.').unwrap_or_default();
        supergraph.api_schema.type_field(parent, field).is_ok()
    };
    let is_of_object = |coordinate: &str| {
        let of_type = new.schema.types.get(type_in(coordinate));
        matches!(of_type, Some(ExtendedType::Object(_)))
    };
    let open = |(coordinate, was): (String, Visibility)| {
        let now = news
            .get(&coordinate)
            .filter(|_| is_of_object(&coordinate))?;
        let is_lowered = was.level > Some(Level::Unclassified) && now.level < was.level;
        let is_widened = !now.access.implies(&was.access);
        let message = if is_lowered || is_widened {
            format!("More may see `{coordinate}` without it.")
        } else if is_shown(new, &coordinate) && !is_shown(old, &coordinate) {
            format!("`{coordinate}` is kept from clients by it.")
        } else {
            return None;
        };
        Some((coordinate, message))
    };
    visibilities(old).into_iter().filter_map(open).collect()
}

fn visibilities(supergraph: &Supergraph) -> IndexMap<String, Visibility> {
    let types = &supergraph.schema.types;
    let of_types: IndexMap<&str, Visibility> = types
        .values()
        .filter(|ty| !ty.directives().is_empty())
        .map(|ty| {
            let visibility = Visibility {
                level: Level::marked(ty.directives()),
                access: Access::marked(ty.directives()),
            };
            (ty.name().as_str(), visibility)
        })
        .collect();
    let mut all = IndexMap::new();
    for ty in types.values() {
        let fields = match ty {
            ExtendedType::Object(object) => &object.fields,
            ExtendedType::Interface(interface) => &interface.fields,
            _ => continue,
        };
        for field in fields.values() {
            let mut level = Level::marked(&field.directives);
            let mut access = Access::marked(&field.directives);
            for name in [ty.name(), field.ty.inner_named_type()] {
                if let Some(of_type) = of_types.get(name.as_str()) {
                    access = access.and(&of_type.access);
                    // A tag on a type is for its own fields.
                    let counts = name == ty.name() || of_type.level > Some(Level::Unclassified);
                    level = level.max(of_type.level.filter(|_| counts));
                }
            }
            let coordinate = format!("{}.{}", ty.name(), field.name);
            all.insert(coordinate, Visibility { level, access });
        }
    }
    all
}
