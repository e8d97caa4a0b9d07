//! A context reveals, beside its value, the path from the object that sets it to its reader: the
//! fields on the path are read only with consent, and a field that takes the context is at least as
//! sensitive.

use super::{
    Proposal, Refusal, RefusalCode,
    requires::{above_level, reader_level, without_consent},
};
use crate::registry::{
    level::Level,
    reads::{Read, Way, path_reads},
};

pub(super) fn context_without_consent(proposal: &Proposal<'_>, refusals: &mut Vec<Refusal>) {
    for path in path_reads(proposal) {
        if let Some((coordinate, level)) = &path.most_sensitive {
            for field in &path.fields {
                if *level > Level::Unclassified && reader_level(proposal, field) < Some(*level) {
                    let read = Read {
                        way: Way::Path(field.clone()),
                        coordinate: coordinate.clone(),
                        level: *level,
                        cause: None,
                        named: path.ends.clone(),
                        holders: Vec::new(),
                    };
                    refusals.push(above_level(field, &read));
                }
            }
        }
        for read in &path.lacking {
            for holder in &read.holders {
                refusals.push(without_consent(proposal, read, holder));
            }
        }
        if let (Some(first), 1..) = (path.lacking.first(), path.more) {
            refusals.push(
                Refusal::new(
                    RefusalCode::RequiresWithoutConsent,
                    format!(
                        "{} needs {} more fields that are not for all callers.",
                        first.way, path.more
                    ),
                    "Set the context on a type of your own that is nearer, or do without it.",
                )
                .at(first.way.coordinate()),
            );
        }
    }
}
