//! `upfront source test`: tries a service as the gateway would.

use std::time::Duration;

use clap::Args;
use reqwest::Url;

use crate::{
    cli::{CliError, say},
    registry::trial::{self, Finding, Verdict},
};

/// Try a service as the gateway would, and say what fails
///
/// It is asked for its SDL, for entities that do not exist, for a hundred at once, with one bad
/// representation among good ones, after a caller that timed out, and without a token.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  upfront source test http://127.0.0.1:4001/graphql")]
pub(super) struct Arguments {
    /// Where it answers
    url: Url,
    /// Bearer token to send, where the service wants one
    #[arg(long, value_name = "TOKEN")]
    token: Option<String>,
    /// Milliseconds an answer may take
    #[arg(long, default_value_t = 5_000)]
    timeout_ms: u64,
}

impl Arguments {
    pub(super) async fn run(self) -> Result<(), CliError> {
        let findings = trial::run(trial::Options {
            url: self.url,
            token: self.token,
            timeout: Duration::from_millis(self.timeout_ms),
        });
        let findings = findings
            .await
            .map_err(|error| CliError::new(error.to_string()))?;
        for finding in &findings {
            tell(finding)?;
        }
        let failures = findings
            .iter()
            .filter(|finding| finding.verdict == Verdict::Bad)
            .count();
        match failures {
            0 => return say("It does what the gateway needs."),
            1 => say("One thing fails.")?,
            failures => say(&format!("{failures} things fail."))?,
        }
        Err(CliError::Said)
    }
}

fn tell(finding: &Finding) -> Result<(), CliError> {
    let mark = match finding.verdict {
        Verdict::Good => "ok  ",
        Verdict::Doubtful => "warn",
        Verdict::Bad => "FAIL",
    };
    say(&format!("{mark}  {}: {}", finding.what, finding.detail))
}
