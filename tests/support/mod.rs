//! What several suites need.

pub(crate) mod api;
pub(crate) mod app;
pub(crate) mod database;
pub(crate) mod grants;
pub(crate) mod issuer;
pub(crate) mod key;
pub(crate) mod length;
pub(crate) mod random;
pub(crate) mod records;
pub(crate) mod scratch;
