//! Decisions on the versions of sources: publish, retire, roll back.

use entities::terms::{SourceEventKind, SupergraphCause};

use super::{
    Source, State, Version,
    decide::{
        CLASSIFIED, Deciding, Decision, Denial, Made, Refused, Unsettled, does_not_compose, shown,
        unknown,
    },
    dependents::is_admissible,
    settle::take_out,
};
use crate::registry::{
    check::{Candidate, Findings, Member},
    level::Level,
    name::{self, Taken},
    rules::{Refusal, RefusalCode},
};

impl Deciding<'_> {
    pub(super) fn publish(&self, name: &str, given: &Version) -> Result<Decision, Refused> {
        let before = self.before;
        check_name(before, self.by, name).map_err(refused)?;
        self.check_number(name)?;
        self.check_size(name, given.sdl.len())?;
        if let Some(prefix) = &given.prefix {
            check_prefix(before, self.by, prefix).map_err(refused)?;
        }
        let known = before.find(name);
        let member = Member {
            history: self.known_history(name),
            ..given.member(name, self.by)
        };
        let candidate = Candidate {
            default_level: given.default_level.map(Level::from),
            ..before.candidate_of(member, given)
        };
        let mut findings = self.checks.check(&before.composed(), &candidate);
        // The levels that were added to the SDL count as well.
        self.check_size(name, findings.sdl.len())?;
        let mut version = Version {
            number: known.map_or(0, |source| source.newest) + 1,
            sdl: findings.sdl.clone(),
            ..given.clone()
        };
        let is_served = known.and_then(|source| source.served.as_ref());
        if is_served.is_some_and(|served| is_same(served, &version)) {
            return Ok(Decision {
                after: before.clone(),
                findings,
                ..Decision::default()
            });
        }
        let wanted = self.with_version(before, name, version.clone());
        let (mut rest, mut expelled) = self.make_room(&wanted, &[name])?;
        if !expelled.is_empty() {
            findings = self.check_among(&rest, &candidate);
            version.sdl.clone_from(&findings.sdl);
        }
        if let Some(admitted) = self.admit(&rest, &candidate, &version, &findings)? {
            (rest, findings) = (admitted.rest, admitted.findings);
            version.sdl.clone_from(&findings.sdl);
            expelled.extend(admitted.expelled);
        }
        if !is_admissible(&findings) {
            return Err(Refused::Found(Box::new(findings)));
        }
        let reason = version.allow_breaking.clone();
        let after = self.with_version(&rest, name, version);
        let unsettled = Unsettled {
            after,
            composed: findings.supergraph_sdl.clone(),
            expelled,
            cause: CLASSIFIED,
            findings,
        };
        let mut decision = self.settle_version(&candidate, unsettled)?;
        self.end_offer(&mut decision, name);
        decision.put_first(self.event(SourceEventKind::Published, name, reason.clone()));
        decision.made = Some(Made {
            cause: SupergraphCause::Publish,
            source: Some(name.to_owned()),
            reason,
        });
        Ok(decision)
    }

    /// The state with a version after all is expelled that may not stay beside it.
    fn settle_version(
        &self,
        candidate: &Candidate,
        unsettled: Unsettled<'_>,
    ) -> Result<Decision, Refused> {
        let name = candidate.member.name.as_str();
        let known = unsettled.expelled.len();
        let mut decision = self.settled(unsettled)?;
        if decision.expelled.len() > known && !decision.has_expelled(name) {
            let mut rest = self.before.clone();
            for expelled in &decision.expelled {
                take_out(&mut rest, &expelled.source);
            }
            decision.findings = self.check_among(&rest, candidate);
        }
        if let Some(own) = decision
            .expelled
            .iter()
            .find(|expelled| expelled.source == name)
        {
            let refusal = Refusal::new(
                RefusalCode::DoesNotCompose,
                format!("It would take out sources it needs itself: {}.", own.reason),
                "Do without what they bring, or ask for the consents that they need then.",
            );
            decision.findings.refusals.push(refusal);
            return Err(Refused::Found(Box::new(decision.findings)));
        }
        self.refuse_to_loosen(&decision, name)?;
        if candidate.allow_breaking.is_none() && !decision.expelled.is_empty() {
            return Err(self.ask_for_reason(decision.findings, decision.expelled));
        }
        if !decision.findings.is_clean() {
            return Err(Refused::Found(Box::new(decision.findings)));
        }
        Ok(decision)
    }

    /// Says that an offer ends: what would be taken over is no longer what was offered.
    fn end_offer(&self, decision: &mut Decision, name: &str) {
        let source = self.before.find(name);
        if let Some(to) = source.and_then(|source| source.offered_to.as_deref()) {
            let detail = Some(format!("to {to}"));
            decision.put_first(self.event(SourceEventKind::OfferCancelled, name, detail));
        }
    }

    pub(super) fn with_version(&self, state: &State, name: &str, version: Version) -> State {
        let mut after = state.clone();
        let newest = version.number;
        match after.find_mut(name) {
            Some(source) => {
                source.newest = newest;
                source.served = Some(version);
                source.offered_to = None;
            }
            None => after.sources.push(Source {
                name: name.to_owned(),
                entity: self.by.to_owned(),
                offered_to: None,
                newest,
                served: Some(version),
                history: None,
            }),
        }
        after
    }

    pub(super) fn retire(
        &self,
        name: &str,
        allow_breaking: Option<&str>,
    ) -> Result<Decision, Refused> {
        let source = self.find_own(name)?;
        if source.served.is_none() && source.history.is_some() {
            return Ok(self.given_up(name, allow_breaking));
        }
        if source.served.is_none() {
            return Err(Denial::NotFound(format!(
                "`{}` is not served: it was retired already.",
                shown(name)
            ))
            .into());
        }
        let check_among = |state: &State| {
            let composed = self.composed_of(state);
            let found = self.checks.check_without(&composed, name, allow_breaking);
            found.ok_or_else(|| unknown(name))
        };
        let mut findings = check_among(self.before)?;
        let mut after = self.before.clone();
        take_out(&mut after, name);
        let cause = format!("`{name}` was retired");
        let mut decision = self.settled(Unsettled {
            after,
            composed: findings.supergraph_sdl.clone(),
            cause: &cause,
            ..Unsettled::default()
        })?;
        if !decision.expelled.is_empty() {
            let mut rest = self.before.clone();
            for expelled in &decision.expelled {
                take_out(&mut rest, &expelled.source);
            }
            findings = check_among(&rest)?;
            if allow_breaking.is_none() && is_admissible(&findings) {
                return Err(self.ask_for_reason(findings, decision.expelled));
            }
        }
        if !findings.is_clean() {
            return Err(Refused::Found(Box::new(findings)));
        }
        decision.findings = findings;
        let reason = allow_breaking.map(str::to_owned);
        decision.put_first(self.event(SourceEventKind::Retired, name, reason.clone()));
        decision.made = Some(Made {
            cause: SupergraphCause::Retire,
            source: Some(name.to_owned()),
            reason,
        });
        Ok(decision)
    }

    /// A source that was expelled is retired: its entity gives up what it had.
    fn given_up(&self, name: &str, reason: Option<&str>) -> Decision {
        let mut after = self.before.clone();
        if let Some(source) = after.find_mut(name) {
            source.history = None;
        }
        let reason = reason.map(str::to_owned);
        Decision {
            after,
            events: vec![self.event(SourceEventKind::Retired, name, reason)],
            ..Decision::default()
        }
    }

    pub(super) fn roll_back(
        &self,
        number: i32,
        versions: &[(String, Version)],
        reason: Option<&str>,
    ) -> Result<Decision, Refused> {
        let mut after = self.before.clone();
        let mut changed = Vec::new();
        for source in &mut after.sources {
            let then = versions.iter().find(|(name, _)| *name == source.name);
            let then = then.map(|(_, version)| version);
            if source.served.as_ref().map(|served| served.number) == then.map(|then| then.number) {
                continue;
            }
            if source.entity != self.by {
                return Err(Denial::Forbidden(format!(
                    "Since supergraph {number} `{}` of {} has changed as well: going back would \
                     change it. Publish your own earlier version again instead.",
                    source.name, source.entity
                ))
                .into());
            }
            source.served = then.cloned();
            source.history = self.known_history(&source.name);
            source.offered_to = None;
            changed.push(source.name.clone());
        }
        if changed.is_empty() {
            return Err(Denial::BadInput(format!(
                "Supergraph {number} has the same registered sources as the current one."
            ))
            .into());
        }
        self.check_size_of(&after)?;
        let names: Vec<&str> = changed.iter().map(String::as_str).collect();
        let (_, expelled) = self.make_room(&after, &names)?;
        for expelled in &expelled {
            take_out(&mut after, &expelled.source);
        }
        let mut findings = self.check_return(&after, &changed);
        for effect in self.effects_of(&after, &changed) {
            if !findings.refusals.contains(&effect) {
                findings.refusals.push(effect);
            }
        }
        if !findings.is_clean() {
            return Err(Refused::Found(Box::new(findings)));
        }
        let mut decision = self.settled(Unsettled {
            after,
            composed: findings.supergraph_sdl.clone(),
            expelled,
            cause: CLASSIFIED,
            findings,
        })?;
        if let Some(own) = changed.iter().find(|name| decision.has_expelled(name)) {
            let message = format!("`{own}` needs a source that would be expelled.");
            decision.findings.refusals.push(does_not_compose(message));
            return Err(Refused::Found(Box::new(decision.findings)));
        }
        let reason = reason.map_or_else(
            || format!("to supergraph {number}"),
            |reason| format!("to supergraph {number}: {reason}"),
        );
        for name in changed.iter().rev() {
            self.end_offer(&mut decision, name);
            let detail = Some(reason.clone());
            decision.put_first(self.event(SourceEventKind::RolledBack, name, detail));
        }
        decision.made = Some(Made {
            cause: SupergraphCause::Rollback,
            source: match changed.as_slice() {
                [only] => Some(only.clone()),
                _ => None,
            },
            reason: Some(reason),
        });
        Ok(decision)
    }

    /// Checks versions that come back as they would be checked today: a consent may have ended since,
    /// a field may have become more sensitive.
    pub(super) fn check_return(&self, after: &State, changed: &[String]) -> Findings {
        let mut found = self
            .checks
            .check_together(&after.embedded, &after.candidates());
        found.retain(|name, _| changed.contains(name));
        let (supergraph_sdl, diagnostics) = self.checks.compose(&after.members());
        let mut findings = Findings {
            refusals: found.into_values().flatten().collect(),
            diagnostics,
            supergraph_sdl,
            ..Findings::default()
        };
        if let Some(sdl) = &findings.supergraph_sdl {
            let members = after.members();
            let lost = |name: &String| self.checks.dropped_of(name, &members, sdl);
            let lost = changed.iter().flat_map(lost);
            findings.refusals.extend(lost);
        } else {
            let message = "The sources of then do not compose with the others of today.";
            findings.refusals.push(does_not_compose(message.to_owned()));
        }
        findings
    }

    /// What versions that come back would change of what is others' by now: they are checked like new
    /// ones, but for operations that they break.
    fn effects_of(&self, after: &State, changed: &[String]) -> Vec<Refusal> {
        use RefusalCode::{BreaksForeign, ChangesForeign};
        let mut effects = Vec::new();
        for source in &after.sources {
            let (true, Some(candidate)) = (changed.contains(&source.name), after.candidate(source))
            else {
                continue;
            };
            let mut rest = after.clone();
            take_out(&mut rest, &source.name);
            let findings = self.check_among(&rest, &candidate);
            if findings.left_out.is_empty() && findings.sdl != candidate.member.sdl {
                let message = format!(
                    "The version of `{}` of then describes what is another entity's by now.",
                    source.name
                );
                let help =
                    "Publish the version again: descriptions of what is others' are left out.";
                effects.push(Refusal::new(ChangesForeign, message, help));
            }
            effects.extend(
                findings
                    .refusals
                    .into_iter()
                    .filter(|refusal| matches!(refusal.code, BreaksForeign | ChangesForeign)),
            );
        }
        let named = effects
            .iter()
            .filter_map(|effect| effect.coordinate.as_deref());
        let owners = self.checks.first_owners(after, &named.collect());
        effects.retain(|effect| {
            let owner = effect.coordinate.as_ref().and_then(|at| owners.get(at));
            owner.is_none_or(|owner| owner != self.by)
        });
        effects
    }

    /// Sources that do not compose with other embedded ones are left out where they are served, not
    /// taken out: another version of the service may still serve them.
    pub(super) fn start(&self) -> Result<Decision, Refused> {
        let mut decision = self.settled(Unsettled {
            after: self.before.clone(),
            composed: self.before.supergraph_sdl.clone(),
            cause: CLASSIFIED,
            ..Unsettled::default()
        })?;
        let was_whole = self.before.supergraph_sdl.is_some();
        if !was_whole
            && decision
                .expelled
                .iter()
                .any(|expelled| expelled.refusals.is_empty())
        {
            let message = "Registered sources do not compose with the embedded ones.";
            decision
                .findings
                .refusals
                .push(does_not_compose(message.to_owned()));
            return Err(Refused::Found(Box::new(decision.findings)));
        }
        decision.made = Some(Made {
            cause: match decision.expelled.as_slice() {
                [] => SupergraphCause::Start,
                _ => SupergraphCause::Expel,
            },
            source: None,
            reason: (!decision.expelled.is_empty()).then(|| CLASSIFIED.to_owned()),
        });
        Ok(decision)
    }
}

/// Whether the same version at the same place is served already.
fn is_same(served: &Version, version: &Version) -> bool {
    (&served.sdl, &served.url, served.kind, &served.prefix)
        == (&version.sdl, &version.url, version.kind, &version.prefix)
}

/// Whether an entity may publish under a name.
pub fn check_name(state: &State, entity: &str, name: &str) -> Result<(), Refusal> {
    name::check(name, entity, taken(state))
}

/// Whether an entity may have its types under a prefix: what others serve under one counts too.
fn check_prefix(state: &State, entity: &str, prefix: &str) -> Result<(), Refusal> {
    let prefixes = state.sources.iter().filter_map(|source| {
        Some(Taken {
            name: source.served.as_ref()?.prefix.as_deref()?,
            entity: &source.entity,
            is_embedded: false,
        })
    });
    name::check_prefix(prefix, entity, taken(state).chain(prefixes))
}

fn taken(state: &State) -> impl Iterator<Item = Taken<'_>> {
    let embedded = state.embedded.iter().map(|member| Taken {
        name: &member.name,
        entity: &member.entity,
        is_embedded: true,
    });
    let registered = state.sources.iter().map(|source| Taken {
        name: &source.name,
        entity: &source.entity,
        is_embedded: false,
    });
    embedded.chain(registered)
}

pub(super) fn refused(refusal: Refusal) -> Refused {
    Refused::Found(Box::new(Findings {
        refusals: vec![refusal],
        ..Findings::default()
    }))
}
