//! SDL to subgraphs in canonical form, step by step, each step in a file of its own. A subgraph
//! that a step refuses is left out, with diagnostics that say why.

use apollo_compiler::{
    Schema,
    ast::{Definition, Document, OperationType},
    parser::Parser,
    schema::ComponentName,
};

use super::{
    Subgraph, SubgraphInput, canonical, definitions,
    facts::Facts,
    limits,
    link::{FEDERATION, Links},
    machinery,
    report::Reporter,
    upgrade, validity,
};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

impl Subgraph {
    /// Understands subgraphs as composition does, for those who ask what is in them.
    pub fn read_all(inputs: &[SubgraphInput]) -> (Option<Vec<Self>>, Diagnostics) {
        let mut diagnostics = Diagnostics::default();
        let mut inputs: Vec<_> = inputs.iter().collect();
        inputs.sort_by_key(|input| &input.name);
        let subgraphs = Self::parse_all(&inputs, &mut diagnostics);
        (
            (!diagnostics.has_errors()).then_some(subgraphs),
            diagnostics,
        )
    }

    /// Understands subgraphs. Where one of them cannot be understood, those of Federation 1 are left
    /// out: they can only be read beside all others.
    pub(crate) fn parse_all(inputs: &[&SubgraphInput], diagnostics: &mut Diagnostics) -> Vec<Self> {
        check_names(inputs, diagnostics);
        let mut subgraphs: Vec<_> = inputs
            .iter()
            .filter_map(|input| parse(input, diagnostics))
            .collect();
        if diagnostics.has_errors() {
            subgraphs.retain(|subgraph| !subgraph.was_federation_1);
        } else {
            upgrade::upgrade(&mut subgraphs, diagnostics);
        }
        subgraphs
    }
}

fn check_names(inputs: &[&SubgraphInput], diagnostics: &mut Diagnostics) {
    for input in inputs {
        if input.name.trim().is_empty() || input.name == "_" {
            diagnostics.push(
                Diagnostic::new(
                    Code::InvalidSubgraphName,
                    format!("A subgraph cannot be called `{}`.", input.name),
                )
                .with_help("Give it another name."),
            );
        }
    }
    for pair in inputs.windows(2) {
        if pair[0].name == pair[1].name {
            diagnostics.push(
                Diagnostic::new(
                    Code::InvalidSubgraphName,
                    format!("Two subgraphs are called `{}`.", pair[0].name),
                )
                .with_help("Give each subgraph a name of its own."),
            );
        }
    }
}

fn parse(input: &SubgraphInput, diagnostics: &mut Diagnostics) -> Option<Subgraph> {
    let mut document = read(input, diagnostics)?;
    let file = *document.sources.keys().next()?;
    let mut report = Reporter {
        subgraph: &input.name,
        file,
        diagnostics,
    };

    let links = Links::read(&document, &mut report);
    let federation = links.find(FEDERATION)?;
    let was_federation_1 = federation.location.is_none();
    let federation_version = federation.version;
    if report.has_errors() {
        return None;
    }

    machinery::drop_operations(&mut document);
    let missing = definitions::complete(&mut document, &links, was_federation_1, &mut report);
    if report.has_errors() {
        return None;
    }
    validity::check(&document, &missing, &links, &mut report);
    if report.has_errors() {
        return None;
    }

    let mut schema = build(&document);
    canonical::canonicalize(&mut schema, &links, was_federation_1);
    if !was_federation_1 {
        canonical::resolve_external_keys(&mut schema);
    }
    let mut subgraph = Subgraph {
        name: input.name.clone(),
        url: input.url.clone(),
        schema,
        federation_version,
        was_federation_1,
        links,
        facts: Facts::default(),
        file,
    };
    subgraph.refresh_facts();
    Some(subgraph)
}

fn read(input: &SubgraphInput, diagnostics: &mut Diagnostics) -> Option<Document> {
    if let Err(limit) = limits::check(&input.sdl) {
        diagnostics.push(limit.into_diagnostic(&input.name));
        return None;
    }
    match Parser::new()
        .token_limit(limits::MAX_TOKENS)
        .parse_ast(&input.sdl, &input.name)
    {
        Ok(document) => Some(document),
        Err(errors) => {
            let file = *errors.partial.sources.keys().next()?;
            let mut report = Reporter {
                subgraph: &input.name,
                file,
                diagnostics,
            };
            validity::report_all(&errors.errors, &|_| None, &mut report);
            None
        }
    }
}

// What is wrong with the document as such has been reported by then.
fn build(document: &Document) -> Schema {
    let builder = Schema::builder()
        .adopt_orphan_extensions()
        .ignore_builtin_redefinitions();
    let mut schema = match builder.add_ast(document).build() {
        Ok(schema) => schema,
        Err(errors) => errors.partial,
    };
    let is_defined =
        |definition: &Definition| matches!(definition, Definition::SchemaDefinition(_));
    if !document.definitions.iter().any(is_defined) {
        add_default_roots(&mut schema);
    }
    schema
}

// `extend schema { mutation: … }` adds to the roots that go without saying.
fn add_default_roots(schema: &mut Schema) {
    let default = |operation: OperationType| {
        let name = operation.default_type_name();
        let is_object = schema.get_object(&name).is_some();
        is_object.then(|| ComponentName::from(name))
    };
    let (query, mutation, subscription) = (
        default(OperationType::Query),
        default(OperationType::Mutation),
        default(OperationType::Subscription),
    );
    let roots = schema.schema_definition.make_mut();
    roots.query = roots.query.take().or(query);
    roots.mutation = roots.mutation.take().or(mutation);
    roots.subscription = roots.subscription.take().or(subscription);
}
