//! Objects and values as data gives them, and how a schema reads them.

use apollo_compiler::{
    resolvers::{FieldError, ObjectValue, ResolveInfo, ResolvedValue},
    response::JsonMap,
    schema::ExtendedType,
};
use serde_json::{Map, Value as Json};

use std::sync::Arc;

use super::subgraph::Subgraph;

/// An object: its concrete type in the whole graph, what identifies it to the data, and what a
/// representation said of it.
#[derive(Clone, Debug)]
pub(crate) struct Object {
    pub(crate) type_name: String,
    pub(crate) id: Json,
    pub(crate) representation: Option<Map<String, Json>>,
    /// The object and the field it was reached by, for data that asks.
    pub(crate) via: Option<Arc<(Object, String)>>,
}

/// A value of a field.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Leaf(Json),
    Object(Object),
    List(Vec<Value>),
    Error(String),
}

/// What is asked of the data.
pub(crate) struct Ask<'a> {
    pub(crate) subgraph: Option<&'a Subgraph>,
    pub(crate) object: &'a Object,
    pub(crate) field: &'a str,
    pub(crate) arguments: &'a JsonMap,
    /// The types that the field is asked for on, where one schema is asked.
    pub(crate) written_on: &'a [String],
}

/// Data of the whole graph.
pub(crate) trait Data: Send + Sync {
    /// The value of a field.
    fn field(&self, ask: &Ask<'_>) -> Value;

    /// The entity that has these key fields, among objects of these types.
    fn find(&self, types: &[String], key: &Map<String, Json>) -> Option<Object>;
}

/// Reads an object with the eyes of one schema.
pub(crate) struct Resolver<'d> {
    data: &'d dyn Data,
    subgraph: Option<&'d Subgraph>,
    object: Object,
    /// The object's type in that schema: an interface's name for an interface object.
    local_type: String,
}

impl<'d> Resolver<'d> {
    pub(crate) fn root(
        data: &'d dyn Data,
        subgraph: Option<&'d Subgraph>,
        local_type: &str,
    ) -> Self {
        let type_name = subgraph.map_or(local_type, |subgraph| subgraph.merged_name(local_type));
        Self {
            data,
            subgraph,
            object: Object {
                type_name: type_name.to_owned(),
                id: Json::Null,
                representation: None,
                via: None,
            },
            local_type: local_type.to_owned(),
        }
    }

    fn resolve<'a>(&'a self, value: Value, declared: &str, info: &ResolveInfo<'_>) -> Resolved<'a> {
        match value {
            Value::Leaf(leaf) => {
                let leaf = serde_json::from_value(leaf).expect("JSON is JSON");
                Ok(ResolvedValue::Leaf(leaf))
            }
            Value::Error(message) => Err(FieldError { message }),
            Value::List(items) => {
                let items: Vec<Resolved<'a>> = items
                    .into_iter()
                    .map(|item| self.resolve(item, declared, info))
                    .collect();
                Ok(ResolvedValue::List(Box::new(items.into_iter())))
            }
            Value::Object(object) => {
                let is_object = matches!(
                    info.schema().types.get(declared),
                    Some(ExtendedType::Object(_))
                );
                let local_type = if is_object {
                    declared.to_owned()
                } else {
                    object.type_name.clone()
                };
                Ok(ResolvedValue::object(Resolver {
                    data: self.data,
                    subgraph: self.subgraph,
                    object,
                    local_type,
                }))
            }
        }
    }

    fn written_on(&self, info: &ResolveInfo<'_>) -> Vec<String> {
        let types = &info.schema().types;
        let Some(ExtendedType::Object(own)) = types.get(self.local_type.as_str()) else {
            return Vec::new();
        };
        let all = own.implements_interfaces.iter().map(|it| &it.name);
        let all = all.chain([&own.name]).filter(|name| {
            let field = match types.get(name.as_str()) {
                Some(ExtendedType::Object(object)) => object.fields.get(info.field_name()),
                Some(ExtendedType::Interface(interface)) => interface.fields.get(info.field_name()),
                _ => None,
            };
            let mut selections = info.field_selections().iter();
            field.is_some_and(|field| selections.any(|it| it.definition.ptr_eq(&field.node)))
        });
        all.map(ToString::to_string).collect()
    }

    fn entities<'a>(&'a self, subgraph: &'a Subgraph, info: &ResolveInfo<'_>) -> Resolved<'a> {
        let representations = info.arguments().get("representations").cloned();
        let representations: Vec<Map<String, Json>> = serde_json::from_value(
            serde_json::to_value(representations).expect("JSON"),
        )
        .map_err(|error| FieldError {
            message: error.to_string(),
        })?;
        let mut items = Vec::new();
        for representation in representations {
            let local_type = representation.get("__typename").and_then(Json::as_str);
            let local_type = local_type.unwrap_or_default().to_owned();
            let found = subgraph
                .find(self.data, &local_type, representation)
                .map_err(|message| FieldError { message })?;
            items.push(Ok(match found {
                None => ResolvedValue::null(),
                Some(object) => ResolvedValue::object(Resolver {
                    data: self.data,
                    subgraph: self.subgraph,
                    local_type: subgraph.local_type(&local_type, &object),
                    object,
                }),
            }));
        }
        Ok(ResolvedValue::List(Box::new(items.into_iter())))
    }
}

type Resolved<'a> = Result<ResolvedValue<'a>, FieldError>;

impl ObjectValue for Resolver<'_> {
    fn type_name(&self) -> &str {
        &self.local_type
    }

    fn resolve_field<'a>(&'a self, info: &'a ResolveInfo<'a>) -> Resolved<'a> {
        if let (Some(subgraph), "_entities") = (self.subgraph, info.field_name()) {
            return self.entities(subgraph, info);
        }
        let written_on = match self.subgraph {
            Some(_) => Vec::new(),
            None => self.written_on(info),
        };
        let value = self.data.field(&Ask {
            subgraph: self.subgraph,
            object: &self.object,
            field: info.field_name(),
            arguments: info.arguments(),
            written_on: &written_on,
        });
        let declared = info.field_definition().ty.inner_named_type();
        self.resolve(value, declared, info)
    }
}
