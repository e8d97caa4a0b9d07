//! The specs of federation itself, which `@composeDirective` must not name.

/// Specs whose directives compose by their own rules, or not at all.
const OWN_SPECS: [&str; 12] = [
    "core",
    "join",
    "link",
    "tag",
    "inaccessible",
    "federation",
    "authenticated",
    "requiresScopes",
    "policy",
    "source",
    "context",
    "cost",
];
/// Their directives that compose without `@composeDirective`.
pub(super) const COMPOSED_BY_DEFAULT: [&str; 8] = [
    "tag",
    "inaccessible",
    "authenticated",
    "requiresScopes",
    "policy",
    "context",
    "cost",
    "listSize",
];

/// Whether the directives of a spec compose by their own rules, or not at all.
pub(super) fn is_own_spec(identity: &str) -> bool {
    let name = identity.strip_prefix("https://specs.apollo.dev/");
    name.is_some_and(|name| OWN_SPECS.contains(&name))
}
