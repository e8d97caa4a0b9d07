//! The example data, kept in the binary so that it is there without any file beside it.
//!
//! `examples/records/` is the truth: invented facts about invented areas, XAA to XZZ.

/// Files that hold no invented facts.
pub(super) const REFERENCE: [&str; 3] =
    ["organisations", "organisation-names", "osapg-risk-factors"];

macro_rules! embedded {
    ($($name:literal,)*) => {
        &[$((
            $name,
            include_bytes!(concat!("../../examples/records/", $name, ".csv")).as_slice(),
        )),*]
    };
}

const FILES: &[(&str, &[u8])] = embedded![
    "organisations",
    "organisation-names",
    "areas",
    "parties",
    "party-former-names",
    "situations",
    "situation-areas",
    "situation-states",
    "entity-blocks",
    "review-cycles",
    "review-items",
    "entity-inputs",
    "changes",
    "decisions",
    "actions",
    "action-items",
    "ohchr-presences",
    "ohchr-presence-situations",
    "ohchr-communications",
    "ohchr-recommendations",
    "ohchr-casualties",
    "ohchr-signals",
    "osapg-risk-factors",
    "osapg-risk-indicators",
    "osapg-assessments",
    "osapg-findings",
    "caac-listings",
    "caac-violations",
    "svc-settings",
    "svc-listings",
    "svc-commitments",
    "svc-crsv",
    "svc-crsv-admin1",
];

/// The file of a type of record.
pub(super) fn find(name: &str) -> Option<&'static [u8]> {
    let mut files = FILES.iter();
    files
        .find(|(other, _)| *other == name)
        .map(|(_, bytes)| *bytes)
}
