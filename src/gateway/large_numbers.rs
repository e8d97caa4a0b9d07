//! Whole numbers as ids, for an embedded source. GraphQL takes a whole number of any size as an ID
//! (section 3.5.5); async-graphql takes 64 bits, and fails on more as on a fault of its own. Embedded
//! sources have no other type that takes such a number.

use async_graphql::{
    Value as ConstValue, Variables,
    parser::types::{DocumentOperations, ExecutableDocument, Selection, SelectionSet},
};
use async_graphql_value::Value;
use serde_json::Number;

/// Spells out the numbers of a document that no 64 bits hold.
pub(super) fn spell_out_in_document(document: &mut ExecutableDocument) {
    match &mut document.operations {
        DocumentOperations::Single(operation) => below(&mut operation.node.selection_set.node),
        DocumentOperations::Multiple(operations) => {
            for operation in operations.values_mut() {
                below(&mut operation.node.selection_set.node);
            }
        }
    }
}

/// Recursion is bounded: documents of plans have a depth limit.
fn below(selections: &mut SelectionSet) {
    for selection in &mut selections.items {
        match &mut selection.node {
            Selection::Field(field) => {
                for (_, value) in &mut field.node.arguments {
                    in_value(&mut value.node);
                }
                below(&mut field.node.selection_set.node);
            }
            Selection::InlineFragment(fragment) => below(&mut fragment.node.selection_set.node),
            Selection::FragmentSpread(_) => {}
        }
    }
}

fn in_value(value: &mut Value) {
    match value {
        Value::Number(number) if is_large(number) => *value = Value::String(number.to_string()),
        Value::List(items) => items.iter_mut().for_each(in_value),
        Value::Object(fields) => fields.values_mut().for_each(in_value),
        _ => {}
    }
}

/// Spells out the values of variables that no 64 bits hold.
pub(super) fn spell_out_in_variables(variables: &mut Variables) {
    variables.values_mut().for_each(in_const);
}

fn in_const(value: &mut ConstValue) {
    match value {
        ConstValue::Number(number) if is_large(number) => {
            *value = ConstValue::String(number.to_string());
        }
        ConstValue::List(items) => items.iter_mut().for_each(in_const),
        ConstValue::Object(fields) => fields.values_mut().for_each(in_const),
        _ => {}
    }
}

fn is_large(number: &Number) -> bool {
    let is_whole = |number: f64| number.fract() == 0.0 && number.abs() >= 9.0e18;
    number.as_i64().is_none() && (number.is_u64() || number.as_f64().is_some_and(is_whole))
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    #[test]
    fn numbers_of_more_than_64_bits_become_text() {
        let text = "{ a(id: 9223372036854775808, ids: [7, {b: 18446744073709551616}]) }";
        let mut document = parse_query(text).unwrap();
        spell_out_in_document(&mut document);
        let DocumentOperations::Single(operation) = document.operations else {
            panic!("one operation");
        };
        let Selection::Field(field) = &operation.node.selection_set.node.items[0].node else {
            panic!("a field");
        };
        let values: Vec<String> = field
            .node
            .arguments
            .iter()
            .map(|(_, value)| value.node.to_string())
            .collect();
        assert_eq!(values[0], "\"9223372036854775808\"");
        assert!(values[1].starts_with("[7, {b: \""), "{values:?}");
    }
}
