//! Errors that writing finds: values that do not fit, and nulls in non-null places, each with the
//! subgraph that is at fault.

use crate::{
    error::{Origin, ResponseError},
    execute::{
        errors::collected::About,
        slots::Text,
        write::{
            frame::{Inside, Nulled, path_of},
            writer::Writer,
        },
    },
    query_plan::{FetchId, ValueSource},
};

impl Writer<'_> {
    pub(crate) fn misfit(&mut self, text: Text) -> Result<(), Nulled> {
        let origin = self.origin(text);
        let message = match &origin {
            Origin::Misfit { subgraph } => {
                format!(
                    "Subgraph `{subgraph}` answered a value that does not fit the field's type."
                )
            }
            _ => "A value was answered that does not fit the field's type.".into(),
        };
        self.error(&message, origin);
        Err(Nulled)
    }

    pub(crate) fn origin(&mut self, text: Text) -> Origin {
        let fetch = self.execution.slots.fetch(text);
        match fetch.and_then(|fetch| self.blame(fetch)) {
            Some(subgraph) => Origin::Misfit { subgraph },
            None => Origin::Completion { subgraph: None },
        }
    }

    /// The origin of an error about the field that is written now.
    pub(crate) fn origin_here(&mut self) -> Origin {
        let within = self.frames.iter().rev();
        let mut objects = within.filter_map(|frame| match &frame.inside {
            Inside::Object(object, variant) => Some((*object, &variant.fields[frame.begun - 1])),
            Inside::List(..) | Inside::Leaves { .. } => None,
        });
        let slot = objects
            .next()
            .and_then(|(object, field)| match field.source {
                ValueSource::Slot(slot) => Some((self.execution.slots.shape(object), slot)),
                _ => None,
            });
        let plan = &self.execution.plan;
        let writers = self.writers.get_or_insert_with(|| plan.writers());
        let fetch = slot.and_then(|slot| writers.get(&slot).copied().flatten());
        Origin::Completion {
            subgraph: fetch.and_then(|fetch| self.blame(fetch)),
        }
    }

    /// The subgraph of a fetch whose answer does not fit.
    fn blame(&mut self, fetch: FetchId) -> Option<String> {
        let name = &self
            .execution
            .plan
            .fetches
            .get(fetch.0 as usize)?
            .subgraph_name;
        if !self.misled.contains(&fetch) {
            self.misled.push(fetch);
        }
        Some(name.to_string())
    }

    pub(crate) fn error(&mut self, message: &str, origin: Origin) {
        self.faults += 1;
        let budget = &self.execution.budget;
        if !self.errors.has_room(&origin, budget) {
            return self.errors.pass_over(&origin, 1);
        }
        let error = ResponseError {
            message: message.to_owned(),
            locations: Vec::new(),
            path: Some(path_of(&self.frames)),
            origin,
            extensions: serde_json::Map::new(),
        };
        self.errors.push(error, About::Object, budget);
    }
}
