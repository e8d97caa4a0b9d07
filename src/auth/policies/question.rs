//! What the hook is asked, and what its answer may be kept for: in all of it, two callers who are not the
//! same differ.

use std::{collections::BTreeSet, sync::Arc};

use serde::Serialize;

use crate::auth::{Identity, Principal};

/// Policies, and the caller who may satisfy them.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Question {
    /// The token and the session as well: a new one is asked about anew.
    identity: Option<Arc<Identity>>,
    entity: Option<String>,
    scopes: BTreeSet<String>,
    policies: BTreeSet<String>,
}

/// As the hook reads it: what OPA's REST API takes.
#[derive(Serialize)]
struct Body<'a> {
    input: Input<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Input<'a> {
    policies: &'a BTreeSet<String>,
    subject: Option<&'a str>,
    issuer: Option<&'a str>,
    on_behalf_of: Option<&'a str>,
    client: Option<&'a str>,
    entity: Option<&'a str>,
    scopes: &'a BTreeSet<String>,
}

impl Question {
    pub(super) fn new(principal: &Principal, policies: BTreeSet<String>) -> Self {
        Self {
            identity: principal.identity.as_ref().map(Arc::clone),
            entity: principal.entity.clone(),
            scopes: principal.scopes.iter().cloned().collect(),
            policies,
        }
    }

    /// Whether it is about a policy.
    pub(super) fn is_about(&self, policy: &str) -> bool {
        self.policies.contains(policy)
    }

    /// The policies that it is about.
    pub(super) fn policies(&self) -> &BTreeSet<String> {
        &self.policies
    }

    /// The body of the request to the hook.
    pub(super) fn to_json(&self) -> serde_json::Result<Vec<u8>> {
        let identity = self.identity.as_deref();
        serde_json::to_vec(&Body {
            input: Input {
                policies: &self.policies,
                subject: identity.map(|identity| identity.subject.as_str()),
                issuer: identity.map(|identity| &*identity.issuer),
                on_behalf_of: identity.and_then(|identity| identity.on_behalf_of.as_deref()),
                client: identity.and_then(|identity| identity.client.as_deref()),
                entity: self.entity.as_deref(),
                scopes: &self.scopes,
            },
        })
    }

    /// About how many bytes it takes, its answer included.
    pub(super) fn size(&self) -> usize {
        let texts =
            |texts: &BTreeSet<String>| -> usize { texts.iter().map(|text| 32 + text.len()).sum() };
        let identity = self.identity.as_deref().map_or(0, |identity| {
            let more = [
                &identity.on_behalf_of,
                &identity.client,
                &identity.session,
                &identity.token_id,
            ];
            let more = more.into_iter().flatten().map(String::len);
            identity.subject.len() + more.sum::<usize>()
        });
        let entity = self.entity.as_ref().map_or(0, String::len);
        256 + identity + entity + texts(&self.scopes) + 2 * texts(&self.policies)
    }
}
