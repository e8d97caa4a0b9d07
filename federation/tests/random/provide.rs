//! What homes of a random graph's fields give along of the objects they refer to.

use crate::{
    generate::Generator,
    model::{Base, Field, Kind, TypeDef},
    parts::Part,
};

impl Generator<'_> {
    /// Lets a home give along fields of the objects it refers to.
    pub(crate) fn provide(&mut self, at: usize, place: usize) {
        let field = self.model.types[at].fields[place].clone();
        let (Base::Type(target), Some(&home)) = (field.ty.base, field.homes.first()) else {
            return;
        };
        let ty = &self.model.types[at];
        if !matches!(ty.kind, Kind::Entity | Kind::Query | Kind::Mutation) || field.is_lent {
            return;
        }
        let parts = match self.model.types[target].kind {
            Kind::Entity if self.has(home, target) => {
                let parts = self.given(home, target, 1);
                parts.into_iter().collect()
            }
            Kind::Interface | Kind::Union
                if !self.model.types[target].object_in.contains(&home) =>
            {
                self.given_of_some(home, target)
            }
            _ => return,
        };
        if !parts.is_empty() {
            let provides = [(home, parts)].into();
            self.model.types[at].fields[place].provides = provides;
        }
    }

    fn has(&self, home: usize, target: usize) -> bool {
        self.model.types[target].presence.contains_key(&home)
    }

    /// A field of an entity that its home does not have otherwise.
    fn given(&mut self, home: usize, target: usize, depth: usize) -> Option<Part> {
        let fields = self.model.types[target].fields.clone();
        let fields = fields.into_iter();
        let mut given: Vec<Field> = fields.filter(|field| is_givable(field, home)).collect();
        if self.rng.percent(50) {
            given.reverse();
        }
        given.into_iter().find_map(|field| match field.ty.base {
            Base::Type(below) => {
                let ty = &self.model.types[below];
                let below_it = match ty.kind {
                    Kind::Entity if depth > 0 && self.has(home, below) => {
                        if self.rng.percent(50) {
                            self.given(home, below, depth - 1)?
                        } else {
                            own_key(ty, home)?
                        }
                    }
                    Kind::Interface if depth > 0 && self.has(home, below) => {
                        let possible = self.model.possible(&self.model.types[target], &field);
                        let here = self.here(home, below);
                        if !possible.iter().all(|object| here.contains(object)) {
                            return None;
                        }
                        self.given_of_all(home, below)?
                    }
                    _ => return None,
                };
                Some(Part::under(&field.name, vec![below_it]))
            }
            _ => Some(Part::leaf(&field.name)),
        })
    }

    fn here(&self, home: usize, target: usize) -> Vec<usize> {
        let mut here = self.model.types[target].members.clone();
        here.retain(|member| self.model.is_possible(home, target, *member));
        here
    }

    /// A field that all objects of an interface have and of which the subgraph resolves none, or
    /// their id.
    fn given_of_all(&mut self, home: usize, target: usize) -> Option<Part> {
        let face = &self.model.types[target];
        let here = self.here(home, target);
        if here.is_empty() || face.object_in.contains(&home) {
            return None;
        }
        let is_given = |name: &str| {
            here.iter().all(|member| {
                let mut own = self.model.types[*member].fields.iter();
                own.any(|own| own.name == name && is_givable(own, home))
            })
        };
        let mut shared = face.fields.iter().map(|field| &*field.name);
        let shared = shared.rfind(|name| name.starts_with("shared") && is_given(name));
        Some(Part::leaf(shared.unwrap_or("id")))
    }

    /// Fields of some of the objects of an interface or a union.
    fn given_of_some(&mut self, home: usize, target: usize) -> Vec<Part> {
        let here = self.here(home, target);
        let mut parts = Vec::new();
        for member in here {
            let is_entity = self.model.types[member].kind == Kind::Entity;
            if is_entity && self.rng.percent(70) {
                let given = self.given(home, member, 1);
                parts.extend(given.map(|given| Part::On(member, vec![given])));
            }
        }
        parts
    }
}

/// Whether a field can be given along by a subgraph that does not resolve it.
fn is_givable(field: &Field, home: usize) -> bool {
    !field.is_key()
        && !field.is_lent
        && !field.homes.contains(&home)
        && field.requires.is_empty()
        && field.overridden_in.is_none()
        && !field.has_argument
        && field.told.is_empty()
}

/// A leaf of a key that an entity has in a subgraph.
fn own_key(ty: &TypeDef, home: usize) -> Option<Part> {
    let is_own = |field: &&Field| field.is_key() && ty.resolves(home, field);
    let mut fields = ty.fields.iter().filter(is_own);
    let leaf = fields.find(|field| !matches!(field.ty.base, Base::Type(_)))?;
    Some(Part::leaf(&leaf.name))
}
