//! Sets of small integers, as bits of 64-bit words.

use smallvec::SmallVec;

use super::{FieldId, LabelId, SubgraphId, TypeId};

macro_rules! bitset {
    ($(#[doc = $doc:literal])* $name:ident of $id:ident) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(SmallVec<[u64; 2]>);

        impl $name {
            /// The empty set.
            pub fn new() -> Self {
                Self::default()
            }

            /// Adds an element; whether it was new.
            pub fn insert(&mut self, id: $id) -> bool {
                let (word, bit) = (id.0 as usize / 64, id.0 % 64);
                if self.0.len() <= word {
                    self.0.resize(word + 1, 0);
                }
                let new = self.0[word] & (1 << bit) == 0;
                self.0[word] |= 1 << bit;
                new
            }

            /// Takes an element out.
            pub fn remove(&mut self, id: $id) {
                if let Some(word) = self.0.get_mut(id.0 as usize / 64) {
                    *word &= !(1 << (id.0 % 64));
                }
                self.trim();
            }

            /// Whether an element is in it.
            pub fn contains(&self, id: $id) -> bool {
                self.0.get(id.0 as usize / 64).is_some_and(|word| word & (1 << (id.0 % 64)) != 0)
            }

            /// Whether there is no element.
            pub fn is_empty(&self) -> bool {
                self.0.is_empty()
            }

            /// How many elements.
            pub fn len(&self) -> usize {
                self.0.iter().map(|word| word.count_ones() as usize).sum()
            }

            /// The elements, lowest first.
            pub fn iter(&self) -> impl Iterator<Item = $id> + '_ {
                self.0.iter().enumerate().flat_map(|(at, &word)| {
                    let mut rest = word;
                    std::iter::from_fn(move || {
                        (rest != 0).then(|| {
                            let bit = rest.trailing_zeros();
                            rest &= rest - 1;
                            $id(u32::try_from(at).unwrap_or(u32::MAX) * 64 + bit)
                        })
                    })
                })
            }

            /// What is in both.
            #[must_use]
            pub fn intersection(&self, other: &Self) -> Self {
                let mut set = Self(self.0.iter().zip(&other.0).map(|(a, b)| a & b).collect());
                set.trim();
                set
            }

            /// What is in either.
            #[must_use]
            pub fn union(&self, other: &Self) -> Self {
                let mut set = self.clone();
                set.extend(other);
                set
            }

            /// What is in this and not in the other.
            #[must_use]
            pub fn difference(&self, other: &Self) -> Self {
                let mut set = self.clone();
                for (word, gone) in set.0.iter_mut().zip(&other.0) {
                    *word &= !gone;
                }
                set.trim();
                set
            }

            /// Adds all of another.
            pub fn extend(&mut self, other: &Self) {
                if self.0.len() < other.0.len() {
                    self.0.resize(other.0.len(), 0);
                }
                for (word, more) in self.0.iter_mut().zip(&other.0) {
                    *word |= more;
                }
            }

            /// Whether all of this is in the other.
            pub fn is_subset(&self, other: &Self) -> bool {
                self.0.iter().enumerate().all(|(at, word)| word & !other.0.get(at).unwrap_or(&0) == 0)
            }

            /// Whether they share an element.
            pub fn intersects(&self, other: &Self) -> bool {
                self.0.iter().zip(&other.0).any(|(a, b)| a & b != 0)
            }

            // INVARIANT: no trailing zero word, so equality and hashing see the set alone.
            fn trim(&mut self) {
                while self.0.last() == Some(&0) {
                    self.0.pop();
                }
            }
        }

        impl FromIterator<$id> for $name {
            fn from_iter<I: IntoIterator<Item = $id>>(ids: I) -> Self {
                let mut set = Self::new();
                for id in ids {
                    set.insert(id);
                }
                set
            }
        }
    };
}

bitset!(
    /// A set of subgraphs.
    SubgraphSet of SubgraphId
);
bitset!(
    /// A set of object types.
    TypeSet of TypeId
);
bitset!(
    /// A set of fields.
    FieldIdSet of FieldId
);
bitset!(
    /// A set of override labels.
    LabelSet of LabelId
);
