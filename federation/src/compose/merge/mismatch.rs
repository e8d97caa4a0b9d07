//! Groups subgraphs by what they declare, and words it for messages: the majority first.

use std::fmt::Display;

use apollo_compiler::collections::IndexMap;

use super::joined_subgraph::JoinedSubgraph;
use super::joins::Graph;

/// Printed values, each with the subgraphs that declare it.
#[derive(Clone, Debug, Default)]
pub(super) struct Distribution(Vec<(String, Vec<Graph>)>);

impl Distribution {
    /// Groups by printed value. The value of most subgraphs comes first, then by the order of the
    /// subgraphs.
    pub(super) fn of(values: impl Iterator<Item = (Graph, impl Display)>) -> Self {
        let mut groups: IndexMap<String, Vec<Graph>> = IndexMap::default();
        for (graph, value) in values {
            groups.entry(value.to_string()).or_default().push(graph);
        }
        let mut groups: Vec<(String, Vec<Graph>)> = groups.into_iter().collect();
        groups.sort_by_key(|(_, graphs)| std::cmp::Reverse(graphs.len()));
        Self(groups)
    }

    /// Whether there are different values.
    pub(super) fn differs(&self) -> bool {
        self.0.len() > 1
    }

    /// The value of most subgraphs.
    pub(super) fn majority(&self) -> Option<(&str, &[Graph])> {
        let (value, graphs) = self.0.first()?;
        Some((value, graphs))
    }

    /// The subgraphs with another value than most.
    pub(super) fn graphs_without_majority(&self, sources: &[JoinedSubgraph<'_>]) -> String {
        subgraphs_in_words(
            self.0.iter().skip(1).flat_map(|(_, graphs)| graphs),
            sources,
        )
    }

    /// `Int` in subgraphs `a` and `b`, but `String` in subgraph `c`; each value after a noun.
    pub(super) fn in_words(&self, sources: &[JoinedSubgraph<'_>], noun: &str) -> String {
        let mut words = String::new();
        for (at, (value, graphs)) in self.0.iter().enumerate() {
            if at > 0 {
                words.push_str(if at == 1 { ", but " } else { ", and " });
            }
            words.push_str(noun);
            words.push_str(value);
            words.push_str(" in ");
            words.push_str(&subgraphs_in_words(graphs, sources));
        }
        words
    }
}

/// subgraph `a` | subgraphs `a`, `b` and `c`.
pub(super) fn subgraphs_in_words<'g>(
    graphs: impl IntoIterator<Item = &'g Graph>,
    sources: &[JoinedSubgraph<'_>],
) -> String {
    let names: Vec<&str> = graphs
        .into_iter()
        .filter_map(|graph| sources.get(*graph).map(JoinedSubgraph::name))
        .collect();
    let noun = if names.len() == 1 {
        "subgraph"
    } else {
        "subgraphs"
    };
    format!("{noun} {}", list_in_words(&names))
}

/// `a`, `b` and `c`, cut where it gets long.
pub(crate) fn list_in_words<T: AsRef<str>>(names: &[T]) -> String {
    let quoted: Vec<String> = names
        .iter()
        .map(|name| format!("`{}`", name.as_ref()))
        .collect();
    enumerate(&quoted)
}

/// a, b and c, cut where it gets long.
pub(super) fn enumerate<T: AsRef<str>>(items: &[T]) -> String {
    const MOST: usize = 12;
    let shown = if items.len() > MOST {
        MOST - 1
    } else {
        items.len()
    };
    let mut words = String::new();
    for (at, item) in items[..shown].iter().enumerate() {
        if at > 0 {
            let is_last = at + 1 == items.len();
            words.push_str(if is_last { " and " } else { ", " });
        }
        words.push_str(item.as_ref());
    }
    if items.len() > shown {
        words.push_str(" and ");
        words.push_str(&(items.len() - shown).to_string());
        words.push_str(" more");
    }
    words
}

/// The beginning of a long text.
pub(super) fn cut(text: &str) -> String {
    const MOST: usize = 120;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(MOST - 1).collect();
    cut.push('…');
    cut
}
