//! The acts: what an entity can ask of the registry.

use super::Version;

/// What an entity asks for.
#[derive(Clone, Debug)]
pub enum Act {
    /// A version of a source is published.
    Publish {
        /// Name of the source.
        source: String,
        /// The version; its number and its SDL as composed are found by the decision.
        version: Box<Version>,
    },
    /// A source is taken out.
    Retire {
        /// Its name.
        source: String,
        /// Why it may break operations.
        allow_breaking: Option<String>,
    },
    /// A source is offered to another entity.
    Offer {
        /// Its name.
        source: String,
        /// Code of the other entity.
        to: String,
    },
    /// An offer is taken back, or declined.
    CancelOffer {
        /// Name of the source.
        source: String,
    },
    /// An offered source is taken over.
    Accept {
        /// Its name.
        source: String,
    },
    /// A source may read a classified field of the entity that acts.
    Grant {
        /// The field: `Type.field`.
        coordinate: String,
        /// Name of the source.
        source: String,
        /// Code of the entity that answers for the source; the one that does now, unless given.
        to: Option<String>,
        /// Why.
        reason: String,
    },
    /// A consent is withdrawn.
    Withdraw {
        /// The field: `Type.field`.
        coordinate: String,
        /// Name of the source.
        source: String,
        /// Why, where that is said.
        reason: Option<String>,
    },
    /// The registered sources become what they were in an earlier supergraph.
    Rollback {
        /// Number of that supergraph.
        number: i32,
        /// Its sources by name, with their versions.
        versions: Vec<(String, Version)>,
        /// Why.
        reason: Option<String>,
    },
    /// The service starts, perhaps with other embedded sources.
    Start,
}
