//! Random graphs. What does not compose is thrown away by whoever asks for one.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    model::{Base, Field, Key, Kind, Model, Ty, TypeDef},
    rng::Rng,
};

const SCALARS: [Base; 6] = [
    Base::Int,
    Base::Float,
    Base::String,
    Base::Boolean,
    Base::Id,
    Base::Enum,
];

/// Makes a graph.
pub(crate) fn generate(rng: &mut Rng) -> Model {
    let mut generator = Generator {
        model: Model {
            subgraphs: (0..2 + rng.below(3)).map(|at| format!("s{at}")).collect(),
            types: Vec::new(),
            renamed_in: BTreeSet::new(),
        },
        rng,
    };
    generator.declare_types();
    generator.add_fields();
    generator.add_roots();
    generator.settle_homes();
    generator.lend();
    generator.decorate();
    generator.lead_back();
    generator.model
}

struct Generator<'r> {
    model: Model,
    rng: &'r mut Rng,
}

fn type_def(name: String, kind: Kind) -> TypeDef {
    TypeDef {
        name,
        kind,
        fields: Vec::new(),
        members: Vec::new(),
        keys: Vec::new(),
        presence: BTreeMap::new(),
        object_in: BTreeSet::new(),
        keyed_in: None,
    }
}

fn field(name: &str, ty: Ty) -> Field {
    Field {
        name: name.to_owned(),
        ty,
        has_argument: false,
        homes: BTreeSet::new(),
        requires: Vec::new(),
        is_lent: false,
        is_hidden: false,
        overridden_in: None,
        provides: BTreeMap::new(),
    }
}

fn key(fields: &[&str], text: &str) -> Key {
    Key {
        text: text.to_owned(),
        fields: fields.iter().map(|field| (*field).to_owned()).collect(),
    }
}

fn required(base: Base) -> Ty {
    Ty {
        base,
        non_null: true,
        list: None,
    }
}

impl Generator<'_> {
    fn of_kind(&self, kind: Kind) -> Vec<usize> {
        let types = self.model.types.iter().enumerate();
        types
            .filter(|(_, ty)| ty.kind == kind)
            .map(|(at, _)| at)
            .collect()
    }

    fn declare_types(&mut self) {
        self.model.types.push(type_def("Query".into(), Kind::Query));
        for at in 0..2 + self.rng.below(3) {
            let mut entity = type_def(format!("Entity{at}"), Kind::Entity);
            entity.keys.push(key(&["id"], "id"));
            entity.fields.push(field("id", required(Base::Id)));
            if self.rng.percent(40) {
                entity.keys.push(key(&["code"], "code"));
                entity.fields.push(field("code", required(Base::String)));
            }
            if self.rng.percent(25) {
                entity.keys.push(key(&["area", "number"], "area number"));
                entity.fields.push(field("area", required(Base::String)));
                entity.fields.push(field("number", required(Base::Int)));
            }
            self.model.types.push(entity);
        }
        let entities = self.of_kind(Kind::Entity);
        // A key that reaches into another entity.
        for &at in &entities {
            if self.rng.percent(20) {
                let other = *self.rng.pick(&entities);
                if other != at {
                    let ty = &mut self.model.types[at];
                    ty.keys.push(key(&["twin"], "twin { id }"));
                    ty.fields.push(field("twin", required(Base::Type(other))));
                }
            }
        }
        for at in 0..self.rng.below(3) {
            self.model
                .types
                .push(type_def(format!("Value{at}"), Kind::Value));
        }
        for at in 0..self.rng.below(3) {
            let mut interface = type_def(format!("Face{at}"), Kind::Interface);
            interface.members = self.subset(&entities);
            interface.fields.push(field("id", required(Base::Id)));
            self.model.types.push(interface);
        }
        let mut objects = entities;
        objects.extend(self.of_kind(Kind::Value));
        for at in 0..self.rng.below(2) {
            let mut union_ = type_def(format!("Either{at}"), Kind::Union);
            union_.members = self.subset(&objects);
            self.model.types.push(union_);
        }
    }

    fn subset(&mut self, of: &[usize]) -> Vec<usize> {
        let mut chosen: Vec<usize> = of
            .iter()
            .copied()
            .filter(|_| self.rng.percent(60))
            .collect();
        if chosen.is_empty() {
            chosen.push(*self.rng.pick(of));
        }
        chosen
    }

    fn random_subgraph(&mut self) -> usize {
        self.rng.below(self.model.subgraphs.len())
    }

    fn scalar(&mut self) -> Ty {
        Ty {
            base: *self.rng.pick(&SCALARS),
            non_null: self.rng.percent(25),
            list: self.rng.percent(15).then(|| self.rng.percent(50)),
        }
    }

    fn composite(&mut self) -> Ty {
        let targets: Vec<usize> = (1..self.model.types.len()).collect();
        Ty {
            base: Base::Type(*self.rng.pick(&targets)),
            non_null: self.rng.percent(15),
            list: self.rng.percent(35).then(|| self.rng.percent(40)),
        }
    }

    fn homes(&mut self) -> BTreeSet<usize> {
        let mut homes = BTreeSet::from([self.random_subgraph()]);
        if self.rng.percent(20) {
            homes.insert(self.random_subgraph());
        }
        homes
    }

    fn add_fields(&mut self) {
        for interface in self.of_kind(Kind::Interface) {
            let name = format!("shared{interface}");
            let ty = self.scalar();
            for member in self.model.types[interface].members.clone() {
                let mut shared = field(&name, ty.clone());
                shared.homes = self.homes();
                self.model.types[member].fields.push(shared);
            }
            self.model.types[interface].fields.push(field(&name, ty));
        }
        for entity in self.of_kind(Kind::Entity) {
            for at in 0..2 + self.rng.below(4) {
                let ty = if self.rng.percent(35) {
                    self.composite()
                } else {
                    self.scalar()
                };
                let mut added = field(&format!("f{at}"), ty);
                added.homes = self.homes();
                added.has_argument = self.rng.percent(15);
                self.model.types[entity].fields.push(added);
            }
        }
        let values = self.of_kind(Kind::Value);
        for (at, &value) in values.iter().enumerate() {
            for number in 0..=self.rng.below(3) {
                let mut ty = self.scalar();
                if self.rng.percent(25) {
                    let entities = self.of_kind(Kind::Entity);
                    // Values nest without end only where they cannot reach themselves.
                    let below = [&values[..at], &entities[..]].concat();
                    ty = Ty {
                        base: Base::Type(*self.rng.pick(&below)),
                        non_null: false,
                        list: None,
                    };
                }
                let mut added = field(&format!("v{number}"), ty);
                added.homes = (0..self.model.subgraphs.len()).collect();
                self.model.types[value].fields.push(added);
            }
        }
    }

    fn add_roots(&mut self) {
        for at in 0..2 + self.rng.below(4) {
            let mut root = field(&format!("root{at}"), self.composite());
            root.ty.non_null &= self.rng.percent(30);
            root.homes = self.homes();
            root.has_argument = self.rng.percent(30);
            self.model.types[0].fields.push(root);
        }
        if self.rng.percent(30) {
            let mut mutation = type_def("Mutation".into(), Kind::Mutation);
            for at in 0..=self.rng.below(3) {
                let mut root = field(&format!("change{at}"), self.composite());
                root.ty.non_null = false;
                root.homes = [self.random_subgraph()].into();
                root.has_argument = self.rng.percent(30);
                mutation.fields.push(root);
            }
            self.model.types.push(mutation);
        }
    }

    /// Adds a subgraph that has an interface as an object, and fields for all its objects.
    fn lend(&mut self) {
        let faces = self.of_kind(Kind::Interface);
        let known: Vec<usize> = faces
            .into_iter()
            .filter(|face| !self.model.types[*face].presence.is_empty())
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
            let mut lent = field(&format!("lent{at}"), self.scalar());
            lent.homes = [lender].into();
            self.model.types[face].fields.push(lent.clone());
            lent.is_lent = true;
            for member in self.model.types[face].members.clone() {
                self.model.types[member].fields.push(lent.clone());
            }
        }
        if self.rng.percent(70) {
            let list = self.rng.percent(50).then_some(false);
            let ty = Ty {
                base: Base::Type(face),
                non_null: false,
                list,
            };
            let mut root = field("lender", ty);
            root.homes = [lender].into();
            self.model.types[0].fields.push(root);
            self.model.types[0].presence.insert(lender, BTreeMap::new());
        }
    }

    /// Gives every subgraph the types that its fields need.
    fn settle_homes(&mut self) {
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

    fn ensure_base(&mut self, subgraph: usize, base: Base) {
        if let Base::Type(target) = base {
            self.ensure(subgraph, target, false);
        }
    }

    fn ensure(&mut self, subgraph: usize, target: usize, with_id: bool) {
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
                    let resolvable = self.rng.percent(92);
                    let all = self.model.types[target]
                        .presence
                        .entry(subgraph)
                        .or_default();
                    all.entry(key).or_insert(resolvable);
                    for name in &ty.keys[key].fields {
                        let part = ty.fields.iter().find(|field| field.name == *name);
                        if let Some(Base::Type(other)) = part.map(|part| part.ty.base) {
                            self.ensure(subgraph, other, true);
                        }
                    }
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
                    for member in self.subset(&ty.members) {
                        self.ensure(subgraph, member, ty.kind == Kind::Interface);
                    }
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

    fn decorate(&mut self) {
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
                if self.rng.percent(30) {
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
    fn lead_back(&mut self) {
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
            let required: BTreeSet<String> = (self.model.types[at].fields.iter())
                .flat_map(|field| field.requires.iter().map(|(name, _)| name.clone()))
                .filter(|name| name.starts_with('f'))
                .collect();
            for field in &mut self.model.types[at].fields {
                field.is_hidden = required.contains(&field.name) && self.rng.percent(30);
            }
        }
    }

    /// Makes a field of others that its home does not have.
    fn require(&mut self, at: usize, place: usize) {
        let ty = &self.model.types[at];
        let field = &ty.fields[place];
        let (Some(&home), false) = (field.homes.first(), field.is_key()) else {
            return;
        };
        let is_plain = field.homes.len() == 1
            && !field.has_argument
            && field.name.starts_with('f')
            && ty.presence[&home].values().any(|resolvable| *resolvable);
        if !is_plain {
            return;
        }
        let mut wanted: Vec<(String, Vec<String>)> = Vec::new();
        for other in ty.fields[..place].iter().rev() {
            let is_elsewhere = !other.is_key()
                && !other.is_lent
                && !other.homes.contains(&home)
                && other.overridden_in.is_none()
                && !other.has_argument;
            if !is_elsewhere || wanted.len() == 2 {
                continue;
            }
            match other.ty.base {
                Base::Type(target) if self.model.types[target].kind == Kind::Value => {
                    let leaves = self.model.types[target].fields.iter();
                    let leaves = leaves.filter(|field| !matches!(field.ty.base, Base::Type(_)));
                    let names: Vec<String> = leaves.map(|field| field.name.clone()).collect();
                    if !names.is_empty() {
                        wanted.push((other.name.clone(), names));
                    }
                }
                Base::Type(_) => {}
                _ => wanted.push((other.name.clone(), Vec::new())),
            }
        }
        if wanted.is_empty() {
            return;
        }
        for (name, _) in &wanted {
            let other = ty.fields.iter().find(|field| field.name == *name);
            let base = other.map_or(Base::Int, |other| other.ty.base);
            if let Base::Type(target) = base {
                let presence = &mut self.model.types[target].presence;
                presence.entry(home).or_default();
                for field in self.model.types[target].fields.clone() {
                    self.ensure_base(home, field.ty.base);
                }
                return self.finish_require(at, place, wanted);
            }
        }
        self.finish_require(at, place, wanted);
    }

    fn finish_require(&mut self, at: usize, place: usize, wanted: Vec<(String, Vec<String>)>) {
        let field = &mut self.model.types[at].fields[place];
        field.requires = wanted;
        field.ty = Ty {
            base: Base::String,
            non_null: false,
            list: None,
        };
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
        let is_required = ty
            .fields
            .iter()
            .any(|other| other.requires.iter().any(|(name, _)| *name == field.name));
        let is_plain = !field.is_key()
            && field.homes.len() == 1
            && field.requires.is_empty()
            && field.name.starts_with('f')
            && !matches!(field.ty.base, Base::Type(_))
            && !is_required;
        if is_plain && !others.is_empty() {
            let from = *self.rng.pick(&others);
            self.model.types[at].fields[place].overridden_in = Some(from);
        }
    }

    /// Lets a home give along a field of the entity it refers to.
    fn provide(&mut self, at: usize, place: usize) {
        let field = self.model.types[at].fields[place].clone();
        let (Base::Type(target), Some(&home)) = (field.ty.base, field.homes.first()) else {
            return;
        };
        let (ty, target_type) = (&self.model.types[at], &self.model.types[target]);
        if target_type.kind != Kind::Entity
            || !matches!(ty.kind, Kind::Entity | Kind::Query | Kind::Mutation)
            || !target_type.presence.contains_key(&home)
        {
            return;
        }
        let given = target_type.fields.iter().find(|given| {
            !given.is_key()
                && !given.is_lent
                && !given.homes.contains(&home)
                && given.requires.is_empty()
                && given.overridden_in.is_none()
                && !given.has_argument
                && !matches!(given.ty.base, Base::Type(_))
        });
        if let Some(given) = given {
            let provides = [(home, vec![given.name.clone()])].into();
            self.model.types[at].fields[place].provides = provides;
        }
    }
}
