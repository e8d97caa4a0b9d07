//! Reports a field that cannot be served. In: a failure of the walk. Out: a diagnostic with the
//! query, why each subgraph cannot serve it, and the smallest edit that lets one do so.

use indexmap::IndexMap;

use super::walk::{Failure, Walk};
use crate::{
    diagnostic::{Code, Diagnostic, Label},
    index::{LabelId, Places, Reason, Selection, SubgraphId, TypeId},
    subgraph::field_set,
};

impl Walk<'_> {
    /// Reports a failure, once for each set of places it happens in.
    pub(super) fn report(&mut self, failure: &Failure) {
        self.facts.switch_labels(&failure.labels);
        let object = self.states[failure.state].object;
        let places = self.places(failure);
        if !self.told.insert((object, failure.field.clone(), places)) {
            return;
        }
        let story = self.story(failure);
        let (wrong, labels, help) = if failure.is_untold() {
            (
                self.untold_message(failure),
                self.untold_labels(failure),
                self.untold_help(failure),
            )
        } else {
            let coordinate = format!("{}.{}", self.index.type_(object).name, failure.field);
            (
                format!("`{coordinate}` cannot be had on every path to it."),
                self.field_labels(failure.state, &failure.field),
                self.help(failure),
            )
        };
        let message = format!("{wrong}\n\n{story}");
        let mut diagnostic = Diagnostic::new(Code::SatisfiabilityError, message);
        diagnostic.labels = labels;
        diagnostic.help = help;
        self.diagnostics.push(diagnostic);
    }

    /// The query and the reasons.
    pub(super) fn story(&mut self, failure: &Failure) -> String {
        self.facts.switch_labels(&failure.labels);
        let query = self.witness(failure.state, &failure.field);
        let mut reasons = Vec::new();
        if failure.lacks_context {
            reasons.push("- no ancestor sets the context that an argument needs".to_owned());
        } else {
            let told = if failure.is_untold() {
                self.untold_reasons(failure)
            } else {
                let reasons = self.reasons(failure).into_iter();
                reasons
                    .map(|(subgraph, reason)| (subgraph, self.reason(failure, subgraph, &reason)))
                    .collect()
            };
            let mut grouped: IndexMap<String, Vec<String>> = IndexMap::new();
            for (subgraph, reason) in told {
                let name = format!("`{}`", self.index.subgraph(subgraph).name);
                grouped.entry(reason).or_default().push(name);
            }
            for (reason, names) in grouped {
                reasons.push(format!("- {}: {reason}", names.join(", ")));
            }
        }
        let labels = self.label_text(failure);
        format!(
            "{query}\n\ncannot be answered{labels}:\n{}",
            reasons.join("\n")
        )
    }

    fn places(&self, failure: &Failure) -> Places {
        let state = &self.states[failure.state];
        self.facts.closure(state.object, &state.places)
    }

    fn reasons(&self, failure: &Failure) -> Vec<(SubgraphId, Reason)> {
        let state = &self.states[failure.state];
        self.facts.why(state.object, &failure.field, &state.places)
    }

    fn label_text(&self, failure: &Failure) -> String {
        let on = failure.labels.on.iter().map(|id| (id, "on"));
        let off = failure.labels.off.iter().map(|id| (id, "off"));
        let texts: Vec<_> = on
            .chain(off)
            .map(|(id, state)| format!("{} is {state}", self.label_name(id)))
            .collect();
        if texts.is_empty() {
            String::new()
        } else {
            format!(" while {}", texts.join(", "))
        }
    }

    fn label_name(&self, id: LabelId) -> String {
        let label = self.index.labels().find(|(other, _)| *other == id);
        format!("`{}`", label.map_or("", |(_, label)| label))
    }

    fn reason(&self, failure: &Failure, subgraph: SubgraphId, reason: &Reason) -> String {
        let places = &self.states[failure.state].places;
        let is_here = places.iter().any(|place| place.subgraph == subgraph);
        let object = self.states[failure.state].object;
        let type_name = &self.index.type_(object).name;
        let coordinate = format!("{type_name}.{}", failure.field);
        match reason {
            Reason::NoField => format!("no field `{coordinate}`"),
            Reason::External => format!("`{coordinate}` is `@external`"),
            Reason::Overridden => format!("`{coordinate}` is overridden by another subgraph"),
            Reason::Label(label, is_on) => {
                let state = if *is_on { "on" } else { "off" };
                format!(
                    "`{coordinate}` is there only while {} is {state}",
                    self.label_name(*label)
                )
            }
            Reason::Requires(set) => {
                let missing = self.missing(failure, self.index.field_set(*set));
                format!(
                    "`{coordinate}` requires `{}`: {missing}",
                    print(self.index.field_set(*set))
                )
            }
            // It needs fields of other subgraphs, and from these only a key leads back.
            Reason::NoKey | Reason::NoResolvableKey if is_here => format!(
                "`{coordinate}` requires what other subgraphs have, and no `@key` on `{type_name}` leads back from there"
            ),
            Reason::NoKey => {
                format!("`{coordinate}` is there, but no `@key` on `{type_name}` to get there")
            }
            Reason::NoResolvableKey => {
                format!("`{coordinate}` is there, but no `@key` on `{type_name}` is resolvable")
            }
            Reason::KeysOutOfReach(sets) => {
                let keys: Vec<_> = sets
                    .iter()
                    .map(|set| {
                        let set = self.index.field_set(*set);
                        format!(
                            "for `@key(fields: \"{}\")`, {}",
                            print(set),
                            self.missing(failure, set)
                        )
                    })
                    .collect();
                format!(
                    "`{coordinate}` is there, but no key leads to it: {}",
                    keys.join("; ")
                )
            }
        }
    }

    fn missing(&self, failure: &Failure, set: &[Selection]) -> String {
        let object = self.states[failure.state].object;
        match self.find_missing(object, set, &self.places(failure)) {
            Some(coordinate) => format!("`{coordinate}` cannot be had either"),
            None => "which cannot be had either".to_owned(),
        }
    }

    // The first field at the top level that no place serves; fields below are reported with it.
    fn find_missing(&self, object: TypeId, set: &[Selection], places: &Places) -> Option<String> {
        let field = set
            .iter()
            .filter(|selection| selection.applies_to(object))
            .find_map(|selection| {
                let field = selection.field()?;
                self.facts
                    .servers(object, &field.name, places)
                    .is_empty()
                    .then_some(field)
            })?;
        Some(format!("{}.{}", self.index.type_(object).name, field.name))
    }

    /// Labels where the subgraphs have a field, and where the object is without it.
    pub(super) fn field_labels(&self, state: usize, field: &str) -> Vec<Label> {
        let state = &self.states[state];
        let type_name = &self.index.type_(state.object).name;
        let is_there = |name: &str| {
            let mut names = state
                .places
                .iter()
                .map(|place| &self.index.subgraph(place.subgraph).name);
            names.any(|place| **place == *name)
        };
        let mut labels = Vec::new();
        for subgraph in self.subgraphs {
            let merged = |name| subgraph.merged_type_name(name);
            let ty = subgraph
                .schema
                .types
                .values()
                .find(|ty| merged(ty.name()) == type_name.as_str());
            let Some(ty) = ty else { continue };
            if let Some((_, found)) = field_set::find_field(&subgraph.schema, ty.name(), field) {
                labels.push(subgraph.label(found.name.location(), "the field"));
            } else if is_there(&subgraph.name) {
                labels.push(subgraph.label(
                    ty.name().location(),
                    "where the path leads, without the field",
                ));
            }
        }
        labels
    }

    fn help(&self, failure: &Failure) -> Option<String> {
        if failure.lacks_context {
            return Some("Set the context with `@context` on a type of every path, or give the argument to clients.".to_owned());
        }
        let object = self.states[failure.state].object;
        let type_name = &self.index.type_(object).name;
        let coordinate = format!("{type_name}.{}", failure.field);
        let by_subgraph: IndexMap<SubgraphId, Reason> = self.reasons(failure).into_iter().collect();
        let find = |wanted: fn(&Reason) -> bool| {
            by_subgraph
                .iter()
                .find(|(_, reason)| wanted(reason))
                .map(|(id, reason)| (&self.index.subgraph(*id).name, reason))
        };
        let here = self
            .places(failure)
            .first()
            .map(|place| &self.index.subgraph(place.subgraph).name)?;
        if let Some((there, Reason::KeysOutOfReach(sets))) =
            find(|reason| matches!(reason, Reason::KeysOutOfReach(_)))
        {
            let set = self.index.field_set(*sets.first()?);
            return Some(format!(
                "Let `{here}` resolve `{}` of `{type_name}`, so that `{there}` can be asked by that `@key`.",
                print(set)
            ));
        }
        if let Some((there, reason)) =
            find(|reason| matches!(reason, Reason::NoKey | Reason::NoResolvableKey))
        {
            let key = self
                .index
                .type_(object)
                .keys
                .first()
                .map(|key| print(self.index.field_set(key.fields)));
            return Some(match (reason, key) {
                (Reason::NoResolvableKey, _) => {
                    format!("Let a `@key` on `{type_name}` in `{there}` be resolvable.")
                }
                (_, Some(key)) => {
                    format!("Add `@key(fields: \"{key}\")` to `{type_name}` in `{there}`.")
                }
                _ => format!(
                    "Add `{coordinate}` to `{here}` and mark it `@shareable` in both, or give `{type_name}` the same `@key` in `{here}` and `{there}`."
                ),
            });
        }
        if let Some((there, Reason::Requires(set))) =
            find(|reason| matches!(reason, Reason::Requires(_)))
        {
            let set = print(self.index.field_set(*set));
            return Some(format!(
                "Let `{set}` of `{type_name}` be had from `{here}`: a subgraph that resolves it needs a `@key` that `{here}` has; or leave it out of `@requires` in `{there}`."
            ));
        }
        let (there, _) = find(|reason| matches!(reason, Reason::External))?;
        Some(format!(
            "Remove `@external` from `{coordinate}` in `{there}` if it resolves the field."
        ))
    }
}

/// A field set as it would be written.
pub(super) fn print(set: &[Selection]) -> String {
    let fields = set
        .iter()
        .filter_map(Selection::field)
        .map(|field| match &field.selection_set {
            Some(below) => format!("{} {{ {} }}", field.name, print(&below.selections)),
            None => field.name.to_string(),
        });
    fields.collect::<Vec<_>>().join(" ")
}
