//! Checks whether a subgraph is valid GraphQL, with the exceptions of federation: types of other
//! subgraphs may be extended, and a query type is optional.

use apollo_compiler::{
    Name, Node, Schema,
    ast::{
        Definition, Directive, Document, FieldDefinition, ObjectTypeDefinition,
        ObjectTypeExtension, Type,
    },
    diagnostic::ToCliReport,
    name,
    parser::SourceSpan,
    validation::DiagnosticList,
};
use indexmap::{IndexMap, IndexSet};

use super::{
    directive_lists, input_values,
    link::{FEDERATION, Links},
    machinery,
    report::Reporter,
};
use crate::{
    diagnostic::{Code, Diagnostic},
    suggest::did_you_mean,
    tokens::spell_expected,
};

/// Checks a document together with the definitions it lacks.
pub(super) fn check(
    document: &Document,
    missing: &[Definition],
    links: &Links,
    report: &mut Reporter<'_>,
) {
    let unknown = unknown_directives(document, missing, links, report);
    let mut whole = document.clone();
    whole.definitions.extend(missing.iter().cloned());
    ensure_query(&mut whole);
    drop_applications(&mut whole, &unknown);
    let builder = Schema::builder()
        .adopt_orphan_extensions()
        .ignore_builtin_redefinitions();
    let errors = match builder.add_ast(&whole).build() {
        Ok(schema) => {
            input_values::check(&schema, report);
            match schema.validate() {
                Ok(_) => return,
                Err(errors) => errors.errors,
            }
        }
        Err(errors) => errors.errors,
    };
    report_all(&errors, &|told| help_for_invalid(told, &whole), report);
}

/// Most errors of one kind that are reported for one subgraph; the rest mostly follows from them.
const MOST_TOLD: usize = 100;
/// Most errors with the same message: a text that is not SDL has one for each line.
const MOST_ALIKE: usize = 5;
/// Most places shown where one unknown directive is applied.
const MOST_PLACES: usize = 3;

/// Reports what the GraphQL library found, with what help there is.
pub(super) fn report_all(
    errors: &DiagnosticList,
    help: &dyn Fn(&str) -> Option<String>,
    report: &mut Reporter<'_>,
) {
    let mut alike: IndexMap<String, (usize, Option<SourceSpan>)> = IndexMap::new();
    let mut told = 0;
    for error in errors.iter() {
        let message = spell_expected(&error.error.to_string(), '`');
        let location = error.error.location();
        let (count, last) = alike.entry(message.clone()).or_default();
        *count += 1;
        if *count <= MOST_ALIKE + 1 {
            *last = location;
        }
        if *count > MOST_ALIKE || told == MOST_TOLD {
            continue;
        }
        told += 1;
        let help = help(&message);
        let mut diagnostic = Diagnostic::new(Code::InvalidGraphql, sentence(message));
        diagnostic.help = help;
        report.push(diagnostic, location, "here");
    }
    for (message, (count, next)) in alike {
        let Some(more) = count.checked_sub(MOST_ALIKE).filter(|more| *more > 0) else {
            continue;
        };
        let message = format!("{more} more of the same: {}", sentence(message));
        let diagnostic = Diagnostic::new(Code::InvalidGraphql, message)
            .with_help("Correct the first of them: the others mostly follow from it.");
        report.push(diagnostic, next, "the next of them");
    }
}

fn sentence(mut message: String) -> String {
    if let Some(first) = message.get(..1) {
        message = first.to_uppercase() + &message[1..];
    }
    if !message.ends_with('.') {
        message.push('.');
    }
    message
}

// The library reports unknown types and arguments without a close name.
fn help_for_invalid(message: &str, document: &Document) -> Option<String> {
    let mut quoted = message.split('`').skip(1).step_by(2);
    let unknown = quoted.next()?;
    let meant = if message.starts_with("cannot find type") {
        let types = (document.definitions.iter())
            .filter(|definition| !matches!(definition, Definition::DirectiveDefinition(_)));
        did_you_mean(
            unknown,
            types.filter_map(Definition::name).map(Name::as_str),
        )
    } else {
        let directive = quoted.next()?.strip_prefix('@')?;
        let defined = (document.definitions.iter())
            .filter_map(|definition| definition.as_directive_definition())
            .find(|definition| definition.name == directive)?;
        let arguments = defined.arguments.iter();
        did_you_mean(unknown, arguments.map(|argument| argument.name.as_str()))
    };
    Some(format!("Did you mean `{}`?", meant?))
}

// A subgraph whose query type has only `_entities` is valid.
fn ensure_query(document: &mut Document) {
    let query = machinery::query_type(document);
    let service = FieldDefinition {
        description: None,
        name: name!("_service"),
        arguments: Vec::new(),
        ty: Type::Named(name!("String")),
        directives: apollo_compiler::ast::DirectiveList::new(),
    };
    let is_defined = document.definitions.iter().any(|definition| {
        !matches!(definition, Definition::DirectiveDefinition(_))
            && definition.name() == Some(&query)
    });
    let fields = vec![Node::new(service)];
    let (implements_interfaces, directives) = Default::default();
    document.definitions.push(if is_defined {
        Definition::ObjectTypeExtension(Node::new(ObjectTypeExtension {
            name: query,
            implements_interfaces,
            directives,
            fields,
        }))
    } else if query == "Query" {
        Definition::ObjectTypeDefinition(Node::new(ObjectTypeDefinition {
            description: None,
            name: query,
            implements_interfaces,
            directives,
            fields,
        }))
    } else {
        return;
    });
    declare_root(document);
}

// A schema definition may name only other root types, though GraphQL requires a query type.
fn declare_root(document: &mut Document) {
    use apollo_compiler::ast::OperationType::Query;
    let names_query = document
        .definitions
        .iter()
        .any(|definition| match definition {
            Definition::SchemaDefinition(schema) => {
                schema.root_operations.iter().any(|root| root.0 == Query)
            }
            Definition::SchemaExtension(schema) => {
                schema.root_operations.iter().any(|root| root.0 == Query)
            }
            _ => false,
        });
    if names_query {
        return;
    }
    for definition in &mut document.definitions {
        if let Definition::SchemaDefinition(schema) = definition {
            schema
                .make_mut()
                .root_operations
                .push(Node::new((Query, name!("Query"))));
            return;
        }
    }
    for definition in &mut document.definitions {
        match definition {
            Definition::SchemaExtension(schema) if !schema.root_operations.is_empty() => {
                schema
                    .make_mut()
                    .root_operations
                    .push(Node::new((Query, name!("Query"))));
                return;
            }
            _ => {}
        }
    }
}

fn unknown_directives(
    document: &Document,
    missing: &[Definition],
    links: &Links,
    report: &mut Reporter<'_>,
) -> IndexSet<Name> {
    let mut known: IndexSet<&str> = ["skip", "include", "deprecated", "specifiedBy"]
        .into_iter()
        .collect();
    for definition in document.definitions.iter().chain(missing) {
        if let Definition::DirectiveDefinition(directive) = definition {
            known.insert(&directive.name);
        }
    }
    let mut unknown: IndexMap<Name, Vec<Node<Directive>>> = IndexMap::new();
    directive_lists::visit(document, &mut |directives| {
        for directive in &directives.0 {
            if !known.contains(directive.name.as_str()) {
                unknown
                    .entry(directive.name.clone())
                    .or_default()
                    .push(directive.clone());
            }
        }
    });
    for applications in unknown.values().take(MOST_TOLD) {
        let name = &applications[0].name;
        let mut diagnostic = Diagnostic::new(
            Code::InvalidGraphql,
            format!("The directive `@{name}` is not defined."),
        );
        diagnostic.help = help_for_unknown(name, &known, links);
        let more = applications.len().saturating_sub(MOST_PLACES);
        for (at, directive) in applications.iter().take(MOST_PLACES).enumerate() {
            let text = match (at + 1 == MOST_PLACES, more) {
                (true, 1..) => format!("applied here, and in {more} more places"),
                _ => "applied here".to_owned(),
            };
            diagnostic = diagnostic.with_label(report.label(directive.location(), text));
        }
        report.diagnostics.push(diagnostic);
    }
    if let Some(rest) = unknown.len().checked_sub(MOST_TOLD + 1) {
        let next = unknown
            .values()
            .nth(MOST_TOLD)
            .and_then(|each| each[0].location());
        let message = format!("{} more directives are not defined.", rest + 1);
        report.push(
            Diagnostic::new(Code::InvalidGraphql, message),
            next,
            "one of them",
        );
    }
    unknown.into_keys().collect()
}

fn help_for_unknown(name: &str, known: &IndexSet<&str>, links: &Links) -> Option<String> {
    let federation = links.find(FEDERATION)?;
    let element = format!("@{name}");
    let is_federation_2 = federation.location.is_some();
    let since = super::specs::find_introduction(&element);
    if let Some(since) = since {
        return Some(if !is_federation_2 {
            format!(
                "`{element}` is a directive of Federation 2: add `extend schema @link(url: \
                 \"{FEDERATION}/{}\", import: [\"{element}\"])`.",
                since.max(super::link::Version::new(2, 0))
            )
        } else if since > federation.version {
            format!(
                "`{element}` came with federation {since}: link that or a newer version, and import it."
            )
        } else if federation.imports.contains_key(&element) {
            format!("It is imported as `{}`.", federation.name_of(&element))
        } else {
            format!(
                "Import it, `import: [\"{element}\"]`, or write `{}`.",
                federation.name_of(&element)
            )
        });
    }
    // An imported name replaces the prefixed one.
    let unprefixed = name.strip_prefix(&format!("{}__", federation.namespace));
    let imported = unprefixed.and_then(|rest| federation.imports.get(&format!("@{rest}")));
    if let Some(imported) = imported.filter(|_| is_federation_2) {
        return Some(format!("It is imported here as `{imported}`."));
    }
    let meant = did_you_mean(name, known.iter().copied())?;
    Some(format!("Did you mean `@{meant}`?"))
}

// They have been reported, with help that the library does not give.
fn drop_applications(document: &mut Document, unknown: &IndexSet<Name>) {
    if !unknown.is_empty() {
        directive_lists::visit_mut(document, &mut |directives| {
            directives
                .0
                .retain(|directive| !unknown.contains(&directive.name));
        });
    }
}
