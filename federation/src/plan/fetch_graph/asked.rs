//! The fields that a fetch asks of the objects of one selection, in order, found by slot.

use std::ops::Deref;

use apollo_compiler::{Name, collections::IndexMap};
use smallvec::SmallVec;

use super::ids::SelectionId;
use crate::{
    index::{Arguments, TypeId, TypeSet},
    query_plan::SlotId,
    reachable::arrival::Arrival,
};

/// Fewer fields than this are looked through one by one.
const FEW: usize = 16;

/// An argument whose value comes from a context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FilledArgument {
    pub(crate) name: Name,
    pub(crate) variable: String,
    pub(crate) ty: String,
}

#[derive(Clone, Debug)]
pub(crate) struct AskedField {
    pub(crate) slot: SlotId,
    pub(crate) name: Name,
    pub(crate) arguments: Arguments,
    pub(crate) filled: Vec<FilledArgument>,
    /// The types it is asked of in the document; `None` for all.
    pub(crate) types: Option<TypeSet>,
    /// The interface object it is asked of, among entities.
    pub(crate) of_interface: Option<TypeId>,
    /// The types for whose objects the client or a hidden entry wants it; `None` for all.
    pub(crate) wanted_of: Option<TypeSet>,
    pub(crate) below: Option<(SelectionId, Arrival)>,
}

impl AskedField {
    /// Adds types for which the same field is wanted.
    pub(crate) fn want(&mut self, more: Option<&TypeSet>) {
        match (&mut self.wanted_of, more) {
            (Some(types), Some(more)) => types.extend(more),
            (types, _) => *types = None,
        }
    }
}

#[derive(Clone, Debug, Default)]
pub(crate) struct AskedFields {
    all: Vec<AskedField>,
    /// Where the fields of a slot are; empty while there are few.
    by_slot: IndexMap<SlotId, SmallVec<[usize; 1]>>,
}

impl AskedFields {
    pub(crate) fn push(&mut self, field: AskedField) {
        let slot = field.slot;
        self.all.push(field);
        if !self.by_slot.is_empty() {
            let own = self.by_slot.entry(slot).or_default();
            own.push(self.all.len() - 1);
        } else if self.all.len() >= FEW {
            self.sort_out();
        }
    }

    fn sort_out(&mut self) {
        self.by_slot.clear();
        if self.all.len() >= FEW {
            for (at, field) in self.all.iter().enumerate() {
                self.by_slot.entry(field.slot).or_default().push(at);
            }
        }
    }

    /// The first field of a slot for which the condition holds.
    pub(crate) fn find_mut(
        &mut self,
        slot: SlotId,
        is_wanted: impl Fn(&AskedField) -> bool,
    ) -> Option<&mut AskedField> {
        if self.by_slot.is_empty() {
            let mut all = self.all.iter_mut();
            return all.find(|field| field.slot == slot && is_wanted(field));
        }
        let own = self.by_slot.get(&slot)?;
        let at = own.iter().copied().find(|&at| is_wanted(&self.all[at]))?;
        self.all.get_mut(at)
    }

    /// The steps that finding a field counts.
    pub(crate) fn cost(&self) -> usize {
        1 + self.all.len().min(FEW) / 8
    }

    pub(crate) fn retain(&mut self, is_kept: impl FnMut(&AskedField) -> bool) {
        self.all.retain(is_kept);
        self.sort_out();
    }

    pub(crate) fn sort_by_slot(&mut self) {
        self.all.sort_by_key(|field| field.slot);
        self.sort_out();
    }
}

impl Deref for AskedFields {
    type Target = [AskedField];

    fn deref(&self) -> &Self::Target {
        &self.all
    }
}

impl IntoIterator for AskedFields {
    type Item = AskedField;
    type IntoIter = std::vec::IntoIter<AskedField>;

    fn into_iter(self) -> Self::IntoIter {
        self.all.into_iter()
    }
}
