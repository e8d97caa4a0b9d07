//! Takes answers that pass their values to a [`Sink`], as subgraphs in the same process do. Out:
//! slots; or JSON text, where the answer has to be read more than once. Invariant: past the budget
//! all further values are dropped.

use crate::{
    budget::{Budget, Exceeded, Resource},
    execute::{ingest::builder::Builder, transport::Sink},
    json::Span,
};

/// Passes what is walked on to a [`Builder`] and keeps the text of leaves.
#[derive(Debug)]
pub(crate) struct TreeSink<'e> {
    builder: Builder<'e>,
    budget: &'e Budget,
    /// Set when there was more than may be held: the rest is passed over.
    exceeded: Option<Exceeded>,
    text: Vec<u8>,
    /// How deep the present value is inside one that is not wanted.
    unwanted: usize,
}

impl<'e> TreeSink<'e> {
    pub(crate) fn new(builder: Builder<'e>, budget: &'e Budget) -> Self {
        Self {
            builder,
            budget,
            exceeded: None,
            text: Vec::new(),
            unwanted: 0,
        }
    }

    /// What was walked, and the text of its leaves, which is counted.
    pub(crate) fn finish(mut self) -> Result<(Builder<'e>, Vec<u8>), Exceeded> {
        self.check()?;
        self.builder.count(self.budget)?;
        self.budget.spend(Resource::Bytes, self.text.len() as u64)?;
        Ok((self.builder, self.text))
    }

    /// Fails if there was more than may be held.
    pub(crate) fn check(&self) -> Result<(), Exceeded> {
        self.exceeded.map_or(Ok(()), Err)
    }

    /// Whether more values are taken: more may be held.
    fn goes_on(&mut self) -> bool {
        if self.exceeded.is_none() {
            if self.builder.is_turn_over() {
                self.exceeded = self.builder.count(self.budget).err();
            }
            if self.text.len() as u64 > self.budget.left(Resource::Bytes) {
                self.exceeded = Some(Exceeded::Limit(Resource::Bytes));
            }
        }
        self.exceeded.is_none()
    }

    fn begin(&mut self, is_wanted: bool) -> bool {
        let is_wanted = is_wanted && self.unwanted == 0;
        self.unwanted += usize::from(!is_wanted);
        is_wanted
    }

    fn end(&mut self) -> bool {
        match self.unwanted {
            0 => return true,
            1 => self.builder.unwanted(),
            _ => {}
        }
        self.unwanted -= 1;
        false
    }
}

impl Sink for TreeSink<'_> {
    fn begin_object(&mut self) {
        if self.goes_on() && self.begin(self.builder.wants_object()) {
            self.builder.begin_object();
        }
    }

    fn key(&mut self, name: &str) -> bool {
        if self.exceeded.is_some() || self.unwanted > 0 {
            return false;
        }
        if self.builder.next_key() == Some(name) {
            self.builder.take_next_key();
            return true;
        }
        self.builder.key(name)
    }

    fn end_object(&mut self) {
        if self.exceeded.is_none() && self.end() {
            self.builder.end_object();
        }
    }

    fn expects_leaf(&self) -> bool {
        self.exceeded.is_none() && self.unwanted == 0 && self.builder.wants_leaf()
    }

    fn begin_list(&mut self) {
        if self.goes_on() && self.begin(self.builder.wants_list()) {
            self.builder.begin_list();
        }
    }

    fn end_list(&mut self) {
        if self.exceeded.is_none() && self.end() {
            self.builder.end_list();
        }
    }

    fn null(&mut self) {
        if self.goes_on() && self.unwanted == 0 {
            self.builder.null();
        }
    }

    fn leaf(&mut self, write: &mut dyn FnMut(&mut Vec<u8>)) {
        if !self.goes_on() || self.unwanted > 0 {
            return;
        }
        let start = self.text.len();
        write(&mut self.text);
        let span = Span {
            start,
            end: self.text.len(),
            is_unicode: true,
        };
        self.builder.leaf(span, &self.text);
    }
}

/// Writes what is walked as JSON text.
#[derive(Debug, Default)]
pub(crate) struct JsonSink {
    text: Vec<u8>,
}

impl JsonSink {
    /// The text.
    pub(crate) fn finish(self) -> Vec<u8> {
        self.text
    }

    /// Fails if there was more than may be held.
    pub(crate) fn check(&self, budget: &Budget) -> Result<(), Exceeded> {
        if self.text.len() as u64 > budget.left(Resource::Bytes) {
            return Err(Exceeded::Limit(Resource::Bytes));
        }
        Ok(())
    }

    fn separate(&mut self) {
        if !matches!(self.text.last(), None | Some(b'{' | b'[' | b':')) {
            self.text.push(b',');
        }
    }
}

impl Sink for JsonSink {
    fn begin_object(&mut self) {
        self.separate();
        self.text.push(b'{');
    }

    fn key(&mut self, name: &str) -> bool {
        self.separate();
        write_string(&mut self.text, name);
        self.text.push(b':');
        true
    }

    fn end_object(&mut self) {
        self.text.push(b'}');
    }

    fn expects_leaf(&self) -> bool {
        false
    }

    fn begin_list(&mut self) {
        self.separate();
        self.text.push(b'[');
    }

    fn end_list(&mut self) {
        self.text.push(b']');
    }

    fn null(&mut self) {
        self.separate();
        self.text.extend_from_slice(b"null");
    }

    fn leaf(&mut self, write: &mut dyn FnMut(&mut Vec<u8>)) {
        self.separate();
        write(&mut self.text);
    }
}

/// Writes a string as JSON text.
pub(crate) fn write_string(out: &mut Vec<u8>, text: &str) {
    // Writing a string to memory cannot fail.
    let _ = serde_json::to_writer(out, text);
}
