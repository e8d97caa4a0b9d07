//! Arguments of a random graph's fields that are filled from objects above.

use crate::{
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
        if !TELLS || homes.is_empty() || !self.rng.percent(30) {
            return;
        }
        let home = *self.rng.pick(&homes);
        let own = self.tellable(above, home, None);
        let Some((name, ty)) = (!own.is_empty()).then(|| self.rng.pick(&own).clone()) else {
            return;
        };
        let mut from = vec![(above, name)];
        let other = *self.rng.pick(&entities);
        let fitting = self.tellable(other, home, Some(&ty));
        if other != above && !fitting.is_empty() {
            from.push((other, self.rng.pick(&fitting).0.clone()));
        }
        let deep = self.deep(home);
        let mut got = field("got", self.scalar());
        got.homes = [home].into();
        got.has_argument = self.rng.percent(30);
        got.told = Some(Told {
            from: from.clone(),
            ty,
        });
        self.model.types[deep].fields.push(got);
        for (at, _) in from {
            let homes: Vec<usize> = self.model.types[at].presence.keys().copied().collect();
            self.lead_down(at, &homes, deep);
        }
        let homes: Vec<usize> = self.model.types[deep].presence.keys().copied().collect();
        self.lead_down(deep, &homes, deep);
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
        let told = fields.map(|field| {
            let ty = Ty {
                non_null: false,
                ..field.ty.clone()
            };
            (field.name.clone(), ty)
        });
        told.filter(|(_, ty)| like.is_none_or(|like| like == ty))
            .collect()
    }

    fn deep(&mut self, home: usize) -> usize {
        let mut deep = type_def("Deep".into(), Kind::Entity);
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

    fn lead_down(&mut self, from: usize, homes: &[usize], deep: usize) {
        let ty = Ty {
            base: Base::Type(deep),
            non_null: false,
            list: self.rng.percent(40).then_some(false),
        };
        let mut down = field("deep", ty);
        let home = *self.rng.pick(homes);
        down.homes = [home].into();
        self.ensure(home, deep, true);
        self.model.types[from].fields.push(down);
    }
}
