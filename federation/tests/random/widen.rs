//! Interfaces of a random graph that implement others.

use crate::{
    generate::{Generator, field, required, type_def},
    model::{Base, Kind},
};

impl Generator<'_> {
    /// Lets an interface implement one that has more objects. Its draws do not shift those of
    /// anything else.
    pub(crate) fn widen(&mut self, entities: &[usize]) {
        let kept = self.rng.clone();
        let faces = self.of_kind(Kind::Interface);
        if !faces.is_empty() && self.rng.percent(40) {
            let narrow = *self.rng.pick(&faces);
            let mut wide = type_def("Wide".into(), Kind::Interface);
            wide.members = self.subset(entities);
            wide.members.extend(&self.model.types[narrow].members);
            wide.members.sort_unstable();
            wide.members.dedup();
            wide.fields.push(field("id", required(Base::Id)));
            self.model.types[narrow].wider = Some(self.model.types.len());
            self.model.types.push(wide);
            // Another one may implement it as well, and so be of the same objects in part.
            for other in faces {
                let wide = self.model.types.len() - 1;
                let (members, all) = (&self.model.types[other].members, &self.model.types[wide]);
                let fits = members.iter().all(|member| all.members.contains(member));
                if fits && self.rng.percent(30) {
                    self.model.types[other].wider = Some(wide);
                }
            }
        }
        *self.rng = kept;
    }

    /// What an interface declares is declared by those that implement it.
    pub(crate) fn share_with_wider(&mut self) {
        for narrow in self.of_kind(Kind::Interface) {
            let Some(wide) = self.model.types[narrow].wider else {
                continue;
            };
            for shared in self.model.types[wide].fields.clone() {
                let own = &mut self.model.types[narrow].fields;
                if own.iter().all(|field| field.name != shared.name) {
                    own.push(shared);
                }
            }
        }
    }
}
