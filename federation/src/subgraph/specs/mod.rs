//! What each version of each known specification defines.
//!
//! Definitions are GraphQL files beside this one, in canonical names. A version is a list of them:
//! a later file replaces what an earlier one defines.

use std::sync::LazyLock;

use apollo_compiler::{
    ast::{Definition, Document},
    parser::Parser,
};
use indexmap::IndexMap;

use super::link::{CORE, FEDERATION, LINK, Version};

/// The newest published version of federation.
pub const NEWEST_FEDERATION: Version = Version::new(2, 14);

/// The version whose directives a subgraph of Federation 1 is taken to import once upgraded.
pub(super) const UPGRADED_FEDERATION: Version = Version::new(2, 4);

/// The file from which on a version holds it.
type Layer = (Version, &'static str);

const BASE: &str = include_str!("federation_v1.graphql");
const TAG_0_2: &str = include_str!("tag_v0_2.graphql");
const TAG_0_3: &str = include_str!("tag_v0_3.graphql");
const INACCESSIBLE_0_2: &str = include_str!("inaccessible_v0_2.graphql");
const AUTHENTICATED: &str = include_str!("authenticated_v0_1.graphql");
const REQUIRES_SCOPES: &str = include_str!("requires_scopes_v0_1.graphql");
const POLICY: &str = include_str!("policy_v0_1.graphql");
const CONTEXT: &str = include_str!("context_v0_1.graphql");
const COST: &str = include_str!("cost_v0_1.graphql");

const FEDERATION_LAYERS: &[Layer] = &[
    (Version::new(1, 0), BASE),
    (Version::new(1, 0), TAG_0_2),
    (Version::new(2, 0), include_str!("federation_v2_0.graphql")),
    (Version::new(2, 0), INACCESSIBLE_0_2),
    (Version::new(2, 1), include_str!("federation_v2_1.graphql")),
    (Version::new(2, 2), include_str!("federation_v2_2.graphql")),
    (Version::new(2, 3), include_str!("federation_v2_3.graphql")),
    (Version::new(2, 3), TAG_0_3),
    (Version::new(2, 5), AUTHENTICATED),
    (Version::new(2, 5), REQUIRES_SCOPES),
    (Version::new(2, 6), POLICY),
    (Version::new(2, 7), include_str!("federation_v2_7.graphql")),
    (Version::new(2, 8), CONTEXT),
    (Version::new(2, 9), COST),
    (
        Version::new(2, 12),
        include_str!("federation_v2_12.graphql"),
    ),
];

/// Specifications other than federation, each version whole.
const OTHERS: &[(&str, Version, &str)] = &[
    (LINK, Version::new(1, 0), include_str!("link_v1_0.graphql")),
    (CORE, Version::new(0, 1), include_str!("core_v0_1.graphql")),
    (CORE, Version::new(0, 2), include_str!("core_v0_2.graphql")),
    (
        "https://specs.apollo.dev/tag",
        Version::new(0, 1),
        include_str!("tag_v0_1.graphql"),
    ),
    ("https://specs.apollo.dev/tag", Version::new(0, 2), TAG_0_2),
    ("https://specs.apollo.dev/tag", Version::new(0, 3), TAG_0_3),
    (
        "https://specs.apollo.dev/inaccessible",
        Version::new(0, 1),
        include_str!("inaccessible_v0_1.graphql"),
    ),
    (
        "https://specs.apollo.dev/inaccessible",
        Version::new(0, 2),
        INACCESSIBLE_0_2,
    ),
    (
        "https://specs.apollo.dev/authenticated",
        Version::new(0, 1),
        AUTHENTICATED,
    ),
    (
        "https://specs.apollo.dev/requiresScopes",
        Version::new(0, 1),
        REQUIRES_SCOPES,
    ),
    (
        "https://specs.apollo.dev/policy",
        Version::new(0, 1),
        POLICY,
    ),
    (
        "https://specs.apollo.dev/context",
        Version::new(0, 1),
        CONTEXT,
    ),
    ("https://specs.apollo.dev/cost", Version::new(0, 1), COST),
];

/// The elements of one version of a specification, by name; directives with their `@`.
pub(super) type Elements = IndexMap<String, Definition>;

/// Whether a version of federation has been published.
pub(super) fn is_federation_version(version: Version) -> bool {
    version.major == 2 && version <= NEWEST_FEDERATION
}

/// What a version of a specification defines; `None` where it is not known.
pub(super) fn find_elements(identity: &str, version: Version) -> Option<Elements> {
    let found = KNOWN
        .iter()
        .find(|(other, other_version, _)| *other == identity && *other_version == version);
    found.map(|(.., elements)| elements.clone())
}

// Parsed once: doing so for each subgraph would take longer than reading the subgraph.
static KNOWN: LazyLock<Vec<(&'static str, Version, Elements)>> = LazyLock::new(|| {
    let of_federation = (0..=NEWEST_FEDERATION.minor).map(|minor| Version::new(2, minor));
    let of_federation = std::iter::once(Version::new(1, 0)).chain(of_federation);
    let of_federation = of_federation.map(|version| {
        let layers = FEDERATION_LAYERS
            .iter()
            .filter(|(since, _)| *since <= version);
        (FEDERATION, version, read(layers.map(|(_, text)| *text)))
    });
    let others = OTHERS
        .iter()
        .map(|(identity, version, text)| (*identity, *version, read([*text])));
    of_federation.chain(others).collect()
});

/// The first version of federation that has an element.
pub(super) fn find_introduction(element: &str) -> Option<Version> {
    FEDERATION_LAYERS
        .iter()
        .find(|(_, text)| read([*text]).contains_key(element))
        .map(|(since, _)| Version::new(2, 0).max(*since))
}

fn read(texts: impl IntoIterator<Item = &'static str>) -> Elements {
    let mut elements = Elements::new();
    for text in texts {
        let document = match Parser::new().parse_ast(text, "specification.graphql") {
            Ok(document) => document,
            Err(errors) => errors.partial,
        };
        elements.extend(named(document));
    }
    elements
}

fn named(document: Document) -> impl Iterator<Item = (String, Definition)> {
    document.definitions.into_iter().filter_map(|definition| {
        let name = definition.name()?;
        let name = match definition {
            Definition::DirectiveDefinition(_) => format!("@{name}"),
            _ => name.to_string(),
        };
        Some((name, definition))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_grow_with_the_version() {
        let has = |minor, element: &str| {
            find_elements(FEDERATION, Version::new(2, minor))
                .unwrap()
                .contains_key(element)
        };
        assert!(has(0, "@key") && has(0, "FieldSet") && !has(0, "@composeDirective"));
        assert!(!has(5, "@policy") && has(6, "@policy") && has(14, "@policy"));
        assert_eq!(find_introduction("@cost"), Some(Version::new(2, 9)));
        assert!(find_elements(FEDERATION, Version::new(2, 99)).is_none());
        assert!(
            find_elements(LINK, Version::new(1, 0))
                .unwrap()
                .contains_key("Purpose")
        );
    }

    #[test]
    fn every_file_is_valid() {
        for text in FEDERATION_LAYERS
            .iter()
            .map(|(_, text)| text)
            .chain(OTHERS.iter().map(|(.., text)| text))
        {
            Parser::new()
                .parse_ast(*text, "specification.graphql")
                .unwrap();
        }
    }
}
