//! Join directives, typed. `index` computes what follows from them together.

use apollo_compiler::{
    Name, Node,
    ast::{Directive, Value},
    schema::DirectiveList,
};

use super::Features;

/// `@join__type`: a subgraph has the type, with one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct JoinType {
    pub(crate) graph: Name,
    pub(crate) key: Option<String>,
    pub(crate) resolvable: bool,
    pub(crate) is_interface_object: bool,
}

/// `@join__field`: how a subgraph has a field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct JoinField {
    /// `None`: the field comes from an interface object.
    pub(crate) graph: Option<Name>,
    pub(crate) requires: Option<String>,
    pub(crate) provides: Option<String>,
    pub(crate) type_: Option<String>,
    pub(crate) external: bool,
    pub(crate) override_: Option<String>,
    pub(crate) used_overridden: bool,
    pub(crate) override_label: Option<String>,
    pub(crate) context_arguments: Vec<JoinContextArgument>,
}

/// An argument that the gateway fills from an ancestor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct JoinContextArgument {
    pub(crate) context: String,
    pub(crate) name: String,
    pub(crate) type_: String,
    pub(crate) selection: String,
}

fn text(directive: &Directive, argument: &str) -> Option<String> {
    directive
        .specified_argument_by_name(argument)
        .and_then(|value| value.as_str())
        .map(str::to_owned)
}

fn name(directive: &Directive, argument: &str) -> Option<Name> {
    directive
        .specified_argument_by_name(argument)
        .and_then(|value| value.as_enum())
        .cloned()
}

fn flag(directive: &Directive, argument: &str, default: bool) -> bool {
    directive
        .specified_argument_by_name(argument)
        .and_then(|value| value.to_bool())
        .unwrap_or(default)
}

pub(crate) fn join_types(directives: &DirectiveList, features: &Features) -> Vec<JoinType> {
    let directive_name = features.directive("join", "type");
    directives
        .get_all(&directive_name)
        .filter_map(|directive| {
            Some(JoinType {
                graph: name(directive, "graph")?,
                key: text(directive, "key"),
                resolvable: flag(directive, "resolvable", true),
                is_interface_object: flag(directive, "isInterfaceObject", false),
            })
        })
        .collect()
}

/// `@join__owner` of join v0.1: the subgraph that has every field not said to be elsewhere.
pub(crate) fn join_owner(directives: &DirectiveList, features: &Features) -> Option<Name> {
    name(
        directives.get(&features.directive("join", "owner"))?,
        "graph",
    )
}

pub(crate) fn join_fields(
    directives: &apollo_compiler::ast::DirectiveList,
    features: &Features,
) -> Vec<JoinField> {
    let directive_name = features.directive("join", "field");
    directives
        .get_all(&directive_name)
        .map(|directive| JoinField {
            graph: name(directive, "graph"),
            requires: text(directive, "requires"),
            provides: text(directive, "provides"),
            type_: text(directive, "type"),
            external: flag(directive, "external", false),
            override_: text(directive, "override"),
            used_overridden: flag(directive, "usedOverridden", false),
            override_label: text(directive, "overrideLabel"),
            context_arguments: context_arguments(directive),
        })
        .collect()
}

fn context_arguments(directive: &Directive) -> Vec<JoinContextArgument> {
    directive
        .specified_argument_by_name("contextArguments")
        .and_then(|value| value.as_list())
        .unwrap_or_default()
        .iter()
        .filter_map(context_argument)
        .collect()
}

fn context_argument(item: &Node<Value>) -> Option<JoinContextArgument> {
    let object = item.as_object()?;
    let text = |key: &str| {
        object
            .iter()
            .find(|(name, _)| name == key)
            .and_then(|(_, value)| value.as_str())
            .map(str::to_owned)
    };
    Some(JoinContextArgument {
        context: text("context")?,
        name: text("name")?,
        type_: text("type")?,
        selection: text("selection")?,
    })
}

/// Pairs of a subgraph and an interface from `@join__implements`.
pub(crate) fn join_implements(
    directives: &DirectiveList,
    features: &Features,
) -> Vec<(Name, String)> {
    let directive_name = features.directive("join", "implements");
    directives
        .get_all(&directive_name)
        .filter_map(|directive| Some((name(directive, "graph")?, text(directive, "interface")?)))
        .collect()
}

/// Pairs of a subgraph and a member from `@join__unionMember`.
pub(crate) fn join_union_members(
    directives: &DirectiveList,
    features: &Features,
) -> Vec<(Name, String)> {
    let directive_name = features.directive("join", "unionMember");
    directives
        .get_all(&directive_name)
        .filter_map(|directive| Some((name(directive, "graph")?, text(directive, "member")?)))
        .collect()
}

/// Subgraphs that have an enum value, from `@join__enumValue`.
pub(crate) fn join_enum_values(
    directives: &apollo_compiler::ast::DirectiveList,
    features: &Features,
) -> Vec<Name> {
    let directive_name = features.directive("join", "enumValue");
    directives
        .get_all(&directive_name)
        .filter_map(|directive| name(directive, "graph"))
        .collect()
}
