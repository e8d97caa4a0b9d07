//! A request that was sent to a subgraph: of which fetch, and for which objects.

use crate::{
    execute::{request::representations::Holders, slots::ObjectId},
    query_plan::{Fetch, FetchId, FetchInput, IngestId},
};

/// A request that was sent.
#[derive(Debug)]
pub(crate) struct InFlight {
    /// Of which fetch.
    pub(crate) fetch: FetchId,
    /// The objects that root fields go into, each with its ingest program.
    pub(crate) objects: Vec<(ObjectId, IngestId)>,
    /// For each list and representation, the objects that it stands for.
    pub(crate) lists: Vec<Vec<Holders>>,
}

impl InFlight {
    /// The objects that the request, or one list of it, should have filled.
    pub(crate) fn asked<'e>(
        &'e self,
        fetch: &'e Fetch,
        only: Option<usize>,
    ) -> impl Iterator<Item = (ObjectId, IngestId)> + 'e {
        let lists: &[_] = match &fetch.input {
            FetchInput::Root(_) | FetchInput::RootBelow(_) => &[],
            FetchInput::Entities(lists) => lists,
        };
        let of_lists = lists.iter().zip(&self.lists).enumerate();
        let of_lists = of_lists.filter(move |(list, _)| only.is_none_or(|only| only == *list));
        let of_lists = of_lists.flat_map(|(_, (list, holders))| {
            let holder = |(target, object): &(usize, ObjectId)| {
                let ingest = list.targets[*target].ingest;
                (*object, ingest)
            };
            holders.iter().flatten().map(holder)
        });
        self.objects.iter().copied().chain(of_lists)
    }
}
