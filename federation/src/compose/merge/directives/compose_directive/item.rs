//! Reads what one `@composeDirective` names.

use super::own_specs::{COMPOSED_BY_DEFAULT, is_own_spec};
use crate::compose::merge::directives::error::composition_error;
use crate::compose::merge::joined_subgraph::JoinedSubgraph;
use crate::diagnostic::{Code, Diagnostic};
use crate::subgraph::directives::Application;
use crate::subgraph::link::Link;

/// One `@composeDirective` that names a directive of a linked spec.
pub(super) struct Item<'a> {
    pub(super) source: &'a JoinedSubgraph<'a>,
    pub(super) application: Application<'a>,
    pub(super) link: &'a Link,
    /// Without `@`.
    pub(super) name_here: &'a str,
    pub(super) name_in_spec: &'a str,
}

/// What a `@composeDirective` names; `None` where it is not needed.
pub(super) fn find_item<'a>(
    source: &'a JoinedSubgraph<'a>,
    application: Application<'a>,
    text: &'a str,
) -> Result<Option<Item<'a>>, Diagnostic> {
    let error = |why: String| {
        composition_error(format!(
            "`@composeDirective(name: {text:?})` in subgraph `{}` {why}.",
            source.name()
        ))
        .with_label(source.label(application.location(), "asked for here"))
    };
    let Some(name) = text.strip_prefix('@').filter(|name| !name.is_empty()) else {
        return Err(error("does not name a directive with its `@`".to_owned())
            .with_help(format!("Write `\"@{text}\"`.")));
    };
    let Some((link, name_in_spec)) = source.subgraph.links.find_directive(name) else {
        let is_defined = source.schema.directive_definitions.contains_key(name);
        return Err(if is_defined {
            error("names a directive that belongs to no linked specification".to_owned()).with_help(
                format!("Link one that has it: `@link(url: \"https://example.org/mine/v1.0\", import: [\"@{name}\"])`."),
            )
        } else {
            error("names a directive that the subgraph does not define".to_owned()).with_help(
                format!("Define `directive @{name}` and link the specification it is of."),
            )
        });
    };
    if is_own_spec(&link.identity) {
        return if COMPOSED_BY_DEFAULT.contains(&name_in_spec) {
            Err(Diagnostic::new(
                Code::DirectiveCompositionInfo,
                format!(
                    "`@composeDirective(name: {text:?})` in subgraph `{}` is not needed: the directive composes anyway.",
                    source.name()
                ),
            )
            .with_label(source.label(application.location(), "not needed"))
            .with_help("Take it away."))
        } else {
            Err(
                error("names a directive of federation, which does not compose".to_owned())
                    .with_help("Take it away."),
            )
        };
    }
    if !source.schema.directive_definitions.contains_key(name) {
        return Err(
            error("names a directive that the subgraph does not define".to_owned())
                .with_help(format!("Define `directive @{name}`.")),
        );
    }
    Ok(Some(Item {
        source,
        application,
        link,
        name_here: name,
        name_in_spec,
    }))
}
