//! Merges default values: kept where all subgraphs have the same one.

use apollo_compiler::Node;
use apollo_compiler::ast::Value;

use super::directives::Site;
use super::fields::InputSources;
use super::merger::Merger;
use super::mismatch::{Distribution, cut};
use crate::diagnostic::{Code, Diagnostic};

impl<'a> Merger<'a> {
    /// The default of an argument or input field.
    pub(super) fn merge_default_value(
        &mut self,
        site: &Site,
        sources: &InputSources<'a>,
    ) -> Option<Node<Value>> {
        let mut given = sources
            .defined()
            .filter_map(|(_, one)| one.default_value.as_ref());
        let first = given.next()?;
        if given.any(|other| !same_value(first, other)) {
            self.default_mismatch(site, sources);
            return None;
        }
        if sources
            .defined()
            .any(|(_, one)| one.default_value.is_none())
        {
            self.inconsistent_default_value_presence(site, sources);
            return None;
        }
        Some(Node::new(Value::clone(first)))
    }

    fn default_distribution(sources: &InputSources<'a>) -> Distribution {
        Distribution::of(
            sources
                .defined()
                .map(|(graph, one)| (graph, printed(one.default_value.as_ref()))),
        )
    }

    fn with_defaults(&self, mut diagnostic: Diagnostic, sources: &InputSources<'a>) -> Diagnostic {
        for (graph, one) in sources.defined() {
            let text = format!("{} here", printed(one.default_value.as_ref()));
            diagnostic = diagnostic.with_label(self.sources[graph].label(one.location(), text));
        }
        diagnostic
    }

    fn default_mismatch(&mut self, site: &Site, sources: &InputSources<'a>) {
        let (code, kind) = match site {
            Site::Argument(..) | Site::DirectiveArgument(..) => {
                (Code::FieldArgumentDefaultMismatch, "Argument")
            }
            _ => (Code::InputFieldDefaultMismatch, "Input field"),
        };
        let distribution = Self::default_distribution(sources);
        let message = format!(
            "{kind} `{site}` has different defaults: {}.",
            distribution.in_words(self.sources, "")
        );
        let mut diagnostic = self.with_defaults(Diagnostic::new(code, message), sources);
        if let Some((default, _)) = distribution.majority() {
            let others = distribution.graphs_without_majority(self.sources);
            diagnostic = diagnostic.with_help(format!("Give it {default} in {others} too."));
        }
        self.report(diagnostic);
    }

    fn inconsistent_default_value_presence(&mut self, site: &Site, sources: &InputSources<'a>) {
        let message = format!(
            "`{site}` has a default in some subgraphs only: {}. The supergraph has none.",
            Self::default_distribution(sources).in_words(self.sources, "")
        );
        let diagnostic = Diagnostic::new(Code::InconsistentDefaultValuePresence, message);
        let diagnostic = self.with_defaults(diagnostic, sources);
        self.report(diagnostic.with_help("Give it the same default in every subgraph."));
    }
}

pub(super) fn printed(default: Option<&Node<Value>>) -> String {
    default.map_or_else(
        || "no default".to_owned(),
        |value| {
            format!(
                "default `{}`",
                cut(&value.serialize().no_indent().to_string())
            )
        },
    )
}

/// Whether two values are the same; the fields of an object may come in any order.
pub(super) fn same_value(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::List(left), Value::List(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(left, right)| same_value(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(name, left)| {
                    let found = right.iter().find(|(other, _)| other == name);
                    found.is_some_and(|(_, right)| same_value(left, right))
                })
        }
        (Value::Int(left), Value::Float(right)) => {
            left.try_to_f64().ok() == right.try_to_f64().ok()
        }
        (Value::Float(left), Value::Int(right)) => {
            left.try_to_f64().ok() == right.try_to_f64().ok()
        }
        (Value::Float(left), Value::Float(right)) => {
            left.try_to_f64().ok() == right.try_to_f64().ok()
        }
        _ => left == right,
    }
}
