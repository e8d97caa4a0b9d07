//! Subgraphs of a random graph that have an interface as an object, with fields for all its objects.

use std::collections::BTreeMap;

use crate::{
    generate::{Generator, field},
    model::{Base, Kind, Ty},
};

impl Generator<'_> {
    /// Adds a subgraph that has an interface as an object, and fields for all its objects.
    pub(crate) fn lend(&mut self) {
        let faces = self.of_kind(Kind::Interface);
        let known: Vec<usize> = faces
            .into_iter()
            .filter(|face| !self.model.types[*face].presence.is_empty())
            // What is lent to all objects is not lent to interfaces of some of them.
            .filter(|face| (self.model.types.iter()).all(|ty| ty.wider != Some(*face)))
            .collect();
        if known.is_empty() || !self.rng.percent(40) {
            return;
        }
        let face = *self.rng.pick(&known);
        let keeper = *self.model.types[face]
            .presence
            .keys()
            .next()
            .expect("somebody has it");
        for member in self.model.types[face].members.clone() {
            self.ensure(keeper, member, true);
            let keys = self.model.types[member].presence.entry(keeper).or_default();
            keys.insert(0, true);
        }
        let lender = self.model.subgraphs.len();
        self.model.subgraphs.push(format!("s{lender}"));
        self.model.types[face].keyed_in = Some(keeper);
        self.model.types[face].object_in.insert(lender);
        self.model.types[face]
            .presence
            .insert(lender, [(0, true)].into());
        for at in 0..=self.rng.below(2) {
            let ty = if self.rng.percent(25) {
                self.borrowed(face)
            } else {
                self.scalar()
            };
            let mut lent = field(&format!("lent{at}"), ty);
            lent.homes = [lender].into();
            self.model.types[face].fields.push(lent.clone());
            lent.is_lent = true;
            for member in self.model.types[face].members.clone() {
                self.model.types[member].fields.push(lent.clone());
            }
        }
        if self.rng.percent(70) {
            let mut root = field("lender", self.borrowed(face));
            root.homes = [lender].into();
            self.model.types[0].fields.push(root);
            self.model.types[0].presence.insert(lender, BTreeMap::new());
        }
        self.lend_to_others(face, lender);
    }

    /// Lets an entity that is not of the interface have it from the same subgraph.
    fn lend_to_others(&mut self, face: usize, lender: usize) {
        let mut others = self.of_kind(Kind::Entity);
        others.retain(|other| !self.model.types[face].members.contains(other));
        if others.is_empty() || !self.rng.percent(40) {
            return;
        }
        let other = *self.rng.pick(&others);
        self.ensure(lender, other, true);
        let mut borrowed = field("borrowed", self.borrowed(face));
        borrowed.homes = [lender].into();
        self.model.types[other].fields.push(borrowed);
    }

    /// The interface as a type of fields: one or many, which may be null or not.
    fn borrowed(&mut self, face: usize) -> Ty {
        Ty {
            base: Base::Type(face),
            non_null: self.rng.percent(35),
            list: self.rng.percent(50).then(|| self.rng.percent(50)),
        }
    }
}
