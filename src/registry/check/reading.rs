//! What each member of a joint schema reads of the others.

use federation::subgraph::Subgraph;
use indexmap::IndexMap;

use super::Member;
use crate::registry::{
    declarations::Declarations,
    reads::{Read, reads},
    rules::Neighbour,
};

/// What each member reads that not every caller may see, by its name; nothing for those that read
/// nothing of the kind, and `None` where the members cannot be read together.
///
/// A member may be served as long as each holder of each of its reads consents.
pub fn reads_by_source(members: &[Member]) -> Option<IndexMap<String, Vec<Read>>> {
    let inputs: Vec<_> = members.iter().map(Member::input).collect();
    let subgraphs = Subgraph::read_all(&inputs).0?;
    let entity_of = |name: &str| {
        let member = members.iter().find(|member| member.name == name);
        member.map_or_else(String::new, |member| member.entity.clone())
    };
    let all: Vec<_> = subgraphs
        .iter()
        .map(|subgraph| Neighbour {
            name: subgraph.name.clone(),
            entity: entity_of(&subgraph.name),
            is_earlier: true,
            former: None,
            declarations: Declarations::of(subgraph),
        })
        .collect();
    let each = subgraphs.iter().zip(&all).filter_map(|(subgraph, own)| {
        let read = reads(subgraph, &own.declarations, &own.entity, &all);
        (!read.is_empty()).then(|| (own.name.clone(), read))
    });
    Some(each.collect())
}
