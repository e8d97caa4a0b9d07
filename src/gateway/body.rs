//! The body of an answer over HTTP: its media type read, its bytes decompressed, read up to a
//! bound.

use std::{
    error::Error,
    io::{ErrorKind, Write},
};

use bytes::{Bytes, BytesMut};
use flate2::write::MultiGzDecoder;
use reqwest::{
    Response,
    header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderName},
};

/// Compressed bytes decompressed at a time.
const PIECE: usize = 4 << 10;

/// Why there is no body.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BodyError {
    /// More than is read.
    #[error("it has more than {0} bytes")]
    TooLong(usize),
    /// Compressed in a way that was not asked for, or not as it says.
    #[error("its bytes cannot be decompressed")]
    Garbled,
    /// The connection broke.
    #[error(transparent)]
    Broken(reqwest::Error),
}

/// The media types that an answer may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Media {
    /// `application/graphql-response+json`.
    Graphql,
    /// `application/json`.
    Json,
    /// Any other.
    Other,
}

impl Media {
    /// What an answer says it is; names of media types have no case.
    pub(crate) fn of(response: &Response) -> Self {
        let text = header(response, &CONTENT_TYPE);
        let essence = text.split(';').next().unwrap_or_default().trim();
        if essence.eq_ignore_ascii_case("application/graphql-response+json") {
            Self::Graphql
        } else if essence.eq_ignore_ascii_case("application/json") {
            Self::Json
        } else {
            Self::Other
        }
    }
}

/// A header of an answer as text; empty where it has none.
pub(crate) fn header<'a>(response: &'a Response, name: &HeaderName) -> &'a str {
    let value = response.headers().get(name);
    value
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

/// Reads a body, decompressed, up to a number of bytes.
pub(crate) async fn read(mut response: Response, most: usize) -> Result<Bytes, BodyError> {
    let encoding = header(&response, &CONTENT_ENCODING).trim();
    let is_packed = ["gzip", "x-gzip"]
        .iter()
        .any(|known| encoding.eq_ignore_ascii_case(known));
    if !is_packed && !encoding.is_empty() && !encoding.eq_ignore_ascii_case("identity") {
        return Err(BodyError::Garbled);
    }
    let mut body = Bounded {
        bytes: BytesMut::new(),
        most,
        is_full: false,
    };
    if is_packed {
        let mut unpacking = MultiGzDecoder::new(body);
        while let Some(chunk) = next(&mut response).await? {
            for piece in chunk.chunks(PIECE) {
                let written = unpacking.write_all(piece);
                written.map_err(|_| unpacking.get_ref().trouble())?;
            }
        }
        let finished = unpacking.try_finish();
        finished.map_err(|_| unpacking.get_ref().trouble())?;
        let body = unpacking.get_mut();
        return Ok(std::mem::take(&mut body.bytes).freeze());
    }
    while let Some(chunk) = next(&mut response).await? {
        body.write_all(&chunk).map_err(|_| body.trouble())?;
    }
    Ok(body.bytes.freeze())
}

async fn next(response: &mut Response) -> Result<Option<Bytes>, BodyError> {
    response.chunk().await.map_err(|error| {
        if is_garbled(&error) {
            BodyError::Garbled
        } else {
            BodyError::Broken(error)
        }
    })
}

/// Takes bytes up to a bound.
#[derive(Debug)]
struct Bounded {
    bytes: BytesMut,
    most: usize,
    is_full: bool,
}

impl Bounded {
    /// Why a write failed: the bound, or what was written to it.
    fn trouble(&self) -> BodyError {
        if self.is_full {
            BodyError::TooLong(self.most)
        } else {
            BodyError::Garbled
        }
    }
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.bytes.len() + bytes.len() > self.most {
            self.is_full = true;
            return Err(ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Whether what came does not hold together, as against not having come.
fn is_garbled(error: &reqwest::Error) -> bool {
    let mut cause = error.source();
    while let Some(inner) = cause {
        let kind = inner
            .downcast_ref::<std::io::Error>()
            .map(std::io::Error::kind);
        if matches!(kind, Some(ErrorKind::InvalidData | ErrorKind::InvalidInput)) {
            return true;
        }
        cause = inner.source();
    }
    false
}
