//! Reads an answer of a subgraph: `data` goes into slots, `errors` stay as they are. In: an
//! [`Answer`]. Out: an [`Answered`], or an [`Unread`] that says why it is not taken. Invariant: no
//! older slot points to the new ones yet, so that they can be taken back.

use serde_json::Value as Json;

use crate::{
    budget::{Budget, Exceeded, Resource},
    execute::{
        errors::reported::Reported,
        ingest::{
            answered::{Answered, Unread},
            builder::Builder,
            driver::Driver,
            ingested::{Asked, Ingested, Item},
            tree::{JsonSink, TreeSink},
        },
        pace::{Pace, TURN},
        slots::Slots,
        transport::Answer,
    },
    query_plan::{IngestId, Plan},
};

/// What is wanted of an answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted<'e> {
    /// What was asked for.
    pub(crate) asked: Asked<'e>,
    /// Whether parts of it are read again.
    pub(crate) spans: bool,
}

/// Reads an answer into slots that the root does not lead to yet.
pub(crate) async fn read(
    plan: &Plan,
    slots: &mut Slots,
    budget: &Budget,
    wanted: Wanted<'_>,
    answer: Answer,
) -> Result<Answered, Unread> {
    let text = match answer {
        Answer::Json(text) => text,
        Answer::Tree(mut tree) if wanted.spans => {
            let mut sink = JsonSink::default();
            let mut pace = Pace::default();
            while tree.data(&mut sink, TURN) {
                sink.check(budget)?;
                pace.step(TURN);
                pace.rest(budget).await?;
            }
            let errors = Json::Array(tree.errors());
            let mut text = b"{\"data\":".to_vec();
            text.extend(sink.finish());
            text.extend(format!(",\"errors\":{errors}}}").into_bytes());
            text.into()
        }
        Answer::Tree(mut tree) => {
            let mut sink = TreeSink::new(Builder::new(plan, slots, wanted.asked), budget);
            let mut pace = Pace::default();
            while tree.data(&mut sink, TURN) {
                // The sink counts what it takes.
                sink.check()?;
                pace.rest(budget).await?;
            }
            let (builder, text) = sink.finish()?;
            return finish(Answered {
                data: Some(builder.finish()),
                errors: Reported::Values(tree.errors()),
                text: text.into(),
                spans: Vec::new(),
            });
        }
    };
    budget.spend(Resource::Bytes, text.len() as u64)?;
    let too_large = |_| Unread::Invalid("is too large".into());
    u32::try_from(text.len()).map_err(too_large)?;
    let not_text = |_| Unread::Invalid("is not text in UTF-8".into());
    let json = std::str::from_utf8(&text).map_err(not_text)?;
    let mut driver = Driver::new(json, 0, wanted.spans);
    let answered = driver.response(plan, slots, budget, wanted.asked).await?;
    let spans = driver.into_spans();
    finish(Answered {
        text,
        spans,
        ..answered
    })
}

/// Reads an entity or the root object again, into slots of another shape.
pub(crate) fn read_part(
    plan: &Plan,
    slots: &mut Slots,
    budget: &Budget,
    ingest: IngestId,
    text: &str,
    at: usize,
) -> Result<Option<Ingested>, Exceeded> {
    let mut driver = Driver::new(text, at, false);
    let mut builder = Builder::new(plan, slots, Asked::Root(ingest));
    loop {
        // It was read before: it is JSON.
        let Ok(is_done) = driver.run(&mut builder) else {
            return Ok(None);
        };
        builder.count(budget)?;
        if is_done {
            return Ok(Some(builder.finish()));
        }
    }
}

fn finish(mut answered: Answered) -> Result<Answered, Unread> {
    if let Some(data) = &answered.data {
        if data.has_repeated_key {
            return Err(Unread::Invalid("has one field twice".into()));
        }
        // Data that is null as a whole is a null root in a tree.
        let is_null = |item: &Item| *item == Item::Null;
        if data.root.as_ref().is_some_and(is_null) {
            answered.data = None;
        }
    }
    if answered.data.is_none() && answered.errors.is_empty() {
        return Err(Unread::Invalid("holds neither data nor errors".into()));
    }
    Ok(answered)
}
