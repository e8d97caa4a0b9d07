//! Frozen profiles.

use async_graphql::{Context, ID, Object, Result, Scalar, ScalarType, SimpleObject, Value};

use super::{
    super::{
        acts::is_intact,
        frozen::{self, Read},
        loader::{ItemKey, PartsOf, WholeOf},
    },
    objects::{FrozenProfile, ReviewItem},
};
use crate::vocabulary::{
    Classification, DateTime, RecordLevels, Rows, StoreError, StoredText, missing, record_id,
};

/// JSON: what the operation of a frozen profile answered.
#[derive(Clone, Debug)]
pub(crate) struct FrozenContent(Value);

/// JSON: what the operation of a frozen profile answered.
#[Scalar(specified_by_url = "https://www.rfc-editor.org/rfc/rfc8259")]
impl ScalarType for FrozenContent {
    fn parse(value: Value) -> async_graphql::InputValueResult<Self> {
        Ok(Self(value))
    }

    fn to_value(&self) -> Value {
        self.0.clone()
    }
}

/// A source that was asked for a frozen profile.
#[derive(SimpleObject, Debug)]
#[graphql(requires_scopes = "clearance:confidential")]
pub(crate) struct FrozenSource {
    /// Its name.
    name: String,
    /// How that ended: OK, or why what it has is missing.
    status: String,
    /// When it was asked.
    as_of: Option<DateTime>,
}

#[Object(use_type_description)]
impl FrozenProfile {
    /// Opaque.
    #[graphql(tag = "confidential")]
    pub(crate) async fn id(&self, context: &Context<'_>) -> Result<ID> {
        record_id(context, &self.0.public_id, Classification::Confidential)
    }

    /// Of which item.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn item(&self, context: &Context<'_>) -> Result<ReviewItem> {
        let item = context
            .data::<Rows>()?
            .load_one(ItemKey(self.0.item_id))
            .await?;
        item.map(ReviewItem).ok_or_else(missing)
    }

    /// 1 is the first; freezing again adds one.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// When it was frozen.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn frozen_at(&self) -> DateTime {
        DateTime(self.0.frozen_at)
    }

    /// Why it was frozen again.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn reason(&self) -> Option<StoredText> {
        self.0.reason.as_deref().map(Into::into)
    }

    /// The number of the supergraph that it was read by.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn supergraph(&self) -> Option<i32> {
        self.0.supergraph
    }

    /// The operation that made it.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn operation(&self) -> &str {
        &self.0.operation
    }

    /// The sources that were asked; one that was down is named with what happened.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn sources(&self) -> Vec<FrozenSource> {
        let sources = frozen::sources(&self.0).into_iter();
        sources
            .map(|source| FrozenSource {
                name: source.name,
                status: source.status,
                as_of: source.as_of.map(DateTime),
            })
            .collect()
    }

    /// SHA-256 over what was frozen, in hexadecimal: `upfront review verify` computes it again.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn digest(&self) -> &str {
        &self.0.digest
    }

    /// Whether it is as it was frozen, by its digests, whatever of it the caller may read.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn is_intact(&self, context: &Context<'_>) -> Result<bool> {
        let parts = context.data::<Rows>()?.load_one(WholeOf(self.0.id)).await?;
        Ok(is_intact(&self.0, &parts.unwrap_or_default()))
    }

    /// What of it exists for the caller: the answer as it was, as far as the caller's clearance and scopes reach.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn content(&self, context: &Context<'_>) -> Result<Option<FrozenContent>> {
        let Some(read) = self.read(context).await? else {
            return Ok(None);
        };
        let levels = context.data::<RecordLevels>()?;
        // Who is given it is given the records in it.
        for id in read.records.iter().chain([&self.0.public_id]) {
            levels.note(id, read.level.into());
        }
        let told = Value::from_json(read.content).map_err(|_| missing())?;
        Ok(Some(FrozenContent(told)))
    }

    /// Where something is left out that was sealed since, as paths of `content`.
    #[graphql(requires_scopes = "clearance:confidential")]
    async fn sealed(&self, context: &Context<'_>) -> Result<Vec<String>> {
        let read = self.read(context).await?;
        Ok(read.map(|read| read.sealed).unwrap_or_default())
    }
}

impl FrozenProfile {
    async fn read(&self, context: &Context<'_>) -> Result<Option<Read>> {
        let rows = context.data::<Rows>()?;
        let parts = rows.load_one(PartsOf(self.0.id)).await?;
        let database = &rows.loader().database;
        let read = frozen::read(database, &self.0, parts.unwrap_or_default()).await;
        Ok(read.map_err(StoreError::from)?)
    }
}
