//! Checks the arguments in `@requires` against the merged schema: the required fields are resolved
//! by other subgraphs, so these must have the arguments that are given, and get those that they
//! require.

use apollo_compiler::ast::{Field, FieldDefinition, Selection};
use apollo_compiler::schema::{Component, ExtendedType};
use apollo_compiler::{Name, Schema};

use super::merged_elements::fields_of;
use crate::compose::merge::Merged;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::subgraph::Subgraph;
use crate::subgraph::directives::{FieldSetOf, requires};
use crate::subgraph::field_set;

/// Checks the arguments in every `@requires`.
pub(super) fn requires_invalid_fields(
    merged: &Merged,
    subgraphs: &[Subgraph],
    diagnostics: &mut Diagnostics,
) {
    for subgraph in subgraphs {
        for (name, type_) in &subgraph.schema.types {
            for field in fields_of(type_)
                .into_iter()
                .flat_map(|fields| fields.values())
            {
                let Some(required) = requires(&field.directives) else {
                    continue;
                };
                let name = subgraph.merged_type_name(name);
                let mut rule = Rule {
                    coordinate: format!("{name}.{}", field.name),
                    schema: &merged.schema,
                    subgraph,
                    subgraphs,
                    required,
                    diagnostics,
                };
                if let Ok(selections) = field_set::parse(required.fields) {
                    rule.check(name, &selections);
                }
            }
        }
    }
}

struct Rule<'a> {
    /// The field that requires.
    coordinate: String,
    schema: &'a Schema,
    subgraph: &'a Subgraph,
    subgraphs: &'a [Subgraph],
    required: FieldSetOf<'a>,
    diagnostics: &'a mut Diagnostics,
}

impl Rule<'_> {
    fn check(&mut self, type_: &str, selections: &[Selection]) {
        for selection in selections {
            match selection {
                Selection::Field(field) => {
                    let definition = self.schema.types.get(type_).and_then(fields_of);
                    let definition = definition
                        .and_then(|fields| fields.get(&field.name))
                        .cloned();
                    if let Some(definition) = definition {
                        self.check_arguments(type_, field, &definition);
                        self.check(definition.ty.inner_named_type(), &field.selection_set);
                    }
                }
                Selection::InlineFragment(fragment) => {
                    let condition = fragment.type_condition.as_ref();
                    let type_ = condition.map_or(type_, Name::as_str).to_owned();
                    self.check(&type_, &fragment.selection_set);
                }
                Selection::FragmentSpread(_) => {}
            }
        }
    }

    fn check_arguments(&mut self, type_: &str, field: &Field, merged: &FieldDefinition) {
        for argument in &field.arguments {
            if merged.argument_by_name(&argument.name).is_none() {
                let lacks = |definition: &FieldDefinition| {
                    definition.argument_by_name(&argument.name).is_none()
                };
                let what = format!(
                    "passes argument `{}` to `{type_}.{}`, which not every subgraph with the field has",
                    argument.name, field.name
                );
                let help = format!(
                    "Add argument `{}` there too, or do not pass it.",
                    argument.name
                );
                let label = "lacks the argument";
                self.refuse(type_, &field.name, &lacks, &what, label, help);
            }
        }
        for argument in &merged.arguments {
            let is_given = field
                .arguments
                .iter()
                .any(|given| given.name == argument.name);
            if argument.is_required() && !is_given {
                let needs = |definition: &FieldDefinition| {
                    let found = definition.argument_by_name(&argument.name);
                    found.is_some_and(|found| found.is_required())
                };
                let what = format!(
                    "does not pass argument `{}` to `{type_}.{}`, which some subgraph requires",
                    argument.name, field.name
                );
                let help = format!(
                    "Pass argument `{}`, or make it optional there.",
                    argument.name
                );
                let label = "requires the argument";
                self.refuse(type_, &field.name, &needs, &what, label, help);
            }
        }
    }

    fn refuse(
        &mut self,
        type_: &str,
        field: &Name,
        is_at_odds: &dyn Fn(&FieldDefinition) -> bool,
        what: &str,
        label: &str,
        help: String,
    ) {
        let message = format!(
            "`@requires` on `{}` in subgraph `{}` {what}.",
            self.coordinate, self.subgraph.name
        );
        let location = self.required.application.location();
        let mut diagnostic = Diagnostic::new(Code::RequiresInvalidFields, message)
            .with_label(self.subgraph.label(location, "required here"));
        for other in self
            .subgraphs
            .iter()
            .filter(|one| one.name != self.subgraph.name)
        {
            let type_: Option<&ExtendedType> = super::merged_elements::find_type(other, type_);
            let found: Option<&Component<FieldDefinition>> = type_
                .and_then(fields_of)
                .and_then(|fields| fields.get(field));
            if let Some(found) = found.filter(|found| is_at_odds(found)) {
                diagnostic = diagnostic.with_label(other.label(found.location(), label));
            }
        }
        self.diagnostics.push(diagnostic.with_help(help));
    }
}
