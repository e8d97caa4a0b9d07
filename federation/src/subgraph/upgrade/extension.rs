//! `extend type` of Federation 1, where it means that another subgraph defines the type.

use apollo_compiler::{
    Name, Schema,
    schema::{ComponentOrigin, ExtendedType},
};

use super::{fields::fields_mut, originals::Originals};
use crate::{
    diagnostic::{Code, Diagnostic, Diagnostics},
    subgraph::{
        directives::{Applied, is_only_extended, keys},
        field_set,
    },
};

impl Originals<'_> {
    /// Checks that a subgraph defines each extended type.
    pub(super) fn extension_with_no_base(&self, diagnostics: &mut Diagnostics) {
        for ty in self.own.schema.types.values().filter(|ty| is_extension(ty)) {
            let is_root = self.own.find_root_operation(ty.name()).is_some();
            if is_root
                || self
                    .elsewhere(ty.name())
                    .any(|(_, other)| !is_only_extended(other))
            {
                continue;
            }
            let place = ty
                .iter_origins()
                .find_map(|origin| origin.extension_id()?.location());
            diagnostics.push(
                Diagnostic::new(
                    Code::ExtensionWithNoBase,
                    format!("`{}` is extended, but no subgraph defines it.", ty.name()),
                )
                .with_label(
                    self.own
                        .label(place.or(ty.name().location()), "extended here"),
                )
                .with_help(format!(
                    "Write `type {}` instead of `extend type {}`.",
                    ty.name(),
                    ty.name()
                )),
            );
        }
    }

    /// Removes `@external` from fields that an extension resolves nevertheless: those of its keys,
    /// or where it has none, those of the first keys in other subgraphs.
    pub(super) fn resolve_keys_of_extensions(&self, schema: &mut Schema) {
        let extensions: Vec<Name> = schema
            .types
            .values()
            .filter(|ty| is_extension(ty))
            .map(|ty| ty.name().clone())
            .collect();
        for name in extensions {
            let mut resolved: Vec<Name> = Vec::new();
            if let Some(ty) = schema.types.get(&name).filter(|ty| has_key(ty)) {
                for key in keys(ty.directives()) {
                    resolved.extend(top_level(schema, &name, key.fields));
                }
            } else {
                for (other, ty) in self.elsewhere(&name) {
                    if let Some(key) = keys(ty.directives()).next() {
                        resolved.extend(top_level(&other.schema, ty.name(), key.fields));
                    }
                }
            }
            let Some(fields) = schema.types.get_mut(&name).and_then(fields_mut) else {
                continue;
            };
            for name in resolved {
                if let Some(field) = fields.get_mut(&name) {
                    field
                        .make_mut()
                        .directives
                        .0
                        .retain(|directive| directive.name != "external");
                }
            }
        }
    }
}

fn has_key(ty: &ExtendedType) -> bool {
    ty.directives().is_applied("key")
}

// Only the type's own fields: Federation 1 did not read nested ones.
fn top_level(schema: &Schema, parent: &Name, text: &str) -> Vec<Name> {
    let mut names = Vec::new();
    let selections = field_set::parse(text).unwrap_or_default();
    field_set::visit_fields(schema, parent, &selections, &mut |(owner, field)| {
        if owner == parent {
            names.push(field.name.clone());
        }
    });
    names
}

/// Whether a type extends another subgraph's. `type T @extends` does, though to others it is a
/// definition.
pub(super) fn is_extension(ty: &ExtendedType) -> bool {
    (ty.is_object() || ty.is_interface())
        && (is_only_extended(ty) || ty.directives().is_applied("extends"))
}

/// Makes definitions of extensions.
pub(super) fn make_definitions(schema: &mut Schema) {
    for ty in schema.types.values_mut().filter(|ty| is_extension(ty)) {
        let directives = match ty {
            ExtendedType::Object(object) => &mut object.make_mut().directives,
            ExtendedType::Interface(interface) => &mut interface.make_mut().directives,
            _ => continue,
        };
        for directive in &mut directives.0 {
            directive.origin = ComponentOrigin::Definition;
        }
        for field in fields_mut(ty)
            .into_iter()
            .flat_map(|fields| fields.values_mut())
        {
            field.origin = ComponentOrigin::Definition;
        }
    }
}
