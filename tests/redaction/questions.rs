//! Queries made from a schema: for each type its leaves, and those of what its fields lead to.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    fmt::Write,
};

use apollo_compiler::{
    Name, Schema,
    ast::{FieldDefinition, InputValueDefinition},
    schema::ExtendedType,
    validation::Valid,
};

use crate::support::api;

/// Ids that arguments take.
pub(super) struct Ids {
    pub(super) situation: String,
    pub(super) cycle: String,
    pub(super) source: String,
}

/// Queries, with the types that they are of, and what no value is known for.
pub(super) struct Questions {
    schema: Valid<Schema>,
    ids: Ids,
    /// What leads from the root to a type.
    paths: BTreeMap<Name, Vec<String>>,
    pub(super) unasked: BTreeSet<String>,
}

impl Questions {
    pub(super) fn new(sdl: &str, ids: Ids) -> Self {
        let schema = Schema::parse_and_validate(sdl, "schema.graphql").unwrap();
        let mut questions = Self {
            schema,
            ids,
            paths: BTreeMap::new(),
            unasked: BTreeSet::new(),
        };
        questions.find_paths();
        questions
    }

    /// The shortest way to each object.
    fn find_paths(&mut self) {
        let root = Name::new("Query").unwrap();
        self.paths.insert(root.clone(), Vec::new());
        let mut waiting = VecDeque::from([root]);
        while let Some(at) = waiting.pop_front() {
            for field in api::fields(&self.schema, &at) {
                let Some(call) = self.call(&at, &field) else {
                    continue;
                };
                let inner = field.ty.inner_named_type().clone();
                // An id leads to one record, a list to all.
                let is_by_id = field.name == "currentReviewCycle"
                    || field.arguments.iter().any(|one| one.name == "id");
                let possible = (!is_by_id).then(|| self.possible(&inner));
                for object in possible.into_iter().flatten() {
                    if self.paths.contains_key(&object) {
                        continue;
                    }
                    let mut path = self.paths[&at].clone();
                    path.push(call.clone());
                    if object != inner {
                        path.push(format!("... on {object}"));
                    }
                    self.paths.insert(object.clone(), path);
                    waiting.push_back(object);
                }
            }
        }
    }

    /// One query for each type that can be reached.
    pub(super) fn of_each_type(&mut self) -> BTreeMap<String, String> {
        let types: Vec<_> = self.paths.keys().cloned().collect();
        let ask = |name: &Name| {
            let path = self.paths[name].clone();
            let mut query = path.iter().fold(String::from("{ "), |mut query, step| {
                write!(query, "{step} {{ ").unwrap();
                query
            });
            query.push_str(&self.leaves(name, ""));
            for field in api::fields(&self.schema, name) {
                let inner = field.ty.inner_named_type().clone();
                if let (Some(call), false) =
                    (self.call(name, &field), api::is_leaf(&self.schema, &inner))
                {
                    write!(query, "{call} {{ {} }} ", self.below(&inner)).unwrap();
                }
            }
            query.push_str(&"} ".repeat(path.len() + 1));
            (name.to_string(), query)
        };
        types.iter().map(ask).collect()
    }

    /// What `node` gives for an id.
    pub(super) fn of_node(&mut self, id: &str) -> String {
        let inner = Name::new("Node").unwrap();
        format!("{{ node(id: \"{id}\") {{ {} }} }}", self.below(&inner))
    }

    /// The leaves of whatever a field may lead to.
    fn below(&mut self, inner: &Name) -> String {
        let possible = self.possible(inner);
        if possible == [inner.clone()] {
            return self.leaves(inner, "");
        }
        possible
            .iter()
            .fold(String::from("__typename "), |mut text, object| {
                let leaves = self.leaves(object, &format!("{object}_"));
                write!(text, "... on {object} {{ {leaves} }} ").unwrap();
                text
            })
    }

    /// All leaves of an object; those with a choice of terms once for each term.
    fn leaves(&mut self, object: &Name, prefix: &str) -> String {
        let mut text = String::from("__typename ");
        for field in api::fields(&self.schema, object) {
            if !api::is_leaf(&self.schema, field.ty.inner_named_type()) {
                continue;
            }
            let Some(call) = self.call(object, &field) else {
                continue;
            };
            let alias = |more: &str| match (prefix, more) {
                ("", "") => String::new(),
                _ => format!("{prefix}{}{more}: ", field.name),
            };
            write!(text, "{}{call} ", alias("")).unwrap();
            for argument in &field.arguments {
                let inner = argument.ty.inner_named_type();
                if let Some(ExtendedType::Enum(terms)) = self.schema.types.get(inner) {
                    for term in terms.values.keys() {
                        let (alias, name) = (alias(&format!("_{term}")), &field.name);
                        write!(text, "{alias}{name}({}: {term}) ", argument.name).unwrap();
                    }
                }
            }
        }
        text
    }

    /// The objects that a value may be of.
    fn possible(&self, name: &Name) -> Vec<Name> {
        match self.schema.types.get(name) {
            Some(ExtendedType::Object(_)) => vec![name.clone()],
            Some(ExtendedType::Union(union)) => union
                .members
                .iter()
                .map(|member| member.name.clone())
                .collect(),
            Some(ExtendedType::Interface(_)) => api::implementers(&self.schema, name),
            _ => Vec::new(),
        }
    }

    /// The field with what it needs; none where it is not known what to give.
    fn call(&mut self, object: &Name, field: &FieldDefinition) -> Option<String> {
        let mut given = Vec::new();
        for argument in &field.arguments {
            if argument.is_required() || argument.name == "includeDelisted" {
                match self.value(object, field, argument) {
                    Some(value) => given.push(format!("{}: {value}", argument.name)),
                    None => {
                        self.unasked.insert(format!("{object}.{}", field.name));
                        return None;
                    }
                }
            }
        }
        let name = &field.name;
        let more = (!given.is_empty()).then(|| format!("({})", given.join(", ")));
        Some(format!("{name}{}", more.unwrap_or_default()))
    }

    fn value(
        &self,
        object: &Name,
        field: &FieldDefinition,
        argument: &InputValueDefinition,
    ) -> Option<String> {
        let range = |from: &str, to: &str| Some(format!("{{ from: \"{from}\", to: \"{to}\" }}"));
        let quoted = |text: &str| Some(format!("\"{text}\""));
        let inner = argument.ty.inner_named_type().as_str();
        match (object.as_str(), field.name.as_str(), inner) {
            (_, "casualties" | "crsv", "PeriodRange") => range("2025-01", "2026-12"),
            (_, name, "PeriodRange") if name.starts_with("published") => range("2021", "2026"),
            (_, _, "PeriodRange") => range("2025-Q1", "2026-Q4"),
            ("Query", "situation" | "node", "ID") => quoted(&self.ids.situation),
            ("Query", "reviewCycle", "ID") | ("Situation", "changes", "ID") => {
                quoted(&self.ids.cycle)
            }
            ("Query", "source", "String") => quoted(&self.ids.source),
            (_, _, "Boolean") => Some("true".to_owned()),
            (_, _, "Date") => quoted("2026-11-01"),
            _ if argument.name == "text" => quoted(&super::marks::mark("literal-of-text")),
            _ => None,
        }
    }
}
