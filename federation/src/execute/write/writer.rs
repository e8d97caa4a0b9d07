//! Writes slots as the client's JSON, without recursion and in turns. In: slots and projections.
//! Out: the text of `data`. Invariant: a null in a non-null place replaces the nearest value around
//! it that may be null.
//!
//! <https://spec.graphql.org/draft/#sec-Handling-Execution-Errors>

use bytes::Bytes;
use indexmap::IndexMap;

use crate::{
    budget::{Exceeded, Resource},
    error::{Origin, ResponseError, code},
    execute::{
        errors::collected::{About, Errors},
        execution::Execution,
        ingest::tree::write_string,
        pace::Pace,
        slots::{ObjectId, ROOT, Value, ValuePlace},
        write::{
            frame::{Frame, Inside, Nulled, is_non_null},
            lists::{ListKey, WrittenLists},
        },
    },
    query_plan::{
        FetchId, OutputType, ProjectionField, ProjectionId, ShapeId, SlotId, ValueSource,
    },
};

/// Answers to `__schema` and `__type`, by response name, as JSON text.
pub type IntrospectionAnswers = IndexMap<String, Bytes>;

/// How many bytes may be written before they are counted.
const GROWTH: u64 = 1 << 20;

impl Execution {
    /// Writes the whole answer; errors of completion are added to the others.
    pub async fn write(&mut self, introspection: &IntrospectionAnswers) -> Bytes {
        let mut errors = std::mem::take(&mut self.errors);
        errors.retain(|it| self.concerns_client(it));
        let mut writer = Writer {
            execution: self,
            introspection,
            out: Vec::with_capacity(1024),
            frames: Vec::new(),
            counted: 0,
            errors,
            faults: 0,
            looked_up: 0,
            misled: Vec::new(),
            writers: None,
            lists: WrittenLists::default(),
        };
        let written = writer.whole().await;
        let Writer {
            mut out,
            mut errors,
            counted,
            misled,
            ..
        } = writer;
        self.misled.extend(misled);
        // The text is returned, so it no longer counts as held by this execution.
        self.budget.give_back(Resource::Bytes, counted as u64);
        if written.is_err() {
            out = b"null".to_vec();
            let message = "The answer has grown beyond what the gateway holds for one request; \
                           ask for shorter lists.";
            let error = ResponseError::request(code::MAX_ANSWER, message);
            errors.push(error, About::Object, &self.budget);
        }
        self.errors = errors;
        out.into()
    }

    /// Steps taken so far.
    pub fn work(&self) -> u64 {
        self.budget.used(Resource::Work)
    }

    /// What went wrong so far, and what was fetched.
    pub fn finish(self) -> (Vec<ResponseError>, Vec<crate::response::FetchReport>) {
        let may_count = self.plan.withheld_types.is_empty();
        (self.errors.finish(may_count), self.reports)
    }
}

pub(crate) struct Writer<'e> {
    pub(crate) execution: &'e Execution,
    introspection: &'e IntrospectionAnswers,
    pub(crate) out: Vec<u8>,
    pub(crate) frames: Vec<Frame<'e>>,
    /// How much of the text is counted.
    counted: usize,
    pub(crate) errors: Errors,
    /// How many values did not fit so far.
    pub(crate) faults: u64,
    /// The steps of looking up why a non-null place is null.
    pub(crate) looked_up: u64,
    /// Fetches whose answers held such values.
    pub(crate) misled: Vec<FetchId>,
    /// The fetches that alone fill a slot, once an error asks for them.
    pub(crate) writers: Option<IndexMap<(ShapeId, SlotId), Option<FetchId>>>,
    /// Lists of leaves without a fault.
    lists: WrittenLists,
}

impl<'e> Writer<'e> {
    async fn whole(&mut self) -> Result<(), Exceeded> {
        let budget = &*self.execution.budget;
        match self.execution.variant(ROOT, ProjectionId(0)) {
            Some(variant) => self.begin(b'{', false, Inside::Object(ROOT, variant)),
            None => self.out.extend_from_slice(b"null"),
        }
        let mut pace = Pace::default();
        while !self.frames.is_empty() {
            if self.step().is_err() {
                self.bubble();
            }
            let grown = self.out.len().saturating_sub(self.counted) as u64;
            if pace.step(1) || grown > GROWTH {
                self.count()?;
                pace.rest(budget).await?;
            }
        }
        pace.count(budget)?;
        self.count()
    }

    /// Counts the text written since the last count.
    fn count(&mut self) -> Result<(), Exceeded> {
        let budget = &self.execution.budget;
        let len = self.out.len();
        budget.give_back(Resource::Bytes, self.counted.saturating_sub(len) as u64);
        let grown = len.saturating_sub(self.counted) as u64;
        self.counted = len;
        budget.spend(Resource::Bytes, grown)
    }

    /// Writes the next field or item of what is being written, or its end.
    fn step(&mut self) -> Result<(), Nulled> {
        let slots = &self.execution.slots;
        let Some(frame) = self.frames.last_mut() else {
            return Ok(());
        };
        let at = frame.begun;
        let close = match &mut frame.inside {
            Inside::Object(object, variant) => {
                if let Some(field) = variant.fields.get(at) {
                    let object = *object;
                    frame.begun += 1;
                    self.separate(at);
                    self.out.extend_from_slice(&field.key);
                    return self.field(object, field);
                }
                b'}'
            }
            Inside::List(list, item) => {
                if let Some(value) = slots.items(*list).get(at).copied() {
                    let item = *item;
                    frame.begun += 1;
                    self.separate(at);
                    return self.value(value, item);
                }
                b']'
            }
            Inside::Leaves {
                of,
                text,
                reader,
                has_more,
                item,
                ..
            } => {
                if *has_more {
                    let (of, item) = (*of, *item);
                    let span = reader.value();
                    *has_more = reader.take_separator(b']').unwrap_or(false);
                    let json = span.map(|span| &text[span.start..span.end]);
                    frame.begun += 1;
                    self.separate(at);
                    return match json {
                        Ok(json) => self.leaf_item(of, json, item),
                        Err(_) => self.misfit(of),
                    };
                }
                b']'
            }
        };
        self.out.push(close);
        if let Some(Frame {
            start,
            inside:
                Inside::Leaves {
                    whole: Some((key, faults)),
                    ..
                },
            ..
        }) = self.frames.pop()
            && faults == self.faults
        {
            self.lists.add(key, start..self.out.len());
        }
        Ok(())
    }

    fn separate(&mut self, at: usize) {
        if at > 0 {
            self.out.push(b',');
        }
    }

    pub(crate) fn begin(&mut self, open: u8, may_be_null: bool, inside: Inside<'e>) {
        self.frames.push(Frame {
            start: self.out.len(),
            may_be_null,
            begun: 0,
            inside,
        });
        self.out.push(open);
    }

    /// Replaces what is around a null in a non-null place by null.
    fn bubble(&mut self) {
        while let Some(frame) = self.frames.pop() {
            self.cut(frame.start);
            if frame.may_be_null || self.frames.is_empty() {
                self.out.extend_from_slice(b"null");
                return;
            }
        }
    }

    /// Drops what was written from some place on.
    fn cut(&mut self, start: usize) {
        self.out.truncate(start);
        self.lists.cut(start);
    }

    fn field(&mut self, object: ObjectId, field: &'e ProjectionField) -> Result<(), Nulled> {
        match &field.source {
            ValueSource::Slot(slot) => {
                let value = self.execution.slots.get(ValuePlace::Slot(object, *slot));
                self.value(value, &field.output)
            }
            ValueSource::Typename => match self.execution.slots.runtime_type(object) {
                Some(runtime_type) => {
                    write_string(&mut self.out, self.execution.plan.types.name(runtime_type));
                    Ok(())
                }
                None => self.untyped(object),
            },
            ValueSource::Constant(text) => {
                self.out.extend_from_slice(text);
                Ok(())
            }
            ValueSource::Withheld => {
                if is_non_null(&field.output) {
                    let message = "This field is withheld and cannot be null, so what it is in is.";
                    self.error(message, Origin::Withheld);
                }
                self.null(Value::Failed, &field.output)
            }
            ValueSource::Introspection => match self.introspection.get(&*field.response_name) {
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
                    Some(variant) => {
                        let inside = Inside::Object(object, variant);
                        self.begin(b'{', !is_non_null(output), inside);
                        Ok(())
                    }
                    // An object of a type that is not in the API schema is written as null.
                    None if self.execution.slots.runtime_type(object).is_some() => {
                        return self.null(Value::Missing, output);
                    }
                    // INVARIANT: which fields of an object may be shown depends on its type.
                    None => self.untyped(object),
                }
            }
            (Value::List(list), OutputType::List { item, .. }) => {
                self.begin(b'[', !is_non_null(output), Inside::List(list, item));
                Ok(())
            }
            (Value::Leaf(text), output) => {
                if let Some(at) = self.lists.find(ListKey::new(text, output)) {
                    self.out.extend_from_within(at);
                    return Ok(());
                }
                let slots = &self.execution.slots;
                self.leaf(text, slots.text(text), output)
            }
            _ => {
                let origin = self.origin_here();
                self.error("A value of another kind was answered here.", origin);
                Err(Nulled)
            }
        };
        self.or_null(outcome, start, output)
    }

    /// Writes null in place of a value that could not be written, where the type allows null.
    pub(crate) fn or_null(
        &mut self,
        outcome: Result<(), Nulled>,
        start: usize,
        output: &OutputType,
    ) -> Result<(), Nulled> {
        if outcome.is_err() && !is_non_null(output) {
            self.cut(start);
            self.out.extend_from_slice(b"null");
            return Ok(());
        }
        outcome
    }

    /// Handles an object that cannot be written, because no subgraph reported its type.
    fn untyped(&mut self, object: ObjectId) -> Result<(), Nulled> {
        if !self.execution.slots.has_type_failed(object) {
            let message = "No subgraph returned the type of this object.";
            self.error(message, Origin::Completion { subgraph: None });
        }
        Err(Nulled)
    }

    /// Writes null; adds an error where the type is non-null and no other error explains the null.
    pub(crate) fn null(&mut self, value: Value, output: &'e OutputType) -> Result<(), Nulled> {
        if !is_non_null(output) {
            self.out.extend_from_slice(b"null");
            return Ok(());
        }
        if value != Value::Failed {
            let (message, origin) = if value == Value::Null {
                let message = "Null was answered for a field that cannot be null.";
                (message.to_owned(), self.origin_here())
            } else {
                self.unanswered()
            };
            self.error(&message, origin);
        }
        Err(Nulled)
    }
}
