//! From the input of a change to an act: ids become natural keys, codes are looked up.

use std::sync::Arc;

use async_graphql::{Context, ID, Result};

use super::super::{
    super::{
        acts::{ActError, Request, cycle_code, item_key, situation_key},
        ids,
        loader::OrganisationCode,
        state::{Act, ItemKey, Refusal},
    },
    place::Place,
};
use crate::{
    database::Database,
    vocabulary::{Kind, Rows, StoreError, excerpt},
};

/// A request, or why there is none.
pub(super) type Asked = Result<Request, ActError>;

pub(super) fn asked(key: Option<String>, act: Act) -> Request {
    Request { key, act }
}

pub(super) fn place<'a>(context: &Context<'a>) -> Result<&'a Place> {
    context.data::<Arc<Place>>().map(Arc::as_ref)
}

/// The database.
pub(super) fn database<'a>(context: &Context<'a>) -> Result<&'a Database, ActError> {
    let place = place(context).map_err(|_| ActError::Interrupted)?;
    Ok(&place.database)
}

/// The code of the cycle with an id.
pub(super) async fn cycle_of(
    context: &Context<'_>,
    field: &'static str,
    id: ID,
) -> Result<String, ActError> {
    let id = checked_id(field, ids::REVIEW_CYCLE, id)?;
    let found = cycle_code(database(context)?, &id).await?;
    found.ok_or_else(|| Refusal::NotFound("review cycle").into())
}

/// The key of the situation with an id.
pub(super) async fn situation_of(context: &Context<'_>, id: ID) -> Result<String, ActError> {
    let id = checked_id("situation", ids::SITUATION, id)?;
    let found = situation_key(database(context)?, &id).await?;
    found.ok_or_else(|| Refusal::NotFound("situation").into())
}

/// The key of the item with an id.
pub(super) async fn item_of(
    context: &Context<'_>,
    field: &'static str,
    id: ID,
) -> Result<ItemKey, ActError> {
    let id = checked_id(field, ids::REVIEW_ITEM, id)?;
    let found = item_key(database(context)?, &id).await?;
    found.ok_or_else(|| Refusal::NotFound("review item").into())
}

/// An id of a type.
pub(super) fn checked_id(field: &'static str, kind: Kind, id: ID) -> Result<String, ActError> {
    let checked = kind.check(id);
    checked.map_err(|error| Refusal::invalid(field, error.message).into())
}

/// Codes of entities that there are.
pub(super) async fn known_entities(
    context: &Context<'_>,
    field: &'static str,
    codes: &[String],
) -> Result<(), ActError> {
    let keys = codes.iter().cloned().map(OrganisationCode);
    let rows = context.data::<Rows>().map_err(|_| ActError::Interrupted)?;
    let found = rows.load_many(keys).await.map_err(store_error)?;
    let unknown = codes
        .iter()
        .find(|code| !found.contains_key(&OrganisationCode((*code).clone())));
    unknown.map_or(Ok(()), |code| {
        Err(Refusal::invalid(
            field,
            format!(
                "`{}` is the code of no body; `organisations` lists them.",
                excerpt(code)
            ),
        )
        .into())
    })
}

pub(super) fn store_error(error: StoreError) -> ActError {
    ActError::Unread(error)
}
