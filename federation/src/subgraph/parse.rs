//! SDL to subgraphs in canonical form, step by step, each step in a file of its own. A subgraph
//! that a step refuses is left out, with diagnostics that say why.

use apollo_compiler::{ast::Document, parser::Parser};

use super::{
    Subgraph, SubgraphInput, build, canonical, definitions,
    facts::Facts,
    limits,
    link::{FEDERATION, Links},
    machinery, names,
    report::Reporter,
    upgrade, validity,
};
use crate::diagnostic::Diagnostics;

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
        names::check_names(inputs, diagnostics);
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

    let mut schema = build::build(&document);
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
