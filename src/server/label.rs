//! The label of an answer: the highest level of the fields and of the records in it.

use axum::http::{HeaderName, HeaderValue};
use entities::terms::Classification;

use crate::{
    audit_trail::Level,
    auth::Clearance,
    gateway::{Caller, Response},
};

/// The header that holds the label of an answer.
pub(super) const LABEL: HeaderName = HeaderName::from_static("upfront-classification");

/// The label of an answer; none where nothing was answered.
pub(super) fn of(response: &Response, caller: &Caller) -> Option<Level> {
    response.data.as_ref()?;
    let fields = response.restricted.iter();
    let fields = fields.map(|field| of_scopes(|scope| field.scopes.contains(scope)));
    fields.chain([of_records(caller)]).max()
}

/// The label that a caller is told: who has a clearance. Others are answered what is UNCLASSIFIED alone.
pub(super) fn told(response: &Response, caller: &Caller) -> Option<Level> {
    let is_cleared = caller.principal.has_scope(Clearance::Confidential.scope());
    of(response, caller).filter(|level| is_cleared || *level > Level::Unclassified)
}

/// As a header.
pub(super) const fn header(level: Level) -> HeaderValue {
    HeaderValue::from_static(level.name())
}

/// The level of what requires some scopes.
pub(super) fn of_scopes(requires: impl Fn(&str) -> bool) -> Level {
    if requires(Clearance::StrictlyConfidential.scope()) {
        Level::StrictlyConfidential
    } else if requires(Clearance::Confidential.scope()) {
        Level::Confidential
    } else {
        Level::Unclassified
    }
}

/// The highest level of the records that were read.
fn of_records(caller: &Caller) -> Level {
    match caller.classified().highest() {
        Classification::Unclassified => Level::Unclassified,
        Classification::Confidential => Level::Confidential,
        Classification::StrictlyConfidential => Level::StrictlyConfidential,
    }
}
