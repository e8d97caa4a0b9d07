//! One answer settled: its data in slots, its errors in the client's terms.

use indexmap::IndexSet;
use serde_json::Map;

use super::{
    Answer,
    answer::{self, Answered},
    errors::{explain, explain_all, only_visible_field},
    ingested::{Asked, Ingested, Item},
    report::Placed,
    representations::Holders,
    schedule::Execution,
    slots::{ObjectId, Place, Value},
};
use crate::{
    error::{Origin, PathElement, SubgraphError, SubgraphErrorKind},
    plan::model::{Fetch, FetchId, FetchInput, IngestId},
};

/// A request on its way.
#[derive(Debug)]
pub(super) struct InFlight {
    /// Of which fetch.
    pub(super) fetch: FetchId,
    /// The objects that root fields go into, each with how.
    pub(super) objects: Vec<(ObjectId, IngestId)>,
    /// For each list and representation, who holds it.
    pub(super) lists: Vec<Vec<Holders>>,
}

impl Execution {
    /// Takes the outcome of a request in.
    pub(super) fn settle(&mut self, request: &InFlight, outcome: Result<Answer, SubgraphError>) {
        let plan = std::sync::Arc::clone(&self.plan);
        let Some(fetch) = plan.fetches.get(request.fetch.0 as usize) else {
            return;
        };
        let has_failed = match outcome {
            Err(error) => {
                self.fail(fetch, request, None, error);
                true
            }
            Ok(answer) => self.settle_answer(fetch, request, answer),
        };
        self.reports.push(crate::response::FetchReport {
            subgraph: fetch.subgraph_name.to_string(),
            fetch: request.fetch.0 as usize,
            representations: request.lists.iter().map(Vec::len).sum(),
            failed: has_failed,
        });
    }

    /// Whether nothing could be taken from the answer.
    fn settle_answer(&mut self, fetch: &Fetch, request: &InFlight, answer: Answer) -> bool {
        let entities = asked_entities(fetch, request);
        let asked = match request.objects.first() {
            Some((_, ingest)) => Asked::Root(*ingest),
            None => Asked::Entities(&entities),
        };
        let others = other_shapes(fetch, request);
        let needs_spans = !others.is_empty();
        let mark = self.slots.mark();
        let plan = std::sync::Arc::clone(&self.plan);
        let answered = answer::read(&plan, &mut self.slots, asked, needs_spans, answer);
        let mut answered = match answered {
            Ok(answered) => answered,
            Err(why) => {
                self.slots.take_back(mark);
                self.fail(fetch, request, None, invalid(fetch, &why));
                return true;
            }
        };
        self.read_again(others, &mut answered);
        self.slots.add_buffer(answered.text, request.fetch);
        let has_errors = !answered.errors.is_empty();
        let has_failed = answered.data.is_none();
        match answered.data {
            None => self.explain_request(fetch, request, None),
            Some(mut data) => {
                if !has_errors {
                    let omissions = std::mem::take(&mut data.omissions);
                    data.misfits.extend(omissions);
                }
                self.commit(fetch, request, data, has_errors);
            }
        }
        self.report(fetch, request, answered.errors);
        has_failed
    }

    /// Reads parts of an answer again, for objects of another shape than the first's.
    fn read_again(&mut self, parts: IndexSet<Part>, answered: &mut Answered) {
        let Some(data) = &mut answered.data else {
            return;
        };
        for part in parts {
            let span = (answered.spans.get(part.list)).and_then(|spans| spans.get(part.item));
            let Some(&span) = span else { continue };
            let text = &answered.text;
            let read = answer::read_part(&self.plan, &mut self.slots, part.ingest, text, span);
            if let Some((item, fields)) = read {
                let moved = data.append(item, fields);
                let key = (part.list, part.item, part.ingest);
                data.again.insert(key, moved);
            }
        }
    }

    fn commit(&mut self, fetch: &Fetch, request: &InFlight, mut data: Ingested, has_errors: bool) {
        let lists = match &fetch.input {
            FetchInput::Root(_) | FetchInput::RootBelow(_) => {
                return self.commit_root(fetch, request, data);
            }
            FetchInput::Entities(lists) => lists,
        };
        if data.root.is_none() && data.lists.iter().all(Option::is_none) && has_errors {
            return self.explain_request(fetch, request, None);
        }
        let mut disagreeing = Vec::new();
        for (list, entity_list) in lists.iter().enumerate() {
            let holders = &request.lists[list];
            match data.lists[list].take() {
                Some(items) if items.len() == holders.len() => {
                    for (at, item) in items.iter().enumerate() {
                        let first = entity_list.targets[holders[at][0].0].ingest;
                        for &(target, object) in &holders[at] {
                            let ingest = entity_list.targets[target].ingest;
                            let item = match data.again.get(&(list, at, ingest)) {
                                Some(other) if ingest != first => other,
                                _ => item,
                            };
                            let is_shared = holders[at].len() > 1;
                            if !self.commit_entity((object, ingest), item, &data, is_shared) {
                                disagreeing.push(object);
                            }
                        }
                    }
                }
                None if has_errors => self.explain_request(fetch, request, Some(list)),
                None if holders.is_empty() => {}
                // What stands in a list of another length may belong to any object.
                Some(_) | None => {
                    data.misfits.retain(|misfit| {
                        misfit
                            .entity
                            .is_some_and(|(misfit_list, _)| misfit_list != list)
                    });
                    let why = "does not hold one entity for each representation";
                    self.fail(fetch, request, Some(list), invalid(fetch, why));
                }
            }
        }
        let all = disagreeing.into_iter().map(|object| Placed {
            object,
            rest: Vec::new(),
            message: disagreement(fetch),
            origin: misfit_origin(fetch),
            extensions: Map::new(),
        });
        self.push_placed(fetch, all.collect());
        self.report_misfits(fetch, request, data.misfits, data.untold_misfits);
    }

    fn commit_root(&mut self, fetch: &Fetch, request: &InFlight, data: Ingested) {
        let Some(Item::Object { fields, .. }) = &data.root else {
            let why = "holds `data` that is not an object";
            return self.fail(fetch, request, None, invalid(fetch, why));
        };
        let is_shared = request.objects.len() > 1;
        let mut disagreeing = Vec::new();
        for &(object, ingest) in &request.objects {
            let fields = match data.again.get(&(0, 0, ingest)) {
                Some(Item::Object { fields, .. }) => fields,
                _ => fields,
            };
            let mut disagreements = 0;
            for &(slot, value) in &data.fields[fields.clone()] {
                disagreements += self.commit_value(Place::Slot(object, slot), value, is_shared);
            }
            if disagreements > 0 {
                let only = only_visible_field(&self.plan, ingest);
                disagreeing.push(Placed {
                    object,
                    rest: only
                        .map(|name| PathElement::Key(name.into()))
                        .into_iter()
                        .collect(),
                    message: disagreement(fetch),
                    origin: misfit_origin(fetch),
                    extensions: Map::new(),
                });
            }
        }
        self.push_placed(fetch, disagreeing);
        self.report_misfits(fetch, request, data.misfits, data.untold_misfits);
    }

    /// Whether the entity agrees with what is known of the object.
    fn commit_entity(
        &mut self,
        (object, ingest): (ObjectId, IngestId),
        item: &Item,
        data: &Ingested,
        is_shared: bool,
    ) -> bool {
        match item {
            Item::Null => true,
            Item::Failed => {
                explain_all(&self.plan, &mut self.slots, object, ingest);
                true
            }
            Item::Object {
                runtime_type,
                fields,
            } => {
                if !self.slots.learn_type(object, *runtime_type) {
                    explain_all(&self.plan, &mut self.slots, object, ingest);
                    return false;
                }
                let mut disagreements = 0;
                for &(slot, value) in &data.fields[fields.clone()] {
                    disagreements += self.commit_value(Place::Slot(object, slot), value, is_shared);
                }
                disagreements == 0
            }
        }
    }

    /// One answer may go to many objects, and no object may have two parents.
    fn commit_value(&mut self, place: Place, value: Value, is_shared: bool) -> usize {
        if !is_shared {
            return self.slots.merge(place, value);
        }
        if self.slots.len() > self.max_values {
            self.is_exhausted = true;
            explain(&mut self.slots, place);
            return 0;
        }
        let copy = self.slots.copy(value);
        self.slots.merge(place, copy)
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

/// One entity of an answer, or with no list the root object, and how it goes into slots.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Part {
    list: usize,
    item: usize,
    ingest: IngestId,
}

/// What goes to objects of different shapes, for all but the first of them.
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

fn invalid(fetch: &Fetch, why: &str) -> SubgraphError {
    SubgraphError {
        kind: SubgraphErrorKind::Invalid,
        message: format!("The answer of subgraph `{}` {why}.", fetch.subgraph_name),
        retryable: false,
    }
}

/// The origin of a misfit.
pub(super) fn misfit_origin(fetch: &Fetch) -> Origin {
    Origin::Misfit {
        subgraph: fetch.subgraph_name.to_string(),
    }
}

fn disagreement(fetch: &Fetch) -> String {
    format!(
        "Subgraph `{}` answered something that contradicts what another subgraph answered.",
        fetch.subgraph_name
    )
}
