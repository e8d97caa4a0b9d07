//! A subgraph in memory: its own schema with `_entities`, over the data of the whole graph.

use std::sync::Arc;

use apollo_compiler::{
    Name, Node, Schema,
    ast::{self, FieldDefinition, InputValueDefinition, OperationType, Type},
    schema::{Component, ComponentName, DirectiveList, ExtendedType, ScalarType, UnionType},
    validation::Valid,
};
use federation::subgraph::{Subgraph as Understood, SubgraphInput};
use serde_json::{Map, Value as Json};

use super::{
    execute,
    value::{Data, Object},
};

/// A subgraph that answers.
pub(crate) struct Subgraph {
    pub(crate) name: String,
    understood: Understood,
    schema: Valid<Schema>,
    whole: Arc<Valid<Schema>>,
    data: Arc<dyn Data>,
}

fn name(text: &str) -> Name {
    Name::new(text).expect("a name")
}

impl Subgraph {
    pub(crate) fn read_all(
        inputs: &[SubgraphInput],
        whole: &Arc<Valid<Schema>>,
        data: &Arc<dyn Data>,
    ) -> Result<Vec<Self>, String> {
        let (understood, diagnostics) = Understood::read_all(inputs);
        let understood = understood.ok_or_else(|| format!("{diagnostics:?}"))?;
        let subgraph = |understood: Understood| Self {
            name: understood.name.clone(),
            schema: executable(&understood),
            understood,
            whole: Arc::clone(whole),
            data: Arc::clone(data),
        };
        Ok(understood.into_iter().map(subgraph).collect())
    }

    /// Answers a document.
    pub(crate) fn answer(&self, document: &str, variables: &Json) -> String {
        execute(&self.schema, document, variables, &*self.data, Some(self))
    }

    /// The name of a type in the whole graph.
    pub(crate) fn merged_name<'a>(&'a self, local: &'a str) -> &'a str {
        self.understood.merged_type_name(local)
    }

    /// The type of an entity as this subgraph sees it, when asked for under a name.
    pub(crate) fn local_type(&self, asked: &str, object: &Object) -> String {
        match self.schema.types.get(asked) {
            Some(ExtendedType::Interface(_)) => object.type_name.clone(),
            _ => asked.to_owned(),
        }
    }

    /// Whether part of a key is null where its type here forbids it.
    fn forbids_null(&self, type_name: &str, key: &Json) -> bool {
        let fields = key.as_object().into_iter().flatten();
        let mut known = fields.filter_map(|(name, value)| {
            let field = self.schema.type_field(type_name, name).ok()?;
            Some((&field.ty, value))
        });
        known.any(|(ty, value)| {
            let is_forbidden = value.is_null() && ty.is_non_null();
            is_forbidden || self.forbids_null(ty.inner_named_type(), value)
        })
    }

    /// Finds an entity by its representation, as strictly as real subgraphs do.
    pub(crate) fn find(
        &self,
        data: &dyn Data,
        type_name: &str,
        representation: Map<String, Json>,
    ) -> Result<Option<Object>, String> {
        let definition = self.schema.types.get(type_name);
        let definition = definition.ok_or_else(|| format!("no type `{type_name}` here"))?;
        let keys = definition.directives().get_all("key");
        for key in keys {
            let fields = key.specified_argument_by_name("fields");
            let is_resolvable = key
                .specified_argument_by_name("resolvable")
                .is_none_or(|value| value.to_bool() != Some(false));
            let Some(fields) = fields.and_then(|value| value.as_str()) else {
                continue;
            };
            let wanted = parse_key(fields);
            if let Some(key) = pick(&wanted, &representation).filter(|_| is_resolvable) {
                let asked = Json::Object(key.clone());
                let is_nobody = holds(&asked, true) && !holds(&asked, false);
                if is_nobody || self.forbids_null(type_name, &asked) {
                    return Err(format!("null in the key of {representation:?}"));
                }
                let found = data.find(&self.possible(type_name), &key);
                return Ok(found.map(|object| Object {
                    representation: Some(representation),
                    ..object
                }));
            }
        }
        Err(format!("no key of `{type_name}` is in {representation:?}"))
    }

    /// Object types of the whole graph that a name here stands for.
    fn possible(&self, type_name: &str) -> Vec<String> {
        match self.whole.types.get(type_name) {
            Some(ExtendedType::Interface(_)) => {
                let map = self.whole.implementers_map();
                let implementers = map.get(type_name);
                let objects = implementers.into_iter().flat_map(|all| all.objects.iter());
                objects.map(ToString::to_string).collect()
            }
            _ => vec![type_name.to_owned()],
        }
    }
}

/// Whether a key holds a null, or something else.
fn holds(value: &Json, null: bool) -> bool {
    match value {
        Json::Object(fields) => fields.values().any(|value| holds(value, null)),
        leaf => leaf.is_null() == null,
    }
}

/// The names of a key with what is below them.
#[derive(Debug, Default)]
pub(crate) struct KeyTree(Vec<(String, KeyTree)>);

pub(crate) fn parse_key(text: &str) -> KeyTree {
    let spaced = text.replace('{', " { ").replace('}', " } ");
    let mut stack = vec![KeyTree::default()];
    for word in spaced.split_whitespace() {
        match word {
            "{" => stack.push(KeyTree::default()),
            "}" => {
                let inner = stack.pop().expect("balanced");
                let outer = stack.last_mut().expect("balanced");
                outer.0.last_mut().expect("a field").1 = inner;
            }
            field => {
                let top = stack.last_mut().expect("balanced");
                top.0.push((field.to_owned(), KeyTree::default()));
            }
        }
    }
    stack.pop().expect("balanced")
}

fn pick(tree: &KeyTree, from: &Map<String, Json>) -> Option<Map<String, Json>> {
    let mut picked = Map::new();
    for (field, below) in &tree.0 {
        let value = from.get(field)?;
        picked.insert(field.clone(), pick_value(below, value)?);
    }
    Some(picked)
}

fn pick_value(below: &KeyTree, value: &Json) -> Option<Json> {
    match value {
        Json::Object(fields) if !below.0.is_empty() => pick(below, fields).map(Json::Object),
        Json::Array(items) if !below.0.is_empty() => {
            items.iter().map(|item| pick_value(below, item)).collect()
        }
        other => Some(other.clone()),
    }
}

/// The schema as the subgraph's server would have it.
fn executable(subgraph: &Understood) -> Valid<Schema> {
    let mut schema = subgraph.schema.clone();
    let keyed: Vec<Name> = schema
        .types
        .iter()
        .filter(|(_, definition)| definition.directives().has("key"))
        .flat_map(|(name, _)| subgraph.possible_types(name))
        .collect();
    let any = ScalarType {
        description: None,
        name: name("_Any"),
        directives: DirectiveList::default(),
    };
    schema
        .types
        .insert(name("_Any"), ExtendedType::Scalar(Node::new(any)));
    let query = schema
        .root_operation(OperationType::Query)
        .cloned()
        .unwrap_or_else(|| {
            let definition = schema.schema_definition.make_mut();
            definition.query = Some(ComponentName::from(name("Query")));
            name("Query")
        });
    if !schema.types.contains_key(&query) {
        let text = format!("type {query} {{ _none: Int }}");
        let other = Schema::parse(text, "query.graphql").expect("a schema");
        schema
            .types
            .insert(query.clone(), other.types[&query].clone());
    }
    if !keyed.is_empty() {
        let union_ = UnionType {
            description: None,
            name: name("_Entity"),
            directives: DirectiveList::default(),
            members: keyed.into_iter().map(ComponentName::from).collect(),
        };
        schema
            .types
            .insert(name("_Entity"), ExtendedType::Union(Node::new(union_)));
        let argument = InputValueDefinition {
            description: None,
            name: name("representations"),
            ty: Node::new(Type::NonNullNamed(name("_Any")).list().non_null()),
            default_value: None,
            directives: ast::DirectiveList::default(),
        };
        let field = FieldDefinition {
            description: None,
            name: name("_entities"),
            arguments: vec![Node::new(argument)],
            ty: Type::Named(name("_Entity")).list().non_null(),
            directives: ast::DirectiveList::default(),
        };
        if let Some(ExtendedType::Object(object)) = schema.types.get_mut(&query) {
            let fields = &mut object.make_mut().fields;
            fields.insert(field.name.clone(), Component::new(field));
        }
    }
    Valid::assume_valid(schema)
}
