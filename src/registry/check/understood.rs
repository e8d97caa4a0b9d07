//! A source and all others, as composition understands them.

use std::sync::Arc;

use federation::{budget::Interrupt, subgraph::Subgraph};

use super::{Composed, Findings, Member, members::read_members};
use crate::registry::{
    declarations::Declarations,
    rules::{Histories, Neighbour, Refusal, RefusalCode},
};

/// A source and all others, as composition understands them.
pub(super) struct Understood {
    pub(super) own: Subgraph,
    pub(super) neighbours: Vec<Neighbour>,
    /// What the source has as it is served.
    pub(super) former: Option<Arc<Declarations>>,
}

impl Understood {
    /// Reads all members at once: what a subgraph of Federation 1 means depends on the
    /// others. `None` where they cannot be read; the findings then say why.
    pub(super) fn read(
        composed: &Composed,
        proposed: &Member,
        findings: &mut Findings,
        interrupt: &Interrupt,
    ) -> Option<Self> {
        let members = composed.with(proposed.clone());
        let (subgraphs, diagnostics) = read_members(&members, interrupt);
        let Some(subgraphs) = subgraphs else {
            findings.diagnostics.extend(diagnostics);
            findings.refusals.push(Refusal::new(
                RefusalCode::SdlUnreadable,
                "The SDL is not a subgraph: see the diagnostics.",
                "Correct what the diagnostics name.",
            ));
            return None;
        };
        let place = |name: &str| members.iter().position(|member| member.name == name);
        let own_place = place(&proposed.name);
        let former = former(composed, &proposed.name, interrupt);
        let mut own = None;
        let mut neighbours: Vec<(Option<usize>, Neighbour)> = Vec::new();
        for subgraph in subgraphs {
            let at = place(&subgraph.name);
            if at == own_place {
                own = Some(subgraph);
                continue;
            }
            let neighbour = Neighbour {
                entity: at.map_or_else(String::new, |at| members[at].entity.clone()),
                histories: Histories::of(
                    proposed.history.as_ref(),
                    at.and_then(|at| members[at].history.as_ref()),
                    own_place < at,
                ),
                declarations: Arc::new(Declarations::of(&subgraph)),
                name: subgraph.name,
            };
            neighbours.push((at, neighbour));
        }
        neighbours.sort_by_key(|(at, _)| *at);
        Some(Self {
            own: own?,
            former,
            neighbours: neighbours
                .into_iter()
                .map(|(_, neighbour)| neighbour)
                .collect(),
        })
    }
}

/// What a source that is served has.
fn former(composed: &Composed, name: &str, interrupt: &Interrupt) -> Option<Arc<Declarations>> {
    let is_served = composed.members.iter().any(|member| member.name == name);
    let (subgraphs, _) = is_served.then(|| read_members(&composed.members, interrupt))?;
    let served = subgraphs?.into_iter().find(|each| each.name == name)?;
    Some(Arc::new(Declarations::of(&served)))
}
