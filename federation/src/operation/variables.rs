//! Coerces the values of variables (`CoerceVariableValues`). In: an operation and the request's raw
//! values. Out: the coerced values, or one error for each value that does not fit, with its path,
//! up to a bound.
//!
//! <https://spec.graphql.org/draft/#CoerceVariableValues()>

use apollo_compiler::{
    Name, Node, Schema,
    ast::{Type, Value as Literal},
    executable::{Operation, VariableDefinition},
    response::{JsonMap, JsonValue},
    schema::{EnumType, ExtendedType, InputObjectType},
    validation::Valid,
};

use super::{
    Document, boolean_variables,
    errors::locate,
    suggest::{listed, nearest},
};
use crate::{
    error::{ResponseError, code},
    request::{number, number_text},
};

/// How many errors of one request are reported.
const TOLD_ERRORS: usize = 20;

/// For how many of them close names are looked for.
const MOST_SUGGESTED: usize = 10;

/// How deep values may nest.
const MAX_DEPTH: usize = 64;

/// Coerces the variables of an operation. Defaults of input fields are left to the subgraphs.
pub fn coerce_variables(
    api_schema: &Valid<Schema>,
    document: &Document,
    operation: &Operation,
    values: &JsonMap,
) -> Result<JsonMap, Vec<ResponseError>> {
    let mut coercion = Coercion {
        api_schema,
        way: String::new(),
        depth: 0,
        found: Vec::new(),
        suggested: 0,
    };
    let mut coerced = JsonMap::new();
    let mut errors = Vec::new();
    for variable in &operation.variables {
        let name = variable.name.as_str();
        coercion.way = format!("${name}");
        let default = variable.default_value.as_ref();
        let given = (values.get(name).cloned()).or_else(|| Some(from_literal(default?)));
        match given {
            // Null as a default is checked here, since validation takes any default as non-null.
            Some(JsonValue::Null)
                if !variable.ty.is_non_null()
                    && boolean_variables(document.executable(), operation)
                        .contains(&variable.name) =>
            {
                coercion.tell("null was given, and `@skip` and `@include` need true or false");
            }
            Some(value) => {
                let value = coercion.value(&variable.ty, &value);
                coerced.insert(name, value);
            }
            None if variable.ty.is_non_null() => {
                coercion.tell(&format!(
                    "no value was given, and `{}` needs one",
                    variable.ty
                ));
            }
            // A variable without a value is not the same as one that is null.
            None => {}
        }
        errors.extend(tell(&mut coercion.found, document, variable));
    }
    if errors.is_empty() {
        return Ok(coerced);
    }
    errors.truncate(TOLD_ERRORS);
    Err(errors)
}

fn tell(
    found: &mut Vec<String>,
    document: &Document,
    variable: &Node<VariableDefinition>,
) -> Vec<ResponseError> {
    let sources = &document.executable().sources;
    found
        .drain(..)
        .map(|message| {
            let error = ResponseError::request(code::BAD_USER_INPUT, message);
            locate(error, variable.location(), sources)
        })
        .collect()
}

struct Coercion<'s> {
    api_schema: &'s Valid<Schema>,
    /// The path of the value that is checked: `$filter.months[2]`.
    way: String,
    depth: usize,
    found: Vec<String>,
    /// For how many unknown names close ones were looked for.
    suggested: usize,
}

impl Coercion<'_> {
    fn tell(&mut self, problem: &str) {
        if self.found.len() < TOLD_ERRORS {
            self.found
                .push(format!("Variable `{}`: {problem}.", self.way));
        }
    }

    /// Reports a field that an input object does not have, with one of its fields that is close.
    fn tell_unknown(&mut self, input: &InputObjectType, key: &str) {
        let fields = || input.fields.keys().map(Name::as_str);
        let meant = if self.suggested < MOST_SUGGESTED {
            self.suggested += 1;
            match nearest(key, fields()) {
                Some(close) => format!(" (did you mean \"{close}\"?)"),
                None => listed(fields()).map_or_else(String::new, |all| format!("; it has {all}")),
            }
        } else {
            String::new()
        };
        let key = shown(&key.into());
        self.tell(&format!("`{}` has no field {key}{meant}", input.name));
    }

    /// Checks a part of the value.
    fn at(&mut self, step: &str, look: impl FnOnce(&mut Self) -> JsonValue) -> JsonValue {
        if self.depth >= MAX_DEPTH {
            self.tell(&format!(
                "the value is nested more than {MAX_DEPTH} levels deep"
            ));
            return JsonValue::Null;
        }
        let length = self.way.len();
        self.way.push_str(step);
        self.depth += 1;
        let value = look(self);
        self.depth -= 1;
        self.way.truncate(length);
        value
    }

    fn value(&mut self, ty: &Type, value: &JsonValue) -> JsonValue {
        if value.is_null() {
            if ty.is_non_null() {
                self.tell(&format!("null was given, and `{ty}` cannot be null"));
            }
            return JsonValue::Null;
        }
        if ty.is_list() {
            let item = ty.item_type();
            return match value.as_array() {
                Some(items) => {
                    let look = |(at, value): (usize, &JsonValue)| {
                        self.at(&format!("[{at}]"), |inner| inner.value(item, value))
                    };
                    JsonValue::Array(items.iter().enumerate().map(look).collect())
                }
                // A value where a list is wanted is a list of one.
                None => JsonValue::Array(vec![self.at("", |inner| inner.value(item, value))]),
            };
        }
        let name = ty.inner_named_type();
        match self.api_schema.types.get(name) {
            Some(ExtendedType::Enum(enum_)) => self.enum_value(enum_, value),
            Some(ExtendedType::InputObject(input)) => self.input_object(input, value),
            _ => self.scalar(name, value),
        }
    }

    fn scalar(&mut self, name: &str, value: &JsonValue) -> JsonValue {
        let number = number_text(value);
        let whole = |text: &String| {
            let number = text.parse().ok().or_else(|| as_whole(text.parse().ok()?));
            number.and_then(|number: i64| i32::try_from(number).ok())
        };
        if name == "Int"
            && let Some(number) = number.as_ref().and_then(whole)
        {
            // `1.0` is a whole number, and not every server reads it as one.
            return number.into();
        }
        let is_whole = |text: &String| text.bytes().all(|it| it == b'-' || it.is_ascii_digit());
        let is_finite = |text: &String| text.parse::<f64>().is_ok_and(f64::is_finite);
        let (fits, wanted) = match name {
            "Int" => (false, "a whole number of 32 bits"),
            "Float" => (
                number.as_ref().is_some_and(is_finite),
                "a number that a double holds",
            ),
            "String" => (value.is_string(), "a string"),
            "Boolean" => (value.is_boolean(), "true or false"),
            "ID" => (
                value.is_string() || number.as_ref().is_some_and(is_whole),
                "a string or a whole number",
            ),
            // Only the subgraphs know which values a custom scalar has.
            _ => (true, ""),
        };
        if !fits {
            self.tell(&format!(
                "{} was given, and `{name}` needs {wanted}",
                shown(value)
            ));
        }
        value.clone()
    }

    fn enum_value(&mut self, enum_: &EnumType, value: &JsonValue) -> JsonValue {
        let is_known = value
            .as_str()
            .is_some_and(|value| enum_.values.contains_key(value));
        if !is_known {
            let values = listed(enum_.values.keys().map(Name::as_str));
            self.tell(&format!(
                "{} was given, and `{}` is one of {}",
                shown(value),
                enum_.name,
                values.unwrap_or_default(),
            ));
        }
        value.clone()
    }

    fn input_object(&mut self, input: &InputObjectType, value: &JsonValue) -> JsonValue {
        let object = value.as_object();
        let Some(object) = object.filter(|_| number_text(value).is_none()) else {
            self.tell(&format!(
                "{} was given, and `{}` is an object",
                shown(value),
                input.name
            ));
            return JsonValue::Null;
        };
        let mut coerced = JsonMap::with_capacity(object.len());
        for (key, value) in object {
            match input.fields.get(key.as_str()) {
                Some(field) => {
                    let step = format!(".{}", key.as_str());
                    let value = self.at(&step, |inner| inner.value(&field.ty, value));
                    coerced.insert(key.clone(), value);
                }
                None => self.tell_unknown(input, key.as_str()),
            }
        }
        for (name, field) in &input.fields {
            let is_given = object.contains_key(name.as_str());
            if !is_given && field.ty.is_non_null() && field.default_value.is_none() {
                self.tell(&format!(
                    "the field `{name}` of `{}` needs a value",
                    input.name
                ));
            }
        }
        if input.directives.has("oneOf") {
            let is_one = coerced.len() == 1 && coerced.values().all(|value| !value.is_null());
            if !is_one {
                self.tell(&format!(
                    "`{}` takes exactly one field, and not null",
                    input.name
                ));
            }
        }
        coerced.into()
    }
}

fn as_whole(number: f64) -> Option<i64> {
    let is_whole = number.fract() == 0.0 && number.abs() < 9e15;
    #[expect(clippy::cast_possible_truncation, reason = "whole and in range")]
    is_whole.then_some(number as i64)
}

/// A value for a message, shortened.
fn shown(value: &JsonValue) -> String {
    const MOST: usize = 60;
    let text = match (value, number_text(value)) {
        (_, Some(number)) => number,
        (JsonValue::Array(_), _) => return "a list".into(),
        (JsonValue::Object(_), _) => return "an object".into(),
        (leaf, _) => leaf.to_string(),
    };
    if text.chars().count() <= MOST {
        return text;
    }
    let start: String = text.chars().take(MOST).collect();
    format!("{start}…")
}

fn from_literal(literal: &Literal) -> JsonValue {
    match literal {
        Literal::Null | Literal::Variable(_) => JsonValue::Null,
        Literal::Enum(name) => name.as_str().into(),
        Literal::String(text) => text.as_str().into(),
        Literal::Boolean(value) => (*value).into(),
        Literal::Int(text) => number(text.as_str()),
        Literal::Float(text) => number(text.as_str()),
        Literal::List(items) => items.iter().map(|item| from_literal(item)).collect(),
        Literal::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.as_str(), from_literal(value)))
            .collect(),
    }
}
