//! Finds which sources have to be expelled so that an owner can change or retire its elements.

use federation::diagnostic::Diagnostics;
use indexmap::{IndexMap, IndexSet};

use super::{
    Expelled, State, Version,
    clash::{Clash, Ties, clashes, clashes_of},
    decide::{Deciding, Refused, Unsettled},
    settle::{MOST_NAMED, take_out},
    trial::Trial,
};
use crate::registry::{
    check::{Candidate, Composed, Findings, Member},
    rules::{Refusal, RefusalCode},
};

/// A version that gets in once dependents are expelled.
pub(super) struct Admitted {
    /// The state without them.
    pub(super) rest: State,
    /// Which sources are expelled.
    pub(super) expelled: Vec<Expelled>,
    /// What was found without them.
    pub(super) findings: Findings,
}

/// Which sources may have to be expelled for a version of a source.
struct Expellable {
    /// The source as it is served, if it is.
    own: Option<Member>,
    /// Who has copies of what it brought first, and of which elements.
    copies: IndexMap<String, IndexSet<String>>,
    /// These, those that would be expelled if it were retired, and those that would be with them.
    all: IndexSet<String>,
    /// The errors of composition without the source, and without these copies.
    without: Vec<Diagnostics>,
}

impl Expellable {
    /// The sources of a clash that have one of its kind without the changed source as well.
    fn without_it<'e>(&'e self, clash: &'e Clash<'_>) -> impl Iterator<Item = &'e String> {
        let has_one = |name: &&String| {
            let mut others = self.without.iter().flat_map(clashes_of);
            clash.labels(name) && others.any(|other| other.is_like(clash) && other.labels(name))
        };
        self.all.iter().filter(has_one)
    }
}

impl Deciding<'_> {
    /// Expels dependents that are all that stands against a version of a source that is served
    /// already, or was until it was expelled. `None` where something else stands against it too, or a
    /// source that may not be expelled.
    pub(super) fn admit(
        &self,
        rest: &State,
        candidate: &Candidate,
        version: &Version,
        findings: &Findings,
    ) -> Result<Option<Admitted>, Refused> {
        let name = candidate.member.name.as_str();
        // One that was expelled returns as one that is served.
        let own = rest.find(name);
        let has_history = own.is_some_and(|source| source.history.is_some());
        if !findings.stands_because_of_others() || !has_history {
            return Ok(None);
        }
        let expellable = self.expellable(name)?;
        let mut admitted = Admitted {
            rest: rest.clone(),
            expelled: Vec::new(),
            findings: findings.clone(),
        };
        let mut gone = Vec::new();
        // Those that need the changed source though they name nothing of it, such as for its keys.
        let mut by_the_way = IndexSet::new();
        while admitted.findings.stands_because_of_others() {
            let ties = self.ties(&expellable, &gone, admitted.rest.members());
            let mut concerned = IndexSet::new();
            for clash in clashes(&admitted.findings) {
                let by_ties = ties
                    .iter()
                    .filter(|(name, ties)| clash.concerns(name, ties));
                let by_ties = by_ties.map(|(name, _)| name);
                let by_way = expellable.without_it(&clash);
                let known = by_ties.chain(by_way);
                let known: Vec<_> = known.cloned().collect();
                if known.is_empty() {
                    return Ok(None);
                }
                by_the_way.extend(expellable.without_it(&clash).cloned());
                concerned.extend(known);
            }
            let refusals = admitted.findings.refusals.iter();
            let mut expelling: IndexSet<String> = refusals
                .flat_map(|refusal| refusal.because_of.clone())
                .collect();
            if expelling.is_empty() {
                let wanted = self.with_version(&admitted.rest, name, version.clone());
                let lost: Vec<_> = expellable.own.iter().chain(&gone).cloned().collect();
                let members = wanted.members();
                concerned = self.with_dependents(&expellable, concerned, &members);
                let trial = Trial {
                    members: &members,
                    expellable: &concerned,
                    gone: &lost,
                    checks: self.checks,
                };
                let found = trial.find_in_the_way(&admitted.findings.diagnostics);
                expelling.extend(found.into_iter().flatten());
            }
            if expelling.is_empty() || !expelling.is_subset(&concerned) {
                return Ok(None);
            }
            for source in expelling {
                let member = admitted.rest.find(&source).and_then(super::Source::member);
                gone.extend(member);
                take_out(&mut admitted.rest, &source);
                admitted.expelled.push(Expelled {
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
        let depend = self.depend_on_each_other(&expellable, &by_the_way, &admitted.expelled);
        Ok(depend.then_some(admitted))
    }

    /// Keeps sources that were found not to be in the way.
    fn return_needless(&self, rest: &State, candidate: &Candidate, admitted: &mut Admitted) {
        let names: Vec<_> = admitted
            .expelled
            .iter()
            .map(|expelled| expelled.source.clone())
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
                admitted
                    .expelled
                    .retain(|expelled| expelled.source != *name);
            }
        }
    }

    /// Whether each expelled source may still be expelled without those that were found not to be
    /// in the way.
    fn depend_on_each_other(
        &self,
        expellable: &Expellable,
        by_the_way: &IndexSet<String>,
        expelled: &[Expelled],
    ) -> bool {
        let members = self.before.members();
        let is_expelled = |name: &str| expelled.iter().any(|expelled| expelled.source == name);
        let (mut unreached, rest): (Vec<_>, Vec<_>) = members
            .into_iter()
            .partition(|member| is_expelled(&member.name));
        let mut gone = Vec::new();
        while !unreached.is_empty() {
            let among: Vec<_> = rest.iter().chain(&unreached).cloned().collect();
            let ties = self.ties(expellable, &gone, among);
            let known = gone.len();
            let is_reached = |member: &mut Member| {
                ties.contains_key(&member.name) || by_the_way.contains(&member.name)
            };
            gone.extend(unreached.extract_if(.., is_reached));
            if gone.len() == known {
                return false;
            }
        }
        true
    }

    /// Which sources may be expelled for a version of a source: those that would be if it were retired,
    /// those that have a copy of what it brought first, and those that would be with these.
    fn expellable(&self, name: &str) -> Result<Expellable, Refused> {
        let members = self.before.members();
        let own = members.iter().find(|member| member.name == name);
        let source = self.before.find(name);
        let copies = source.map(|source| self.checks.copies_of(source, &members));
        let copies = copies.unwrap_or_default();
        let mut all: IndexSet<String> = copies.keys().cloned().collect();
        let mut without = Vec::new();
        for expelling in [IndexSet::from([name.to_owned()]), all.clone()] {
            if expelling.is_empty() {
                continue;
            }
            let mut after = self.before.clone();
            for name in &expelling {
                take_out(&mut after, name);
            }
            let (composed, diagnostics) = self.checks.compose(&after.members());
            without.push(diagnostics);
            let settled = self.settled(Unsettled {
                after,
                composed,
                ..Unsettled::default()
            })?;
            all.extend(settled.expelled.into_iter().map(|expelled| expelled.source));
        }
        all.shift_remove(name);
        Ok(Expellable {
            own: own.cloned(),
            copies,
            all,
            without,
        })
    }

    /// Sources with all that need what only they brought, of those that may be expelled.
    fn with_dependents(
        &self,
        expellable: &Expellable,
        mut sources: IndexSet<String>,
        members: &[Member],
    ) -> IndexSet<String> {
        loop {
            let is_in = |member: &&Member| sources.contains(&member.name);
            let (gone, rest): (Vec<_>, Vec<_>) = members.iter().partition(is_in);
            let [gone, rest] =
                [gone, rest].map(|some| some.into_iter().cloned().collect::<Vec<_>>());
            let mut more = self.checks.dependents_of(&gone, &rest);
            more.retain(|name, _| expellable.all.contains(name));
            if more.is_empty() {
                return sources;
            }
            sources.extend(more.into_keys());
        }
    }

    /// What those that may be expelled have to do with the changed source and with expelled ones: that they
    /// have a copy of what it had first, or name what only these brought. Who depends on a source that stays,
    /// stays with it: a clash that the new version makes with such a one is the new version's fault.
    fn ties(
        &self,
        expellable: &Expellable,
        gone: &[Member],
        mut members: Vec<Member>,
    ) -> IndexMap<String, Ties> {
        let lost: Vec<_> = expellable.own.iter().chain(gone).cloned().collect();
        members.retain(|member| lost.iter().all(|lost| lost.name != member.name));
        let mut needed = self.checks.dependents_of(&lost, &members);
        // Oldest first, like the sources.
        let names = members.into_iter().map(|member| member.name);
        let ties = names
            .filter(|name| expellable.all.contains(name))
            .map(|name| {
                let copied = expellable.copies.get(&name).cloned().unwrap_or_default();
                let needed = needed.swap_remove(&name).unwrap_or_default();
                (name, Ties { copied, needed })
            });
        ties.filter(|(_, ties)| !ties.copied.is_empty() || !ties.needed.is_empty())
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

    /// Expelling sources needs a reason, which their entities can read.
    pub(super) fn ask_for_reason(
        &self,
        mut findings: Findings,
        expelled: Vec<Expelled>,
    ) -> Refused {
        let sources = expelled.iter().take(MOST_NAMED).map(|expelled| {
            let entity = self
                .before
                .find(&expelled.source)
                .map(|source| &source.entity);
            format!(
                "`{}` of {}",
                expelled.source,
                entity.map_or("nobody", String::as_str)
            )
        });
        let mut names = sources.collect::<Vec<_>>().join(", ");
        if expelled.len() > MOST_NAMED {
            names = format!("{names} and {} more", expelled.len() - MOST_NAMED);
        }
        let because = RefusalCode::BreakingWithoutReason;
        findings.refusals.retain(|refusal| refusal.code != because);
        findings.refusals.push(Refusal::new(
            because,
            format!("Sources depend on what it changes and would no longer be served: {names}."),
            "Ask their entities to publish versions that do without it first; or have them \
             expelled, and say why, with `--allow-breaking REASON`.",
        ));
        Refused::Expelling(Box::new(findings), expelled)
    }
}

pub(super) fn is_admissible(findings: &Findings) -> bool {
    findings.is_clean() || findings.needs_only_a_reason()
}
