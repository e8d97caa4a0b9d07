//! Decisions on which entity a source belongs to, and on which source may read what.

use std::sync::Arc;

use entities::terms::{SourceEventKind, SupergraphCause};
use indexmap::IndexSet;

use super::{
    Expelled, Grant, Source, State,
    decide::{
        Deciding, Decision, Denial, Event, Made, Refused, Unsettled, does_not_compose, not_own,
        shown, unknown,
    },
};
use crate::registry::{check::Member, history::History, name, rules::Consent};

/// Consents of one entity. Every change of the registry reads all of them.
const MOST_CONSENTS: usize = 1_000;

impl Deciding<'_> {
    /// Checks that a consent is for a field of the acting entity; returns whose the field is.
    fn has_no_field(&self, coordinate: &str) -> Denial {
        let members = self.before.members();
        let has = |member: &&Member| self.checks.declares(&[member], coordinate);
        let owners: IndexSet<&str> = members
            .iter()
            .filter(has)
            .map(|member| member.entity.as_str())
            .collect();
        let whose = if owners.is_empty() {
            "no source has it; a field is written `Type.field`".to_owned()
        } else {
            let owners: Vec<_> = owners.into_iter().collect();
            format!("it is {}'s, whose consent it takes", owners.join("'s and "))
        };
        let field = shown(coordinate);
        Denial::NotFound(format!("{} has no field `{field}`: {whose}.", self.by))
    }

    pub(super) fn offer(&self, name: &str, to: &str) -> Result<Decision, Refused> {
        let source = self.find_own(name)?;
        if to == self.by {
            let text = format!("`{name}` is a source of {to} already.");
            return Err(Denial::BadInput(text).into());
        }
        if source.offered_to.as_deref() == Some(to) {
            return Ok(self.unchanged());
        }
        let detail = match &source.offered_to {
            Some(other) => format!("to {to} instead of {other}"),
            None => format!("to {to}"),
        };
        let event = self.event(SourceEventKind::Offered, name, Some(detail));
        Ok(self.with_offer(name, Some(to), event))
    }

    pub(super) fn cancel_offer(&self, name: &str) -> Result<Decision, Refused> {
        let source = self.before.find(name).ok_or_else(|| unknown(name))?;
        let offered_to = source.offered_to.as_deref();
        if source.entity != self.by && offered_to != Some(self.by) {
            return Err(not_own(source).into());
        }
        let Some(to) = offered_to else {
            let text = format!("`{name}` is not offered to any entity.");
            return Err(Denial::NotFound(text).into());
        };
        let event = Event {
            kind: SourceEventKind::OfferCancelled,
            source: name.to_owned(),
            owner: source.entity.clone(),
            detail: Some(format!("to {to}")),
        };
        Ok(self.with_offer(name, None, event))
    }

    pub(super) fn with_offer(&self, name: &str, to: Option<&str>, event: Event) -> Decision {
        let mut after = self.before.clone();
        if let Some(source) = after.find_mut(name) {
            source.offered_to = to.map(str::to_owned);
        }
        Decision {
            after,
            events: vec![event],
            ..Decision::default()
        }
    }

    /// The source belongs to the receiver once it accepts. Consents that the giver got for the
    /// source are void from then on, and those it gave for the source's fields become the
    /// receiver's to withdraw.
    pub(super) fn accept(&self, name: &str) -> Result<Decision, Refused> {
        let source = self.before.find(name).ok_or_else(|| unknown(name))?;
        if source.entity == self.by {
            let text = format!("`{name}` is a source of {} already.", self.by);
            return Err(Denial::BadInput(text).into());
        }
        if source.offered_to.as_deref() != Some(self.by) {
            return Err(Denial::Forbidden(format!(
                "`{name}` is not offered to {to}. Its entity, {entity}, has to offer it first \
                 (`upfront source transfer --name {name} --to {to}`, or the mutation \
                 `transferSource`).",
                to = self.by,
                entity = source.entity
            ))
            .into());
        }
        let giver = source.entity.clone();
        let member = source.member();
        let mut after = self.before.clone();
        after
            .grants
            .retain(|grant| grant.source != name || grant.granted_to != giver);
        if let Some(source) = after.find_mut(name) {
            self.by.clone_into(&mut source.entity);
            source.offered_to = None;
            source.history = self.handed_over(source);
        }
        self.check_number(name)?;
        self.check_size_of(&after)?;
        let others = self.before.members();
        let others: Vec<_> = others.iter().filter(|other| other.name != name).collect();
        let own_grants = self.before.grants.iter().filter(|grant| {
            let coordinate = &grant.consent.coordinate;
            let holds = |member| self.checks.declares(&[member], coordinate);
            // What others have as well is not the giver's alone to hand over.
            grant.consent.granted_by == giver
                && grant.source != name
                && member.as_ref().is_some_and(holds)
                && !self.checks.declares(&others, coordinate)
        });
        for grant in own_grants {
            let consent = Consent {
                granted_by: self.by.to_owned(),
                ..grant.consent.clone()
            };
            add(
                &mut after.grants,
                Grant {
                    consent,
                    ..grant.clone()
                },
            );
        }
        self.check_consents(&after)?;
        let composed = self.before.supergraph_sdl.clone();
        let cause = format!("`{name}` was handed over");
        let mut decision = self.settled(Unsettled {
            after,
            composed,
            cause: &cause,
            ..Unsettled::default()
        })?;
        if !decision.expelled.is_empty() {
            let expelled = std::mem::take(&mut decision.expelled);
            for expelled in expelled {
                let Expelled { source, reason, .. } = expelled;
                let refusals = &mut decision.findings.refusals;
                if expelled.refusals.is_empty() {
                    refusals.push(does_not_compose(format!("`{source}`: {reason}.")));
                }
                refusals.extend(expelled.refusals);
            }
            return Err(Refused::Found(Box::new(decision.findings)));
        }
        decision.events = vec![Event {
            kind: SourceEventKind::Transferred,
            source: name.to_owned(),
            owner: self.by.to_owned(),
            detail: Some(format!("from {giver} to {}", self.by)),
        }];
        Ok(decision)
    }

    /// The history of a source that changes hands.
    fn handed_over(&self, source: &Source) -> Option<Arc<History>> {
        let giver = self.before.find(&source.name).map(|before| &before.entity);
        let others = self
            .before
            .sources
            .iter()
            .filter(|other| Some(&other.entity) == giver && other.name != source.name);
        let kept: Vec<_> = others
            .filter_map(|other| other.history.as_deref())
            .collect();
        let history = source.history.as_ref()?;
        Some(Arc::new(history.handed_over(&kept, self.before.number)))
    }

    /// The entity that a consent for a source is for.
    fn find_grantee<'t>(&'t self, name: &str, to: Option<&'t str>) -> Result<&'t str, Denial> {
        let registered = self.before.find(name);
        let owner = registered.map(|source| source.entity.as_str());
        if let (Some(source), Some(to)) = (registered, to)
            && to != source.entity
            && source.offered_to.as_deref() != Some(to)
        {
            return Err(Denial::BadInput(format!(
                "`{name}` is a source of {owner}: a consent for {to} would not be in force. Leave \
                 out `--entity` (the argument `to`), or name {owner}, or the entity that the source \
                 is offered to.",
                owner = source.entity,
            )));
        }
        if self
            .before
            .embedded
            .iter()
            .any(|member| member.name == name)
        {
            return Err(Denial::BadInput(format!(
                "`{}` is an embedded source: consents are for sources that register.",
                shown(name)
            )));
        }
        let Some(granted_to) = to.or(owner) else {
            return Err(Denial::BadInput(format!(
                "There is no source `{}` yet. Name the entity that the consent is for (`--entity \
                 CODE`, or the argument `to`): otherwise any entity could take the name and read \
                 the field.",
                shown(name)
            )));
        };
        if granted_to == self.by {
            return Err(Denial::BadInput(format!(
                "A source of {} needs no consent of {} itself.",
                self.by, self.by
            )));
        }
        if let Err(refusal) = name::check(name, granted_to, []) {
            return Err(Denial::BadInput(refusal.message));
        }
        Ok(granted_to)
    }

    fn check_consents(&self, after: &State) -> Result<(), Denial> {
        let given = after.grants.iter();
        let given = given.filter(|grant| grant.consent.granted_by == self.by);
        if given.count() <= MOST_CONSENTS {
            return Ok(());
        }
        Err(Denial::BadInput(format!(
            "{} has given {MOST_CONSENTS} consents, which is the most that are kept. Withdraw \
             those that are no longer needed: `upfront source consents` lists them.",
            self.by
        )))
    }

    pub(super) fn grant(
        &self,
        coordinate: &str,
        name: &str,
        to: Option<&str>,
        reason: &str,
    ) -> Result<Decision, Refused> {
        let own = self.before.members();
        // An entity that is offered a source can give consents for its fields before it accepts.
        let is_offered = |member: &Member| {
            let source = self.before.find(&member.name);
            source.is_some_and(|source| source.offered_to.as_deref() == Some(self.by))
        };
        let own: Vec<_> = own
            .iter()
            .filter(|member| member.entity == self.by || is_offered(member))
            .collect();
        if !self.checks.declares(&own, coordinate) {
            return Err(self.has_no_field(coordinate).into());
        }
        let granted_to = self.find_grantee(name, to)?;
        let mut after = self.before.clone();
        let grant = Grant {
            consent: Consent {
                coordinate: coordinate.to_owned(),
                granted_by: self.by.to_owned(),
            },
            source: name.to_owned(),
            granted_to: granted_to.to_owned(),
            reason: reason.to_owned(),
        };
        if !add(&mut after.grants, grant) {
            return Ok(self.unchanged());
        }
        self.check_consents(&after)?;
        Ok(Decision {
            after,
            events: vec![Event {
                kind: SourceEventKind::ConsentGranted,
                source: name.to_owned(),
                owner: granted_to.to_owned(),
                detail: Some(coordinate.to_owned()),
            }],
            ..Decision::default()
        })
    }

    /// A source that needs the consent is expelled, with all that depend on it: the owner's withdrawal is
    /// never refused.
    pub(super) fn withdraw(
        &self,
        coordinate: &str,
        name: &str,
        reason: Option<&str>,
    ) -> Result<Decision, Refused> {
        let mut after = self.before.clone();
        after.grants.retain(|grant| {
            grant.source != name
                || grant.consent.coordinate != coordinate
                || grant.consent.granted_by != self.by
        });
        if after.grants.len() == self.before.grants.len() {
            return Err(Denial::NotFound(format!(
                "{} has given `{}` no consent for `{}`: the token's entity withdraws what it gave \
                 itself (`upfront source consents` lists that).",
                self.by,
                shown(name),
                shown(coordinate)
            ))
            .into());
        }
        let why = reason.map_or_else(String::new, |reason| format!(": {reason}"));
        // Only the entities that gave and got the consent may see which field it was for.
        let cause = "a consent was withdrawn".to_owned();
        let composed = self.before.supergraph_sdl.clone();
        let mut decision = self.settled(Unsettled {
            after,
            composed,
            cause: &cause,
            ..Unsettled::default()
        })?;
        let owner = self.before.find(name);
        decision.put_first(Event {
            kind: SourceEventKind::ConsentWithdrawn,
            source: name.to_owned(),
            owner: owner.map_or_else(|| self.by.to_owned(), |source| source.entity.clone()),
            detail: Some(format!("{coordinate}{why}")),
        });
        decision.made = match decision.expelled.as_slice() {
            [] => None,
            expelled => Some(Made {
                cause: SupergraphCause::Expel,
                source: match expelled {
                    [only] => Some(only.source.clone()),
                    _ => None,
                },
                reason: Some(cause),
            }),
        };
        Ok(decision)
    }
}

/// Adds a consent unless there is an equal one; returns whether it was added.
fn add(grants: &mut Vec<Grant>, grant: Grant) -> bool {
    let holds = grants.iter().any(|each| {
        (&each.consent, &each.source, &each.granted_to)
            == (&grant.consent, &grant.source, &grant.granted_to)
    });
    if !holds {
        grants.push(grant);
    }
    !holds
}
