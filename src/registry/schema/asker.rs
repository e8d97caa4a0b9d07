//! Who asks the registry, and what of it is there to be asked.

use std::sync::Arc;

use async_graphql::Result;

use super::{error::no_registry, loader::Lists};
use crate::{auth::Principal, registry::service::Registry, vocabulary::unreachable};

/// Who asks which registry.
pub(super) struct Asker {
    pub(super) registry: Option<Arc<Registry>>,
    /// What hangs on its sources and supergraphs, read for all of them at once.
    pub(super) lists: Option<Lists>,
    pub(super) principal: Principal,
    /// Whether its records are known to be out of reach.
    pub(super) is_cut_off: bool,
}

impl Asker {
    /// The registry, to ask for what it has recorded.
    pub(super) fn registry(&self) -> Result<&Arc<Registry>> {
        if self.is_cut_off {
            return Err(unreachable());
        }
        self.registry_itself()
    }

    /// The registry, to ask for what it knows without its records.
    pub(super) fn registry_itself(&self) -> Result<&Arc<Registry>> {
        self.registry.as_ref().ok_or_else(no_registry)
    }

    /// The lists of the registry's sources and supergraphs.
    pub(super) fn lists(&self) -> Result<&Lists> {
        self.registry()?;
        self.lists.as_ref().ok_or_else(no_registry)
    }

    pub(super) fn is(&self, entity: &str) -> bool {
        self.principal.entity.as_deref() == Some(entity)
    }
}
