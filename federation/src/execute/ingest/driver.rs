//! Reads JSON text into a [`Builder`], a turn at a time, without recursion. In: the text of a
//! response. Out: calls of the builder, or why the text is not JSON.

use crate::{
    budget::Budget,
    execute::{
        errors::reported::Reported,
        ingest::{
            answered::{Answered, Unread},
            builder::Builder,
            ingested::Asked,
        },
        pace::Pace,
        slots::Slots,
    },
    json::{Invalid, Reader, Scan, Span},
    query_plan::Plan,
};

/// An object or list that is being read.
#[derive(Clone, Copy, Debug)]
enum Open {
    Object,
    List {
        /// Which list of entities, where their spans are wanted.
        items: Option<usize>,
        /// Where its present item begins.
        start: usize,
    },
}

/// What comes next.
#[derive(Clone, Copy, Debug)]
enum Next {
    /// A value that is wanted.
    Value,
    /// The rest of a long value that is read whole.
    Rest(Whole),
    /// What follows a value.
    After,
}

/// An object or a list that is not read part by part.
#[derive(Clone, Copy, Debug)]
enum Whole {
    /// A leaf: a list of leaves, or a custom scalar.
    Leaf,
    /// A value of another kind than is wanted.
    Unwanted,
    /// The value of a field that is not wanted.
    PassedOver,
}

/// Bytes of such a value that are read in one turn.
const SCANNED: usize = 64 << 10;

/// Reads one value into a builder.
#[derive(Debug)]
pub(crate) struct Driver<'a> {
    reader: Reader<'a>,
    text: &'a str,
    open: Vec<Open>,
    next: Next,
    /// Of the value that is read whole.
    scan: Option<Scan>,
    spans: Vec<Vec<(usize, usize)>>,
    needs_spans: bool,
}

impl<'a> Driver<'a> {
    /// Starts at a place of a text.
    pub(crate) fn new(text: &'a str, at: usize, needs_spans: bool) -> Self {
        Self {
            reader: Reader::new_at(text, at),
            text,
            open: Vec::new(),
            next: Next::Value,
            scan: None,
            spans: Vec::new(),
            needs_spans,
        }
    }

    /// Where the entities of each list stand, or the root object.
    pub(crate) fn into_spans(self) -> Vec<Vec<(usize, usize)>> {
        self.spans
    }

    /// Reads a whole response.
    pub(crate) async fn response(
        &mut self,
        plan: &Plan,
        slots: &mut Slots,
        budget: &Budget,
        asked: Asked<'_>,
    ) -> Result<Answered, Unread> {
        let mut answered = Answered::default();
        let (mut has_data, mut has_errors) = (false, false);
        let mut pace = Pace::default();
        let mut more = self.reader.open(b'{', b'}')?;
        while more {
            let start = self.reader.position();
            match &*self.reader.key()? {
                "data" if has_data => return Err(self.reader.invalid("`data` once").into()),
                "data" => {
                    has_data = true;
                    let mut builder = Builder::new(plan, slots, asked);
                    self.data(&mut builder, budget, matches!(asked, Asked::Root(_)))
                        .await?;
                    answered.data = Some(builder.finish());
                }
                "errors" if has_errors => {
                    return Err(self.reader.invalid("`errors` once").into());
                }
                "errors" => {
                    has_errors = true;
                    answered.errors = self.errors(budget).await?;
                }
                _ => {
                    self.pass_over(budget).await?;
                }
            }
            if pace.step(1 + (self.reader.position() - start) as u64 / 64) {
                pace.rest(budget).await?;
            }
            more = self.reader.take_separator(b'}')?;
        }
        pace.count(budget)?;
        if self.reader.peek().is_some() {
            return Err(self.reader.invalid("the end").into());
        }
        Ok(answered)
    }

    async fn data(
        &mut self,
        builder: &mut Builder<'_>,
        budget: &Budget,
        is_root: bool,
    ) -> Result<(), Unread> {
        self.reader.peek();
        let start = self.reader.position();
        let mut pace = Pace::default();
        while !self.run(builder)? {
            builder.count(budget)?;
            pace.rest(budget).await?;
        }
        builder.count(budget)?;
        if self.needs_spans && is_root {
            self.spans = vec![vec![(start, self.reader.position())]];
        }
        Ok(())
    }

    async fn errors(&mut self, budget: &Budget) -> Result<Reported, Unread> {
        self.reader.peek();
        let mut list = self.reader.clone();
        let span = self.pass_over(budget).await?;
        match list.peek() {
            Some(b'n') => Ok(Reported::default()),
            Some(b'[') if !list.open(b'[', b']')? => Ok(Reported::default()),
            Some(b'[') => Ok(Reported::Text(span.start, span.end)),
            _ => Err(Unread::from(Invalid {
                expected: "a list of errors",
                at: span.start,
            })),
        }
    }

    /// Reads over a value, however long.
    async fn pass_over(&mut self, budget: &Budget) -> Result<Span, Unread> {
        if !self.is_at_bracket() {
            return Ok(self.reader.value()?);
        }
        let mut scan = self.reader.begin_scan();
        let mut pace = Pace::default();
        loop {
            if let Some(span) = self.reader.scan(&mut scan, SCANNED)? {
                return Ok(span);
            }
            pace.rest(budget).await?;
        }
    }

    fn is_at_bracket(&mut self) -> bool {
        matches!(self.reader.peek(), Some(b'{' | b'['))
    }

    /// Reads until the turn is over (false) or the value has ended (true).
    pub(crate) fn run(&mut self, builder: &mut Builder<'_>) -> Result<bool, Invalid> {
        while !builder.is_turn_over() {
            let next = match self.next {
                Next::Value => self.value(builder)?,
                Next::Rest(whole) => match self.rest(builder, whole)? {
                    Next::Rest(_) => return Ok(false),
                    next => next,
                },
                Next::After => match self.open.last().copied() {
                    None => return Ok(true),
                    Some(open) => self.after(builder, open)?,
                },
            };
            self.next = next;
        }
        Ok(false)
    }

    fn value(&mut self, builder: &mut Builder<'_>) -> Result<Next, Invalid> {
        match self.reader.peek() {
            Some(b'{') if builder.wants_object() => {
                builder.begin_object();
                if self.reader.open(b'{', b'}')? {
                    self.open.push(Open::Object);
                    return self.key(builder);
                }
                builder.end_object();
            }
            Some(b'[') if builder.wants_list() => {
                builder.begin_list();
                let items = builder.at_items().filter(|_| self.needs_spans);
                if let Some(list) = items {
                    self.begin_spans(list);
                }
                if self.reader.open(b'[', b']')? {
                    self.reader.peek();
                    let start = self.reader.position();
                    self.open.push(Open::List { items, start });
                    return Ok(Next::Value);
                }
                builder.end_list();
            }
            Some(b'n') => {
                self.reader.value()?;
                builder.null();
            }
            Some(b'{' | b'[') if !builder.wants_leaf() => {
                return self.whole(builder, Whole::Unwanted);
            }
            Some(b'{' | b'[') => return self.whole(builder, Whole::Leaf),
            _ => {
                let span = self.reader.value()?;
                builder.leaf(span, self.text.as_bytes());
            }
        }
        Ok(Next::After)
    }

    /// Begins to read an object or a list whole.
    fn whole(&mut self, builder: &mut Builder<'_>, whole: Whole) -> Result<Next, Invalid> {
        self.scan = Some(self.reader.begin_scan());
        self.rest(builder, whole)
    }

    /// Reads on in a value that is read whole.
    fn rest(&mut self, builder: &mut Builder<'_>, whole: Whole) -> Result<Next, Invalid> {
        let Some(begun) = &mut self.scan else {
            return Ok(Next::After);
        };
        let Some(span) = self.reader.scan(begun, SCANNED)? else {
            return Ok(Next::Rest(whole));
        };
        match whole {
            Whole::Leaf => builder.leaf(span, self.text.as_bytes()),
            Whole::Unwanted => builder.unwanted(),
            Whole::PassedOver => {}
        }
        Ok(Next::After)
    }

    /// What follows a value in an object or list.
    fn after(&mut self, builder: &mut Builder<'_>, open: Open) -> Result<Next, Invalid> {
        let Open::List { items, start } = open else {
            if self.reader.take_separator(b'}')? {
                return self.key(builder);
            }
            self.open.pop();
            builder.end_object();
            return Ok(Next::After);
        };
        if let Some(spans) = items.and_then(|list| self.spans.get_mut(list)) {
            spans.push((start, self.reader.position()));
        }
        if self.reader.take_separator(b']')? {
            self.reader.peek();
            let start = self.reader.position();
            if let Some(Open::List { start: of_item, .. }) = self.open.last_mut() {
                *of_item = start;
            }
            return Ok(Next::Value);
        }
        self.open.pop();
        builder.end_list();
        Ok(Next::After)
    }

    fn key(&mut self, builder: &mut Builder<'_>) -> Result<Next, Invalid> {
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
            return Ok(Next::Value);
        }
        builder.pass_over();
        if self.is_at_bracket() {
            return self.whole(builder, Whole::PassedOver);
        }
        self.reader.value()?;
        Ok(Next::After)
    }

    fn begin_spans(&mut self, list: usize) {
        let lists = self.spans.len().max(list + 1);
        self.spans.resize(lists, Vec::new());
        self.spans[list].clear();
    }
}
