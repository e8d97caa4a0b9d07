//! Random graphs. What does not compose is thrown away by whoever asks for one.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    model::{Base, Field, Key, Kind, Model, Ty, TypeDef},
    parts::Part,
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
            guards_keys: false,
        },
        rng,
    };
    generator.declare_types();
    generator.add_fields();
    generator.add_roots();
    generator.settle_homes();
    generator.lend();
    generator.tell_below();
    generator.decorate();
    generator.lead_back();
    generator.guard();
    generator.model
}

/// A graph in the making.
pub(crate) struct Generator<'r> {
    pub(crate) model: Model,
    pub(crate) rng: &'r mut Rng,
}

pub(crate) fn type_def(name: String, kind: Kind) -> TypeDef {
    TypeDef {
        name,
        kind,
        fields: Vec::new(),
        members: Vec::new(),
        keys: Vec::new(),
        presence: BTreeMap::new(),
        wider: None,
        object_in: BTreeSet::new(),
        keyed_in: None,
        guard: BTreeSet::new(),
    }
}

pub(crate) fn field(name: &str, ty: Ty) -> Field {
    Field {
        name: name.to_owned(),
        ty,
        has_argument: false,
        homes: BTreeSet::new(),
        requires: Vec::new(),
        told: Vec::new(),
        is_lent: false,
        is_hidden: false,
        overridden_in: None,
        label: None,
        guard: BTreeSet::new(),
        provides: BTreeMap::new(),
    }
}

pub(crate) fn key(parts: Vec<Part>) -> Key {
    let fields = parts.iter().filter_map(Part::name);
    Key {
        fields: fields.map(str::to_owned).collect(),
        parts,
    }
}

pub(crate) fn required(base: Base) -> Ty {
    Ty {
        base,
        non_null: true,
        list: None,
    }
}

impl Generator<'_> {
    pub(crate) fn of_kind(&self, kind: Kind) -> Vec<usize> {
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
            entity.keys.push(key(vec![Part::leaf("id")]));
            entity.fields.push(field("id", required(Base::Id)));
            if self.rng.percent(40) {
                entity.keys.push(key(vec![Part::leaf("code")]));
                entity.fields.push(field("code", required(Base::String)));
            }
            if self.rng.percent(25) {
                entity
                    .keys
                    .push(key(vec![Part::leaf("area"), Part::leaf("number")]));
                entity.fields.push(field("area", required(Base::String)));
                entity.fields.push(field("number", required(Base::Int)));
            }
            self.model.types.push(entity);
        }
        let entities = self.of_kind(Kind::Entity);
        for &at in &entities {
            self.nest_keys(at, &entities);
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
        self.widen(&entities);
        let mut objects = entities;
        objects.extend(self.of_kind(Kind::Value));
        for at in 0..self.rng.below(2) {
            let mut union_ = type_def(format!("Either{at}"), Kind::Union);
            union_.members = self.subset(&objects);
            self.model.types.push(union_);
        }
    }

    /// Keys that reach into another entity, or into values.
    fn nest_keys(&mut self, at: usize, entities: &[usize]) {
        let other = *self.rng.pick(entities);
        if self.rng.percent(20) && other != at {
            let has_code = self.model.types[other].keys.len() > 1
                && self.model.types[other].keys[1].fields == ["code"];
            let below = if has_code && self.rng.percent(50) {
                "code"
            } else {
                "id"
            };
            let ty = &mut self.model.types[at];
            ty.keys.push(key(vec![Part::above("twin", below)]));
            ty.fields.push(field("twin", required(Base::Type(other))));
        }
        if self.rng.percent(20) {
            let mark = self.mark();
            let mut marks = required(Base::Type(mark));
            marks.list = self.rng.percent(40).then_some(true);
            let ty = &mut self.model.types[at];
            let mut parts = vec![Part::above("marks", "code")];
            ty.fields.push(field("marks", marks));
            if self.rng.percent(40) {
                parts.push(Part::leaf("rank"));
                ty.fields.push(field("rank", required(Base::Int)));
            }
            ty.keys.push(key(parts));
        }
    }

    /// The value type that keys may reach into.
    pub(crate) fn mark(&mut self) -> usize {
        if let Some(at) = self.model.types.iter().position(|ty| ty.name == "Mark") {
            return at;
        }
        let mut mark = type_def("Mark".into(), Kind::Value);
        let mut code = field("code", required(Base::String));
        code.homes = (0..self.model.subgraphs.len()).collect();
        mark.fields.push(code);
        self.model.types.push(mark);
        self.model.types.len() - 1
    }

    pub(crate) fn subset(&mut self, of: &[usize]) -> Vec<usize> {
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

    pub(crate) fn random_subgraph(&mut self) -> usize {
        self.rng.below(self.model.subgraphs.len())
    }

    pub(crate) fn scalar(&mut self) -> Ty {
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
        self.share_with_wider();
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
                if self.rng.percent(40) {
                    let entities = self.of_kind(Kind::Entity);
                    // Values nest without end only where they cannot reach themselves.
                    let below = [&values[..at], &entities[..]].concat();
                    ty = Ty {
                        base: Base::Type(*self.rng.pick(&below)),
                        non_null: self.rng.percent(15),
                        list: self.rng.percent(35).then(|| self.rng.percent(40)),
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
        if self.rng.percent(35) {
            let mut mutation = type_def("Mutation".into(), Kind::Mutation);
            let may_be_shared = self.rng.percent(25);
            for at in 0..=self.rng.below(5) {
                let mut root = field(&format!("change{at}"), self.composite());
                root.ty.non_null = false;
                root.homes = [self.random_subgraph()].into();
                if may_be_shared {
                    root.homes = self.homes();
                }
                root.has_argument = self.rng.percent(30);
                mutation.fields.push(root);
            }
            self.model.types.push(mutation);
        }
    }
}
