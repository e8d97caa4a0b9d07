//! A reader of JSON text that is known to be UTF-8, without recursion: a level of nesting takes one
//! bit.

use std::borrow::Cow;

use super::{
    scan::{Nesting, Scan},
    span::{Invalid, Span},
};

/// Bytes of a string that can be a name of a schema.
const MOST_NAME_BYTES: usize = 64 << 10;

/// Reads JSON from the front.
#[derive(Clone, Debug)]
pub(crate) struct Reader<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// Starts at the front of a text.
    pub(crate) fn new(text: &'a str) -> Self {
        Self {
            text: text.as_bytes(),
            at: 0,
        }
    }

    /// Starts inside a text.
    pub(crate) fn new_at(text: &'a str, at: usize) -> Self {
        Self {
            text: text.as_bytes(),
            at,
        }
    }

    /// Byte offset.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// The next byte that is not white space; it is not taken.
    pub(crate) fn peek(&mut self) -> Option<u8> {
        loop {
            match self.text.get(self.at) {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.at += 1,
                other => return other.copied(),
            }
        }
    }

    /// An error at the present place.
    pub(crate) fn invalid(&self, expected: &'static str) -> Invalid {
        Invalid {
            expected,
            at: self.at,
        }
    }

    /// Takes one byte of punctuation.
    pub(crate) fn take(&mut self, byte: u8, expected: &'static str) -> Result<(), Invalid> {
        if self.peek() == Some(byte) {
            self.at += 1;
            return Ok(());
        }
        Err(self.invalid(expected))
    }

    /// Takes a comma (true) or the closing bracket (false).
    pub(crate) fn take_separator(&mut self, close: u8) -> Result<bool, Invalid> {
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                Ok(true)
            }
            Some(byte) if byte == close => {
                self.at += 1;
                Ok(false)
            }
            _ => Err(self.invalid("a comma or a closing bracket")),
        }
    }

    /// Takes an opening bracket; whether anything stands before the closing one, which is taken
    /// too if nothing does.
    pub(crate) fn open(&mut self, open: u8, close: u8) -> Result<bool, Invalid> {
        self.take(open, "an opening bracket")?;
        if self.peek() == Some(close) {
            self.at += 1;
            return Ok(false);
        }
        Ok(true)
    }

    /// Takes a key and its colon if it is the expected one, spelt plainly.
    pub(crate) fn take_key(&mut self, expected: &str) -> bool {
        if self.peek() != Some(b'"') {
            return false;
        }
        let start = self.at + 1;
        let end = start + expected.len();
        let same = self.text.get(start..end) == Some(expected.as_bytes())
            && self.text.get(end) == Some(&b'"');
        if same && self.text.get(end + 1) == Some(&b':') {
            self.at = end + 2;
            return true;
        }
        false
    }

    /// Takes a key and its colon.
    pub(crate) fn key(&mut self) -> Result<Cow<'a, str>, Invalid> {
        if self.peek() != Some(b'"') {
            return Err(self.invalid("a key in quotation marks"));
        }
        let span = self.string()?;
        let key = &self.text[span.start..span.end];
        let key = if is_name(key) {
            decode(key)
        } else {
            // A longer string is not the name of a field.
            Some(Cow::Borrowed(""))
        };
        self.take(b':', "a colon")?;
        key.ok_or(Invalid {
            expected: "a key in Unicode",
            at: span.start,
        })
    }

    /// Takes one value of any kind.
    pub(crate) fn value(&mut self) -> Result<Span, Invalid> {
        match self.peek() {
            Some(b'"') => self.string(),
            Some(b'{' | b'[') => self.nested(),
            first => {
                let start = self.at;
                match first {
                    Some(b'-' | b'0'..=b'9') => self.number()?,
                    _ => self.literal()?,
                }
                Ok(Span {
                    start,
                    end: self.at,
                    is_unicode: true,
                })
            }
        }
    }

    fn nested(&mut self) -> Result<Span, Invalid> {
        let mut scan = self.begin_scan();
        loop {
            if let Some(span) = self.scan(&mut scan, usize::MAX)? {
                return Ok(span);
            }
        }
    }

    /// Begins to pass over a value, which is an object or a list.
    pub(crate) fn begin_scan(&mut self) -> Scan {
        self.peek();
        Scan::new(self.at)
    }

    /// Passes over about so many bytes more; the whole value once it has ended.
    pub(crate) fn scan(&mut self, scan: &mut Scan, bytes: usize) -> Result<Option<Span>, Invalid> {
        let until = self.at.saturating_add(bytes);
        let Scan { span, nesting } = scan;
        while self.at < until {
            match self.peek() {
                Some(open @ (b'{' | b'[')) => {
                    let is_object = open == b'{';
                    if self.open(open, open + 2)? {
                        nesting.push(is_object).ok_or(self.invalid("less depth"))?;
                        if is_object {
                            span.is_unicode &= self.skip_key()?;
                        }
                        continue;
                    }
                }
                Some(b'"') => span.is_unicode &= self.string()?.is_unicode,
                Some(b'-' | b'0'..=b'9') => self.number()?,
                _ => self.literal()?,
            }
            if !self.close(nesting, span)? {
                span.end = self.at;
                return Ok(Some(*span));
            }
        }
        Ok(None)
    }

    /// After a value: closes what ends here; whether another value follows in the same span.
    fn close(&mut self, nesting: &mut Nesting, span: &mut Span) -> Result<bool, Invalid> {
        while let Some(in_object) = nesting.top() {
            if self.take_separator(if in_object { b'}' } else { b']' })? {
                if in_object {
                    span.is_unicode &= self.skip_key()?;
                }
                return Ok(true);
            }
            nesting.pop();
        }
        Ok(false)
    }

    fn skip_key(&mut self) -> Result<bool, Invalid> {
        if self.peek() != Some(b'"') {
            return Err(self.invalid("a key in quotation marks"));
        }
        let is_unicode = self.string()?.is_unicode;
        self.take(b':', "a colon")?;
        Ok(is_unicode)
    }

    /// Takes `null`, `true` or `false`.
    fn literal(&mut self) -> Result<(), Invalid> {
        for literal in ["null", "true", "false"] {
            if self.text[self.at..].starts_with(literal.as_bytes()) {
                self.at += literal.len();
                return Ok(());
            }
        }
        Err(self.invalid("a value"))
    }

    /// Takes a number of any size: whether it fits a double is checked where that matters.
    fn number(&mut self) -> Result<(), Invalid> {
        self.skip(b'-');
        if !self.skip(b'0') && self.digits() == 0 {
            return Err(self.invalid("a digit"));
        }
        if self.skip(b'.') && self.digits() == 0 {
            return Err(self.invalid("a digit"));
        }
        if self.skip(b'e') || self.skip(b'E') {
            if !self.skip(b'-') {
                self.skip(b'+');
            }
            if self.digits() == 0 {
                return Err(self.invalid("a digit"));
            }
        }
        // What may follow a number is left to the caller, save what would continue it.
        match self.text.get(self.at) {
            Some(b'0'..=b'9') => Err(self.invalid("no digit after a leading zero")),
            _ => Ok(()),
        }
    }

    fn skip(&mut self, byte: u8) -> bool {
        let is_there = self.text.get(self.at) == Some(&byte);
        self.at += usize::from(is_there);
        is_there
    }

    fn digits(&mut self) -> usize {
        let rest = &self.text[self.at..];
        let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += count;
        count
    }

    /// Takes a string, quotation marks included.
    fn string(&mut self) -> Result<Span, Invalid> {
        let start = self.at;
        let mut is_unicode = true;
        self.at += 1;
        loop {
            self.at += plain_run(&self.text[self.at..]);
            match self.text.get(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    let end = self.at;
                    return Ok(Span {
                        start,
                        end,
                        is_unicode,
                    });
                }
                Some(b'\\') => is_unicode &= self.escape()?,
                _ => return Err(self.invalid("the end of a string")),
            }
        }
    }

    /// Takes an escape; whether it stands for a character.
    fn escape(&mut self) -> Result<bool, Invalid> {
        match self.text.get(self.at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                self.at += 2;
                Ok(true)
            }
            Some(b'u') => {
                let unit = self.code_unit()?;
                if !(0xD800..0xE000).contains(&unit) {
                    return Ok(true);
                }
                let is_pair = unit < 0xDC00 && self.text[self.at..].starts_with(b"\\u");
                // A low surrogate completes the pair; anything else is read again on its own.
                let before = self.at;
                if is_pair && (0xDC00..0xE000).contains(&self.code_unit()?) {
                    return Ok(true);
                }
                self.at = before;
                Ok(false)
            }
            _ => Err(self.invalid("an escape")),
        }
    }

    fn code_unit(&mut self) -> Result<u32, Invalid> {
        let mut unit = 0;
        for place in self.at + 2..self.at + 6 {
            let digit = self.text.get(place).and_then(|byte| match byte {
                b'0'..=b'9' => Some(byte - b'0'),
                b'a'..=b'f' => Some(byte - b'a' + 10),
                b'A'..=b'F' => Some(byte - b'A' + 10),
                _ => None,
            });
            unit = unit * 16 + u32::from(digit.ok_or(self.invalid("four hexadecimal digits"))?);
        }
        self.at += 6;
        Ok(unit)
    }
}

/// How many bytes from the front are neither a quotation mark, a backslash nor a control
/// character. Eight at a time: strings are most of an answer.
fn plain_run(text: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGHS: u64 = 0x8080_8080_8080_8080;
    let has_zero = |word: u64| word.wrapping_sub(ONES) & !word & HIGHS;
    let mut run = 0;
    for chunk in text.chunks_exact(8) {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(chunk);
        let word = u64::from_le_bytes(bytes);
        let quote = has_zero(word ^ (ONES * u64::from(b'"')));
        let backslash = has_zero(word ^ (ONES * u64::from(b'\\')));
        let control = word.wrapping_sub(ONES * 0x20) & !word & HIGHS;
        if quote | backslash | control != 0 {
            break;
        }
        run += 8;
    }
    let is_plain = |byte: &&u8| **byte >= 0x20 && **byte != b'"' && **byte != b'\\';
    run + text[run..].iter().take_while(is_plain).count()
}

/// Whether a string is short enough to be a name of a schema. Long ones are not decoded, which would be
/// done in one go.
fn is_name(string: &[u8]) -> bool {
    string.len() <= MOST_NAME_BYTES
}

/// The name that a string in quotation marks stands for; `None` if it is too long for one or not
/// Unicode.
pub(crate) fn decode_name(string: &[u8]) -> Option<Cow<'_, str>> {
    is_name(string).then(|| decode(string)).flatten()
}

/// The text that a string in quotation marks stands for; `None` if it is not Unicode.
pub(crate) fn decode(string: &[u8]) -> Option<Cow<'_, str>> {
    let inner = string.get(1..string.len().checked_sub(1)?)?;
    if inner.contains(&b'\\') {
        return serde_json::from_slice(string).ok().map(Cow::Owned);
    }
    std::str::from_utf8(inner).ok().map(Cow::Borrowed)
}
