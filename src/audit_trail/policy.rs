//! What the settings ask of requests for the trail's sake.

use super::entry::Level;
use crate::config::{AuditSettings, RequirePurpose};

/// Whether data of a level may be served though their entry could not be written. What is STRICTLY
/// CONFIDENTIAL never is.
pub fn may_go_unrecorded(settings: &AuditSettings, level: Level) -> bool {
    match level {
        Level::Unclassified => true,
        Level::Confidential => settings.fail_open_confidential,
        Level::StrictlyConfidential => false,
    }
}

/// Whether a request for data of a level has to say what it is for.
pub fn needs_purpose(settings: &AuditSettings, level: Level) -> bool {
    let from = match settings.require_purpose {
        RequirePurpose::Never => return false,
        RequirePurpose::Confidential => Level::Confidential,
        RequirePurpose::StrictlyConfidential => Level::StrictlyConfidential,
    };
    level >= from
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strictly_confidential_data_are_never_served_unrecorded() {
        let open = AuditSettings {
            fail_open_confidential: true,
            ..AuditSettings::default()
        };
        assert!(may_go_unrecorded(&open, Level::Confidential));
        assert!(!may_go_unrecorded(&open, Level::StrictlyConfidential));
        let closed = AuditSettings::default();
        assert!(!may_go_unrecorded(&closed, Level::Confidential));
        assert!(may_go_unrecorded(&closed, Level::Unclassified));
    }

    #[test]
    fn a_purpose_is_needed_from_the_level_that_is_set() {
        let settings = |require_purpose| AuditSettings {
            require_purpose,
            ..AuditSettings::default()
        };
        let strictly = settings(RequirePurpose::StrictlyConfidential);
        assert!(!needs_purpose(&strictly, Level::Confidential));
        assert!(needs_purpose(&strictly, Level::StrictlyConfidential));
        let confidential = settings(RequirePurpose::Confidential);
        assert!(needs_purpose(&confidential, Level::Confidential));
        assert!(!needs_purpose(&confidential, Level::Unclassified));
        assert!(!needs_purpose(
            &AuditSettings::default(),
            Level::StrictlyConfidential
        ));
    }
}
