//! A graph as one schema, and who has which part of it.

use std::collections::{BTreeMap, BTreeSet};

use crate::parts::Part;

/// How many objects each entity type has.
pub(crate) const OBJECTS: u64 = 3;

/// Values of every enum.
pub(crate) const ENUM_VALUES: [&str; 3] = ["RED", "GREEN", "BLUE"];

/// What a guard may ask for: to be known, or a scope.
pub(crate) const ATOMS: [&str; 3] = ["known", "a", "b"];

/// Labels of progressive override.
pub(crate) const LABELS: [&str; 4] = ["early", "late", "percent(30)", "percent(70)"];

/// A graph.
#[derive(Clone, Debug, Default)]
pub(crate) struct Model {
    pub(crate) subgraphs: Vec<String>,
    pub(crate) types: Vec<TypeDef>,
    /// Who calls the query type by another name.
    pub(crate) renamed_in: BTreeSet<usize>,
    /// Whether what keys read may be guarded, so that some callers cannot go where they lead.
    pub(crate) guards_keys: bool,
}

/// What kind of type it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Query,
    Mutation,
    Entity,
    Value,
    Interface,
    Union,
}

/// A type.
#[derive(Clone, Debug)]
pub(crate) struct TypeDef {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) fields: Vec<Field>,
    /// Objects of an interface or a union.
    pub(crate) members: Vec<usize>,
    pub(crate) keys: Vec<Key>,
    /// Who has it; for entities with which keys, and whether each is resolvable.
    pub(crate) presence: BTreeMap<usize, BTreeMap<usize, bool>>,
    /// The interface that an interface implements, whoever has both.
    pub(crate) wider: Option<usize>,
    /// Who has an interface as an object.
    pub(crate) object_in: BTreeSet<usize>,
    /// Who knows every object of an interface by its key.
    pub(crate) keyed_in: Option<usize>,
    /// What it takes to see its objects.
    pub(crate) guard: BTreeSet<&'static str>,
}

/// A key.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) parts: Vec<Part>,
    /// Fields of the type that it begins with.
    pub(crate) fields: Vec<String>,
}

/// A field.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) ty: Ty,
    pub(crate) has_argument: bool,
    /// Who resolves it; empty for fields of keys, which are where their keys are.
    pub(crate) homes: BTreeSet<usize>,
    /// What its one home needs to be sent.
    pub(crate) requires: Vec<Part>,
    /// What its one home is told of objects above.
    pub(crate) told: Vec<Told>,
    /// Whether it comes to an object by way of an interface that its home has as an object.
    pub(crate) is_lent: bool,
    /// Whether clients do not see it.
    pub(crate) is_hidden: bool,
    /// Who had it before, and must not be asked any more.
    pub(crate) overridden_in: Option<usize>,
    /// Under which label it moves from there, if not for good.
    pub(crate) label: Option<&'static str>,
    /// What it takes to see it.
    pub(crate) guard: BTreeSet<&'static str>,
    /// Fields of its objects that a home gives along.
    pub(crate) provides: BTreeMap<usize, Vec<Part>>,
}

/// An argument that is filled from the nearest object above of some types.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) argument: &'static str,
    pub(crate) context: &'static str,
    /// Who has the context: objects, or an interface or union of them.
    pub(crate) setters: Vec<usize>,
    /// Which of the objects' fields is told.
    pub(crate) from: Vec<(usize, String)>,
    /// Whether it is asked of the setters as such, not by type.
    pub(crate) is_of_all: bool,
    /// The type that all these fields have.
    pub(crate) ty: Ty,
}

/// The type of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ty {
    pub(crate) base: Base,
    pub(crate) non_null: bool,
    /// A list, with whether its items may not be null.
    pub(crate) list: Option<bool>,
}

/// A named type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Base {
    Int,
    Float,
    String,
    Boolean,
    Id,
    Enum,
    Type(usize),
}

impl Field {
    pub(crate) fn is_key(&self) -> bool {
        self.homes.is_empty()
    }
}

impl TypeDef {
    /// Whether a subgraph resolves a field, keys included.
    pub(crate) fn resolves(&self, subgraph: usize, field: &Field) -> bool {
        if field.is_key() {
            let keys = self.presence.get(&subgraph);
            return keys.is_some_and(|keys| {
                keys.keys()
                    .any(|key| self.keys[*key].fields.contains(&field.name))
            });
        }
        field.homes.contains(&subgraph) && self.presence.contains_key(&subgraph)
    }
}

impl Model {
    pub(crate) fn find(&self, name: &str) -> Option<&TypeDef> {
        self.types.iter().find(|ty| ty.name == name)
    }

    /// Object types that a field's objects can be, as all who resolve it agree.
    pub(crate) fn possible(&self, ty: &TypeDef, field: &Field) -> Vec<usize> {
        let Base::Type(target) = field.ty.base else {
            return Vec::new();
        };
        let mut possible = self.objects_of(target);
        for subgraph in 0..self.subgraphs.len() {
            if ty.resolves(subgraph, field) {
                possible.retain(|object| self.is_possible(subgraph, target, *object));
            }
        }
        possible
    }

    /// Whether a subgraph has an interface of an object type as an object.
    pub(crate) fn has_as_object(&self, subgraph: usize, object: usize) -> bool {
        let mut faces = self.types.iter();
        faces.any(|face| face.members.contains(&object) && face.object_in.contains(&subgraph))
    }

    /// Whether a subgraph that has an interface of an object type as an object has a field in its
    /// keys there.
    pub(crate) fn is_key_as_object(&self, subgraph: usize, object: usize, name: &str) -> bool {
        self.types.iter().any(|face| {
            let mut fields = face.fields.iter().filter(|field| field.is_key());
            face.members.contains(&object)
                && face.object_in.contains(&subgraph)
                && fields.any(|field| field.name == name && face.resolves(subgraph, field))
        })
    }

    pub(crate) fn objects_of(&self, target: usize) -> Vec<usize> {
        match self.types[target].kind {
            Kind::Interface | Kind::Union => self.types[target].members.clone(),
            _ => vec![target],
        }
    }

    /// Whether a subgraph knows that objects of a type can stand where another is declared.
    pub(crate) fn is_possible(&self, subgraph: usize, target: usize, object: usize) -> bool {
        let declared = &self.types[target];
        if declared.object_in.contains(&subgraph) {
            return true;
        }
        if declared.kind == Kind::Interface {
            return self.implements(subgraph, target, object);
        }
        self.types[object].presence.contains_key(&subgraph)
    }

    /// Whether an object type implements an interface in a subgraph.
    pub(crate) fn implements(&self, subgraph: usize, interface: usize, object: usize) -> bool {
        let keys = self.types[object].presence.get(&subgraph);
        self.types[interface].members.contains(&object)
            && self.types[interface].presence.contains_key(&subgraph)
            && !self.types[interface].object_in.contains(&subgraph)
            && keys.is_some_and(|keys| keys.contains_key(&0))
    }
}
