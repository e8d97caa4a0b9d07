//! Groups the fields of a placement: those of several classes that are served alike, so that they
//! are walked once, and those that come from one source.

use std::rc::Rc;

use apollo_compiler::collections::IndexMap;

use crate::plan::{
    reach::tree::EntryId,
    search::solution::{Arrived, FieldSource, Placed, PlacedField, TypeCondition},
};

/// An entry, the address of the solution below it, and the arrivals of its objects.
type Way<'p> = (EntryId, usize, &'p Arrived);

pub(crate) struct Groups<'p> {
    /// Composite fields of several classes that are served alike, so that they are walked once.
    alike: IndexMap<Way<'p>, Vec<TypeCondition>>,
    /// The number of its group, by field.
    group_of: IndexMap<(TypeCondition, EntryId), usize>,
    by_source: IndexMap<FieldSource, Vec<EntryId>>,
}

impl<'p> Groups<'p> {
    pub(crate) fn of(placed: &'p Placed) -> Self {
        let mut groups = Self {
            alike: IndexMap::default(),
            group_of: IndexMap::default(),
            by_source: IndexMap::default(),
        };
        for field in &placed.fields {
            let Some(id) = field.entry else { continue };
            for (at, &source) in field.sources.iter().enumerate() {
                if !field.sources[..at].contains(&source) {
                    groups.by_source.entry(source).or_default().push(id);
                }
            }
            if let Some(below) = &field.below {
                let address = Rc::as_ptr(&below.solution) as usize;
                let group = groups.alike.entry((id, address, &below.arrivals));
                groups.group_of.insert((field.condition, id), group.index());
                group.or_default().push(field.condition);
            }
        }
        groups
    }

    /// The number of a field's group, with its entry and the classes in it.
    pub(crate) fn find(&self, field: &PlacedField) -> Option<(usize, EntryId, &[TypeCondition])> {
        let id = field.entry?;
        let at = *self.group_of.get(&(field.condition, id))?;
        let (_, condition) = self.alike.get_index(at)?;
        Some((at, id, condition))
    }

    /// The fields that come from a source.
    pub(crate) fn from(&self, source: FieldSource) -> &[EntryId] {
        self.by_source.get(&source).map_or(&[], Vec::as_slice)
    }
}
