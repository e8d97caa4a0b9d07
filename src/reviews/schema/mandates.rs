//! Mandates that a filter names by the codes of their entities.

use async_graphql::Result;

use crate::{
    auth::is_nearly,
    sources::MANDATES,
    vocabulary::{EntityCode, bad_input, few_texts},
};

/// Codes of mandates, each checked: one that no mandate has would match every row or none.
pub(super) fn mandate_codes(
    name: &str,
    codes: Option<Vec<EntityCode>>,
) -> Result<Option<Vec<String>>> {
    let codes = codes.map(|codes| codes.into_iter().map(|code| code.0).collect());
    let codes = few_texts(name, codes)?;
    let known = || MANDATES.iter().map(|mandate| mandate.entity);
    let mut given = codes.iter().flatten();
    match given.find(|code| !known().any(|each| each == *code)) {
        None => Ok(codes),
        Some(unknown) => {
            let meant = match known().find(|each| may_be_meant(unknown, each)) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!(
                    "the mandates are `{}`",
                    known().collect::<Vec<_>>().join("`, `")
                ),
            };
            Err(bad_input(format!(
                "`{unknown}` is no mandate of the joint schema; {meant}"
            )))
        }
    }
}

/// Whether a code is nearly that of a mandate, or one of its parts: `SVC` for `SRSG_SVC`.
fn may_be_meant(code: &str, mandate: &str) -> bool {
    let mut parts = mandate.rsplit('_');
    parts.next() == Some(code) || is_nearly(code, mandate)
}
