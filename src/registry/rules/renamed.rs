//! A directive that reaches the joint schema must be imported under its own name: composition
//! requires one name in all sources, so another name would prevent later sources from using it.

use federation::subgraph::{
    Subgraph,
    directives::compose_directives,
    link::{FEDERATION, Link},
};

use super::{Proposal, Refusal, RefusalCode};

/// Directives of specifications that reach the joint schema from any subgraph.
const MERGED: [&str; 8] = [
    "authenticated",
    "context",
    "cost",
    "inaccessible",
    "listSize",
    "policy",
    "requiresScopes",
    "tag",
];

pub(super) fn directive_renamed(proposal: &Proposal<'_>, refusals: &mut Vec<Refusal>) {
    let subgraph = proposal.subgraph;
    if subgraph.was_federation_1 {
        return;
    }
    for name in MERGED {
        let Some(link) = find_link(subgraph, name) else {
            continue;
        };
        let at = format!("@{name}");
        let here = link.name_of(&at);
        if here != at && (link.imports.contains_key(&at) || is_applied(proposal, name)) {
            refusals.push(refusal(&here, &at));
        }
    }
    let schema = &subgraph.schema.schema_definition;
    for (_, here) in compose_directives(&schema.directives) {
        for link in &subgraph.links {
            let imports = link.imports.iter();
            for (at, _) in imports.filter(|(at, alias)| *alias == here && at != alias) {
                refusals.push(refusal(here, at));
            }
        }
    }
}

/// The specification that composition takes a directive from.
fn find_link<'a>(subgraph: &'a Subgraph, name: &str) -> Option<&'a Link> {
    let at = format!("@{name}");
    let is_apollo = |link: &&Link| link.identity.starts_with("https://specs.apollo.dev/");
    let links = || subgraph.links.iter().filter(is_apollo);
    let own = links().find(|link| link.name == name);
    own.or_else(|| links().find(|link| link.imports.contains_key(&at)))
        .or_else(|| subgraph.links.find(FEDERATION))
}

fn is_applied(proposal: &Proposal<'_>, name: &str) -> bool {
    let elements = proposal.declarations.written.values();
    let mut directives = elements.flat_map(|element| &element.directives);
    directives.any(|written| {
        let rest = written.trim_start_matches('@').strip_prefix(name);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('('))
    })
}

fn refusal(here: &str, at: &str) -> Refusal {
    Refusal::new(
        RefusalCode::DirectiveRenamed,
        format!(
            "`{at}` is called `{here}` here: it reaches the joint schema, where it has one name for \
             everybody."
        ),
        format!("Import it as it is called: `import: [\"{at}\"]`."),
    )
    .at(here)
}
