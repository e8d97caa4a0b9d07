//! Reports what is wrong with an answer beyond the errors that it holds: values that differ from
//! other answers, and fields that it left out. In: what committing it found. Out: errors; the nulls
//! that they explain are marked.

use indexmap::IndexSet;
use serde_json::Map;

use crate::{
    budget::{Exceeded, Resource},
    error::{Origin, PathElement},
    execute::{
        errors::{
            invalid::{invalid, misfit_origin},
            placed::Placed,
        },
        execution::Execution,
        ingest::answered::Unread,
        merge::{
            commit::Committed,
            values::{Disagreement, LaterValue, explain_below},
        },
        pace::Pace,
        request::{in_flight::InFlight, targets::response_name},
        slots::{ObjectId, Value, ValuePlace},
    },
    query_plan::{Fetch, FetchInput, IngestId, IngestInto, Presence},
};

/// Fields that an answer left out.
#[derive(Debug, Default)]
struct LeftOut {
    /// How many of them are looked for by their path.
    room: usize,
    /// The objects of the request that they are in, and the paths from there.
    listed: Vec<(ObjectId, Vec<PathElement>)>,
    /// How many more.
    unlisted: u64,
    /// How many fields were looked at.
    steps: u64,
}

/// Where a field may have been left out.
struct Way<'w> {
    top: ObjectId,
    path: &'w mut Vec<PathElement>,
    is_visible: bool,
}

impl Execution {
    /// Reports what no error of the answer explains.
    pub(crate) async fn report_inconsistencies(
        &mut self,
        fetch: &Fetch,
        request: &InFlight,
        committed: Committed,
    ) {
        self.tell_disagreements(fetch, &committed).await;
        if committed.has_omissions {
            self.tell_left_out(fetch, request, &committed).await;
        }
        if committed.is_exceeded {
            let why = Unread::Exceeded(Exceeded::Limit(Resource::Values)).describe();
            self.fail(fetch, request, invalid(fetch, &why)).await;
        }
    }

    async fn tell_disagreements(&mut self, fetch: &Fetch, committed: &Committed) {
        for disagreement in &committed.disagreements {
            explain_below(&self.plan, &mut self.slots, disagreement);
        }
        let is_of_entities = matches!(&fetch.input, FetchInput::Entities(_));
        let refused = committed.refused.iter().map(|object| (*object, Vec::new()));
        let later = committed
            .disagreements
            .iter()
            .filter_map(|it| match it.later {
                LaterValue::Misfit | LaterValue::LeftOut => None,
                // For an entity the error is at the entity itself.
                _ if is_of_entities => Some((it.top.0, Vec::new())),
                _ => Some((it.top.0, self.way_to(it, false))),
            });
        let contradicted: IndexSet<_> = refused.chain(later).collect();
        let left_out = committed
            .disagreements
            .iter()
            .filter(|it| it.later == LaterValue::LeftOut);
        let left_out = left_out
            .map(|it| (it.top.0, self.way_to(it, true)))
            .collect();
        let message = format!(
            "Subgraph `{}` answered something that contradicts what another subgraph answered.",
            fetch.subgraph_name
        );
        let origin = misfit_origin(fetch);
        self.push_misfits(fetch, &origin, contradicted, &message)
            .await;
        self.push_misfits(fetch, &origin, left_out, &left_out_message(fetch))
            .await;
    }

    /// The client's path to a disagreement, from the object that was completed to its slot, or to
    /// the item of the list there.
    fn way_to(&self, disagreement: &Disagreement, has_item: bool) -> Vec<PathElement> {
        let (object, slot) = disagreement.top;
        let name = response_name(&self.plan, self.slots.shape(object), slot);
        let Some(name) = name else { return Vec::new() };
        let mut way = vec![PathElement::Key(name.into())];
        let value = self.slots.get(ValuePlace::Slot(object, slot));
        if let (true, ValuePlace::Item(list, at)) = (has_item, disagreement.place)
            && value == Value::List(list)
        {
            way.push(PathElement::Index(at));
        }
        way
    }

    async fn tell_left_out(&mut self, fetch: &Fetch, request: &InFlight, committed: &Committed) {
        let origin = misfit_origin(fetch);
        let mut left_out = LeftOut {
            room: self.errors.room(&origin, &self.budget),
            ..LeftOut::default()
        };
        let mut pace = Pace::default();
        let mut asked: Vec<(ObjectId, IngestId)> = request.objects.clone();
        if let FetchInput::Entities(lists) = &fetch.input {
            for (list, items) in request.lists.iter().enumerate() {
                let items = items.iter().enumerate();
                let answered =
                    items.filter(|(at, _)| !committed.null_entities.contains(&(list, *at)));
                asked.extend(answered.flat_map(|(_, holders)| {
                    let holders = holders.iter();
                    holders.map(|(target, object)| (*object, lists[list].targets[*target].ingest))
                }));
            }
        }
        for (object, ingest) in asked {
            let mut path = Vec::new();
            let mut way = Way {
                top: object,
                path: &mut path,
                is_visible: true,
            };
            self.find_left_out(object, ingest, &mut way, &mut left_out);
            let steps = std::mem::take(&mut left_out.steps);
            if pace.step(steps) && pace.rest(&self.budget).await.is_err() {
                break;
            }
        }
        let listed = left_out.listed.into_iter().collect();
        self.push_misfits(fetch, &origin, listed, &left_out_message(fetch))
            .await;
        self.errors.pass_over(&origin, left_out.unlisted);
    }

    /// Finds fields that were asked for and that no answer holds, and marks them as explained.
    fn find_left_out(
        &mut self,
        object: ObjectId,
        ingest: IngestId,
        way: &mut Way<'_>,
        left_out: &mut LeftOut,
    ) {
        let plan = std::sync::Arc::clone(&self.plan);
        let Some(ingest) = plan.ingests.get(ingest.0 as usize) else {
            return;
        };
        let runtime_type = self.slots.runtime_type(object);
        left_out.steps += ingest.entries.len() as u64;
        for entry in &ingest.entries {
            let (slot, below) = match entry.into {
                IngestInto::Typename => continue,
                IngestInto::Leaf(slot) => (slot, None),
                IngestInto::Object { slot, ingest, .. } => (slot, Some(ingest)),
            };
            // Two keys may go into one slot: only that which the object was asked for counts.
            let (is_due, is_asked) = match runtime_type {
                Some(id) => (entry.presence.is_due_on(id), entry.presence.may_be_on(id)),
                None => (entry.presence == Presence::Always, true),
            };
            if !is_asked {
                continue;
            }
            let place = ValuePlace::Slot(object, slot);
            let value = self.slots.get(place);
            let is_left_out = is_due && value == Value::Missing;
            if !is_left_out && below.is_none() {
                continue;
            }
            let name = response_name(&plan, ingest.shape, slot).filter(|_| way.is_visible);
            way.path
                .extend(name.map(|name| PathElement::Key(name.into())));
            if is_left_out {
                self.slots.set(place, Value::Failed);
                if left_out.listed.len() < left_out.room {
                    left_out.listed.push((way.top, way.path.clone()));
                } else {
                    left_out.unlisted += 1;
                }
            } else if let Some(below) = below {
                let way = Way {
                    top: way.top,
                    path: &mut *way.path,
                    is_visible: name.is_some(),
                };
                self.find_left_out_in(value, below, way, left_out);
            }
            if name.is_some() {
                way.path.pop();
            }
        }
    }

    fn find_left_out_in(
        &mut self,
        value: Value,
        ingest: IngestId,
        mut way: Way<'_>,
        left_out: &mut LeftOut,
    ) {
        match value {
            Value::Object(object) => self.find_left_out(object, ingest, &mut way, left_out),
            Value::List(list) => {
                for at in 0..list.len() {
                    if way.is_visible {
                        way.path.push(PathElement::Index(at));
                    }
                    let item = self.slots.get(ValuePlace::Item(list, at));
                    let below = Way {
                        top: way.top,
                        path: &mut *way.path,
                        is_visible: way.is_visible,
                    };
                    self.find_left_out_in(item, ingest, below, left_out);
                    if way.is_visible {
                        way.path.pop();
                    }
                }
            }
            _ => {}
        }
    }

    /// Reports the same misfit of several places that a fetch completes; another's answer may be at
    /// fault.
    pub(crate) async fn push_misfits(
        &mut self,
        fetch: &Fetch,
        origin: &Origin,
        places: IndexSet<(ObjectId, Vec<PathElement>)>,
        message: &str,
    ) {
        let room = self.errors.room(origin, &self.budget);
        let unlisted = places.len().saturating_sub(room) as u64;
        let errors = places.into_iter().take(room).map(|(object, rest)| Placed {
            object,
            rest,
            nulls_entity: false,
            message: message.to_owned(),
            origin: origin.clone(),
            extensions: Map::new(),
        });
        self.push_placed(fetch, errors.collect()).await;
        self.errors.pass_over(origin, unlisted);
    }
}

fn left_out_message(fetch: &Fetch) -> String {
    format!(
        "Subgraph `{}` left out a field that it was asked for.",
        fetch.subgraph_name
    )
}
