//! What mutations do to the data: each changes all that is read after it, until the next.

use std::sync::{Mutex, MutexGuard};

use apollo_compiler::response::JsonMap;

use crate::model::{Field, Kind, Model};

/// The changes that were made.
pub(crate) struct Changes {
    /// Whether each is one subgraph's alone: fields that stand side by side and are of one subgraph
    /// may be asked for at once, and whether they are is not to be told where several have one.
    are_told: bool,
    made: Mutex<Made>,
}

#[derive(Default)]
struct Made {
    /// Whether what is made counts.
    has_started: bool,
    /// The fields with their arguments, in their order.
    fields: Vec<String>,
    /// Whose change was the last.
    last: Option<usize>,
    /// How often it was another's turn.
    turns: u64,
}

impl Changes {
    pub(crate) fn new(model: &Model) -> Self {
        let mut mutations = model.types.iter().filter(|ty| ty.kind == Kind::Mutation);
        Self {
            are_told: mutations.all(|ty| ty.fields.iter().all(|field| field.homes.len() == 1)),
            made: Mutex::default(),
        }
    }

    fn made(&self) -> MutexGuard<'_, Made> {
        self.made.lock().expect("no panic")
    }

    /// Begins with nothing changed, and tells what was until now.
    pub(crate) fn start(&self) -> Vec<String> {
        let started = Made {
            has_started: true,
            ..Made::default()
        };
        std::mem::replace(&mut *self.made(), started).fields
    }

    /// Lets the data be as they always were, and tells what was changed.
    pub(crate) fn stop(&self) -> Vec<String> {
        std::mem::take(&mut *self.made()).fields
    }

    /// Makes a change.
    pub(crate) fn make(&self, field: &Field, arguments: &JsonMap) {
        let mut made = self.made();
        if !made.has_started {
            return;
        }
        let arguments = serde_json::to_string(arguments).unwrap_or_default();
        made.fields.push(format!("{}{arguments}", field.name));
        let home = field.homes.first().copied();
        if self.are_told && made.last != home {
            made.last = home;
            made.turns += 1;
        }
    }

    /// What the data depend on, besides who is asked for what.
    pub(crate) fn state(&self) -> String {
        match self.made().turns {
            0 => String::new(),
            turns => format!("/{turns}"),
        }
    }
}
