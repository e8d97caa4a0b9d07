//! Reads applications of `@link` (and `@core`) into the table of links.

use apollo_compiler::{
    Node,
    ast::{Definition, Directive, Document, Value},
};
use indexmap::IndexMap;

use super::{CORE, FEDERATION, LINK, Link, Links, Purpose, Version, import, url::SpecUrl};
use crate::{
    diagnostic::{Code, Diagnostic},
    subgraph::{
        report::Reporter,
        specs::{NEWEST_FEDERATION, UPGRADED_FEDERATION, find_elements, is_federation_version},
    },
};

/// Fields resolved by REST calls that the router makes itself.
const CONNECT: &str = "https://specs.apollo.dev/connect";

impl Links {
    /// Reads what a document links to. A document that does not link federation is of Federation 1:
    /// it is taken to import what its upgrade imports.
    pub(in crate::subgraph) fn read(document: &Document, report: &mut Reporter<'_>) -> Self {
        let applications: Vec<_> = schema_directives(document).collect();
        let bootstrap = Bootstrap::find(document, &applications);
        let mut links = Self::default();
        links.0.push(bootstrap.link());
        check_bootstrap(&bootstrap, report);
        for directive in applications
            .iter()
            .filter(|directive| directive.name == bootstrap.name.as_str())
        {
            if let Some(link) = read_link(directive, &bootstrap, report) {
                links.add(link, directive, report);
            }
        }
        if links.find(FEDERATION).is_none() {
            let federation = federation_1(&links);
            links.0.push(federation);
        }
        links
    }

    fn add(&mut self, link: Link, directive: &Node<Directive>, report: &mut Reporter<'_>) {
        if link.identity == self.0[0].identity {
            self.0[0] = link;
            return;
        }
        let mut refuse = |message: String, help: String| {
            report.push(
                Diagnostic::new(Code::InvalidLinkDirectiveUsage, message).with_help(help),
                directive.location(),
                "linked here",
            );
        };
        if self.find(&link.identity).is_some() {
            refuse(
                format!("`{}` is linked more than once.", link.identity),
                "Keep one `@link` to it, with all imports.".to_owned(),
            );
        } else if let Some(other) = self
            .0
            .iter()
            .find(|other| other.namespace == link.namespace)
        {
            refuse(
                format!(
                    "`{}` and `{}` would both be called `{}`.",
                    other.identity, link.identity, link.namespace
                ),
                "Give one of them another name with `as:`.".to_owned(),
            );
        } else if let Some((name, reason)) = import::find_conflict(self, &link) {
            refuse(
                format!("Cannot import `{name}` from `{}`: {reason}.", link.identity),
                format!("Import it as something else: `{{ name: \"{name}\", as: \"…\" }}`."),
            );
        } else {
            self.0.push(link);
        }
    }
}

// A directive that is linked from a separate specification, as `@tag` may be, is not imported
// again.
fn federation_1(links: &Links) -> Link {
    let elements = find_elements(FEDERATION, UPGRADED_FEDERATION).unwrap_or_default();
    let mut imports: IndexMap<_, _> = elements
        .into_keys()
        .filter(|element| {
            element
                .strip_prefix('@')
                .is_some_and(|name| links.find_directive(name).is_none())
        })
        .map(|name| (name.clone(), name))
        .collect();
    imports.insert("FieldSet".to_owned(), "_FieldSet".to_owned());
    Link {
        identity: FEDERATION.to_owned(),
        name: "federation".to_owned(),
        version: UPGRADED_FEDERATION,
        namespace: "federation".to_owned(),
        imports,
        purpose: None,
        location: None,
    }
}

fn schema_directives(document: &Document) -> impl Iterator<Item = &Node<Directive>> {
    document
        .definitions
        .iter()
        .flat_map(|definition| match definition {
            Definition::SchemaDefinition(schema) => schema.directives.0.as_slice(),
            Definition::SchemaExtension(schema) => schema.directives.0.as_slice(),
            _ => &[],
        })
}

/// The directive that links: `@link` unless the document says otherwise.
struct Bootstrap<'a> {
    name: String,
    identity: &'static str,
    version: Version,
    directive: Option<&'a Node<Directive>>,
}

impl<'a> Bootstrap<'a> {
    fn find(document: &Document, applications: &[&'a Node<Directive>]) -> Self {
        for directive in applications {
            let argument = |name| directive.specified_argument_by_name(name)?.as_str();
            for (identity, url, default) in [(LINK, "url", "link"), (CORE, "feature", "core")] {
                let linked = argument(url).and_then(|url| SpecUrl::parse(url).ok());
                if let Some(linked) = linked.filter(|linked| linked.identity == identity)
                    && directive.name == argument("as").unwrap_or(default)
                {
                    return Self {
                        name: directive.name.to_string(),
                        identity,
                        version: linked.version,
                        directive: Some(directive),
                    };
                }
            }
        }
        Self {
            name: if is_another_directive(document) {
                String::new()
            } else {
                "link".to_owned()
            },
            identity: LINK,
            version: Version::new(1, 0),
            directive: None,
        }
    }

    fn url_argument(&self) -> &'static str {
        if self.identity == CORE {
            "feature"
        } else {
            "url"
        }
    }

    fn link(&self) -> Link {
        let default = if self.identity == CORE {
            "core"
        } else {
            "link"
        };
        Link {
            identity: self.identity.to_owned(),
            name: default.to_owned(),
            version: self.version,
            namespace: if self.name.is_empty() {
                default.to_owned()
            } else {
                self.name.clone()
            },
            imports: IndexMap::new(),
            purpose: None,
            location: None,
        }
    }
}

// A `@link` that the subgraph itself defines is not the link spec's.
fn is_another_directive(document: &Document) -> bool {
    document.definitions.iter().any(|definition| {
        matches!(definition, Definition::DirectiveDefinition(definition)
            if definition.name == "link"
                && !definition.arguments.iter().any(|argument| argument.name == "url"))
    })
}

fn check_bootstrap(bootstrap: &Bootstrap<'_>, report: &mut Reporter<'_>) {
    if find_elements(bootstrap.identity, bootstrap.version).is_none() {
        let location = bootstrap.directive.and_then(Node::location);
        report.push(
            Diagnostic::new(
                Code::UnknownLinkVersion,
                format!(
                    "`{}/{}` is not known.",
                    bootstrap.identity, bootstrap.version
                ),
            )
            .with_help(format!("Use `{LINK}/v1.0`, or leave this `@link` out.")),
            location,
            "this version",
        );
    }
}

fn read_link(
    directive: &Node<Directive>,
    bootstrap: &Bootstrap<'_>,
    report: &mut Reporter<'_>,
) -> Option<Link> {
    let argument = |name: &str| directive.specified_argument_by_name(name);
    let Some(text) = argument(bootstrap.url_argument()).and_then(|value| value.as_str()) else {
        report.push(
            Diagnostic::new(
                Code::InvalidLinkDirectiveUsage,
                format!("`@{}` names no specification.", directive.name),
            )
            .with_help(format!("Give it a `{}:`.", bootstrap.url_argument())),
            directive.location(),
            "here",
        );
        return None;
    };
    let url = match SpecUrl::parse(text) {
        Ok(url) => url,
        Err(reason) => {
            report.push(
                Diagnostic::new(
                    Code::InvalidLinkIdentifier,
                    format!("`{text}` names no specification: {reason}."),
                ),
                directive.location(),
                "linked here",
            );
            return None;
        }
    };
    if url.identity == FEDERATION && !is_federation_version(url.version) {
        report.push(
            Diagnostic::new(
                Code::UnknownFederationLinkVersion,
                format!("Federation {} is not known.", url.version),
            )
            .with_help(format!("Link a version from v2.0 to {NEWEST_FEDERATION}.")),
            directive.location(),
            "linked here",
        );
        return None;
    }
    if url.identity == CONNECT {
        report.push(
            Diagnostic::new(
                Code::UnsupportedLinkedFeature,
                "Connectors (`@connect`, `@source`) are not executed here.",
            )
            .with_help("Resolve these fields in a service, and leave the link out."),
            directive.location(),
            "linked here",
        );
        return None;
    }
    let namespace = argument("as")
        .and_then(|value| value.as_str())
        .unwrap_or(&url.name);
    check_namespace(namespace, &url, directive, report);
    let imports = argument("import")
        .map(|value| import::read(value, &url, directive, report))
        .unwrap_or_default();
    Some(Link {
        namespace: namespace.to_owned(),
        imports,
        purpose: argument("for").and_then(purpose),
        location: directive.location(),
        identity: url.identity,
        name: url.name,
        version: url.version,
    })
}

fn purpose(value: &Node<Value>) -> Option<Purpose> {
    match value.as_enum()?.as_str() {
        "SECURITY" => Some(Purpose::Security),
        "EXECUTION" => Some(Purpose::Execution),
        _ => None,
    }
}

// Prefixed names are split at their first `__`, so a namespace must not contain it.
fn check_namespace(
    namespace: &str,
    url: &SpecUrl,
    directive: &Node<Directive>,
    report: &mut Reporter<'_>,
) {
    let mut characters = namespace.chars();
    let starts_well = characters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == '_');
    let goes_on_well = characters.all(|next| next.is_ascii_alphanumeric() || "_.-".contains(next));
    if starts_well && goes_on_well && !namespace.contains("__") && !namespace.ends_with('_') {
        return;
    }
    report.push(
        Diagnostic::new(
            Code::InvalidLinkDirectiveUsage,
            format!("`{}` cannot be linked as `{namespace}`.", url.identity),
        )
        .with_help("Choose a GraphQL name without `__` that does not end in `_`, with `as:`."),
        directive.location(),
        "linked here",
    );
}
