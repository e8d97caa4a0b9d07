//! Suggests a name that is near to an unknown one in an act.

use std::sync::Arc;

use federation::budget::Interrupt;

use super::{
    Registry, RegistryError,
    turns::{Purpose, blocking},
};
use crate::registry::{
    check::read_members,
    declarations::Declarations,
    state::{Act, State},
};

/// Bytes of a name that is compared: how far two names are apart takes time by the product of their
/// lengths.
const MOST_BYTES: usize = 128;

/// Names that an act gives.
pub(super) struct Named {
    source: String,
    field: Option<String>,
}

impl Named {
    /// Those of an act, where it gives any.
    pub(super) fn of(act: &Act) -> Option<Self> {
        let (source, field) = match act {
            Act::Grant {
                source, coordinate, ..
            }
            | Act::Withdraw {
                source, coordinate, ..
            } => (source, Some(coordinate.clone())),
            Act::Retire { source, .. }
            | Act::Offer { source, .. }
            | Act::CancelOffer { source }
            | Act::Accept { source } => (source, None),
            Act::Publish { .. } | Act::Rollback { .. } | Act::Start => return None,
        };
        Some(Self {
            source: source.clone(),
            field,
        })
    }
}

impl Registry {
    /// An error about an act of an entity, with near names.
    pub(super) async fn with_suggestion(
        &self,
        entity: &str,
        named: Option<Named>,
        error: RegistryError,
    ) -> RegistryError {
        let (RegistryError::NotFound(_) | RegistryError::BadInput(_), Some(named)) =
            (&error, named)
        else {
            return error;
        };
        let Ok(loaded) = self.load().await else {
            return error;
        };
        let (state, entity) = (Arc::clone(&loaded.state), entity.to_owned());
        let find = move || suggestion(&state, &entity, &named);
        match (blocking(Purpose::Other, find).await, error) {
            (Ok(Some(meant)), RegistryError::NotFound(text)) => {
                RegistryError::NotFound(format!("{text} {meant}"))
            }
            (Ok(Some(meant)), RegistryError::BadInput(text)) => {
                RegistryError::BadInput(format!("{text} {meant}"))
            }
            (_, error) => error,
        }
    }
}

/// A sentence with the first unknown name and one that is near.
fn suggestion(state: &State, entity: &str, named: &Named) -> Option<String> {
    let field = named.field.as_deref();
    if let Some(meant) = field.and_then(|field| find_field(state, entity, field)) {
        return Some(format!("Did you mean the field `{meant}`?"));
    }
    let known = state.sources.iter().map(|source| source.name.as_str());
    let meant = nearest(&named.source, known)?;
    Some(format!("Did you mean the source `{meant}`?"))
}

/// The field of an entity's own that is nearly the one that is named.
fn find_field(state: &State, entity: &str, field: &str) -> Option<String> {
    let members = state.members();
    let own = members.iter().filter(|member| member.entity == entity);
    let (subgraphs, _) = read_members(own, &Interrupt::default());
    let declared = subgraphs.into_iter().flatten();
    let declared = declared.map(|subgraph| Declarations::of(&subgraph));
    let declared: Vec<_> = declared.collect();
    let fields = declared.iter().flat_map(|each| each.fields.keys());
    nearest(field, fields.map(String::as_str)).map(str::to_owned)
}

/// The name that is nearest to a text, if one is near and none is the text itself.
fn nearest<'a>(text: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    if text.len() > MOST_BYTES {
        return None;
    }
    let names = names.filter(|name| name.len() <= MOST_BYTES);
    let far = names.map(|name| (strsim::damerau_levenshtein(text, name), name));
    let (distance, name) = far.min()?;
    (1..=1 + name.len() / 8).contains(&distance).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_near_name_is_found() {
        let names = ["tents", "shelter", "Situation.status"];
        let find = |text: &str| nearest(text, names.into_iter());
        assert_eq!(find("tnts"), Some("tents"));
        assert_eq!(find("Situation.statsu"), Some("Situation.status"));
        for other in ["tents", "huts", "", &"t".repeat(200)] {
            assert_eq!(find(other), None, "{other}");
        }
    }
}
