//! `upfront source test`: tries a service as the gateway would.

mod asking;
mod attempts;
mod entities;
mod plain;

use std::{sync::Arc, time::Duration};

use clap::Args;
use reqwest::Url;

use self::{
    asking::Options,
    attempts::{Finding, Verdict},
};
use crate::{
    auth::{CallerSigner, Principal, SystemClock, TokenError},
    cli::{
        CliError, Common, say,
        signing::{self, KeyPlace},
    },
};

/// Seconds that the token is good for.
const LIFETIME: u64 = 600;

/// Try a service as the gateway would, and say what fails
///
/// It is asked for its SDL, for entities that do not exist, for a hundred at once, with one bad
/// representation among good ones, after a caller that timed out, and without a token.
///
/// A plain server (--plain) is asked for its schema by introspection instead, and what would stay out
/// of the joint schema is told.
///
/// A service that checks the gateway's token refuses all that unless it is sent one: --sign makes it
/// with the gateway's own key, on the machine or with the settings of that gateway.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  upfront source test http://127.0.0.1:4001/graphql\n  \
                  upfront source test --sign http://127.0.0.1:4001/graphql\n  \
                  upfront source test --plain http://127.0.0.1:4002/graphql"
)]
pub(super) struct Arguments {
    /// Where it answers, written as it is or will be registered
    url: String,
    /// Bearer token to send, where the service wants one
    #[arg(long, value_name = "TOKEN", conflicts_with = "sign")]
    token: Option<String>,
    /// Send a token as the gateway makes it for this URL, signed with its key
    #[arg(long)]
    sign: bool,
    #[command(flatten)]
    key: KeyPlace,
    /// It is a plain GraphQL server, which knows nothing of federation
    #[arg(long)]
    plain: bool,
    /// Milliseconds an answer may take
    #[arg(long, default_value_t = 5_000)]
    timeout_ms: u64,
}

impl Arguments {
    pub(super) async fn run(self, common: &Common) -> Result<(), CliError> {
        let url = Url::parse(&self.url)
            .map_err(|error| CliError::Unreadable(format!("`{}` is no URL: {error}", self.url)))?;
        let token = if self.sign {
            Some(self.sign(common).await?)
        } else {
            self.token.clone()
        };
        let outcome = attempts::run(Options {
            url,
            token,
            is_plain: self.plain,
            timeout: Duration::from_millis(self.timeout_ms),
        });
        let outcome = outcome
            .await
            .map_err(|error| CliError::new(error.to_string()))?;
        for finding in &outcome.findings {
            print(finding)?;
        }
        let failures = outcome
            .findings
            .iter()
            .filter(|finding| finding.verdict == Verdict::Bad)
            .count();
        match failures {
            0 => return say("It does what the gateway needs."),
            1 => say("One thing fails.")?,
            failures => say(&format!("{failures} things fail."))?,
        }
        if outcome.is_refused && self.sign {
            say(&format!(
                "It was sent a token with the `aud` {}, which is compared character by character \
                 with the URL that the service expects.",
                self.url
            ))?;
        } else if outcome.is_refused && self.token.is_none() {
            say(
                "It was sent no token. If the service checks the gateway's token, try it with \
                 --sign.",
            )?;
        }
        Err(CliError::Said)
    }

    /// The gateway's token for a caller of whom nothing is known.
    async fn sign(&self, common: &Common) -> Result<String, CliError> {
        let key = signing::find(&common.load(&self.key.flags())?).await?;
        let signer = CallerSigner::new(key, Arc::new(SystemClock)).lasting(LIFETIME);
        let token = signer.token(&self.url, &Principal::default());
        let token = token.ok_or(CliError::Token(TokenError::NotSigned))?;
        Ok(token.to_string())
    }
}

fn print(finding: &Finding) -> Result<(), CliError> {
    let mark = match finding.verdict {
        Verdict::Good => "ok  ",
        Verdict::Doubtful => "warn",
        Verdict::Bad => "FAIL",
    };
    say(&format!("{mark}  {}: {}", finding.what, finding.detail))
}
