//! Whether an answer has the shape its operation asks for, by the API schema alone.

use apollo_compiler::{
    ExecutableDocument, Name, Schema,
    executable::{Field, Selection, SelectionSet},
    schema::{ExtendedType, Type},
};
use serde_json::Value;

/// Panics where `data` is not what `document` asks for.
pub(crate) fn check(schema: &Schema, document: &ExecutableDocument, data: &Value) {
    if data.is_null() {
        return;
    }
    let operation = document.operations.get(None).expect("one operation");
    Checker { schema, document }.object(&[&operation.selection_set], data, "");
}

struct Checker<'a> {
    schema: &'a Schema,
    document: &'a ExecutableDocument,
}

impl<'a> Checker<'a> {
    /// Every operation asks for `__typename` where its object's type may differ.
    fn object(&self, sets: &[&'a SelectionSet], value: &Value, path: &str) {
        let object = value.as_object().unwrap_or_else(|| panic!("{path}: no object: {value}"));
        let declared = &sets[0].ty;
        let runtime = match object.get("__typename") {
            Some(name) => name.as_str().expect("a name of a type"),
            None => declared,
        };
        let implements = self.fits(runtime, declared);
        let is_object = matches!(self.schema.types.get(runtime), Some(ExtendedType::Object(_)));
        assert!(implements && is_object, "{path}: no `{declared}`: {runtime}");
        let mut fields: Vec<(&Name, Vec<&'a Field>)> = Vec::new();
        for set in sets {
            self.collect(set, runtime, &mut fields);
        }
        let keys: Vec<&str> = object.keys().map(String::as_str).collect();
        let mut asked: Vec<&str> = fields.iter().map(|(key, _)| key.as_str()).collect();
        asked.sort_unstable();
        assert_eq!(keys, asked, "{path}: keys");
        for (key, fields) in fields {
            let sets: Vec<_> = fields.iter().map(|field| &field.selection_set).collect();
            let path = format!("{path}.{key}");
            self.value(&fields[0].definition.ty, &sets, &object[key.as_str()], &path);
        }
    }

    fn collect(
        &self,
        set: &'a SelectionSet,
        runtime: &str,
        into: &mut Vec<(&'a Name, Vec<&'a Field>)>,
    ) {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => {
                    let key = field.response_key();
                    match into.iter_mut().find(|(other, _)| *other == key) {
                        Some((_, fields)) => fields.push(field),
                        None => into.push((key, vec![field])),
                    }
                }
                Selection::InlineFragment(inline) => {
                    let condition = inline.type_condition.as_ref();
                    if condition.is_none_or(|name| self.fits(runtime, name)) {
                        self.collect(&inline.selection_set, runtime, into);
                    }
                }
                Selection::FragmentSpread(spread) => {
                    let fragment = &self.document.fragments[&spread.fragment_name];
                    if self.fits(runtime, fragment.type_condition()) {
                        self.collect(&fragment.selection_set, runtime, into);
                    }
                }
            }
        }
    }

    fn fits(&self, runtime: &str, condition: &str) -> bool {
        runtime == condition || self.schema.is_subtype(condition, runtime)
    }

    fn value(&self, ty: &Type, sets: &[&'a SelectionSet], value: &Value, path: &str) {
        if value.is_null() {
            assert!(!ty.is_non_null(), "{path}: null where none may be");
            return;
        }
        if ty.is_list() {
            let items = value.as_array().unwrap_or_else(|| panic!("{path}: no list: {value}"));
            for item in items {
                self.value(ty.item_type(), sets, item, path);
            }
            return;
        }
        let name = ty.inner_named_type();
        let fits = match &self.schema.types[name] {
            ExtendedType::Scalar(_) => match name.as_str() {
                // serde_json reads `-0` as a double.
                "Int" => match value.as_i64() {
                    Some(number) => i32::try_from(number).is_ok(),
                    None => value.as_f64().is_some_and(|zero| zero == 0.0 && zero.is_sign_negative()),
                },
                "Float" => value.is_number(),
                "Boolean" => value.is_boolean(),
                "String" | "ID" => value.is_string(),
                _ => true,
            },
            ExtendedType::Enum(one) => {
                value.as_str().is_some_and(|value| one.values.contains_key(value))
            }
            _ => return self.object(sets, value, path),
        };
        assert!(fits, "{path}: no `{name}`: {value}");
    }
}
