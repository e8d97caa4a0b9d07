//! What a supergraph links to, and under which names.
//!
//! <https://specs.apollo.dev/link/v1.0>, and `@core` as join v0.1 uses it.

use apollo_compiler::{Name, Schema, ast::Directive};
use indexmap::{IndexMap, IndexSet};

use super::SupergraphError;

const APOLLO: &str = "https://specs.apollo.dev/";
const UNDERSTOOD: &[&str] = &[
    "link",
    "core",
    "join",
    "tag",
    "inaccessible",
    "authenticated",
    "requiresScopes",
    "policy",
    "cost",
    "context",
    "federation",
    // It is for caches of answers, which this engine does not have.
    "cacheTag",
];

const JOIN_VERSIONS: &[&str] = &["v0.1", "v0.2", "v0.3", "v0.4", "v0.5"];

/// A linked feature.
#[derive(Clone, Debug)]
struct Feature {
    namespace: String,
    imports: IndexMap<String, String>,
}

/// The features a supergraph links to.
#[derive(Clone, Debug, Default)]
pub struct Features {
    by_identity: IndexMap<String, Feature>,
}

impl Features {
    pub(super) fn of(schema: &Schema) -> Result<Self, SupergraphError> {
        let mut features = Self::default();
        for directive in &schema.schema_definition.directives {
            match directive.name.as_str() {
                "link" => features.add(directive, "url")?,
                "core" => features.add(directive, "feature")?,
                _ => {}
            }
        }
        for spec in ["link", "join"] {
            features
                .by_identity
                .entry(format!("{APOLLO}{spec}"))
                .or_insert_with(|| Feature {
                    namespace: spec.to_owned(),
                    imports: IndexMap::new(),
                });
        }
        Ok(features)
    }

    fn add(&mut self, directive: &Directive, url_argument: &str) -> Result<(), SupergraphError> {
        let text = |name: &str| {
            directive
                .specified_argument_by_name(name)
                .and_then(|value| value.as_str().or(value.as_enum().map(Name::as_str)))
        };
        let Some(url) = text(url_argument) else {
            return Ok(());
        };
        let trimmed = url.trim_end_matches('/');
        let (identity, version) = trimmed.rsplit_once('/').unwrap_or((trimmed, ""));
        let own_name = identity.rsplit('/').next().unwrap_or(identity);
        let understood = identity.strip_prefix(APOLLO).is_some_and(|spec| {
            // A later version may have directives that this engine does not know.
            UNDERSTOOD.contains(&spec) && (spec != "join" || JOIN_VERSIONS.contains(&version))
        });
        if let (false, Some(purpose)) = (understood, text("for")) {
            return Err(SupergraphError::UnsupportedFeature {
                url: url.to_owned(),
                purpose: purpose.to_owned(),
            });
        }
        self.by_identity.insert(
            identity.to_owned(),
            Feature {
                namespace: text("as").unwrap_or(own_name).to_owned(),
                imports: imports(directive),
            },
        );
        Ok(())
    }

    /// Whether a spec of Apollo's is linked: `is_linked("cost")`.
    pub(crate) fn is_linked(&self, spec: &str) -> bool {
        self.by_identity.contains_key(&format!("{APOLLO}{spec}"))
    }

    /// Name in this document of a spec's directive, without `@`: `element("join", "type")`.
    pub(crate) fn directive(&self, spec: &str, directive: &str) -> String {
        let Some(feature) = self.by_identity.get(&format!("{APOLLO}{spec}")) else {
            // A name under which another feature is imported is not this one's.
            return if spec == directive && !self.owns_directive(directive) {
                directive.to_owned()
            } else {
                format!("{spec}__{directive}")
            };
        };
        if let Some(name) = feature.imports.get(&format!("@{directive}")) {
            name.trim_start_matches('@').to_owned()
        } else if spec == directive {
            feature.namespace.clone()
        } else {
            format!("{}__{directive}", feature.namespace)
        }
    }

    /// Name in this document of a spec's type: `type_name("join", "Graph")`.
    pub(crate) fn type_name(&self, spec: &str, name: &str) -> String {
        match self.by_identity.get(&format!("{APOLLO}{spec}")) {
            Some(feature) => feature
                .imports
                .get(name)
                .cloned()
                .unwrap_or_else(|| format!("{}__{name}", feature.namespace)),
            None => format!("{spec}__{name}"),
        }
    }

    /// Whether a type of this name belongs to a feature and not to the graph.
    pub(crate) fn owns_type(&self, name: &str) -> bool {
        self.by_identity.values().any(|feature| {
            is_namespaced(name, &feature.namespace)
                || feature.imports.values().any(|imported| imported == name)
        })
    }

    /// Whether a directive of this name (without `@`) belongs to a feature.
    pub(crate) fn owns_directive(&self, name: &str) -> bool {
        self.by_identity.values().any(|feature| {
            name == feature.namespace
                || is_namespaced(name, &feature.namespace)
                || feature
                    .imports
                    .values()
                    .any(|imported| imported.strip_prefix('@') == Some(name))
        })
    }
}

fn is_namespaced(name: &str, namespace: &str) -> bool {
    name.strip_prefix(namespace)
        .is_some_and(|rest| rest.starts_with("__"))
}

fn imports(directive: &Directive) -> IndexMap<String, String> {
    let list = directive
        .specified_argument_by_name("import")
        .and_then(|value| value.as_list())
        .unwrap_or_default();
    let mut imports = IndexMap::new();
    for item in list {
        if let Some(name) = item.as_str() {
            imports.insert(name.to_owned(), name.to_owned());
        } else if let Some(object) = item.as_object() {
            let text = |key: &str| {
                object
                    .iter()
                    .find(|(name, _)| name == key)
                    .and_then(|(_, value)| value.as_str())
            };
            if let Some(name) = text("name") {
                imports.insert(name.to_owned(), text("as").unwrap_or(name).to_owned());
            }
        }
    }
    imports
}

/// The names of the directives that are not for clients: those of every feature.
pub(crate) fn client_directives(schema: &Schema, features: &Features) -> IndexSet<Name> {
    schema
        .directive_definitions
        .iter()
        .filter(|(name, definition)| {
            definition.is_built_in()
                || *name == "oneOf"
                || (!features.owns_directive(name)
                    && definition
                        .locations
                        .iter()
                        .any(|&location| is_executable(location)))
        })
        .map(|(name, _)| name.clone())
        .collect()
}

fn is_executable(location: apollo_compiler::ast::DirectiveLocation) -> bool {
    use apollo_compiler::ast::DirectiveLocation as L;
    matches!(
        location,
        L::Query
            | L::Mutation
            | L::Subscription
            | L::Field
            | L::FragmentDefinition
            | L::FragmentSpread
            | L::InlineFragment
            | L::VariableDefinition
    )
}
