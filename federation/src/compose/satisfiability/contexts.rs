//! Which values of contexts (`@fromContext`) are available on a path, from which ancestors.

use indexmap::IndexSet;
use smallvec::SmallVec;

use crate::index::{ContextArgument, Facts, FieldSetId, Index, Places, TypeId, Vertex};

/// What an argument reads of a context: its name, and the selection for each type that sets it.
type Wanted<'a> = (&'a str, &'a [(TypeId, FieldSetId)]);

/// All that arguments read of contexts.
pub(super) struct Contexts<'a> {
    index: &'a Index,
    wanted: IndexSet<Wanted<'a>>,
}

/// Which of these are available on a path, by number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Set(SmallVec<[usize; 4]>);

impl Set {
    /// Whether all of these are in the other set.
    pub(super) fn is_subset(&self, other: &Self) -> bool {
        self.0.iter().all(|wanted| other.0.contains(wanted))
    }
}

impl<'a> Contexts<'a> {
    /// Reads what the supergraph's arguments read of contexts.
    pub(super) fn of(index: &'a Index) -> Self {
        let arguments = index
            .fields()
            .flat_map(|(_, field)| &field.subgraphs)
            .flat_map(|field| &field.context_arguments);
        Self {
            index,
            wanted: arguments.map(wanted).collect(),
        }
    }

    /// What is available below an object, given what is available above it: a context is read from
    /// the nearest ancestor that sets it.
    pub(super) fn set_by(
        &self,
        facts: &Facts<'a>,
        above: &Set,
        setter: TypeId,
        places: &Places,
    ) -> Set {
        let mut set = above.clone();
        for (number, (context, selections)) in self.wanted.iter().enumerate() {
            let sets = self
                .index
                .context_types(context)
                .is_some_and(|types| types.contains(setter));
            if !sets {
                continue;
            }
            set.0.retain(|other| *other != number);
            let has = selections.iter().any(|&(object, fields)| {
                object == setter && facts.obtain(object, self.index.field_set(fields), places)
            });
            if has {
                set.0.push(number);
                set.0.sort_unstable();
            }
        }
        set
    }

    /// The places that serve a field with the available contexts.
    pub(super) fn filter(
        &self,
        facts: &Facts<'a>,
        name: &str,
        servers: &[Vertex],
        set: &Set,
    ) -> Places {
        let has_all = |place: &Vertex| {
            facts.find_servable(*place, name).is_none_or(|(_, field)| {
                field.context_arguments.iter().all(|argument| {
                    self.wanted
                        .get_index_of(&wanted(argument))
                        .is_some_and(|number| set.0.contains(&number))
                })
            })
        };
        servers.iter().copied().filter(has_all).collect()
    }
}

fn wanted(argument: &ContextArgument) -> Wanted<'_> {
    (argument.context.as_str(), argument.selections.as_slice())
}
