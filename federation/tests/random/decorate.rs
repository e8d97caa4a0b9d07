//! What is said of a random graph's fields beyond who resolves them.

use std::collections::BTreeSet;

use crate::{
    generate::{Generator, field},
    model::{Base, Kind, LABELS, Ty},
    rng::Rng,
};

impl Generator<'_> {
    pub(crate) fn decorate(&mut self) {
        for at in self.of_kind(Kind::Entity) {
            for place in 0..self.model.types[at].fields.len() {
                match self.rng.below(10) {
                    0..=2 => self.require(at, place),
                    3 => self.override_(at, place),
                    _ => {}
                }
            }
        }
        for at in 0..self.model.types.len() {
            for place in 0..self.model.types[at].fields.len() {
                if self.rng.percent(35) {
                    self.provide(at, place);
                }
            }
        }
        self.hide();
        for &subgraph in self.model.types[0].presence.keys() {
            if self.rng.percent(15) {
                self.model.renamed_in.insert(subgraph);
            }
        }
    }

    /// Lets objects lead back to the query type. Its draws do not shift those of anything else.
    pub(crate) fn lead_back(&mut self) {
        let mut rng = Rng::new(!self.rng.clone().next());
        let roots = self.model.types[0].fields.iter();
        let starts: BTreeSet<usize> = roots.flat_map(|root| root.homes.clone()).collect();
        let starts: Vec<usize> = starts.into_iter().collect();
        for number in 0..3 {
            if !rng.percent(15) {
                continue;
            }
            let home = *rng.pick(&starts);
            let mut owners = self.of_kind(Kind::Entity);
            owners.retain(|owner| self.model.types[*owner].presence.contains_key(&home));
            owners.push(0);
            let ty = Ty {
                base: Base::Type(0),
                non_null: rng.percent(20),
                list: rng.percent(20).then_some(false),
            };
            let mut back = field(&format!("back{number}"), ty);
            back.homes = [home].into();
            let owner = *rng.pick(&owners);
            self.model.types[owner].fields.push(back);
        }
    }

    /// Hides some of the fields that only others are made of.
    fn hide(&mut self) {
        for at in self.of_kind(Kind::Entity) {
            for place in 0..self.model.types[at].fields.len() {
                let name = &self.model.types[at].fields[place].name;
                if name.starts_with('f') && self.is_read(at, name) && self.rng.percent(30) {
                    self.model.types[at].fields[place].is_hidden = true;
                }
            }
        }
    }

    /// Moves a field to its home from another subgraph, which still has it and must not be asked.
    fn override_(&mut self, at: usize, place: usize) {
        let ty = &self.model.types[at];
        let field = &ty.fields[place];
        let others: Vec<usize> = ty
            .presence
            .keys()
            .copied()
            .filter(|subgraph| !field.homes.contains(subgraph))
            .collect();
        let is_abstract = matches!(field.ty.base, Base::Type(target)
            if !matches!(self.model.types[target].kind, Kind::Entity | Kind::Value));
        let is_plain = !field.is_key()
            && field.homes.len() == 1
            && field.requires.is_empty()
            && field.name.starts_with('f')
            && !is_abstract
            && !self.is_read(at, &field.name);
        if is_plain && !others.is_empty() {
            let from = *self.rng.pick(&others);
            self.ensure_base(from, self.model.types[at].fields[place].ty.base);
            let label = self.rng.percent(60).then(|| *self.rng.pick(&LABELS));
            let field = &mut self.model.types[at].fields[place];
            field.overridden_in = Some(from);
            field.label = label;
        }
    }
}
