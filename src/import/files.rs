//! Where the files of records come from: a directory, or the binary itself.

use std::path::{Path, PathBuf};

use super::{catalogue, error::ImportError, known::Known, problem::Problems};
use crate::{
    records::{Data, RecordType},
    suggestion::did_you_mean,
};

/// A larger file is better loaded in parts.
const FILE_BYTES: u64 = 256 << 20;

/// The files of one import, in the order of the catalogue.
#[derive(Debug)]
pub struct Files {
    entries: Vec<(&'static RecordType, Content)>,
    /// Files of a directory that are no records.
    problems: Problems,
    pub(super) known: Known,
}

/// A file as it was read, and the type of its records.
pub(super) struct RecordFile {
    pub(super) record_type: &'static RecordType,
    pub(super) bytes: Vec<u8>,
    /// Whether it is in the binary: nobody can take a row out of it.
    pub(super) is_embedded: bool,
}

#[derive(Debug)]
enum Content {
    Path(PathBuf),
    Embedded(&'static [u8]),
}

impl Files {
    /// All `.csv` files of a directory; those of other kinds are left alone.
    pub fn from_directory(directory: &Path) -> Result<Self, ImportError> {
        let unreadable = |error| ImportError::Files {
            path: directory.to_owned(),
            error,
        };
        let mut names = Vec::new();
        for entry in std::fs::read_dir(directory).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            if path
                .extension()
                .is_some_and(|extension| extension.eq_ignore_ascii_case("csv"))
            {
                names.push(path);
            }
        }
        names.sort();
        let mut files = Self {
            entries: Vec::new(),
            problems: Problems::default(),
            known: Known::SinceImport,
        };
        for path in names {
            files.add(path);
        }
        if files.entries.is_empty() && files.problems.is_empty() {
            return Err(ImportError::NoFiles(directory.to_owned()));
        }
        let place = |record_type: &RecordType| {
            catalogue::all().position(|other| other.name == record_type.name)
        };
        files
            .entries
            .sort_by_key(|(record_type, _)| place(record_type));
        Ok(files)
    }

    fn add(&mut self, path: PathBuf) {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        if let Some(record_type) = catalogue::find(&stem) {
            return self.entries.push((record_type, Content::Path(path)));
        }
        let hint = did_you_mean(&stem, catalogue::all().map(|record_type| record_type.name));
        let reason = format!(
            "no records go by this name{hint} (`upfront import templates DIR` writes one template \
             for each)"
        );
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        self.problems.add(&name, 0, None, reason);
    }

    /// The example data: invented areas and invented facts.
    pub fn example() -> Self {
        Self::embedded(|_| true).known(Known::SinceRevision)
    }

    /// What every installation needs: the bodies of the plan of action and the names of the risk
    /// factors.
    pub fn reference() -> Self {
        Self::embedded(|data| matches!(data, Data::Reference(_)))
    }

    fn embedded(is_wanted: impl Fn(Data) -> bool) -> Self {
        let entries = catalogue::all().filter(|record_type| is_wanted(record_type.data));
        Self {
            entries: entries
                .map(|record_type| (record_type, Content::Embedded(record_type.data.bytes())))
                .collect(),
            problems: Problems::default(),
            known: Known::SinceImport,
        }
    }

    /// Says since when the records count as known.
    #[must_use]
    pub fn known(self, known: Known) -> Self {
        Self { known, ..self }
    }

    pub(super) fn problems(&self) -> Problems {
        self.problems.clone()
    }

    pub(super) fn record_types(&self) -> impl Iterator<Item = &'static RecordType> {
        self.entries.iter().map(|(record_type, _)| *record_type)
    }

    /// Reads one file after the other.
    pub(super) fn contents(&self) -> impl Iterator<Item = Result<RecordFile, ImportError>> {
        self.entries.iter().map(|(record_type, place)| {
            let bytes = match place {
                Content::Embedded(bytes) => bytes.to_vec(),
                Content::Path(path) => read(path)?,
            };
            Ok(RecordFile {
                record_type,
                bytes,
                is_embedded: matches!(place, Content::Embedded(_)),
            })
        })
    }
}

fn read(path: &Path) -> Result<Vec<u8>, ImportError> {
    let unreadable = |error| ImportError::Files {
        path: path.to_owned(),
        error,
    };
    let bytes = std::fs::metadata(path).map_err(unreadable)?.len();
    if bytes > FILE_BYTES {
        let error = format!("is larger than {FILE_BYTES} bytes; load it in parts");
        return Err(unreadable(std::io::Error::other(error)));
    }
    std::fs::read(path).map_err(unreadable)
}
