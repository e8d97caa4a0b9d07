//! Decodes a body or a query string into a GraphQL request.

use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::options::Options;
use crate::{
    error::ApiError,
    gateway::{Request, read_variables},
};

/// What a client asks, and in which form it wants the answer.
#[derive(Debug)]
pub(super) struct Decoded {
    pub(super) request: Request,
    pub(super) options: Options,
}

/// The members of a request, not yet looked into.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Members<'a> {
    #[serde(borrow)]
    query: Option<&'a RawValue>,
    #[serde(borrow)]
    operation_name: Option<&'a RawValue>,
    #[serde(borrow)]
    variables: Option<&'a RawValue>,
    #[serde(borrow)]
    extensions: Option<&'a RawValue>,
}

/// The body of a POST.
pub(super) fn decode_body(body: &Bytes) -> Result<Decoded, ApiError> {
    let members = read_members(body)?;
    let mut decoded = Decoded {
        request: Request {
            may_mutate: true,
            ..Request::default()
        },
        options: Options::default(),
    };
    decoded.request.query = match members
        .query
        .map(|raw| (raw, serde_json::from_str(raw.get())))
    {
        Some((_, Ok(text))) => text,
        Some(_) => {
            return Err(bad(
                "`query` must be a string: a GraphQL document.".to_owned()
            ));
        }
        None => return Err(no_query(members.extensions.map(RawValue::get))),
    };
    if let Some(raw) = members.operation_name {
        decoded.request.operation_name = serde_json::from_str(raw.get())
            .map_err(|_| bad("`operationName` must be a string or null.".to_owned()))?;
    }
    read_maps(
        &mut decoded,
        members.variables.map(RawValue::get),
        members.extensions.map(RawValue::get),
    )?;
    Ok(decoded)
}

fn read_members(body: &Bytes) -> Result<Members<'_>, ApiError> {
    let what = match body.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{') => {
            let read = serde_json::from_slice(body);
            return read.map_err(|error| {
                bad(format!(
                    "The body cannot be read as a JSON object: {error}."
                ))
            });
        }
        None => "is empty",
        Some(b'[') => "is a list, and requests are sent one at a time",
        Some(_) => "is no JSON object",
    };
    Err(bad(format!(
        "The body {what}. A GraphQL request is a JSON object that has a document under `query`, such \
         as {{\"query\": \"{{ __typename }}\"}}."
    )))
}

/// The query string of a GET, which never mutates.
pub(super) fn decode_query(pairs: Vec<(String, String)>) -> Result<Decoded, ApiError> {
    let [mut query, mut operation_name, mut variables, mut extensions] = [const { None }; 4];
    for (name, value) in pairs {
        let member = match name.as_str() {
            "query" => &mut query,
            "operationName" => &mut operation_name,
            "variables" => &mut variables,
            "extensions" => &mut extensions,
            _ => continue,
        };
        if member.replace(value).is_some() {
            return Err(bad(format!("`{name}` is given more than once.")));
        }
    }
    let mut decoded = Decoded {
        request: Request {
            query: query.ok_or_else(|| no_query(extensions.as_deref()))?,
            operation_name: operation_name.filter(|name| !name.is_empty()),
            ..Request::default()
        },
        options: Options::default(),
    };
    let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    read_maps(
        &mut decoded,
        given(&variables).as_deref(),
        given(&extensions).as_deref(),
    )?;
    Ok(decoded)
}

fn read_maps(
    decoded: &mut Decoded,
    variables: Option<&str>,
    extensions: Option<&str>,
) -> Result<(), ApiError> {
    if let Some(text) = variables.filter(|text| *text != "null") {
        decoded.request.variables = read_variables(text)
            .map_err(|error| bad(format!("`variables` must be a JSON object: {error}.")))?;
    }
    if let Some(text) = extensions.filter(|text| *text != "null") {
        if !text.trim_start().starts_with('{') {
            return Err(bad("`extensions` must be a JSON object.".to_owned()));
        }
        let extensions: serde_json::Map<String, serde_json::Value> = serde_json::from_str(text)
            .map_err(|error| bad(format!("`extensions` must be a JSON object: {error}.")))?;
        if let Some(own) = extensions.get("upfront") {
            decoded.options = Options::from_extension(own)?;
        }
    }
    Ok(())
}

fn bad(message: String) -> ApiError {
    ApiError::BadRequest(message)
}

/// A client that sends the hash of a document alone (`extensions.persistedQuery`) gets the error at
/// which clients send the document next.
fn no_query(extensions: Option<&str>) -> ApiError {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Extensions {
        persisted_query: Option<serde::de::IgnoredAny>,
    }
    let extensions = extensions.and_then(|text| serde_json::from_str::<Extensions>(text).ok());
    if extensions.is_some_and(|extensions| extensions.persisted_query.is_some()) {
        return ApiError::PersistedQuery;
    }
    bad("There is no `query`; send a GraphQL document under this name.".to_owned())
}
