//! The requests of one fetch, for the objects that are there now: what is sent, and whom it is for.
//! An object that cannot be asked about is left out, and its nulls are explained.

use std::sync::Arc;

use apollo_compiler::response::JsonMap;
use bytes::Bytes;
use indexmap::{IndexMap, IndexSet};

use crate::{
    budget::Resource,
    error::{ResponseError, code},
    execute::{
        errors::explain::explain_all,
        execution::Execution,
        request::{
            in_flight::InFlight,
            representations::{
                ContextValues, Holders, MOST_GROUPS, Reason, Refused, Representations, collect,
            },
            targets::{Walker, objects_at},
            variables::Variables,
        },
        slots::{ObjectId, ROOT},
    },
    query_plan::{EntityList, Fetch, FetchId, FetchInput, IngestId},
};

/// About what is held of an object that is left out.
const LEFT_OUT_BYTES: u64 = 32;

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
            Some(other) => match self.without_inputs.swap_remove(&other) {
                None => return Vec::new(),
                only => only,
            },
        };
        let mut collected: Vec<Representations> = Vec::with_capacity(lists.len());
        for list in lists {
            let plan = Arc::clone(&self.plan);
            let wanted = (list, only.as_ref());
            let made = collect(&plan, &self.slots, &self.budget, wanted).await;
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

    /// Asking for the objects of a fetch would take more than is allowed: none is asked for.
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

    async fn note_left_out(
        &mut self,
        (id, fetch): (FetchId, &Fetch),
        list: &EntityList,
        representations: &mut Representations,
    ) {
        let plan = Arc::clone(&self.plan);
        let of_dependants = fetch.dependants.iter();
        let mut of_dependants = of_dependants.filter_map(|id| plan.fetches.get(id.0 as usize));
        let has_other = of_dependants.any(|other| other.instead_of == Some(id));
        let mut misfits: IndexMap<Option<FetchId>, Vec<ObjectId>> = IndexMap::new();
        let mut untyped = Vec::new();
        for left_out in representations.left_out.drain(..) {
            match left_out.reason {
                Reason::OtherType | Reason::NullKey => continue,
                Reason::FailedInput if has_other => {
                    // Past the budget it is not asked for again.
                    if self.budget.spend(Resource::Bytes, LEFT_OUT_BYTES).is_ok() {
                        let others = self.without_inputs.entry(id).or_default();
                        others.insert(left_out.object);
                    }
                }
                Reason::FailedInput => {}
                Reason::UnknownType => untyped.push(left_out.object),
                Reason::Misfit(culprit) => {
                    misfits.entry(culprit).or_default().push(left_out.object);
                }
            }
            let ingest = list.targets[left_out.target].ingest;
            explain_all(&self.plan, &mut self.slots, left_out.object, ingest);
        }
        self.report_untyped(fetch, untyped).await;
        for (culprit, objects) in misfits {
            self.misled.extend(culprit);
            let culprit = culprit.and_then(|id| plan.fetches.get(id.0 as usize));
            let culprit = culprit.unwrap_or(fetch);
            let message = format!(
                "Subgraph `{}` answered a key that subgraph `{}` cannot be asked with.",
                culprit.subgraph_name, fetch.subgraph_name
            );
            let objects = objects.into_iter().map(|object| (object, Vec::new()));
            self.push_misfits(fetch, culprit, objects.collect(), &message)
                .await;
        }
    }
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
