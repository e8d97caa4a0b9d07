//! Turns a subgraph's `data` into slots, value by value, without a tree in between. In: the values
//! in the order of the document, and the plan's ingest program. Out: slots, and misfits. Invariant:
//! a value that does not fit becomes a null that an error explains, and one that was not asked for
//! is passed over.

use smallvec::SmallVec;

use crate::{
    budget::{Budget, Exceeded, Resource},
    error::PathElement,
    execute::{
        ingest::{
            frame::{Expect, Frame, TypeSeen, Within, is_left_out},
            ingested::{Asked, Ingested, Item, Misfit},
        },
        pace::TURN,
        slots::{Slots, Value},
    },
    json::{Span, decode_name},
    query_plan::{Ingest, IngestId, IngestInto, Plan, RuntimeType, SlotId},
};

/// How many misfits of one answer are listed one by one.
const LISTED_MISFITS: usize = 100;

/// Takes `data` piece by piece.
#[derive(Debug)]
pub(crate) struct Builder<'e> {
    plan: &'e Plan,
    slots: &'e mut Slots,
    asked: Asked<'e>,
    frames: Vec<Frame>,
    fields: Vec<(SlotId, Value)>,
    items: Vec<Value>,
    out: Ingested,
    /// Values and slots made since they were last counted.
    uncounted: u64,
    /// Values passed over since.
    passed_over: u64,
}

impl<'e> Builder<'e> {
    /// Starts before `data`.
    pub(crate) fn new(plan: &'e Plan, slots: &'e mut Slots, asked: Asked<'e>) -> Self {
        let lists = match asked {
            Asked::Root(_) => 0,
            Asked::Entities(lists) => lists.len(),
        };
        let out = Ingested {
            lists: vec![None; lists],
            ..Ingested::default()
        };
        Self {
            plan,
            slots,
            asked,
            frames: Vec::new(),
            fields: Vec::new(),
            items: Vec::new(),
            out,
            uncounted: 0,
            passed_over: 0,
        }
    }

    /// Whether so much was made since the last count that it is time for the next.
    pub(crate) fn is_turn_over(&self) -> bool {
        self.uncounted + self.passed_over >= TURN
    }

    /// Counts the values made since the last count.
    pub(crate) fn count(&mut self, budget: &Budget) -> Result<(), Exceeded> {
        let made = std::mem::take(&mut self.uncounted);
        let passed_over = std::mem::take(&mut self.passed_over);
        budget.spend(Resource::Work, made + passed_over)?;
        budget.spend(Resource::Values, made)
    }

    /// The result.
    pub(crate) fn finish(self) -> Ingested {
        self.out
    }

    fn expected(&self) -> Expect {
        match (self.frames.last(), self.asked) {
            (
                Some(Frame {
                    within: Within::Items(list),
                    ..
                }),
                Asked::Entities(lists),
            ) => {
                let item = self.out.lists[*list].as_ref().map_or(0, Vec::len);
                (lists[*list].1.get(item)).map_or(Expect::Nothing, |ingest| Expect::Object {
                    ingest: *ingest,
                    lists: 0,
                })
            }
            (Some(frame), _) => frame.expect,
            (None, Asked::Root(ingest)) => Expect::Object { ingest, lists: 0 },
            (None, Asked::Entities(_)) => Expect::Data,
        }
    }

    /// Whether an object may stand here that has to be read field by field.
    pub(crate) fn wants_object(&self) -> bool {
        matches!(
            self.expected(),
            Expect::Object { lists: 0, .. } | Expect::Data
        )
    }

    /// Whether a list may stand here that has to be read item by item.
    pub(crate) fn wants_list(&self) -> bool {
        match self.expected() {
            Expect::Items(_) => true,
            Expect::Object { lists, .. } => lists > 0,
            _ => false,
        }
    }

    /// Whether a leaf may stand here.
    pub(crate) fn wants_leaf(&self) -> bool {
        matches!(self.expected(), Expect::Leaf | Expect::Typename)
    }

    /// The list whose entities are read now.
    pub(crate) fn at_items(&self) -> Option<usize> {
        match self.frames.last()?.within {
            Within::Items(list) => Some(list),
            _ => None,
        }
    }

    /// An object begins where one is wanted.
    pub(crate) fn begin_object(&mut self) {
        let (within, entries) = match self.expected() {
            Expect::Object { ingest, .. } => {
                let of_object = self.ingest(ingest);
                // INVARIANT: all slots of an object are counted, however few of them an answer
                // fills.
                let shape = self.plan.shapes.get(of_object.shape.0 as usize);
                self.uncounted += shape.map_or(0, |shape| shape.slots.len() as u64);
                (Within::Object(ingest), of_object.entries.len())
            }
            _ => (Within::Data, 0),
        };
        self.push(within, Expect::Nothing, self.fields.len(), entries);
    }

    /// A list begins where one is wanted.
    pub(crate) fn begin_list(&mut self) {
        let (within, expect) = match self.expected() {
            Expect::Items(list) => {
                self.out.lists[list] = Some(Vec::new());
                (Within::Items(list), Expect::Nothing)
            }
            Expect::Object { ingest, lists } => {
                let lists = lists.saturating_sub(1);
                (Within::List, Expect::Object { ingest, lists })
            }
            other => (Within::List, other),
        };
        self.push(within, expect, self.items.len(), 0);
    }

    fn push(&mut self, within: Within, expect: Expect, start: usize, entries: usize) {
        self.frames.push(Frame {
            within,
            expect,
            start,
            entry: 0,
            next: 0,
            seen: SmallVec::from_elem(0, entries.div_ceil(64)),
            runtime_type: TypeSeen::No,
        });
    }

    /// The key that comes next if the subgraph answers in the order of the document.
    pub(crate) fn next_key(&self) -> Option<&'e str> {
        let frame = self.frames.last()?;
        let Within::Object(ingest) = frame.within else {
            return None;
        };
        let entry = self.ingest(ingest).entries.get(frame.next)?;
        Some(&entry.key)
    }

    /// The next key is the one expected.
    pub(crate) fn take_next_key(&mut self) {
        if let Some(next) = self.frames.last().map(|frame| frame.next) {
            self.enter(next);
        }
    }

    /// The next key; whether its value is wanted.
    pub(crate) fn key(&mut self, key: &str) -> bool {
        let Some(frame) = self.frames.last_mut() else {
            return false;
        };
        match (frame.within, self.asked) {
            (Within::Data, Asked::Entities(lists)) => {
                let Some(list) = lists.iter().position(|(alias, _)| *alias == key) else {
                    return false;
                };
                self.out.has_repeated_key |= self.out.lists[list].is_some();
                frame.expect = Expect::Items(list);
                true
            }
            (Within::Object(ingest), _) => match self.ingest(ingest).find(key) {
                Some(entry) => {
                    self.enter(entry);
                    true
                }
                None => false,
            },
            _ => false,
        }
    }

    fn enter(&mut self, entry: usize) {
        let plan = self.plan;
        let Some(frame) = self.frames.last_mut() else {
            return;
        };
        let Within::Object(ingest) = frame.within else {
            return;
        };
        let (word, bit) = (entry / 64, 1 << (entry % 64));
        self.out.has_repeated_key |= frame.seen[word] & bit != 0;
        frame.seen[word] |= bit;
        (frame.entry, frame.next) = (entry, entry + 1);
        frame.expect = match plan.ingests[ingest.0 as usize].entries[entry].into {
            IngestInto::Typename => Expect::Typename,
            IngestInto::Leaf(_) => Expect::Leaf,
            IngestInto::Object { lists, ingest, .. } => Expect::Object { ingest, lists },
        };
    }

    /// A value that is not wanted.
    pub(crate) fn pass_over(&mut self) {
        self.passed_over += 1;
    }

    /// Null.
    pub(crate) fn null(&mut self) {
        self.deliver(Value::Null);
    }

    /// A leaf, or what is not wanted, as a span of the buffer that is added next.
    pub(crate) fn leaf(&mut self, span: Span, text: &[u8]) {
        match self.expected() {
            Expect::Leaf if span.is_unicode => {
                self.deliver(Value::Leaf(self.slots.next_text(span.start, span.end)));
            }
            Expect::Leaf => self.misfit("text in Unicode"),
            Expect::Typename => {
                let seen = decode_name(&text[span.start..span.end])
                    .filter(|_| text[span.start] == b'"')
                    .and_then(|name| self.plan.types.find(&name))
                    .map_or(TypeSeen::Wrong, TypeSeen::Yes);
                if let Some(frame) = self.frames.last_mut() {
                    frame.runtime_type = seen;
                }
            }
            _ => self.unwanted(),
        }
    }

    /// A value of another kind than is wanted, passed over whole.
    pub(crate) fn unwanted(&mut self) {
        match self.expected() {
            Expect::Leaf | Expect::Typename => self.misfit("a scalar"),
            Expect::Object { lists: 0, .. } | Expect::Data => self.misfit("an object"),
            Expect::Object { .. } | Expect::Items(_) => self.misfit("a list"),
            Expect::Nothing => self.deliver(Value::Failed),
        }
    }

    /// The object ends.
    pub(crate) fn end_object(&mut self) {
        let Some(frame) = self.frames.pop() else {
            return;
        };
        let Within::Object(id) = frame.within else {
            return;
        };
        let ingest = self.ingest(id);
        let runtime_type = match (&ingest.runtime_type, frame.runtime_type) {
            (RuntimeType::Known(known), _) => Some(*known),
            (RuntimeType::Unknown, _) => None,
            (RuntimeType::Reported(possible), TypeSeen::Yes(seen)) if possible.contains(seen) => {
                Some(seen)
            }
            (RuntimeType::Reported(_), _) => {
                self.fields.truncate(frame.start);
                return self.misfit("an object of a type that may stand here");
            }
        };
        self.out.has_omissions |= is_left_out(ingest, &frame, runtime_type);
        if matches!(
            self.frames.last(),
            None | Some(Frame {
                within: Within::Items(_),
                ..
            })
        ) {
            let first = self.out.fields.len();
            self.out.fields.extend(self.fields.drain(frame.start..));
            let fields = first..self.out.fields.len();
            return self.deliver_item(Item::Object {
                runtime_type,
                fields,
            });
        }
        let fields = self.fields.drain(frame.start..);
        let object = (self.slots).add_object(self.plan, ingest.shape, runtime_type, fields);
        self.deliver(Value::Object(object));
    }

    /// The list ends.
    pub(crate) fn end_list(&mut self) {
        let Some(frame) = self.frames.pop() else {
            return;
        };
        if let Within::List = frame.within {
            let list = self.slots.add_list(&self.items[frame.start..]);
            self.items.truncate(frame.start);
            self.deliver(Value::List(list));
        }
    }

    fn deliver(&mut self, value: Value) {
        self.uncounted += 1;
        let Some(frame) = self.frames.last() else {
            let is_null = value == Value::Null;
            return self.deliver_item(if is_null { Item::Null } else { Item::Failed });
        };
        match frame.within {
            Within::Object(ingest) => match self.ingest(ingest).entries[frame.entry].into {
                IngestInto::Leaf(slot) | IngestInto::Object { slot, .. } => {
                    self.fields.push((slot, value));
                }
                IngestInto::Typename => {}
            },
            Within::List => self.items.push(value),
            Within::Items(_) => {
                let is_null = value == Value::Null;
                self.deliver_item(if is_null { Item::Null } else { Item::Failed });
            }
            Within::Data => {}
        }
    }

    fn deliver_item(&mut self, item: Item) {
        match (self.frames.last().map(|frame| frame.within), self.asked) {
            (Some(Within::Items(list)), Asked::Entities(asked)) => {
                // One more than asked for tells that the list is too long.
                let most = asked[list].1.len() + 1;
                if let Some(items) = self.out.lists[list].as_mut().filter(|it| it.len() < most) {
                    items.push(item);
                }
            }
            _ => self.out.root = Some(item),
        }
    }

    /// Notes that the value here is not what was asked for.
    fn misfit(&mut self, expected: &'static str) {
        if self.out.misfits.len() < LISTED_MISFITS {
            let misfit = self.locate(expected);
            self.out.misfits.push(misfit);
        } else {
            self.out.unlisted_misfits += 1;
        }
        self.deliver(Value::Failed);
    }

    fn locate(&self, expected: &'static str) -> Misfit {
        let (mut entity, mut path, mut is_visible) = (None, Vec::new(), true);
        for (depth, frame) in self.frames.iter().enumerate() {
            match frame.within {
                Within::Items(list) => {
                    entity = Some((list, self.out.lists[list].as_ref().map_or(0, Vec::len)));
                }
                Within::List if is_visible => {
                    let next_list = self.frames[depth + 1..]
                        .iter()
                        .find(|frame| matches!(frame.within, Within::List));
                    let end = next_list.map_or(self.items.len(), |next| next.start);
                    path.push(PathElement::Index(end - frame.start));
                }
                Within::Object(ingest) if is_visible => match self.name(ingest, frame.entry) {
                    Some(name) => path.push(PathElement::Key(name.into())),
                    None => is_visible = false,
                },
                _ => {}
            }
        }
        Misfit {
            entity,
            path,
            expected,
        }
    }

    /// The client's name for an entry; `None` for a hidden one.
    fn name(&self, ingest: IngestId, entry: usize) -> Option<&'e str> {
        let ingest = self.ingest(ingest);
        let slot = match ingest.entries.get(entry)?.into {
            IngestInto::Typename => return None,
            IngestInto::Leaf(slot) | IngestInto::Object { slot, .. } => slot,
        };
        crate::execute::request::targets::response_name(self.plan, ingest.shape, slot)
    }

    fn ingest(&self, id: IngestId) -> &'e Ingest {
        &self.plan.ingests[id.0 as usize]
    }
}
