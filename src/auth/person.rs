//! A person behind a token, as records of what was done name one.

use serde::{Deserialize, Serialize};

use super::Principal;

/// A person, as a token names one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Code of the entity that the person acted for.
    pub entity: String,
    /// Who made the token.
    pub issuer: String,
    /// Whom it names: who calls.
    pub subject: String,
    /// For whom, where one acts for another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<String>,
}

impl Person {
    /// The person behind a principal; nobody where the token names no entity.
    pub fn of(principal: &Principal) -> Option<Self> {
        let identity = principal.identity.as_deref()?;
        Some(Self {
            entity: principal.entity.clone()?,
            issuer: identity.issuer.to_string(),
            subject: identity.subject.clone(),
            on_behalf_of: identity.on_behalf_of.clone(),
        })
    }

    /// Whether a token names one officer, and not the entity as a whole.
    pub fn is_one(&self) -> bool {
        self.names().all(|name| name != self.entity)
    }

    /// As it is stored.
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// As it was stored.
    pub fn from_text(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// Whether the two can be one person, for whatever entity: one of those whom the tokens name is the same, who
    /// calls or for whom.
    pub fn can_be(&self, other: &Self) -> bool {
        self.issuer == other.issuer
            && self
                .names()
                .any(|name| other.names().any(|other| other == name))
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        let names = [Some(&self.subject), self.on_behalf_of.as_ref()];
        names.into_iter().flatten().map(String::as_str)
    }
}
