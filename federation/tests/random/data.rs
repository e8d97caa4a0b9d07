//! Data as a pure function of who is asked for what. Who must not be asked says NEVER.

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use apollo_compiler::response::JsonMap;
use serde_json::{Map, Value as Json, json};

use crate::{
    caller::Caller,
    changes::Changes,
    emit::externals,
    model::{Base, ENUM_VALUES, Field, Kind, Model, OBJECTS, Told, TypeDef},
    oracle::value::{Ask, Data, Object, Value},
    parts::{self, Part, Wanted},
    rng::hash,
};

/// The object and the field that another was reached by.
type Via = Arc<(Object, String)>;

/// The data of a graph.
pub(crate) struct Hashed {
    model: Arc<Model>,
    /// Not zero: subgraphs fail at some fields.
    failing: AtomicU64,
    /// Who asks, and what was asked of subgraphs that the caller may not see.
    caller: Mutex<Caller>,
    breaches: Mutex<BTreeSet<String>>,
    pub(crate) changes: Changes,
}

impl Hashed {
    pub(crate) fn new(model: &Model) -> Self {
        Self {
            model: Arc::new(model.clone()),
            failing: AtomicU64::new(0),
            caller: Mutex::default(),
            breaches: Mutex::default(),
            changes: Changes::new(model),
        }
    }

    /// Lets subgraphs fail at some fields, others for another number; at none for zero.
    pub(crate) fn set_failing(&self, number: u64) {
        self.failing.store(number, Ordering::Relaxed);
    }

    /// Tells who asks from now on.
    pub(crate) fn set_caller(&self, caller: &Caller) {
        *self.caller.lock().expect("no panic") = caller.clone();
    }

    /// What subgraphs were asked that the caller may not see.
    pub(crate) fn take_breaches(&self) -> BTreeSet<String> {
        std::mem::take(&mut *self.breaches.lock().expect("no panic"))
    }

    fn fails(&self, ask: &Ask<'_>) -> bool {
        let failing = self.failing.load(Ordering::Relaxed);
        let (ty, id, field) = (&ask.object.type_name, &ask.object.id, ask.field);
        failing != 0
            && ask.subgraph.is_some_and(|subgraph| {
                let seed = format!("{failing}/{}/{ty}/{id}/{field}", subgraph.name);
                hash(&seed).is_multiple_of(7)
            })
    }

    fn object(&self, type_at: usize, id: u64, via: Option<Via>) -> Object {
        Object {
            type_name: self.model.types[type_at].name.clone(),
            id: json!(id),
            representation: None,
            via,
        }
    }

    /// Why a subgraph should not have been asked.
    fn never(&self, ask: &Ask<'_>, ty: &TypeDef, field: &Field) -> Option<String> {
        let name = &ask.subgraph?.name;
        let subgraph = self
            .model
            .subgraphs
            .iter()
            .position(|known| known == name)?;
        let coordinate = format!("{}.{} in {name}", ty.name, field.name);
        if let Some(from) = field.overridden_in {
            let caller = self.caller.lock().expect("no panic");
            let is_moved = field.label.is_none_or(|label| caller.has_on(label));
            let is_left = if is_moved {
                from == subgraph
            } else {
                field.homes.contains(&subgraph)
            };
            if is_left {
                return Some(format!("NEVER: {coordinate} is elsewhere"));
            }
            if from == subgraph {
                return None;
            }
        }
        if ty.resolves(subgraph, field) {
            return None;
        }
        let type_at = self
            .model
            .types
            .iter()
            .position(|other| other.name == ty.name)?;
        let is_lender = self.model.has_as_object(subgraph, type_at);
        let is_key = self.model.is_key_as_object(subgraph, type_at, &field.name);
        if is_key || is_lender && field.is_lent && field.homes.contains(&subgraph) {
            return None;
        }
        if !externals(&self.model, subgraph, type_at).contains(&field.name) {
            return Some(format!("NEVER: {coordinate} is not there"));
        }
        let mut given = self.given(subgraph, ask.object).into_iter();
        let is_given = given.any(|given| given.name == field.name);
        (!is_given).then(|| format!("NEVER: {coordinate} is external"))
    }

    /// What a subgraph gives along of an object, for the way on which it was reached.
    fn given(&self, subgraph: usize, object: &Object) -> Vec<Wanted> {
        let Some(via) = &object.via else {
            return Vec::new();
        };
        let (parent, through) = &**via;
        let above = self.given(subgraph, parent).into_iter();
        let above = above.filter(|given| given.name == *through);
        let mut given: Vec<Part> = above.flat_map(|given| given.below).collect();
        let ty = self.model.find(&parent.type_name);
        let fields = ty.into_iter().flat_map(|ty| &ty.fields);
        for field in fields.filter(|field| field.name == *through) {
            given.extend(field.provides.get(&subgraph).cloned().unwrap_or_default());
        }
        parts::of_type(&self.model, &given, &object.type_name)
    }

    fn value(&self, ty: &TypeDef, field: &Field, object: &Object, arguments: &str) -> Value {
        let id = object.id.as_u64().unwrap_or(0);
        if field.is_key() || ty.name == "Mark" && field.name == "code" {
            return self.key_value(field, object, id);
        }
        let state = self.changes.state();
        let seed = format!("{}/{}/{id}/{arguments}{state}", ty.name, field.name);
        let via = Some(Arc::new((object.clone(), field.name.clone())));
        if !field.ty.non_null && hash(&format!("{seed}/null")).is_multiple_of(8) {
            return Value::Leaf(Json::Null);
        }
        let possible = self.model.possible(ty, field);
        let item = |seed: String, non_null: bool| {
            let number = hash(&seed);
            if !non_null && number.is_multiple_of(9) {
                return Value::Leaf(Json::Null);
            }
            self.single(field, &possible, number, via.clone())
        };
        match field.ty.list {
            None => item(seed, true),
            Some(items) => {
                let length = hash(&format!("{seed}/length")) % 4;
                let all = (0..length).map(|at| item(format!("{seed}/{at}"), items));
                Value::List(all.collect())
            }
        }
    }

    fn single(&self, field: &Field, possible: &[usize], number: u64, via: Option<Via>) -> Value {
        Value::Leaf(match field.ty.base {
            Base::Int => json!(number % 1000),
            #[expect(clippy::cast_precision_loss, reason = "small")]
            Base::Float => json!((number % 1000) as f64 / 4.0),
            Base::String if number.is_multiple_of(5) => json!(format!("\"{}\\\n é", number % 100)),
            Base::String => json!(format!("s{}", number % 1000)),
            Base::Boolean => json!(number.is_multiple_of(2)),
            Base::Id => json!(format!("i{}", number % 1000)),
            Base::Enum => json!(ENUM_VALUES[usize::try_from(number % 3).unwrap_or(0)]),
            Base::Type(_) => {
                if possible.is_empty() {
                    return Value::Leaf(Json::Null);
                }
                let at = usize::try_from(number >> 8).unwrap_or(0) % possible.len();
                let chosen = possible[at];
                let id = match self.model.types[chosen].kind {
                    Kind::Entity => number % OBJECTS,
                    Kind::Query => 0,
                    _ => number,
                };
                return Value::Object(self.object(chosen, id, via));
            }
        })
    }

    fn key_value(&self, field: &Field, of: &Object, id: u64) -> Value {
        Value::Leaf(match (field.ty.base, field.name.as_str()) {
            (Base::Type(other), _) => {
                let via = Some(Arc::new((of.clone(), field.name.clone())));
                let object = |id| Value::Object(self.object(other, id, via.clone()));
                // By a seal objects of several types are told apart.
                let types = &mut self.model.types.iter();
                let at = types.position(|ty| ty.name == of.type_name && field.name == "seal");
                let id = at.map_or(id, |at| id + 1000 * (at as u64 + 1));
                return match field.ty.list {
                    Some(_) => Value::List(vec![object(id), object(id + OBJECTS)]),
                    None => object(id),
                };
            }
            (_, "id") => json!(format!("{}-{id}", of.type_name)),
            (_, "number" | "rank") => json!(id),
            (_, "area") => json!("area"),
            _ => json!(format!("c{id}")),
        })
    }

    /// What a field is made of: as a subgraph was told, or as it is.
    fn required(&self, ask: &Ask<'_>, field: &Field) -> Json {
        if ask.subgraph.is_none() {
            return Json::Object(self.read_parts(ask.object, &field.requires));
        }
        let said = ask.object.representation.as_ref();
        Json::Object(said.map_or_else(Map::new, |said| self.told(said, &field.requires)))
    }

    /// What a representation says of the parts of a field set.
    fn told(&self, said: &Map<String, Json>, parts: &[Part]) -> Map<String, Json> {
        let mut told = Map::new();
        let type_name = said.get("__typename").cloned();
        let type_name = type_name.unwrap_or(json!("MISSING"));
        for part in parts {
            match part {
                Part::Typename => {
                    told.insert("__typename".into(), type_name.clone());
                }
                Part::On(on, below) if type_name == *self.model.types[*on].name => {
                    told.extend(self.told(said, below));
                }
                Part::On(..) => {}
                Part::Field(wanted) => {
                    let value = said.get(&wanted.name);
                    let value =
                        value.map_or(json!("MISSING"), |value| self.told_value(value, wanted));
                    told.insert(wanted.name.clone(), value);
                }
            }
        }
        told
    }

    fn told_value(&self, value: &Json, wanted: &Wanted) -> Json {
        match value {
            Json::Object(said) => Json::Object(self.told(said, &wanted.below)),
            Json::Array(items) => {
                let items = items.iter().map(|item| self.told_value(item, wanted));
                Json::Array(items.collect())
            }
            leaf => leaf.clone(),
        }
    }

    /// What parts of a field set are of an object.
    fn read_parts(&self, object: &Object, parts: &[Part]) -> Map<String, Json> {
        let mut read = Map::new();
        for part in parts {
            match part {
                Part::Typename => {
                    read.insert("__typename".into(), json!(object.type_name));
                }
                Part::On(on, below) if object.type_name == self.model.types[*on].name => {
                    read.extend(self.read_parts(object, below));
                }
                Part::On(..) => {}
                Part::Field(wanted) => {
                    read.insert(wanted.name.clone(), self.read(object, wanted));
                }
            }
        }
        read
    }

    fn read(&self, object: &Object, wanted: &Wanted) -> Json {
        let mut arguments = JsonMap::new();
        if let Some(argument) = wanted.argument {
            arguments.insert("x", json!(argument).into());
        }
        let value = self.whole(&Ask {
            subgraph: None,
            object,
            field: &wanted.name,
            arguments: &arguments,
            written_on: &[],
        });
        self.plain(value, wanted)
    }

    fn plain(&self, value: Value, wanted: &Wanted) -> Json {
        match value {
            Value::Leaf(leaf) => leaf,
            Value::Error(message) => json!(message),
            Value::List(items) => {
                let items = items.into_iter().map(|item| self.plain(item, wanted));
                Json::Array(items.collect())
            }
            Value::Object(object) => Json::Object(self.read_parts(&object, &wanted.below)),
        }
    }
}

/// The field set that a key is the answer to.
fn parts_of(key: &Map<String, Json>) -> Vec<Part> {
    let part = |(name, value): (&String, &Json)| {
        let value = match value {
            Json::Array(items) => items.first().unwrap_or(value),
            value => value,
        };
        Part::Field(Wanted {
            name: name.clone(),
            argument: None,
            below: value.as_object().map_or_else(Vec::new, parts_of),
        })
    };
    key.iter().map(part).collect()
}

impl Hashed {
    /// The value of a field, whoever asks.
    fn whole(&self, ask: &Ask<'_>) -> Value {
        let found = self.model.find(&ask.object.type_name);
        let found = found.and_then(|ty| {
            let field = ty.fields.iter().find(|field| field.name == ask.field)?;
            Some((ty, field))
        });
        let Some((ty, field)) = found else {
            return Value::Error(format!("no {}.{}", ask.object.type_name, ask.field));
        };
        if let Some(message) = self.never(ask, ty, field) {
            return Value::Error(message);
        }
        if ty.kind == Kind::Mutation {
            self.changes.make(field, ask.arguments);
        }
        if self.fails(ask) {
            return Value::Error("broken".into());
        }
        if !field.requires.is_empty() {
            return Value::Leaf(json!(self.required(ask, field).to_string()));
        }
        let mut arguments = ask.arguments.clone();
        for told in field.told.iter().filter(|_| ask.subgraph.is_none()) {
            let value = self.told_above(ask.object, told);
            arguments.insert(told.argument, value.into());
        }
        // To be told null is to be told nothing.
        arguments.retain(|name, value| name.as_str() == "x" || !value.is_null());
        let arguments: std::collections::BTreeMap<_, _> = arguments.iter().collect();
        let arguments = if arguments.is_empty() {
            String::new()
        } else {
            serde_json::to_string(&arguments).unwrap_or_default()
        };
        self.value(ty, field, ask.object, &arguments)
    }

    /// What the nearest object above tells.
    fn told_above(&self, object: &Object, told: &Told) -> Json {
        let Some(via) = &object.via else {
            return json!("MISSING");
        };
        let above = &via.0;
        let mut from = told.from.iter();
        match from.find(|(at, _)| self.model.types[*at].name == above.type_name) {
            Some((_, name)) => {
                let read = self.read_parts(above, &[Part::leaf(name)]);
                read.get(name).cloned().unwrap_or_default()
            }
            None => self.told_above(above, told),
        }
    }

    /// Whether the caller may see a field, as it is written.
    fn may_see(&self, caller: &Caller, ask: &Ask<'_>) -> bool {
        let types = &self.model.types;
        let ty = types.iter().find(|ty| ty.name == ask.object.type_name);
        let field = ty.and_then(|ty| ty.fields.iter().find(|field| field.name == ask.field));
        let (Some(ty), Some(field)) = (ty, field) else {
            return true;
        };
        let mut ways = ask.written_on.iter();
        let is_open = ask.written_on.is_empty()
            || ways.any(|on| {
                let face = types.iter().position(|face| face.name == *on);
                let face = face.filter(|face| types[*face].kind == Kind::Interface);
                face.is_none_or(|face| caller.may_see(&self.model.raised_guard(face, &field.name)))
            });
        is_open && caller.may_see(&self.model.guard_of(ty, field))
    }

    /// A value without the objects that the caller may not see.
    fn spare(&self, caller: &Caller, value: Value) -> Value {
        match value {
            Value::List(items) => {
                let items = items.into_iter().map(|item| self.spare(caller, item));
                Value::List(items.collect())
            }
            Value::Object(object) => {
                let ty = self.model.find(&object.type_name);
                if ty.is_none_or(|ty| caller.may_see(&ty.guard)) {
                    Value::Object(object)
                } else {
                    Value::Leaf(Json::Null)
                }
            }
            other => other,
        }
    }
}

impl Data for Hashed {
    fn field(&self, ask: &Ask<'_>) -> Value {
        let caller = self.caller.lock().expect("no panic").clone();
        if caller.held.is_none() {
            return self.whole(ask);
        }
        let may_see = self.may_see(&caller, ask);
        if let Some(subgraph) = ask.subgraph {
            if !may_see {
                let (ty, field, name) = (&ask.object.type_name, ask.field, &subgraph.name);
                let breach = format!("{ty}.{field} of {name}");
                self.breaches.lock().expect("no panic").insert(breach);
            }
            return self.whole(ask);
        }
        if may_see {
            self.spare(&caller, self.whole(ask))
        } else {
            Value::Leaf(Json::Null)
        }
    }

    fn find(&self, types: &[String], key: &Map<String, Json>) -> Option<Object> {
        for name in types {
            let type_at = self.model.types.iter().position(|ty| ty.name == *name)?;
            for id in 0..OBJECTS {
                let object = self.object(type_at, id, None);
                let parts = parts_of(key);
                if self.read_parts(&object, &parts) == *key {
                    return Some(object);
                }
            }
        }
        None
    }
}
