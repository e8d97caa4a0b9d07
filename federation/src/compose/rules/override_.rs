//! `@override`: which subgraph may take a field over from which.

use apollo_compiler::{Name, ast::FieldDefinition, parser::SourceSpan, schema::ExtendedType};
use indexmap::IndexMap;

use crate::{
    diagnostic::{Code, Diagnostic, Diagnostics},
    subgraph::{
        Subgraph,
        directives::{Application, Applied, Override, is_external, is_interface_object, override_},
    },
    suggest::did_you_mean,
};

/// Checks each `@override`.
pub(super) fn check_overrides(subgraphs: &[Subgraph], diagnostics: &mut Diagnostics) {
    for site in sites(subgraphs) {
        let mut rule = OverrideRule {
            subgraphs,
            site: &site,
            diagnostics,
        };
        if !rule.override_on_interface() && !rule.on_interface_object() {
            rule.check_source();
        }
    }
}

/// One application of `@override`, and the field it is on.
struct Site<'a> {
    subgraph: &'a Subgraph,
    ty: &'a ExtendedType,
    field: &'a FieldDefinition,
    override_: Override<'a>,
    coordinate: String,
}

fn sites(subgraphs: &[Subgraph]) -> Vec<Site<'_>> {
    let mut sites = IndexMap::new();
    for subgraph in subgraphs {
        for ty in subgraph.schema.types.values() {
            for field in subgraph.fields(ty) {
                if let Some(override_) = override_(&field.directives) {
                    let type_name = subgraph.merged_type_name(ty.name());
                    let coordinate = format!("{type_name}.{}", field.name);
                    let order = (coordinate.clone(), subgraph.name.as_str());
                    sites.insert(
                        order,
                        Site {
                            subgraph,
                            ty,
                            field,
                            override_,
                            coordinate,
                        },
                    );
                }
            }
        }
    }
    sites.sort_keys();
    sites.into_values().collect()
}

struct OverrideRule<'a> {
    subgraphs: &'a [Subgraph],
    site: &'a Site<'a>,
    diagnostics: &'a mut Diagnostics,
}

impl<'a> OverrideRule<'a> {
    fn override_on_interface(&mut self) -> bool {
        if self.site.ty.is_interface() {
            let message = format!(
                "`{}` is a field of an interface and cannot be overridden.",
                self.site.coordinate
            );
            let help = "Override the fields of the implementing types.";
            self.report(Code::OverrideOnInterface, &message, Some(help));
        }
        self.site.ty.is_interface()
    }

    fn on_interface_object(&mut self) -> bool {
        let is_interface_object = is_interface_object(self.site.ty.directives());
        if is_interface_object {
            let message = format!(
                "`{}` is a field of an `@interfaceObject` and cannot override another.",
                self.site.coordinate
            );
            self.report(
                Code::OverrideCollisionWithAnotherDirective,
                &message,
                Some("Remove `@override`."),
            );
        }
        is_interface_object
    }

    fn check_source(&mut self) {
        let site = self.site;
        let from = site.override_.from;
        if from == site.subgraph.name {
            self.override_from_self_error();
            return;
        }
        let Some(source) = self.subgraphs.iter().find(|subgraph| subgraph.name == from) else {
            self.from_subgraph_does_not_exist();
            return;
        };
        let Some((type_name, field)) = find_field(source, site) else {
            self.source_lacks_field(source);
            return;
        };
        if override_(&field.directives).is_some() {
            self.override_source_has_override(source, field);
        } else if let Some((directive, location)) = collision(site, field) {
            self.override_collision(source, directive, location);
        } else {
            self.hint(source, type_name, field);
            self.override_label_invalid();
        }
    }

    fn override_from_self_error(&mut self) {
        let message = format!(
            "`{}` in subgraph `{}` overrides itself.",
            self.site.coordinate, self.site.subgraph.name
        );
        let help = "Name the subgraph that resolved the field so far, or remove `@override`.";
        self.report(Code::OverrideFromSelfError, &message, Some(help));
    }

    #[expect(clippy::wrong_self_convention, reason = "it is named for its code")]
    fn from_subgraph_does_not_exist(&mut self) {
        let from = self.site.override_.from;
        let message = format!(
            "`{}` in subgraph `{}` overrides `{from}`, which is no subgraph.",
            self.site.coordinate, self.site.subgraph.name
        );
        let names = self.subgraphs.iter().map(|subgraph| subgraph.name.as_str());
        let help = did_you_mean(from, names).map(|name| format!("Did you mean `{name}`?"));
        self.report(Code::FromSubgraphDoesNotExist, &message, help.as_deref());
    }

    // The overridden subgraph may have the field through an interface object; that cannot be
    // overridden yet.
    fn source_lacks_field(&mut self, source: &Subgraph) {
        let site = self.site;
        let interfaces = match site.ty {
            ExtendedType::Object(object) => &object.implements_interfaces,
            _ => return,
        };
        let abstracting = interfaces.iter().find(|interface| {
            source.schema.get_object(interface).is_some_and(|object| {
                is_interface_object(&object.directives)
                    && object.fields.contains_key(&site.field.name)
            })
        });
        if let Some(interface) = abstracting {
            let message = format!(
                "`{}` cannot override `{}`, which has it by way of the interface object `{}`.",
                site.coordinate, source.name, interface.name
            );
            let help = "Move the field from the interface object to the implementing types first.";
            self.report(
                Code::OverrideCollisionWithAnotherDirective,
                &message,
                Some(help),
            );
        } else {
            let message = format!(
                "`{}` overrides subgraph `{}`, which does not have it.",
                site.coordinate, source.name
            );
            self.report(
                Code::OverrideDirectiveCanBeRemoved,
                &message,
                Some("Remove `@override`."),
            );
        }
    }

    fn override_source_has_override(&mut self, source: &Subgraph, field: &FieldDefinition) {
        let message = format!(
            "`{}` is overridden in `{}` and in `{}`, the one from the other.",
            self.site.coordinate, self.site.subgraph.name, source.name
        );
        let other = field
            .directives
            .find("override")
            .and_then(Application::location);
        let diagnostic = self
            .diagnostic(Code::OverrideSourceHasOverride, &message)
            .with_label(source.label(other, "overrides as well"))
            .with_help("Keep `@override` only in the subgraph that is to resolve the field.");
        self.diagnostics.push(diagnostic);
    }

    fn override_collision(
        &mut self,
        source: &Subgraph,
        directive: &str,
        location: Option<SourceSpan>,
    ) {
        let message = if directive == "external" {
            format!(
                "`{}` is `@external` and overrides `{}`.",
                self.site.coordinate, source.name
            )
        } else {
            format!(
                "`{}` overrides `{}`, where it has `@{directive}`.",
                self.site.coordinate, source.name
            )
        };
        let mut diagnostic = self.diagnostic(Code::OverrideCollisionWithAnotherDirective, &message);
        if directive != "external" {
            diagnostic = diagnostic.with_label(source.label(location, "here"));
        }
        let diagnostic = diagnostic.with_help(format!("Remove `@{directive}` there first."));
        self.diagnostics.push(diagnostic);
    }

    fn override_label_invalid(&mut self) {
        if let Some(label) = self.site.override_.label
            && !is_valid_label(label)
        {
            let message = format!(
                "`{label}` is no label for `@override` on `{}`.",
                self.site.coordinate
            );
            let help = "Write a name (letters, digits and `_-:./` after a letter), or `percent(x)` with x from 0 to 100 and at most 8 decimals.";
            self.report(Code::OverrideLabelInvalid, &message, Some(help));
        }
    }

    fn hint(&mut self, source: &'a Subgraph, type_name: &Name, field: &FieldDefinition) {
        let site = self.site;
        let label = source.label(field.name.location(), "overridden");
        let needed = if source.is_used(type_name, &field.name) {
            " It is still needed there, for a key, `@requires`, `@provides` or an interface."
        } else {
            ""
        };
        let (code, message, help) = if is_external(&field.directives) {
            (
                Code::OverrideDirectiveCanBeRemoved,
                format!(
                    "`{}` overrides `{}`, where it is `@external` already.",
                    site.coordinate, source.name
                ),
                "Remove `@override`.",
            )
        } else if site.override_.label.is_some() {
            (
                Code::OverrideMigrationInProgress,
                format!(
                    "`{}` is moving from `{}` to `{}`.{needed}",
                    site.coordinate, source.name, site.subgraph.name
                ),
                "Once all has moved, remove the field there and then the override.",
            )
        } else {
            (
                Code::OverriddenFieldCanBeRemoved,
                format!(
                    "`{}` in `{}` is overridden by `{}`.{needed}",
                    site.coordinate, source.name, site.subgraph.name
                ),
                if needed.is_empty() {
                    "Remove it there."
                } else {
                    "Mark it `@external` there."
                },
            )
        };
        let diagnostic = self
            .diagnostic(code, &message)
            .with_label(label)
            .with_help(help);
        self.diagnostics.push(diagnostic);
    }

    fn report(&mut self, code: Code, message: &str, help: Option<&str>) {
        let mut diagnostic = self.diagnostic(code, message);
        diagnostic.help = help.map(str::to_owned);
        self.diagnostics.push(diagnostic);
    }

    fn diagnostic(&self, code: Code, message: &str) -> Diagnostic {
        let location = self.site.override_.application.location();
        Diagnostic::new(code, message)
            .with_label(self.site.subgraph.label(location, "overrides here"))
    }
}

fn find_field<'a>(
    source: &'a Subgraph,
    site: &Site<'_>,
) -> Option<(&'a Name, &'a FieldDefinition)> {
    let merged = site.subgraph.merged_type_name(site.ty.name());
    let ty = source
        .schema
        .types
        .values()
        .find(|ty| source.merged_type_name(ty.name()) == merged)?;
    let field = source
        .fields(ty)
        .find(|field| field.name == site.field.name)?;
    Some((ty.name(), field))
}

fn collision<'a>(
    site: &Site<'_>,
    source: &'a FieldDefinition,
) -> Option<(&'a str, Option<SourceSpan>)> {
    for directive in ["requires", "provides"] {
        if let Some(application) = source.directives.find(directive) {
            return Some((directive, application.location()));
        }
    }
    is_external(&site.field.directives).then_some(("external", None))
}

fn is_valid_label(label: &str) -> bool {
    if let Some(number) = label
        .strip_prefix("percent(")
        .and_then(|rest| rest.strip_suffix(')'))
    {
        return is_percentage(number);
    }
    label.starts_with(|first: char| first.is_ascii_alphabetic())
        && label
            .chars()
            .all(|next| next.is_ascii_alphanumeric() || "_-:./".contains(next))
}

fn is_percentage(number: &str) -> bool {
    let is_digits = |text: &str, most: usize| {
        (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    match number.split_once('.') {
        Some((whole, decimals)) => is_digits(whole, 2) && is_digits(decimals, 8),
        None => number == "100" || is_digits(number, 2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_labels() {
        for label in [
            "a",
            "beta-1:x/y.z",
            "percent(0)",
            "percent(5.25)",
            "percent(100)",
            "percent(99.12345678)",
        ] {
            assert!(is_valid_label(label), "{label}");
        }
        for label in [
            "",
            "1a",
            "a b",
            "percent(101)",
            "percent(5.123456789)",
            "percent(.5)",
            "percent(100.0)",
            "percent()",
        ] {
            assert!(!is_valid_label(label), "{label}");
        }
    }
}
