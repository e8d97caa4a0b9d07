//! `upfront plan`.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use clap::Args;

use super::{CliError, Common, compose::Format, read, say_text};
use crate::{
    audit_trail::TrailCell,
    auth::{Clearance, TokenError, is_scope, with_implied},
    config::Flags,
    gateway::{
        Graph, ReloadError, Request, ResponseError, Withheld, compose_joint, is_subgraph_list,
    },
    registry::{RegistryCell, joint_sources},
    reviews::ReviewCell,
};

const EMBEDDED_ALONE: &str = "The operation was checked against the embedded sources alone. To plan \
                              with those that have registered, run `upfront source fetch --to \
                              joint-schema` and give --supergraph joint-schema/supergraph.graphql.";

/// Show how an operation would be answered: which source is asked what, and in which order
///
/// Without --supergraph it is planned on the joint schema of the embedded sources alone. `upfront
/// source fetch` downloads the supergraph with all that have registered.
///
/// The plan begins with what it costs: `rounds` (fetches that wait for each other), `fetches` (root
/// selections and lists of entities), `requests` (documents that are sent) and, in JSON alone, `places`
/// (how many ways to share the fields out among sources were tried; planning stops at 1,000).
///
/// A rejected operation ends with exit code 1 and its errors on standard error; 2 says that a file
/// cannot be read, or a flag is wrong.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  upfront plan --query examples/queries/situation-profile.graphql\n  \
                  upfront plan --supergraph supergraph.graphql --query q.graphql --format json"
)]
pub(super) struct Arguments {
    /// The operation
    #[arg(long, value_name = "FILE")]
    query: PathBuf,
    /// Its variables, as a JSON object; a Boolean that is missing counts as false
    #[arg(long, value_name = "FILE")]
    variables: Option<PathBuf>,
    /// Which operation, where the file holds several
    #[arg(long, value_name = "NAME")]
    operation: Option<String>,
    /// A scope the caller holds, a clearance included (`clearance:confidential`); repeat for more.
    /// Everything is granted unless one is given
    #[arg(long = "scope", value_name = "SCOPE")]
    scopes: Vec<String>,
    /// A label of progressive override that is on, besides those of the settings; repeat for more
    #[arg(long = "label", value_name = "LABEL")]
    labels: Vec<String>,
    /// The request's percentile, from 0 to 100; `percent(x)` is on if x is greater
    #[arg(long, value_name = "NUMBER", default_value_t = 0.0)]
    percentile: f64,
    /// Supergraph to plan on instead of the joint schema of the embedded sources
    #[arg(long, value_name = "FILE")]
    supergraph: Option<PathBuf>,
    /// Form of the plan
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl Arguments {
    pub(super) async fn run(self, common: &Common) -> Result<(), CliError> {
        self.check_scopes()?;
        let config = common.load(&Flags::default())?;
        let sdl = match &self.supergraph {
            Some(path) => {
                let text = read(path)?;
                if is_subgraph_list(&text) {
                    let error = ReloadError::ListGiven(path.clone());
                    return Err(CliError::Unreadable(error.to_string()));
                }
                text
            }
            None => compose_joint(&joint_sources(
                RegistryCell::default(),
                TrailCell::default(),
                ReviewCell::default(),
            ))?,
        };
        let graph = Graph::without_sources(&sdl, &config.limits);
        let graph = graph.map_err(|error| CliError::Unreadable(error.to_string()))?;
        let request = Request {
            query: read(&self.query)?,
            operation_name: self.operation.clone(),
            variables: match &self.variables {
                Some(path) => parse(path, &read(path)?)?,
                None => parse(Path::new("(none)"), "{}")?,
            },
            may_mutate: true,
            labels: (config.override_labels.iter())
                .chain(&self.labels)
                .cloned()
                .collect(),
            percentile: self.percentile,
            wants_cost: false,
        };
        let scopes = (!self.scopes.is_empty()).then(|| with_implied(self.scopes.clone()));
        match graph.plan(&request, scopes).await {
            Ok((plan, withheld)) => {
                let text = match self.format {
                    Format::Text => format!("{}{}", plan.to_text(), list(&withheld)),
                    Format::Json => {
                        let json = serde_json::to_string_pretty(&plan.to_json());
                        let json = json.map_err(|error| CliError::new(error.to_string()))?;
                        format!("{json}\n")
                    }
                };
                say_text(&text)
            }
            Err(errors) => {
                print_errors(&errors);
                let is_unknown =
                    |error: &ResponseError| error.message.starts_with("Cannot query field");
                if self.supergraph.is_none() && errors.iter().any(is_unknown) {
                    // There is no place for an error where standard error is closed.
                    let _ = writeln!(std::io::stderr(), "{EMBEDDED_ALONE}");
                }
                Err(CliError::Said)
            }
        }
    }
}

impl Arguments {
    /// A scope that no token can have would be planned with as if it were another's.
    fn check_scopes(&self) -> Result<(), CliError> {
        for scope in &self.scopes {
            if !is_scope(scope) {
                let error = TokenError::Scope(scope.clone());
                return Err(CliError::Unreadable(error.to_string()));
            }
            if let Some(meant) = Clearance::nearly(scope) {
                return Err(CliError::Unreadable(format!(
                    "`{scope}` is no clearance: write `{}`",
                    meant.scope()
                )));
            }
        }
        Ok(())
    }
}

fn list(withheld: &[Withheld]) -> String {
    let lines = withheld
        .iter()
        .map(|one| format!("withheld: {}\n", one.path.join(".")));
    lines.collect()
}

fn print_errors(errors: &[ResponseError]) {
    for error in errors {
        let places: Vec<_> = error
            .locations
            .iter()
            .map(|place| format!(" (line {}, column {})", place.line, place.column))
            .collect();
        // There is no place for an error where standard error is closed.
        let message = error.message.replace("`operationName`", "`--operation`");
        let _ = writeln!(std::io::stderr(), "{message}{}", places.concat());
    }
}

fn parse<T: serde::de::DeserializeOwned>(path: &Path, text: &str) -> Result<T, CliError> {
    serde_json::from_str(text).map_err(|error| {
        CliError::Unreadable(format!("`{}` is no JSON object: {error}", path.display()))
    })
}
