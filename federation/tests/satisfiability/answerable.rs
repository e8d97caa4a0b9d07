//! What cannot be answered, by trying everything: all paths of object fields, all subgraphs an
//! object can be taken to. It knows the graph as it was drawn, not as SDL, and shares nothing with
//! composition.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    model::{Base, Field, Kind, Model},
    parts::{self, Part, Wanted},
};

/// A subgraph, with the fields that the way into it gave along, and `above.below` for those of objects
/// below.
type Place = (usize, BTreeSet<String>);

type Places = BTreeSet<Place>;

/// An object: its type, and where a path has led to it.
type State = (usize, Places);

/// What can be had of an object by taking it wherever its keys lead: its fields, each with who
/// serves it, and the places it can be in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Reached {
    open: Places,
    fields: BTreeMap<String, Places>,
}

/// Fields that some path leads to and no subgraph can be asked for there, as `Type.field`.
pub(crate) fn unanswerable(model: &Model) -> BTreeSet<String> {
    let mut walk = Walk::new(model);
    for (at, ty) in model.types.iter().enumerate() {
        if matches!(ty.kind, Kind::Query | Kind::Mutation) {
            walk.walk(&(at, everywhere(model, at)));
        }
    }
    walk.failures
}

fn everywhere(model: &Model, at: usize) -> Places {
    let here = model.types[at].presence.keys();
    here.map(|subgraph| (*subgraph, BTreeSet::new())).collect()
}

struct Walk<'m> {
    model: &'m Model,
    /// What is known of each object so far; it only grows.
    known: BTreeMap<State, Reached>,
    /// Objects looked at in this round.
    looked: BTreeSet<State>,
    seen: BTreeSet<State>,
    failures: BTreeSet<String>,
}

impl<'m> Walk<'m> {
    fn new(model: &'m Model) -> Self {
        Self {
            model,
            known: BTreeMap::new(),
            looked: BTreeSet::new(),
            seen: BTreeSet::new(),
            failures: BTreeSet::new(),
        }
    }

    fn walk(&mut self, state: &State) {
        if !self.seen.insert(state.clone()) {
            return;
        }
        let reached = self.settle(state);
        let ty = &self.model.types[state.0];
        for field in ty.fields.iter().filter(|field| !field.is_hidden) {
            if !self.exists(state.0, field) {
                continue;
            }
            let Some(servers) = reached.fields.get(&field.name) else {
                self.failures.insert(format!("{}.{}", ty.name, field.name));
                continue;
            };
            if ty.kind == Kind::Mutation && servers.len() > 1 {
                if !servers.iter().any(|server| self.can_begin(field, server)) {
                    self.failures.insert(format!("{}.{}", ty.name, field.name));
                }
                continue;
            }
            for child in self.children(field, servers) {
                self.walk(&child);
            }
        }
    }

    /// Whether one place alone can begin all that is below a field.
    fn can_begin(&self, field: &Field, server: &Place) -> bool {
        let mut alone = Walk::new(self.model);
        for child in alone.children(field, &[server.clone()].into()) {
            alone.walk(&child);
        }
        alone.failures.is_empty()
    }

    /// Whether the field is in the graph at all: one of a key is not where no subgraph has the key.
    fn exists(&self, object: usize, field: &Field) -> bool {
        let ty = &self.model.types[object];
        let mut subgraphs = 0..self.model.subgraphs.len();
        subgraphs.any(|subgraph| {
            if field.is_lent {
                field.homes.contains(&subgraph) && self.stands_for(subgraph, object)
            } else {
                ty.resolves(subgraph, field)
            }
        })
    }

    /// Whether a subgraph has, as an object, an interface that somebody says the type implements.
    fn stands_for(&self, subgraph: usize, object: usize) -> bool {
        (0..self.model.types.len()).any(|face| {
            self.model.types[face].object_in.contains(&subgraph) && self.implements(face, object)
        })
    }

    fn implements(&self, face: usize, object: usize) -> bool {
        let mut subgraphs = 0..self.model.subgraphs.len();
        subgraphs.any(|subgraph| self.model.implements(subgraph, face, object))
    }

    fn is_possible(&self, subgraph: usize, target: usize, object: usize) -> bool {
        self.model.is_possible(subgraph, target, object)
            && (!self.model.types[target].object_in.contains(&subgraph)
                || self.implements(target, object))
    }

    fn children(&self, field: &Field, servers: &Places) -> Vec<State> {
        let Base::Type(target) = field.ty.base else {
            return Vec::new();
        };
        // A query below a query is one of its own.
        if self.model.types[target].kind == Kind::Query {
            return vec![(target, everywhere(self.model, target))];
        }
        let mut children = Vec::new();
        for object in self.model.objects_of(target) {
            let places: Places = servers
                .iter()
                .filter(|(subgraph, _)| self.is_possible(*subgraph, target, object))
                .map(|(subgraph, above)| {
                    let parts = field.provides.get(subgraph).cloned().unwrap_or_default();
                    let name = &self.model.types[object].name;
                    let mut given = BTreeSet::new();
                    for wanted in parts::of_type(self.model, &parts, name) {
                        let below = wanted.below.iter().filter_map(Part::name);
                        given.extend(below.map(|below| format!("{}.{below}", wanted.name)));
                        given.insert(wanted.name);
                    }
                    let way = format!("{}.", field.name);
                    given.extend(
                        above
                            .iter()
                            .filter_map(|one| Some(one.strip_prefix(&way)?.to_owned())),
                    );
                    (*subgraph, given)
                })
                .collect();
            if !places.is_empty() {
                children.push((object, places));
            }
        }
        children
    }

    /// All that can be had of an object, once nothing more comes of another look.
    fn settle(&mut self, state: &State) -> Reached {
        loop {
            let before = self.known.clone();
            self.looked.clear();
            self.look(state);
            if self.known == before {
                return self.known.get(state).cloned().unwrap_or_default();
            }
        }
    }

    /// One look at an object and at those its keys and requirements lead through.
    fn look(&mut self, state: &State) -> Reached {
        let (object, places) = state;
        let mut reached = self.known.get(state).cloned().unwrap_or_default();
        if !self.looked.insert(state.clone()) {
            return reached;
        }
        reached.open.extend(places.iter().cloned());
        let ty = &self.model.types[*object];
        for field in &ty.fields {
            for place in reached.open.clone() {
                if self.serves(*object, field, &place, &reached) {
                    let servers = reached.fields.entry(field.name.clone()).or_default();
                    servers.insert(place);
                }
            }
        }
        for subgraph in 0..self.model.subgraphs.len() {
            if self.can_enter(*object, subgraph, &reached) {
                reached.open.insert((subgraph, BTreeSet::new()));
            }
        }
        self.known.insert(state.clone(), reached.clone());
        reached
    }

    fn serves(
        &mut self,
        object: usize,
        field: &Field,
        (subgraph, given): &Place,
        reached: &Reached,
    ) -> bool {
        if given.contains(&field.name) {
            return true;
        }
        let as_interface = self.stands_for(*subgraph, object);
        if field.is_lent {
            return as_interface && field.homes.contains(subgraph);
        }
        if as_interface {
            return self.model.is_key_as_object(*subgraph, object, &field.name);
        }
        if !self.model.types[object].resolves(*subgraph, field) {
            return false;
        }
        // What is required is sent along on the way in.
        field.requires.is_empty()
            || self.can_enter(object, *subgraph, reached)
                && self.has_all(object, &field.requires, reached)
    }

    fn can_enter(&mut self, object: usize, subgraph: usize, reached: &Reached) -> bool {
        let model = self.model;
        let ty = &model.types[object];
        for (face, face_type) in model.types.iter().enumerate() {
            let is_object = face_type.object_in.contains(&subgraph)
                && self.implements(face, object)
                || face_type.keyed_in == Some(subgraph) && model.implements(subgraph, face, object);
            let keys = face_type.presence.get(&subgraph).into_iter().flatten();
            let mut keys = keys.filter(|_| is_object);
            if keys.any(|(key, _)| self.has_all(object, &face_type.keys[*key].parts, reached)) {
                return true;
            }
        }
        let keys = ty.presence.get(&subgraph).into_iter().flatten();
        let mut keys = keys.filter(|(_, resolvable)| **resolvable);
        keys.any(|(key, _)| {
            let key = &ty.keys[*key];
            self.has_all(object, &key.parts, reached)
        })
    }

    /// Whether all of a field set can be had of an object.
    fn has_all(&mut self, object: usize, parts: &[Part], reached: &Reached) -> bool {
        parts.iter().all(|part| match part {
            Part::Typename => true,
            Part::On(on, below) => *on != object || self.has_all(object, below, reached),
            Part::Field(wanted) => self.has(object, wanted, reached),
        })
    }

    /// Whether a field can be had with what is selected of it.
    fn has(&mut self, object: usize, wanted: &Wanted, reached: &Reached) -> bool {
        let Some(servers) = reached.fields.get(&wanted.name) else {
            return false;
        };
        let fields = &self.model.types[object].fields;
        let Some(field) = fields.iter().find(|field| field.name == wanted.name) else {
            return false;
        };
        wanted.below.is_empty()
            || self.children(field, servers).iter().all(|state| {
                let child = self.look(state);
                self.has_all(state.0, &wanted.below, &child)
            })
    }
}
