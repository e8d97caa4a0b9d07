//! Free text of records: read with the key of its record when it is asked for, for all texts of a round at
//! once. What was stored before texts were encrypted is told as it is.

use std::{borrow::Cow, collections::HashMap};

use async_graphql::{
    ContextSelectionSet, OutputType, Positioned, ServerError, ServerResult, Value,
    dataloader::Loader, parser::types::Field, registry::Registry,
};

use super::{
    error::{StoreError, missing, sealed},
    loading::{CHUNK, RequestLoader},
    viewer::Viewer,
};
use crate::{
    database::Database,
    record_keys::{EncryptedText, RecordKey, readable},
};

/// A text as it is stored; a `String` of the graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredText(pub String);

impl From<&str> for StoredText {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

/// Reads the keys of texts for one request.
#[derive(Debug)]
pub struct TextKeys(pub Database);

/// The key with a name, where texts may be read with it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct KeyName(String);

impl Loader<KeyName> for TextKeys {
    type Value = RecordKey;
    type Error = StoreError;

    async fn load(&self, names: &[KeyName]) -> Result<HashMap<KeyName, RecordKey>, StoreError> {
        let mut keys = HashMap::with_capacity(names.len());
        for names in names.chunks(CHUNK) {
            let names = names.iter().map(|name| name.0.as_str());
            let read = readable(&self.0.read, names).await?;
            keys.extend(
                read.into_iter()
                    .map(|key| (KeyName(key.name().to_owned()), key)),
            );
        }
        Ok(keys)
    }
}

impl StoredText {
    async fn read(&self, context: &ContextSelectionSet<'_>) -> async_graphql::Result<String> {
        let Some(text) = EncryptedText::parse(&self.0) else {
            return Ok(self.0.clone());
        };
        if context.data::<Viewer>()?.is_given_stored_texts() {
            return Ok(self.0.clone());
        }
        let name = KeyName(text.key.to_owned());
        let key = context
            .data::<RequestLoader<TextKeys>>()?
            .load_one(name)
            .await?;
        // Its row was read before the record was sealed.
        let key = key.ok_or_else(sealed)?;
        key.decrypt(&text).map_err(|error| {
            tracing::error!(%error, key = text.key, "a stored text cannot be read");
            missing()
        })
    }
}

impl OutputType for StoredText {
    fn type_name() -> Cow<'static, str> {
        <String as OutputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <String as OutputType>::create_type_info(registry)
    }

    async fn resolve(
        &self,
        context: &ContextSelectionSet<'_>,
        field: &Positioned<Field>,
    ) -> ServerResult<Value> {
        let text = self.read(context).await;
        text.map(Value::String)
            .map_err(|error| located(error.into_server_error(field.pos), context))
    }
}

fn located(error: ServerError, context: &ContextSelectionSet<'_>) -> ServerError {
    context.set_error_path(error)
}
