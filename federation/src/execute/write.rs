//! Slots into the client's JSON: the client's names, order and nullability.
//!
//! Null where none may be cuts back to the nearest place where it may.
//! <https://spec.graphql.org/draft/#sec-Handling-Execution-Errors>

use bytes::Bytes;
use indexmap::IndexMap;

use super::{
    json::{Reader, decode},
    leaf,
    schedule::Execution,
    slots::{ObjectId, Place, ROOT, Text, Value},
    tree::write_string,
};
use crate::{
    error::{Origin, PathElement, ResponseError},
    plan::model::{LeafKind, OutputType, ProjectionField, ProjectionId, ProjectionVariant, Source},
};

/// Answers to `__schema` and `__type`, by response name, as JSON text.
pub type IntrospectionAnswers = IndexMap<String, Bytes>;

impl Execution {
    /// Writes the whole answer; errors of completion are added to the others.
    pub fn write(&mut self, introspection: &IntrospectionAnswers) -> Bytes {
        let mut writer = Writer {
            execution: self,
            introspection,
            out: Vec::with_capacity(1024),
            path: Vec::new(),
            errors: Vec::new(),
        };
        let variant = self.variant(ROOT, ProjectionId(0));
        if variant.is_none_or(|variant| writer.object(ROOT, variant).is_err()) {
            writer.out.clear();
            writer.out.extend_from_slice(b"null");
        }
        let Writer { out, errors, .. } = writer;
        let mut told = std::mem::take(&mut self.errors);
        let mut at = 0..;
        told.retain_mut(|error| {
            let is_pointed = at.next().is_some_and(|at| self.pointed.contains(&at));
            self.is_told(error, is_pointed)
        });
        self.errors = told;
        self.errors.extend(errors);
        out.into()
    }

    /// What went wrong so far, and what was fetched.
    pub fn finish(self) -> (Vec<ResponseError>, Vec<crate::response::FetchReport>) {
        (self.errors, self.reports)
    }
}

/// A null that may not stand here.
struct Nulled;

#[derive(Clone, Copy)]
enum Part<'e> {
    Key(&'e str),
    Index(usize),
}

struct Writer<'e> {
    execution: &'e Execution,
    introspection: &'e IntrospectionAnswers,
    out: Vec<u8>,
    path: Vec<Part<'e>>,
    errors: Vec<ResponseError>,
}

impl<'e> Writer<'e> {
    fn object(&mut self, object: ObjectId, variant: &'e ProjectionVariant) -> Result<(), Nulled> {
        self.out.push(b'{');
        for (at, field) in variant.fields.iter().enumerate() {
            if at > 0 {
                self.out.push(b',');
            }
            self.out.extend_from_slice(&field.key);
            self.path.push(Part::Key(&field.response_name));
            let outcome = self.field(object, field);
            self.path.pop();
            outcome?;
        }
        self.out.push(b'}');
        Ok(())
    }

    fn field(&mut self, object: ObjectId, field: &'e ProjectionField) -> Result<(), Nulled> {
        match &field.source {
            Source::Slot(slot) => {
                let value = self.execution.slots.get(Place::Slot(object, *slot));
                self.value(value, &field.output)
            }
            Source::Typename => match self.execution.slots.runtime_type(object) {
                Some(runtime_type) => {
                    write_string(&mut self.out, self.execution.plan.types.name(runtime_type));
                    Ok(())
                }
                None => self.untold(object),
            },
            Source::Constant(text) => {
                self.out.extend_from_slice(text);
                Ok(())
            }
            Source::Withheld => self.null(Value::Failed, &field.output),
            Source::Introspection => match self.introspection.get(&*field.response_name) {
                Some(text) => {
                    self.out.extend_from_slice(text);
                    Ok(())
                }
                None => self.null(Value::Missing, &field.output),
            },
        }
    }

    fn value(&mut self, value: Value, output: &'e OutputType) -> Result<(), Nulled> {
        let start = self.out.len();
        let outcome = match (value, output) {
            (value, output) if value.is_null() => return self.null(value, output),
            (Value::Object(object), OutputType::Object { .. })
                if self.execution.is_withheld(object) =>
            {
                return self.null(Value::Failed, output);
            }
            (Value::Object(object), OutputType::Object { projection, .. }) => {
                match self.execution.variant(object, *projection) {
                    Some(variant) => self.object(object, variant),
                    // A type that the API schema does not show looks like no object at all.
                    None if self.execution.slots.runtime_type(object).is_some() => {
                        return self.null(Value::Null, output);
                    }
                    // INVARIANT: what may be seen of an object depends on its type.
                    None => self.untold(object),
                }
            }
            (Value::List(list), OutputType::List { item, .. }) => self.list(list, item),
            (Value::Leaf(text), output) => self.leaf_or_list(text, output),
            _ => {
                self.error(
                    "A value of another kind was answered here.".into(),
                    Origin::Completion,
                );
                Err(Nulled)
            }
        };
        match outcome {
            Err(Nulled) if !is_non_null(output) => {
                self.out.truncate(start);
                self.out.extend_from_slice(b"null");
                Ok(())
            }
            outcome => outcome,
        }
    }

    fn list(&mut self, list: super::slots::List, item: &'e OutputType) -> Result<(), Nulled> {
        let slots = &self.execution.slots;
        self.out.push(b'[');
        for (at, &value) in slots.items(list).iter().enumerate() {
            if at > 0 {
                self.out.push(b',');
            }
            self.path.push(Part::Index(at));
            let outcome = self.value(value, item);
            self.path.pop();
            outcome?;
        }
        self.out.push(b']');
        Ok(())
    }

    /// An object that cannot be shown, because nobody told its type.
    fn untold(&mut self, object: ObjectId) -> Result<(), Nulled> {
        if !self.execution.slots.has_type_failed(object) {
            let message = "No subgraph told of which type this object is.";
            self.error(message.into(), Origin::Completion);
        }
        Err(Nulled)
    }

    /// Null, told as an error where it may not stand and nothing explains it yet.
    fn null(&mut self, value: Value, output: &'e OutputType) -> Result<(), Nulled> {
        if !is_non_null(output) {
            self.out.extend_from_slice(b"null");
            return Ok(());
        }
        if value != Value::Failed {
            let message = "Null was answered for a field that cannot be null.";
            self.error(message.into(), Origin::Completion);
        }
        Err(Nulled)
    }

    fn leaf_or_list(&mut self, text: Text, output: &'e OutputType) -> Result<(), Nulled> {
        let slots = &self.execution.slots;
        self.leaf(text, slots.text(text), output)
    }

    fn leaf(&mut self, text: Text, json: &'e [u8], output: &'e OutputType) -> Result<(), Nulled> {
        match output {
            OutputType::Leaf { kind, values, .. } => {
                if !leaf::fits(*kind, json) {
                    return self.misfit(text);
                }
                if let Some(values) = values
                    && !decode(json).is_some_and(|value| values.contains(&*value))
                {
                    let message = "A value was answered that this enum does not have.";
                    self.error(message.into(), self.origin(text));
                    return Err(Nulled);
                }
                let is_bare_id = *kind == LeafKind::Id && json.first() != Some(&b'"');
                if is_bare_id {
                    self.out.push(b'"');
                }
                self.out.extend_from_slice(json);
                if is_bare_id {
                    self.out.push(b'"');
                }
                Ok(())
            }
            OutputType::List { item, .. } if json.first() == Some(&b'[') => {
                // Leaves are spans of text that was found to be UTF-8.
                let json = std::str::from_utf8(json).unwrap_or("[]");
                self.leaves(text, json, item)
            }
            _ => self.misfit(text),
        }
    }

    fn leaves(&mut self, text: Text, json: &'e str, item: &'e OutputType) -> Result<(), Nulled> {
        let mut reader = Reader::new(json);
        self.out.push(b'[');
        let mut more = reader.open(b'[', b']').unwrap_or(false);
        let mut at = 0;
        while more {
            if at > 0 {
                self.out.push(b',');
            }
            let Ok(span) = reader.value() else {
                return self.misfit(text);
            };
            self.path.push(Part::Index(at));
            let outcome = self.leaf_item(text, &json[span.start..span.end], item);
            self.path.pop();
            outcome?;
            more = reader.take_separator(b']').unwrap_or(false);
            at += 1;
        }
        self.out.push(b']');
        Ok(())
    }

    fn leaf_item(&mut self, text: Text, json: &'e str, item: &'e OutputType) -> Result<(), Nulled> {
        if json == "null" {
            return self.null(Value::Null, item);
        }
        let start = self.out.len();
        match self.leaf(text, json.as_bytes(), item) {
            Err(Nulled) if !is_non_null(item) => {
                self.out.truncate(start);
                self.out.extend_from_slice(b"null");
                Ok(())
            }
            outcome => outcome,
        }
    }

    fn misfit(&mut self, text: Text) -> Result<(), Nulled> {
        let origin = self.origin(text);
        let message = match &origin {
            Origin::Misfit { subgraph } => {
                format!(
                    "Subgraph `{subgraph}` answered a value that does not fit the field's type."
                )
            }
            _ => "A value was answered that does not fit the field's type.".into(),
        };
        self.error(message, origin);
        Err(Nulled)
    }

    fn origin(&self, text: Text) -> Origin {
        let fetch = self.execution.slots.fetch(text);
        match fetch.and_then(|fetch| self.execution.plan.fetches.get(fetch.0 as usize)) {
            Some(fetch) => Origin::Misfit {
                subgraph: fetch.subgraph_name.to_string(),
            },
            None => Origin::Completion,
        }
    }

    fn error(&mut self, message: String, origin: Origin) {
        let path = self.path.iter().map(|part| match part {
            Part::Key(name) => PathElement::Key((*name).to_owned()),
            Part::Index(at) => PathElement::Index(*at),
        });
        self.errors.push(ResponseError {
            message,
            locations: Vec::new(),
            path: Some(path.collect()),
            origin,
            extensions: serde_json::Map::new(),
        });
    }
}

fn is_non_null(output: &OutputType) -> bool {
    match output {
        OutputType::List { non_null, .. }
        | OutputType::Leaf { non_null, .. }
        | OutputType::Object { non_null, .. } => *non_null,
    }
}
