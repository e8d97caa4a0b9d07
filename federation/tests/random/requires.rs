//! Fields of a random graph that are made of others.

use crate::{
    emit::on_interface,
    generate::Generator,
    model::{Base, Field, Kind, Ty},
    parts::{Part, Wanted, visit},
};

/// Whether somebody else has a field whatever labels are on.
fn is_had(field: &Field, home: usize) -> bool {
    let is_labelled = field.label.is_some();
    field
        .overridden_in
        .is_none_or(|from| is_labelled && from != home)
}

impl Generator<'_> {
    /// Makes a field of others that its home does not have.
    pub(crate) fn require(&mut self, at: usize, place: usize) {
        let ty = &self.model.types[at];
        let field = &ty.fields[place];
        let (Some(&home), false) = (field.homes.first(), field.is_key()) else {
            return;
        };
        let is_plain = field.homes.len() == 1
            && !field.has_argument
            && field.name.starts_with('f')
            && ty.presence[&home].values().any(|resolvable| *resolvable)
            && !self.is_read(at, &field.name);
        if !is_plain {
            return;
        }
        let mut parts = Vec::new();
        for other in ty.fields[..place].to_vec().iter().rev() {
            let is_elsewhere = !other.is_key()
                && !other.is_lent
                && other.told.is_empty()
                && !other.homes.contains(&home)
                && is_had(other, home);
            if is_elsewhere && parts.len() < 2 {
                parts.extend(self.part((at, home), other, 2));
            }
        }
        let name = self.model.types[at].fields[place].name.clone();
        let mut reads_itself = false;
        visit(&self.model, at, &parts, &mut |of, read| {
            reads_itself |= of == at && read == name;
        });
        if parts.is_empty() || reads_itself {
            return;
        }
        let field = &mut self.model.types[at].fields[place];
        field.requires = parts;
        field.ty = Ty {
            base: Base::String,
            non_null: false,
            list: None,
        };
    }

    /// Whether something is made of a field.
    pub(crate) fn is_read(&self, at: usize, name: &str) -> bool {
        let mut is_read = false;
        for (of, ty) in self.model.types.iter().enumerate() {
            for field in &ty.fields {
                let mut told = field.told.iter().flat_map(|told| &told.from);
                is_read |= told.any(|(of, read)| *of == at && read == name);
                visit(&self.model, of, &field.requires, &mut |of, read| {
                    is_read |= of == at && read == name;
                });
            }
        }
        is_read
    }

    /// Reads a field with something below it, for a field of a type in its home.
    fn part(&mut self, by: (usize, usize), field: &Field, depth: usize) -> Option<Part> {
        let below = match field.ty.base {
            Base::Type(target) => {
                let below = self.below(by, target, depth.checked_sub(1)?);
                (!below.is_empty()).then_some(below)?
            }
            _ => Vec::new(),
        };
        let is_told = field.has_argument && self.rng.percent(70);
        Some(Part::Field(Wanted {
            name: field.name.clone(),
            argument: is_told.then(|| self.rng.below(3)),
            below,
        }))
    }

    fn below(&mut self, by: (usize, usize), target: usize, depth: usize) -> Vec<Part> {
        let (reader, home) = by;
        let ty = self.model.types[target].clone();
        if matches!(ty.kind, Kind::Query | Kind::Mutation) || ty.object_in.contains(&home) {
            return Vec::new();
        }
        self.ensure(home, target, true);
        let mut parts = Vec::new();
        if self.rng.percent(25) {
            parts.push(Part::Typename);
        }
        if matches!(ty.kind, Kind::Interface | Kind::Union) {
            for field in &ty.fields {
                if self.rng.percent(40) && on_interface(&self.model, home, target, &field.name) {
                    parts.push(Part::leaf(&field.name));
                }
            }
            for member in ty.members {
                let is_here = self.model.is_possible(home, target, member);
                if is_here && self.rng.percent(60) {
                    let below = self.below(by, member, depth);
                    if !below.is_empty() {
                        parts.push(Part::On(member, below));
                    }
                }
            }
            return parts;
        }
        for field in &ty.fields {
            // What is made of others is read only by types after its own: no field is made of itself.
            let is_readable = !field.is_lent
                && field.told.is_empty()
                && !["deep", "between"].contains(&field.name.as_str())
                && (!field.is_key() || field.name == "id")
                && is_had(field, home)
                && (field.requires.is_empty() || target < reader);
            if is_readable && self.rng.percent(40) {
                parts.extend(self.part(by, field, depth));
            }
        }
        parts
    }
}
