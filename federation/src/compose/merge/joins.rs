//! Which subgraph each merged element comes from: merging records it, and `emit` writes it.

use apollo_compiler::Name;
use apollo_compiler::ast::Value;
use apollo_compiler::collections::IndexMap;

/// A subgraph by its place among the subgraphs sorted by name.
pub(crate) type Graph = usize;

/// One `@join__type`: a type in one subgraph, by one of its keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct JoinType {
    pub(crate) graph: Graph,
    pub(crate) key: Option<String>,
    pub(crate) extension: bool,
    pub(crate) resolvable: bool,
    pub(crate) is_interface_object: bool,
}

/// One `@join__field`: how one subgraph has a field. Without a graph, the field comes from an
/// `@interfaceObject` alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct JoinField {
    pub(crate) graph: Option<Graph>,
    pub(crate) requires: Option<String>,
    pub(crate) provides: Option<String>,
    pub(crate) type_: Option<String>,
    pub(crate) external: bool,
    pub(crate) override_: Option<String>,
    pub(crate) used_overridden: bool,
    pub(crate) override_label: Option<String>,
    pub(crate) context_arguments: Vec<ContextArgument>,
}

/// An argument one subgraph fills from a context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ContextArgument {
    pub(crate) name: String,
    pub(crate) type_: String,
    pub(crate) context: String,
    pub(crate) selection: String,
}

/// One `@join__directive`: an application kept as the subgraphs wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct JoinDirective {
    pub(crate) graphs: Vec<Graph>,
    pub(crate) name: String,
    pub(crate) arguments: Vec<(Name, Value)>,
}

/// What a `@join__directive` stands on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum JoinSite {
    Schema,
    Type(Name),
    Field(Name, Name),
}

/// All join facts of a merged schema.
#[derive(Clone, Debug, Default)]
pub(crate) struct Joins {
    pub(crate) types: IndexMap<Name, Vec<JoinType>>,
    pub(crate) fields: IndexMap<(Name, Name), Vec<JoinField>>,
    pub(crate) implements: IndexMap<Name, Vec<(Graph, Name)>>,
    pub(crate) members: IndexMap<Name, Vec<(Graph, Name)>>,
    pub(crate) enum_values: IndexMap<(Name, Name), Vec<Graph>>,
    pub(crate) directives: IndexMap<JoinSite, Vec<JoinDirective>>,
}

/// A `@link` of the supergraph to a spec that composes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SpecLink {
    pub(crate) url: String,
    /// The spec's own name, its namespace unless there is an alias.
    pub(crate) name: String,
    /// Whether its directives compose without `@composeDirective`.
    pub(crate) is_own: bool,
    pub(crate) alias: Option<String>,
    pub(crate) purpose: Option<Purpose>,
    /// Name in the spec and name here, both with their `@`.
    pub(crate) imports: Vec<(String, String)>,
}

/// For what purpose a reader of the supergraph must support a spec.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Access control.
    Security,
    /// Execution of operations.
    Execution,
}
