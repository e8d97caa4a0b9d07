//! One file: encoding, header rows, then row by row.

use super::{
    header::{self, Header},
    identifier::IdKey,
    problem::Problems,
    row::ReadRow,
};
use crate::records::{RecordType, Row};

/// A file whose header rows are in order.
pub(super) struct Reader<'a> {
    record_type: &'static RecordType,
    ids: &'a IdKey,
    file: String,
    records: csv::StringRecordsIntoIter<&'a [u8]>,
    lines: Lines<'a>,
    header: Header,
    has_lost_rows: bool,
}

impl<'a> Reader<'a> {
    /// Checks a file as a whole and its two header rows.
    pub(super) fn open(
        record_type: &'static RecordType,
        bytes: &'a [u8],
        ids: &'a IdKey,
        problems: &mut Problems,
    ) -> Option<Self> {
        let file = record_type.file();
        let text = match decode(bytes) {
            Ok(text) => text,
            Err((line, reason)) => {
                problems.add(&file, line, None, reason);
                return None;
            }
        };
        let mut records = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes())
            .into_records();
        let header = header::read(record_type, &mut records, problems)?;
        Some(Self {
            record_type,
            ids,
            file,
            records,
            lines: Lines::new(text.as_bytes()),
            header,
            has_lost_rows: false,
        })
    }

    /// Whether there were rows that not even a key could be read from.
    pub(super) fn has_lost_rows(&self) -> bool {
        self.has_lost_rows
    }

    /// The next row that can be staged; what is wrong with others goes to the problems, their keys
    /// to `keys`.
    pub(super) fn next_row(
        &mut self,
        problems: &mut Problems,
        keys: &mut impl FnMut(&ReadRow),
    ) -> Option<ReadRow> {
        loop {
            let record = match self.records.next()? {
                Ok(record) => record,
                Err(error) => {
                    problems.add(&self.file, 0, None, format!("cannot be read: {error}"));
                    self.has_lost_rows = true;
                    return None;
                }
            };
            let line = record
                .position()
                .map_or(0, |place| self.lines.at(place.byte()));
            if record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            if record.len() != self.header.width {
                problems.add(
                    &self.file,
                    line,
                    None,
                    wrong_width(record.len(), self.header.width),
                );
                self.has_lost_rows = true;
                continue;
            }
            let texts = self.header.places.iter();
            let texts = texts.map(|place| place.and_then(|place| record.get(place)).unwrap_or(""));
            let mut refusals = Vec::new();
            let row = Row::read(self.record_type, texts, &mut refusals);
            let row = ReadRow::new(row, line, self.ids);
            keys(&row);
            if refusals.is_empty() {
                return Some(row);
            }
            for (field, reason) in refusals {
                problems.add(&self.file, line, field, reason);
            }
        }
    }
}

/// Counts lines, as far as rows were read. The reader's own count takes a line break of two characters, as
/// spreadsheets write it, for the next row's.
#[derive(Debug)]
struct Lines<'a> {
    text: &'a [u8],
    counted: usize,
    breaks: u64,
}

impl<'a> Lines<'a> {
    const fn new(text: &'a [u8]) -> Self {
        Self {
            text,
            counted: 0,
            breaks: 0,
        }
    }

    /// The line of the row that begins at a place or behind the line breaks there; places only grow.
    fn at(&mut self, place: u64) -> u64 {
        let place = usize::try_from(place).unwrap_or(usize::MAX);
        while let Some(byte) = self.text.get(self.counted) {
            if self.counted >= place && !b"\r\n".contains(byte) {
                break;
            }
            self.breaks += u64::from(*byte == b'\n');
            self.counted += 1;
        }
        self.breaks + 1
    }
}

fn wrong_width(found: usize, expected: usize) -> String {
    let help = if found < expected {
        "the row is cut off, or a comma is missing"
    } else {
        "put a text that holds a comma in double quotes"
    };
    format!("has {found} cells where the header has {expected}; {help}")
}

/// The file as text, or the line where that ends and why.
fn decode(bytes: &[u8]) -> Result<&str, (u64, String)> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        let reason = "the file is UTF-16; save it as CSV in UTF-8";
        return Err((0, reason.to_owned()));
    }
    let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        let byte = bytes.get(at).copied().unwrap_or_default();
        let reason = format!("the byte 0x{byte:02X} is not UTF-8; save the file as CSV in UTF-8");
        (line_at(bytes, at), reason)
    })?;
    if let Some(at) = open_quote(bytes) {
        let reason = "a quoted text begins here and never ends; the file is cut off, or a quote is \
                      missing";
        return Err((line_at(bytes, at), reason.to_owned()));
    }
    if !text.is_empty() && !text.ends_with(['\n', '\r']) {
        let reason = "the last row does not end with a line break: the file may be cut off; if it \
                      is whole, add a line break";
        return Err((line_at(bytes, bytes.len()), reason.to_owned()));
    }
    Ok(text)
}

fn line_at(bytes: &[u8], at: usize) -> u64 {
    let breaks = bytes.iter().take(at).filter(|byte| **byte == b'\n').count();
    breaks as u64 + 1
}

/// Where the last quote stands, if their number is odd: then a text never ends.
fn open_quote(bytes: &[u8]) -> Option<usize> {
    let mut open = None;
    for (at, byte) in bytes.iter().enumerate() {
        if *byte == b'"' {
            open = match open {
                None => Some(at),
                Some(_) => None,
            };
        }
    }
    open
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::catalogue;

    /// Reads a file to its end; what counts is that it comes to one.
    fn read(record_type: &'static RecordType, bytes: &[u8]) -> (usize, Problems) {
        let mut problems = Problems::default();
        let ids = IdKey::example();
        let mut rows = 0;
        if let Some(mut reader) = Reader::open(record_type, bytes, &ids, &mut problems) {
            while reader.next_row(&mut problems, &mut |_| {}).is_some() {
                rows += 1;
            }
        }
        (rows, problems)
    }

    #[test]
    fn takes_every_example_whole() {
        for record_type in catalogue::all() {
            let bytes = record_type.data.bytes();
            let lines = std::str::from_utf8(bytes).unwrap().lines().count();
            let (rows, problems) = read(record_type, bytes);
            assert!(problems.is_empty(), "{problems}");
            assert_eq!(rows, lines - 2, "{}", record_type.name);
        }
    }

    #[test]
    fn lines_are_those_of_the_file_however_they_end() {
        let areas = catalogue::find("areas").unwrap();
        let example = std::str::from_utf8(areas.data.bytes()).unwrap();
        let header: Vec<_> = example.lines().take(2).collect();
        for end in ["\n", "\r\n"] {
            let rows = [header[0], header[1], "one", "", "\"two\nlines\"", "three"];
            let text = rows.join(end) + end;
            let (_, problems) = read(areas, text.as_bytes());
            let lines: Vec<_> = problems
                .listed()
                .iter()
                .map(|problem| problem.line)
                .collect();
            assert_eq!(lines, [3, 5, 7], "{end:?}");
        }
    }

    #[test]
    fn damaged_files_never_panic_and_a_cut_within_a_row_always_shows() {
        let damage = [0x00, 0x22, 0x2c, 0x2d, 0x0a, 0x7c, 0xc3, 0xff, b'9', b'Q'];
        let mut random = 0x9e37_79b9_7f4a_7c15_u64;
        for record_type in catalogue::all() {
            let whole = record_type.data.bytes();
            let start = &whole[..whole.len().min(4_000)];
            for _ in 0..200 {
                random = random
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                let at = usize::try_from(random >> 33).unwrap() % start.len();
                let cut = &start[..at];
                if !cut.ends_with(b"\n") {
                    let (_, problems) = read(record_type, cut);
                    assert!(!problems.is_empty(), "{} cut at {at}", record_type.name);
                }
                let mut damaged = start.to_vec();
                damaged[at] = damage[at % damage.len()];
                read(record_type, &damaged);
            }
        }
    }
}
