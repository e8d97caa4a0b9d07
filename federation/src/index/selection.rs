//! Selections with fragments inlined: of a client's operation as of a key, `@requires` or
//! `@provides`.

use apollo_compiler::{Name, collections::IndexMap};
use smallvec::SmallVec;

use super::{Arguments, TypeId, TypeSet};
use crate::budget::Budget;

/// What is selected of an object.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SelectionSet {
    /// The declared type of the object.
    pub declared: TypeId,
    /// In the order in which an answer lists them. Selections of one response name have no runtime
    /// type in common.
    pub selections: Vec<Selection>,
}

/// One response field, for some runtime types.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Selection {
    /// The name in the answer.
    pub response_name: Name,
    /// The runtime types it is selected on. Empty in the field set of an object type, and for an
    /// interface that nothing implements: there it means whatever the object is.
    pub types: TypeSet,
    /// The types it was written on: an interface's field is asked for under the interface's name.
    /// Empty at the top of the field set of an object type.
    pub written_on: SmallVec<[TypeId; 1]>,
    /// Whether it is selected whatever the object's type, so that one arrival must serve it.
    pub is_abstract: bool,
    /// Whether the caller may not see it: it is answered with null and never planned.
    pub is_withheld: bool,
    /// What is selected.
    pub selected: Selected,
}

/// What is selected.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Selected {
    /// `__typename`.
    Typename,
    /// `__schema` or `__type` of the query type.
    Introspection,
    /// A field.
    Field(FieldSelection),
}

/// A selected field.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FieldSelection {
    /// Its name in the schema.
    pub name: Name,
    /// Its arguments.
    pub arguments: Arguments,
    /// What is selected of its objects; `None` for a leaf.
    pub selection_set: Option<SelectionSet>,
}

impl SelectionSet {
    /// Which of its selections answer the same; `budget` counts the steps of comparing.
    pub fn answered<'s>(&'s self, budget: &'s Budget) -> Answered<'s> {
        let mut by_name: IndexMap<&Name, Vec<usize>> = IndexMap::default();
        let mut first_like = Vec::with_capacity(self.selections.len());
        for (at, own) in self.selections.iter().enumerate() {
            let before = by_name.entry(&own.response_name).or_default();
            let same = before.iter().copied().find(|&other| {
                let other = &self.selections[other];
                other.is_withheld == own.is_withheld
                    && is_alike(&other.selected, &own.selected, budget)
            });
            if same.is_none() {
                before.push(at);
            }
            first_like.push(same.unwrap_or(at));
        }
        Answered {
            set: self,
            first_like,
            budget,
        }
    }

    /// How many selections there are, at all levels.
    pub fn size(&self) -> usize {
        let below = |one: &Selection| one.field().map_or(0, FieldSelection::size);
        self.selections.iter().map(|one| 1 + below(one)).sum()
    }

    /// By response name, the types for which something is selected whatever the object's type.
    pub fn asked_of_all(&self) -> IndexMap<Name, TypeSet> {
        let mut asked: IndexMap<Name, TypeSet> = IndexMap::default();
        for one in &self.selections {
            if one.is_abstract && !one.is_withheld {
                let types = asked.entry(one.response_name.clone()).or_default();
                types.extend(&one.types);
            }
        }
        asked
    }

    /// Turns selections that were made whatever the type, but no longer are for some types, into
    /// selections by type.
    pub fn narrow(&mut self, before: &IndexMap<Name, TypeSet>) {
        let left = self.asked_of_all();
        for one in &mut self.selections {
            let name = &one.response_name;
            if one.is_abstract && !one.is_withheld && left.get(name) != before.get(name) {
                one.narrow(one.types.clone());
            }
        }
    }
}

/// What a selection set answers for objects of each type.
#[derive(Debug)]
pub struct Answered<'s> {
    set: &'s SelectionSet,
    /// For each selection the first that answers the same under the same name, also if for other
    /// types.
    first_like: Vec<usize>,
    budget: &'s Budget,
}

impl Answered<'_> {
    /// What is answered for objects of each type, in order; equal for types whose answers look the
    /// same.
    pub fn by_type(&self, types: &TypeSet) -> IndexMap<TypeId, Vec<usize>> {
        let mut answered: IndexMap<TypeId, Vec<usize>> =
            types.iter().map(|object| (object, Vec::new())).collect();
        for (selection, like) in self.set.selections.iter().zip(&self.first_like) {
            let on = selection.applies_among(types);
            if !self.budget.step(1 + on.len()) {
                break;
            }
            for object in on.iter() {
                answered.entry(object).or_default().push(*like);
            }
        }
        answered
    }

    /// Whether answers for objects of these types differ.
    pub fn differs_by_type(&self, types: &TypeSet) -> bool {
        let Some(first) = types.iter().next() else {
            return false;
        };
        let mut others = types.clone();
        others.remove(first);
        if others.is_empty() {
            return false;
        }
        // How many selections of each type are the same as those of the first.
        let mut of_first: Vec<usize> = Vec::new();
        let mut along: IndexMap<TypeId, usize> = others.iter().map(|other| (other, 0)).collect();
        for (selection, like) in self.set.selections.iter().zip(&self.first_like) {
            if !self.budget.step(1) {
                return false;
            }
            if selection.applies_to(first) {
                of_first.push(*like);
            }
        }
        for (selection, like) in self.set.selections.iter().zip(&self.first_like) {
            let on = selection.applies_among(&others);
            if !self.budget.step(1 + on.len()) {
                return false;
            }
            for object in on.iter() {
                let along = along.entry(object).or_default();
                if of_first.get(*along) != Some(like) {
                    return true;
                }
                *along += 1;
            }
        }
        along.values().any(|along| *along < of_first.len())
    }
}

impl Selection {
    /// Whether it is selected on objects of a type, or on all that an interface stands for.
    pub fn applies_to(&self, object: TypeId) -> bool {
        self.types.is_empty()
            || self.types.contains(object)
            || self.is_abstract && self.written_on.contains(&object)
    }

    /// The types among some that it applies to.
    fn applies_among(&self, types: &TypeSet) -> TypeSet {
        if self.types.is_empty() {
            return types.clone();
        }
        let mut on = self.types.intersection(types);
        if self.is_abstract {
            let written_on = self.written_on.iter().copied();
            on.extend(&written_on.filter(|id| types.contains(*id)).collect());
        }
        on
    }

    /// Selects it on some types only. What is withheld on other types is asked for by type, never
    /// on an interface, since an object of unknown type must not answer it.
    pub fn narrow(&mut self, types: TypeSet) {
        self.is_abstract = false;
        self.written_on = types.iter().collect();
        self.types = types;
    }

    /// The same withheld on some types. It selects nothing, so that nothing can be fetched for it
    /// by mistake.
    #[must_use]
    pub fn withheld_on(&self, types: TypeSet) -> Self {
        let selected = match &self.selected {
            Selected::Field(field) => {
                let set = field.selection_set.as_ref().map(|set| SelectionSet {
                    declared: set.declared,
                    selections: Vec::new(),
                });
                Selected::Field(field.selecting(set))
            }
            other => other.clone(),
        };
        Self {
            types,
            is_withheld: true,
            ..self.answered_by(selected)
        }
    }

    /// The same selection with another field.
    #[must_use]
    pub fn answered_by(&self, selected: Selected) -> Self {
        Self {
            response_name: self.response_name.clone(),
            types: self.types.clone(),
            written_on: self.written_on.clone(),
            is_abstract: self.is_abstract,
            is_withheld: self.is_withheld,
            selected,
        }
    }

    /// The field, if it is one.
    pub fn field(&self) -> Option<&FieldSelection> {
        match &self.selected {
            Selected::Field(field) => Some(field),
            Selected::Typename | Selected::Introspection => None,
        }
    }
}

impl FieldSelection {
    /// The same field with other selections below it.
    #[must_use]
    pub fn selecting(&self, selection_set: Option<SelectionSet>) -> Self {
        Self {
            name: self.name.clone(),
            arguments: self.arguments.clone(),
            selection_set,
        }
    }

    /// How many selections there are below it.
    pub fn size(&self) -> usize {
        self.selection_set.as_ref().map_or(0, SelectionSet::size)
    }
}

/// Whether two selections are equal; false once the budget is exceeded.
fn is_alike(one: &Selected, other: &Selected, budget: &Budget) -> bool {
    if !budget.step(1) {
        return false;
    }
    let (Selected::Field(one), Selected::Field(other)) = (one, other) else {
        return one == other;
    };
    let (below, other_below) = (&one.selection_set, &other.selection_set);
    one.name == other.name
        && one.arguments == other.arguments
        && match (below, other_below) {
            (None, None) => true,
            (Some(one), Some(other)) => {
                one.declared == other.declared
                    && one.selections.len() == other.selections.len()
                    && one
                        .selections
                        .iter()
                        .zip(&other.selections)
                        .all(|(one, other)| {
                            one.response_name == other.response_name
                                && one.types == other.types
                                && one.written_on == other.written_on
                                && one.is_abstract == other.is_abstract
                                && one.is_withheld == other.is_withheld
                                && is_alike(&one.selected, &other.selected, budget)
                        })
            }
            _ => false,
        }
}
