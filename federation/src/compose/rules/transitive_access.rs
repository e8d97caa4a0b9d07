//! A field with `@requires` or `@fromContext` must have the access requirements of the fields that
//! it reads, since its value can reveal theirs.

use apollo_compiler::Name;
use apollo_compiler::ast::Selection;
use apollo_compiler::collections::IndexMap;

use super::guards::{Guards, Requirements, type_directives};
use super::merged_elements::{Coordinate, fields_of, label_everywhere};
use crate::compose::merge::Merged;
use crate::compose::merge::joins::JoinField;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::subgraph::Subgraph;
use crate::subgraph::field_set;

/// Checks all that `@requires` and `@fromContext` read.
pub(super) fn missing_transitive_auth_requirements(
    merged: &Merged,
    subgraphs: &[Subgraph],
    diagnostics: &mut Diagnostics,
) {
    let Some(names) = Guards::of(merged) else {
        return;
    };
    let contexts = merged.contexts();
    for ((type_, field), joins) in &merged.joins.fields {
        let Some(definition) = merged.schema.types.get(type_) else {
            continue;
        };
        let found = fields_of(definition).and_then(|fields| fields.get(field));
        let Some(found) = found else {
            continue;
        };
        let held = names.on_type(definition).and(&names.on(&found.directives));
        for join in joins {
            let mut rule = Rule {
                merged,
                names: &names,
                contexts: &contexts,
                reader: (type_, field),
                held: held.as_ref(),
                subgraphs,
                diagnostics,
            };
            rule.check_join(join);
        }
    }
}

struct Rule<'a> {
    merged: &'a Merged,
    names: &'a Guards<'a>,
    /// The types that set each context.
    contexts: &'a IndexMap<&'a str, Vec<&'a Name>>,
    reader: (&'a Name, &'a Name),
    /// What a caller must hold to see the field that reads.
    held: Option<&'a Requirements>,
    subgraphs: &'a [Subgraph],
    diagnostics: &'a mut Diagnostics,
}

impl Rule<'_> {
    fn check_join(&mut self, join: &JoinField) {
        if let Some(required) = &join.requires
            && let Ok(selections) = field_set::parse(required)
        {
            self.check(self.reader.0, &selections, "@requires");
        }
        for argument in &join.context_arguments {
            let contexts = self.contexts;
            let types = contexts.get(argument.context.as_str());
            for type_ in types.into_iter().flatten().copied() {
                let Some(definition) = self.merged.schema.types.get(type_) else {
                    continue;
                };
                if !self.is_covered(&self.names.on_type(definition)) {
                    let guards = self.names.printed(type_directives(definition));
                    self.refuse(Coordinate::Type(type_), &guards, "@fromContext");
                }
                if let Ok(selections) = field_set::parse(&argument.selection) {
                    self.check(type_, &selections, "@fromContext");
                }
            }
        }
    }

    fn is_covered(&self, needed: &Requirements) -> bool {
        self.held.is_some_and(|held| held.implies(needed))
    }

    fn check(&mut self, type_: &Name, selections: &[Selection], by: &str) {
        let merged = self.merged;
        for selection in selections {
            match selection {
                Selection::Field(field) => {
                    let definition = merged.schema.types.get(type_).and_then(fields_of);
                    let definition = definition.and_then(|fields| fields.get(&field.name));
                    let Some(definition) = definition else {
                        continue;
                    };
                    let target = definition.ty.inner_named_type();
                    let of_target = merged.schema.types.get(target);
                    let covers_target =
                        of_target.is_none_or(|one| self.is_covered(&self.names.on_type(one)));
                    if !covers_target || !self.is_covered(&self.names.on(&definition.directives)) {
                        let on_field = definition.directives.iter();
                        let on_type = of_target.into_iter().flat_map(type_directives);
                        let guards = self.names.printed(on_field.chain(on_type));
                        self.refuse(Coordinate::Member(type_, &field.name), &guards, by);
                    }
                    self.check(target, &field.selection_set, by);
                }
                Selection::InlineFragment(fragment) => {
                    let condition = fragment.type_condition.as_ref();
                    let of_condition = condition.and_then(|name| merged.schema.types.get(name));
                    if let Some(definition) = of_condition
                        && !self.is_covered(&self.names.on_type(definition))
                    {
                        let guards = self.names.printed(type_directives(definition));
                        self.refuse(Coordinate::Type(definition.name()), &guards, by);
                    }
                    self.check(condition.unwrap_or(type_), &fragment.selection_set, by);
                }
                Selection::FragmentSpread(_) => {}
            }
        }
    }

    fn refuse(&mut self, read: Coordinate<'_>, guards: &str, by: &str) {
        let (type_, field) = self.reader;
        let message = format!(
            "`{type_}.{field}` reads `{read}` by `{by}` but can be seen by callers who may not see that."
        );
        let diagnostic = Diagnostic::new(Code::MissingTransitiveAuthRequirements, message);
        let reader = Coordinate::Member(type_, field);
        let diagnostic = label_everywhere(diagnostic, reader, self.subgraphs, "reads it");
        let diagnostic = label_everywhere(diagnostic, read, self.subgraphs, "guarded");
        self.diagnostics
            .push(diagnostic.with_help(format!("Put {guards} on `{type_}.{field}` too.")));
    }
}
