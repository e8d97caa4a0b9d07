//! How long lists are: what `@listSize` says, by the arguments that a field is given.
//!
//! What literals and defaults say is known when a program is made; what variables say is looked up for
//! each request.

use std::sync::Arc;

use apollo_compiler::{
    Name, Node,
    ast::{Argument, Type, Value},
    response::{JsonMap, JsonValue},
};

use super::{
    directives::ListSize,
    weights::{FieldWeights, InputWeight, Weights},
};
use crate::request::number_text;

/// The longest that a list is taken to be: as long as an `Int` can say.
const LONGEST: i64 = i32::MAX as i64;

/// How long a list is.
#[derive(Clone, Debug)]
pub(super) struct Sizing {
    list_size: Arc<ListSize>,
    /// What each slicing argument says.
    slices: Vec<Slice>,
}

/// What a slicing argument says.
#[derive(Clone, Debug)]
enum Slice {
    /// Nothing: it is not given.
    Missing,
    /// A size; -1 for one below 0.
    Given(i64),
    /// What stands in a variable, further down by the names of fields of input objects.
    Variable {
        name: Name,
        place: InputWeight,
        rest: Vec<String>,
    },
}

/// What a sizing comes to for a request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sized {
    pub(super) size: u64,
    /// How many slicing arguments are given.
    pub(super) given: usize,
}

impl Sizing {
    /// What is said of a field, with the arguments that it is given.
    pub(super) fn new(
        weights: &Weights,
        field: &FieldWeights,
        list_size: &Arc<ListSize>,
        given: &[Node<Argument>],
    ) -> Self {
        let slices = list_size.slicing.iter().map(|path| {
            let (first, rest) = path.split_first()?;
            let place = field.argument(first)?;
            let given = given
                .iter()
                .find(|argument| argument.name == first.as_str());
            let value = given.map(|argument| &*argument.value);
            Some(slice(weights, place, value, rest))
        });
        Self {
            slices: slices.map(|one| one.unwrap_or(Slice::Missing)).collect(),
            list_size: Arc::clone(list_size),
        }
    }

    /// What is said, as the supergraph has it.
    pub(super) fn list_size(&self) -> &ListSize {
        &self.list_size
    }

    /// How long the list is for the variables of a request.
    pub(super) fn run(&self, weights: &Weights, variables: &JsonMap, usual: u32) -> Sized {
        let said: Vec<i64> = self
            .slices
            .iter()
            .filter_map(|slice| slice.find(weights, variables))
            .collect();
        let otherwise = u64::from(self.list_size.assumed.unwrap_or(usual));
        // To ask for fewer than none is no way to be cheap: who knows what is returned then.
        let sizes = said
            .iter()
            .map(|size| u64::try_from(*size).unwrap_or(otherwise));
        Sized {
            size: sizes.max().unwrap_or(otherwise),
            given: said.len(),
        }
    }

    /// Whether it is to be given exactly one slicing argument.
    pub(super) fn requires_one(&self) -> bool {
        self.list_size.requires_one && !self.slices.is_empty()
    }

    /// About how many bytes it takes.
    pub(super) fn size(&self) -> usize {
        // What the supergraph says is shared.
        64 + self.slices.len() * 192
    }
}

impl Slice {
    fn find(&self, weights: &Weights, variables: &JsonMap) -> Option<i64> {
        match self {
            Self::Missing => None,
            Self::Given(size) => Some(*size),
            Self::Variable { name, place, rest } => {
                find(weights, place, variables.get(name.as_str()), rest)
            }
        }
    }
}

/// What a literal says, at the end of a path.
fn slice(weights: &Weights, place: &InputWeight, value: Option<&Value>, rest: &[String]) -> Slice {
    let value = match value {
        Some(Value::Variable(name)) => {
            return Slice::Variable {
                name: name.clone(),
                place: place.clone(),
                rest: rest.to_vec(),
            };
        }
        Some(value) => value,
        None => match &place.default {
            Some(default) => default,
            None => return Slice::Missing,
        },
    };
    let Some((next, rest)) = rest.split_first() else {
        return size_of_literal(&place.ty, value).map_or(Slice::Missing, Slice::Given);
    };
    let below = match value {
        Value::Object(fields) => field(weights, place, next).map(|place| (place, fields)),
        _ => None,
    };
    let Some((place, fields)) = below else {
        return Slice::Missing;
    };
    let value = fields.iter().find(|(name, _)| name.as_str() == next);
    slice(weights, place, value.map(|(_, value)| &**value), rest)
}

/// What the value of a variable says, at the end of a path.
fn find(
    weights: &Weights,
    place: &InputWeight,
    value: Option<&JsonValue>,
    rest: &[String],
) -> Option<i64> {
    let Some(value) = value else {
        // A default has no variables in it.
        return match slice(weights, place, None, rest) {
            Slice::Given(size) => Some(size),
            Slice::Missing | Slice::Variable { .. } => None,
        };
    };
    let Some((next, rest)) = rest.split_first() else {
        return size_of(&place.ty, value);
    };
    let object = value.as_object()?;
    let below = field(weights, place, next)?;
    find(weights, below, object.get(next.as_str()), rest)
}

/// A field of the input object that stands in a place, if one does.
fn field<'w>(weights: &'w Weights, place: &InputWeight, name: &str) -> Option<&'w InputWeight> {
    if place.ty.is_list() {
        return None;
    }
    weights.input(place.ty.inner_named_type())?.get(name)
}

/// A list says by its length how long another is.
fn size_of_literal(ty: &Type, value: &Value) -> Option<i64> {
    match value {
        Value::Null => None,
        Value::List(items) if ty.is_list() => Some(length(items.len())),
        _ if ty.is_list() => Some(1),
        Value::Int(number) => read(number.as_str()),
        Value::Float(number) => read(number.as_str()),
        _ => None,
    }
}

fn size_of(ty: &Type, value: &JsonValue) -> Option<i64> {
    if value.is_null() {
        return None;
    }
    if ty.is_list() {
        return Some(value.as_array().map_or(1, |items| length(items.len())));
    }
    read(&number_text(value)?)
}

fn length(items: usize) -> i64 {
    i64::try_from(items).unwrap_or(LONGEST).min(LONGEST)
}

fn read(text: &str) -> Option<i64> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "past the end of the range it stays there"
    )]
    let number = match text.parse::<i64>() {
        Ok(number) => number,
        Err(_) => text.parse::<f64>().ok()? as i64,
    };
    Some(number.clamp(-1, LONGEST))
}
