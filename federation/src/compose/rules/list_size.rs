//! Checks `@listSize`: the field, or each in `sizedFields`, is a list, and its arguments are valid.
//!
//! <https://ibm.github.io/graphql-specs/cost-spec.html>

use apollo_compiler::ast::FieldDefinition;

use crate::{
    diagnostic::{Code, Diagnostic, Diagnostics},
    subgraph::{
        Subgraph,
        directives::{ListSize, list_size},
        field_set,
    },
};

/// Checks each `@listSize`.
pub(super) fn check_list_sizes(subgraph: &Subgraph, diagnostics: &mut Diagnostics) {
    for ty in subgraph.schema.types.values() {
        for field in subgraph.fields(ty) {
            if let Some(size) = list_size(&field.directives) {
                let coordinate = format!("{}.{}", ty.name(), field.name);
                let mut rule = ListSizeRule {
                    subgraph,
                    coordinate,
                    field,
                    size,
                    diagnostics,
                };
                rule.list_size_applied_to_non_list();
                rule.list_size_invalid_assumed_size();
                rule.list_size_invalid_slicing_argument();
                rule.list_size_invalid_sized_field();
            }
        }
    }
}

struct ListSizeRule<'a> {
    subgraph: &'a Subgraph,
    coordinate: String,
    field: &'a FieldDefinition,
    size: ListSize<'a>,
    diagnostics: &'a mut Diagnostics,
}

impl ListSizeRule<'_> {
    fn sized_fields(&self) -> Vec<String> {
        let fields = self.size.sized_fields.as_deref().unwrap_or_default();
        fields.iter().map(|&name| name.to_owned()).collect()
    }

    fn list_size_applied_to_non_list(&mut self) {
        if self.sized_fields().is_empty() && !self.field.ty.is_list() {
            self.report(
                Code::ListSizeAppliedToNonList,
                &format!("`{}` is not a list.", self.coordinate),
                "Remove `@listSize`, or name the lists below it in `sizedFields:`.",
            );
        }
    }

    fn list_size_invalid_assumed_size(&mut self) {
        if self.size.assumed_size.is_some_and(|size| size < 0) {
            self.report(
                Code::ListSizeInvalidAssumedSize,
                &format!("`{}` cannot have fewer than no items.", self.coordinate),
                "Give an `assumedSize:` of 0 or more.",
            );
        }
    }

    fn list_size_invalid_slicing_argument(&mut self) {
        let names: Vec<_> = self
            .size
            .slicing_arguments
            .iter()
            .flatten()
            .map(|&name| name.to_owned())
            .collect();
        for name in names {
            let argument = self.field.argument_by_name(&name);
            let reason = match argument {
                None => format!("`{}` has no argument `{name}`.", self.coordinate),
                Some(argument)
                    if argument.ty.is_list() || argument.ty.inner_named_type() != "Int" =>
                {
                    format!(
                        "`{}({name}:)` is of type `{}`, not `Int`.",
                        self.coordinate, argument.ty
                    )
                }
                Some(_) => continue,
            };
            self.report(
                Code::ListSizeInvalidSlicingArgument,
                &reason,
                "Name arguments of type `Int` in `slicingArguments:`.",
            );
        }
    }

    fn list_size_invalid_sized_field(&mut self) {
        let below = self.field.ty.inner_named_type().clone();
        for name in self.sized_fields() {
            let Some((_, field)) = field_set::find_field(&self.subgraph.schema, &below, &name)
            else {
                self.report(
                    Code::ListSizeInvalidSizedField,
                    &format!(
                        "`{below}`, the type of `{}`, has no field `{name}`.",
                        self.coordinate
                    ),
                    "Name fields of that type in `sizedFields:`.",
                );
                continue;
            };
            if !field.ty.is_list() {
                self.report(
                    Code::ListSizeAppliedToNonList,
                    &format!(
                        "`{below}.{name}`, a sized field of `{}`, is not a list.",
                        self.coordinate
                    ),
                    "Name lists in `sizedFields:`.",
                );
            }
        }
    }

    fn report(&mut self, code: Code, message: &str, help: &str) {
        let label = self
            .subgraph
            .label(self.size.application.location(), "here");
        self.diagnostics.push(
            Diagnostic::new(code, message)
                .with_label(label)
                .with_help(help),
        );
    }
}
