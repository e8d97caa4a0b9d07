//! `upfront token revoke`.

use clap::{ArgGroup, Args};

use crate::{
    auth::{Revocation, Revoked, SystemClock, revoke},
    cli::{CliError, Common, records, say, signing::KeyPlace},
    config::LOCAL_ISSUER,
    database::sqlite_file,
};

/// Refuse tokens before their end: one token, the tokens of a session, or those of a subject until now
#[derive(Debug, Args)]
#[command(
    group = ArgGroup::new("what").required(true),
    after_help = "Example:\n  upfront token revoke --id 5d41402abc4b2a76b9719d911017c592 --reason 'device lost'\n  \
                  upfront token revoke --issuer https://id.example.org/realms/review --session SID\n\n\
                  Every replica refuses them within `auth.revocation_seconds`."
)]
pub(super) struct Arguments {
    /// `jti` of the token: it stands in the token, and as `token` in entries of the audit trail
    #[arg(long, value_name = "JTI", group = "what")]
    id: Option<String>,
    /// `sid` of the session
    #[arg(long, value_name = "SID", group = "what")]
    session: Option<String>,
    /// `sub` of the subject, in tokens of the local key its `--subject`, or else the code of the entity; tokens made more
    /// than a minute later are accepted
    #[arg(long, value_name = "SUB", group = "what")]
    subject: Option<String>,
    /// Issuer, as in `iss`; the local one unless given
    #[arg(long, value_name = "ISS", default_value = LOCAL_ISSUER)]
    issuer: String,
    /// Days after which none of these tokens can be valid any more
    #[arg(long, default_value_t = 366, value_parser = clap::value_parser!(u64).range(1..=3660))]
    days: u64,
    /// Why, for those who look at the list
    #[arg(long, value_name = "TEXT", default_value = "")]
    reason: String,
    #[command(flatten)]
    place: KeyPlace,
}

impl Arguments {
    pub(super) async fn run(self, common: &Common) -> Result<(), CliError> {
        let (what, value) = match (self.id, self.session, self.subject) {
            (Some(id), ..) => (Revoked::Token, id),
            (_, Some(session), _) => (Revoked::Session, session),
            (.., subject) => (Revoked::Subject, subject.unwrap_or_default()),
        };
        if value.is_empty() {
            return Err(CliError::new("what is to be revoked is empty"));
        }
        let config = common.load(&self.place.flags())?;
        let is_missing = |name: &str| {
            let file = config.database_url(name);
            sqlite_file(&file).is_some_and(|file| !file.exists())
        };
        // The example has a database of another name in the same directory.
        let names = [records::OWN, records::EXAMPLE];
        let Some(name) = names.into_iter().find(|name| !is_missing(name)) else {
            let place = records::place_of(&config, records::OWN);
            return Err(CliError::new(format!(
                "there is no database {place}: say where the service's is with --data-dir, \
                 --database-url or --settings"
            )));
        };
        let database = records::open(&config, name).await?;
        database.prepare_to_serve().await?;
        let revocation = Revocation {
            what,
            issuer: self.issuer,
            value,
            lasts: self.days * 24 * 3600,
            reason: self.reason,
        };
        let stored = revoke(&database, &revocation, &SystemClock).await;
        stored.map_err(|error| CliError::new(format!("it could not be stored: {error}")))?;
        say(&format!(
            "Revoked: `{}` of `{}`.",
            revocation.value, revocation.issuer
        ))
    }
}
