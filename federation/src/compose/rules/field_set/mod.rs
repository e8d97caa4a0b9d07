//! Checks `@key`, `@requires` and `@provides`: where they may stand, and each field set. In: a
//! subgraph. Out: diagnostics.

mod check;
mod kind;

use apollo_compiler::{
    Name,
    ast::FieldDefinition,
    schema::{DirectiveList, ExtendedType},
};

use self::{
    check::FieldSetRule,
    kind::{Fault, Kind},
};
use crate::{
    diagnostic::{Code, Diagnostic, Diagnostics},
    subgraph::{
        Subgraph,
        directives::{Application, Applied, is_external},
        link::Version,
    },
};

/// The first version of federation that has keys on interfaces.
const INTERFACE_KEYS: Version = Version::new(2, 3);

/// Checks each `@key`.
pub(super) fn check_keys(subgraph: &Subgraph, diagnostics: &mut Diagnostics) {
    for ty in subgraph.schema.types.values() {
        for application in all(ty.directives(), Kind::Key) {
            let bearer = ty.name().to_string();
            let mut rule = rule(subgraph, Kind::Key, application, bearer, diagnostics);
            if ty.is_interface() && subgraph.federation_version < INTERFACE_KEYS {
                key_unsupported_on_interface(&mut rule);
            }
            check_text(rule, ty.name());
        }
    }
}

fn all(directives: &DirectiveList, kind: Kind) -> impl Iterator<Item = Application<'_>> {
    directives.all(kind.directive())
}

fn key_unsupported_on_interface(rule: &mut FieldSetRule<'_>) {
    let reason = format!("keys on interfaces came with federation {INTERFACE_KEYS}.");
    let help = format!(
        "Link federation {INTERFACE_KEYS} or newer, or put the key on the implementing types."
    );
    rule.report(Code::KeyUnsupportedOnInterface, &reason, None, Some(help));
}

/// Checks each `@requires`.
pub(super) fn check_requires(subgraph: &Subgraph, diagnostics: &mut Diagnostics) {
    for_each_field(subgraph, Kind::Requires, |ty, field, application| {
        let bearer = format!("{}.{}", ty.name(), field.name);
        let mut rule = rule(subgraph, Kind::Requires, application, bearer, diagnostics);
        if ty.is_interface() {
            unsupported_on_interface(&mut rule);
        }
        check_text(rule, ty.name());
    });
}

/// Checks each `@provides`.
pub(super) fn check_provides(subgraph: &Subgraph, diagnostics: &mut Diagnostics) {
    for_each_field(subgraph, Kind::Provides, |ty, field, application| {
        let bearer = format!("{}.{}", ty.name(), field.name);
        if is_external(&field.directives) {
            diagnostics.push(external_collision(subgraph, &bearer, application));
            return;
        }
        let below = field.ty.inner_named_type();
        let mut rule = rule(subgraph, Kind::Provides, application, bearer, diagnostics);
        if !is_composite(subgraph, below) {
            provides_on_non_object_field(&mut rule, field);
            return;
        }
        if ty.is_interface() {
            unsupported_on_interface(&mut rule);
        }
        check_text(rule, below);
    });
}

fn for_each_field<'a>(
    subgraph: &'a Subgraph,
    kind: Kind,
    mut visit: impl FnMut(&'a ExtendedType, &'a FieldDefinition, Application<'a>),
) {
    for ty in subgraph.schema.types.values() {
        for field in subgraph.fields(ty) {
            if let Some(application) = field.directives.find(kind.directive()) {
                visit(ty, field, application);
            }
        }
    }
}

fn rule<'a>(
    subgraph: &'a Subgraph,
    kind: Kind,
    application: Application<'a>,
    bearer: String,
    diagnostics: &'a mut Diagnostics,
) -> FieldSetRule<'a> {
    FieldSetRule {
        subgraph,
        kind,
        application,
        bearer,
        text: "",
        diagnostics,
    }
}

fn check_text(mut rule: FieldSetRule<'_>, parent: &Name) {
    let value = rule.application.argument("fields");
    match value.and_then(|value| value.as_str()) {
        Some(text) => {
            rule.text = text;
            rule.check(parent);
        }
        None => invalid_fields_type(&mut rule),
    }
}

fn invalid_fields_type(rule: &mut FieldSetRule<'_>) {
    let help = format!(
        "Write one string: `@{}(fields: \"a b\")`.",
        rule.kind.directive()
    );
    rule.report(
        rule.kind.code(Fault::FieldsType),
        "`fields` is not a string.",
        None,
        Some(help),
    );
}

fn unsupported_on_interface(rule: &mut FieldSetRule<'_>) {
    let reason = format!(
        "`@{}` has no effect on a field of an interface.",
        rule.kind.directive()
    );
    let help = "Put it on the fields of the implementing types.".to_owned();
    rule.report(
        rule.kind.code(Fault::OnInterface),
        &reason,
        None,
        Some(help),
    );
}

fn provides_on_non_object_field(rule: &mut FieldSetRule<'_>, field: &FieldDefinition) {
    let reason = format!(
        "a `{}` has no fields to provide.",
        field.ty.inner_named_type()
    );
    rule.report(
        Code::ProvidesOnNonObjectField,
        &reason,
        None,
        Some("Remove `@provides`.".to_owned()),
    );
}

fn external_collision(
    subgraph: &Subgraph,
    bearer: &str,
    application: Application<'_>,
) -> Diagnostic {
    Diagnostic::new(
        Code::ExternalCollisionWithAnotherDirective,
        format!("`{bearer}` is `@external` and has `@provides`: what is not resolved here provides nothing."),
    )
    .with_label(subgraph.label(application.location(), "provides here"))
    .with_help("Remove one of the two.")
}

fn is_composite(subgraph: &Subgraph, name: &str) -> bool {
    matches!(
        subgraph.schema.types.get(name),
        Some(ExtendedType::Object(_) | ExtendedType::Interface(_) | ExtendedType::Union(_))
    )
}
