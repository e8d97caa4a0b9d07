//! Subgraphs of a random graph that have an interface as an object, with fields for all its objects.

use std::collections::BTreeMap;

use crate::{
    generate::{Generator, field, key, required},
    model::{Base, Kind, Ty},
    parts::Part,
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
        let face_type = &mut self.model.types[face];
        face_type.keyed_in = Some(keeper);
        face_type.object_in.insert(lender);
        face_type.keys.push(key(vec![Part::leaf("id")]));
        for at in [keeper, lender] {
            face_type.presence.insert(at, [(0, true)].into());
        }
        if self.rng.percent(35) {
            self.seal(face, keeper, lender);
        }
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

    /// Adds a key that reaches into values, besides the other one or in its place.
    fn seal(&mut self, face: usize, keeper: usize, lender: usize) {
        let mark = self.mark();
        let seal = field("seal", required(Base::Type(mark)));
        let by_seal = key(vec![Part::above("seal", "code")]);
        for at in self.model.types[face].members.clone() {
            let member = &mut self.model.types[at];
            member.fields.push(seal.clone());
            member.keys.push(by_seal.clone());
            let keys = member.presence.entry(keeper).or_default();
            keys.insert(member.keys.len() - 1, true);
        }
        let face_type = &mut self.model.types[face];
        face_type.fields.push(seal);
        face_type.keys.push(by_seal);
        let (of_keeper, of_lender) = (self.rng.percent(50), self.rng.percent(50));
        for (at, is_only) in [(keeper, of_keeper), (lender, of_lender)] {
            let keys = self.model.types[face].presence.entry(at).or_default();
            keys.insert(1, true);
            if is_only {
                keys.remove(&0);
            }
        }
        for at in [keeper, lender] {
            self.ensure(at, mark, false);
        }
        for place in 0..self.model.types[mark].fields.len() {
            let field = &mut self.model.types[mark].fields[place];
            field.homes.insert(lender);
            let base = field.ty.base;
            self.ensure_base(lender, base);
        }
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
