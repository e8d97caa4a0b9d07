//! What the values of arguments weigh.
//!
//! A literal is counted once and for all; of a variable in it is noted what each of its values weighs
//! there, and what is in its values is counted once a request, however often the variable stands.

use apollo_compiler::{
    Name,
    ast::{Type, Value},
    response::JsonValue,
};
use indexmap::IndexMap;

use super::{
    Amount,
    program::Call,
    weights::{InputWeight, Weights},
};

/// What is known of literals: what inputs weigh, and the numbers of the variables.
#[derive(Clone, Copy, Debug)]
pub(super) struct Literals<'c> {
    pub(super) weights: &'c Weights,
    pub(super) variables: &'c IndexMap<Name, usize>,
}

/// What a variable's value comes to.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counted {
    /// How many values it is: the items of lists, and null not.
    pub(super) values: u64,
    /// What the fields of all its input objects weigh.
    pub(super) within: Amount,
}

impl Literals<'_> {
    /// Adds what an argument or a field weighs with a literal.
    pub(super) fn add(self, input: &InputWeight, literal: &Value, call: &mut Call) {
        self.add_as(input, &input.ty, literal, call);
    }

    fn add_as(self, input: &InputWeight, ty: &Type, literal: &Value, call: &mut Call) {
        match literal {
            Value::Null => {}
            Value::Variable(name) => {
                let number = self.variables.get(name);
                (call.variables).extend(number.map(|number| (*number, input.weight)));
            }
            Value::List(items) if ty.is_list() => {
                for item in items {
                    self.add_as(input, ty.item_type(), item, call);
                }
            }
            // A value where a list is wanted is a list of one.
            single if ty.is_list() => self.add_as(input, ty.item_type(), single, call),
            single => {
                call.fixed = call.fixed.plus(input.weight);
                let fields = self.weights.input(ty.inner_named_type());
                let (Some(fields), Value::Object(given)) = (fields, single) else {
                    return;
                };
                for (name, value) in given {
                    if let Some(field) = fields.get(name) {
                        self.add(field, value, call);
                    }
                }
            }
        }
    }
}

/// Counts what is in a variable's value.
pub(super) fn count(weights: &Weights, ty: &Type, value: &JsonValue) -> Counted {
    if value.is_null() {
        return Counted::default();
    }
    if ty.is_list() {
        let Some(items) = value.as_array() else {
            return count(weights, ty.item_type(), value);
        };
        let counted = items
            .iter()
            .map(|item| count(weights, ty.item_type(), item));
        return counted.fold(Counted::default(), |sum, item| Counted {
            values: sum.values.saturating_add(item.values),
            within: sum.within.plus(item.within),
        });
    }
    let fields = weights.input(ty.inner_named_type());
    let given = fields.zip(value.as_object());
    let fields = given.iter().flat_map(|(fields, given)| {
        let given = given.iter();
        given.filter_map(|(name, value)| Some((fields.get(name.as_str())?, value)))
    });
    let within = fields.map(|(field, value)| {
        let counted = count(weights, &field.ty, value);
        field.weight.times(counted.values).plus(counted.within)
    });
    Counted {
        values: 1,
        within: within.fold(Amount::ZERO, Amount::plus),
    }
}
