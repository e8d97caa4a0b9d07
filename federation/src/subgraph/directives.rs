//! The directives of federation, typed. They are read from the canonical form of a subgraph, in
//! which each application fits its definition.

use apollo_compiler::{
    Node,
    ast::{self, Directive, Value},
    parser::SourceSpan,
    schema::{self, ExtendedType},
};

/// A list of directive applications, on a type or on a part of one.
pub trait Applied {
    /// Applications of one directive.
    fn all<'a>(&'a self, name: &'a str) -> Box<dyn Iterator<Item = Application<'a>> + 'a>;

    /// The application of a directive that is not repeatable.
    fn find<'a>(&'a self, name: &'a str) -> Option<Application<'a>> {
        self.all(name).next()
    }

    /// Whether a directive is applied.
    fn is_applied(&self, name: &str) -> bool {
        self.find(name).is_some()
    }
}

/// Whether a type is extended here and not defined: an empty `type T` is a definition, too.
pub fn is_only_extended(ty: &ExtendedType) -> bool {
    let place = ty.location();
    let extensions = ty.extensions();
    place.is_some()
        && extensions
            .iter()
            .any(|extension| extension.location() == place)
}

/// One application of a directive.
#[derive(Clone, Copy, Debug)]
pub struct Application<'a> {
    /// The application.
    pub directive: &'a Node<Directive>,
    /// Whether it stands on a type extension.
    pub is_on_extension: bool,
}

impl Applied for schema::DirectiveList {
    fn all<'a>(&'a self, name: &'a str) -> Box<dyn Iterator<Item = Application<'a>> + 'a> {
        Box::new(
            self.0
                .iter()
                .filter(move |directive| directive.name == name)
                .map(|component| Application {
                    directive: &component.node,
                    is_on_extension: component.origin.extension_id().is_some(),
                }),
        )
    }
}

impl Applied for ast::DirectiveList {
    fn all<'a>(&'a self, name: &'a str) -> Box<dyn Iterator<Item = Application<'a>> + 'a> {
        Box::new(
            self.0
                .iter()
                .filter(move |directive| directive.name == name)
                .map(|directive| Application {
                    directive,
                    is_on_extension: false,
                }),
        )
    }
}

impl<'a> Application<'a> {
    /// Where it stands.
    pub fn location(self) -> Option<SourceSpan> {
        self.directive.location()
    }

    /// An argument's value, `None` where it is not given.
    pub fn argument(self, name: &str) -> Option<&'a Node<Value>> {
        self.directive.specified_argument_by_name(name)
    }

    fn string(self, name: &str) -> Option<&'a str> {
        self.argument(name)?.as_str()
    }

    fn boolean(self, name: &str) -> Option<bool> {
        self.argument(name)?.to_bool()
    }

    fn integer(self, name: &str) -> Option<i32> {
        self.argument(name)?.to_i32()
    }

    fn strings(self, name: &str) -> Option<Vec<&'a str>> {
        Some(
            one_or_many(self.argument(name)?)
                .iter()
                .filter_map(|value| value.as_str())
                .collect(),
        )
    }

    // GraphQL does not check the custom scalars of scopes and policies; a single item counts as a
    // list of one.
    fn disjunction(self, name: &str) -> Vec<Vec<&'a str>> {
        let Some(value) = self.argument(name) else {
            return Vec::new();
        };
        one_or_many(value)
            .iter()
            .map(|all| {
                one_or_many(all)
                    .iter()
                    .filter_map(|value| value.as_str())
                    .collect()
            })
            .collect()
    }
}

fn one_or_many(value: &Node<Value>) -> &[Node<Value>] {
    match &**value {
        Value::List(items) => items,
        _ => std::slice::from_ref(value),
    }
}

/// `@key(fields:, resolvable:)`.
#[derive(Clone, Copy, Debug)]
pub struct Key<'a> {
    /// The fields that identify an entity.
    pub fields: &'a str,
    /// Whether the subgraph answers `_entities` by it.
    pub resolvable: bool,
    /// Where it stands.
    pub application: Application<'a>,
}

/// The keys of a type.
pub fn keys(applied: &impl Applied) -> impl Iterator<Item = Key<'_>> {
    applied.all("key").filter_map(|application| {
        Some(Key {
            fields: application.string("fields")?,
            resolvable: application.boolean("resolvable").unwrap_or(true),
            application,
        })
    })
}

/// A field set on a field: `@requires(fields:)` or `@provides(fields:)`.
#[derive(Clone, Copy, Debug)]
pub struct FieldSetOf<'a> {
    /// The fields.
    pub fields: &'a str,
    /// Where it stands.
    pub application: Application<'a>,
}

/// The field set of `@requires`: fields that must be sent so that a field is resolved.
pub fn requires(applied: &impl Applied) -> Option<FieldSetOf<'_>> {
    field_set_of(applied, "requires")
}

/// The field set of `@provides`: fields that are resolvable below a field though they are external.
pub fn provides(applied: &impl Applied) -> Option<FieldSetOf<'_>> {
    field_set_of(applied, "provides")
}

fn field_set_of<'a>(applied: &'a impl Applied, name: &'a str) -> Option<FieldSetOf<'a>> {
    let application = applied.find(name)?;
    Some(FieldSetOf {
        fields: application.string("fields")?,
        application,
    })
}

/// `@override(from:, label:)`.
#[derive(Clone, Copy, Debug)]
pub struct Override<'a> {
    /// The subgraph that no longer resolves the field.
    pub from: &'a str,
    /// When: a label that the host switches, or `percent(…)`; always where there is none.
    pub label: Option<&'a str>,
    /// Where it stands.
    pub application: Application<'a>,
}

/// The `@override` of a field.
pub fn override_(applied: &impl Applied) -> Option<Override<'_>> {
    let application = applied.find("override")?;
    Some(Override {
        from: application.string("from")?,
        label: application.string("label"),
        application,
    })
}

/// The names of `@tag`.
pub fn tags(applied: &impl Applied) -> impl Iterator<Item = &str> {
    applied
        .all("tag")
        .filter_map(|application| application.string("name"))
}

/// The scopes of `@requiresScopes`: any of the outer list, all of the inner one.
pub fn requires_scopes(applied: &impl Applied) -> Option<Vec<Vec<&str>>> {
    Some(applied.find("requiresScopes")?.disjunction("scopes"))
}

/// The policies of `@policy`: any of the outer list, all of the inner one.
pub fn policy(applied: &impl Applied) -> Option<Vec<Vec<&str>>> {
    Some(applied.find("policy")?.disjunction("policies"))
}

/// The weight of `@cost`.
pub fn cost(applied: &impl Applied) -> Option<i32> {
    applied.find("cost")?.integer("weight")
}

/// `@listSize`.
#[derive(Clone, Debug)]
pub struct ListSize<'a> {
    /// The assumed length of the list.
    pub assumed_size: Option<i32>,
    /// Arguments that give its length.
    pub slicing_arguments: Option<Vec<&'a str>>,
    /// Fields below that are the lists.
    pub sized_fields: Option<Vec<&'a str>>,
    /// Whether exactly one of the arguments must be given.
    pub require_one_slicing_argument: Option<bool>,
    /// Where it stands.
    pub application: Application<'a>,
}

/// The `@listSize` of a field.
pub fn list_size(applied: &impl Applied) -> Option<ListSize<'_>> {
    let application = applied.find("listSize")?;
    Some(ListSize {
        assumed_size: application.integer("assumedSize"),
        slicing_arguments: application.strings("slicingArguments"),
        sized_fields: application.strings("sizedFields"),
        require_one_slicing_argument: application.boolean("requireOneSlicingArgument"),
        application,
    })
}

/// The names of `@context`, without prefix.
pub fn contexts(applied: &impl Applied) -> impl Iterator<Item = &str> {
    applied
        .all("context")
        .filter_map(|application| application.string("name"))
}

/// The text of `@fromContext` on an argument: `$context { selection }`.
pub fn from_context(applied: &impl Applied) -> Option<&str> {
    applied.find("fromContext")?.string("field")
}

/// The directives of `@composeDirective`, with their `@`, on the schema definition.
pub fn compose_directives(applied: &impl Applied) -> impl Iterator<Item = (Application<'_>, &str)> {
    applied
        .all("composeDirective")
        .filter_map(|application| Some((application, application.string("name")?)))
}

/// Whether a field is `@external`.
pub fn is_external(applied: &impl Applied) -> bool {
    applied.is_applied("external")
}

/// Whether a field is `@shareable`.
pub fn is_shareable(applied: &impl Applied) -> bool {
    applied.is_applied("shareable")
}

/// Whether an element is `@inaccessible`.
pub fn is_inaccessible(applied: &impl Applied) -> bool {
    applied.is_applied("inaccessible")
}

/// Whether an object type is an `@interfaceObject`.
pub fn is_interface_object(applied: &impl Applied) -> bool {
    applied.is_applied("interfaceObject")
}

/// Whether an element is `@authenticated`.
pub fn is_authenticated(applied: &impl Applied) -> bool {
    applied.is_applied("authenticated")
}
