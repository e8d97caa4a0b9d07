//! What an earlier input says, to start another from.

use entities::terms::InputKind;
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter};

use super::{
    super::state::{Content, Gap, Narrative, Refusal, Text},
    error::ActError,
    load::{Scope, load},
    resolve::input_key,
    run::Asker,
};
use crate::record_keys::{EncryptedText, RecordKey, readable};

/// What the input with an id says, its texts as they were written: in another record they are encrypted with another
/// key.
pub(crate) async fn copied(asker: &Asker, id: &str) -> Result<Content, ActError> {
    use entities::entity_input::{Column, Entity};
    let connection = &asker.database.read;
    let viewer = asker.viewer.as_ref().ok_or(Refusal::NotFound("input"))?;
    let exists = Entity::find()
        .filter(viewer.known::<Entity>())
        .filter(viewer.needs(Column::SituationId))
        .filter(Column::PublicId.eq(id))
        .one(connection)
        .await?;
    let key = input_key(&asker.database, id).await?;
    let key = key.filter(|_| exists.is_some());
    let key = key.ok_or(Refusal::NotFound("input"))?;
    let scope = Scope {
        input: Some(key.clone()),
        ..Scope::default()
    };
    let (state, _) = load(connection, &scope).await?;
    let input = state.inputs.get(&key).filter(|input| !input.is_sealed);
    let input = input.ok_or(Refusal::NotFound("input"))?;
    let content = &input.content;
    let stored: Vec<&str> = texts(content).filter_map(stored).collect();
    let parsed = stored.iter().filter_map(|text| EncryptedText::parse(text));
    let keys = readable(connection, parsed.map(|text| text.key)).await?;
    let read = |text: &Text| read(text, &keys);
    let read_if_any = |text: Option<&Text>| text.map(read).transpose();
    if input.kind != InputKind::Report {
        return Err(
            Refusal::invalid("from", "Only a REPORT is copied; declare the others anew.").into(),
        );
    }
    // Nobody hands in what he may not read.
    let levels = viewer.levels();
    let readable_parts = (content.narratives.iter()).filter(|part| levels.contains(&part.level));
    let narratives = readable_parts.map(|part| {
        Ok::<_, DbErr>(Narrative {
            heading: read(&part.heading)?,
            body: read(&part.body)?,
            level: part.level,
        })
    });
    let gap = content.gap.as_ref().map(|gap| {
        Ok::<_, DbErr>(Gap {
            note: read_if_any(gap.note.as_ref())?,
            ..gap.clone()
        })
    });
    Ok(Content {
        headline: read_if_any(content.headline.as_ref())?,
        narratives: narratives.collect::<Result<_, _>>()?,
        caveats: content.caveats.iter().map(read).collect::<Result<_, _>>()?,
        gap: gap.transpose()?,
        contributor: read_if_any(content.contributor.as_ref())?,
        drafted_by: input.drafted_by.clone(),
        // These are true of one review alone.
        covers: None,
        confirms: None,
        ..content.clone()
    })
}

fn texts(content: &Content) -> impl Iterator<Item = &Text> {
    let note = content.gap.as_ref().and_then(|gap| gap.note.as_ref());
    (content.headline.iter())
        .chain((content.narratives.iter()).flat_map(|part| [&part.heading, &part.body]))
        .chain(&content.contributor)
        .chain(&content.caveats)
        .chain(note)
}

fn stored(text: &Text) -> Option<&str> {
    match text {
        Text::Stored(text) => Some(text),
        Text::New(_) => None,
    }
}

fn read(text: &Text, keys: &[RecordKey]) -> Result<Text, DbErr> {
    let Some(text) = stored(text) else {
        return Ok(text.clone());
    };
    let Some(encrypted) = EncryptedText::parse(text) else {
        return Ok(Text::New(text.to_owned()));
    };
    let key = keys.iter().find(|key| key.name() == encrypted.key);
    let key =
        key.ok_or_else(|| DbErr::Custom("an input was sealed while it was read".to_owned()))?;
    let text = key
        .decrypt(&encrypted)
        .map_err(|error| DbErr::Custom(error.to_string()))?;
    Ok(Text::New(text))
}
