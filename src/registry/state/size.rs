//! How much of the registry one entity may take: every change reads and composes what all entities have.

use super::{
    State,
    decide::{Deciding, Denial},
};

/// Sources of one entity, retired ones counted.
const MOST_SOURCES: usize = 200;
/// Bytes of SDL of all sources of one entity that are served.
const MOST_SDL_BYTES_OF_ENTITY: usize = 2 << 20;

impl Deciding<'_> {
    /// Checks that the acting entity may have one more source.
    pub(super) fn check_number(&self, name: &str) -> Result<(), Denial> {
        let sources = self.before.sources.iter();
        let mut own = sources.filter(|source| source.entity == self.by);
        let has_it = own.clone().any(|source| source.name == name);
        if !has_it && own.nth(MOST_SOURCES - 1).is_some() {
            return Err(Denial::BadInput(format!(
                "{} has {MOST_SOURCES} sources, retired ones counted, and more are not kept. Publish \
                 under the name of one of them.",
                self.by
            )));
        }
        Ok(())
    }

    /// Checks that the acting entity may have a version of so many bytes of SDL beside its other
    /// sources.
    pub(super) fn check_size(&self, name: &str, bytes: usize) -> Result<(), Denial> {
        self.check_bytes(bytes + self.bytes_of(self.before, |other| other != name))
    }

    /// The same of all that the acting entity has after a change.
    pub(super) fn check_size_of(&self, after: &State) -> Result<(), Denial> {
        self.check_bytes(self.bytes_of(after, |_| true))
    }

    fn bytes_of(&self, state: &State, counts: impl Fn(&str) -> bool) -> usize {
        let own = state
            .sources
            .iter()
            .filter(|source| source.entity == self.by);
        let served = own
            .filter(|source| counts(&source.name))
            .filter_map(|source| source.served.as_ref());
        served.map(|version| version.sdl.len()).sum()
    }

    fn check_bytes(&self, bytes: usize) -> Result<(), Denial> {
        if bytes > MOST_SDL_BYTES_OF_ENTITY {
            return Err(Denial::BadInput(format!(
                "The sources of {} would have {bytes} bytes of SDL together: at most \
                 {MOST_SDL_BYTES_OF_ENTITY} are served. Retire what is no longer needed, or make the \
                 SDL smaller.",
                self.by
            )));
        }
        Ok(())
    }
}
