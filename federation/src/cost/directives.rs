//! `@cost` and `@listSize` as a supergraph has them, under whatever names.
//!
//! A composer links the cost spec by itself, or leaves federation's link that imports the two, or defines
//! them without a link; imports may rename them.

use apollo_compiler::ast::{Directive, Value};

use super::Amount;
use crate::supergraph::Supergraph;

/// What the two directives are called in a supergraph.
#[derive(Debug)]
pub(super) struct Names {
    cost: Vec<String>,
    list_size: Vec<String>,
}

/// How long a list is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ListSize {
    /// The field that the directive stands on.
    pub coordinate: String,
    /// How long it is taken to be where no argument says it.
    pub assumed: Option<u32>,
    /// The arguments that say how long it is, each as a path that may go on into input objects.
    pub slicing: Vec<Vec<String>>,
    /// The lists below whose length is meant, as paths of fields; if there is none, the field itself.
    pub sized: Vec<Vec<String>>,
    /// Whether exactly one of the arguments must be given.
    pub requires_one: bool,
}

impl Names {
    /// Finds the names.
    pub(super) fn of(supergraph: &Supergraph) -> Self {
        Self {
            cost: names(supergraph, "cost", "weight"),
            list_size: names(supergraph, "listSize", "assumedSize"),
        }
    }

    /// Whether a supergraph has neither.
    pub(super) fn is_empty(&self) -> bool {
        self.cost.is_empty() && self.list_size.is_empty()
    }

    /// The weight that an element is given. One that is no number says nothing.
    pub(super) fn weight<'d>(
        &self,
        mut directives: impl Iterator<Item = &'d Directive>,
    ) -> Option<Amount> {
        let is_cost =
            |directive: &&Directive| self.cost.iter().any(|name| directive.name == **name);
        let directive = directives.find(is_cost)?;
        match &**directive.specified_argument_by_name("weight")? {
            Value::Int(number) => Amount::read(number.as_str()),
            Value::Float(number) => Amount::read(number.as_str()),
            Value::String(number) => Amount::read(number),
            _ => None,
        }
    }

    /// What a field says of its size.
    pub(super) fn list_size<'d>(
        &self,
        mut directives: impl Iterator<Item = &'d Directive>,
        coordinate: impl FnOnce() -> String,
    ) -> Option<ListSize> {
        let is_size = |one: &&Directive| self.list_size.iter().any(|name| one.name == **name);
        let directive = directives.find(is_size)?;
        let argument = |name: &str| directive.specified_argument_by_name(name);
        let slicing = texts(argument("slicingArguments").map(|value| &**value));
        let sized = texts(argument("sizedFields").map(|value| &**value));
        let assumed = argument("assumedSize").and_then(|value| value.to_i32());
        let requires_one = argument("requireOneSlicingArgument").and_then(|value| value.to_bool());
        Some(ListSize {
            coordinate: coordinate(),
            assumed: assumed.and_then(|size| u32::try_from(size).ok()),
            slicing: slicing.map(path).collect(),
            sized: sized.flat_map(read_paths).collect(),
            requires_one: requires_one.unwrap_or(true),
        })
    }
}

/// The names of a directive of the cost spec, by the links of a supergraph.
fn names(supergraph: &Supergraph, directive: &str, argument: &str) -> Vec<String> {
    let features = &supergraph.features;
    let linked = ["cost", "federation"]
        .into_iter()
        .filter(|spec| features.is_linked(spec));
    let mut names: Vec<String> = linked
        .map(|spec| features.directive(spec, directive))
        .collect();
    if names.is_empty() {
        let usual = ["", "federation__", "cost__"].map(|prefix| format!("{prefix}{directive}"));
        names.extend(
            usual
                .into_iter()
                .filter(|name| !features.owns_directive(name)),
        );
    }
    // A directive that only bears such a name is another's.
    names.retain(|name| {
        let definition = supergraph.schema.directive_definitions.get(name.as_str());
        definition.is_some_and(|found| found.argument_by_name(argument).is_some())
    });
    names
}

fn texts(value: Option<&Value>) -> impl Iterator<Item = &str> {
    let items = match value {
        Some(Value::List(items)) => &items[..],
        _ => &[],
    };
    // A single item stands for its list.
    let single = value.and_then(Value::as_str);
    single
        .into_iter()
        .chain(items.iter().filter_map(|item| item.as_str()))
}

fn path(text: &str) -> Vec<String> {
    text.split('.').map(|step| step.trim().to_owned()).collect()
}

/// The paths that a sized field names: itself, or lists further down, as `results { page }` or
/// `results.page`.
fn read_paths(text: &str) -> Vec<Vec<String>> {
    let mut paths = Vec::new();
    let mut above: Vec<Vec<String>> = Vec::new();
    let mut last: Option<Vec<String>> = None;
    let spaced = text.replace('{', " { ").replace('}', " } ");
    let mut end = |above: &[Vec<String>], last: Option<Vec<String>>| {
        if let Some(last) = last {
            paths.push([above.concat(), last].concat());
        }
    };
    for word in spaced.split_whitespace() {
        match word {
            "{" => above.push(last.take().unwrap_or_default()),
            "}" => {
                end(&above, last.take());
                above.pop();
            }
            word => end(&above, last.replace(path(word))),
        }
    }
    end(&above, last);
    paths
}

#[cfg(test)]
mod tests {
    use super::read_paths;

    #[test]
    fn sized_fields_may_be_further_down() {
        for (text, expected) in [
            ("edges", "edges"),
            ("a b", "a b"),
            ("results { page }", "results.page"),
            ("results.page", "results.page"),
            ("a { b c { d } } e", "a.b a.c.d e"),
            ("a{b}", "a.b"),
            ("", ""),
            ("} a {", ""),
        ] {
            let paths = read_paths(text);
            let paths: Vec<String> = paths.iter().map(|path| path.join(".")).collect();
            assert_eq!(paths.join(" "), expected, "{text}");
        }
    }
}
