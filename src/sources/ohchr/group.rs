//! What a casualty figure covers.

use entities::terms;
use sea_orm::Iterable;

use super::terms::{AgeGroup, CasualtyCause, CasualtyDimension, Sex, VictimStatus};

/// What a figure covers; a dimension that was not asked for is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Group {
    /// Sex.
    pub(crate) sex: Option<Sex>,
    /// Age group.
    pub(crate) age: Option<AgeGroup>,
    /// Status.
    pub(crate) status: Option<VictimStatus>,
    /// Cause.
    pub(crate) cause: Option<CasualtyCause>,
}

impl Group {
    pub(super) fn split(self, dimension: CasualtyDimension) -> Vec<Self> {
        match dimension {
            CasualtyDimension::Sex => terms::Sex::iter()
                .map(|sex| Self {
                    sex: Some(sex.into()),
                    ..self
                })
                .collect(),
            CasualtyDimension::Age => terms::AgeGroup::iter()
                .map(|age| Self {
                    age: Some(age.into()),
                    ..self
                })
                .collect(),
            CasualtyDimension::Status => terms::VictimStatus::iter()
                .map(|status| Self {
                    status: Some(status.into()),
                    ..self
                })
                .collect(),
            CasualtyDimension::Cause => terms::CasualtyCause::iter()
                .map(|cause| Self {
                    cause: Some(cause.into()),
                    ..self
                })
                .collect(),
        }
    }
}
