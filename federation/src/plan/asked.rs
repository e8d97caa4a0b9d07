//! Fields asked of objects, in order, found by slot.

use std::ops::Deref;

use apollo_compiler::collections::IndexMap;
use smallvec::SmallVec;

use super::{dag::AskedField, model::SlotId};

/// Fewer fields than this are looked through one by one.
const FEW: usize = 16;

#[derive(Clone, Debug, Default)]
pub(super) struct AskedFields {
    all: Vec<AskedField>,
    /// Where the fields of a slot are; empty while there are few.
    by_slot: IndexMap<SlotId, SmallVec<[usize; 1]>>,
}

impl AskedFields {
    pub(super) fn push(&mut self, field: AskedField) {
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

    /// The first field of a slot that is as wanted.
    pub(super) fn find_mut(
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

    /// What it takes to find a field, in steps.
    pub(super) fn cost(&self) -> usize {
        1 + self.all.len().min(FEW) / 8
    }

    pub(super) fn retain(&mut self, is_kept: impl FnMut(&AskedField) -> bool) {
        self.all.retain(is_kept);
        self.sort_out();
    }

    pub(super) fn sort_by_slot(&mut self) {
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
