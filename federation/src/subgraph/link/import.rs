//! Reads the `import:` of `@link`.

use apollo_compiler::{
    Node,
    ast::{Directive, Value},
};
use indexmap::IndexMap;

use super::{FEDERATION, Link, Links, url::SpecUrl};
use crate::{
    diagnostic::{Code, Diagnostic},
    subgraph::{
        report::Reporter,
        specs::{find_elements, find_introduction},
    },
    suggest::did_you_mean,
};

/// Reads imports: name in the specification → name here.
pub(super) fn read(
    value: &Node<Value>,
    url: &SpecUrl,
    directive: &Node<Directive>,
    report: &mut Reporter<'_>,
) -> IndexMap<String, String> {
    let known = find_elements(&url.identity, url.version);
    let mut imports = IndexMap::new();
    for item in value.as_list().unwrap_or(std::slice::from_ref(value)) {
        if item.is_null() {
            continue;
        }
        let location = item.location().or(directive.location());
        let (name, alias) = match read_item(item) {
            Ok(import) => import,
            Err(reason) => {
                let diagnostic = Diagnostic::new(
                    Code::InvalidLinkDirectiveUsage,
                    format!("`{}` is no import: {reason}.", item.serialize().no_indent()),
                )
                .with_help("Import by name, `\"@key\"`, or `{ name: \"@key\", as: \"@id\" }`.");
                report.push(diagnostic, location, "imported here");
                continue;
            }
        };
        if let Some(known) = &known
            && !known.contains_key(name)
        {
            report.push(unknown(name, url, known.keys()), location, "imported here");
            continue;
        }
        imports.insert(name.to_owned(), alias.to_owned());
    }
    imports
}

fn unknown<'a>(
    name: &str,
    url: &SpecUrl,
    known: impl Iterator<Item = &'a String> + Clone,
) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::InvalidLinkDirectiveUsage,
        format!(
            "`{name}` is no element of `{}/{}`.",
            url.identity, url.version
        ),
    );
    if url.identity == FEDERATION
        && let Some(since) = find_introduction(name)
        && since > url.version
    {
        return diagnostic.with_help(format!(
            "Link federation {since} or newer: `{name}` came with it."
        ));
    }
    let directive = format!("@{name}");
    let meant = known
        .clone()
        .find(|known| **known == directive)
        .map(String::as_str)
        .or_else(|| did_you_mean(name, known.map(String::as_str)));
    match meant {
        Some(meant) => diagnostic.with_help(format!("Did you mean `{meant}`?")),
        None => diagnostic,
    }
}

fn read_item(item: &Value) -> Result<(&str, &str), &'static str> {
    if let Some(name) = item.as_str() {
        return if is_importable(name) {
            Ok((name, name))
        } else {
            Err("it is no GraphQL name")
        };
    }
    let Some(fields) = item.as_object() else {
        return Err("it is neither a string nor `{ name:, as: }`");
    };
    let (mut name, mut alias) = (None, None);
    for (field, value) in fields {
        let text = value.as_str();
        match field.as_str() {
            "name" => name = Some(text.ok_or("`name:` is no string")?),
            "as" if value.is_null() => {}
            "as" => alias = Some(text.ok_or("`as:` is no string")?),
            _ => return Err("it has a field other than `name:` and `as:`"),
        }
    }
    let name = name.ok_or("it has no `name:`")?;
    let alias = alias.unwrap_or(name);
    if !is_importable(name) || !is_importable(alias) {
        return Err("it holds what is no GraphQL name");
    }
    if name.starts_with('@') != alias.starts_with('@') {
        return Err("a directive is written with `@` under both names, a type under none");
    }
    Ok((name, alias))
}

fn is_importable(text: &str) -> bool {
    let name = text.strip_prefix('@').unwrap_or(text);
    apollo_compiler::Name::is_valid_syntax(name)
}

/// An import of a link that clashes with a link before it, and why.
pub(super) fn find_conflict<'a>(links: &Links, link: &'a Link) -> Option<(&'a str, String)> {
    for (at, (element, alias)) in link.imports.iter().enumerate() {
        let earlier = link
            .imports
            .iter()
            .take(at)
            .find(|(_, other)| *other == alias);
        if let Some((other, _)) = earlier {
            return Some((element, format!("`{other}` is called `{alias}` already")));
        }
        let (bare, is_directive) = match alias.strip_prefix('@') {
            Some(bare) => (bare, true),
            None => (alias.as_str(), false),
        };
        if let Some((namespace, name)) = bare.split_once("__")
            && namespace == link.namespace
            && element.trim_start_matches('@') != name
        {
            return Some((
                element,
                format!("`{alias}` is what `{name}` is called unless imported"),
            ));
        }
        if is_directive && bare == link.namespace && element.trim_start_matches('@') != link.name {
            return Some((
                element,
                format!(
                    "`{alias}` is what `@{}` is called unless imported",
                    link.name
                ),
            ));
        }
        let other = if is_directive {
            links.find_directive(bare)
        } else {
            links.find_type(bare)
        };
        if let Some((other, _)) = other {
            return Some((
                element,
                format!("`{alias}` is an element of `{}` already", other.identity),
            ));
        }
    }
    // The other way round: what an earlier import took this namespace's names.
    links
        .iter()
        .flat_map(|other| other.imports.values().map(move |alias| (other, alias)))
        .find_map(|(other, alias)| {
            let bare = alias.strip_prefix('@');
            let taken = bare == Some(link.namespace.as_str())
                || bare
                    .unwrap_or(alias)
                    .split_once("__")
                    .is_some_and(|(prefix, _)| prefix == link.namespace);
            taken.then(|| {
                (
                    link.name.as_str(),
                    format!("`{alias}` is imported from `{}` already", other.identity),
                )
            })
        })
}
