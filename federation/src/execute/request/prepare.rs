//! Prepares the requests of one fetch. In: a fetch, and the slots. Out: its requests with their
//! variables: one, or one for each set of context values, or none where there is no object.
//! Invariant: an object that cannot be asked about is left out, and its nulls are explained.

use std::sync::Arc;

use apollo_compiler::response::JsonMap;
use bytes::Bytes;
use indexmap::{IndexMap, IndexSet};

use crate::{
    budget::Resource,
    error::{Origin, ResponseError, code},
    execute::{
        errors::{explain::explain_others, invalid::misfit_origin, unfilled::Rest},
        execution::Execution,
        request::{
            in_flight::InFlight,
            left_out::{Fault, Reason},
            representations::{
                Collecting, ContextValues, Holders, MOST_GROUPS, MaySend, Refused, Representations,
            },
            targets::{Walker, objects_at},
            variables::Variables,
        },
        slots::{ObjectId, ROOT},
    },
    index::TypeSet,
    query_plan::{
        EntityList, EntityTarget, Fetch, FetchId, FetchInput, IngestId, Plan, ShapeId, SlotId,
    },
};

/// About how many bytes an object that is left out takes, with what is reported of it.
const LEFT_OUT_BYTES: u64 = 96;

/// A request with its variables.
pub(crate) struct Outgoing {
    pub(crate) request: InFlight,
    pub(crate) variables: Bytes,
}

impl Execution {
    /// The requests of a fetch: one, or one for each set of context values; none without objects.
    pub(crate) async fn prepare(
        &mut self,
        id: FetchId,
        fetch: &Fetch,
        variables: &JsonMap,
        may_send: MaySend<'_>,
    ) -> Vec<Outgoing> {
        let lists = match &fetch.input {
            FetchInput::Root(ingest) => {
                return vec![root_request(id, fetch, vec![(ROOT, *ingest)], variables)];
            }
            FetchInput::RootBelow(targets) => {
                let objects = objects_at(&self.slots, targets);
                let is_asked = !objects.is_empty();
                let request = is_asked.then(|| root_request(id, fetch, objects, variables));
                return request.into_iter().collect();
            }
            FetchInput::Entities(lists) => lists,
        };
        let only = match fetch.instead_of {
            None => None,
            Some(other) => match self.without_inputs.get(&other) {
                None => return Vec::new(),
                Some(only) => Some(Arc::clone(only)),
            },
        };
        let mut collected: Vec<Representations> = Vec::with_capacity(lists.len());
        for list in lists {
            let plan = Arc::clone(&self.plan);
            let wanted = (list, only.as_deref());
            let collecting = Collecting {
                plan: &plan,
                slots: &self.slots,
                budget: &self.budget,
                may_send,
            };
            let made = collecting.collect(wanted).await;
            let mut representations = match made {
                Ok(representations) => representations,
                Err(why) => {
                    self.refuse(id, fetch, &why).await;
                    return Vec::new();
                }
            };
            self.note_left_out((id, fetch), list, &mut representations)
                .await;
            collected.push(representations);
        }
        let groups: IndexSet<ContextValues> = collected
            .iter()
            .flat_map(|representations| representations.groups.keys().cloned())
            .collect();
        groups
            .iter()
            .map(|group| {
                let mut text = Variables::new(fetch, variables);
                text.member(group);
                let mut holders = Vec::with_capacity(lists.len());
                for (list, representations) in lists.iter().zip(&mut collected) {
                    let group = representations
                        .groups
                        .swap_remove(group)
                        .unwrap_or_default();
                    text.list(list, group.keys());
                    holders.push(group.into_values().collect::<Vec<Holders>>());
                }
                Outgoing {
                    request: InFlight {
                        fetch: id,
                        objects: Vec::new(),
                        lists: holders,
                    },
                    variables: text.finish(),
                }
            })
            .collect()
    }

    /// Reports that asking for the objects of a fetch would take more than is allowed: none is
    /// asked for.
    async fn refuse(&mut self, id: FetchId, fetch: &Fetch, why: &Refused) {
        let mut request = InFlight {
            fetch: id,
            objects: Vec::new(),
            lists: Vec::new(),
        };
        for (path, ingest) in fetch.input.targets() {
            let mut walker = Walker::new(path);
            while let Some(object) = walker.next(&self.slots) {
                request.objects.push((object, ingest));
            }
        }
        let absent = self.explain_request(fetch, &request, None);
        let name = &fetch.subgraph_name;
        let message = match why {
            Refused::Exceeded => format!(
                "To ask subgraph `{name}` for so many objects would take more than the gateway \
                 holds for one request; ask for shorter lists."
            ),
            Refused::Groups => format!(
                "Subgraph `{name}` would have to be asked once for each of the different values of \
                 a context, which are more than {MOST_GROUPS} here; ask for shorter lists."
            ),
        };
        let error = ResponseError::request(code::MAX_ANSWER, message);
        self.spread(fetch, &request, &absent, &error).await;
    }

    /// Notes objects that are left out, and reports why unless an error says so. Where other
    /// fetches replace this one, these report what they leave out.
    async fn note_left_out(
        &mut self,
        (id, fetch): (FetchId, &Fetch),
        list: &EntityList,
        representations: &mut Representations,
    ) {
        let plan = Arc::clone(&self.plan);
        let is_first = fetch.instead_of.is_none();
        let mut by_target: IndexMap<usize, Others> = IndexMap::new();
        let nobody = Others::default();
        let mut said = Said::default();
        let mut refused = Vec::new();
        for left_out in representations.left_out.drain(..) {
            let is_of_input = match left_out.reason {
                Reason::OtherType | Reason::NullKey => continue,
                Reason::Key(_) => false,
                Reason::Input(_) | Reason::MissingInput(_) => true,
            };
            let target = &list.targets[left_out.target];
            let object = left_out.object;
            let others = if is_of_input {
                let others = by_target.entry(left_out.target);
                &*others.or_insert_with(|| Others::of(&plan, (id, fetch), target))
            } else {
                &nobody
            };
            // Past the budget no fetch that replaces this one asks for it.
            let has_others = !others.ingests.is_empty()
                && self.budget.spend(Resource::Bytes, LEFT_OUT_BYTES).is_ok();
            let others = if has_others { others } else { &nobody };
            if has_others && is_first {
                let objects = self.without_inputs.entry(id).or_default();
                Arc::make_mut(objects).insert(object);
            }
            let (Reason::Key(fault) | Reason::Input(fault)) = left_out.reason else {
                continue;
            };
            let filled = (others.ingests.as_slice(), &*others.rest);
            let explained = (object, target.ingest);
            if !explain_others(&plan, &mut self.slots, explained, filled) {
                continue;
            }
            if !others.rest.partly.is_empty() {
                let of = fetch.instead_of.unwrap_or(id);
                let rests = self.unfilled.entry((of, object)).or_default();
                rests.push(Arc::clone(&others.rest));
            }
            if self.tell_once(fetch, object, fault) {
                if fault == Fault::Refused {
                    refused.push(explained);
                }
                said.add(object, is_of_input, fault);
            }
        }
        self.tell_refused(fetch, refused).await;
        self.tell_left_out_of(fetch, said).await;
    }

    /// Reports that the host does not let a subgraph be asked about objects.
    async fn tell_refused(&mut self, fetch: &Fetch, objects: Vec<(ObjectId, IngestId)>) {
        if objects.is_empty() {
            return;
        }
        let name = &fetch.subgraph_name;
        let error = ResponseError {
            message: format!("Subgraph `{name}` may not be asked about this object."),
            locations: Vec::new(),
            path: None,
            extensions: serde_json::Map::new(),
            origin: Origin::Refused {
                subgraph: name.to_string(),
            },
        };
        self.spread_over(fetch, &objects, &error).await;
    }

    /// Reports why objects are left out.
    async fn tell_left_out_of(&mut self, fetch: &Fetch, said: Said) {
        let plan = Arc::clone(&self.plan);
        let to = &fetch.subgraph_name;
        self.report_untyped(fetch, said.untyped).await;
        for ((culprit, is_of_input), objects) in said.misfits {
            self.misled.extend(culprit);
            let culprit = culprit.and_then(|id| plan.fetches.get(id.0 as usize));
            let culprit = culprit.unwrap_or(fetch);
            let from = &culprit.subgraph_name;
            let message = if is_of_input {
                format!(
                    "Subgraph `{from}` answered a value that does not fit what subgraph `{to}` requires."
                )
            } else {
                format!(
                    "Subgraph `{from}` answered a key that subgraph `{to}` cannot be asked with."
                )
            };
            let objects = objects.into_iter().map(|object| (object, Vec::new()));
            let origin = misfit_origin(culprit);
            self.push_misfits(fetch, &origin, objects.collect(), &message)
                .await;
        }
        if said.nulls.is_empty() {
            return;
        }
        let writers = plan.writers();
        for (slot, objects) in said.nulls {
            let culprit = slot.and_then(|slot| writers.get(&slot).copied().flatten());
            self.misled.extend(culprit);
            let culprit = culprit.and_then(|id| plan.fetches.get(id.0 as usize));
            let (message, origin) = match culprit {
                Some(culprit) => {
                    let from = &culprit.subgraph_name;
                    let message = format!(
                        "Subgraph `{from}` answered null for a value that subgraph `{to}` requires."
                    );
                    (message, misfit_origin(culprit))
                }
                None => {
                    let message =
                        format!("Null was answered for a value that subgraph `{to}` requires.");
                    (message, Origin::Completion { subgraph: None })
                }
            };
            let objects = objects.into_iter().map(|object| (object, Vec::new()));
            self.push_misfits(fetch, &origin, objects.collect(), &message)
                .await;
        }
    }

    /// Whether no fetch that replaces the same one has reported yet why an object is left out.
    fn tell_once(&mut self, fetch: &Fetch, object: ObjectId, fault: Fault) -> bool {
        match fetch.instead_of {
            Some(of) if fault != Fault::Failed => self.told.insert((of, object, fault)),
            _ => true,
        }
    }
}

/// Objects for which it is reported why they are left out.
#[derive(Default)]
struct Said {
    /// By the fetch whose answer does not fit, and whether the value is an input, not a part of the
    /// key.
    misfits: IndexMap<(Option<FetchId>, bool), Vec<ObjectId>>,
    untyped: Vec<ObjectId>,
    /// By the slot whose null cannot be sent.
    nulls: IndexMap<Option<(ShapeId, SlotId)>, Vec<ObjectId>>,
}

impl Said {
    fn add(&mut self, object: ObjectId, is_of_input: bool, fault: Fault) {
        match fault {
            // An error reports it.
            Fault::Failed | Fault::Refused => {}
            Fault::Untyped => self.untyped.push(object),
            Fault::Null(slot) => self.nulls.entry(slot).or_default().push(object),
            Fault::Misfit(culprit) => {
                let objects = self.misfits.entry((culprit, is_of_input)).or_default();
                objects.push(object);
            }
        }
    }
}

/// What other fetches bring of the objects of a target that a fetch leaves out.
#[derive(Default)]
struct Others {
    /// The programs that read their answers into the objects.
    ingests: Vec<IngestId>,
    /// What they do not fill.
    rest: Arc<Rest>,
}

impl Others {
    /// The fetches that replace a fetch; for one that itself replaces another, those that are sent
    /// less: they ask for the objects on the way to its fields.
    fn of(plan: &Plan, (id, fetch): (FetchId, &Fetch), target: &EntityTarget) -> Self {
        let is_like = |other: &EntityTarget| {
            let types = |of: &'_ EntityTarget| -> Vec<Option<TypeSet>> {
                let variants = of.representation.iter();
                variants.map(|variant| variant.types.clone()).collect()
            };
            other.path == target.path && types(other) == types(target)
        };
        let of = fetch.instead_of.unwrap_or(id);
        let first = plan.fetches.get(of.0 as usize);
        let dependants = first.into_iter().flat_map(|first| &first.dependants);
        let fetches = dependants.filter(|other| **other != id);
        let fetches = fetches.filter_map(|other| plan.fetches.get(other.0 as usize));
        let lists = fetches
            .filter(|other| other.instead_of == Some(of))
            .flat_map(|other| match &other.input {
                FetchInput::Entities(lists) => lists.as_slice(),
                FetchInput::Root(_) | FetchInput::RootBelow(_) => &[],
            });
        let all = lists.flat_map(|list| &list.targets);
        let is_first = fetch.instead_of.is_none();
        let ingests =
            all.filter(|other| is_like(other) && (is_first || sends_no_more(other, target)));
        let ingests: Vec<IngestId> = ingests.map(|other| other.ingest).collect();
        let rest = Arc::new(Rest::of(plan, target.ingest, &ingests));
        Self { ingests, rest }
    }
}

/// Whether a list sends no more than another one of the same objects.
fn sends_no_more(one: &EntityTarget, other: &EntityTarget) -> bool {
    let takes = |variable: &str| other.context.iter().any(|own| *own.variable == *variable);
    let mut variants = one.representation.iter().zip(&other.representation);
    one.context.iter().all(|own| takes(&own.variable))
        && variants.all(|(one, other)| {
            let sent = |slot: SlotId| other.fields.iter().any(|field| field.slot == slot);
            one.fields.iter().all(|field| sent(field.slot))
        })
}

/// Asks for root fields.
fn root_request(
    id: FetchId,
    fetch: &Fetch,
    objects: Vec<(ObjectId, IngestId)>,
    variables: &JsonMap,
) -> Outgoing {
    Outgoing {
        request: InFlight {
            fetch: id,
            objects,
            lists: Vec::new(),
        },
        variables: Variables::new(fetch, variables).finish(),
    }
}
