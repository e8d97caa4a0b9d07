//! The joint schema as files: what `schema/` holds, made from the code.

use std::collections::BTreeMap;

use apollo_compiler::schema::ExtendedType;
use federation::{
    compose::compose,
    subgraph::{Subgraph, SubgraphInput},
    supergraph::Supergraph,
};

use super::{check::levels_of, declarations::Declarations, level::Level};

/// Why there is nothing to export.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// What composition says.
    #[error("the sources do not compose:\n{0}")]
    Composition(String),
    /// Fields whose level is missing, or is set where it may not be.
    #[error("not every field has a level:\n{}", .0.join("\n"))]
    Levels(Vec<String>),
}

/// The files of `schema/`, by name: a subgraph each, the supergraph, what clients see, and the
/// level of every field.
pub fn export(inputs: &[SubgraphInput]) -> Result<BTreeMap<String, String>, ExportError> {
    let (composed, diagnostics) = compose(inputs);
    let Some(composed) = composed else {
        let sources = inputs.iter().map(|input| (&*input.name, &*input.sdl));
        return Err(ExportError::Composition(
            diagnostics.to_text(&sources.collect()),
        ));
    };
    let supergraph = Supergraph::parse(&composed.supergraph_sdl)
        .map_err(|error| ExportError::Composition(error.to_string()))?;
    levels(inputs, &supergraph)?;
    let mut files: BTreeMap<_, _> = inputs
        .iter()
        .map(|input| (format!("{}.graphql", input.name), input.sdl.clone()))
        .collect();
    files.insert("api.graphql".to_owned(), supergraph.api_schema.to_string());
    files.insert("supergraph.graphql".to_owned(), composed.supergraph_sdl);
    files.insert("levels.json".to_owned(), levels_document(&supergraph));
    Ok(files)
}

/// The level of every field that has one, by coordinate, as JSON.
pub fn levels_document(supergraph: &Supergraph) -> String {
    let levels: BTreeMap<_, _> = levels_of(supergraph)
        .into_iter()
        .map(|(coordinate, level)| (coordinate, level.as_str()))
        .collect();
    format!("{:#}\n", serde_json::json!(levels))
}

/// The level of every field of a supergraph, by coordinate, or each field that lacks one.
///
/// A level counts where it is marked: each subgraph marks what it brings. So a tag on a type that
/// others can add fields to is refused, since it would mark their fields too.
pub fn levels(
    inputs: &[SubgraphInput],
    supergraph: &Supergraph,
) -> Result<BTreeMap<String, Level>, ExportError> {
    let mut faults = Vec::new();
    for subgraph in Subgraph::read_all(inputs).0.unwrap_or_default() {
        unmarked(&subgraph, &mut faults);
    }
    let levels: BTreeMap<_, _> = levels_of(supergraph).into_iter().collect();
    for coordinate in fields(supergraph) {
        if !levels.contains_key(&coordinate) {
            faults.push(format!("`{coordinate}` has none in the supergraph"));
        }
    }
    if faults.is_empty() {
        Ok(levels)
    } else {
        Err(ExportError::Levels(faults))
    }
}

fn unmarked(subgraph: &Subgraph, faults: &mut Vec<String>) {
    let declarations = Declarations::of(subgraph);
    for (coordinate, field) in &declarations.fields {
        if field.level.is_none() && !field.is_external {
            faults.push(format!("`{coordinate}` has none in `{}`", subgraph.name));
        }
    }
    for (name, facts) in &declarations.types {
        if facts.has_key && facts.level == Some(Level::Unclassified) {
            faults.push(format!(
                "`{name}` is tagged as a whole in `{}`, and others can add fields to it: tag its \
                 fields",
                subgraph.name
            ));
        }
    }
}

fn fields(supergraph: &Supergraph) -> Vec<String> {
    let mut coordinates = Vec::new();
    for ty in supergraph
        .api_schema
        .types
        .values()
        .filter(|ty| !ty.is_built_in())
    {
        let fields = match ty {
            ExtendedType::Object(object) => &object.fields,
            ExtendedType::Interface(interface) => &interface.fields,
            _ => continue,
        };
        coordinates.extend(fields.keys().map(|field| format!("{}.{field}", ty.name())));
    }
    coordinates
}
