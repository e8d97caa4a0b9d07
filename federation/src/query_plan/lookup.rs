//! Look-ups in a plan: its shapes, and the programs and fetches that fill their slots.

use indexmap::{IndexMap, IndexSet};

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

    /// For each slot of each shape that a fetch fills, the fetch if it is one alone.
    pub(crate) fn writers(&self) -> IndexMap<(ShapeId, SlotId), Option<FetchId>> {
        let mut writers = IndexMap::new();
        for (id, fetch) in (0..).map(FetchId).zip(&self.fetches) {
            let id = fetch.instead_of.unwrap_or(id);
            let targets = fetch.input.targets();
            // Targets may share the program that reads their answers.
            let mut ingests: IndexSet<IngestId> = targets.map(|(_, ingest)| ingest).collect();
            let mut at = 0;
            while let Some(&ingest) = ingests.get_index(at) {
                at += 1;
                let Some(ingest) = self.ingests.get(ingest.0 as usize) else {
                    continue;
                };
                for entry in &ingest.entries {
                    let slot = match entry.into {
                        IngestInto::Typename => continue,
                        IngestInto::Leaf(slot) => slot,
                        IngestInto::Object { slot, ingest, .. } => {
                            ingests.insert(ingest);
                            slot
                        }
                    };
                    let writer = writers.entry((ingest.shape, slot)).or_insert(Some(id));
                    *writer = writer.filter(|other| *other == id);
                }
            }
        }
        writers
    }
}
