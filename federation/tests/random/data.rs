//! Data as a pure function of who is asked for what. Who must not be asked says NEVER.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use serde_json::{Map, Value as Json, json};

use crate::{
    emit::externals,
    model::{Base, ENUM_VALUES, Field, Kind, Model, OBJECTS, TypeDef},
    oracle::value::{Ask, Data, Object, Value},
    rng::hash,
};

/// The data of a graph.
pub(crate) struct Hashed {
    model: Arc<Model>,
    /// Not zero: subgraphs fail at some fields.
    failing: AtomicU64,
}

impl Hashed {
    pub(crate) fn new(model: &Model) -> Self {
        Self {
            model: Arc::new(model.clone()),
            failing: AtomicU64::new(0),
        }
    }

    /// Lets subgraphs fail at some fields, others for another number; at none for zero.
    pub(crate) fn set_failing(&self, number: u64) {
        self.failing.store(number, Ordering::Relaxed);
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

    fn object(&self, type_at: usize, id: u64, via: Option<(String, String)>) -> Object {
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
        if field.overridden_in == Some(subgraph) {
            return Some(format!("NEVER: {coordinate} is overridden"));
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
        if is_lender && (field.name == "id" || field.is_lent && field.homes.contains(&subgraph)) {
            return None;
        }
        if !externals(&self.model, subgraph, type_at).contains(&field.name) {
            return Some(format!("NEVER: {coordinate} is not there"));
        }
        let is_given = ask.object.via.as_ref().is_some_and(|(parent, through)| {
            let parent = self.model.find(parent);
            let fields = parent.into_iter().flat_map(|parent| &parent.fields);
            let mut fields = fields.filter(|field| field.name == *through);
            fields.any(|through| {
                let given = through.provides.get(&subgraph);
                given.is_some_and(|given| given.contains(&field.name))
            })
        });
        (!is_given).then(|| format!("NEVER: {coordinate} is external"))
    }

    fn value(&self, ty: &TypeDef, field: &Field, object: &Object, arguments: &str) -> Value {
        let id = object.id.as_u64().unwrap_or(0);
        if field.is_key() {
            return self.key_value(ty, field, id);
        }
        let seed = format!("{}/{}/{id}/{arguments}", ty.name, field.name);
        let via = Some((ty.name.clone(), field.name.clone()));
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

    fn single(
        &self,
        field: &Field,
        possible: &[usize],
        number: u64,
        via: Option<(String, String)>,
    ) -> Value {
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

    fn key_value(&self, ty: &TypeDef, field: &Field, id: u64) -> Value {
        Value::Leaf(match (field.ty.base, field.name.as_str()) {
            (Base::Type(other), _) => {
                let via = Some((ty.name.clone(), field.name.clone()));
                return Value::Object(self.object(other, id, via));
            }
            (_, "id") => json!(format!("{}-{id}", ty.name)),
            (_, "number") => json!(id),
            (_, "area") => json!("area"),
            _ => json!(format!("c{id}")),
        })
    }

    /// What a field is made of: as a subgraph was told, or as it is.
    fn required(&self, ask: &Ask<'_>, ty: &TypeDef, field: &Field) -> Json {
        let parts = field.requires.iter().map(|(name, below)| {
            if ask.subgraph.is_some() {
                let said = ask.object.representation.as_ref();
                let said = said.and_then(|said| said.get(name)).cloned();
                return without_typename(said.unwrap_or(json!("MISSING")));
            }
            let other = ty.fields.iter().find(|field| field.name == *name);
            other.map_or(Json::Null, |other| self.read(ty, other, ask.object, below))
        });
        Json::Array(parts.collect())
    }

    fn read(&self, ty: &TypeDef, field: &Field, object: &Object, below: &[String]) -> Json {
        let value = if field.requires.is_empty() {
            self.value(ty, field, object, "")
        } else {
            let ask = Ask {
                subgraph: None,
                object,
                field: &field.name,
                arguments: &apollo_compiler::response::JsonMap::new(),
            };
            self.field(&ask)
        };
        self.plain(value, below)
    }

    fn plain(&self, value: Value, below: &[String]) -> Json {
        match value {
            Value::Leaf(leaf) => leaf,
            Value::Error(message) => json!(message),
            Value::List(items) => Json::Array(
                items
                    .into_iter()
                    .map(|item| self.plain(item, below))
                    .collect(),
            ),
            Value::Object(object) => {
                let ty = self.model.find(&object.type_name);
                let fields = ty
                    .into_iter()
                    .flat_map(|ty| ty.fields.iter().map(move |f| (ty, f)));
                let wanted = fields.filter(|(_, field)| below.contains(&field.name));
                let members = wanted
                    .map(|(ty, field)| (field.name.clone(), self.read(ty, field, &object, &[])));
                Json::Object(members.collect())
            }
        }
    }
}

fn without_typename(value: Json) -> Json {
    match value {
        Json::Object(fields) => fields
            .into_iter()
            .filter(|(name, _)| name != "__typename")
            .map(|(name, value)| (name, without_typename(value)))
            .collect(),
        Json::Array(items) => items.into_iter().map(without_typename).collect(),
        leaf => leaf,
    }
}

impl Data for Hashed {
    fn field(&self, ask: &Ask<'_>) -> Value {
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
        if self.fails(ask) {
            return Value::Error("broken".into());
        }
        if !field.requires.is_empty() {
            return Value::Leaf(json!(self.required(ask, ty, field).to_string()));
        }
        let arguments = serde_json::to_string(ask.arguments).unwrap_or_default();
        let arguments = if ask.arguments.is_empty() {
            String::new()
        } else {
            arguments
        };
        self.value(ty, field, ask.object, &arguments)
    }

    fn find(&self, types: &[String], key: &Map<String, Json>) -> Option<Object> {
        for name in types {
            let type_at = self.model.types.iter().position(|ty| ty.name == *name)?;
            for id in 0..OBJECTS {
                let object = self.object(type_at, id, None);
                let ty = &self.model.types[type_at];
                let is_found = key.iter().all(|(name, wanted)| {
                    let field = ty.fields.iter().find(|field| field.name == *name);
                    let below: Vec<String> = match wanted {
                        Json::Object(fields) => fields.keys().cloned().collect(),
                        _ => Vec::new(),
                    };
                    let is_same = |field| self.read(ty, field, &object, &below) == *wanted;
                    field.is_some_and(is_same)
                });
                if is_found {
                    return Some(object);
                }
            }
        }
        None
    }
}
