//! Makes a version that can be checked from an entity's request: name, URL, SDL.

use entities::terms::{Classification, SourceKind};

use super::{PublishRequest, Registry, RegistryError};
use crate::{
    auth::is_scope,
    registry::{
        fetch, hash,
        plain::{self, NamedMutation, PrefixError},
        rules::{Refusal, RefusalCode},
        state::Version,
    },
};

/// Ready to be checked, or refused before that.
pub(super) enum Prepared {
    /// To be checked, and what of a plain server stays out.
    Version(Box<Version>, Vec<String>),
    /// Not to be checked.
    Refused(Refusal, String),
}

impl Registry {
    /// The SDL as it is given, or as the source returns it.
    pub(super) async fn given_sdl(
        &self,
        request: &PublishRequest,
    ) -> Result<Result<String, Refusal>, RegistryError> {
        let url = match self.outgoing.egress().parse(&request.url) {
            Ok(url) => url,
            Err(refusal) => {
                return Ok(Err(Refusal::new(
                    RefusalCode::UrlRefused,
                    format!("The URL was refused: {refusal}."),
                    "Give a URL that may be asked.",
                )));
            }
        };
        if let Some(sdl) = &request.sdl {
            return Ok(Ok(sdl.clone()));
        }
        let endpoint = fetch::Endpoint {
            name: &request.name,
            url: &url,
            kind: request.kind,
            is_registered: false,
        };
        let fetched = fetch::sdl(&self.outgoing, endpoint).await;
        fetched.map(Ok).map_err(RegistryError::Unreachable)
    }
}

/// Makes a version of a request.
pub(super) fn prepare(request: &PublishRequest, given: &str) -> Prepared {
    let given_hash = hash::of([given]);
    let refused = |refusal| Prepared::Refused(refusal, given_hash.clone());
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
            if request.default_level.is_none() && !marks_levels(given) {
                return refused(Refusal::new(
                    RefusalCode::LevelMissing,
                    "The schema of a plain GraphQL server marks no levels: it is not said who may \
                     see its fields.",
                    "Give all of them one level: `--default-level unclassified`, `confidential` or \
                     `strictly-confidential` (`defaultLevel` in the mutation).",
                ));
            }
            if let Some(refusal) = find_bad_mutation(&request.mutations) {
                return refused(refusal);
            }
            let prefix = prefix.as_deref().unwrap_or(&request.name);
            match plain::prefixed(given, prefix, &request.mutations) {
                Ok(sdl) => sdl,
                Err(error) => return refused(refusal_of(&error)),
            }
        }
    };
    let is_plain = request.kind == SourceKind::Plain;
    let prefix = request
        .prefix
        .clone()
        .unwrap_or_else(|| request.name.clone());
    let left_out = if is_plain {
        plain::left_out(given, &request.mutations)
    } else {
        Vec::new()
    };
    let version = Version {
        number: 0,
        kind: request.kind,
        url: request.url.clone(),
        sdl,
        given_hash,
        prefix: is_plain.then_some(prefix),
        default_level: request.default_level.map(Classification::from),
        allow_non_null: request.allow_non_null.clone(),
        allow_breaking: request.allow_breaking.clone(),
    };
    Prepared::Version(Box::new(version), left_out)
}

fn refusal_of(error: &PrefixError) -> Refusal {
    match error {
        PrefixError::NoMutation { name, known } => Refusal::new(
            RefusalCode::NameInvalid,
            format!("The server has no root mutation `{name}`."),
            help_with_mutations(known),
        ),
        PrefixError::Prefix(prefix) => Refusal::new(
            RefusalCode::NameInvalid,
            format!("`{prefix}` cannot be the prefix of names."),
            "Give one with `--prefix` (`prefix` in the mutation): letters, digits and `_`, a small \
             letter first and no `_` last, such as `wfp` for `Wfp_Price` and `wfp_prices`. Without \
             it the prefix is the name of the source.",
        ),
        PrefixError::Schema(what) => Refusal::new(
            RefusalCode::SdlUnreadable,
            format!("The schema cannot join under a prefix: {what}."),
            "Give another prefix with `--prefix`, or correct the schema.",
        ),
    }
}

/// Whether an SDL has directives that mark levels. The introspection of a server has none.
fn marks_levels(sdl: &str) -> bool {
    ["@tag", "@requiresScopes"]
        .iter()
        .any(|directive| sdl.contains(directive))
}

/// A mutation that is named twice, or with a scope that no token can hold.
fn find_bad_mutation(mutations: &[NamedMutation]) -> Option<Refusal> {
    let refusal = |named: &NamedMutation, what: String, help: &str| {
        let name: String = named.name.chars().take(64).collect();
        let message = format!("The mutation `{}` {what}.", name.escape_debug());
        Some(Refusal::new(RefusalCode::NameInvalid, message, help))
    };
    mutations.iter().enumerate().find_map(|(at, named)| {
        if mutations[..at].iter().any(|other| other.name == named.name) {
            let help = "Name it once, with the scope that it needs.";
            return refusal(named, "is named twice".to_owned(), help);
        }
        let scope = named.scope.as_deref().filter(|scope| !is_scope(scope))?;
        let scope: String = scope.chars().take(64).collect();
        let what = format!(
            "needs the scope `{}`, which no token can hold",
            scope.escape_debug()
        );
        refusal(
            named,
            what,
            "Write a scope without spaces, quotes and backslashes.",
        )
    })
}

/// How a mutation is named, with some of those that there are.
fn help_with_mutations(known: &[String]) -> String {
    if known.is_empty() {
        return "Leave `--mutation` out: the server has none.".to_owned();
    }
    let some: Vec<_> = known
        .iter()
        .take(10)
        .map(|name| format!("`{name}`"))
        .collect();
    let more = if known.len() > some.len() {
        " and more"
    } else {
        ""
    };
    format!(
        "Name one as the server does, without the prefix: {}{more}.",
        some.join(", ")
    )
}
