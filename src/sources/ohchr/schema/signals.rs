//! Early-warning signals.

use async_graphql::{Context, Description, ID, Object, Result};
use entities::signal;

use super::super::store::{SIGNALS, SignalArguments};
use crate::vocabulary::{
    Classification, Confidence, Date, ListOf, Part, Provenance, Rows, StoredText, connection,
    provenance, record_id,
};

/// An early-warning signal.
#[derive(Clone, Debug, Description)]
pub(crate) struct EarlyWarningSignal(pub(super) signal::Model);

#[Object(use_type_description)]
impl EarlyWarningSignal {
    /// Opaque.
    #[graphql(tag = "confidential")]
    pub(crate) async fn id(&self, context: &Context<'_>) -> Result<ID> {
        let level = Classification::from(self.0.classification).max(Classification::Confidential);
        record_id(context, &self.0.public_id, level)
    }

    /// What kind of signal.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn kind(&self) -> StoredText {
        self.0.kind.as_str().into()
    }

    /// When it was observed.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn observed_on(&self) -> Date {
        Date(self.0.observed_on)
    }

    /// What was observed.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn summary(&self) -> Option<StoredText> {
        self.0.summary.as_deref().map(Into::into)
    }

    /// How sure the observer is.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn confidence(&self) -> Confidence {
        self.0.confidence.into()
    }

    /// Where the record comes from.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn provenance(&self) -> Provenance {
        provenance!(self.0)
    }

    /// The class of the informant.
    #[graphql(requires_scopes = "clearance:strictly-confidential")]
    async fn source_class(&self) -> Option<StoredText> {
        self.0.source_class.as_deref().map(Into::into)
    }
}

connection! {
    #[graphql(requires_scopes = "clearance:confidential")]
    EarlyWarningSignalConnection, EarlyWarningSignalEdge, EarlyWarningSignal
}

/// A page of one situation's signals.
pub(super) async fn list(
    context: &Context<'_>,
    situation: i64,
    first: Option<i32>,
    after: Option<String>,
) -> Result<EarlyWarningSignalConnection> {
    let part = Part::new(first, 20, after.as_deref(), SIGNALS)?.asked_by(context);
    let arguments = SignalArguments { part };
    let page = context
        .data::<Rows>()?
        .load_one(ListOf::new(situation, arguments))
        .await?;
    EarlyWarningSignalConnection::new(
        context,
        page.unwrap_or_default(),
        EarlyWarningSignal,
        after.is_some(),
    )
}
