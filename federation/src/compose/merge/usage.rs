//! Where enums are used: for input, for output, or both.

use apollo_compiler::Name;
use apollo_compiler::collections::IndexMap;

use super::directives::Site;

/// The positions of one enum, each with an example.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct EnumUsage {
    pub(super) input: Option<Site>,
    pub(super) output: Option<Site>,
}

/// The positions of all enums, found while fields and arguments merge.
#[derive(Clone, Debug, Default)]
pub(super) struct EnumUsages(IndexMap<Name, EnumUsage>);

impl EnumUsages {
    pub(super) fn note_input(&mut self, type_: &Name, site: &Site) {
        let usage = self.0.entry(type_.clone()).or_default();
        usage.input.get_or_insert_with(|| site.clone());
    }

    pub(super) fn note_output(&mut self, type_: &Name, site: &Site) {
        let usage = self.0.entry(type_.clone()).or_default();
        usage.output.get_or_insert_with(|| site.clone());
    }

    /// `None` where nothing uses the enum.
    pub(super) fn find(&self, type_: &str) -> Option<&EnumUsage> {
        self.0.get(type_)
    }
}
