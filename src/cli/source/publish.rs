//! `upfront source check` and `upfront source publish`.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use super::{
    client::Registry,
    report::{FINDINGS, WRITES, list, string, written},
};
use crate::{
    cli::{CliError, compose::Format, read, say, say_text},
    registry::{check::MOST_SDL_BYTES, level::Level, plain::NamedMutation},
};

/// A version of a source.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    registry: Registry,
    /// Name of the source: small letters, digits, `_` and `-`
    #[arg(long)]
    name: String,
    /// Where it answers
    #[arg(long)]
    url: String,
    /// Its SDL; where it is not given, the source is asked
    #[arg(long, value_name = "FILE")]
    schema: Option<PathBuf>,
    /// It is a plain GraphQL server, which knows nothing of federation
    #[arg(long)]
    plain: bool,
    /// Prefix for type and root field names of a plain server [default: the source's name]
    #[arg(long, requires = "plain")]
    prefix: Option<String>,
    /// A root mutation of a plain server that comes into the joint schema, and the scope that callers
    /// need for it; may be given several times, and those not named stay out
    #[arg(long = "mutation", value_name = "FIELD=SCOPE", requires = "plain")]
    mutations: Vec<NamedMutation>,
    /// Level of the fields that mark none: unclassified, confidential or strictly-confidential
    #[arg(long, value_name = "LEVEL")]
    default_level: Option<Level>,
    /// Allow non-null fields on types of other entities; the reason is recorded
    #[arg(long, value_name = "REASON")]
    allow_non_null: Option<String>,
    /// Allow breaking changes; the reason is recorded
    #[arg(long, value_name = "REASON")]
    allow_breaking: Option<String>,
    /// Format of the output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl Arguments {
    pub(super) async fn check(self) -> Result<(), CliError> {
        let query = format!(
            "mutation CheckSource($input: SourceInput!) {{ checkSource(input: $input) {{ \
             id outcome changeCount {FINDINGS} {WRITES} }} }}"
        );
        let variables = json!({ "input": self.input()? });
        let mut data = self.registry.ask(&query, variables).await?;
        let check = data["checkSource"].take();
        self.tell(&check, &check, false)?;
        let outcome = string(&check, "outcome");
        if self.format == Format::Text {
            say(match outcome {
                "PASSED" => "No problems found.",
                "BREAKING" => {
                    "It breaks operations that are in use or were valid: publish it with --allow-breaking REASON."
                }
                _ => "It cannot be published.",
            })?;
        }
        if outcome == "PASSED" {
            Ok(())
        } else {
            Err(CliError::Said)
        }
    }

    pub(super) async fn publish(self) -> Result<(), CliError> {
        let query = format!(
            "mutation PublishSource($input: SourceInput!) {{ publishSource(input: $input) {{ \
             published unchanged version supergraph {{ number }} warnings \
             check {{ id outcome changeCount {FINDINGS} {WRITES} }} }} }}"
        );
        let variables = json!({ "input": self.input()? });
        let mut data = self.registry.ask(&query, variables).await?;
        let publication = data["publishSource"].take();
        let is_published = publication["published"] == json!(true);
        self.tell(&publication, &publication["check"], is_published)?;
        let is_unchanged = publication["unchanged"] == json!(true);
        if self.format == Format::Text {
            say(&if is_published {
                format!(
                    "Published version {} of `{}`: supergraph {}.",
                    publication["version"], self.name, publication["supergraph"]["number"]
                )
            } else if is_unchanged {
                format!(
                    "This version of `{}` is already published; nothing changed.",
                    self.name
                )
            } else {
                "It was not published.".to_owned()
            })?;
            for warning in list(&publication, "warnings") {
                let warning = warning.as_str().unwrap_or_default();
                say(&format!("warning: {warning}"))?;
            }
        }
        if is_published || is_unchanged {
            Ok(())
        } else {
            Err(CliError::Said)
        }
    }

    fn tell(&self, whole: &Value, findings: &Value, is_done: bool) -> Result<(), CliError> {
        match self.format {
            Format::Text => say_text(&written(findings, is_done)),
            Format::Json => say_text(&format!("{whole:#}\n")),
        }
    }

    fn input(&self) -> Result<Value, CliError> {
        let sdl = self.schema.as_deref().map(read_sdl).transpose()?;
        Ok(json!({
            "name": self.name,
            "url": self.url,
            "sdl": sdl,
            "kind": if self.plain { "PLAIN" } else { "FEDERATION" },
            "prefix": self.prefix,
            "mutations": self.mutations.iter().map(|mutation| {
                json!({ "name": mutation.name, "scope": mutation.scope })
            }).collect::<Vec<_>>(),
            "defaultLevel": self.default_level.map(Level::as_str),
            "allowNonNull": self.allow_non_null,
            "allowBreaking": self.allow_breaking,
        }))
    }
}

/// The SDL of a file, refused here where the registry would refuse its length, or not even take it.
fn read_sdl(path: &Path) -> Result<String, CliError> {
    let sdl = read(path)?;
    if sdl.len() <= MOST_SDL_BYTES {
        return Ok(sdl);
    }
    Err(CliError::new(format!(
        "refused [SDL_TOO_LARGE]: `{}` has {} bytes, and an SDL has at most {MOST_SDL_BYTES}; split \
         the source into several",
        path.display(),
        sdl.len()
    )))
}
