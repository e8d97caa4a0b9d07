//! From what an entity sends to what is judged: names, URLs, the SDL itself.

use entities::terms::{Classification, SourceKind};

use super::{PublishRequest, Registry, RegistryError};
use crate::registry::{
    fetch, hash,
    judgement::{Candidate, Member},
    name::{self, Taken},
    plain,
    rules::{Consent, Refusal, RefusalCode},
    store::NewVersion,
};

/// Ready to be judged, or refused before that.
pub(super) enum Prepared {
    /// To be judged, and then to be stored so.
    Candidate(Box<Candidate>, Box<NewVersion>),
    /// Not worth judging.
    Refused(Refusal, String),
}

impl Registry {
    /// Why an entity may not publish under a name. Found out before anybody is asked: what is set
    /// for a source is for its own entity to make use of.
    pub(super) async fn find_name_refusal(
        &self,
        entity: &str,
        name: &str,
    ) -> Result<Option<Refusal>, RegistryError> {
        let known = self.store.sources().await?;
        let embedded = self.embedded.iter().map(|member| Taken {
            name: &member.name,
            entity: &member.entity,
            is_embedded: true,
        });
        let registered = known.iter().map(|source| Taken {
            name: &source.record_key,
            entity: &source.entity,
            is_embedded: false,
        });
        Ok(name::check(name, entity, embedded.chain(registered)).err())
    }

    /// The SDL as it is given, or as the source tells it.
    pub(super) async fn given_sdl(
        &self,
        request: &PublishRequest,
    ) -> Result<Result<String, Refusal>, RegistryError> {
        let url = match self.outgoing.egress().parse(&request.url) {
            Ok(url) => url,
            Err(refusal) => {
                return Ok(Err(Refusal::new(
                    RefusalCode::UrlRefused,
                    format!("The URL is not asked: {refusal}."),
                    "Give a URL that may be asked.",
                )));
            }
        };
        if let Some(sdl) = &request.sdl {
            return Ok(Ok(sdl.clone()));
        }
        let asking = self.outgoing.post(&request.name, &url, false);
        let fetched = match request.kind {
            SourceKind::Federation => fetch::subgraph_sdl(asking, &url).await,
            SourceKind::Plain => match fetch::introspection(asking, &url).await {
                Ok(data) => plain::sdl_of(&data),
                Err(error) => Err(error),
            },
        };
        fetched.map(Ok).map_err(RegistryError::Unreachable)
    }

    /// Makes a candidate of a request.
    pub(super) async fn prepare(
        &self,
        entity: &str,
        request: &PublishRequest,
        given: &str,
    ) -> Result<Prepared, RegistryError> {
        let given_hash = hash::of([given]);
        let refused = |refusal| Ok(Prepared::Refused(refusal, given_hash.clone()));
        if request.kind == SourceKind::Federation && !request.mutations.is_empty() {
            return refused(Refusal::new(
                RefusalCode::NameInvalid,
                "Mutations are named for a plain GraphQL server; a subgraph has those of its SDL.",
                "Leave the names out, or say that the source is plain.",
            ));
        }
        let sdl = match (request.kind, &request.prefix) {
            (SourceKind::Federation, None) => given.to_owned(),
            (SourceKind::Federation, Some(_)) => {
                return refused(Refusal::new(
                    RefusalCode::NameInvalid,
                    "A prefix is for a plain GraphQL server; a subgraph names its types itself.",
                    "Leave the prefix out, or say that the source is plain.",
                ));
            }
            (SourceKind::Plain, prefix) => {
                let prefix = prefix.as_deref().unwrap_or(&request.name);
                match plain::prefixed(given, prefix, &request.mutations) {
                    Ok(sdl) => sdl,
                    Err(what) => {
                        return refused(Refusal::new(
                            RefusalCode::SdlUnreadable,
                            format!("The schema cannot join under a prefix: {what}."),
                            "Give another prefix with `--prefix`, other mutations with \
                             `--mutation`, or mend the schema.",
                        ));
                    }
                }
            }
        };
        let consents = self.store.consents(&request.name).await?;
        let consents = consents.into_iter().map(|consent| Consent {
            coordinate: consent.coordinate,
            granted_by: consent.granted_by,
        });
        let candidate = Candidate {
            member: Member {
                name: request.name.clone(),
                entity: entity.to_owned(),
                url: request.url.clone(),
                sdl,
            },
            default_level: request.default_level,
            allow_non_null: request.allow_non_null.clone(),
            allow_breaking: request.allow_breaking.clone(),
            consents: consents.collect(),
        };
        let version = new_version(request, given_hash);
        Ok(Prepared::Candidate(Box::new(candidate), Box::new(version)))
    }
}

fn new_version(request: &PublishRequest, given_hash: String) -> NewVersion {
    let is_plain = request.kind == SourceKind::Plain;
    let prefix = request
        .prefix
        .clone()
        .unwrap_or_else(|| request.name.clone());
    NewVersion {
        source: request.name.clone(),
        kind: request.kind,
        url: request.url.clone(),
        sdl: String::new(),
        given_hash,
        prefix: is_plain.then_some(prefix),
        default_level: request.default_level.map(Classification::from),
        allow_non_null: request.allow_non_null.clone(),
        allow_breaking: request.allow_breaking.clone(),
    }
}
