//! Adds `__Type.isOneOf`, which the library that answers introspection does not know. In: a
//! document. Out: the document with the type's `name` in place of `isOneOf`; and in the answer,
//! each such name replaced by whether the type is `@oneOf`.

use std::borrow::Cow;

use apollo_compiler::{
    ExecutableDocument, Name, Node, Schema,
    ast::{DirectiveList, FieldDefinition},
    collections::{IndexMap, IndexSet},
    executable::{Field, Operation, Selection, SelectionSet},
    name,
    response::{JsonMap, JsonValue},
    schema::ExtendedType,
    ty,
    validation::Valid,
};

const IS_ONE_OF: Name = name!("isOneOf");

/// A document and one of its operations with names in place of `isOneOf`.
pub(crate) type Asked<'d> = (Cow<'d, Valid<ExecutableDocument>>, Cow<'d, Operation>);

/// Asks for the names of types where `isOneOf` is asked for.
pub(crate) fn ask_for_names<'d>(
    document: &'d Valid<ExecutableDocument>,
    operation: &'d Operation,
) -> Asked<'d> {
    let mut fragments = document.fragments.values();
    let is_asked =
        has(&operation.selection_set) || fragments.any(|fragment| has(&fragment.selection_set));
    if !is_asked {
        return (Cow::Borrowed(document), Cow::Borrowed(operation));
    }
    let mut document = ExecutableDocument::clone(document);
    for fragment in document.fragments.values_mut() {
        replace(&mut fragment.make_mut().selection_set);
    }
    let mut operation = operation.clone();
    replace(&mut operation.selection_set);
    let document = Valid::assume_valid(document);
    (Cow::Owned(document), Cow::Owned(operation))
}

fn has(set: &SelectionSet) -> bool {
    set.selections.iter().any(|selection| match selection {
        Selection::Field(field) => {
            set.ty == "__Type" && field.name == IS_ONE_OF || has(&field.selection_set)
        }
        Selection::InlineFragment(fragment) => has(&fragment.selection_set),
        Selection::FragmentSpread(_) => false,
    })
}

fn replace(set: &mut SelectionSet) {
    let is_type = set.ty == "__Type";
    for selection in &mut set.selections {
        match selection {
            Selection::Field(field) if is_type && field.name == IS_ONE_OF => {
                let field = field.make_mut();
                let key = field.response_key().clone();
                field.alias = Some(key);
                field.name = name!("name");
                field.definition = Node::new(FieldDefinition {
                    description: None,
                    name: name!("name"),
                    arguments: Vec::new(),
                    ty: ty!(String),
                    directives: DirectiveList::default(),
                });
            }
            Selection::Field(field) => {
                if !field.selection_set.selections.is_empty() {
                    replace(&mut field.make_mut().selection_set);
                }
            }
            Selection::InlineFragment(fragment) => {
                replace(&mut fragment.make_mut().selection_set);
            }
            Selection::FragmentSpread(_) => {}
        }
    }
}

type Fields<'s> = IndexMap<&'s Name, Vec<&'s Field>>;

/// Replaces names in an answer by whether the types are `@oneOf`, where the document asked for
/// that.
pub(crate) struct Answering<'a> {
    pub(crate) api_schema: &'a Schema,
    pub(crate) document: &'a ExecutableDocument,
}

impl Answering<'_> {
    /// Fields under one name are looked at together, and a fragment once, as when executing.
    pub(crate) fn object(&self, sets: &[&SelectionSet], object: &mut JsonMap) {
        let mut fields: Fields<'_> = IndexMap::default();
        let mut spread: IndexSet<&Name> = IndexSet::default();
        for set in sets {
            self.collect(set, &mut fields, &mut spread);
        }
        for (key, fields) in fields {
            let Some(value) = object.get_mut(key.as_str()) else {
                continue;
            };
            if fields.iter().any(|field| field.name == IS_ONE_OF) {
                self.name(value);
            } else {
                let below: Vec<_> = fields.iter().map(|field| &field.selection_set).collect();
                self.value(&below, value);
            }
        }
    }

    fn collect<'s>(
        &'s self,
        set: &'s SelectionSet,
        fields: &mut Fields<'s>,
        spread: &mut IndexSet<&'s Name>,
    ) {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => {
                    fields.entry(field.response_key()).or_default().push(field);
                }
                Selection::InlineFragment(fragment) => {
                    self.collect(&fragment.selection_set, fields, spread);
                }
                Selection::FragmentSpread(one) => {
                    if let Some(fragment) = self.document.fragments.get(&one.fragment_name)
                        && spread.insert(&one.fragment_name)
                    {
                        self.collect(&fragment.selection_set, fields, spread);
                    }
                }
            }
        }
    }

    fn value(&self, sets: &[&SelectionSet], value: &mut JsonValue) {
        match value {
            JsonValue::Object(object) => self.object(sets, object),
            JsonValue::Array(items) => items.iter_mut().for_each(|item| self.value(sets, item)),
            _ => {}
        }
    }

    /// Null for types that are no input objects; a value that was replaced already is left alone.
    fn name(&self, value: &mut JsonValue) {
        if let JsonValue::String(name) = value {
            *value = match self.api_schema.types.get(name.as_str()) {
                Some(ExtendedType::InputObject(input)) => input.directives.has("oneOf").into(),
                _ => JsonValue::Null,
            };
        }
    }
}
