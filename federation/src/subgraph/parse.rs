//! Reads SDL into subgraphs in canonical form, step by step; each step has a separate file. A
//! subgraph that a step refuses is left out, with diagnostics that say why.

use apollo_compiler::{ast::Document, parser::Parser};

use super::{
    Subgraph, SubgraphInput, build, canonical, definitions,
    facts::Facts,
    limits::{self, Limit},
    link::{FEDERATION, Links},
    machinery, names,
    report::Reporter,
    upgrade, validity,
};
use crate::{
    budget::{Allowance, Budget, Exceeded, Interrupt, Resource},
    diagnostic::{Code, Diagnostic, Diagnostics},
};

impl Subgraph {
    /// Reads subgraphs as composition does, without composing them.
    pub fn read_all(inputs: &[SubgraphInput]) -> (Option<Vec<Self>>, Diagnostics) {
        let budget = Budget::new(Allowance::of_work(limits::MAX_WORK), Interrupt::default());
        Self::read_all_within(inputs, &budget)
    }

    /// Reads subgraphs within a budget. Past it, or once the host interrupts it, there are none,
    /// and a diagnostic says so.
    pub fn read_all_within(
        inputs: &[SubgraphInput],
        budget: &Budget,
    ) -> (Option<Vec<Self>>, Diagnostics) {
        let mut diagnostics = Diagnostics::default();
        let mut inputs: Vec<_> = inputs.iter().collect();
        inputs.sort_by_key(|input| &input.name);
        let subgraphs = Self::parse_all(&inputs, budget, &mut diagnostics);
        let subgraphs = subgraphs.filter(|_| !diagnostics.has_errors());
        (subgraphs, diagnostics)
    }

    /// Reads subgraphs. Where one of them cannot be read, those of Federation 1 are left out, since
    /// these can only be read together with all others. Past the budget there are none at all.
    pub(crate) fn parse_all(
        inputs: &[&SubgraphInput],
        budget: &Budget,
        diagnostics: &mut Diagnostics,
    ) -> Option<Vec<Self>> {
        names::check_names(inputs, diagnostics);
        let mut subgraphs: Vec<_> = inputs
            .iter()
            .filter_map(|input| parse(input, budget, diagnostics))
            .collect();
        if diagnostics.has_errors() {
            subgraphs.retain(|subgraph| !subgraph.was_federation_1);
        } else {
            upgrade::upgrade(&mut subgraphs, budget, diagnostics);
        }
        match budget.spend(Resource::Work, 0) {
            Ok(()) => Some(subgraphs),
            Err(exceeded) => {
                diagnostics.push(stopped(exceeded, budget));
                None
            }
        }
    }
}

fn stopped(exceeded: Exceeded, budget: &Budget) -> Diagnostic {
    let message = match exceeded {
        Exceeded::Interrupted => "Reading the subgraphs was interrupted.".to_owned(),
        Exceeded::Limit(_) => format!(
            "Reading the subgraphs takes more than {} steps.",
            budget.bound(Resource::Work)
        ),
    };
    Diagnostic::new(Code::MaxValidationSubgraphPathsExceeded, message).with_help(
        "What multiplies: types that set a context and arguments that read it, types and the \
         interfaces they implement. Have fewer of one of them.",
    )
}

fn parse(
    input: &SubgraphInput,
    budget: &Budget,
    diagnostics: &mut Diagnostics,
) -> Option<Subgraph> {
    // Each phase reads the SDL a number of times that does not depend on its length.
    let go_on = || budget.step(input.sdl.len()).then_some(());
    go_on()?;
    let mut document = read(input, diagnostics)?;
    go_on()?;
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

    go_on()?;
    machinery::drop_operations(&mut document);
    let missing = definitions::complete(&mut document, &links, was_federation_1, &mut report);
    if report.has_errors() {
        return None;
    }
    validity::check(&document, &missing, &links, &mut report);
    if report.has_errors() {
        return None;
    }

    go_on()?;
    let mut schema = build::build(&document);
    go_on()?;
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
    subgraph.refresh_facts(budget);
    Some(subgraph)
}

fn read(input: &SubgraphInput, diagnostics: &mut Diagnostics) -> Option<Document> {
    if let Err(limit) = limits::check(&input.sdl) {
        diagnostics.push(limit.into_diagnostic(&input.name));
        return None;
    }
    let mut parser = Parser::new().token_limit(limits::MAX_TOKENS);
    let parsed = parser.parse_ast(&input.sdl, &input.name);
    if parser.tokens_reached() >= limits::MAX_TOKENS {
        diagnostics.push(Limit::Tokens.into_diagnostic(&input.name));
        return None;
    }
    match parsed {
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
