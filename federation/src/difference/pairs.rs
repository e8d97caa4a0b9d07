//! Pairs two lists of named elements.

use apollo_compiler::Name;
use indexmap::IndexMap;

/// An element of the old list, of the new one, or of both.
#[derive(Debug)]
pub(super) enum Pair<'a, T: ?Sized> {
    /// Only in the old list.
    Removed(&'a T),
    /// Only in the new list.
    Added(&'a T),
    /// In both.
    Kept(&'a T, &'a T),
}

/// Pairs elements by name: those of the old list in its order, then the new ones.
pub(super) fn by_name<'a, T: ?Sized>(
    old: impl IntoIterator<Item = &'a T>,
    new: impl IntoIterator<Item = &'a T>,
    name: impl Fn(&T) -> &Name,
) -> Vec<Pair<'a, T>> {
    let mut new: IndexMap<Name, &'a T> = new
        .into_iter()
        .map(|item| (name(item).clone(), item))
        .collect();
    let mut pairs: Vec<_> = old
        .into_iter()
        .map(|item| match new.shift_remove(name(item)) {
            Some(other) => Pair::Kept(item, other),
            None => Pair::Removed(item),
        })
        .collect();
    pairs.extend(new.into_values().map(Pair::Added));
    pairs
}

/// How a text that may be missing changed; an empty one is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TextChange {
    /// There was none.
    Added,
    /// There is none.
    Removed,
    /// It reads differently.
    Changed,
}

impl TextChange {
    /// What happened to it, as a participle.
    pub(super) fn participle(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }
}

/// Compares texts that may be missing.
pub(super) fn find_text_change(old: Option<&str>, new: Option<&str>) -> Option<TextChange> {
    let is_there = |text: &&str| !text.is_empty();
    match (old.filter(is_there), new.filter(is_there)) {
        (None, Some(_)) => Some(TextChange::Added),
        (Some(_), None) => Some(TextChange::Removed),
        (Some(old), Some(new)) if old != new => Some(TextChange::Changed),
        _ => None,
    }
}
