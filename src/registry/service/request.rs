//! What an entity sends of a source, to have it checked or published.

use entities::terms::SourceKind;

use crate::registry::{
    level::Level,
    plain::NamedMutation,
    state::{Act, Version},
};

/// What an entity sends of a source.
#[derive(Clone, Debug)]
pub struct PublishRequest {
    /// Name of the source.
    pub name: String,
    /// Where it answers.
    pub url: String,
    /// Its SDL; where it is not given, the source is asked.
    pub sdl: Option<String>,
    /// What answers there.
    pub kind: SourceKind,
    /// Prefix of a plain server's names; the source's name unless given.
    pub prefix: Option<String>,
    /// Root mutations of a plain server that come into the joint schema.
    pub mutations: Vec<NamedMutation>,
    /// Level of fields that mark none.
    pub default_level: Option<Level>,
    /// Why it may add non-null fields to what others own.
    pub allow_non_null: Option<String>,
    /// Why it may break operations.
    pub allow_breaking: Option<String>,
}

impl PublishRequest {
    pub(super) fn act(&self, version: Box<Version>) -> Act {
        Act::Publish {
            source: self.name.clone(),
            version,
        }
    }
}
