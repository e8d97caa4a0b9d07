//! Letters of the Special Procedures.

use async_graphql::{Context, Description, ID, InputObject, Object, Result};
use entities::communication;

use super::super::{
    service::level_on,
    store::{COMMUNICATIONS, CommunicationArguments},
    terms::CommunicationKind,
};
use crate::vocabulary::{
    Classification, Count, CountUnit, Date, ListOf, Part, PeriodRange, Provenance, RecordLevels,
    Rows, StoredText, Viewer, bad_input, connection, few_texts, needs_situation, provenance,
    record_id_on, terms,
};

/// Only communications that fit all of what is given.
#[derive(InputObject)]
pub(crate) struct CommunicationFilter {
    /// Of one of these kinds.
    kinds: Option<Vec<CommunicationKind>>,
    /// Sent within these periods.
    sent: Option<PeriodRange>,
    /// On one of these themes.
    themes: Option<Vec<String>>,
    /// With a reply, or without one.
    replied: Option<bool>,
}

/// A letter of the Special Procedures. It is confidential until it is reported to the Human Rights
/// Council, when it opens to everyone; how many persons it names stays strictly confidential.
#[derive(Clone, Debug, Description)]
pub(crate) struct Communication(pub(super) communication::Model);

#[Object(use_type_description)]
impl Communication {
    /// Opaque.
    #[graphql(tag = "unclassified")]
    pub(crate) async fn id(&self, context: &Context<'_>) -> Result<ID> {
        let level = self.level(context)?;
        // Others can ask for it by its reference as well.
        context
            .data::<RecordLevels>()?
            .note(&self.0.reference, level);
        record_id_on(context, self.0.situation_id, &self.0.public_id, level).await
    }

    /// The reference of the letter.
    #[graphql(tag = "unclassified")]
    async fn reference(&self) -> &str {
        &self.0.reference
    }

    /// What it is.
    #[graphql(tag = "unclassified")]
    async fn kind(&self) -> CommunicationKind {
        self.0.kind.into()
    }

    /// When it was sent.
    #[graphql(tag = "unclassified")]
    async fn sent_on(&self) -> Date {
        Date(self.0.sent_on)
    }

    /// From when it is public; data, never computed.
    #[graphql(tag = "unclassified")]
    async fn public_on(&self) -> Option<Date> {
        self.0.public_on.map(Date)
    }

    /// The mandate holders who signed.
    #[graphql(tag = "unclassified")]
    async fn mandates(&self) -> &[String] {
        self.0.mandates.as_slice()
    }

    /// What it is about.
    #[graphql(tag = "unclassified")]
    async fn themes(&self) -> &[String] {
        self.0.themes.as_slice()
    }

    /// When a reply came.
    #[graphql(tag = "unclassified")]
    async fn reply_received_on(&self) -> Option<Date> {
        self.0.reply_received_on.map(Date)
    }

    /// What it says.
    #[graphql(tag = "unclassified")]
    async fn summary(&self) -> Option<StoredText> {
        self.0.summary.as_deref().map(Into::into)
    }

    /// Where the letter can be read.
    #[graphql(tag = "unclassified")]
    async fn document_url(&self) -> Option<&str> {
        self.0.document_url.as_deref()
    }

    /// Where the record comes from. Its level is that of today: open once the letter is public.
    #[graphql(tag = "unclassified")]
    async fn provenance(&self, context: &Context<'_>) -> Result<Provenance> {
        Ok(Provenance {
            classification: self.level(context)?,
            ..provenance!(self.0)
        })
    }

    /// How many persons it names.
    #[graphql(requires_scopes = "clearance:strictly-confidential")]
    async fn persons_named(&self, context: &Context<'_>) -> Result<Option<Count>> {
        let is_told = needs_situation(context, self.0.situation_id).await?;
        let count = Count::from_collected(self.0.persons_named, CountUnit::Persons);
        Ok(is_told.then_some(count))
    }
}

impl Communication {
    /// Its level on the day that is asked about.
    fn level(&self, context: &Context<'_>) -> Result<Classification> {
        Ok(level_on(&self.0, context.data::<Viewer>()?.today()))
    }
}

connection! {
    #[graphql(tag = "unclassified")]
    CommunicationConnection, CommunicationEdge, Communication
}

/// A page of one situation's letters.
pub(super) async fn list(
    context: &Context<'_>,
    situation: i64,
    first: Option<i32>,
    after: Option<String>,
    filter: Option<CommunicationFilter>,
) -> Result<CommunicationConnection> {
    let part = Part::new(first, 20, after.as_deref(), COMMUNICATIONS)?.asked_by(context);
    let mut arguments = CommunicationArguments {
        part,
        kinds: None,
        sent: None,
        themes: None,
        replied: None,
    };
    if let Some(filter) = filter {
        arguments.kinds = terms("kinds", filter.kinds)?;
        arguments.sent = filter
            .sent
            .map(PeriodRange::span)
            .transpose()
            .map_err(bad_input)?;
        arguments.themes = few_texts("themes", filter.themes)?;
        arguments.replied = filter.replied;
    }
    let page = context
        .data::<Rows>()?
        .load_one(ListOf::new(situation, arguments))
        .await?;
    CommunicationConnection::new(
        context,
        page.unwrap_or_default(),
        Communication,
        after.is_some(),
    )
}
