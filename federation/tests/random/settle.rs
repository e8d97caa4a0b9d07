//! Who has which types of a random graph: every subgraph those that its fields need.

use crate::{
    generate::Generator,
    model::{Base, Kind},
    parts::{Part, visit},
};

impl Generator<'_> {
    /// Gives every subgraph the types that its fields need.
    pub(crate) fn settle_homes(&mut self) {
        for entity in self.of_kind(Kind::Entity) {
            for field in self.model.types[entity].fields.clone() {
                for home in field.homes {
                    self.ensure(home, entity, false);
                }
            }
        }
        for root in [self.of_kind(Kind::Query), self.of_kind(Kind::Mutation)].concat() {
            for field in self.model.types[root].fields.clone() {
                for home in field.homes {
                    self.model.types[root].presence.entry(home).or_default();
                    self.ensure_base(home, field.ty.base);
                }
            }
        }
        for entity in self.of_kind(Kind::Entity) {
            for field in self.model.types[entity].fields.clone() {
                for home in field.homes {
                    self.ensure_base(home, field.ty.base);
                }
            }
        }
        self.narrow_homes();
    }

    pub(crate) fn ensure_base(&mut self, subgraph: usize, base: Base) {
        if let Base::Type(target) = base {
            self.ensure(subgraph, target, false);
        }
    }

    pub(crate) fn ensure(&mut self, subgraph: usize, target: usize, with_id: bool) {
        let ty = self.model.types[target].clone();
        let is_new = !ty.presence.contains_key(&subgraph);
        self.model.types[target]
            .presence
            .entry(subgraph)
            .or_default();
        match ty.kind {
            Kind::Query | Kind::Mutation => {}
            Kind::Entity => {
                let mut keys: Vec<usize> = Vec::new();
                if is_new {
                    keys = (0..ty.keys.len())
                        .filter(|_| self.rng.percent(55))
                        .collect();
                }
                let has_key = !is_new && !ty.presence[&subgraph].is_empty();
                if with_id || keys.is_empty() && !has_key {
                    keys.push(0);
                }
                for key in keys {
                    let resolvable = self.rng.percent(85);
                    let all = self.model.types[target]
                        .presence
                        .entry(subgraph)
                        .or_default();
                    all.entry(key).or_insert(resolvable);
                    self.ensure_parts(subgraph, target, &ty.keys[key].parts);
                }
            }
            Kind::Value => {
                if is_new {
                    for field in ty.fields {
                        self.ensure_base(subgraph, field.ty.base);
                    }
                }
            }
            Kind::Interface | Kind::Union => {
                if is_new {
                    // Who does not have it may call an object what it is nowhere said to be then.
                    if let Some(wider) = ty.wider
                        && self.rng.percent(85)
                    {
                        self.ensure(subgraph, wider, false);
                    }
                    for member in self.subset(&ty.members) {
                        self.ensure(subgraph, member, ty.kind == Kind::Interface);
                    }
                }
            }
        }
    }

    /// Gives a subgraph what a key is made of.
    fn ensure_parts(&mut self, subgraph: usize, of: usize, parts: &[Part]) {
        let mut read = Vec::new();
        visit(&self.model, of, parts, &mut |of, name| {
            read.push((of, name.to_owned()));
        });
        for (below, name) in read {
            if below != of {
                self.ensure(subgraph, below, true);
                let keys = &self.model.types[below].keys;
                let key = keys.iter().position(|key| key.fields == [name.as_str()]);
                if let Some(key) = key {
                    let presence = self.model.types[below].presence.entry(subgraph);
                    presence.or_default().entry(key).or_insert(true);
                }
            }
        }
    }

    /// Fields of several homes whose objects no runtime type could please keep one of them.
    fn narrow_homes(&mut self) {
        for at in 0..self.model.types.len() {
            for place in 0..self.model.types[at].fields.len() {
                let (ty, field) = (&self.model.types[at], &self.model.types[at].fields[place]);
                let is_composite = matches!(field.ty.base, Base::Type(_));
                if is_composite
                    && matches!(ty.kind, Kind::Entity | Kind::Query | Kind::Mutation)
                    && self.model.possible(ty, field).is_empty()
                {
                    let homes = &mut self.model.types[at].fields[place].homes;
                    if let Some(first) = homes.first().copied() {
                        *homes = [first].into();
                    }
                }
            }
        }
    }
}
