//! Checks one field set against the schema of its subgraph.

use apollo_compiler::{
    Name,
    ast::{Field, InlineFragment, Selection},
    executable,
    parser::SourceSpan,
    schema::{Component, ExtendedType, FieldDefinition},
    validation::Valid,
};

use super::kind::{Fault, Kind};
use crate::{
    diagnostic::{Code, Diagnostic, Diagnostics},
    subgraph::{
        Subgraph,
        directives::{Application, is_external},
        field_set,
    },
    suggest::did_you_mean,
};

/// Most names among which one like the unknown name is looked for.
const MOST_COMPARED: usize = 1_000;

/// A field set that is checked.
pub(super) struct FieldSetRule<'a> {
    pub(super) subgraph: &'a Subgraph,
    pub(super) kind: Kind,
    pub(super) application: Application<'a>,
    /// The coordinate of the element with the directive.
    pub(super) bearer: String,
    pub(super) text: &'a str,
    pub(super) diagnostics: &'a mut Diagnostics,
}

impl FieldSetRule<'_> {
    /// Checks the text on a type.
    pub(super) fn check(&mut self, parent: &Name) {
        let selections = match field_set::parse(self.text) {
            Ok(selections) => selections,
            Err(reason) => {
                self.fault(Fault::Fields, &format!("{reason}."), None, None);
                return;
            }
        };
        let faults = self.diagnostics.iter().count();
        self.selections(parent, &selections, false);
        let missing_external = self.kind.code_for_missing_external();
        let is_sound = (self.diagnostics.iter().skip(faults))
            .all(|diagnostic| Some(diagnostic.code) == missing_external);
        if is_sound && self.takes_arguments(parent, &selections) {
            self.arguments(parent);
        }
    }

    fn selections(&mut self, parent: &Name, selections: &[Selection], below_external: bool) {
        for selection in selections {
            match selection {
                Selection::Field(field) => self.field(parent, field, below_external),
                Selection::InlineFragment(fragment) => {
                    self.fragment(parent, fragment, below_external);
                }
                Selection::FragmentSpread(spread) => {
                    let reason = "named fragments cannot stand in it.";
                    self.fault(Fault::Fields, reason, spread.location(), None);
                }
            }
        }
    }

    fn field(&mut self, parent: &Name, field: &Field, below_external: bool) {
        let place = field.name.location();
        if let Some(alias) = &field.alias {
            let reason = format!("`{alias}: {}` has an alias.", field.name);
            self.fault(
                Fault::Fields,
                &reason,
                place,
                Some(format!("Select `{}` alone.", field.name)),
            );
        }
        self.directives(&field.directives, place);
        if field.name == "__typename" {
            return;
        }
        let Some((owner, definition)) =
            field_set::find_field(&self.subgraph.schema, parent, &field.name)
        else {
            self.unknown_field(parent, &field.name);
            return;
        };
        if !self.allows_field(owner, definition, place) {
            return;
        }
        let is_external = self.is_external(owner, definition);
        let below = definition.ty.inner_named_type();
        match (self.is_composite(below), field.selection_set.is_empty()) {
            (true, true) => {
                let reason = format!("`{owner}.{}` has fields, and none is selected.", field.name);
                let help = format!("Select fields of `{below}`: `{} {{ … }}`.", field.name);
                self.fault(Fault::Fields, &reason, place, Some(help));
            }
            (false, false) => {
                let reason = format!(
                    "`{owner}.{}` is of type `{below}`, which has no fields.",
                    field.name
                );
                self.fault(Fault::Fields, &reason, place, None);
            }
            (true, false) => {
                self.selections(below, &field.selection_set, below_external || is_external);
            }
            (false, true) if !below_external && !is_external => {
                self.missing_external(owner, definition, place);
            }
            (false, true) => {}
        }
    }

    fn fragment(&mut self, parent: &Name, fragment: &InlineFragment, below_external: bool) {
        let place = fragment.type_condition.as_ref().and_then(Name::location);
        self.directives(&fragment.directives, place);
        let Some(condition) = &fragment.type_condition else {
            self.selections(parent, &fragment.selection_set, below_external);
            return;
        };
        if !self.is_composite(condition) {
            let reason = format!("`{condition}` is not a type of this subgraph that has fields.");
            let types = self.subgraph.schema.types.keys();
            let help = did_you_mean(condition, types.map(Name::as_str).take(MOST_COMPARED));
            self.fault(
                Fault::Fields,
                &reason,
                place,
                help.map(|name| format!("Did you mean `{name}`?")),
            );
        } else if !self.can_be(parent, condition) {
            let reason = format!("a `{parent}` is never a `{condition}`.");
            self.fault(Fault::Fields, &reason, place, None);
        } else {
            self.selections(condition, &fragment.selection_set, below_external);
        }
    }

    fn directives(
        &mut self,
        directives: &apollo_compiler::ast::DirectiveList,
        place: Option<SourceSpan>,
    ) {
        if let Some(directive) = directives.0.first() {
            let reason = format!("`@{}` cannot stand in it.", directive.name);
            self.fault(
                Fault::DirectiveInFields,
                &reason,
                directive.location().or(place),
                None,
            );
        }
    }

    fn unknown_field(&mut self, parent: &Name, name: &Name) {
        let reason = format!("`{parent}` has no field `{name}` in this subgraph.");
        let known: Vec<_> = match self.subgraph.schema.types.get(parent) {
            Some(ExtendedType::Object(object)) => object.fields.keys().map(Name::as_str).collect(),
            Some(ExtendedType::Interface(interface)) => {
                interface.fields.keys().map(Name::as_str).collect()
            }
            _ => Vec::new(),
        };
        let is_union = self.subgraph.schema.get_union(parent).is_some();
        let known = known.into_iter().take(MOST_COMPARED);
        let help = match did_you_mean(name, known) {
            Some(meant) => format!("Did you mean `{meant}`?"),
            None if is_union => format!("A union has members: `... on Member {{ {name} }}`."),
            None => format!(
                "Where another subgraph resolves it, add it here with `@external`: `{name}: … @external`."
            ),
        };
        self.fault(Fault::Fields, &reason, name.location(), Some(help));
    }

    // Whether to look further below the field.
    fn allows_field(
        &mut self,
        owner: &Name,
        definition: &Component<FieldDefinition>,
        place: Option<SourceSpan>,
    ) -> bool {
        let coordinate = format!("{owner}.{}", definition.name);
        if let Some(code) = self.kind.code_for_arguments()
            && !definition.arguments.is_empty()
        {
            // Without its required arguments the selection is not valid.
            let is_required = definition
                .arguments
                .iter()
                .any(|argument| argument.is_required());
            let code = if is_required {
                self.kind.code(Fault::Fields)
            } else {
                code
            };
            let reason = format!("`{coordinate}` takes arguments.");
            self.report(code, &reason, place, None);
        }
        let below = definition.ty.inner_named_type();
        let kind = match self.subgraph.schema.types.get(below) {
            Some(ExtendedType::Interface(_)) => "an interface",
            Some(ExtendedType::Union(_)) => "a union",
            _ => return true,
        };
        if self.kind == Kind::Key {
            let reason = format!("`{coordinate}` is of type `{below}`, {kind}.");
            let help = "Identify by fields of object, scalar or enum types.".to_owned();
            self.report(Code::KeyFieldsSelectInvalidType, &reason, place, Some(help));
            return false;
        }
        true
    }

    // A field of an interface counts as external where some implementation's is.
    fn is_external(&self, owner: &Name, definition: &FieldDefinition) -> bool {
        is_external(&definition.directives)
            || self.is_composite(definition.ty.inner_named_type())
                && self.subgraph.implementers(owner).iter().any(|object| {
                    field_set::find_field(&self.subgraph.schema, object, &definition.name)
                        .is_some_and(|(_, field)| is_external(&field.directives))
                })
    }

    fn missing_external(
        &mut self,
        owner: &Name,
        definition: &Component<FieldDefinition>,
        place: Option<SourceSpan>,
    ) {
        let Some(code) = self.kind.code_for_missing_external() else {
            return;
        };
        let reason = format!(
            "this subgraph resolves `{owner}.{}` itself.",
            definition.name
        );
        let help = format!(
            "Leave it out of `@{}`, or mark it `@external` where another subgraph resolves it.",
            self.kind.directive()
        );
        let label = self.subgraph.label(definition.location(), "not external");
        let diagnostic = self
            .diagnostic(code, &reason, place, Some(help))
            .with_label(label);
        self.diagnostics.push(diagnostic);
    }

    fn takes_arguments(&self, parent: &Name, selections: &[Selection]) -> bool {
        let mut takes = false;
        field_set::visit_fields(&self.subgraph.schema, parent, selections, &mut |(
            _,
            field,
        )| {
            takes |= !field.arguments.is_empty();
        });
        takes || self.text.contains('(')
    }

    // All fields exist; the library checks their arguments.
    fn arguments(&mut self, parent: &Name) {
        let schema = Valid::assume_valid_ref(&self.subgraph.schema);
        let result = executable::FieldSet::parse_and_validate(
            schema,
            parent.clone(),
            self.text.trim_start(),
            "field set",
        );
        if let Err(errors) = result {
            for error in errors.errors.iter() {
                self.fault(Fault::Fields, &format!("{}.", error.error), None, None);
            }
        }
    }

    fn is_composite(&self, name: &str) -> bool {
        matches!(
            self.subgraph.schema.types.get(name),
            Some(ExtendedType::Object(_) | ExtendedType::Interface(_) | ExtendedType::Union(_))
        )
    }

    // Other subgraphs may have further types that implement an interface or are members of a union.
    fn can_be(&self, parent: &Name, condition: &Name) -> bool {
        let is_object = |name: &Name| self.subgraph.schema.get_object(name).is_some();
        parent == condition || !is_object(parent) || !is_object(condition)
    }

    fn fault(
        &mut self,
        fault: Fault,
        reason: &str,
        place: Option<SourceSpan>,
        help: Option<String>,
    ) {
        self.report(self.kind.code(fault), reason, place, help);
    }

    pub(super) fn report(
        &mut self,
        code: Code,
        reason: &str,
        place: Option<SourceSpan>,
        help: Option<String>,
    ) {
        let diagnostic = self.diagnostic(code, reason, place, help);
        self.diagnostics.push(diagnostic);
    }

    fn diagnostic(
        &self,
        code: Code,
        reason: &str,
        place: Option<SourceSpan>,
        help: Option<String>,
    ) -> Diagnostic {
        let directive = self.kind.directive();
        let message = format!("`@{directive}` on `{}`: {reason}", self.bearer);
        let label = self
            .subgraph
            .label_in_text(self.application, "fields", place, "here");
        let mut diagnostic = Diagnostic::new(code, message).with_label(label);
        diagnostic.help = help;
        diagnostic
    }
}
