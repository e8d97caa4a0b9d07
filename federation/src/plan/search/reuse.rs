//! Chooses among several jumps that can bring a leaf in the same round, so that fewer jumps are
//! made. In: a placement. Out: the same, where such a leaf comes from a jump that other fields need
//! too, if there is one. Invariant: no field comes in a later round than before.

use apollo_compiler::collections::{IndexMap, IndexSet};

use super::{
    placing::{FieldKey, Placing},
    solution::{FieldSource, TypeCondition},
};
use crate::{plan::reach::tree::EntryId, reachable::arrival::Target};

/// A jump in the round in which it is made.
type Made = (Target, u16);

impl Placing<'_, '_> {
    /// Lets leaves come from jumps that other fields need too, where they can; returns whether any
    /// leaf now comes from another jump than before.
    pub(crate) fn reuse_jumps(&mut self, served: &IndexSet<FieldKey>) -> bool {
        if self.fields.values().all(|field| field.others.is_empty()) {
            return false;
        }
        let mut made: IndexSet<Made> = IndexSet::default();
        let mut seen = served.clone();
        let mut open: Vec<FieldKey> = Vec::new();
        let mut at = 0;
        let mut is_changed = false;
        loop {
            while let Some(&key) = seen.get_index(at) {
                at += 1;
                if self
                    .fields
                    .get(&key)
                    .is_some_and(|field| !field.others.is_empty())
                {
                    open.push(key);
                } else {
                    self.note_jumps(key, &mut made, &mut seen);
                }
            }
            let Some((key, source)) = self.next_reused(&open, &made) else {
                return is_changed;
            };
            open.retain(|other| *other != key);
            if let Some(field) = self.fields.get_mut(&key) {
                is_changed |= field.sources[0] != source;
                field.sources[0] = source;
            }
            self.note_jumps(key, &mut made, &mut seen);
        }
    }

    /// The next leaf to give a source, and that source: a jump that is already made, else the jump
    /// that most of the other leaves can come from.
    fn next_reused(
        &self,
        open: &[FieldKey],
        made: &IndexSet<Made>,
    ) -> Option<(FieldKey, FieldSource)> {
        self.planner.budget.step(open.len());
        let mut wanted: IndexMap<Made, usize> = IndexMap::default();
        for &key in open {
            for source in self.choices(key) {
                let Some(jump) = self.jump(key.0, source) else {
                    continue;
                };
                if made.contains(&jump) {
                    return Some((key, source));
                }
                *wanted.entry(jump).or_default() += 1;
            }
        }
        let all = open
            .iter()
            .flat_map(|&key| self.choices(key).map(move |source| (key, source)));
        let count = |(key, source): &(FieldKey, FieldSource)| {
            let jump = self.jump(key.0, *source);
            jump.and_then(|jump| wanted.get(&jump))
                .copied()
                .unwrap_or(0)
        };
        // Of equal jumps the first stays.
        all.reduce(|best, one| {
            if count(&one) > count(&best) {
                one
            } else {
                best
            }
        })
    }

    fn choices(&self, key: FieldKey) -> impl Iterator<Item = FieldSource> {
        let field = &self.fields[&key];
        field.sources.iter().chain(&field.others).copied()
    }

    fn jump(&self, condition: TypeCondition, source: FieldSource) -> Option<Made> {
        let FieldSource::Fetch(at) = source else {
            return None;
        };
        let target = *self.targets.get(usize::from(at))?;
        Some((target, self.resolution(condition, target)?.round))
    }

    /// Notes the jumps a field takes, and the fields that these need.
    fn note_jumps(&self, key: FieldKey, made: &mut IndexSet<Made>, seen: &mut IndexSet<FieldKey>) {
        let Some(field) = self.fields.get(&key) else {
            return;
        };
        let mut need = |needs: &[Option<EntryId>]| seen.extend(needs.iter().map(|&id| (key.0, id)));
        if let Some(input_jump) = &field.input_jump {
            made.insert((input_jump.target, input_jump.round));
            need(&input_jump.resolution.needs);
            need(&input_jump.needs);
            return;
        }
        let sources = match &field.below {
            Some((_, arrivals, solution)) => solution.used_sources(arrivals),
            None => field.sources.iter().take(1).copied().collect(),
        };
        for jump in sources
            .into_iter()
            .filter_map(|source| self.jump(key.0, source))
        {
            made.insert(jump);
            if let Some(resolution) = self.resolution(key.0, jump.0) {
                need(&resolution.needs);
            }
        }
    }
}
