//! Collects fields (`CollectFields` of the GraphQL specification) for all runtime types at once.
//! In: a selection set of an executable document. Out: a [`SelectionSet`] without fragments.
//! Invariant: no two selections of a set have a response name and a runtime type in common.
//!
//! <https://spec.graphql.org/September2025/#sec-Field-Collection>

use std::cell::Cell;

use apollo_compiler::collections::{IndexMap, IndexSet};
use apollo_compiler::{
    Name,
    ast::DirectiveList,
    executable::{self, FragmentMap},
};
use smallvec::{SmallVec, smallvec};

use super::{
    Applied, Arguments, FieldSelection, Index, Selected, Selection, SelectionSet, TypeId, TypeKind,
    TypeSet,
};

/// Levels of selection sets an operation may have, fragments inlined.
const MAX_DEPTH: usize = 100;

/// Why selections could not be collected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CollectError {
    /// Too deep.
    #[error(
        "the operation is nested more than {MAX_DEPTH} levels deep once its fragments are inlined; \
         ask for less in one operation"
    )]
    TooDeep,
    /// Too much.
    #[error(
        "the operation selects too many fields once its fragments are inlined; ask for less in one \
         operation"
    )]
    TooLarge,
    /// A name that the schema does not have: the document was not validated against it.
    #[error("`{0}` is not in the supergraph")]
    Unknown(String),
}

/// Inlines fragments and merges equal response names.
#[expect(missing_debug_implementations, reason = "it holds a closure")]
pub struct Collector<'a> {
    /// The types.
    pub index: &'a Index,
    /// The fragments of the document.
    pub fragments: Option<&'a FragmentMap>,
    /// Whether the directives of a selection include it.
    pub is_included: &'a dyn Fn(&DirectiveList) -> bool,
    /// The object types to select on; all if there is none.
    pub visible: Option<&'a TypeSet>,
    /// How many selections may still be read.
    pub budget: Cell<u32>,
}

static NO_DIRECTIVES: DirectiveList = DirectiveList(Vec::new());

/// A selection set as written, and when it applies.
struct Written<'d> {
    set: &'d executable::SelectionSet,
    types: TypeSet,
    is_abstract: bool,
    /// Directives of the fragments around.
    applied: Applied,
}

/// A fragment, inline or spread.
struct Fragment<'d> {
    condition: Option<&'d Name>,
    set: &'d executable::SelectionSet,
    /// On its definition and on the spread.
    directives: [&'d DirectiveList; 2],
}

/// The object whose fields are collected.
struct Goal {
    declared: TypeId,
    /// The runtime types it can have.
    all: TypeSet,
}

/// A field as merged so far.
struct Raw<'d> {
    response_name: Name,
    types: TypeSet,
    written_on: SmallVec<[TypeId; 1]>,
    is_abstract: bool,
    field: &'d executable::Field,
    sets: SmallVec<[&'d executable::SelectionSet; 1]>,
    /// The directives of each time it is selected; empty where it never has any.
    applied: IndexSet<Applied>,
    /// The fields that were split off from it, which follow it in the answer.
    behind: Option<usize>,
}

#[derive(Default)]
struct Gathered<'d> {
    raw: Vec<Raw<'d>>,
    /// Those that were not split off from another.
    firsts: Vec<usize>,
    by_name: IndexMap<Name, SmallVec<[usize; 1]>>,
}

impl<'a> Collector<'a> {
    /// Collects a whole selection tree.
    pub fn collect(
        &self,
        declared: TypeId,
        set: &'a executable::SelectionSet,
    ) -> Result<SelectionSet, CollectError> {
        self.collect_sets(declared, &[set], 0)
    }

    fn collect_sets(
        &self,
        declared: TypeId,
        sets: &[&'a executable::SelectionSet],
        depth: usize,
    ) -> Result<SelectionSet, CollectError> {
        if depth > MAX_DEPTH {
            return Err(CollectError::TooDeep);
        }
        let goal = Goal {
            declared,
            all: self.possible(declared),
        };
        let mut gathered = Gathered::default();
        for &set in sets {
            let written = Written {
                set,
                types: goal.all.clone(),
                is_abstract: true,
                applied: Applied::default(),
            };
            self.gather(&written, &goal, &mut gathered, 0)?;
        }
        let mut selections = Vec::with_capacity(gathered.raw.len());
        for raw in gathered.in_order() {
            self.finish(raw, declared, depth, &mut selections)?;
        }
        Ok(SelectionSet {
            declared,
            selections,
        })
    }

    fn possible(&self, declared: TypeId) -> TypeSet {
        let possible = &self.index.type_(declared).possible;
        match self.visible {
            Some(visible) => possible.intersection(visible),
            None => possible.clone(),
        }
    }

    fn gather(
        &self,
        written: &Written<'a>,
        goal: &Goal,
        gathered: &mut Gathered<'a>,
        depth: usize,
    ) -> Result<(), CollectError> {
        if depth > MAX_DEPTH {
            return Err(CollectError::TooDeep);
        }
        for selection in &written.set.selections {
            let left = self
                .budget
                .get()
                .checked_sub(1)
                .ok_or(CollectError::TooLarge)?;
            self.budget.set(left);
            match selection {
                executable::Selection::Field(field) => {
                    if (self.is_included)(&field.directives) {
                        let parent = self.find(&written.set.ty)?;
                        gathered.add(written, field, parent);
                    }
                }
                executable::Selection::InlineFragment(fragment) => {
                    if (self.is_included)(&fragment.directives) {
                        let fragment = Fragment {
                            condition: fragment.type_condition.as_ref(),
                            set: &fragment.selection_set,
                            directives: [&fragment.directives, &NO_DIRECTIVES],
                        };
                        self.gather_fragment(written, &fragment, goal, gathered, depth)?;
                    }
                }
                executable::Selection::FragmentSpread(spread) => {
                    if (self.is_included)(&spread.directives) {
                        let fragment = self.find_fragment(&spread.fragment_name)?;
                        let fragment = Fragment {
                            condition: Some(&fragment.selection_set.ty),
                            set: &fragment.selection_set,
                            directives: [&fragment.directives, &spread.directives],
                        };
                        self.gather_fragment(written, &fragment, goal, gathered, depth)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn gather_fragment(
        &self,
        written: &Written<'a>,
        fragment: &Fragment<'a>,
        goal: &Goal,
        gathered: &mut Gathered<'a>,
        depth: usize,
    ) -> Result<(), CollectError> {
        let mut narrows = false;
        let types = match fragment.condition {
            Some(condition) => {
                let id = self.find(condition)?;
                // A fragment on an object type selects by that type, even if there is no other.
                narrows = self.index.is_object(id) && !self.index.is_object(goal.declared);
                written.types.intersection(&self.index.type_(id).possible)
            }
            None => written.types.clone(),
        };
        if types.is_empty() && !written.types.is_empty() {
            return Ok(());
        }
        let schema = &self.index.supergraph.schema;
        let applied = (fragment.directives)
            .into_iter()
            .filter(|directives| !directives.is_empty())
            .fold(written.applied.clone(), |applied, directives| {
                applied.within(schema, directives)
            });
        let inner = Written {
            set: fragment.set,
            applied,
            is_abstract: written.is_abstract && !narrows && types == goal.all,
            types,
        };
        self.gather(&inner, goal, gathered, depth + 1)
    }

    fn find_fragment(&self, name: &Name) -> Result<&'a executable::Fragment, CollectError> {
        self.fragments
            .and_then(|fragments| fragments.get(name))
            .map(|fragment| &**fragment)
            .ok_or_else(|| CollectError::Unknown(name.to_string()))
    }

    fn find(&self, name: &Name) -> Result<TypeId, CollectError> {
        self.index
            .find_type(name)
            .ok_or_else(|| CollectError::Unknown(name.to_string()))
    }

    /// Collects what is below a field, separately for objects that declare different types for it.
    fn finish(
        &self,
        raw: &Raw<'a>,
        declared: TypeId,
        depth: usize,
        selections: &mut Vec<Selection>,
    ) -> Result<(), CollectError> {
        let types = if self.visible.is_none() && self.index.type_(declared).kind == TypeKind::Object
        {
            TypeSet::new()
        } else {
            raw.types.clone()
        };
        let selection = |types: TypeSet, selected: Selected| Selection {
            response_name: raw.response_name.clone(),
            types,
            written_on: raw.written_on.clone(),
            is_abstract: raw.is_abstract,
            is_withheld: false,
            selected,
        };
        match raw.field.name.as_str() {
            "__typename" => selections.push(selection(types, Selected::Typename)),
            "__schema" | "__type" => selections.push(selection(types, Selected::Introspection)),
            name => {
                for (named_type, group) in self.by_named_type(raw, declared, name)? {
                    let selection_set = if self.index.type_(named_type).is_composite() {
                        Some(self.collect_sets(named_type, &raw.sets, depth + 1)?)
                    } else {
                        None
                    };
                    let field = FieldSelection {
                        name: raw.field.name.clone(),
                        arguments: Arguments::new(&raw.field.arguments)
                            .with_applied(raw.applied.iter().cloned()),
                        selection_set,
                    };
                    let types = if types.is_empty() {
                        TypeSet::new()
                    } else {
                        group
                    };
                    selections.push(selection(types, Selected::Field(field)));
                }
            }
        }
        Ok(())
    }

    fn by_named_type(
        &self,
        raw: &Raw<'a>,
        declared: TypeId,
        name: &str,
    ) -> Result<IndexMap<TypeId, TypeSet>, CollectError> {
        let mut groups: IndexMap<TypeId, TypeSet> = IndexMap::default();
        for object in raw.types.iter() {
            if let Some(field) = self.index.find_field(object, name) {
                groups
                    .entry(self.index.field(field).named_type)
                    .or_default()
                    .insert(object);
            }
        }
        if groups.is_empty() {
            let field = self.index.find_field(declared, name).ok_or_else(|| {
                CollectError::Unknown(format!("{}.{name}", self.index.type_(declared).name))
            })?;
            groups.insert(self.index.field(field).named_type, TypeSet::new());
        }
        Ok(groups)
    }
}

impl Raw<'_> {
    /// Adds the directives of one selection of the field.
    fn apply(&mut self, applied: &Applied, is_again: bool) {
        if self.applied.is_empty() {
            if applied.is_none() {
                return;
            }
            if is_again {
                self.applied.insert(Applied::default());
            }
        }
        self.applied.insert(applied.clone());
    }
}

impl<'d> Gathered<'d> {
    fn add(&mut self, written: &Written<'d>, field: &'d executable::Field, parent: TypeId) {
        let response_name = field.response_key();
        let applied = if field.directives.is_empty() {
            written.applied.clone()
        } else {
            written.applied.on(&field.directives)
        };
        let mut rest = written.types.clone();
        let places = self.by_name.get(response_name).cloned().unwrap_or_default();
        for at in places {
            let existing = &self.raw[at].types;
            let both_empty = existing.is_empty() && rest.is_empty();
            if !both_empty && !existing.intersects(&rest) {
                continue;
            }
            let outside = existing.difference(&rest);
            rest = rest.difference(existing);
            if !outside.is_empty() {
                self.split(at, outside);
            }
            let raw = &mut self.raw[at];
            raw.sets.push(&field.selection_set);
            raw.apply(&applied, true);
            raw.is_abstract |= written.is_abstract;
            if !raw.written_on.contains(&parent) {
                raw.written_on.push(parent);
            }
            if rest.is_empty() {
                return;
            }
        }
        self.by_name
            .entry(response_name.clone())
            .or_default()
            .push(self.raw.len());
        self.firsts.push(self.raw.len());
        let mut raw = Raw {
            response_name: response_name.clone(),
            types: rest,
            written_on: smallvec![parent],
            is_abstract: written.is_abstract,
            field,
            sets: smallvec![&field.selection_set],
            applied: IndexSet::default(),
            behind: None,
        };
        raw.apply(&applied, false);
        self.raw.push(raw);
    }

    /// Splits a field by types; both parts keep its place in the answer, since no object has both.
    fn split(&mut self, at: usize, outside: TypeSet) {
        let new = self.raw.len();
        let raw = &mut self.raw[at];
        raw.types = raw.types.difference(&outside);
        let other = Raw {
            response_name: raw.response_name.clone(),
            types: outside,
            written_on: raw.written_on.clone(),
            is_abstract: raw.is_abstract,
            field: raw.field,
            sets: raw.sets.clone(),
            applied: raw.applied.clone(),
            behind: raw.behind.replace(new),
        };
        let name = other.response_name.clone();
        self.raw.push(other);
        self.by_name.entry(name).or_default().push(new);
    }

    /// The fields in the order of the answer.
    fn in_order(&self) -> impl Iterator<Item = &Raw<'d>> {
        let find = |at: usize| self.raw.get(at);
        let firsts = self.firsts.iter().copied().filter_map(find);
        firsts.flat_map(move |first| {
            std::iter::successors(Some(first), move |raw| raw.behind.and_then(find))
        })
    }
}
