//! Converts a subgraph's schema to canonical form: directives have federation's own names, and
//! stand on the elements that they apply to.

use apollo_compiler::{
    Name, Node, Schema,
    ast::{self, Directive, OperationType},
    schema::{Component, ComponentOrigin, DirectiveList, ExtendedType, ExtensionId, ObjectType},
};
use indexmap::IndexMap;

use super::{
    definitions::is_machinery,
    directives::{Applied, keys},
    facts, field_set,
    link::{CORE, LINK, Links},
    specs::find_elements,
};

/// Rewrites a schema whose links are resolved.
pub(super) fn canonicalize(schema: &mut Schema, links: &Links, is_federation_1: bool) {
    let names = Names::of(schema, links);
    drop_definitions(schema, links);
    rename(schema, &names);
    for ty in schema.types.values_mut() {
        if let ExtendedType::Object(object) = ty {
            push_down(object.make_mut(), "shareable");
            // Federation 1 ignored it; its upgrade drops it.
            if !is_federation_1 {
                push_down(object.make_mut(), "external");
            }
        }
        mark_extension(ty);
    }
    drop_empty_query(schema);
}

/// The name for a subgraph's own directive that has the canonical name of one of federation's.
pub(crate) fn shadowed_name(name: &Name) -> Name {
    Name::new_unchecked(&format!("_own__{name}"))
}

/// What to call the directives applied in a subgraph; `None` for those to drop.
struct Names(IndexMap<Name, Option<Name>>);

impl Names {
    fn of(schema: &Schema, links: &Links) -> Self {
        let mut names = IndexMap::new();
        // A subgraph's own directive under a name of federation's would be mistaken for
        // federation's.
        for link in links.iter().filter(|link| is_machinery(&link.identity)) {
            let elements = find_elements(&link.identity, link.version).unwrap_or_default();
            for element in elements.keys() {
                if let Some(Ok(canonical)) = element.strip_prefix('@').map(Name::new)
                    && schema.directive_definitions.contains_key(&canonical)
                {
                    let shadowed = shadowed_name(&canonical);
                    names.insert(canonical, Some(shadowed));
                }
            }
        }
        for link in links.iter().filter(|link| is_machinery(&link.identity)) {
            let elements = find_elements(&link.identity, link.version).unwrap_or_default();
            for element in elements.keys() {
                let here = link.name_of(element);
                if let (Some(here), Some(canonical)) =
                    (here.strip_prefix('@'), element.strip_prefix('@'))
                    && let (Ok(here), Ok(canonical)) = (Name::new(here), Name::new(canonical))
                {
                    let is_link = [LINK, CORE].contains(&link.identity.as_str());
                    names.insert(here, (!is_link).then_some(canonical));
                }
            }
        }
        Self(names)
    }

    // Whether to keep a directive; its name is changed on the way.
    fn apply(&self, directive: &mut Node<Directive>) -> bool {
        let Some(name) = self.0.get(&directive.name) else {
            return true;
        };
        let Some(name) = name else { return false };
        if *name != directive.name {
            // A name knows its place by its own length; the directive around it knows it, too.
            directive.make_mut().name = name.clone();
        }
        true
    }

    fn apply_to_type(&self, directives: &mut DirectiveList) {
        directives
            .0
            .retain_mut(|directive| self.apply(&mut directive.node));
    }

    fn apply_to_part(&self, directives: &mut ast::DirectiveList) {
        directives.0.retain_mut(|directive| self.apply(directive));
    }
}

fn drop_definitions(schema: &mut Schema, links: &Links) {
    schema.directive_definitions.retain(|name, definition| {
        definition.is_built_in()
            || !links.find_directive(name).is_some_and(|(link, element)| {
                defines(&link.identity, link.version, &format!("@{element}"))
            })
    });
    schema.types.retain(|name, ty| {
        ty.is_built_in()
            || !links
                .find_type(name)
                .is_some_and(|(link, element)| defines(&link.identity, link.version, element))
    });
}

fn defines(identity: &str, version: super::link::Version, element: &str) -> bool {
    find_elements(identity, version).is_some_and(|elements| elements.contains_key(element))
}

fn rename(schema: &mut Schema, names: &Names) {
    names.apply_to_type(&mut schema.schema_definition.make_mut().directives);
    for definition in schema.directive_definitions.values_mut() {
        for argument in &mut definition.make_mut().arguments {
            names.apply_to_part(&mut argument.make_mut().directives);
        }
    }
    for ty in schema.types.values_mut().filter(|ty| !ty.is_built_in()) {
        match ty {
            ExtendedType::Scalar(it) => names.apply_to_type(&mut it.make_mut().directives),
            ExtendedType::Union(it) => names.apply_to_type(&mut it.make_mut().directives),
            ExtendedType::Enum(it) => {
                let it = it.make_mut();
                names.apply_to_type(&mut it.directives);
                for value in it.values.values_mut() {
                    names.apply_to_part(&mut value.make_mut().directives);
                }
            }
            ExtendedType::InputObject(it) => {
                let it = it.make_mut();
                names.apply_to_type(&mut it.directives);
                for field in it.fields.values_mut() {
                    names.apply_to_part(&mut field.make_mut().directives);
                }
            }
            ExtendedType::Object(it) => {
                let it = it.make_mut();
                names.apply_to_type(&mut it.directives);
                it.fields
                    .values_mut()
                    .for_each(|field| rename_field(field, names));
            }
            ExtendedType::Interface(it) => {
                let it = it.make_mut();
                names.apply_to_type(&mut it.directives);
                it.fields
                    .values_mut()
                    .for_each(|field| rename_field(field, names));
            }
        }
    }
}

fn rename_field(field: &mut Component<ast::FieldDefinition>, names: &Names) {
    let field = field.make_mut();
    names.apply_to_part(&mut field.directives);
    for argument in &mut field.arguments {
        names.apply_to_part(&mut argument.make_mut().directives);
    }
}

// `@shareable` on a type is short for each field of the same declaration. `@external` counts for
// the whole type wherever it stands.
fn push_down(object: &mut ObjectType, name: &str) {
    let mut by_origin: IndexMap<ComponentOrigin, Node<Directive>> = IndexMap::new();
    let mut is_repeated = false;
    for directive in object.directives.get_all(name) {
        is_repeated |= by_origin.contains_key(&directive.origin);
        let origin = by_origin.entry(directive.origin.clone());
        origin.or_insert_with(|| directive.node.clone());
    }
    let Some(first) = by_origin.values().next().cloned() else {
        return;
    };
    // A repetition is an error; it is kept, so that the rules find it.
    if name == "shareable" && is_repeated {
        return;
    }
    for field in object.fields.values_mut() {
        let directive = match name {
            "external" => Some(&first),
            _ => by_origin.get(&field.origin),
        };
        if let Some(directive) = directive
            && !field.directives.is_applied(name)
        {
            let directive = directive.clone();
            field.make_mut().directives.0.push(directive);
        }
    }
    object
        .directives
        .0
        .retain(|directive| directive.name != name);
}

// `type T @extends` is another way to write `extend type T`.
fn mark_extension(ty: &mut ExtendedType) {
    let directives = match ty {
        ExtendedType::Object(object) => &mut object.make_mut().directives,
        ExtendedType::Interface(interface) => &mut interface.make_mut().directives,
        _ => return,
    };
    let Some(extends) = directives.get("extends") else {
        return;
    };
    let origin = ComponentOrigin::Extension(ExtensionId::new(&extends.node));
    for directive in &mut directives.0 {
        directive.origin = origin.clone();
    }
    let fields = match ty {
        ExtendedType::Object(object) => &mut object.make_mut().fields,
        ExtendedType::Interface(interface) => &mut interface.make_mut().fields,
        _ => return,
    };
    for field in fields.values_mut() {
        field.origin = origin.clone();
    }
}

// It had no field but `_entities`. References to it mean the query type of the supergraph.
fn drop_empty_query(schema: &mut Schema) {
    let Some(query) = schema.root_operation(OperationType::Query).cloned() else {
        return;
    };
    let is_empty = schema
        .get_object(&query)
        .is_some_and(|object| object.fields.is_empty() && object.directives.is_empty());
    let refers = |field: &ast::FieldDefinition| *field.ty.inner_named_type() == query;
    if is_empty && !schema.types.values().flat_map(facts::fields).any(refers) {
        schema.types.shift_remove(&query);
        schema.schema_definition.make_mut().query = None;
    }
}

/// Takes `@external` off the key fields of extensions: as in Federation 1, `extend type T
/// @key(fields: "id") { id: ID! @external }` resolves `id`.
pub(super) fn resolve_external_keys(schema: &mut Schema) {
    let mut resolved = Vec::new();
    for ty in schema.types.values() {
        for key in keys(ty.directives()).filter(|key| key.application.is_on_extension) {
            let selections = field_set::parse(key.fields).unwrap_or_default();
            field_set::visit_fields(schema, ty.name(), &selections, &mut |(parent, field)| {
                resolved.push((parent.clone(), field.name.clone()));
            });
        }
    }
    for (parent, field) in resolved {
        let field = match schema.types.get_mut(&parent) {
            Some(ExtendedType::Object(object)) => object.make_mut().fields.get_mut(&field),
            Some(ExtendedType::Interface(interface)) => interface.make_mut().fields.get_mut(&field),
            _ => None,
        };
        if let Some(field) = field {
            field
                .make_mut()
                .directives
                .0
                .retain(|directive| directive.name != "external");
        }
    }
}
