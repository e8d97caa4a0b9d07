//! Changes of inputs.

use async_graphql::{Context, Enum, ID, InputObject};
use entities::terms::InputKind as StoredKind;

use super::{
    super::super::{
        acts::{ActError, checked, checked_if_any, copied, input_key},
        ids,
        loader::RecordId,
        state::{self, Act, Content, Gap, InputKey, Narrative, Refusal, Text},
        terms::InputKind,
    },
    asked::{Asked, asked, checked_id, cycle_of, database, place, situation_of, store_error},
};
use crate::{
    auth::Person,
    sources::MANDATES,
    vocabulary::{
        Classification, Confidence, Coverage, Date, DateTime, GapKind, Kind, Rows, excerpt,
    },
};

const REASON: usize = 500;
const HEADLINE: usize = 300;
const HEADING: usize = 100;
const BODY: usize = 20_000;
const CAVEAT: usize = 500;
const MOST_PARTS: usize = 20;
const MOST_REFERENCES: usize = 100;

/// A part of the text of an input.
#[derive(InputObject, Debug)]
pub(crate) struct NarrativeInput {
    /// What it is about.
    heading: String,
    /// Who may read it, at most.
    level: Classification,
    /// The text.
    body: String,
}

/// Why an entity cannot report.
#[derive(InputObject, Debug)]
pub(crate) struct ReportingGapInput {
    /// Which kind of gap.
    kind: GapKind,
    /// Since when.
    since: Option<Date>,
    /// What else there is to say of it.
    note: Option<String>,
}

/// Some days, both included.
#[derive(InputObject, Debug)]
pub(crate) struct DaysInput {
    /// The first.
    from: Date,
    /// The last.
    until: Date,
}

/// An input to be drafted.
#[derive(InputObject, Debug)]
pub(crate) struct DraftEntityInputInput {
    /// For which review.
    cycle: ID,
    /// On which situation.
    situation: ID,
    /// What kind of input it is.
    #[graphql(default_with = "InputKind::Report")]
    kind: InputKind,
    /// Whether the entity has a mechanism here.
    coverage: Coverage,
    /// What time it is true of.
    as_of: Option<DateTime>,
    /// One sentence.
    headline: Option<String>,
    /// The text, in parts with a level each.
    #[graphql(default)]
    narratives: Vec<NarrativeInput>,
    /// How sure the entity is.
    confidence: Option<Confidence>,
    /// What a reader has to know.
    #[graphql(default)]
    caveats: Vec<String>,
    /// Why it cannot report, if it cannot.
    gap: Option<ReportingGapInput>,
    /// Ids of records of the entity that it rests on.
    #[graphql(default)]
    references: Vec<ID>,
    /// The days that a nil return speaks of.
    covers: Option<DaysInput>,
    /// The review whose input still holds, for `NO_CHANGE`.
    confirms: Option<ID>,
    /// Who contributed it to the entity: a field presence, a country task force; for a mission its other reporting line
    /// as well.
    contributor: Option<String>,
    /// The version that the caller saw, 0 for none: nothing changes where there is another.
    expected_version: Option<i32>,
    /// The same key answers the same again, and changes nothing.
    idempotency_key: Option<String>,
}

impl DraftEntityInputInput {
    pub(super) async fn request(self, context: &Context<'_>) -> Asked {
        let key = own_input(context, self.cycle, self.situation).await?;
        let coverage = match self.coverage {
            Coverage::Covered => entities::terms::Coverage::Covered,
            Coverage::PartlyCovered => entities::terms::Coverage::PartlyCovered,
            Coverage::OutsideMandate => entities::terms::Coverage::OutsideMandate,
            Coverage::NotStated => {
                return Err(Refusal::invalid(
                    "coverage",
                    "An input says whether there is a mechanism: COVERED, PARTLY_COVERED or OUTSIDE_MANDATE.",
                )
                .into());
            }
        };
        let new = |text: Option<String>| text.map(Text::New);
        let mut said = Content::new(coverage);
        said.as_of = self.as_of.map(|DateTime(instant)| instant);
        said.headline = new(checked_if_any(
            "headline",
            self.headline.as_deref(),
            HEADLINE,
        )?);
        said.narratives = narratives(self.narratives)?;
        said.confidence = self.confidence.map(Into::into);
        said.caveats = caveats(self.caveats)?;
        said.gap = self
            .gap
            .map(|gap| {
                Ok::<_, Refusal>(Gap {
                    kind: gap.kind.into(),
                    since: gap.since.map(|Date(day)| day),
                    note: new(checked_if_any("note", gap.note.as_deref(), CAVEAT)?),
                })
            })
            .transpose()?;
        said.references = references(context, &key.2, self.references).await?;
        said.covers = self.covers.map(|days| (days.from.0, days.until.0));
        said.contributor = new(checked_if_any(
            "contributor",
            self.contributor.as_deref(),
            HEADING,
        )?);
        if let Some(cycle) = self.confirms {
            said.confirms = Some(cycle_of(context, "confirms", cycle).await?);
        }
        let act = Act::Draft {
            input: key,
            kind: self.kind.into(),
            content: Box::new(said),
            version: self.expected_version,
        };
        Ok(asked(self.idempotency_key, act))
    }
}

/// The input of the caller's entity.
async fn own_input(context: &Context<'_>, cycle: ID, situation: ID) -> Result<InputKey, ActError> {
    let person = place(context).map_err(|_| ActError::Interrupted)?;
    let person = Person::of(&person.principal).ok_or(Refusal::NoPerson)?;
    let cycle = cycle_of(context, "cycle", cycle).await?;
    let situation = situation_of(context, situation).await?;
    Ok((cycle, situation, person.entity))
}

fn narratives(given: Vec<NarrativeInput>) -> Result<Vec<Narrative>, Refusal> {
    if given.len() > MOST_PARTS {
        let message = format!("An input has {MOST_PARTS} narratives at most.");
        return Err(Refusal::invalid("narratives", message));
    }
    let parts = given.into_iter().map(|part| {
        Ok(Narrative {
            heading: Text::New(checked("heading", &part.heading, HEADING)?),
            level: part.level.into(),
            body: Text::New(checked("body", &part.body, BODY)?),
        })
    });
    parts.collect()
}

fn caveats(given: Vec<String>) -> Result<Vec<Text>, Refusal> {
    if given.len() > MOST_PARTS {
        let message = format!("An input has {MOST_PARTS} caveats at most.");
        return Err(Refusal::invalid("caveats", message));
    }
    let texts = given.into_iter().map(|text| {
        if text.contains('|') {
            return Err(Refusal::invalid("caveats", "A caveat holds no `|`."));
        }
        Ok(Text::New(checked("caveats", &text, CAVEAT)?))
    });
    texts.collect()
}

/// Ids of records of the entity which exist for the caller.
async fn references(
    context: &Context<'_>,
    entity: &str,
    given: Vec<ID>,
) -> Result<Vec<String>, ActError> {
    if given.len() > MOST_REFERENCES {
        let message = format!("An input refers to {MOST_REFERENCES} records at most.");
        return Err(Refusal::invalid("references", message).into());
    }
    let own = MANDATES.iter().filter(|mandate| mandate.entity == entity);
    let kinds: Vec<Kind> = own
        .flat_map(|mandate| mandate.nodes)
        .map(|node| node.kind)
        .collect();
    let rows = context.data::<Rows>().map_err(|_| ActError::Interrupted)?;
    let mut ids = Vec::with_capacity(given.len());
    for ID(id) in given {
        let unknown = || {
            let id = excerpt(&id);
            let message = format!("`{id}` is the id of no record of {entity} that exists for you.");
            ActError::from(Refusal::invalid("references", message))
        };
        let kind = kinds
            .iter()
            .find(|kind| kind.fits(&id))
            .ok_or_else(unknown)?;
        let record = RecordId {
            kind: *kind,
            id: id.clone(),
            up_to: entities::terms::Classification::StrictlyConfidential,
        };
        let found = rows.load_one(record).await.map_err(store_error)?;
        found.ok_or_else(unknown)?;
        ids.push(id);
    }
    Ok(ids)
}

/// An input to be drafted from the one of an earlier review.
#[derive(InputObject, Debug)]
pub(crate) struct CopyEntityInputInput {
    /// The input of an earlier review.
    from: ID,
    /// For which review.
    cycle: ID,
    /// The version that the caller saw, 0 for none: nothing changes where there is another.
    expected_version: Option<i32>,
    /// The same key answers the same again, and changes nothing.
    idempotency_key: Option<String>,
}

impl CopyEntityInputInput {
    pub(super) async fn request(self, context: &Context<'_>) -> Asked {
        let id = checked_id("from", ids::ENTITY_INPUT, self.from)?;
        let place = place(context).map_err(|_| ActError::Interrupted)?;
        let person = Person::of(&place.principal).ok_or(Refusal::NoPerson)?;
        let (_, situation, entity) = input_key(database(context)?, &id)
            .await?
            .filter(|(_, _, entity)| *entity == person.entity)
            .ok_or(Refusal::NotFound("input"))?;
        let asker = place.asker(context).map_err(|_| ActError::Interrupted)?;
        let said = copied(&asker, &id).await?;
        let cycle = cycle_of(context, "cycle", self.cycle).await?;
        let act = Act::Draft {
            input: (cycle, situation, entity),
            kind: StoredKind::Report,
            content: Box::new(said),
            version: self.expected_version,
        };
        Ok(asked(self.idempotency_key, act))
    }
}

/// What is done with an input.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "state::InputAct")]
pub(crate) enum InputAct {
    /// Hands it in to be cleared.
    Submit,
    /// Clears it for the review.
    Clear,
    /// Gives it back to who drafts it; takes a reason.
    Return,
    /// Opens what was cleared, to be changed; takes a reason.
    Reopen,
    /// Takes it out of the review; takes a reason.
    Withdraw,
}

/// How an input is to be moved.
#[derive(InputObject, Debug)]
pub(crate) struct MoveEntityInputInput {
    /// The input.
    input: ID,
    /// What is done.
    act: InputAct,
    /// Why.
    reason: Option<String>,
    /// The version that the caller saw: nothing changes where there is a later one.
    expected_version: Option<i32>,
    /// The same key answers the same again, and changes nothing.
    idempotency_key: Option<String>,
}

impl MoveEntityInputInput {
    pub(super) async fn request(self, context: &Context<'_>) -> Asked {
        let id = checked_id("input", ids::ENTITY_INPUT, self.input)?;
        let input = input_key(database(context)?, &id).await?;
        let act = Act::MoveInput {
            input: input.ok_or(Refusal::NotFound("input"))?,
            act: self.act.into(),
            reason: checked_if_any("reason", self.reason.as_deref(), REASON)?,
            version: self.expected_version,
        };
        Ok(asked(self.idempotency_key, act))
    }
}
