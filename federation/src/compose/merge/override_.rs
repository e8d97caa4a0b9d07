//! `@override`: a field that another subgraph takes over, at once or by label.

use apollo_compiler::ast::FieldDefinition;
use apollo_compiler::collections::{IndexMap, IndexSet};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Name, Node};

use super::Merger;
use super::fields::FieldSources;
use super::joins::Graph;
use super::mismatch::list_in_words;
use crate::diagnostic::{Code, Diagnostic, Label};
use crate::subgraph::directives::{Override, override_, provides, requires};

/// What overrides do to one field, by subgraph.
#[derive(Clone, Debug, Default)]
pub(super) struct Overrides {
    /// No longer resolved there, but still needed.
    used: IndexSet<Graph>,
    /// No longer resolved there, nor needed.
    unused: IndexSet<Graph>,
    /// Takes over from a subgraph that does not exist.
    unknown_source: IndexSet<Graph>,
    labels: IndexMap<Graph, String>,
}

impl Overrides {
    pub(super) fn is_used(&self, graph: Graph) -> bool {
        self.used.contains(&graph)
    }

    pub(super) fn is_unused(&self, graph: Graph) -> bool {
        self.unused.contains(&graph)
    }

    pub(super) fn is_overridden(&self, graph: Graph) -> bool {
        self.is_used(graph) || self.is_unused(graph)
    }

    pub(super) fn has_unknown_source(&self, graph: Graph) -> bool {
        self.unknown_source.contains(&graph)
    }

    pub(super) fn label(&self, graph: Graph) -> Option<&String> {
        self.labels.get(&graph)
    }

    /// Whether something remains that readers must be told.
    pub(super) fn leaves_a_trace(&self) -> bool {
        !self.used.is_empty() || !self.labels.is_empty()
    }
}

/// One `@override` and the field it is on.
struct Overriding<'a> {
    coordinate: String,
    type_: &'a Name,
    field: &'a Name,
    graph: Graph,
    node: &'a Node<FieldDefinition>,
    override_: Override<'a>,
}

impl<'a> Merger<'a> {
    /// Finds out who no longer resolves a field.
    pub(super) fn merge_overrides(
        &mut self,
        type_: &Name,
        field: &Name,
        sources: &FieldSources<'a>,
    ) -> Overrides {
        let mut overrides = Overrides::default();
        let overriding: Vec<Overriding<'_>> = sources
            .defined()
            .filter_map(|(graph, node)| {
                Some(Overriding {
                    coordinate: format!("{type_}.{field}"),
                    type_,
                    field,
                    graph,
                    node,
                    override_: override_(&node.directives)?,
                })
            })
            .collect();
        let graphs: Vec<Graph> = overriding.iter().map(|one| one.graph).collect();
        for one in &overriding {
            self.merge_override(one, (&graphs, sources), &mut overrides);
        }
        overrides
    }

    fn merge_override(
        &mut self,
        one: &Overriding<'_>,
        (graphs, sources): (&[Graph], &FieldSources<'a>),
        overrides: &mut Overrides,
    ) {
        let source = &self.sources[one.graph];
        if let Some(ExtendedType::Interface(_)) = source.schema.types.get(one.type_) {
            return self.override_on_interface(one);
        }
        if source.is_interface_object(one.type_) {
            return self.override_collision(one, "the type is an `@interfaceObject`", None);
        }
        let Some(from) = self
            .sources
            .iter()
            .find(|from| from.name() == one.override_.from)
        else {
            overrides.unknown_source.insert(one.graph);
            return self.from_subgraph_does_not_exist(one);
        };
        let from = from.graph;
        if from == one.graph {
            return self.override_from_self_error(one);
        }
        if graphs.contains(&from) {
            return self.override_source_has_override(one, from, sources);
        }
        let Some(overridden) = sources.find(from) else {
            let abstracted = self.abstracted_fields(one.type_, one.field, from);
            return match abstracted.first() {
                Some((interface, stub)) => {
                    let why = format!(
                        "subgraph `{}` has it only through `@interfaceObject` on `{interface}`",
                        one.override_.from
                    );
                    let label =
                        self.sources[from].label(stub.location(), "has it only through this");
                    self.override_collision(one, &why, Some(label));
                }
                None => self.override_directive_can_be_removed(one, "does not have the field"),
            };
        };
        if let Some((why, label)) = self.find_collision(one, from, overridden) {
            return self.override_collision(one, &why, Some(label));
        }
        if self.sources[from].facts.is_external(one.type_, one.field) {
            self.override_directive_can_be_removed(one, "has the field as `@external`");
        } else if self.sources[from].facts.is_used(one.type_, one.field) {
            overrides.used.insert(from);
        } else {
            overrides.unused.insert(from);
        }
        match one.override_.label {
            Some(label) => {
                if is_label(label) {
                    overrides.labels.insert(one.graph, label.to_owned());
                    overrides.labels.insert(from, label.to_owned());
                } else {
                    self.override_label_invalid(one, label);
                }
                self.override_migration_in_progress(one, (from, overridden), overrides);
            }
            None if overrides.is_overridden(from) => {
                self.overridden_field_can_be_removed(one, (from, overridden), overrides);
            }
            None => {}
        }
    }

    /// What cannot be together with an override.
    fn find_collision(
        &self,
        one: &Overriding<'_>,
        from: Graph,
        overridden: &Node<FieldDefinition>,
    ) -> Option<(String, Label)> {
        let source = &self.sources[from];
        let field_set = requires(&overridden.directives)
            .map(|found| ("@requires", found.application))
            .or_else(|| {
                provides(&overridden.directives).map(|found| ("@provides", found.application))
            });
        if let Some((name, application)) = field_set {
            let why = format!("the field has `{name}` in subgraph `{}`", source.name());
            return Some((
                why,
                source.label(application.location(), format!("`{name}` here")),
            ));
        }
        let own = &self.sources[one.graph];
        own.facts.is_external(one.type_, one.field).then(|| {
            let label = own.label(one.node.location(), "external here");
            (
                "the field is `@external` in the same subgraph".to_owned(),
                label,
            )
        })
    }

    fn override_diagnostic(&self, one: &Overriding<'_>, code: Code, message: String) -> Diagnostic {
        let location = one.override_.application.location();
        let label = self.sources[one.graph].label(location, "overridden here");
        Diagnostic::new(code, message).with_label(label)
    }

    fn override_on_interface(&mut self, one: &Overriding<'_>) {
        let message = format!(
            "`@override` on `{}` in subgraph `{}` has no effect: nobody resolves the fields of an interface.",
            one.coordinate,
            self.sources[one.graph].name()
        );
        let diagnostic = self
            .override_diagnostic(one, Code::OverrideOnInterface, message)
            .with_help("Put `@override` on the fields of the objects that implement it.");
        self.report(diagnostic);
    }

    fn override_collision(&mut self, one: &Overriding<'_>, why: &str, label: Option<Label>) {
        let message = format!(
            "`@override` on `{}` in subgraph `{}` is not possible: {why}.",
            one.coordinate,
            self.sources[one.graph].name()
        );
        let code = Code::OverrideCollisionWithAnotherDirective;
        let mut diagnostic = self.override_diagnostic(one, code, message);
        if let Some(label) = label {
            diagnostic = diagnostic.with_label(label);
        }
        self.report(diagnostic.with_help("Take one of the two away."));
    }

    fn from_subgraph_does_not_exist(&mut self, one: &Overriding<'_>) {
        let from = one.override_.from;
        let names: Vec<&str> = self.sources.iter().map(|source| source.name()).collect();
        let message = format!(
            "`@override` on `{}` in subgraph `{}` takes over from `{from}`, which is no subgraph.",
            one.coordinate,
            self.sources[one.graph].name()
        );
        let help = format!(
            "Take `@override` away, or name the subgraph that has the field; there are {}.",
            list_in_words(&names)
        );
        let diagnostic = self
            .override_diagnostic(one, Code::FromSubgraphDoesNotExist, message)
            .with_help(help);
        self.report(diagnostic);
    }

    fn override_from_self_error(&mut self, one: &Overriding<'_>) {
        let message = format!(
            "`{}` in subgraph `{}` takes over from its own subgraph.",
            one.coordinate, one.override_.from
        );
        let diagnostic = self
            .override_diagnostic(one, Code::OverrideFromSelfError, message)
            .with_help(
                "Name the subgraph that resolved the field before, or take `@override` away.",
            );
        self.report(diagnostic);
    }

    fn override_source_has_override(
        &mut self,
        one: &Overriding<'_>,
        from: Graph,
        sources: &FieldSources<'a>,
    ) {
        let message = format!(
            "`{}` in subgraph `{}` takes over from `{}`, which itself takes the field over: only one can.",
            one.coordinate,
            self.sources[one.graph].name(),
            one.override_.from
        );
        let mut diagnostic =
            self.override_diagnostic(one, Code::OverrideSourceHasOverride, message);
        let other = sources
            .find(from)
            .and_then(|node| override_(&node.directives));
        if let Some(other) = other {
            let label = self.sources[from].label(other.application.location(), "and here");
            diagnostic = diagnostic.with_label(label);
        }
        self.report(diagnostic.with_help(
            "Keep `@override` where the field is to be resolved, and drop the field elsewhere.",
        ));
    }

    fn override_directive_can_be_removed(&mut self, one: &Overriding<'_>, why: &str) {
        let message = format!(
            "`@override` on `{}` in subgraph `{}` has no effect: subgraph `{}` {why}.",
            one.coordinate,
            self.sources[one.graph].name(),
            one.override_.from
        );
        let diagnostic = self
            .override_diagnostic(one, Code::OverrideDirectiveCanBeRemoved, message)
            .with_help("Take `@override` away.");
        self.report(diagnostic);
    }

    fn overridden_field_can_be_removed(
        &mut self,
        one: &Overriding<'_>,
        (from, overridden): (Graph, &Node<FieldDefinition>),
        overrides: &Overrides,
    ) {
        let source = &self.sources[from];
        let message = format!(
            "`{}` in subgraph `{}` is no longer asked for: subgraph `{}` took it over.",
            one.coordinate,
            source.name(),
            self.sources[one.graph].name()
        );
        let help = if overrides.is_used(from) {
            "A key, `@requires`, `@provides` or an interface there still needs it: mark it `@external`."
        } else {
            "Remove the field there."
        };
        let diagnostic = Diagnostic::new(Code::OverriddenFieldCanBeRemoved, message)
            .with_label(source.label(overridden.location(), "no longer asked for"))
            .with_help(help);
        self.report(diagnostic);
    }

    fn override_migration_in_progress(
        &mut self,
        one: &Overriding<'_>,
        (from, overridden): (Graph, &Node<FieldDefinition>),
        overrides: &Overrides,
    ) {
        let source = &self.sources[from];
        let message = format!(
            "`{}` moves from subgraph `{}` to `{}` by label.",
            one.coordinate,
            source.name(),
            self.sources[one.graph].name()
        );
        let help = if overrides.is_used(from) {
            "Once it has moved, mark the field `@external` where it came from: something there still needs it."
        } else {
            "Once it has moved, remove the field where it came from."
        };
        let diagnostic = Diagnostic::new(Code::OverrideMigrationInProgress, message)
            .with_label(source.label(overridden.location(), "moves away"))
            .with_help(help);
        self.report(diagnostic);
    }

    fn override_label_invalid(&mut self, one: &Overriding<'_>, label: &str) {
        let message = format!(
            "`@override` on `{}` in subgraph `{}` has a label that is none: {label:?}.",
            one.coordinate,
            self.sources[one.graph].name()
        );
        let forms = list_in_words(&["[A-Za-z][A-Za-z0-9_\\-:./]*", "percent(0.5)"]);
        let diagnostic = self
            .override_diagnostic(one, Code::OverrideLabelInvalid, message)
            .with_help(format!("Labels have the forms {forms}; a percentage goes from 0 to 100 with up to eight decimals."));
        self.report(diagnostic);
    }
}

/// `[A-Za-z][A-Za-z0-9_\-:./]*`, or `percent(x)` with 0 ≤ x ≤ 100 and up to eight decimals.
fn is_label(label: &str) -> bool {
    let mut letters = label.chars();
    let is_name = letters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic())
        && letters.all(|letter| letter.is_ascii_alphanumeric() || "_-:./".contains(letter));
    is_name || is_percent(label)
}

fn is_percent(label: &str) -> bool {
    let number = label
        .strip_prefix("percent(")
        .and_then(|rest| rest.strip_suffix(')'));
    let Some(number) = number else {
        return false;
    };
    let (whole, decimals) = match number.split_once('.') {
        Some((whole, decimals)) => (whole, Some(decimals)),
        None => (number, None),
    };
    let are_digits = |text: &str| !text.is_empty() && text.chars().all(|one| one.is_ascii_digit());
    let is_whole =
        are_digits(whole) && (whole.len() <= 2 || (whole == "100" && decimals.is_none()));
    is_whole && decimals.is_none_or(|decimals| are_digits(decimals) && decimals.len() <= 8)
}

#[cfg(test)]
mod tests {
    use super::is_label;

    #[test]
    fn labels_are_names_or_percentages() {
        for label in [
            "a",
            "foo-1:bar./_x",
            "percent(0)",
            "percent(100)",
            "percent(5.12345678)",
        ] {
            assert!(is_label(label), "{label}");
        }
        for label in [
            "",
            "1a",
            "percent()",
            "percent(101)",
            "percent(100.1)",
            "percent(1.123456789)",
            "a b",
        ] {
            assert!(!is_label(label), "{label}");
        }
    }
}
