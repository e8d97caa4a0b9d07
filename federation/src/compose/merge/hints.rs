//! Hints about value types: a field that not every subgraph with the type resolves.

use apollo_compiler::Name;
use apollo_compiler::schema::ExtendedType;

use super::merger::Merger;
use super::mismatch::Distribution;
use super::type_sources::{TypeSources, location_of};
use crate::diagnostic::{Code, Diagnostic};

impl<'a> Merger<'a> {
    /// A field of a type without keys can only be resolved by the subgraph that delivers the
    /// object.
    pub(super) fn inconsistent_value_type_field(
        &mut self,
        name: &Name,
        field: &Name,
        sources: &TypeSources<'a>,
    ) {
        let has_field = |definition: &ExtendedType| match definition {
            ExtendedType::Object(object) => object.fields.contains_key(field),
            ExtendedType::Interface(interface) => interface.fields.contains_key(field),
            _ => false,
        };
        let lacks = sources.definitions.iter().any(|(graph, definition)| {
            !has_field(definition) && !self.is_all_external(*graph, name, definition)
        });
        if !lacks {
            return;
        }
        let (code, kind) = match self.schema.types.get(name) {
            Some(ExtendedType::Interface(_)) => {
                (Code::InconsistentInterfaceValueTypeField, "interface")
            }
            _ => (Code::InconsistentObjectValueTypeField, "type without keys"),
        };
        let distribution =
            Distribution::of(sources.definitions.iter().map(|(graph, definition)| {
                let says = if has_field(definition) {
                    "it is defined"
                } else {
                    "it is not"
                };
                (*graph, says)
            }));
        let message = format!(
            "`{name}.{field}` is a field of a{} {kind} that not all subgraphs with `{name}` have: {}.",
            if kind == "interface" { "n" } else { "" },
            distribution.in_words(self.sources, "")
        );
        let mut diagnostic = Diagnostic::new(code, message);
        for (graph, definition) in sources
            .definitions
            .iter()
            .filter(|(_, one)| !has_field(one))
        {
            let text = format!("no `{field}` here");
            diagnostic =
                diagnostic.with_label(self.sources[*graph].label(location_of(definition), text));
        }
        self.report(diagnostic.with_help(format!(
            "Add `{field}` to `{name}` there, or take care that it is reached from where it is."
        )));
    }

    fn is_all_external(&self, graph: usize, name: &Name, definition: &ExtendedType) -> bool {
        let fields = match definition {
            ExtendedType::Object(object) => &object.fields,
            ExtendedType::Interface(interface) => &interface.fields,
            _ => return false,
        };
        let source = &self.sources[graph];
        fields.keys().all(|field| source.is_external(name, field))
    }
}
