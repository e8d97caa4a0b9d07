//! SDL to subgraphs in canonical form.

use apollo_compiler::{Schema, ast::Document, parser::Parser};

use super::{
    Subgraph, SubgraphInput,
    link::{Links, Version},
};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

impl Subgraph {
    /// Understands all subgraphs; those of Federation 1 need to know of each other.
    pub(crate) fn parse_all(
        inputs: &[&SubgraphInput],
        diagnostics: &mut Diagnostics,
    ) -> Option<Vec<Self>> {
        let subgraphs: Vec<_> = inputs
            .iter()
            .filter_map(|input| parse(input, diagnostics))
            .collect();
        (!diagnostics.has_errors()).then_some(subgraphs)
    }
}

fn parse(input: &SubgraphInput, diagnostics: &mut Diagnostics) -> Option<Subgraph> {
    let document = match Parser::new().parse_ast(&input.sdl, &input.name) {
        Ok(document) => document,
        Err(errors) => {
            diagnostics.push(Diagnostic::new(
                Code::InvalidGraphql,
                errors.errors.to_string(),
            ));
            return None;
        }
    };
    let file = *document.sources.keys().next()?;
    Some(Subgraph {
        name: input.name.clone(),
        url: input.url.clone(),
        schema: build(&document, diagnostics)?,
        federation_version: Version::new(2, 0),
        was_federation_1: false,
        links: Links::default(),
        file,
    })
}

fn build(document: &Document, diagnostics: &mut Diagnostics) -> Option<Schema> {
    match Schema::builder()
        .adopt_orphan_extensions()
        .add_ast(document)
        .build()
    {
        Ok(schema) => Some(schema),
        Err(errors) => {
            diagnostics.push(Diagnostic::new(
                Code::InvalidGraphql,
                errors.errors.to_string(),
            ));
            None
        }
    }
}
