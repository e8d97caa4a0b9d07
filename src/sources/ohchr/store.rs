//! Reads OHCHR's records, as far as they exist for the viewer.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use entities::{
    communication, field_presence, presence_situation, recommendation, signal, terms,
    terms::Classification,
};
use sea_orm::{
    ColumnTrait, Condition, DbErr, EntityTrait, Order, QueryFilter, QuerySelect, QueryTrait,
    Select, sea_query::ExprTrait,
};

use super::{service::CasualtyArguments, suppressed};
use crate::{
    database::Database,
    records::printed::CASUALTIES,
    sources::{printed::Printed, suppressed::Decisions},
    vocabulary::{
        Keyset, ListsOf, Page, Part, SortKind, SortedList, Span, Viewer, all_of, dated,
        figure_rows, holds_any_of, holds_text, situation_rows,
    },
};

situation_rows! {
    /// The recommendations that exist for the viewer.
    recommendations, recommendation
}
situation_rows! {
    /// The signals that exist for the viewer, who needs to know of the situation.
    current_signals, signal, cleared
}

/// The communications that exist for the viewer: those that are public on the day that is asked about, and
/// others for who needs to know of the situation. `level_on` is the same rule.
pub(crate) fn current_communications(viewer: &Viewer) -> Select<communication::Entity> {
    use communication::Column;
    let is_public = viewer
        .visible_rows(Column::SituationId)
        .add(Column::Classification.ne(Classification::StrictlyConfidential))
        .add(Column::PublicOn.lte(viewer.today()));
    let is_needed = viewer.cleared_rows(Column::Classification, Column::SituationId);
    communication::Entity::find()
        .filter(viewer.known::<communication::Entity>())
        .filter(Condition::any().add(is_public).add(is_needed))
}

/// The field presences that exist for the viewer. One may cover several situations or none; where all that it
/// covers are hidden from the viewer, it is as well. One that is classified exists for who needs to know of a
/// situation that it covers.
pub(crate) fn current_presences(viewer: &Viewer) -> Select<field_presence::Entity> {
    let covering = |links: Select<presence_situation::Entity>| {
        let links = links
            .select_only()
            .column(presence_situation::Column::PresenceKey);
        field_presence::Column::RecordKey.in_subquery(links.into_query())
    };
    let links = presence_situation::Entity::find;
    let visible = links().filter(viewer.visible_rows(presence_situation::Column::SituationId));
    let needed = links().filter(viewer.needs(presence_situation::Column::SituationId));
    let level = field_presence::Column::Classification;
    let is_covering_shown = Condition::any()
        .add(covering(visible))
        .add(covering(links()).not());
    let is_open = Condition::all()
        .add(level.eq(Classification::Unclassified))
        .add(is_covering_shown);
    let mut is_shown = Condition::any().add(is_open);
    if viewer.is_cleared() {
        let up_to = viewer.levels().iter().copied();
        is_shown = is_shown.add(
            Condition::all()
                .add(level.is_in(up_to))
                .add(covering(needed)),
        );
    }
    field_presence::Entity::find()
        .filter(is_shown)
        .filter(viewer.known::<field_presence::Entity>())
}

/// Those of some presences that cover a situation which the viewer needs to know of.
pub(crate) async fn needed_presences(
    database: &Database,
    viewer: &Viewer,
    keys: &[&str],
) -> Result<Vec<String>, DbErr> {
    if !viewer.is_cleared() {
        return Ok(Vec::new());
    }
    let links = all_of(keys, &database.read, |chunk| {
        use presence_situation::Column;
        presence_situation::Entity::find()
            .filter(Column::PresenceKey.is_in(chunk.iter().copied()))
            .filter(viewer.needs(Column::SituationId))
    })
    .await?;
    Ok(links.into_iter().map(|link| link.presence_key).collect())
}

/// The field presences that cover each situation, by name.
pub(crate) async fn presences_of(
    database: &Database,
    viewer: &Viewer,
    situations: &[i64],
) -> Result<HashMap<i64, Vec<field_presence::Model>>, DbErr> {
    let links = all_of(situations, &database.read, |chunk| {
        let situations = chunk.iter().copied();
        presence_situation::Entity::find()
            .filter(presence_situation::Column::SituationId.is_in(situations))
    })
    .await?;
    let keys: HashSet<_> = links.iter().map(|link| &*link.presence_key).collect();
    let keys: Vec<_> = keys.into_iter().collect();
    let presences = all_of(&keys, &database.read, |chunk| {
        let keys = chunk.iter().copied();
        current_presences(viewer).filter(field_presence::Column::RecordKey.is_in(keys))
    })
    .await?;
    let presences: HashMap<_, _> = presences
        .into_iter()
        .map(|row| (row.record_key.clone(), row))
        .collect();
    let mut lists: HashMap<i64, Vec<field_presence::Model>> = situations
        .iter()
        .map(|situation| (*situation, Vec::new()))
        .collect();
    for link in links {
        if let Some(presence) = presences.get(&link.presence_key) {
            lists
                .entry(link.situation_id)
                .or_default()
                .push(presence.clone());
        }
    }
    for list in lists.values_mut() {
        list.sort_by(|left, right| {
            (&left.name, &left.public_id).cmp(&(&right.name, &right.public_id))
        });
    }
    Ok(lists)
}

/// What is asked of a list of communications.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct CommunicationArguments {
    /// Which part of it.
    pub(crate) part: Part,
    /// Of these kinds alone.
    pub(crate) kinds: Option<Vec<terms::CommunicationKind>>,
    /// Sent in these days alone.
    pub(crate) sent: Option<Span>,
    /// On one of these themes alone.
    pub(crate) themes: Option<Vec<String>>,
    /// Only those with a reply, or only those without one.
    pub(crate) replied: Option<bool>,
}

/// Name of the list in its cursors.
pub(crate) const COMMUNICATIONS: SortedList =
    SortedList::new("communications, the last sent first", SortKind::Date);

/// The same part of each situation's communications.
pub(crate) async fn communications_of(
    database: &Database,
    viewer: &Viewer,
    situations: &[i64],
    arguments: &CommunicationArguments,
) -> Result<HashMap<i64, Page<communication::Model>>, DbErr> {
    use communication::Column;
    let mut rows = current_communications(viewer);
    if let Some(kinds) = &arguments.kinds {
        rows = rows.filter(Column::Kind.is_in(kinds.iter().copied()));
    }
    if let Some(sent) = arguments.sent {
        rows = rows.filter(Column::SentOn.between(sent.start, sent.end));
    }
    if let Some(themes) = &arguments.themes {
        rows = rows.filter(holds_any_of(Column::Themes, themes));
    }
    match arguments.replied {
        Some(true) => rows = rows.filter(Column::ReplyReceivedOn.is_not_null()),
        Some(false) => rows = rows.filter(Column::ReplyReceivedOn.is_null()),
        None => {}
    }
    let keyset = Keyset::<_, NaiveDate>::new(
        COMMUNICATIONS.name,
        Column::SentOn.into_expr(),
        Order::Desc,
        Column::PublicId,
    );
    ListsOf {
        keyset,
        key: Column::Id,
        parent: Column::SituationId,
        parent_of: |row: &communication::Model| row.situation_id,
    }
    .pages(&rows, situations, &arguments.part, &database.read)
    .await
}

/// What is asked of a list of recommendations.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct RecommendationArguments {
    /// Which part of it.
    pub(crate) part: Part,
    /// By these mechanisms alone.
    pub(crate) mechanisms: Option<Vec<terms::Mechanism>>,
    /// On one of these themes alone.
    pub(crate) themes: Option<Vec<String>>,
    /// Published in these days alone.
    pub(crate) published: Option<Span>,
    /// Holding this text alone, in capitals or not.
    pub(crate) text: Option<String>,
}

/// Name of the list in its cursors.
pub(crate) const RECOMMENDATIONS: SortedList =
    SortedList::new("recommendations, the last published first", SortKind::Date);

/// The same part of each situation's recommendations; those without a date come last.
pub(crate) async fn recommendations_of(
    database: &Database,
    viewer: &Viewer,
    situations: &[i64],
    arguments: &RecommendationArguments,
) -> Result<HashMap<i64, Page<recommendation::Model>>, DbErr> {
    use recommendation::Column;
    let mut rows = recommendations(viewer);
    if let Some(mechanisms) = &arguments.mechanisms {
        rows = rows.filter(Column::Mechanism.is_in(mechanisms.iter().copied()));
    }
    if let Some(themes) = &arguments.themes {
        rows = rows.filter(holds_any_of(Column::Themes, themes));
    }
    if let Some(published) = arguments.published {
        rows = rows.filter(Column::PublishedOn.between(published.start, published.end));
    }
    if let Some(text) = &arguments.text {
        rows = rows.filter(holds_text(Column::Text, text));
    }
    let keyset = Keyset::<_, NaiveDate>::new(
        RECOMMENDATIONS.name,
        dated(Column::PublishedOn),
        Order::Desc,
        Column::PublicId,
    );
    ListsOf {
        keyset,
        key: Column::Id,
        parent: Column::SituationId,
        parent_of: |row: &recommendation::Model| row.situation_id,
    }
    .pages(&rows, situations, &arguments.part, &database.read)
    .await
}

figure_rows! {
    /// The casualty rows of each situation.
    casualties_of, casualty, CasualtyArguments
}

/// What is suppressed of figures for a viewer who does not hold `ohchr:exact`. Read before the figures.
pub(crate) async fn decisions(
    database: &Database,
    viewer: &Viewer,
    situations: &[i64],
    arguments: &CasualtyArguments,
) -> Result<Decisions, DbErr> {
    if arguments.is_published || viewer.reads_exactly("ohchr:exact") {
        return Ok(Decisions::exact());
    }
    Decisions::of(
        database,
        viewer,
        &suppressed::FIGURES,
        situations,
        arguments.span,
    )
    .await
}

/// What documents print of published figures that are broken down as asked.
pub(crate) async fn printed(
    database: &Database,
    viewer: &Viewer,
    arguments: &CasualtyArguments,
) -> Result<Printed, DbErr> {
    if !arguments.is_published {
        return Ok(Printed::default());
    }
    Printed::by(database, viewer, CASUALTIES, &arguments.printed_by()).await
}

/// Name of the list in its cursors.
pub(crate) const SIGNALS: SortedList =
    SortedList::new("signals, the last observed first", SortKind::Date);

/// What is asked of a list of signals.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct SignalArguments {
    /// Which part of it.
    pub(crate) part: Part,
}

/// The same part of each situation's signals.
pub(crate) async fn signals_of(
    database: &Database,
    viewer: &Viewer,
    situations: &[i64],
    arguments: &SignalArguments,
) -> Result<HashMap<i64, Page<signal::Model>>, DbErr> {
    use signal::Column;
    let keyset = Keyset::<_, NaiveDate>::new(
        SIGNALS.name,
        Column::ObservedOn.into_expr(),
        Order::Desc,
        Column::PublicId,
    );
    ListsOf {
        keyset,
        key: Column::Id,
        parent: Column::SituationId,
        parent_of: |row: &signal::Model| row.situation_id,
    }
    .pages(
        &current_signals(viewer),
        situations,
        &arguments.part,
        &database.read,
    )
    .await
}
