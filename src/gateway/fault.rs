//! Failures to simulate, so that a front end can be tried against them.

use std::str::FromStr;

use bytes::Bytes;
use federation::{
    error::{SubgraphError, SubgraphErrorKind},
    execute::Answer,
};

/// A way to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No answer.
    Down,
    /// No answer in time.
    Slow,
    /// An answer that is not a GraphQL response.
    Invalid,
}

/// A fault for one source, as written on the command line: `srsg_svc=down`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFault {
    /// Name of the source.
    pub source: String,
    /// How it fails.
    pub fault: Fault,
}

impl FromStr for SourceFault {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = "write SOURCE=down, SOURCE=slow or SOURCE=invalid";
        let (source, fault) = text.split_once('=').ok_or(known)?;
        let fault = match fault {
            "down" => Fault::Down,
            "slow" => Fault::Slow,
            "invalid" => Fault::Invalid,
            other => return Err(format!("`{other}` is no fault; {known}")),
        };
        Ok(Self {
            source: source.to_owned(),
            fault,
        })
    }
}

impl Fault {
    /// Fails; [`Fault::Slow`] never ends, so the caller's time-out does.
    pub(super) async fn simulate(self, source: &str) -> Result<Answer, SubgraphError> {
        match self {
            Self::Down => Err(SubgraphError {
                kind: SubgraphErrorKind::Unavailable,
                message: format!("The source `{source}` could not be reached."),
                retryable: true,
            }),
            Self::Slow => std::future::pending().await,
            Self::Invalid => Ok(Answer::Json(Bytes::from_static(
                b"<html>not GraphQL</html>",
            ))),
        }
    }
}
