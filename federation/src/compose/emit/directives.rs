//! Writes join facts as applied directives, with arguments in the join spec's order.

use apollo_compiler::ast::{Argument, Directive, Value};
use apollo_compiler::{Name, Node, name};

use crate::compose::merge::joins::{
    ContextArgument, Graph, JoinDirective, JoinField, JoinType, Purpose, SpecLink,
};

/// Applies a directive; arguments without a value are left out.
struct Applied(Directive);

impl Applied {
    fn new(name: Name) -> Self {
        Self(Directive::new(name))
    }

    fn with(mut self, name: Name, value: Value) -> Self {
        let value = Node::new(value);
        self.0.arguments.push(Node::new(Argument { name, value }));
        self
    }

    fn text(self, name: Name, text: &str) -> Self {
        self.with(name, Value::String(text.to_owned()))
    }

    fn text_if_some(self, name: Name, text: Option<&String>) -> Self {
        match text {
            Some(text) => self.text(name, text),
            None => self,
        }
    }

    fn truth_if(self, name: Name, is_true: bool) -> Self {
        if is_true {
            self.with(name, Value::Boolean(true))
        } else {
            self
        }
    }
}

/// The enum values that stand for the subgraphs.
pub(super) struct GraphNames<'a>(pub(super) &'a [Name]);

impl GraphNames<'_> {
    fn value(&self, graph: Graph) -> Value {
        self.0
            .get(graph)
            .map_or(Value::Null, |name| Value::Enum(name.clone()))
    }
}

pub(super) fn join_graph(subgraph: &str, url: &str) -> Directive {
    Applied::new(name!("join__graph"))
        .text(name!("name"), subgraph)
        .text(name!("url"), url)
        .0
}

pub(super) fn join_type(join: &JoinType, graphs: &GraphNames<'_>) -> Directive {
    let applied = Applied::new(name!("join__type"))
        .with(name!("graph"), graphs.value(join.graph))
        .text_if_some(name!("key"), join.key.as_ref())
        .truth_if(name!("extension"), join.extension);
    let applied = if join.resolvable {
        applied
    } else {
        applied.with(name!("resolvable"), Value::Boolean(false))
    };
    applied
        .truth_if(name!("isInterfaceObject"), join.is_interface_object)
        .0
}

pub(super) fn join_field(join: &JoinField, graphs: &GraphNames<'_>) -> Directive {
    let applied = Applied::new(name!("join__field"));
    let applied = match join.graph {
        Some(graph) => applied.with(name!("graph"), graphs.value(graph)),
        None => applied,
    };
    let applied = applied
        .text_if_some(name!("requires"), join.requires.as_ref())
        .text_if_some(name!("provides"), join.provides.as_ref())
        .text_if_some(name!("type"), join.type_.as_ref())
        .truth_if(name!("external"), join.external)
        .text_if_some(name!("override"), join.override_.as_ref())
        .truth_if(name!("usedOverridden"), join.used_overridden)
        .text_if_some(name!("overrideLabel"), join.override_label.as_ref());
    if join.context_arguments.is_empty() {
        return applied.0;
    }
    let arguments = join.context_arguments.iter().map(context_argument);
    applied
        .with(name!("contextArguments"), Value::List(arguments.collect()))
        .0
}

fn context_argument(argument: &ContextArgument) -> Node<Value> {
    let text = |text: &String| Node::new(Value::String(text.clone()));
    Node::new(Value::Object(vec![
        (name!("context"), text(&argument.context)),
        (name!("name"), text(&argument.name)),
        (name!("type"), text(&argument.type_)),
        (name!("selection"), text(&argument.selection)),
    ]))
}

pub(super) fn join_implements(graph: Graph, interface: &str, graphs: &GraphNames<'_>) -> Directive {
    Applied::new(name!("join__implements"))
        .with(name!("graph"), graphs.value(graph))
        .text(name!("interface"), interface)
        .0
}

pub(super) fn join_union_member(graph: Graph, member: &str, graphs: &GraphNames<'_>) -> Directive {
    Applied::new(name!("join__unionMember"))
        .with(name!("graph"), graphs.value(graph))
        .text(name!("member"), member)
        .0
}

pub(super) fn join_enum_value(graph: Graph, graphs: &GraphNames<'_>) -> Directive {
    Applied::new(name!("join__enumValue"))
        .with(name!("graph"), graphs.value(graph))
        .0
}

pub(super) fn join_directive(join: &JoinDirective, graphs: &GraphNames<'_>) -> Directive {
    let list = join
        .graphs
        .iter()
        .map(|graph| Node::new(graphs.value(*graph)));
    let arguments = join
        .arguments
        .iter()
        .map(|(name, value)| (name.clone(), Node::new(value.clone())));
    Applied::new(name!("join__directive"))
        .with(name!("graphs"), Value::List(list.collect()))
        .text(name!("name"), &join.name)
        .with(name!("args"), Value::Object(arguments.collect()))
        .0
}

pub(super) fn link(link: &SpecLink) -> Directive {
    let applied = Applied::new(name!("link"))
        .text(name!("url"), &link.url)
        .text_if_some(name!("as"), link.alias.as_ref());
    let applied = match link.purpose {
        Some(Purpose::Security) => applied.with(name!("for"), Value::Enum(name!("SECURITY"))),
        Some(Purpose::Execution) => applied.with(name!("for"), Value::Enum(name!("EXECUTION"))),
        None => applied,
    };
    if link.imports.is_empty() {
        return applied.0;
    }
    let imports = link.imports.iter().map(|(there, here)| import(there, here));
    applied
        .with(name!("import"), Value::List(imports.collect()))
        .0
}

fn import(there: &str, here: &str) -> Node<Value> {
    let text = |text: &str| Node::new(Value::String(text.to_owned()));
    if there == here {
        return text(here);
    }
    Node::new(Value::Object(vec![
        (name!("name"), text(there)),
        (name!("as"), text(here)),
    ]))
}
