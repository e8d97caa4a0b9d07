//! The check of a source against the joint schema: what stands against it, and what it would change.
//!
//! A [`Candidate`] and what is [`Composed`] now in, [`Findings`] out.
//!
//! Pure: nothing is asked, nothing is stored. It takes as long as composition does, so it belongs
//! on a thread that may block.

mod changes;
mod dependence;
mod dropped;
mod foreign;
mod levels;
mod reading;
mod together;
mod writes;

use std::sync::Arc;

use federation::{
    budget::{Allowance, Budget, Interrupt},
    compose::{MAX_WORK, compose_within},
    diagnostic::Diagnostics,
    difference::Class,
    subgraph::{Subgraph, SubgraphInput},
    supergraph::Supergraph,
};

use super::{
    bare::bare,
    declarations::Declarations,
    default_level,
    level::Level,
    rules::{self, Consent, Neighbour, Proposal, Refusal, RefusalCode},
};

pub use changes::{Change, changes_between, changes_of_sdl};
pub use dependence::{Past, Tenure, copies_of, dependents_of};
pub use dropped::dropped_of;
pub use levels::levels_of;
pub use reading::reads_by_source;
pub use together::check_together;
pub use writes::OpenedWrite;

/// Bytes of SDL that are read.
pub const MOST_SDL_BYTES: usize = 1 << 20;

/// A source as it is composed: a member of the joint schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// Code of the entity that answers for it.
    pub entity: String,
    /// Where it answers.
    pub url: String,
    /// Its SDL.
    pub sdl: String,
}

impl Member {
    fn input(&self) -> SubgraphInput {
        SubgraphInput {
            name: self.name.clone(),
            url: self.url.clone(),
            sdl: self.sdl.clone(),
        }
    }
}

/// What a version is checked against: the members in the order in which they came, embedded ones
/// first, and the supergraph that clients have.
#[derive(Clone, Debug, Default)]
pub struct Composed {
    /// The members.
    pub members: Vec<Member>,
    /// What they compose to, or did before some of them left.
    pub supergraph_sdl: Option<String>,
}

/// A version of a source to be checked.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The source.
    pub member: Member,
    /// The level of fields that mark none.
    pub default_level: Option<Level>,
    /// Why it may add non-null fields to what others own.
    pub allow_non_null: Option<String>,
    /// Why it may break operations.
    pub allow_breaking: Option<String>,
    /// What it may read of others.
    pub consents: Vec<Consent>,
}

/// What a check found.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// What stands against it.
    pub refusals: Vec<Refusal>,
    /// What composition has to say, errors and hints.
    pub diagnostics: Diagnostics,
    /// What clients would notice.
    pub changes: Vec<Change>,
    /// Ways to write that it opens.
    pub writes: Vec<OpenedWrite>,
    /// The SDL as it would be composed.
    pub sdl: String,
    /// The supergraph it would make.
    pub supergraph_sdl: Option<String>,
}

impl Findings {
    /// Whether it can be published as it is.
    pub fn is_clean(&self) -> bool {
        self.refusals.is_empty()
    }

    /// Whether all that stands against it, but for a reason, stands because of others' sources: it
    /// does not compose with them, or changes what they have.
    pub fn stands_because_of_others(&self) -> bool {
        let is_of_others = |refusal: &Refusal| {
            refusal.code == RefusalCode::DoesNotCompose || !refusal.because_of.is_empty()
        };
        let mut refusals = self.refusals.iter();
        refusals.clone().any(is_of_others)
            && refusals
                .all(|each| is_of_others(each) || each.code == RefusalCode::BreakingWithoutReason)
    }

    /// Whether a breaking change without a reason is all that stands against it.
    pub fn needs_only_a_reason(&self) -> bool {
        let mut refusals = self.refusals.iter();
        !self.is_clean() && refusals.all(|each| each.code == RefusalCode::BreakingWithoutReason)
    }
}

/// Checks a version of a source. What an interrupted check found is neither told nor acted upon.
pub fn check(composed: &Composed, candidate: &Candidate, interrupt: &Interrupt) -> Findings {
    let mut findings = Findings {
        sdl: candidate.member.sdl.clone(),
        ..Findings::default()
    };
    if candidate.member.sdl.len() > MOST_SDL_BYTES {
        findings.refusals.push(Refusal::new(
            RefusalCode::SdlUnreadable,
            format!("The SDL is longer than {MOST_SDL_BYTES} bytes."),
            "Split the source into several.",
        ));
        return findings;
    }
    let Some((proposed, parties)) = understand(composed, candidate, &mut findings, interrupt)
    else {
        return findings;
    };
    let declarations = Declarations::of(&parties.own);
    findings.refusals.extend(rules::check(&Proposal {
        subgraph: &parties.own,
        declarations: &declarations,
        entity: &proposed.entity,
        neighbours: &parties.neighbours,
        consents: &candidate.consents,
        allow_non_null: candidate.allow_non_null.is_some(),
    }));
    let neighbours = &parties.neighbours;
    let members = with(composed, proposed);
    let supergraph = check_composition(composed, &members, &mut findings, interrupt);
    if let Some(supergraph) = supergraph {
        check_changes_for_others(candidate, neighbours, &mut findings);
        check_reason(candidate, &mut findings);
        let with = (neighbours.as_slice(), &supergraph);
        foreign::check_effects(composed, candidate, with, &mut findings, interrupt);
        let own = (&declarations, candidate.member.entity.as_str());
        dropped::check_dropped(own, neighbours, &supergraph, &mut findings);
    }
    findings
}

/// A candidate as composition understands it, levels written out; `None` if it is no subgraph.
pub fn understood(composed: &Composed, candidate: &Candidate) -> Option<Subgraph> {
    let mut findings = Findings::default();
    let interrupt = Interrupt::default();
    let (_, parties) = understand(composed, candidate, &mut findings, &interrupt)?;
    Some(parties.own)
}

fn understand(
    composed: &Composed,
    candidate: &Candidate,
    findings: &mut Findings,
    interrupt: &Interrupt,
) -> Option<(Member, Parties)> {
    let mut proposed = candidate.member.clone();
    let mut parties = read(composed, &proposed, findings, interrupt)?;
    let said = foreign::Said {
        entity: &proposed.entity,
        neighbours: &parties.neighbours,
    };
    let bared = bare(&proposed.sdl, &parties.own, &said);
    if bared != proposed.sdl {
        findings.sdl.clone_from(&bared);
        proposed.sdl = bared;
        parties = read(composed, &proposed, findings, interrupt)?;
    }
    if let Some(level) = candidate.default_level {
        let Parties { own, neighbours } = &parties;
        let declarations = Declarations::of(own);
        match default_level::write(&proposed.sdl, own, &declarations, neighbours, level) {
            Ok(sdl) => {
                findings.sdl.clone_from(&sdl);
                proposed.sdl = sdl;
                parties = read(composed, &proposed, findings, interrupt)?;
            }
            Err(refusal) => findings.refusals.push(refusal),
        }
    }
    Some((proposed, parties))
}

/// Checks taking a source away; `None` where there is none of that name.
pub fn check_without(
    composed: &Composed,
    name: &str,
    allow_breaking: Option<&str>,
    interrupt: &Interrupt,
) -> Option<Findings> {
    let gone = composed.members.iter().find(|member| member.name == name)?;
    let candidate = Candidate {
        member: gone.clone(),
        default_level: None,
        allow_non_null: None,
        allow_breaking: allow_breaking.map(str::to_owned),
        consents: Vec::new(),
    };
    let members: Vec<_> = composed
        .members
        .iter()
        .filter(|member| member.name != name)
        .cloned()
        .collect();
    let mut findings = Findings::default();
    // What others hold as well is as they have it from then on.
    if check_composition(composed, &members, &mut findings, interrupt).is_some() {
        check_reason(&candidate, &mut findings);
    }
    Some(findings)
}

/// Composes members: the supergraph, if there is one, and what there is to say.
pub fn compose_members(members: &[Member], interrupt: &Interrupt) -> (Option<String>, Diagnostics) {
    let inputs: Vec<_> = members.iter().map(Member::input).collect();
    let budget = Budget::new(Allowance::of_work(MAX_WORK), interrupt.clone());
    let (composed, diagnostics) = compose_within(&inputs, &budget);
    (
        composed.map(|composed| composed.supergraph_sdl),
        diagnostics,
    )
}

/// Members as composition understands them, or what there is to say. It takes no more steps than
/// composing them may.
pub(super) fn read_members<'a>(
    members: impl IntoIterator<Item = &'a Member>,
    interrupt: &Interrupt,
) -> (Option<Vec<Subgraph>>, Diagnostics) {
    let inputs: Vec<_> = members.into_iter().map(Member::input).collect();
    let budget = Budget::new(Allowance::of_work(MAX_WORK), interrupt.clone());
    Subgraph::read_all_within(&inputs, &budget)
}

/// A source and all others, as composition understands them.
struct Parties {
    own: Subgraph,
    neighbours: Vec<Neighbour>,
}

/// The members with one member in its place, or behind the others.
fn with(composed: &Composed, proposed: Member) -> Vec<Member> {
    let mut members = composed.members.clone();
    let place = members
        .iter_mut()
        .find(|member| member.name == proposed.name);
    match place {
        Some(member) => *member = proposed,
        None => members.push(proposed),
    }
    members
}

// All are read at once: what a subgraph of Federation 1 means depends on the others.
fn read(
    composed: &Composed,
    proposed: &Member,
    findings: &mut Findings,
    interrupt: &Interrupt,
) -> Option<Parties> {
    let members = with(composed, proposed.clone());
    let (subgraphs, diagnostics) = read_members(&members, interrupt);
    let Some(subgraphs) = subgraphs else {
        findings.diagnostics.extend(diagnostics);
        findings.refusals.push(Refusal::new(
            RefusalCode::SdlUnreadable,
            "The SDL is not a subgraph: see the diagnostics.",
            "Mend what the diagnostics name.",
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
            is_earlier: at < own_place,
            former: former.clone().filter(|_| at > own_place),
            declarations: Declarations::of(&subgraph),
            name: subgraph.name,
        };
        neighbours.push((at, neighbour));
    }
    neighbours.sort_by_key(|(at, _)| *at);
    Some(Parties {
        own: own?,
        neighbours: neighbours
            .into_iter()
            .map(|(_, neighbour)| neighbour)
            .collect(),
    })
}

/// What a source that is served has.
fn former(composed: &Composed, name: &str, interrupt: &Interrupt) -> Option<Arc<Declarations>> {
    let is_served = composed.members.iter().any(|member| member.name == name);
    let (subgraphs, _) = is_served.then(|| read_members(&composed.members, interrupt))?;
    let served = subgraphs?.into_iter().find(|each| each.name == name)?;
    Some(Arc::new(Declarations::of(&served)))
}

/// Composes members, and says what clients would notice: the supergraph, if there is one.
fn check_composition(
    composed: &Composed,
    members: &[Member],
    findings: &mut Findings,
    interrupt: &Interrupt,
) -> Option<Supergraph> {
    let (sdl, diagnostics) = compose_members(members, interrupt);
    findings.diagnostics.extend(diagnostics);
    let supergraph = sdl.as_deref().map(Supergraph::parse);
    let Some(Ok(supergraph)) = supergraph else {
        if let Some(Err(error)) = supergraph {
            tracing::error!(%error, "a supergraph of our own making cannot be read");
        }
        findings.refusals.push(Refusal::new(
            RefusalCode::DoesNotCompose,
            "The sources do not compose: see the diagnostics.",
            "Mend what the diagnostics name.",
        ));
        return None;
    };
    findings.supergraph_sdl = sdl;
    let served = composed.supergraph_sdl.as_deref();
    let served = served.and_then(|sdl| Supergraph::parse(sdl).ok());
    if let Some(served) = &served {
        findings.changes = changes_between(served, &supergraph);
    }
    findings.writes = writes::opened(served.as_ref(), &supergraph);
    Some(supergraph)
}

fn breaking(findings: &Findings) -> impl Iterator<Item = &Change> {
    let changes = findings.changes.iter();
    changes.filter(|change| change.class == Class::Breaking)
}

fn check_changes_for_others(
    candidate: &Candidate,
    neighbours: &[Neighbour],
    findings: &mut Findings,
) {
    let entity = &candidate.member.entity;
    let of_others: Vec<_> = breaking(findings)
        // Of a type, others hold parts that did not change: only its parts tell.
        .filter(|change| change.coordinate.contains('.') || change.kind == "TYPE_KIND_CHANGED")
        .filter_map(|change| {
            let holders = rules::holders_of(&change.coordinate, entity, neighbours);
            let (name, holder) = holders.first()?;
            let refusal = Refusal::new(
                RefusalCode::BreaksForeign,
                format!(
                    "{} `{}` belongs to `{name}` of {holder} as well.",
                    change.message, change.coordinate
                ),
                "Define what you share with others whole and alike, or under a name of your \
                 own.",
            );
            let names = holders.keys().map(|name| (*name).to_owned());
            Some(refusal.at(&change.coordinate).because_of(names))
        })
        .collect();
    foreign::tell(of_others, findings);
}

fn check_reason(candidate: &Candidate, findings: &mut Findings) {
    if breaking(findings).next().is_some() && candidate.allow_breaking.is_none() {
        findings.refusals.push(Refusal::new(
            RefusalCode::BreakingWithoutReason,
            "It breaks operations that were valid: see the changes.",
            "Keep what clients use and deprecate it first; or say why it must go with \
             `--allow-breaking REASON`.",
        ));
    }
}
