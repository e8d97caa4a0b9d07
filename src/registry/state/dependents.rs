//! Who has to leave so that an owner can change or retire what is its own.

use indexmap::IndexSet;

use super::{
    Left, State, Version,
    decide::{Deciding, Refused, Unsettled},
    settle::{MOST_NAMED, find_in_the_way, take_out},
};
use crate::registry::{
    check::{Candidate, Composed, Findings, Member},
    rules::{Refusal, RefusalCode},
};

/// A version that gets in once dependents have left.
pub(super) struct Admitted {
    /// What is left without them.
    pub(super) rest: State,
    /// Who leaves.
    pub(super) left: Vec<Left>,
    /// What was found without them.
    pub(super) findings: Findings,
}

/// Who may have to leave for a version of a source.
struct Leavers {
    /// The source as it is served, if it is.
    own: Option<Member>,
    /// Who has a copy of what it brought first.
    copies: IndexSet<String>,
    /// These, who would leave if it were retired, and who would leave with them.
    all: IndexSet<String>,
}

impl Deciding<'_> {
    /// Lets dependents leave that are all that stands against a version of a source that is served
    /// already, or was until it was removed. `None` where something else stands against it too, or a
    /// source that may not leave.
    pub(super) fn admit(
        &self,
        rest: &State,
        candidate: &Candidate,
        version: &Version,
        findings: &Findings,
    ) -> Result<Option<Admitted>, Refused> {
        let name = candidate.member.name.as_str();
        // One that was removed returns as one that is served.
        let own = rest.find(name);
        let has_history = own.is_some_and(|source| source.history.is_some());
        if !findings.stands_because_of_others() || !has_history {
            return Ok(None);
        }
        let leavers = self.leavers(name)?;
        let mut admitted = Admitted {
            rest: rest.clone(),
            left: Vec::new(),
            findings: findings.clone(),
        };
        let mut gone = Vec::new();
        while admitted.findings.stands_because_of_others() {
            let may_leave = self.may_leave(&leavers, &gone, admitted.rest.members());
            let refusals = admitted.findings.refusals.iter();
            let mut leaving: IndexSet<String> = refusals
                .flat_map(|refusal| refusal.because_of.clone())
                .collect();
            if leaving.is_empty() {
                let wanted = self.with_version(&admitted.rest, name, version.clone());
                let diagnostics = &admitted.findings.diagnostics;
                let lost: Vec<_> = leavers.own.iter().chain(&gone).cloned().collect();
                let found = find_in_the_way(&wanted, diagnostics, &may_leave, &lost, self.checks);
                leaving.extend(found);
            }
            if leaving.is_empty() || !leaving.is_subset(&may_leave) {
                return Ok(None);
            }
            for source in leaving {
                let member = admitted.rest.find(&source).and_then(super::Source::member);
                gone.extend(member);
                take_out(&mut admitted.rest, &source);
                admitted.left.push(Left {
                    reason: format!("it does not fit version {} of `{name}`", version.number),
                    source,
                    refusals: Vec::new(),
                });
            }
            admitted.findings = self.check_among(&admitted.rest, candidate);
        }
        if !is_admissible(&admitted.findings) {
            return Ok(None);
        }
        self.return_needless(rest, candidate, &mut admitted);
        let depend = self.depend_on_each_other(&leavers, &admitted.left);
        Ok(depend.then_some(admitted))
    }

    /// Lets those stay after all that turned out not to be in the way.
    fn return_needless(&self, rest: &State, candidate: &Candidate, admitted: &mut Admitted) {
        let names: Vec<_> = admitted
            .left
            .iter()
            .map(|left| left.source.clone())
            .collect();
        for name in names.iter().rev().skip(1) {
            let mut with = admitted.rest.clone();
            let then = rest.find(name).and_then(|source| source.served.clone());
            if let Some(source) = with.find_mut(name) {
                source.served = then;
            }
            let findings = self.check_among(&with, candidate);
            if is_admissible(&findings) {
                admitted.rest = with;
                admitted.findings = findings;
                admitted.left.retain(|left| left.source != *name);
            }
        }
    }

    /// Whether each that left may leave without those that turned out not to be in the way.
    fn depend_on_each_other(&self, leavers: &Leavers, left: &[Left]) -> bool {
        let members = self.before.members();
        let is_left = |name: &str| left.iter().any(|left| left.source == name);
        let (mut unreached, rest): (Vec<_>, Vec<_>) = members
            .into_iter()
            .partition(|member| is_left(&member.name));
        let mut gone = Vec::new();
        while !unreached.is_empty() {
            let among: Vec<_> = rest.iter().chain(&unreached).cloned().collect();
            let may_leave = self.may_leave(leavers, &gone, among);
            let known = gone.len();
            gone.extend(unreached.extract_if(.., |member| may_leave.contains(&member.name)));
            if gone.len() == known {
                return false;
            }
        }
        true
    }

    /// Who may leave for a version of a source: who would leave if it were retired, who has a copy
    /// of what it brought first, and who would leave with these.
    fn leavers(&self, name: &str) -> Result<Leavers, Refused> {
        let members = self.before.members();
        let own = members.iter().find(|member| member.name == name);
        let source = self.before.find(name);
        let copies = source.map(|source| self.checks.copies_of(source, &members));
        let copies = copies.unwrap_or_default();
        let mut all = copies.clone();
        for leaving in [IndexSet::from([name.to_owned()]), copies.clone()] {
            if leaving.is_empty() {
                continue;
            }
            let mut after = self.before.clone();
            for name in &leaving {
                take_out(&mut after, name);
            }
            let settled = self.settled(Unsettled {
                after,
                ..Unsettled::default()
            })?;
            all.extend(settled.left.into_iter().map(|left| left.source));
        }
        all.shift_remove(name);
        Ok(Leavers {
            own: own.cloned(),
            copies,
            all,
        })
    }

    /// Who of them may leave next: who has a copy, or names something that only the changed source
    /// or one that has left brought. Who depends on a source that stays, stays with it: a clash that
    /// the new version makes with such a one is the new version's fault.
    fn may_leave(
        &self,
        leavers: &Leavers,
        gone: &[Member],
        mut members: Vec<Member>,
    ) -> IndexSet<String> {
        let lost: Vec<_> = leavers.own.iter().chain(gone).cloned().collect();
        members.retain(|member| lost.iter().all(|lost| lost.name != member.name));
        let dependents = self.checks.dependents_of(&lost, &members);
        // Oldest first, like the sources.
        let names = members.into_iter().map(|member| member.name);
        names
            .filter(|name| leavers.all.contains(name))
            .filter(|name| leavers.copies.contains(name) || dependents.contains(name))
            .collect()
    }

    pub(super) fn check_among(&self, rest: &State, candidate: &Candidate) -> Findings {
        self.checks.check(&self.composed_of(rest), candidate)
    }

    /// Some of the sources, beside what clients have now.
    pub(super) fn composed_of(&self, rest: &State) -> Composed {
        Composed {
            members: rest.members(),
            supergraph_sdl: self.before.supergraph_sdl.clone(),
        }
    }

    /// That sources leave needs a reason, which their entities read.
    pub(super) fn ask_for_reason(&self, mut findings: Findings, left: Vec<Left>) -> Refused {
        let sources = left.iter().take(MOST_NAMED).map(|left| {
            let entity = self.before.find(&left.source).map(|source| &source.entity);
            format!(
                "`{}` of {}",
                left.source,
                entity.map_or("nobody", String::as_str)
            )
        });
        let mut names = sources.collect::<Vec<_>>().join(", ");
        if left.len() > MOST_NAMED {
            names = format!("{names} and {} more", left.len() - MOST_NAMED);
        }
        let because = RefusalCode::BreakingWithoutReason;
        findings.refusals.retain(|refusal| refusal.code != because);
        findings.refusals.push(Refusal::new(
            because,
            format!("Sources depend on what it changes and would no longer be served: {names}."),
            "Ask their entities to publish versions that do without it first; or let them leave, \
             and say why, with `--allow-breaking REASON`.",
        ));
        Refused::Leaving(Box::new(findings), left)
    }
}

pub(super) fn is_admissible(findings: &Findings) -> bool {
    findings.is_clean() || findings.needs_only_a_reason()
}
