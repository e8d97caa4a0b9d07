//! Places in the log, as their readers are given them: encrypted and bound to the reader, since how far two places are
//! apart would tell how much the reader is not told.

use data_encoding::BASE64URL_NOPAD;
use sea_orm::DbErr;

use crate::{
    auth::Person,
    database::Database,
    import::IdKey,
    record_keys::{EncryptedText, RecordKey},
};

/// What the key is called, in the length of names of keys.
const NAME: &[u8; 16] = b"log of reviews..";

/// The places that one reader is given.
#[derive(Debug)]
pub(crate) struct LogPlace {
    key: RecordKey,
    reader: String,
}

impl LogPlace {
    /// Those of a reader.
    pub(crate) async fn of(database: &Database, reader: &Person) -> Result<Self, DbErr> {
        let secret = IdKey::of(&database.read).await?;
        let secret = BASE64URL_NOPAD.encode(&secret.derived("places in the log of the review"));
        let key = RecordKey::stored(BASE64URL_NOPAD.encode(NAME), &secret)
            .map_err(|error| DbErr::Custom(error.to_string()))?;
        Ok(Self {
            key,
            reader: reader.to_text(),
        })
    }

    /// A place, as the reader is given it; all are as long, since the length would tell how long the log is.
    pub(crate) fn write(&self, place: i64) -> Result<String, DbErr> {
        let text = self.key.encrypt(&format!("{place:020} {}", self.reader));
        text.map_err(|error| DbErr::Custom(error.to_string()))
    }

    /// A place that was given to the reader.
    pub(crate) fn read(&self, given: &str) -> Option<i64> {
        let text = EncryptedText::parse(given)?;
        let text = self.key.decrypt(&text).ok()?;
        let (place, reader) = text.split_once(' ')?;
        place.parse().ok().filter(|_| reader == self.reader)
    }
}
