//! `@fromContext`: where it may stand, and that some type sets the context it names.

use apollo_compiler::{
    Name,
    ast::FieldDefinition,
    schema::{ExtendedType, ObjectType},
};

use super::{rule::ContextRule, selection::SelectionRule};
use crate::{
    diagnostic::{Code, Diagnostic, Diagnostics},
    subgraph::{
        Subgraph,
        directives::{Applied, contexts, keys},
        field_set,
    },
};

/// Checks each `@fromContext`.
pub(in crate::compose::rules) fn check_from_context(
    subgraph: &Subgraph,
    diagnostics: &mut Diagnostics,
) {
    for ty in subgraph.schema.types.values() {
        for field in subgraph.fields(ty) {
            for argument in &field.arguments {
                if let Some(application) = argument.directives.find("fromContext") {
                    let coordinate = format!("{}.{}({}:)", ty.name(), field.name, argument.name);
                    let mut rule = ContextRule {
                        subgraph,
                        coordinate,
                        argument,
                        application,
                        diagnostics,
                    };
                    rule.check(ty, field);
                }
            }
        }
    }
    for definition in subgraph.schema.directive_definitions.values() {
        for argument in &definition.arguments {
            if let Some(application) = argument.directives.find("fromContext") {
                let coordinate = format!("@{}({}:)", definition.name, argument.name);
                let mut rule = ContextRule {
                    subgraph,
                    coordinate,
                    argument,
                    application,
                    diagnostics,
                };
                rule.context_not_set("a directive's argument has no place in a query");
            }
        }
    }
}

impl<'a> ContextRule<'a> {
    fn check(&mut self, ty: &'a ExtendedType, field: &FieldDefinition) {
        let ExtendedType::Object(object) = ty else {
            self.context_not_set(
                "the field is of an interface, and only objects have fields resolved",
            );
            return;
        };
        self.implements_interface_field(object, field);
        if self.argument.default_value.is_some() {
            self.context_not_set("an argument from a context cannot have a default value");
        }
        let text = self
            .application
            .argument("field")
            .and_then(|value| value.as_str());
        let Some((context, selection)) = text
            .and_then(field_set::split_context)
            .filter(|(_, selection)| !selection.is_empty())
        else {
            self.no_context_in_selection(text.unwrap_or_default());
            return;
        };
        let setters: Vec<_> = self.setters(context);
        if setters.is_empty() {
            self.context_not_set(&format!("no type sets a context `{context}`"));
        } else {
            SelectionRule {
                rule: self,
                context,
                selection,
            }
            .check(&setters);
        }
        self.context_no_resolvable_key(object);
    }

    fn setters(&self, context: &str) -> Vec<&'a Name> {
        let subgraph = self.subgraph;
        let sets = |ty: &&ExtendedType| contexts(ty.directives()).any(|name| name == context);
        subgraph
            .schema
            .types
            .values()
            .filter(sets)
            .map(ExtendedType::name)
            .collect()
    }

    fn implements_interface_field(&mut self, object: &ObjectType, field: &FieldDefinition) {
        for interface in &object.implements_interfaces {
            let interface = self.subgraph.schema.get_interface(interface);
            if let Some(interface) = interface.filter(|it| it.fields.contains_key(&field.name)) {
                let reason = format!("the field implements `{}.{}`", interface.name, field.name);
                self.context_not_set(&reason);
            }
        }
    }

    fn no_context_in_selection(&mut self, text: &str) {
        self.report(
            Code::NoContextInSelection,
            format!("`{text}`, for `{}`, names no context.", self.coordinate),
            "Write the context and what to take of it: `\"$context { field }\"`.",
        );
    }

    fn context_no_resolvable_key(&mut self, object: &ObjectType) {
        if !keys(&object.directives).any(|key| key.resolvable) {
            let label = self
                .subgraph
                .label(object.name.location(), "no resolvable key");
            self.diagnostics.push(
                Diagnostic::new(
                    Code::ContextNoResolvableKey,
                    format!(
                        "`{}` takes its value from a context, but `{}` has no resolvable `@key`.",
                        self.coordinate, object.name
                    ),
                )
                .with_label(label)
                .with_help(format!("Add a `@key` to `{}`.", object.name)),
            );
        }
    }
}
