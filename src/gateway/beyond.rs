//! What registered sources add to a type, as a document that nobody wrote can ask for it.

use apollo_compiler::{Name, Schema, ast::FieldDefinition, schema::ExtendedType};
use federation::supergraph::Supergraph;

/// The fields of a type that only such sources serve, as selections.
pub(super) fn fields_of(
    supergraph: &Supergraph,
    type_name: &str,
    is_asked: impl Fn(&str) -> bool,
    levels: usize,
) -> Vec<String> {
    let Some(ExtendedType::Object(joined)) = supergraph.schema.types.get(type_name) else {
        return Vec::new();
    };
    let Some(ExtendedType::Object(shown)) = supergraph.api_schema.types.get(type_name) else {
        return Vec::new();
    };
    let source_of = |graph: &str| {
        let mut subgraphs = supergraph.subgraphs.iter();
        let subgraph = subgraphs.find(|subgraph| subgraph.graph == graph);
        subgraph.map(|subgraph| subgraph.name.as_str())
    };
    let is_from = |field: &FieldDefinition| {
        let graphs = field.directives.get_all("join__field");
        let graphs = graphs.filter_map(|join| join.specified_argument_by_name("graph"));
        let mut sources = graphs.filter_map(|graph| source_of(graph.as_enum()?.as_str()));
        let mut all = sources.by_ref().peekable();
        all.peek().is_some() && all.all(&is_asked)
    };
    let fields = joined.fields.values().filter(|field| is_from(field));
    let fields = fields.filter_map(|field| shown.fields.get(&field.name));
    let mut walk = Walk {
        schema: &supergraph.api_schema,
        levels,
        left: MOST_FIELDS,
    };
    fields
        .filter_map(|field| walk.selection(field, levels))
        .collect()
}

/// Fields that are asked of all registered sources together: a wide schema must not make the operation one that is
/// refused.
const MOST_FIELDS: usize = 300;

/// A walk down from the fields of a type.
struct Walk<'a> {
    schema: &'a Schema,
    /// Levels below a field of the type.
    levels: usize,
    /// Fields that may still be asked.
    left: usize,
}

enum Below {
    Leaf,
    Fields(Vec<String>),
}

impl Walk<'_> {
    /// A field with what is below it; none where something has to be given, or nothing is left to be asked.
    fn selection(&mut self, field: &FieldDefinition, levels: usize) -> Option<String> {
        let mut arguments = field.arguments.iter();
        if arguments.any(|argument| argument.is_required()) {
            return None;
        }
        self.left = self.left.checked_sub(1)?;
        let name = &field.name;
        match self.below(field.ty.inner_named_type(), levels) {
            Below::Leaf => Some(name.to_string()),
            Below::Fields(fields) if !fields.is_empty() => {
                Some(format!("{name} {{ {} }}", fields.join(" ")))
            }
            Below::Fields(_) => None,
        }
    }

    fn below(&mut self, type_name: &Name, levels: usize) -> Below {
        let schema = self.schema;
        let fields = match schema.types.get(type_name) {
            Some(ExtendedType::Object(object)) => &object.fields,
            Some(ExtendedType::Interface(interface)) => &interface.fields,
            Some(ExtendedType::Union(_)) => return Below::Fields(vec!["__typename".to_owned()]),
            _ => return Below::Leaf,
        };
        if levels == 0 {
            return Below::Fields(Vec::new());
        }
        // A record right below a field of the type is the source's own; of further ones the id is asked alone.
        let is_record = fields.contains_key("id") && levels < self.levels;
        let asked = fields
            .values()
            .filter(|field| !is_record || field.name == "id");
        let asked = asked.filter_map(|field| self.selection(field, levels - 1));
        Below::Fields(asked.collect())
    }
}
