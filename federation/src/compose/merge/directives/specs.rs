//! The specs whose directives compose without `@composeDirective`, as the supergraph links them.

use apollo_compiler::ast::DirectiveDefinition;
use apollo_compiler::{Name, Node, Schema};

use super::strategy::Strategy;
use crate::compose::merge::joined_subgraph::JoinedSubgraph;
use crate::compose::merge::joins::{Purpose, SpecLink};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::subgraph::Subgraph;
use crate::subgraph::link::{FEDERATION, Link, Version};

/// A directive of a spec that composes.
#[derive(Debug)]
pub(super) struct SpecDirective {
    /// Name in the spec and in canonical subgraphs.
    pub(super) name: &'static str,
    pub(super) strategy: Strategy,
}

/// A spec the supergraph may link.
#[derive(Debug)]
pub(super) struct Spec {
    pub(super) name: &'static str,
    version: &'static str,
    /// The version of federation that has its directives.
    since: Version,
    purpose: Option<Purpose>,
    pub(super) directives: &'static [SpecDirective],
    /// Further definitions a reader expects beside the directive.
    pub(super) types: &'static [&'static str],
    pub(super) companion: Option<&'static str>,
}

const fn directive(name: &'static str, strategy: Strategy) -> SpecDirective {
    SpecDirective { name, strategy }
}

/// All of them, in the order in which they are linked.
pub(super) const SPECS: &[Spec] = &[
    Spec {
        name: "tag",
        version: "v0.3",
        since: Version::new(1, 0),
        purpose: None,
        directives: &[directive("tag", Strategy::MostFrequent)],
        types: &[],
        companion: None,
    },
    Spec {
        name: "inaccessible",
        version: "v0.2",
        since: Version::new(2, 0),
        purpose: Some(Purpose::Security),
        directives: &[directive("inaccessible", Strategy::MostFrequent)],
        types: &[],
        companion: None,
    },
    Spec {
        name: "authenticated",
        version: "v0.1",
        since: Version::new(2, 5),
        purpose: Some(Purpose::Security),
        directives: &[directive("authenticated", Strategy::MostFrequent)],
        types: &[],
        companion: None,
    },
    Spec {
        name: "requiresScopes",
        version: "v0.1",
        since: Version::new(2, 5),
        purpose: Some(Purpose::Security),
        directives: &[directive("requiresScopes", Strategy::Conjunction("scopes"))],
        types: &["requiresScopes__Scope"],
        companion: None,
    },
    Spec {
        name: "policy",
        version: "v0.1",
        since: Version::new(2, 6),
        purpose: Some(Purpose::Security),
        directives: &[directive("policy", Strategy::Conjunction("policies"))],
        types: &["policy__Policy"],
        companion: None,
    },
    Spec {
        name: "context",
        version: "v0.1",
        since: Version::new(2, 8),
        purpose: Some(Purpose::Security),
        directives: &[directive("context", Strategy::MostFrequent)],
        types: &["context__ContextFieldValue"],
        companion: Some("context__fromContext"),
    },
    Spec {
        name: "cost",
        version: "v0.1",
        since: Version::new(2, 9),
        purpose: None,
        directives: &[
            directive("cost", Strategy::Highest),
            directive("listSize", Strategy::ListSize),
        ],
        types: &[],
        companion: None,
    },
];

impl Spec {
    /// The link to this spec, with what its directives are called.
    pub(super) fn link(&self, directives: Vec<(String, String)>) -> SpecLink {
        SpecLink {
            url: format!("https://specs.apollo.dev/{}/{}", self.name, self.version),
            name: self.name.to_owned(),
            is_own: true,
            alias: None,
            purpose: self.purpose,
            imports: directives,
        }
    }

    /// Whether a link is one to this spec.
    fn is(&self, link: &Link) -> bool {
        link.identity.strip_prefix("https://specs.apollo.dev/") == Some(self.name)
    }

    /// Whether the canonical names of this spec's directives are this spec's in a subgraph.
    /// Otherwise a directive with such a name is the subgraph's own.
    pub(super) fn is_known_to(&self, subgraph: &Subgraph) -> bool {
        let by_itself = subgraph
            .links
            .iter()
            .any(|link| link.identity.strip_prefix("https://specs.apollo.dev/") == Some(self.name));
        // A subgraph of Federation 1 links the version it is upgraded to.
        let by_federation = subgraph
            .links
            .find(FEDERATION)
            .is_some_and(|link| self.since <= link.version);
        by_itself || by_federation
    }
}

/// A directive linked from a separate spec may be newer than the federation version that the
/// subgraph links: the subgraph is then taken to be written for the version that has it.
pub(super) fn implicitly_upgraded_federation_version(
    sources: &[JoinedSubgraph<'_>],
    diagnostics: &mut Diagnostics,
) {
    for source in sources {
        let federation = source.subgraph.links.find(FEDERATION);
        let Some(federation) = federation.filter(|_| !source.subgraph.was_federation_1) else {
            continue;
        };
        let needed = source.subgraph.links.iter().filter_map(|link| {
            let spec = SPECS.iter().find(|spec| spec.is(link))?;
            (spec.since > federation.version).then_some((spec.since, link))
        });
        let Some((version, link)) = needed.max_by_key(|(version, _)| *version) else {
            continue;
        };
        let message = format!(
            "Subgraph `{}` links federation {} but `{}` as well, which takes federation {version}; it is read as that.",
            source.name(),
            federation.version,
            link.url()
        );
        let label = source.label(link.location, format!("takes {version}"));
        let diagnostic = Diagnostic::new(Code::ImplicitlyUpgradedFederationVersion, message);
        diagnostics.push(diagnostic.with_label(label).with_help(format!(
            "Link `{FEDERATION}/{version}` and import the directive from there."
        )));
    }
}

/// The definitions of all specs, each under its own name.
pub(super) fn definitions() -> Schema {
    Schema::parse(include_str!("specs.graphql"), "specs.graphql")
        .unwrap_or_else(|errors| errors.partial)
}

/// A definition under another name.
pub(super) fn renamed(
    definition: &Node<DirectiveDefinition>,
    name: &Name,
) -> Node<DirectiveDefinition> {
    let mut definition = DirectiveDefinition::clone(definition);
    definition.name = name.clone();
    Node::new(definition)
}
