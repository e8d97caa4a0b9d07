//! Checks a source against the joint schema: the reasons to refuse it, and what it would change.
//!
//! A [`Candidate`] and what is [`Composed`] now in, [`Findings`] out.
//!
//! Pure: no source is asked and nothing is stored. It takes as long as composition, so it must run
//! on a thread that may block.

mod aim;
mod candidate;
mod change;
mod changes;
mod dependence;
mod dropped;
mod findings;
mod foreign;
mod levels;
mod loosened;
mod members;
mod together;
mod understood;
mod writes;

use federation::{
    budget::{Allowance, Budget, Interrupt},
    difference::Class,
    subgraph::Subgraph,
    supergraph::Supergraph,
};

use self::understood::Understood;
use super::{
    bare::bare,
    declarations::Declarations,
    default_level,
    reads::{MOST_CONTEXT_READS, count_context_reads},
    rules::{self, Neighbour, Proposal, Refusal, RefusalCode},
    subscriptions::without_subscriptions,
};

pub use candidate::Candidate;
pub use change::Change;
pub use changes::{changes_between, changes_of_sdl};
pub use dependence::{copies_of, dependents_of, elements_of, first_owners, owners_first, who_has};
pub use dropped::dropped_of;
pub use findings::Findings;
pub use levels::levels_of;
pub use loosened::{Loosened, loosened};
pub use members::{Composed, Member, compose_members, read_members};
pub use together::{check_together, check_with_marks};
pub use writes::OpenedWrite;

/// Bytes of SDL that are read.
pub const MOST_SDL_BYTES: usize = 1 << 20;

/// Checks a version of a source. What an interrupted check found is not used.
pub fn check(composed: &Composed, candidate: &Candidate, interrupt: &Interrupt) -> Findings {
    let mut findings = Findings {
        sdl: candidate.member.sdl.clone(),
        ..Findings::default()
    };
    if candidate.member.sdl.len() > MOST_SDL_BYTES {
        findings.refusals.push(Refusal::new(
            RefusalCode::SdlTooLarge,
            format!("The SDL is longer than {MOST_SDL_BYTES} bytes."),
            "Split the source into several.",
        ));
        return findings;
    }
    let Some((proposed, understood)) = understand(composed, candidate, &mut findings, interrupt)
    else {
        return findings;
    };
    let declarations = Declarations::of(&understood.own);
    match check_by_rules(candidate, &proposed, &understood, &declarations, interrupt) {
        Ok(refusals) => findings.refusals.extend(refusals),
        Err(refusal) => {
            findings.refusals.push(refusal);
            return findings;
        }
    }
    let neighbours = &understood.neighbours;
    let members = composed.with(proposed);
    let supergraph = check_composition(composed, &members, &mut findings, interrupt);
    findings.drop_changes_of_refused_levels();
    if let Some(supergraph) = supergraph {
        check_changes_for_others(candidate, neighbours, &mut findings);
        check_reason(candidate, &mut findings);
        let joined = foreign::Joined {
            neighbours,
            supergraph: &supergraph,
        };
        foreign::check_effects(composed, candidate, &joined, &mut findings, interrupt);
        let entity = &candidate.member.entity;
        dropped::check_dropped(
            &declarations,
            entity,
            neighbours,
            &supergraph,
            &mut findings,
        );
    }
    aim::aim_at(&candidate.member.name, &mut findings.diagnostics);
    findings.say_causes_once();
    findings
}

/// What stands against a candidate by itself; an error where it is too large to be checked.
fn check_by_rules(
    candidate: &Candidate,
    proposed: &Member,
    understood: &Understood,
    declarations: &Declarations,
    interrupt: &Interrupt,
) -> Result<Vec<Refusal>, Refusal> {
    let context_reads = count_context_reads(&understood.own);
    if context_reads > MOST_CONTEXT_READS {
        return Err(Refusal::new(
            RefusalCode::SdlTooLarge,
            format!(
                "Arguments read contexts in {context_reads} ways, each counted for every type that \
                 sets its context; at most {MOST_CONTEXT_READS} are checked."
            ),
            "Set contexts on fewer types, or read them by fewer arguments.",
        ));
    }
    let budget = Budget::new(Allowance::of_work(rules::MOST_STEPS), interrupt.clone());
    let checked = rules::check(&Proposal {
        subgraph: &understood.own,
        declarations,
        entity: &proposed.entity,
        former: understood.former.as_deref(),
        neighbours: &understood.neighbours,
        consents: &candidate.consents,
        allow_non_null: candidate.allow_non_null.is_some(),
        budget: &budget,
    });
    checked.map_err(|_| rules::too_large())
}

/// A candidate as composition understands it, levels written out; `None` if it is no subgraph.
pub fn understood(composed: &Composed, candidate: &Candidate) -> Option<Subgraph> {
    let mut findings = Findings::default();
    let interrupt = Interrupt::default();
    let (_, understood) = understand(composed, candidate, &mut findings, &interrupt)?;
    Some(understood.own)
}

fn understand(
    composed: &Composed,
    candidate: &Candidate,
    findings: &mut Findings,
    interrupt: &Interrupt,
) -> Option<(Member, Understood)> {
    let mut proposed = candidate.member.clone();
    let mut understood = Understood::read(composed, &proposed, findings, interrupt)?;
    if let Some(reduced) = without_subscriptions(&proposed.sdl, &understood.own) {
        findings.left_out.push(reduced.left_out);
        findings.sdl.clone_from(&reduced.sdl);
        proposed.sdl = reduced.sdl;
        understood = Understood::read(composed, &proposed, findings, interrupt)?;
    }
    let said = foreign::Said {
        entity: &proposed.entity,
        neighbours: &understood.neighbours,
    };
    let bared = bare(&proposed.sdl, &understood.own, &said);
    if bared != proposed.sdl {
        findings.sdl.clone_from(&bared);
        proposed.sdl = bared;
        understood = Understood::read(composed, &proposed, findings, interrupt)?;
    }
    if let Some(level) = candidate.default_level {
        let Understood {
            own, neighbours, ..
        } = &understood;
        let declarations = Declarations::of(own);
        match default_level::write(&proposed.sdl, own, &declarations, neighbours, level) {
            Ok(sdl) => {
                findings.sdl.clone_from(&sdl);
                proposed.sdl = sdl;
                understood = Understood::read(composed, &proposed, findings, interrupt)?;
            }
            Err(refusal) => findings.refusals.push(refusal),
        }
    }
    Some((proposed, understood))
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
    // Elements that others have too are from then on as these have them.
    if check_composition(composed, &members, &mut findings, interrupt).is_some() {
        check_reason(&candidate, &mut findings);
    }
    Some(findings)
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
            "Correct what the diagnostics name.",
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
        // Of a type, others hold parts that did not change: only its parts are compared.
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
    findings.add_refusals(of_others);
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
