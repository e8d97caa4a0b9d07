//! Which sources do not compose with the others, found by composing.

use federation::diagnostic::Diagnostics;
use indexmap::IndexSet;

use super::{Checks, clash::is_error};
use crate::registry::check::Member;

/// Members that do not compose.
pub(super) struct Trial<'a> {
    /// All of them, embedded ones first, then oldest first.
    pub(super) members: &'a [Member],
    /// Which of them may be expelled.
    pub(super) expellable: &'a IndexSet<String>,
    /// Members that were there before, with which they did compose.
    pub(super) gone: &'a [Member],
    /// What composes.
    pub(super) checks: &'a dyn Checks,
}

/// How far sources came back.
struct Back {
    /// Those that are still left out.
    out: IndexSet<String>,
    /// Those that errors name with one of them.
    named: IndexSet<String>,
}

impl Trial<'_> {
    /// The sources without which the others compose.
    ///
    /// All that errors name are left out first, until the rest composes. Then they come back one after the
    /// other, and one that does not compose with those that are there stays out. Owners come back before
    /// those that name what is theirs, sources of the entities whose members are gone behind those of
    /// others, older ones before newer ones: so an owner does not go for those that came to its types
    /// by keys of others, and an entity expels nobody by taking away what only its own sources need. Where
    /// one stays out for sources that no error named before, these are left out as well, and all begins anew.
    ///
    /// What composition says where nothing that may be expelled helps.
    pub(super) fn find_in_the_way(
        &self,
        diagnostics: &Diagnostics,
    ) -> Result<IndexSet<String>, Diagnostics> {
        let mut suspects = self.named(diagnostics);
        loop {
            self.leave_out_until_the_rest_composes(&mut suspects)?;
            let mut back = Back {
                out: suspects.clone(),
                named: IndexSet::new(),
            };
            if suspects.len() > 1 {
                let order = self.order(&suspects);
                let (first, second) = order.split_at(order.len() / 2);
                self.put_back(first, &mut back);
                self.put_back(second, &mut back);
                // One may need another that came back behind it.
                let again = order.iter().filter(|name| back.out.contains(*name));
                let again: Vec<_> = again.cloned().collect();
                if again.len() > 1 {
                    self.put_back(&again, &mut back);
                }
            }
            let known = suspects.len();
            suspects.extend(back.named);
            if suspects.len() == known {
                return Ok(back.out);
            }
        }
    }

    fn leave_out_until_the_rest_composes(
        &self,
        suspects: &mut IndexSet<String>,
    ) -> Result<(), Diagnostics> {
        loop {
            if suspects.is_empty() {
                suspects.clone_from(self.expellable);
            }
            let Err(diagnostics) = self.compose_without(suspects) else {
                return Ok(());
            };
            let known = suspects.len();
            if known == self.expellable.len() {
                return Err(diagnostics);
            }
            suspects.extend(self.named(&diagnostics));
            if suspects.len() == known {
                suspects.clear();
            }
        }
    }

    /// Those that may be expelled, of those that errors name.
    fn named(&self, diagnostics: &Diagnostics) -> IndexSet<String> {
        let errors = diagnostics.iter().filter(|each| is_error(each));
        let labels = errors.flat_map(|each| &each.labels);
        let named = labels.filter_map(|label| self.expellable.get(&label.subgraph));
        named.cloned().collect()
    }

    fn order(&self, suspects: &IndexSet<String>) -> Vec<String> {
        let is_of_the_gone = |member: &&Member| {
            let mut gone = self.gone.iter();
            gone.any(|gone| gone.entity == member.entity)
        };
        let members = self.members.iter();
        let suspected = members.filter(|member| suspects.contains(&member.name));
        let (last, first): (Vec<_>, Vec<_>) = suspected.partition(is_of_the_gone);
        let names: Vec<&str> = (first.into_iter().chain(last))
            .map(|member| member.name.as_str())
            .collect();
        self.checks.owners_first(&names, self.members)
    }

    /// Takes sources from those that are left out as far as the members compose with them.
    fn put_back(&self, names: &[String], back: &mut Back) {
        let mut fewer = back.out.clone();
        fewer.retain(|name| !names.contains(name));
        match self.compose_without(&fewer) {
            Ok(()) => back.out = fewer,
            Err(diagnostics) if names.len() < 2 => back.named.extend(self.named(&diagnostics)),
            Err(_) => {
                let (first, second) = names.split_at(names.len() / 2);
                self.put_back(first, back);
                self.put_back(second, back);
            }
        }
    }

    fn compose_without(&self, out: &IndexSet<String>) -> Result<(), Diagnostics> {
        let members = self.members.iter();
        let rest = members.filter(|member| !out.contains(&member.name));
        let rest: Vec<_> = rest.cloned().collect();
        match self.checks.compose(&rest) {
            (Some(_), _) => Ok(()),
            (None, diagnostics) => Err(diagnostics),
        }
    }
}
