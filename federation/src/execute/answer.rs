//! A GraphQL response of a subgraph, read: `data` into slots, `errors` as they are.

use bytes::Bytes;
use serde_json::{Map, Value as Json};

use super::{
    Answer,
    ingest::Builder,
    ingested::{Asked, Ingested, Item},
    json::{Invalid, Reader},
    slots::{Slots, Value},
    tree::{JsonSink, TreeSink},
};
use crate::plan::model::{IngestId, Plan, SlotId};

/// An error as a subgraph reported it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Report {
    /// Its text.
    pub(super) message: String,
    /// Its path in the subgraph's own names.
    pub(super) path: Vec<Json>,
    /// Its extensions.
    pub(super) extensions: Map<String, Json>,
}

/// What an answer holds.
#[derive(Debug, Default)]
pub(super) struct Answered {
    /// What became of `data`; `None` if it is null or not there.
    pub(super) data: Option<Ingested>,
    /// The errors.
    pub(super) errors: Vec<Report>,
    /// The text that holds the leaves.
    pub(super) text: Bytes,
    /// Where each entity of each list stands in the text, or the root object, where that was asked
    /// for.
    pub(super) spans: Vec<Vec<(usize, usize)>>,
}

/// Reads an answer. Nothing of it is reachable from the root yet. `Err` says why it is none.
pub(super) fn read(
    plan: &Plan,
    slots: &mut Slots,
    asked: Asked<'_>,
    needs_spans: bool,
    answer: Answer,
) -> Result<Answered, String> {
    let text = match answer {
        Answer::Json(text) => text,
        Answer::Tree(tree) if needs_spans => {
            let mut sink = JsonSink::default();
            tree.data(&mut sink);
            let errors = Json::Array(tree.errors());
            let mut text = b"{\"data\":".to_vec();
            text.extend(sink.finish());
            text.extend(format!(",\"errors\":{errors}}}").into_bytes());
            text.into()
        }
        Answer::Tree(tree) => {
            let mut sink = TreeSink::new(Builder::new(plan, slots, asked));
            tree.data(&mut sink);
            let (builder, text) = sink.finish();
            return finish(Answered {
                data: Some(builder.finish()),
                errors: tree.errors().into_iter().map(report).collect(),
                text: text.into(),
                spans: Vec::new(),
            });
        }
    };
    if u32::try_from(text.len()).is_err() {
        return Err("is too large".into());
    }
    let json = std::str::from_utf8(&text).map_err(|_| "is not text in UTF-8")?;
    let mut driver = Driver {
        reader: Reader::new(json),
        text: json,
        spans: Vec::new(),
        needs_spans,
    };
    let answered = driver.response(plan, slots, asked).map_err(describe)?;
    let spans = driver.spans;
    finish(Answered {
        text,
        spans,
        ..answered
    })
}

/// Reads an entity or the root object again, into slots of another shape.
pub(super) fn read_part(
    plan: &Plan,
    slots: &mut Slots,
    ingest: IngestId,
    text: &Bytes,
    span: (usize, usize),
) -> Option<(Item, Vec<(SlotId, Value)>)> {
    let json = std::str::from_utf8(text).ok()?;
    let mut driver = Driver {
        reader: Reader::new_at(json, span.0),
        text: json,
        spans: Vec::new(),
        needs_spans: false,
    };
    let mut builder = Builder::new(plan, slots, Asked::Root(ingest));
    driver.value(&mut builder).ok()?;
    let ingested = builder.finish();
    Some((ingested.root?, ingested.fields))
}

fn describe(invalid: Invalid) -> String {
    format!(
        "is not the JSON of a GraphQL response: {} was expected at byte {}",
        invalid.expected, invalid.at
    )
}

fn finish(mut answered: Answered) -> Result<Answered, String> {
    if let Some(data) = &answered.data {
        if data.has_repeated_key {
            return Err("tells one field twice".into());
        }
        // Data that is null as a whole is told by a tree as a null root.
        let is_null = |item: &Item| *item == Item::Null;
        if data.root.as_ref().is_some_and(is_null) {
            answered.data = None;
        }
    }
    if answered.data.is_none() && answered.errors.is_empty() {
        return Err("holds neither data nor errors".into());
    }
    Ok(answered)
}

/// Drives a [`Builder`] with JSON text. It recurses only where the plan does.
struct Driver<'a> {
    reader: Reader<'a>,
    text: &'a str,
    spans: Vec<Vec<(usize, usize)>>,
    needs_spans: bool,
}

impl Driver<'_> {
    fn response(
        &mut self,
        plan: &Plan,
        slots: &mut Slots,
        asked: Asked<'_>,
    ) -> Result<Answered, Invalid> {
        let (mut data, mut errors, mut has_data) = (None, Vec::new(), false);
        let mut more = self.reader.open(b'{', b'}')?;
        while more {
            match &*self.reader.key()? {
                "data" if has_data => return Err(self.reader.invalid("`data` once")),
                "data" => {
                    has_data = true;
                    let mut builder = Builder::new(plan, slots, asked);
                    self.reader.peek();
                    let start = self.reader.position();
                    self.value(&mut builder)?;
                    if let (true, Asked::Root(_)) = (self.needs_spans, asked) {
                        self.spans = vec![vec![(start, self.reader.position())]];
                    }
                    data = Some(builder.finish());
                }
                "errors" => errors = self.errors()?,
                _ => {
                    self.reader.value()?;
                }
            }
            more = self.reader.take_separator(b'}')?;
        }
        if self.reader.peek().is_some() {
            return Err(self.reader.invalid("the end"));
        }
        Ok(Answered {
            data,
            errors,
            ..Answered::default()
        })
    }

    fn errors(&mut self) -> Result<Vec<Report>, Invalid> {
        let span = self.reader.value()?;
        let invalid = Invalid {
            expected: "a list of errors",
            at: span.start,
        };
        match serde_json::from_str(&self.text[span.start..span.end]).map_err(|_| invalid)? {
            Json::Null => Ok(Vec::new()),
            Json::Array(errors) => Ok(errors.into_iter().map(report).collect()),
            _ => Err(invalid),
        }
    }

    fn value(&mut self, builder: &mut Builder<'_>) -> Result<(), Invalid> {
        match self.reader.peek() {
            Some(b'{') if builder.wants_object() => {
                builder.begin_object();
                let mut more = self.reader.open(b'{', b'}')?;
                while more {
                    self.field(builder)?;
                    more = self.reader.take_separator(b'}')?;
                }
                builder.end_object();
            }
            Some(b'[') if builder.wants_list() => {
                builder.begin_list();
                if self.needs_spans {
                    self.begin_spans(builder);
                }
                let mut more = self.reader.open(b'[', b']')?;
                while more {
                    self.item(builder)?;
                    more = self.reader.take_separator(b']')?;
                }
                builder.end_list();
            }
            Some(b'n') => {
                self.reader.value()?;
                builder.null();
            }
            Some(b'{' | b'[') if !builder.wants_leaf() => {
                self.reader.value()?;
                builder.unwanted();
            }
            _ => {
                let span = self.reader.value()?;
                builder.leaf(span, self.text.as_bytes());
            }
        }
        Ok(())
    }

    fn field(&mut self, builder: &mut Builder<'_>) -> Result<(), Invalid> {
        let is_next = builder
            .next_key()
            .is_some_and(|expected| self.reader.take_key(expected));
        let is_wanted = if is_next {
            builder.take_next_key();
            true
        } else {
            builder.key(&self.reader.key()?)
        };
        if is_wanted {
            return self.value(builder);
        }
        self.reader.value().map(drop)
    }

    fn item(&mut self, builder: &mut Builder<'_>) -> Result<(), Invalid> {
        let list = builder.at_items().filter(|_| self.needs_spans);
        self.reader.peek();
        let start = self.reader.position();
        self.value(builder)?;
        if let Some(spans) = list.and_then(|list| self.spans.get_mut(list)) {
            spans.push((start, self.reader.position()));
        }
        Ok(())
    }

    fn begin_spans(&mut self, builder: &Builder<'_>) {
        if let Some(list) = builder.at_items() {
            self.spans
                .resize(self.spans.len().max(list + 1), Vec::new());
            self.spans[list].clear();
        }
    }
}

/// Reads an entry of `errors`, whatever it is.
fn report(error: Json) -> Report {
    let mut entry = match error {
        Json::Object(entry) => entry,
        _ => Map::new(),
    };
    let message = match entry.remove("message") {
        Some(Json::String(message)) if !message.is_empty() => message,
        _ => "The subgraph reported an error without a message.".into(),
    };
    let path = match entry.remove("path") {
        Some(Json::Array(path)) => path,
        _ => Vec::new(),
    };
    let extensions = match entry.remove("extensions") {
        Some(Json::Object(extensions)) => extensions,
        _ => Map::new(),
    };
    Report {
        message,
        path,
        extensions,
    }
}
