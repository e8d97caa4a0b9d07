//! Converts large whole numbers into ids for an embedded source. GraphQL accepts a whole number of
//! any size as an ID (section 3.5.5); async-graphql accepts 64 bits, and reports an internal error
//! for more. Embedded sources have no other type that takes such a number.

use async_graphql::{Value as ConstValue, Variables, parser::types::ExecutableDocument};
use async_graphql_value::Value;
use serde_json::Number;

use super::fields::for_each_field;

/// Spells out the numbers of a document that no 64 bits hold.
pub(super) fn spell_out_in_document(document: &mut ExecutableDocument) {
    for_each_field(document, &mut |field| {
        for (_, value) in &mut field.arguments {
            in_value(&mut value.node);
        }
    });
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
        let mut values = Vec::new();
        for_each_field(&mut document, &mut |field| {
            let arguments = field.arguments.iter();
            values.extend(arguments.map(|(_, value)| value.node.to_string()));
        });
        assert_eq!(values[0], "\"9223372036854775808\"");
        assert!(values[1].starts_with("[7, {b: \""), "{values:?}");
    }
}
