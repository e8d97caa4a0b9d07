//! What of a random graph not everybody may see: what is guarded, and what follows from it.

use std::collections::BTreeSet;

use crate::{
    generate::Generator,
    model::{ATOMS, Base, Field, Kind, Model, TypeDef},
    parts::{Part, visit},
};

type Guard = BTreeSet<&'static str>;

impl Generator<'_> {
    /// Guards some types and fields. What reads something guarded is guarded as well.
    pub(crate) fn guard(&mut self) {
        if !self.rng.percent(60) {
            return;
        }
        self.model.guards_keys = self.rng.percent(30);
        for at in 0..self.model.types.len() {
            let is_guarded = matches!(self.model.types[at].kind, Kind::Entity | Kind::Value)
                && self.faces_of(at).is_empty()
                && (self.model.guards_keys || !self.is_in_key(at))
                && self.rng.percent(20);
            if is_guarded {
                self.model.types[at].guard = self.random_guard();
            }
            for place in 0..self.model.types[at].fields.len() {
                let field = &self.model.types[at].fields[place];
                let ty = &self.model.types[at];
                // What keys read, in values too, is mostly for everybody.
                let is_in_key = field.is_key() || ty.name == "Mark" && field.name == "code";
                let is_open = is_in_key && !self.model.guards_keys
                    || field.is_lent
                    || ty.kind == Kind::Interface;
                if !is_open && self.rng.percent(15) {
                    self.model.types[at].fields[place].guard = self.random_guard();
                }
            }
        }
        // As often as readers can read readers.
        for _ in 0..8 {
            for at in 0..self.model.types.len() {
                for place in 0..self.model.types[at].fields.len() {
                    let field = &self.model.types[at].fields[place];
                    let mut needed = self.needed(at, &field.requires);
                    for (of, name) in field.told.iter().flat_map(|told| &told.from) {
                        needed.extend(&self.model.types[*of].guard);
                        needed.extend(self.needed(*of, &[Part::leaf(name)]));
                    }
                    self.model.types[at].fields[place].guard.extend(needed);
                }
            }
        }
    }

    fn random_guard(&mut self) -> Guard {
        let first = *self.rng.pick(&ATOMS);
        let second = *self.rng.pick(&ATOMS);
        let both = self.rng.percent(25);
        [first].into_iter().chain(both.then_some(second)).collect()
    }

    fn faces_of(&self, at: usize) -> Vec<usize> {
        let mut faces = self.of_kind(Kind::Interface);
        faces.retain(|face| self.model.types[*face].members.contains(&at));
        faces
    }

    /// Whether objects of a type are parts of keys.
    fn is_in_key(&self, at: usize) -> bool {
        let mut fields = self.model.types.iter().flat_map(|ty| &ty.fields);
        fields.any(|field| field.is_key() && field.ty.base == Base::Type(at))
    }

    /// What it takes to read a field set.
    fn needed(&self, at: usize, parts: &[Part]) -> Guard {
        let mut needed = Guard::new();
        visit(&self.model, at, parts, &mut |of, name| {
            let ty = &self.model.types[of];
            for &object in &self.model.objects_of(of) {
                let fields = &self.model.types[object].fields;
                for field in fields.iter().filter(|field| field.name == name) {
                    needed.extend(self.model.guard_of(&self.model.types[object], field));
                }
            }
            for field in ty.fields.iter().filter(|field| field.name == name) {
                if let Base::Type(target) = field.ty.base {
                    for object in self.model.objects_of(target) {
                        needed.extend(&self.model.types[object].guard);
                    }
                }
            }
        });
        needed
    }
}

impl Model {
    /// What it takes to see a field of an object.
    pub(crate) fn guard_of(&self, ty: &TypeDef, field: &Field) -> Guard {
        let mut guard = &ty.guard | &field.guard;
        if let Base::Type(target) = field.ty.base {
            guard.extend(&self.types[target].guard);
        }
        guard
    }

    /// What it takes to see a field that is asked for by the name of an interface: as much as any
    /// of its objects asks for.
    pub(crate) fn raised_guard(&self, face: usize, name: &str) -> Guard {
        let mut guard = Guard::new();
        for &member in &self.types[face].members {
            let is_one = (0..self.subgraphs.len()).any(|at| self.implements(at, face, member));
            let fields = self.types[member].fields.iter();
            for field in fields.filter(|field| is_one && field.name == name) {
                guard.extend(self.guard_of(&self.types[member], field));
            }
        }
        guard
    }
}
