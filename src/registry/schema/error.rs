//! What went wrong, as an error of a field.

use async_graphql::{Error, ErrorExtensions};
use sea_orm::DbErr;

use crate::{
    database::without_values,
    registry::service::RegistryError,
    vocabulary::{SOURCE_UNAVAILABLE, unreachable},
};

pub(super) fn no_registry() -> Error {
    Error::new("No registry runs here.")
        .extend_with(|_, extensions| extensions.set("code", "NO_REGISTRY"))
}

pub(super) fn failure(error: DbErr) -> Error {
    failed(error.into())
}

#[expect(clippy::needless_pass_by_value, reason = "`map_err` hands it over")]
pub(super) fn failed(error: RegistryError) -> Error {
    let code = error.code();
    if code == SOURCE_UNAVAILABLE {
        return unreachable();
    }
    if let RegistryError::Internal(cause) = &error {
        let cause = without_values(cause);
        tracing::error!(cause, "the registry could not read or write its records");
    }
    Error::new(error.to_string()).extend_with(|_, extensions| extensions.set("code", code))
}
