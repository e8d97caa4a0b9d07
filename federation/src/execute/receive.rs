//! Receives one answer: its data goes into slots, its errors into the client's terms. In: a request
//! and its outcome. Out: the verdict on the answer. Invariant: an answer that cannot be read adds
//! no value, and all nulls that it should have filled are explained.

use std::sync::Arc;

use indexmap::IndexSet;

use crate::{
    budget::Resource,
    error::SubgraphError,
    execute::{
        errors::invalid::invalid,
        execution::Execution,
        ingest::{
            answer::{self, Wanted},
            answered::{Answered, Unread},
            ingested::{Asked, Part},
        },
        merge::commit::Committed,
        pace::Pace,
        request::{in_flight::InFlight, representations::Holders},
        slots::ObjectId,
        transport::{Answer, Verdict},
    },
    query_plan::{Fetch, FetchId, FetchInput, IngestId},
};

impl Execution {
    /// Takes the outcome of a request; returns the verdict on the answer.
    pub(crate) async fn receive(
        &mut self,
        request: &InFlight,
        outcome: Result<Answer, SubgraphError>,
    ) -> Verdict {
        let plan = Arc::clone(&self.plan);
        let Some(fetch) = plan.fetches.get(request.fetch.0 as usize) else {
            return Verdict::Taken;
        };
        let (has_failed, verdict) = match outcome {
            Err(error) => {
                self.fail(fetch, request, error).await;
                (true, Verdict::Taken)
            }
            Ok(answer) => self.receive_answer(fetch, request, answer).await,
        };
        if let Some(of) = fetch.instead_of {
            self.explain_unfilled(of, request).await;
        }
        self.reports.push(crate::response::FetchReport {
            subgraph: fetch.subgraph_name.to_string(),
            fetch: request.fetch.0 as usize,
            representations: request.lists.iter().map(Vec::len).sum(),
            failed: has_failed,
        });
        verdict
    }

    /// Marks as explained what a fetch that replaces another does not fill in the objects it has
    /// brought.
    async fn explain_unfilled(&mut self, of: FetchId, request: &InFlight) {
        if self.unfilled.is_empty() {
            return;
        }
        let mut pace = Pace::default();
        let holders = request.lists.iter().flatten().flatten();
        for &(_, object) in holders {
            let rests = self.unfilled.get(&(of, object)).into_iter().flatten();
            let slots = &mut self.slots;
            let steps = rests.fold(1, |steps, rest| steps + rest.explain(slots, object));
            if pace.step(steps) && pace.rest(&self.budget).await.is_err() {
                return;
            }
        }
    }

    /// Whether nothing could be taken from the answer, and the verdict on it.
    async fn receive_answer(
        &mut self,
        fetch: &Fetch,
        request: &InFlight,
        answer: Answer,
    ) -> (bool, Verdict) {
        let before = self.slots.mark();
        let held = [Resource::Values, Resource::Bytes].map(|it| (it, self.budget.used(it)));
        let answered = match self.read(fetch, request, answer).await {
            Ok(answered) => answered,
            Err(why) => {
                self.slots.take_back(before);
                for (resource, held) in held {
                    let dropped = self.budget.used(resource).saturating_sub(held);
                    self.budget.give_back(resource, dropped);
                }
                self.fail(fetch, request, invalid(fetch, &why.describe()))
                    .await;
                let verdict = match why {
                    Unread::Invalid(_) => Verdict::Unreadable,
                    Unread::Exceeded(_) => Verdict::TooLarge,
                };
                return (true, verdict);
            }
        };
        let invalid = self.errors.of_invalid(&fetch.subgraph_name);
        let text = answered.text.clone();
        self.slots.add_buffer(answered.text, request.fetch);
        let has_failed = answered.data.is_none();
        let mut committed = Committed {
            has_errors: !answered.errors.is_empty(),
            ..Committed::default()
        };
        match answered.data {
            None => committed.absent = self.explain_request(fetch, request, None),
            Some(data) => self.commit(fetch, request, data, &mut committed).await,
        }
        let reports = answered.errors.read(&text);
        self.report(fetch, request, reports, &mut committed).await;
        let is_exceeded = committed.is_exceeded;
        self.report_inconsistencies(fetch, request, committed).await;
        let verdict = if is_exceeded {
            Verdict::TooLarge
        } else if self.errors.of_invalid(&fetch.subgraph_name) > invalid {
            Verdict::Misfit
        } else {
            Verdict::Taken
        };
        (has_failed, verdict)
    }

    /// Reads an answer, and parts of it again for objects of another shape than the first's.
    async fn read(
        &mut self,
        fetch: &Fetch,
        request: &InFlight,
        answer: Answer,
    ) -> Result<Answered, Unread> {
        let plan = Arc::clone(&self.plan);
        let budget = Arc::clone(&self.budget);
        let entities = asked_entities(fetch, request);
        let asked = match request.objects.first() {
            Some((_, ingest)) => Asked::Root(*ingest),
            None => Asked::Entities(&entities),
        };
        let others = other_shapes(fetch, request);
        let wanted = Wanted {
            asked,
            spans: !others.is_empty(),
        };
        let read = answer::read(&plan, &mut self.slots, &budget, wanted, answer);
        let mut answered = read.await?;
        let Some(data) = &mut answered.data else {
            return Ok(answered);
        };
        // Reading checked that it is UTF-8.
        let text = std::str::from_utf8(&answered.text).unwrap_or_default();
        let mut pace = Pace::default();
        for part in others {
            let span = (answered.spans.get(part.list)).and_then(|spans| spans.get(part.item));
            let Some(&(start, end)) = span else { continue };
            if pace.step((end - start) as u64) {
                pace.rest(&budget).await?;
            }
            let slots = &mut self.slots;
            let read = answer::read_part(&plan, slots, &budget, part.ingest, text, start)?;
            if let Some(read) = read {
                data.append(part, read);
            }
        }
        Ok(answered)
    }
}

fn asked_entities<'e>(fetch: &'e Fetch, request: &InFlight) -> Vec<(&'e str, Vec<IngestId>)> {
    let FetchInput::Entities(lists) = &fetch.input else {
        return Vec::new();
    };
    let of_list = |holders: &Vec<Holders>, at: usize| {
        let first = |holders: &Holders| lists[at].targets[holders[0].0].ingest;
        holders.iter().map(first).collect()
    };
    (lists.iter().zip(&request.lists).enumerate())
        .map(|(at, (list, holders))| (&*list.alias, of_list(holders, at)))
        .collect()
}

/// The parts of an answer that go to objects of different shapes, for all shapes but the first.
fn other_shapes(fetch: &Fetch, request: &InFlight) -> IndexSet<Part> {
    let mut parts = IndexSet::new();
    let mut add = |list: usize, item: usize, ingests: &mut dyn Iterator<Item = IngestId>| {
        let first = ingests.next();
        let others = ingests.filter(|ingest| Some(*ingest) != first);
        parts.extend(others.map(|ingest| Part { list, item, ingest }));
    };
    add(0, 0, &mut request.objects.iter().map(|(_, ingest)| *ingest));
    let FetchInput::Entities(lists) = &fetch.input else {
        return parts;
    };
    for (at, (list, items)) in lists.iter().zip(&request.lists).enumerate() {
        let first = list.targets.first().map(|target| target.ingest);
        if list
            .targets
            .iter()
            .all(|target| Some(target.ingest) == first)
        {
            continue;
        }
        for (item, holders) in items.iter().enumerate() {
            let ingest = |(target, _): &(usize, ObjectId)| list.targets[*target].ingest;
            add(at, item, &mut holders.iter().map(ingest));
        }
    }
    parts
}
