//! Recommendations of human rights mechanisms.

use async_graphql::{Context, Description, ID, InputObject, Object, Result};
use entities::recommendation;

use super::super::{
    store::{RECOMMENDATIONS, RecommendationArguments},
    terms::Mechanism,
};
use crate::vocabulary::{
    Date, ListOf, Part, PeriodRange, Provenance, Rows, bad_input, connection, few_texts,
    provenance, record_id_on, searchable, terms,
};

/// Only recommendations that fit all of what is given.
#[derive(InputObject)]
pub(crate) struct RecommendationFilter {
    /// By one of these mechanisms.
    mechanisms: Option<Vec<Mechanism>>,
    /// On one of these themes.
    themes: Option<Vec<String>>,
    /// Published within these periods.
    published: Option<PeriodRange>,
    /// Holding this text, in capitals or not.
    text: Option<String>,
}

/// An annotation of the Universal Human Rights Index.
#[derive(Clone, Debug, Description)]
pub(crate) struct MechanismRecommendation(pub(super) recommendation::Model);

#[Object(use_type_description)]
impl MechanismRecommendation {
    /// Opaque.
    #[graphql(tag = "unclassified")]
    pub(crate) async fn id(&self, context: &Context<'_>) -> Result<ID> {
        let row = &self.0;
        record_id_on(
            context,
            row.situation_id,
            &row.public_id,
            row.classification.into(),
        )
        .await
    }

    /// Its identifier in the Index.
    #[graphql(tag = "unclassified")]
    async fn annotation_id(&self) -> &str {
        &self.0.annotation_id
    }

    /// Which mechanism.
    #[graphql(tag = "unclassified")]
    async fn mechanism(&self) -> Mechanism {
        self.0.mechanism.into()
    }

    /// Which body of it.
    #[graphql(tag = "unclassified")]
    async fn body(&self) -> &str {
        &self.0.body
    }

    /// The document that holds it.
    #[graphql(tag = "unclassified")]
    async fn document_symbol(&self) -> Option<&str> {
        self.0.document_symbol.as_deref()
    }

    /// What it says.
    #[graphql(tag = "unclassified")]
    async fn text(&self) -> &str {
        &self.0.text
    }

    /// When it was published.
    #[graphql(tag = "unclassified")]
    async fn published_on(&self) -> Option<Date> {
        self.0.published_on.map(Date)
    }

    /// What it is about.
    #[graphql(tag = "unclassified")]
    async fn themes(&self) -> &[String] {
        self.0.themes.as_slice()
    }

    /// Whom it is about.
    #[graphql(tag = "unclassified")]
    async fn affected_persons(&self) -> &[String] {
        self.0.affected_persons.as_slice()
    }

    /// Which goals it bears on.
    #[graphql(tag = "unclassified")]
    async fn sdgs(&self) -> &[String] {
        self.0.sdgs.as_slice()
    }

    /// Where the record comes from.
    #[graphql(tag = "unclassified")]
    async fn provenance(&self) -> Provenance {
        provenance!(self.0)
    }
}

connection! {
    #[graphql(tag = "unclassified")]
    MechanismRecommendationConnection, MechanismRecommendationEdge, MechanismRecommendation
}

/// A page of one situation's recommendations.
pub(super) async fn list(
    context: &Context<'_>,
    situation: i64,
    first: Option<i32>,
    after: Option<String>,
    filter: Option<RecommendationFilter>,
) -> Result<MechanismRecommendationConnection> {
    let part = Part::new(first, 20, after.as_deref(), RECOMMENDATIONS)?.asked_by(context);
    let mut arguments = RecommendationArguments {
        part,
        mechanisms: None,
        themes: None,
        published: None,
        text: None,
    };
    if let Some(filter) = filter {
        arguments.mechanisms = terms("mechanisms", filter.mechanisms)?;
        arguments.published = filter
            .published
            .map(PeriodRange::span)
            .transpose()
            .map_err(bad_input)?;
        arguments.themes = few_texts("themes", filter.themes)?;
        arguments.text = filter
            .text
            .map(|text| searchable("text", text))
            .transpose()?;
    }
    let page = context
        .data::<Rows>()?
        .load_one(ListOf::new(situation, arguments))
        .await?;
    MechanismRecommendationConnection::new(
        context,
        page.unwrap_or_default(),
        MechanismRecommendation,
        after.is_some(),
    )
}
