//! What a subgraph links to, and what the linked elements are called there.
//!
//! A document in, a table of links out. Later phases ask the table, never a literal name. See
//! <https://specs.apollo.dev/link/v1.0/>.

mod import;
mod read;
mod url;
mod version;

use apollo_compiler::parser::SourceSpan;
use indexmap::IndexMap;

pub use version::Version;

/// Identity of the federation specification.
pub const FEDERATION: &str = "https://specs.apollo.dev/federation";
/// Identity of the link specification.
pub const LINK: &str = "https://specs.apollo.dev/link";
/// Identity of the link specification's forerunner.
pub const CORE: &str = "https://specs.apollo.dev/core";

/// The purpose of a linked specification: a reader must not ignore one that has a purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Needed for access control.
    Security,
    /// Needed to run operations.
    Execution,
}

/// One application of `@link`.
#[derive(Clone, Debug)]
pub struct Link {
    /// The URL without its version: what the specification is, wherever it is linked.
    pub identity: String,
    /// Last segment of the identity, or the whole of it where that is no name.
    pub name: String,
    /// The version of the URL.
    pub version: Version,
    /// Prefix of elements that are not imported.
    pub namespace: String,
    /// Imported elements: name in the specification → name here. Directives carry their `@`.
    pub imports: IndexMap<String, String>,
    /// What it is for.
    pub purpose: Option<Purpose>,
    /// Where the subgraph links it; `None` for an implied link.
    pub location: Option<SourceSpan>,
}

/// All links of one subgraph, in order.
#[derive(Clone, Debug, Default)]
pub struct Links(Vec<Link>);

impl Links {
    /// All of them.
    pub fn iter(&self) -> std::slice::Iter<'_, Link> {
        self.0.iter()
    }

    /// The link to a specification.
    pub fn find(&self, identity: &str) -> Option<&Link> {
        self.0.iter().find(|link| link.identity == identity)
    }

    /// The specification that a directive's name (without `@`) in this subgraph belongs to, and its
    /// name there (without `@`).
    pub fn find_directive<'a>(&'a self, name_here: &'a str) -> Option<(&'a Link, &'a str)> {
        self.find_element(name_here, true)
    }

    /// The specification that a type's name in this subgraph belongs to, and its name there.
    pub fn find_type<'a>(&'a self, name_here: &'a str) -> Option<(&'a Link, &'a str)> {
        self.find_element(name_here, false)
    }

    fn find_element<'a>(&'a self, name_here: &'a str, at: bool) -> Option<(&'a Link, &'a str)> {
        let bare = |text: &'a str| match (text.strip_prefix('@'), at) {
            (Some(name), true) => Some(name),
            (None, false) => Some(text),
            _ => None,
        };
        for link in &self.0 {
            for (element, alias) in &link.imports {
                if bare(alias) == Some(name_here) {
                    return Some((link, bare(element)?));
                }
            }
        }
        if let Some((namespace, element)) = name_here.split_once("__") {
            let link = self.0.iter().find(|link| link.namespace == namespace)?;
            return Some((link, element));
        }
        let link = self.0.iter().find(|link| link.namespace == name_here)?;
        at.then_some((link, link.name.as_str()))
    }
}

impl<'a> IntoIterator for &'a Links {
    type Item = &'a Link;
    type IntoIter = std::slice::Iter<'a, Link>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl Link {
    /// What an element (a directive with its `@`) of this specification is called in the subgraph;
    /// likewise with `@` for directives.
    pub fn name_of(&self, element: &str) -> String {
        if let Some(alias) = self.imports.get(element) {
            return alias.clone();
        }
        match element.strip_prefix('@') {
            Some(name) if name == self.name => format!("@{}", self.namespace),
            Some(name) => format!("@{}__{name}", self.namespace),
            None => format!("{}__{element}", self.namespace),
        }
    }

    /// The URL as it would be written.
    pub fn url(&self) -> String {
        format!("{}/{}", self.identity, self.version)
    }
}
