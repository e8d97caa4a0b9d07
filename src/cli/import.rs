//! `upfront import`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand};

use super::{CliError, Common, records, say, suppression};
use crate::{
    config::Flags,
    import::{self, Files, Known, Mode},
};

/// Load records from CSV files: all or nothing
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  upfront import templates ./records\n  \
                        upfront import records ./records --dry-run\n  \
                        upfront import records ./records")]
pub(super) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Load a directory of files named as the templates are
    #[command(after_help = "Example:\n  upfront import records ./records --dry-run")]
    Records {
        /// Directory of the files; those that do not end in .csv are left alone
        #[arg(value_name = "DIR")]
        directory: PathBuf,
        /// The records were in use elsewhere before: each revision counts as known since it was made
        /// (`revised_at`), instead of since this import
        #[arg(long)]
        known_since_revision: bool,
        #[command(flatten)]
        target: Target,
    },
    /// Load what every installation needs: bodies, their names, risk factors
    #[command(after_help = "Example:\n  upfront import reference")]
    Reference {
        #[command(flatten)]
        target: Target,
    },
    /// Load the example data: invented areas and invented facts
    #[command(after_help = "Example:\n  upfront import example --data-dir /tmp/trial")]
    Example {
        #[command(flatten)]
        target: Target,
    },
    /// Write an empty template for each type of record; files that are there stay as they are
    #[command(after_help = "Example:\n  upfront import templates ./records")]
    Templates {
        /// Directory to write them to
        #[arg(value_name = "DIR")]
        directory: PathBuf,
    },
}

#[derive(Debug, Args)]
struct Target {
    /// Check everything and store no record; an embedded database that is not there yet is made
    #[arg(long)]
    dry_run: bool,
    /// Directory of the embedded database
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Database instead of the embedded one: `postgres://…` or `sqlite:FILE`
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
}

impl Arguments {
    pub(super) async fn run(self, common: &Common) -> Result<(), CliError> {
        match self.what {
            What::Records {
                directory,
                known_since_revision,
                target,
            } => {
                let mut files = Files::from_directory(&directory)?;
                if known_since_revision {
                    files = files.known(Known::SinceRevision);
                }
                load(&files, target, common).await
            }
            What::Reference { target } => load(&Files::reference(), target, common).await,
            What::Example { target } => load(&Files::example(), target, common).await,
            What::Templates { directory } => write_templates(&directory),
        }
    }
}

async fn load(files: &Files, target: Target, common: &Common) -> Result<(), CliError> {
    let config = common.load(&Flags {
        data_dir: target.data_dir,
        database_url: target.database_url,
        ..Flags::default()
    })?;
    let database = records::open(&config, records::OWN).await?;
    database.prepare_to_serve().await?;
    let mode = if target.dry_run {
        Mode::DryRun
    } else {
        Mode::Store
    };
    let report = import::run(&database, files, mode).await?;
    if report.is_stored() {
        suppression::suppress(&config, &database).await?;
    }
    let place = if report.is_stored() {
        format!(" in {}", records::place_of(&config, records::OWN))
    } else {
        String::new()
    };
    say(&format!("{report}{place}"))
}

fn write_templates(directory: &Path) -> Result<(), CliError> {
    let cannot = |path: &Path, error: &std::io::Error| {
        CliError::new(format!("cannot write `{}`: {error}", path.display()))
    };
    fs::create_dir_all(directory).map_err(|error| cannot(directory, &error))?;
    let (mut written, mut kept) = (0, 0);
    for record_type in import::record_types() {
        let path = directory.join(record_type.file());
        if path.exists() {
            kept += 1;
            continue;
        }
        fs::write(&path, import::template(record_type)).map_err(|error| cannot(&path, &error))?;
        written += 1;
    }
    let already = match kept {
        0 => String::new(),
        kept => format!(" {kept} files were there already and stay as they are."),
    };
    say(&format!(
        "Wrote {written} templates to `{}`.{already}\n{}",
        directory.display(),
        import::never_held()
    ))
}
