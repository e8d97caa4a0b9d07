//! Arguments of a random graph's fields that are filled from objects above.

use crate::{
    emit::on_interface,
    generate::{Generator, field, key, required, type_def},
    model::{Base, Kind, Told, Ty},
    parts::Part,
};

/// Whether graphs have such arguments. Those whose value comes with the same answer as the objects
/// below are filled with null.
const TELLS: bool = true;

impl Generator<'_> {
    /// Adds an entity that is only below objects of a type or two and is told something of them.
    /// Its draws do not shift those of anything else.
    pub(crate) fn tell_below(&mut self) {
        let kept = self.rng.clone();
        self.try_to_tell_below();
        *self.rng = kept;
    }

    fn try_to_tell_below(&mut self) {
        let entities = self.of_kind(Kind::Entity);
        let above = *self.rng.pick(&entities);
        let homes: Vec<usize> = self.model.types[above].presence.keys().copied().collect();
        if !TELLS || homes.is_empty() || !self.rng.percent(40) {
            return;
        }
        let home = *self.rng.pick(&homes);
        let other = *self.rng.pick(&entities);
        let by_type = self.of_types(home, above, other);
        let first = if self.rng.percent(40) {
            self.of_abstract(home, above).or(by_type)
        } else {
            by_type
        };
        let Some(first) = first else {
            return;
        };
        let mut got = field("got", self.scalar());
        got.homes = [home].into();
        got.has_argument = self.rng.percent(30);
        let deep = self.deep("Deep", home);
        let between = self.rng.percent(40).then(|| self.deep("Between", home));
        if self.rng.percent(50) {
            let second = match between {
                Some(between) if self.rng.percent(70) => self.of_types(home, between, between),
                _ => self.another(home, &first),
            };
            got.told.extend(second.map(|second| Told {
                argument: "hint",
                ..second
            }));
        }
        got.told.push(first.clone());
        self.model.types[deep].fields.push(got);
        for (at, _) in first.from {
            self.lead_down(at, between.unwrap_or(deep));
        }
        if let Some(between) = between {
            self.lead_down(between, deep);
        }
        self.lead_down(deep, deep);
    }

    /// Tells something of objects of a type or two.
    fn of_types(&mut self, home: usize, above: usize, other: usize) -> Option<Told> {
        let own = self.tellable(above, home, None);
        let (name, ty) = (!own.is_empty()).then(|| self.rng.pick(&own).clone())?;
        let mut from = vec![(above, name)];
        let fitting = self.tellable(other, home, Some(&ty));
        if other != above && !fitting.is_empty() {
            from.push((other, self.rng.pick(&fitting).0.clone()));
        }
        let is_between = self.model.types[above].name == "Between";
        Some(Told {
            argument: "told",
            context: if is_between { "beyond" } else { "above" },
            setters: from.iter().map(|(at, _)| *at).collect(),
            is_of_all: from.len() == 1,
            from,
            ty,
        })
    }

    /// Tells something of the objects of an interface or a union.
    fn of_abstract(&mut self, home: usize, above: usize) -> Option<Told> {
        let abstracts = [self.of_kind(Kind::Interface), self.of_kind(Kind::Union)].concat();
        let fitting = abstracts.into_iter().filter(|at| {
            let ty = &self.model.types[*at];
            ty.presence.contains_key(&home)
                && !ty.object_in.contains(&home)
                && ty.members.contains(&above)
                && self.model.is_possible(home, *at, above)
        });
        let fitting: Vec<usize> = fitting.collect();
        let setter = (!fitting.is_empty()).then(|| *self.rng.pick(&fitting))?;
        let shared = self.model.types[setter].fields.iter().find(|field| {
            field.name.starts_with("shared") && on_interface(&self.model, home, setter, &field.name)
        });
        let shared = shared.map(|field| (field.name.clone(), nullable(&field.ty)));
        let is_of_all = shared.is_some() && self.rng.percent(60);
        let own = self.tellable(above, home, None);
        let (name, ty) = match shared.filter(|_| is_of_all) {
            Some(shared) => shared,
            None => (!own.is_empty()).then(|| self.rng.pick(&own).clone())?,
        };
        let mut from = Vec::new();
        for member in self.model.types[setter].members.clone() {
            if is_of_all {
                from.push((member, name.clone()));
                continue;
            }
            let fitting = self.tellable(member, home, Some(&ty));
            let is_here = self.model.types[member].kind == Kind::Entity
                && self.model.is_possible(home, setter, member);
            if is_here && !fitting.is_empty() {
                from.push((member, self.rng.pick(&fitting).0.clone()));
            }
        }
        Some(Told {
            argument: "told",
            context: "above",
            setters: vec![setter],
            from,
            is_of_all,
            ty,
        })
    }

    /// Tells something else of the same objects, by the same context or by one of its own.
    fn another(&mut self, home: usize, first: &Told) -> Option<Told> {
        let own = self.tellable(first.from[0].0, home, None);
        let ty = (!own.is_empty()).then(|| self.rng.pick(&own).1.clone())?;
        let mut from = Vec::new();
        for (at, _) in &first.from {
            let fitting = self.tellable(*at, home, Some(&ty));
            if !fitting.is_empty() {
                from.push((*at, self.rng.pick(&fitting).0.clone()));
            }
        }
        Some(Told {
            context: if self.rng.percent(50) {
                "above"
            } else {
                "beyond"
            },
            is_of_all: first.is_of_all && first.from.len() == 1,
            from,
            ty,
            ..first.clone()
        })
    }

    /// Fields that a type can tell of itself in a subgraph, of a type that another may need to have.
    fn tellable(&self, at: usize, home: usize, like: Option<&Ty>) -> Vec<(String, Ty)> {
        let ty = &self.model.types[at];
        let fields = ty.fields.iter().filter(|field| {
            !field.is_lent
                && !field.has_argument
                && ty.resolves(home, field)
                && !matches!(field.ty.base, Base::Type(_))
        });
        let told = fields.map(|field| (field.name.clone(), nullable(&field.ty)));
        told.filter(|(_, ty)| like.is_none_or(|like| like == ty))
            .collect()
    }

    /// An entity that is only below others.
    fn deep(&mut self, name: &str, home: usize) -> usize {
        let mut deep = type_def(name.into(), Kind::Entity);
        deep.keys.push(key(vec![Part::leaf("id")]));
        deep.fields.push(field("id", required(Base::Id)));
        let elsewhere = self.random_subgraph();
        for at in [home, elsewhere] {
            deep.presence.insert(at, [(0, true)].into());
        }
        let mut plain = field("plain", self.scalar());
        plain.homes = [elsewhere].into();
        deep.fields.push(plain);
        self.model.types.push(deep);
        self.model.types.len() - 1
    }

    /// Lets some subgraph lead from objects of a type to those of another.
    fn lead_down(&mut self, from: usize, to: usize) {
        let homes: Vec<usize> = self.model.types[from].presence.keys().copied().collect();
        if homes.is_empty() {
            return;
        }
        let ty = Ty {
            base: Base::Type(to),
            non_null: false,
            list: self.rng.percent(40).then_some(false),
        };
        let name = self.model.types[to].name.to_lowercase();
        let mut down = field(&name, ty);
        let home = *self.rng.pick(&homes);
        down.homes = [home].into();
        self.ensure(home, to, true);
        self.model.types[from].fields.push(down);
    }
}

fn nullable(ty: &Ty) -> Ty {
    Ty {
        non_null: false,
        ..ty.clone()
    }
}
