//! Asks an embedded source for the id of every record, beside what the plan asks, and collects the ids
//! from the answer: who saw a record has to be known whether the client asked for its id or not.

use std::sync::Arc;

use apollo_compiler::{Schema, schema::ExtendedType};
use async_graphql::{
    Name, Pos, Positioned, Response, Value,
    parser::types::{
        DocumentOperations, ExecutableDocument, Field, OperationType, Selection, SelectionSet,
    },
};
use indexmap::{IndexMap, IndexSet};

use super::private_names;
use crate::sources::RECORD_LEVELS;

/// The field that identifies a record.
const ID: &str = "id";
/// The fields of a page that hold its rows, and where it stands.
const ROWS: &str = "nodes";
const PAGE: &str = "pageInfo";

/// The types of a source, as far as they lead to records.
#[derive(Clone, Debug, Default)]
pub(super) struct RecordTypes {
    /// The type of each field, by type and name.
    fields: Arc<IndexMap<String, IndexMap<String, String>>>,
    query: String,
    mutation: String,
}

/// The records that sources returned.
#[derive(Debug, Default)]
pub struct RecordsReached {
    /// Their ids.
    pub ids: IndexSet<String>,
}

impl RecordTypes {
    /// Those of a source's SDL.
    pub(super) fn read(sdl: &str) -> Self {
        // The SDL uses directives of federation without defining them, which only validation minds.
        let schema = Schema::parse(sdl, "source.graphql").unwrap_or_else(|partial| partial.partial);
        let root = |kind| schema.root_operation(kind).map(ToString::to_string);
        let mut fields = IndexMap::new();
        for (name, ty) in &schema.types {
            let declared = match ty {
                ExtendedType::Object(object) => &object.fields,
                ExtendedType::Interface(interface) => &interface.fields,
                _ => continue,
            };
            let declared = declared.iter().map(|(field, definition)| {
                let named = definition.ty.inner_named_type();
                (field.to_string(), named.to_string())
            });
            fields.insert(name.to_string(), declared.collect());
        }
        Self {
            fields: Arc::new(fields),
            query: root(apollo_compiler::ast::OperationType::Query).unwrap_or_default(),
            mutation: root(apollo_compiler::ast::OperationType::Mutation).unwrap_or_default(),
        }
    }

    /// Adds the id to the selection of every record.
    pub(super) fn ask_for_ids(&self, document: &mut ExecutableDocument) {
        let operations: Vec<_> = match &mut document.operations {
            DocumentOperations::Single(operation) => vec![operation],
            DocumentOperations::Multiple(operations) => operations.values_mut().collect(),
        };
        for operation in operations {
            let root = match operation.node.ty {
                OperationType::Mutation => &self.mutation,
                _ => &self.query,
            };
            self.below(root, &mut operation.node.selection_set.node);
        }
        for fragment in document.fragments.values_mut() {
            let on = fragment.node.type_condition.node.on.node.to_string();
            self.below(&on, &mut fragment.node.selection_set.node);
        }
    }

    /// Recursion is bounded: documents of plans have a depth limit.
    fn below(&self, parent: &str, selections: &mut SelectionSet) {
        for selection in &mut selections.items {
            match &mut selection.node {
                Selection::Field(field) => {
                    let field = &mut field.node;
                    let declared = self.fields.get(parent);
                    let named = declared.and_then(|fields| fields.get(field.name.node.as_str()));
                    // Of `_entities` the fragments below say the type.
                    let named = named.cloned().unwrap_or_default();
                    if field.selection_set.node.items.is_empty() {
                        continue;
                    }
                    self.below(&named, &mut field.selection_set.node);
                }
                Selection::InlineFragment(fragment) => {
                    let condition = fragment.node.type_condition.as_ref();
                    let on = condition.map_or_else(
                        || parent.to_owned(),
                        |condition| condition.node.on.node.to_string(),
                    );
                    self.below(&on, &mut fragment.node.selection_set.node);
                }
                Selection::FragmentSpread(_) => {}
            }
        }
        if selections.items.is_empty() {
            return;
        }
        if self.is_record(parent) {
            selections.items.push(Positioned::new(id(), Pos::default()));
        } else if let Some(rows) = self.rows_of_page(parent) {
            selections.items.push(Positioned::new(rows, Pos::default()));
        }
    }

    fn is_record(&self, name: &str) -> bool {
        let id = self.fields.get(name).and_then(|fields| fields.get(ID));
        id.is_some_and(|named| named == "ID")
    }

    /// The rows of a page, whatever is asked of it: its cursors and its length tell of them, too.
    fn rows_of_page(&self, name: &str) -> Option<Selection> {
        let fields = self.fields.get(name)?;
        let row = fields.get(ROWS).filter(|_| fields.contains_key(PAGE))?;
        let items = vec![Positioned::new(id(), Pos::default())];
        let rows = selected(&private_names::ROWS, ROWS, items);
        self.is_record(row).then_some(rows)
    }
}

fn id() -> Selection {
    selected(&private_names::RECORD_ID, ID, Vec::new())
}

fn selected(alias: &Name, name: &str, items: Vec<Positioned<Selection>>) -> Selection {
    let field = Field {
        alias: Some(Positioned::new(alias.clone(), Pos::default())),
        name: Positioned::new(Name::new(name), Pos::default()),
        arguments: Vec::new(),
        directives: Vec::new(),
        selection_set: Positioned::new(SelectionSet { items }, Pos::default()),
    };
    Selection::Field(Positioned::new(field, Pos::default()))
}

impl RecordTypes {
    /// Collects the records in an answer; each id once.
    /// Adds the ids of records whose levels a source noted, among them what an answer holds as JSON.
    pub(super) fn collect_noted(response: &Response, reached: &mut RecordsReached) {
        let Some(Value::Object(by_owner)) = response.extensions.get(RECORD_LEVELS) else {
            return;
        };
        for levels in by_owner.values() {
            let Value::Object(levels) = levels else {
                continue;
            };
            let ids = levels.keys().filter(|id| is_id(id));
            reached.ids.extend(ids.map(ToString::to_string));
        }
    }

    pub(super) fn collect(value: &Value, reached: &mut RecordsReached) {
        match value {
            Value::Object(members) => {
                if let Some(Value::String(id)) = members.get(&*private_names::RECORD_ID)
                    && !reached.ids.contains(id)
                {
                    reached.ids.insert(id.clone());
                }
                members
                    .values()
                    .for_each(|value| Self::collect(value, reached));
            }
            Value::List(items) => items.iter().for_each(|item| Self::collect(item, reached)),
            _ => {}
        }
    }
}

/// Whether a key that a level was noted for has the form of an id: `sit_` and sixteen letters and digits.
fn is_id(key: &str) -> bool {
    key.split_once('_').is_some_and(|(prefix, rest)| {
        let is_small = |text: &str| {
            text.bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        };
        prefix.len() == 3 && rest.len() == 16 && is_small(prefix) && is_small(rest)
    })
}

#[cfg(test)]
mod tests {
    use async_graphql::{parser::parse_query, value};

    use super::*;

    const SDL: &str = "type Query { situation(id: ID!): Situation figures: [Figure!] node: Node } \
                       interface Node { id: ID! } \
                       type Situation implements Node @key(fields: \"id\") { id: ID! title: String figures: [Figure!]! parent: Situation } \
                       type Figure { count: Int of: Situation }";

    /// The document with an id wherever there is one.
    fn asked(query: &str) -> Vec<String> {
        let mut document = parse_query(query).unwrap();
        RecordTypes::read(SDL).ask_for_ids(&mut document);
        let mut paths = Vec::new();
        let DocumentOperations::Single(operation) = &document.operations else {
            panic!("one operation");
        };
        walk(&operation.node.selection_set.node, "", &mut paths);
        paths
    }

    fn walk(selections: &SelectionSet, path: &str, paths: &mut Vec<String>) {
        for selection in &selections.items {
            match &selection.node {
                Selection::Field(field) => {
                    let name = field.node.response_key().node.as_str();
                    if name == private_names::RECORD_ID.as_str() {
                        paths.push(path.to_owned());
                    }
                    let path = format!("{path}/{name}");
                    walk(&field.node.selection_set.node, &path, paths);
                }
                Selection::InlineFragment(fragment) => {
                    walk(&fragment.node.selection_set.node, path, paths);
                }
                Selection::FragmentSpread(_) => {}
            }
        }
    }

    #[test]
    fn the_id_of_each_record_is_asked_for() {
        assert_eq!(
            asked(
                "{ s: situation(id: 1) { title parent { title } figures { count of { title } } } }"
            ),
            ["/s/parent", "/s/figures/of", "/s"]
        );
        assert_eq!(asked("{ figures { count } }"), Vec::<String>::new());
        assert_eq!(
            asked(
                "query($r: [_Any!]!) { _entities(representations: $r) { ... on Situation { title } } }"
            ),
            ["/_entities"]
        );
        assert_eq!(asked("{ node { __typename } }"), ["/node"]);
    }

    #[test]
    fn records_are_collected_once_and_by_the_names_of_this_process() {
        let object = |ty: &str, id: &str| {
            let mut members = IndexMap::new();
            members.insert(private_names::TYPE.clone(), Value::from(ty));
            members.insert(private_names::RECORD_ID.clone(), Value::from(id));
            members.insert(Name::new("__upfront_id"), Value::from("forged"));
            Value::Object(members)
        };
        let mut reached = RecordsReached::default();
        let twice = vec![object("Situation", "sit_1"), object("Situation", "sit_1")];
        RecordTypes::collect(&Value::List(twice), &mut reached);
        RecordTypes::collect(&value!({ "__upfront_id": "forged" }), &mut reached);
        assert_eq!(reached.ids.iter().collect::<Vec<_>>(), ["sit_1"]);
    }
}
