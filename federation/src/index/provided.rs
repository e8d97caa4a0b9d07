//! Adds fields that `@provides` selects. Before join v0.3 a supergraph does not list them for a
//! subgraph where they are external, but a field set in `provides` implies that the subgraph has
//! them.

use super::{FieldId, FieldIn, Selection, SubgraphId, TypeId, build::Builder};

impl Builder<'_> {
    /// Adds what fields provide to what their subgraphs have, as external fields.
    pub(super) fn read_provided(&mut self) {
        let mut missing: Vec<(FieldId, SubgraphId)> = Vec::new();
        for field in &self.index.fields {
            for entry in &field.subgraphs {
                if let Some(set) = entry.provides {
                    let set = self.index.field_set(set);
                    self.find_missing(entry.named_type, entry.subgraph, set, &mut missing);
                }
            }
        }
        for (id, subgraph) in missing {
            let field = &mut self.index.fields[id.0 as usize];
            if field.find_in(subgraph).is_some() {
                continue;
            }
            let entry = FieldIn {
                is_external: true,
                ..FieldIn::plain(subgraph, &field.ty, field.named_type)
            };
            let at = field
                .subgraphs
                .partition_point(|other| other.subgraph < subgraph);
            field.subgraphs.insert(at, entry);
        }
    }

    fn find_missing(
        &self,
        declared: TypeId,
        subgraph: SubgraphId,
        set: &[Selection],
        missing: &mut Vec<(FieldId, SubgraphId)>,
    ) {
        for selection in set {
            let Some(field) = selection.field() else {
                continue;
            };
            let owners = selection.types.iter().chain([declared]);
            let found = owners.filter_map(|owner| self.index.find_field(owner, &field.name));
            for id in found {
                let facts = self.index.field(id);
                let has_type = self.index.type_(facts.parent).subgraphs.contains(subgraph);
                if has_type && facts.find_in(subgraph).is_none() {
                    missing.push((id, subgraph));
                }
                if let Some(below) = &field.selection_set {
                    self.find_missing(facts.named_type, subgraph, &below.selections, missing);
                }
            }
        }
    }
}
