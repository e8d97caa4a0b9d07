//! Which sources do not compose with the others, found by composing.

use federation::diagnostic::Diagnostics;
use indexmap::{IndexMap, IndexSet};

use super::{Checks, clash::clashes_of};
use crate::registry::{check::Member, coordinate::type_in};

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

/// Which sources have come back so far.
struct Back {
    /// Those that are still left out.
    out: IndexSet<String>,
    /// Those that errors name with one of them, and the types that errors are about.
    named: Named,
}

/// What errors name.
#[derive(Default)]
struct Named {
    sources: IndexSet<String>,
    /// The types, each with the sources that errors about it name; all that have it where an error names
    /// several, since others may be in the same way.
    types: IndexMap<String, IndexSet<String>>,
}

impl Named {
    fn extend(&mut self, more: Self) {
        self.sources.extend(more.sources);
        for (name, sources) in more.types {
            self.types.entry(name).or_default().extend(sources);
        }
    }

    fn len(&self) -> usize {
        let contested = self.types.values().map(IndexSet::len);
        self.sources.len() + contested.sum::<usize>()
    }
}

impl Trial<'_> {
    /// The sources without which the others compose.
    ///
    /// All that errors name, or that have the types which these are about, are left out first, until the rest
    /// composes. Then they come back one after the other, and one that does not compose with those that are
    /// there stays out. Owners of the types that errors are about come back before those that add to these
    /// types; of the others, those that name nothing that only the gone ones brought, then other entities'
    /// sources before those of the gone ones' entities, then older ones. So an owner does not go for those
    /// that came to its types by keys of others, and an entity expels nobody by taking away what only its
    /// own sources need. Where one stays out for sources that no error named before, these are left out as
    /// well, and all begins anew.
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
                out: suspects.sources.clone(),
                named: Named::default(),
            };
            if suspects.sources.len() > 1 {
                let order = self.order(&suspects);
                let (first, second) = order.split_at(order.len() / 2);
                self.put_back(first, &mut back);
                self.put_back(second, &mut back);
                // A source may need another one that came back after it.
                let last_back = order.iter().rposition(|name| !back.out.contains(name));
                let again = order.iter().take(last_back.unwrap_or_default());
                let again = again.filter(|name| back.out.contains(*name));
                let again: Vec<_> = again.cloned().collect();
                if !again.is_empty() {
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

    fn leave_out_until_the_rest_composes(&self, suspects: &mut Named) -> Result<(), Diagnostics> {
        loop {
            if suspects.sources.is_empty() {
                suspects.sources.clone_from(self.expellable);
            }
            let Err(diagnostics) = self.compose_without(&suspects.sources) else {
                return Ok(());
            };
            let known = suspects.sources.len();
            if known == self.expellable.len() {
                return Err(diagnostics);
            }
            suspects.extend(self.named(&diagnostics));
            if suspects.sources.len() == known {
                suspects.sources.clear();
            }
        }
    }

    /// Those that may be expelled, of those that errors name or that have the types which the errors are
    /// about, and these types.
    fn named(&self, diagnostics: &Diagnostics) -> Named {
        let mut named = Named::default();
        for clash in clashes_of(diagnostics) {
            let labelled = clash.labelled.iter().map(|name| (*name).to_owned());
            let mut sources: IndexSet<String> = labelled.collect();
            if let Some(about) = clash.subjects.first().map(|about| type_in(about)) {
                if sources.len() > 1 && !named.types.contains_key(about) {
                    sources.extend(self.checks.who_has(about, self.members));
                }
                let known = named.types.entry(about.to_owned()).or_default();
                known.extend(sources.iter().cloned());
            }
            sources.retain(|name| self.expellable.contains(name));
            named.sources.extend(sources);
        }
        named
    }

    fn order(&self, suspects: &Named) -> Vec<String> {
        let dependents = self.checks.dependents_of(self.gone, self.members);
        let is_of_the_gone = |member: &Member| {
            let mut gone = self.gone.iter();
            gone.any(|gone| gone.entity == member.entity)
        };
        let members = self.members.iter();
        let suspected = members.filter(|member| suspects.sources.contains(&member.name));
        let mut suspected: Vec<_> = suspected.collect();
        suspected.sort_by_key(|member| {
            (
                dependents.contains_key(&member.name),
                is_of_the_gone(member),
            )
        });
        let names: Vec<&str> = suspected
            .iter()
            .map(|member| member.name.as_str())
            .collect();
        (self.checks).owners_first(&names, &suspects.types, self.members)
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
