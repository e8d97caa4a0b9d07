//! Checks the limits of a document on its syntax tree, before anything else is done for it. In: a
//! parsed document. Out: an error at the first limit that it exceeds. Invariant: each fragment is
//! counted once, so the time is linear however fragments multiply.

use apollo_compiler::collections::IndexMap;
use apollo_compiler::{
    Name,
    ast::{Definition, Document, FragmentDefinition, Selection},
};

use crate::error::{ResponseError, code};

/// The limits of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the document.
    pub document_bytes: usize,
    /// Tokens of the document.
    pub tokens: usize,
    /// Levels of fields, fragments inlined.
    pub depth: usize,
    /// Aliases, fragments inlined.
    pub aliases: u64,
    /// Fields of the root, fragments inlined.
    pub root_fields: u64,
    /// Fields and fragments, fragments inlined.
    pub selections: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            document_bytes: 512 << 10,
            tokens: 20_000,
            depth: 50,
            aliases: 500,
            root_fields: 200,
            selections: 20_000,
        }
    }
}

/// How deep selections and spreads may nest, which bounds every recursion over a document.
pub(super) const MAX_NESTING: usize = 120;

/// What a selection set costs once its fragments are inlined.
#[derive(Clone, Copy, Debug, Default)]
struct Cost {
    depth: usize,
    nesting: usize,
    aliases: u64,
    fields: u64,
    selections: u64,
}

struct Counter<'d> {
    fragments: IndexMap<&'d Name, &'d FragmentDefinition>,
    /// `None` while a fragment is being counted: one that spreads itself is left to validation.
    counted: IndexMap<&'d Name, Option<Cost>>,
}

/// Checks a document against the limits; the error is about the first that it exceeds.
pub(super) fn check(document: &Document, limits: &Limits) -> Result<(), Box<ResponseError>> {
    let fragments = document
        .definitions
        .iter()
        .filter_map(|definition| match definition {
            Definition::FragmentDefinition(fragment) => Some((&fragment.name, &**fragment)),
            _ => None,
        });
    let mut counter = Counter {
        fragments: fragments.collect(),
        counted: IndexMap::default(),
    };
    for definition in &document.definitions {
        let (selections, most_fields) = match definition {
            Definition::OperationDefinition(operation) => {
                (&operation.selection_set, limits.root_fields)
            }
            Definition::FragmentDefinition(fragment) => (&fragment.selection_set, u64::MAX),
            _ => continue,
        };
        let cost = counter
            .set(selections, 0)
            .ok_or_else(|| Box::new(too_nested()))?;
        judge(cost, limits, most_fields)?;
    }
    Ok(())
}

fn judge(cost: Cost, limits: &Limits, most_fields: u64) -> Result<(), Box<ResponseError>> {
    let depth = u64::try_from(cost.depth).unwrap_or(u64::MAX);
    let most_depth = u64::try_from(limits.depth).unwrap_or(u64::MAX);
    for (what, found, most, code) in [
        ("levels of fields", depth, most_depth, code::MAX_DEPTH),
        ("aliases", cost.aliases, limits.aliases, code::MAX_ALIASES),
        (
            "fields of the root",
            cost.fields,
            most_fields,
            code::MAX_ROOT_FIELDS,
        ),
        (
            "selections",
            cost.selections,
            limits.selections,
            code::MAX_SELECTIONS,
        ),
    ] {
        if found > most {
            return Err(Box::new(beyond(what, found, most, code)));
        }
    }
    Ok(())
}

fn beyond(what: &str, found: u64, most: u64, code: &'static str) -> ResponseError {
    let message = format!(
        "The document has {found} {what} once its fragments are inlined; at most {most} are \
         allowed. Ask for less in one operation."
    );
    ResponseError::request(code, message)
}

fn too_nested() -> ResponseError {
    let message = format!(
        "The document nests selections and fragments more than {MAX_NESTING} levels deep. Ask for \
         less in one operation."
    );
    ResponseError::request(code::MAX_DEPTH, message)
}

impl<'d> Counter<'d> {
    /// `None`: nested too deep.
    fn set(&mut self, selections: &'d [Selection], nesting: usize) -> Option<Cost> {
        if nesting > MAX_NESTING {
            return None;
        }
        let mut total = Cost {
            nesting: 1,
            ..Cost::default()
        };
        for selection in selections {
            let inner = match selection {
                Selection::Field(field) => {
                    let below = self.set(&field.selection_set, nesting + 1)?;
                    let alias = u64::from(field.alias.is_some());
                    Cost {
                        depth: below.depth + 1,
                        aliases: below.aliases.saturating_add(alias),
                        fields: 1,
                        ..below
                    }
                }
                Selection::InlineFragment(fragment) => {
                    self.set(&fragment.selection_set, nesting + 1)?
                }
                Selection::FragmentSpread(spread) => {
                    self.fragment(&spread.fragment_name, nesting + 1)?
                }
            };
            total.depth = total.depth.max(inner.depth);
            total.nesting = total.nesting.max(inner.nesting + 1);
            total.aliases = total.aliases.saturating_add(inner.aliases);
            total.fields = total.fields.saturating_add(inner.fields);
            total.selections =
                (total.selections.saturating_add(inner.selections)).saturating_add(1);
        }
        Some(total)
    }

    fn fragment(&mut self, name: &'d Name, nesting: usize) -> Option<Cost> {
        if let Some(known) = self.counted.get(name) {
            let cost = known.unwrap_or_default();
            return (nesting + cost.nesting <= MAX_NESTING + 1).then_some(cost);
        }
        let Some(fragment) = self.fragments.get(name).copied() else {
            return Some(Cost::default());
        };
        self.counted.insert(name, None);
        let cost = self.set(&fragment.selection_set, nesting)?;
        self.counted.insert(name, Some(cost));
        Some(cost)
    }
}
