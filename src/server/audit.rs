//! Records who was given what above UNCLASSIFIED, and who wrote what. In: an operation that has run and what
//! is about to be sent. Out: leave to send it. Invariant: what is classified is sent only once its entry is on
//! disk, and a mutation begins only once it is recorded that it does.

use std::{net::IpAddr, sync::Arc};

use aws_lc_rs::digest::{SHA256, digest};
use axum::http::{HeaderMap, HeaderName};
use data_encoding::HEXLOWER;

use super::{label, middleware::REQUEST_ID};
use crate::{
    app::App,
    audit_trail::{
        AuditEntry, AuditTrail, Client, Level, OperationKind as Kind, Outcome, may_go_unrecorded,
        needs_purpose,
    },
    auth::Principal,
    error::ApiError,
    gateway::{Caller, Graph, OperationKind, ParsedOperation, Response},
    registry::store::Client as NamedClient,
};

/// What a request is for, in the client's words.
pub(super) const PURPOSE: HeaderName = HeaderName::from_static("upfront-purpose");

/// What is known of an operation before it runs.
pub(super) struct Recording<'a> {
    trail: &'a AuditTrail,
    app: &'a App,
    /// All but the hash of the document.
    entry: AuditEntry,
    document: Arc<str>,
    is_mutation: bool,
}

impl<'a> Recording<'a> {
    /// Begins the entry of an operation, where there is a trail.
    pub(super) fn new(
        app: &'a App,
        operation: &ParsedOperation,
        caller: &Caller,
        address: Option<IpAddr>,
    ) -> Option<Self> {
        let trail = app.trail()?;
        let text = |name: &HeaderName| header(&caller.headers, name);
        let identity = caller.principal.identity.as_deref();
        let is_mutation = operation.kind() == OperationKind::Mutation;
        let entry = AuditEntry {
            subject: identity.map(|identity| identity.subject.clone()),
            issuer: identity.map(|identity| identity.issuer.to_string()),
            on_behalf_of: identity.and_then(|identity| identity.on_behalf_of.clone()),
            entity: caller.principal.entity.clone(),
            purpose: text(&PURPOSE),
            client: client(&caller.principal, &caller.headers),
            address: address.map(|address| address.to_string()),
            request_id: text(&REQUEST_ID).unwrap_or_default(),
            token: identity.and_then(|identity| identity.token_id.clone()),
            session: identity.and_then(|identity| identity.session.clone()),
            operation_name: operation.name().map(str::to_owned),
            operation_kind: if is_mutation {
                Kind::Mutation
            } else {
                Kind::Query
            },
            ..AuditEntry::default()
        };
        Some(Self {
            trail,
            app,
            entry,
            document: Arc::clone(operation.text()),
            is_mutation,
        })
    }

    /// Records that a mutation begins: what it writes is then known of, whatever happens to this process.
    /// One that would be refused for want of a purpose does not begin. Callers without a token can write
    /// nothing.
    pub(super) async fn begin(
        &self,
        operation: &ParsedOperation,
        principal: &Principal,
    ) -> Result<(), ApiError> {
        if !self.is_mutation || !principal.is_authenticated() {
            return Ok(());
        }
        let scopes = operation.scopes();
        let level = label::of_scopes(|scope| scopes.contains(scope) && principal.has_scope(scope));
        let lacks_purpose = self.lacks_purpose(level);
        let entry = AuditEntry {
            outcome: if lacks_purpose {
                Outcome::Refused
            } else {
                Outcome::Begun
            },
            operation_hash: self.hash(),
            ..self.entry.clone()
        };
        match self.trail.record(entry).await {
            Ok(_) if lacks_purpose => Err(ApiError::PurposeMissing),
            Ok(_) => Ok(()),
            Err(_) => Err(ApiError::AuditUnavailable),
        }
    }

    /// Records what is about to be sent, where it is classified or was written.
    pub(super) async fn end(
        mut self,
        graph: &Graph,
        response: &Response,
        caller: &Caller,
    ) -> Result<(), ApiError> {
        let was_begun = self.is_mutation && caller.principal.is_authenticated();
        let reached = caller.take_records();
        let level = label::of(response, caller).unwrap_or_default();
        self.describe(graph, response);
        self.entry.highest_level = level;
        self.entry.owners.extend(caller.classified().owners());
        let is_classified = level > Level::Unclassified;
        if !is_classified && !was_begun {
            return Ok(());
        }
        self.entry.operation_hash = self.hash();
        let lacks_purpose = self.lacks_purpose(level);
        if lacks_purpose {
            self.entry.outcome = Outcome::Refused;
        }
        self.entry.records = reached.ids.into_iter().collect();
        let sources = caller.fetches().into_iter();
        self.entry.sources = sources.map(|fetch| fetch.source.to_string()).collect();
        match self.trail.record(self.entry).await {
            Ok(_) if lacks_purpose => Err(ApiError::PurposeMissing),
            Ok(_) => Ok(()),
            Err(_)
                if !was_begun
                    && !lacks_purpose
                    && may_go_unrecorded(&self.app.config.audit, level) =>
            {
                self.trail.note_unrecorded();
                Ok(())
            }
            Err(_) => Err(ApiError::AuditUnavailable),
        }
    }

    fn lacks_purpose(&self, level: Level) -> bool {
        needs_purpose(&self.app.config.audit, level) && self.entry.purpose.is_none()
    }

    fn hash(&self) -> String {
        HEXLOWER.encode(digest(&SHA256, self.document.as_bytes()).as_ref())
    }

    /// Adds what was read, and how it ended.
    fn describe(&mut self, graph: &Graph, response: &Response) {
        for field in response.restricted.iter() {
            let level = label::of_scopes(|scope| field.scopes.contains(scope));
            if level == Level::Unclassified {
                continue;
            }
            self.entry.fields.insert(field.coordinate.clone());
            let owners = field.subgraphs.iter();
            let owners = owners.filter_map(|source| graph.entity_of(source));
            self.entry.owners.extend(owners.map(str::to_owned));
        }
        self.entry.withheld = response.withheld.len() as u64;
        self.entry.outcome = match (&response.data, response.errors.is_empty()) {
            (None, _) => Outcome::Failed,
            (Some(_), true) => Outcome::Answered,
            (Some(data), false) if data.as_ref() == b"null" => Outcome::Failed,
            (Some(_), false) => Outcome::Partial,
        };
    }
}

fn header(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let text = String::from_utf8_lossy(headers.get(name)?.as_bytes());
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn client(principal: &Principal, headers: &HeaderMap) -> Client {
    let named = NamedClient::of(principal, headers);
    let given = |text: String| (!text.is_empty()).then_some(text);
    Client {
        name: given(named.name),
        version: given(named.version),
    }
}
