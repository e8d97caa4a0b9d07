//! What of a plan is where: questions about its shapes and the programs that fill them.

use super::{FetchId, IngestId, IngestInto, Plan, ShapeId, SlotId};

impl Plan {
    /// The shape of the objects in a slot, if any fetch brings them.
    pub fn shape_below(&self, shape: ShapeId, slot: SlotId) -> Option<ShapeId> {
        let mut of_shape = self.ingests.iter().filter(|ingest| ingest.shape == shape);
        of_shape.find_map(|ingest| {
            ingest.entries.iter().find_map(|entry| match entry.into {
                IngestInto::Object {
                    slot: own, ingest, ..
                } if own == slot => self.ingests.get(ingest.0 as usize).map(|below| below.shape),
                _ => None,
            })
        })
    }
}

impl Plan {
    /// The fetch that fills a slot of objects of a shape, if it is one alone.
    pub(crate) fn only_writer(&self, shape: ShapeId, slot: SlotId) -> Option<FetchId> {
        let mut writers = (0..).map(FetchId).zip(&self.fetches).filter(|(_, fetch)| {
            let mut targets = fetch.input.targets();
            targets.any(|(_, ingest)| self.writes(ingest, shape, slot))
        });
        let (only, _) = writers.next()?;
        writers.next().is_none().then_some(only)
    }

    fn writes(&self, ingest: IngestId, shape: ShapeId, slot: SlotId) -> bool {
        let Some(ingest) = self.ingests.get(ingest.0 as usize) else {
            return false;
        };
        ingest.entries.iter().any(|entry| match entry.into {
            IngestInto::Typename => false,
            IngestInto::Leaf(own) => ingest.shape == shape && own == slot,
            IngestInto::Object {
                slot: own,
                ingest: below,
                ..
            } => ingest.shape == shape && own == slot || self.writes(below, shape, slot),
        })
    }
}
