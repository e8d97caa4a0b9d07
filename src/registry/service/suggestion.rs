//! Suggests a name that is near to an unknown one in an act.

use std::sync::Arc;

use federation::budget::Interrupt;

use super::{
    Registry, RegistryError,
    scheduling::{Purpose, blocking},
};
use crate::{
    registry::{
        check::read_members,
        declarations::Declarations,
        state::{Act, State},
    },
    suggestion::nearest,
};

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
