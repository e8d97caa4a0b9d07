//! Puts the data of an answer into the objects that it was asked for. In: what was read, and the
//! request. Out: the objects with new values, and [`Committed`]: what is absent or differs from
//! earlier answers. Invariant: the value that came first stays, unless it is null.

use indexmap::IndexSet;

use crate::{
    budget::Resource,
    execute::{
        errors::{explain::explain_all, invalid::invalid},
        execution::Execution,
        ingest::ingested::{Ingested, Item, Part},
        merge::values::{Disagreement, Merge},
        pace::Pace,
        request::in_flight::InFlight,
        slots::{ObjectId, Value},
    },
    query_plan::{EntityList, Fetch, FetchInput, IngestId, SlotId},
};

/// What committing an answer's data found.
#[derive(Debug, Default)]
pub(crate) struct Committed {
    /// Whether the answer holds errors, which may explain what is not there.
    pub(crate) has_errors: bool,
    /// Objects for which the answer holds nothing at all.
    pub(crate) absent: Vec<(ObjectId, IngestId)>,
    /// List and item of entities that are null.
    pub(crate) null_entities: IndexSet<(usize, usize)>,
    /// Values that do not agree with those of other answers.
    pub(crate) disagreements: Vec<Disagreement>,
    /// Objects of another type than in other answers, or of more values than may be held.
    pub(crate) refused: Vec<ObjectId>,
    /// Whether a field may have been left out.
    pub(crate) has_omissions: bool,
    /// Whether there were more values than may be held.
    pub(crate) is_exceeded: bool,
}

impl Execution {
    /// Puts data into the objects it was asked for.
    pub(crate) async fn commit(
        &mut self,
        fetch: &Fetch,
        request: &InFlight,
        mut data: Ingested,
        committed: &mut Committed,
    ) {
        committed.has_omissions = data.has_omissions;
        let lists = match &fetch.input {
            FetchInput::Root(_) | FetchInput::RootBelow(_) => {
                return self.commit_root(fetch, request, data, committed).await;
            }
            FetchInput::Entities(lists) => lists,
        };
        if data.root.is_none() && data.lists.iter().all(Option::is_none) && committed.has_errors {
            committed.absent = self.explain_request(fetch, request, None);
            return;
        }
        let mut of_other_length: Option<Vec<(ObjectId, IngestId)>> = None;
        for (list, entity_list) in lists.iter().enumerate() {
            let holders = &request.lists[list];
            match data.lists[list].take() {
                Some(items) if items.len() == holders.len() => {
                    self.commit_list(list, entity_list, request, &items, &data, committed)
                        .await;
                }
                None if committed.has_errors => {
                    let absent = self.explain_request(fetch, request, Some(list));
                    committed.absent.extend(absent);
                }
                None if holders.is_empty() => {}
                // With a list of another length it is not known which item belongs to which object.
                Some(_) | None => {
                    data.misfits.retain(|misfit| {
                        misfit
                            .entity
                            .is_some_and(|(misfit_list, _)| misfit_list != list)
                    });
                    let absent = self.explain_request(fetch, request, Some(list));
                    of_other_length.get_or_insert_default().extend(absent);
                }
            }
        }
        if let Some(absent) = of_other_length {
            let why = "does not hold one entity for each representation";
            self.report_failure(fetch, request, &absent, invalid(fetch, why))
                .await;
        }
        self.report_misfits(fetch, request, data.misfits, data.unlisted_misfits)
            .await;
    }

    async fn commit_list(
        &mut self,
        list: usize,
        entity_list: &EntityList,
        request: &InFlight,
        items: &[Item],
        data: &Ingested,
        committed: &mut Committed,
    ) {
        let mut pace = Pace::default();
        for (at, (item, holders)) in items.iter().zip(&request.lists[list]).enumerate() {
            if *item == Item::Null {
                committed.null_entities.insert((list, at));
            }
            let first = entity_list.targets[holders[0].0].ingest;
            for &(target, object) in holders {
                let ingest = entity_list.targets[target].ingest;
                let part = Part {
                    list,
                    item: at,
                    ingest,
                };
                let item = match data.again.get(&part) {
                    Some(other) if ingest != first => other,
                    _ => item,
                };
                let is_shared = holders.len() > 1;
                let steps = self.commit_entity(object, ingest, item, is_shared, data, committed);
                if pace.step(steps) && pace.rest(&self.budget).await.is_err() {
                    committed.is_exceeded = true;
                }
            }
        }
    }

    async fn commit_root(
        &mut self,
        fetch: &Fetch,
        request: &InFlight,
        data: Ingested,
        committed: &mut Committed,
    ) {
        let Some(Item::Object { fields, .. }) = &data.root else {
            let why = "holds `data` that is not an object";
            return self.fail(fetch, request, invalid(fetch, why)).await;
        };
        let is_shared = request.objects.len() > 1;
        let mut pace = Pace::default();
        for &(object, ingest) in &request.objects {
            let part = Part {
                list: 0,
                item: 0,
                ingest,
            };
            let fields = match data.again.get(&part) {
                Some(Item::Object { fields, .. }) => fields,
                _ => fields,
            };
            let fields = &data.fields[fields.clone()];
            let steps = self.commit_fields(object, ingest, fields, is_shared, committed);
            if pace.step(steps) && pace.rest(&self.budget).await.is_err() {
                committed.is_exceeded = true;
            }
        }
        self.report_misfits(fetch, request, data.misfits, data.unlisted_misfits)
            .await;
    }

    /// Puts one entity into one object; returns the steps that it took.
    fn commit_entity(
        &mut self,
        object: ObjectId,
        ingest: IngestId,
        item: &Item,
        is_shared: bool,
        data: &Ingested,
        committed: &mut Committed,
    ) -> u64 {
        match item {
            Item::Null => 1,
            Item::Failed => {
                explain_all(&self.plan, &mut self.slots, object, ingest);
                1
            }
            Item::Object {
                runtime_type,
                fields,
            } => {
                if !self.slots.learn_type(object, *runtime_type) {
                    explain_all(&self.plan, &mut self.slots, object, ingest);
                    committed.refused.push(object);
                    return 1;
                }
                let fields = &data.fields[fields.clone()];
                self.commit_fields(object, ingest, fields, is_shared, committed)
            }
        }
    }

    fn commit_fields(
        &mut self,
        object: ObjectId,
        ingest: IngestId,
        fields: &[(SlotId, Value)],
        is_shared: bool,
        committed: &mut Committed,
    ) -> u64 {
        let mut steps = 1;
        for &(slot, value) in fields {
            let value = if is_shared && !committed.is_exceeded {
                let (copied, size) = self.copy(value);
                steps += size;
                committed.is_exceeded |= copied.is_none();
                copied.unwrap_or(Value::Failed)
            } else if is_shared {
                Value::Failed
            } else {
                value
            };
            steps += 1;
            let mut merge = Merge {
                plan: &self.plan,
                slots: &mut self.slots,
                disagreements: &mut committed.disagreements,
            };
            merge.slot(object, ingest, slot, value);
        }
        steps
    }

    /// Copies a value for one of several objects, since no object may have two parents. Returns the
    /// copy and how many values it has; no copy if there is no room for them.
    fn copy(&mut self, value: Value) -> (Option<Value>, u64) {
        let before = self.slots.mark();
        let may_hold = self.budget.left(Resource::Values);
        let mut left = may_hold;
        let copied = self.slots.copy(value, &mut left);
        let size = may_hold - left;
        if copied.is_none() || self.budget.spend(Resource::Values, size).is_err() {
            self.slots.take_back(before);
            return (None, size);
        }
        (copied, size)
    }
}
