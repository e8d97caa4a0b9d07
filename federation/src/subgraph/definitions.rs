//! Definitions of linked elements: those the SDL lacks, and whether those it has are right.

use apollo_compiler::{
    Name, Node,
    ast::{
        Definition, DirectiveDefinition, Document, EnumTypeDefinition, InputValueDefinition, Type,
    },
};
use indexmap::IndexMap;

use super::{
    link::{CORE, FEDERATION, LINK, Link, Links, Version},
    report::Reporter,
    specs::{Elements, find_elements},
};
use crate::diagnostic::{Code, Diagnostic};

/// The definitions a document lacks, under the names it uses. Definitions it has are checked, and
/// left out of the document where only Federation 1 accepts them.
pub(super) fn complete(
    document: &mut Document,
    links: &Links,
    was_federation_1: bool,
    report: &mut Reporter<'_>,
) -> Vec<Definition> {
    if was_federation_1 {
        drop_sloppy_definitions(document);
    }
    let existing = existing(document);
    let mut missing = Vec::new();
    for link in links {
        // Federation 1 has fewer directives than its upgrade imports: the others count only where
        // the SDL defines them.
        let Some(elements) = find_elements(&link.identity, link.version) else {
            continue;
        };
        let given = if was_federation_1 && link.identity == FEDERATION {
            find_elements(FEDERATION, Version::new(1, 0)).unwrap_or_default()
        } else {
            elements.clone()
        };
        for (element, definition) in &elements {
            let name = link.name_of(element);
            let renamed = rename(definition, link, &elements);
            match existing.get(&name) {
                Some(existing) => {
                    if let Some(expected) = renamed.as_ref().filter(|_| !is_lax(link, element)) {
                        check(existing, expected, report);
                    }
                }
                None if given.contains_key(element) => missing.extend(renamed),
                None => {}
            }
        }
    }
    if !existing.contains_key("@oneOf") {
        missing.extend(one_of());
    }
    missing
}

// A subgraph that links `link` itself may define the type of a link's purpose in any way (many
// write a scalar), since only the value's name is read.
fn is_lax(link: &Link, element: &str) -> bool {
    link.identity == LINK && link.location.is_some() && element == "Purpose"
}

/// Whether an element of a link is federation's own (`_Any`, `_entities`) and is not merged.
pub(super) fn is_machinery(identity: &str) -> bool {
    [FEDERATION, LINK, CORE].contains(&identity)
        || identity.starts_with("https://specs.apollo.dev/")
}

// Definitions come last, so that they count where there are extensions as well.
fn existing(document: &Document) -> IndexMap<String, Definition> {
    let (extensions, definitions): (Vec<_>, Vec<_>) = document
        .definitions
        .iter()
        .partition(|definition| definition.is_extension_definition());
    let named = |definition: &Definition| {
        let name = definition.name()?;
        let at = if matches!(definition, Definition::DirectiveDefinition(_)) {
            "@"
        } else {
            ""
        };
        Some((format!("{at}{name}"), definition.clone()))
    };
    extensions
        .into_iter()
        .chain(definitions)
        .filter_map(named)
        .collect()
}

fn one_of() -> Option<Definition> {
    let name = Name::new("oneOf").ok()?;
    Some(Definition::DirectiveDefinition(Node::new(
        DirectiveDefinition {
            description: None,
            name,
            arguments: Vec::new(),
            repeatable: false,
            locations: vec![apollo_compiler::ast::DirectiveLocation::InputObject],
        },
    )))
}

// Federation 1 never checked these definitions, and many services define them wrongly.
fn drop_sloppy_definitions(document: &mut Document) {
    document.definitions.retain(|definition| {
        let Definition::DirectiveDefinition(directive) = definition else {
            return true;
        };
        if !["key", "requires", "provides"].contains(&directive.name.as_str()) {
            return true;
        }
        match directive.arguments.as_slice() {
            [] => false,
            [only] if only.name == "fields" => {
                !["String", "_FieldSet", "FieldSet"].contains(&only.ty.to_string().as_str())
            }
            _ => true,
        }
    });
}

fn rename(definition: &Definition, link: &Link, elements: &Elements) -> Option<Definition> {
    match definition {
        Definition::DirectiveDefinition(directive) => {
            let mut directive = directive.as_ref().clone();
            directive.name = name_here(link, &format!("@{}", directive.name))?;
            for argument in &mut directive.arguments {
                let ty = &argument.ty;
                if elements.contains_key(ty.inner_named_type().as_str()) {
                    let name = name_here(link, ty.inner_named_type())?;
                    let renamed = with_inner(ty, &name);
                    argument.make_mut().ty = Node::new(renamed);
                }
            }
            Some(Definition::DirectiveDefinition(Node::new(directive)))
        }
        Definition::ScalarTypeDefinition(scalar) => {
            let mut scalar = scalar.as_ref().clone();
            scalar.name = name_here(link, &scalar.name)?;
            Some(Definition::ScalarTypeDefinition(Node::new(scalar)))
        }
        Definition::EnumTypeDefinition(enum_) => {
            let mut enum_ = enum_.as_ref().clone();
            enum_.name = name_here(link, &enum_.name)?;
            Some(Definition::EnumTypeDefinition(Node::new(enum_)))
        }
        _ => None,
    }
}

fn name_here(link: &Link, element: &str) -> Option<Name> {
    Name::new(link.name_of(element).trim_start_matches('@')).ok()
}

fn with_inner(ty: &Type, name: &Name) -> Type {
    match ty {
        Type::Named(_) => Type::Named(name.clone()),
        Type::NonNullNamed(_) => Type::NonNullNamed(name.clone()),
        Type::List(inner) => Type::List(Box::new(with_inner(inner, name))),
        Type::NonNullList(inner) => Type::NonNullList(Box::new(with_inner(inner, name))),
    }
}

fn check(existing: &Definition, expected: &Definition, report: &mut Reporter<'_>) {
    match (existing, expected) {
        (Definition::DirectiveDefinition(existing), Definition::DirectiveDefinition(expected)) => {
            if let Some(reason) = directive_misfit(existing, expected) {
                report.push(
                    Diagnostic::new(
                        Code::DirectiveDefinitionInvalid,
                        format!(
                            "`@{}` is not defined as its specification says: {reason}.",
                            existing.name
                        ),
                    )
                    .with_help(format!(
                        "Remove the definition, or make it `{}`.",
                        one_line(expected)
                    )),
                    existing.name.location(),
                    "defined here",
                );
            }
        }
        (
            Definition::ScalarTypeDefinition(_) | Definition::ScalarTypeExtension(_),
            Definition::ScalarTypeDefinition(_),
        )
        | (Definition::EnumTypeExtension(_), Definition::EnumTypeDefinition(_)) => {}
        (Definition::EnumTypeDefinition(existing), Definition::EnumTypeDefinition(expected)) => {
            check_enum(existing, expected, report);
        }
        _ => {
            let name = existing.name();
            report.push(
                Diagnostic::new(
                    Code::TypeDefinitionInvalid,
                    format!(
                        "`{}` is not the kind of type its specification says: it must be {}.",
                        name.map_or("", Name::as_str),
                        if matches!(expected, Definition::EnumTypeDefinition(_)) {
                            "an enum"
                        } else {
                            "a scalar"
                        }
                    ),
                )
                .with_help("Remove the definition: it is added where it is missing."),
                name.and_then(Name::location),
                "defined here",
            );
        }
    }
}

fn one_line(directive: &Node<DirectiveDefinition>) -> String {
    let text = directive.serialize().no_indent().to_string();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn check_enum(
    existing: &Node<EnumTypeDefinition>,
    expected: &Node<EnumTypeDefinition>,
    report: &mut Reporter<'_>,
) {
    let lacking: Vec<_> = expected
        .values
        .iter()
        .filter(|value| {
            !existing
                .values
                .iter()
                .any(|other| other.value == value.value)
        })
        .map(|value| format!("`{}`", value.value))
        .collect();
    if !lacking.is_empty() {
        report.push(
            Diagnostic::new(
                Code::TypeDefinitionInvalid,
                format!("`{}` lacks {}.", existing.name, lacking.join(", ")),
            )
            .with_help("Remove the definition: it is added where it is missing."),
            existing.name.location(),
            "defined here",
        );
    }
}

fn directive_misfit(
    existing: &DirectiveDefinition,
    expected: &DirectiveDefinition,
) -> Option<String> {
    if existing.repeatable && !expected.repeatable {
        return Some("it must not be repeatable".to_owned());
    }
    let location = existing
        .locations
        .iter()
        .find(|location| !expected.locations.contains(location));
    if let Some(location) = location {
        return Some(format!("it cannot stand on {location}"));
    }
    for argument in &existing.arguments {
        match expected
            .arguments
            .iter()
            .find(|other| other.name == argument.name)
        {
            Some(other) => {
                if let Some(reason) = argument_misfit(argument, other) {
                    return Some(reason);
                }
            }
            None => return Some(format!("it has no argument `{}`", argument.name)),
        }
    }
    let lacking = expected.arguments.iter().find(|argument| {
        argument.is_required()
            && !existing
                .arguments
                .iter()
                .any(|other| other.name == argument.name)
    })?;
    Some(format!("it lacks the argument `{}`", lacking.name))
}

fn argument_misfit(
    existing: &InputValueDefinition,
    expected: &InputValueDefinition,
) -> Option<String> {
    // An optional argument may be made mandatory.
    let ty = match (existing.ty.is_non_null(), expected.ty.is_non_null()) {
        (true, false) => existing.ty.as_ref().clone().nullable(),
        _ => existing.ty.as_ref().clone(),
    };
    if ty != *expected.ty && !stands_for(&ty, &expected.ty) {
        return Some(format!(
            "its argument `{}` must be of type `{}`, not `{}`",
            existing.name, expected.ty, existing.ty
        ));
    }
    if !existing.ty.is_non_null() && existing.default_value != expected.default_value {
        return Some(match &expected.default_value {
            Some(value) => format!("its argument `{}` must default to `{value}`", existing.name),
            None => format!("its argument `{}` must have no default", existing.name),
        });
    }
    None
}

// Values of a custom scalar are checked separately, so a built-in type may replace it: `String` for
// `FieldSet`.
fn stands_for(existing: &Type, expected: &Type) -> bool {
    match (existing, expected) {
        (Type::List(existing), Type::List(expected))
        | (Type::NonNullList(existing), Type::NonNullList(expected)) => {
            stands_for(existing, expected) || existing == expected
        }
        (Type::NonNullNamed(_) | Type::NonNullList(_), Type::NonNullNamed(scalar))
        | (_, Type::Named(scalar)) => {
            let named = existing.inner_named_type();
            is_custom(scalar) && (!is_custom(named) || named == scalar)
        }
        _ => false,
    }
}

fn is_custom(scalar: &str) -> bool {
    !["Int", "Float", "String", "Boolean", "ID"].contains(&scalar)
}
