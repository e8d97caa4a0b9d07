//! GraphQL over HTTP.
//!
//! <https://graphql.github.io/graphql-over-http/draft/>

use std::{collections::BTreeSet, net::IpAddr, sync::Arc, time::Duration};

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, header},
    response::Response,
};
use bytes::Bytes;
use futures::StreamExt;
use tokio::{sync::SemaphorePermit, time::Instant};

use super::{
    audit::Recording,
    caller,
    connections::ConnectionState,
    cross_origin,
    decode::{self, Decoded},
    encode,
    forwarded::ClientAddress,
    media_type::{self, MediaType},
    middleware::LogFields,
    query_string, schema_hidden,
    usage::Answered,
};
use crate::{
    app::App,
    auth::Principal,
    error::ApiError,
    gateway::{Caller, ErrorOrigin, Response as GraphqlResponse, code},
    registry::{check::MOST_SDL_BYTES, service::PUBLISH_SCOPE},
    telemetry::FetchEnd,
};

/// Bytes of a body that need no share of what large bodies may take together: an ordinary request
/// is read however many large ones are under way.
const SMALL_BODY: usize = 16 << 10;

/// Bytes that a body with a publication may have, whatever the bound for others: as JSON text an SDL is
/// up to three times as long, where a client escapes all that is not ASCII.
const PUBLICATION_BODY: usize = 4 * MOST_SDL_BYTES;

/// The codes of errors that say that there is no plan.
const PLAN_REFUSED: [&str; 5] = [
    code::PLANNING_FAILED,
    code::PLAN_COMPLEXITY_EXCEEDED,
    code::PLANNING_CANCELLED,
    code::COST_TOO_HIGH,
    code::COST_UNKNOWN,
];

/// `/graphql`: everything within one deadline, from reading the body to the whole answer.
pub(super) async fn respond(State(app): State<Arc<App>>, request: Request) -> Response {
    let media_type = match MediaType::negotiate(request.headers()) {
        Ok(media_type) => media_type,
        Err(error) => return error.into_response_as(MediaType::default().content_type()),
    };
    let mut fields = LogFields::default();
    let outcome = answer(&app, request, media_type, &mut fields).await;
    let mut response =
        outcome.unwrap_or_else(|error| error.into_response_as(media_type.content_type()));
    response.extensions_mut().insert(fields);
    response
}

async fn answer(
    app: &App,
    request: Request,
    media_type: MediaType,
    fields: &mut LogFields,
) -> Result<Response, ApiError> {
    let deadline = Instant::now() + app.config.limits.request_time();
    cross_origin::check(request.headers(), &app.config.cors.origins)?;
    let address = request
        .extensions()
        .get()
        .map(|ClientAddress(address)| *address);
    let principal = caller::authenticate(app, request.headers(), request.extensions()).await?;
    fields.entity.clone_from(&principal.entity);
    let state = request.extensions().get::<Arc<ConnectionState>>().cloned();
    let headers = request.headers().clone();
    let mut decoded = match *request.method() {
        Method::GET => decode::decode_query(query_string::pairs(request.uri())?)?,
        Method::POST => read_body(app, request, most_bytes(app, &principal)).await?,
        _ => {
            return Err(ApiError::MethodNotAllowed(
                "GraphQL is asked by POST, or by GET for queries.",
            ));
        }
    };
    decoded.options.read_headers(&headers)?;
    fields.operation = decoded.request.operation_name.clone().map(shorten);
    // Taken only once the request is there, so that clients which send slowly keep no other
    // waiting.
    let _permit = app
        .request_permits
        .try_acquire()
        .map_err(|_| ApiError::Busy)?;
    let _working = state.as_ref().map(ConnectionState::work);
    let asked = Asked {
        decoded,
        principal,
        headers,
        media_type,
        address,
    };
    tokio::time::timeout_at(deadline, execute(app, asked, fields))
        .await
        .map_err(|_| ApiError::TimedOut(app.config.limits.request_ms))?
}

/// A request that has arrived whole.
struct Asked {
    decoded: Decoded,
    principal: Arc<Principal>,
    headers: HeaderMap,
    media_type: MediaType,
    address: Option<IpAddr>,
}

async fn execute(app: &App, asked: Asked, fields: &mut LogFields) -> Result<Response, ApiError> {
    let Decoded {
        mut request,
        options,
    } = asked.decoded;
    let labels = app.config.override_labels.iter().cloned();
    request.labels = labels.collect();
    request.percentile = draw_percentile();
    request.wants_cost = options.include_cost;
    let mut caller = Caller::new(asked.principal).with_headers(&asked.headers);
    if app.trail().is_some() {
        caller = caller.noting_records();
    }
    let graph = app.gateway.current();
    // Set before it is answered, so that it is known also for one that takes too long.
    let mut recording = None;
    let mut policies = BTreeSet::new();
    let parsed = graph.parse(&request).await;
    if let Some(operation) = &parsed {
        recording = Recording::new(app, operation, &caller, asked.address);
        fields.kind = Some(operation.kind());
        fields.introspects = operation.introspects();
        policies = operation.policies();
        if fields.operation.is_none() {
            let name = operation.name();
            fields.operation = name.map(|name| shorten(name.to_owned()));
        }
    }
    let shows_schema = app.shows_schema_to(&caller.principal);
    if !shows_schema && fields.introspects {
        let response = schema_hidden::refuse();
        let kind = fields.kind.unwrap_or_default();
        let form = (asked.media_type, kind);
        return Ok(encode::encode(&response, &caller, options, form));
    }
    let satisfied = app.authenticator.satisfied(&caller.principal, policies);
    caller.policies = satisfied.await;
    if let Some((recording, operation)) = recording.as_ref().zip(parsed.as_ref()) {
        recording.begin(operation, &caller.principal).await?;
    }
    let (mut response, operation) = graph.answer(&request, &caller).await;
    if !shows_schema {
        schema_hidden::mask(&mut response.errors);
    }
    count(app, &response, &caller);
    if let Some(recording) = recording {
        recording.end(&graph, &response, &caller).await?;
    }
    fields.fetches = response.fetches.len();
    let answer = encode::encode(
        &response,
        &caller,
        options,
        (asked.media_type, fields.kind.unwrap_or_default()),
    );
    Ok(match (app.usage(), operation) {
        (Some(usage), Some(operation)) if response.data.is_some() => {
            let answered = Answered {
                graph: &graph,
                operation,
                request: &request,
                caller: &caller,
            };
            usage.note(answer, answered)
        }
        _ => answer,
    })
}

/// Counts the fetches of a request, and an operation that could not be planned.
fn count(app: &App, response: &GraphqlResponse, caller: &Caller) {
    for fetch in caller.fetches() {
        app.metrics.fetch(FetchEnd {
            source: fetch.source,
            status: fetch.status.name(),
            time: fetch.duration,
        });
    }
    for error in &response.errors {
        match error.origin {
            ErrorOrigin::Request(code) if PLAN_REFUSED.contains(&code) => {
                app.metrics.plan_refused(code);
            }
            _ => {}
        }
    }
}

/// Bytes that a body of this caller may have.
fn most_bytes(app: &App, principal: &Principal) -> usize {
    let most = app.config.limits.body_bytes;
    if app.registry().is_some() && principal.has_scope(PUBLISH_SCOPE) {
        most.max(PUBLICATION_BODY)
    } else {
        most
    }
}

async fn read_body(app: &App, request: Request, most: usize) -> Result<Decoded, ApiError> {
    media_type::check_body_type(request.headers())?;
    let limits = &app.config.limits;
    let millis = limits.body_ms.min(limits.request_ms);
    let reading = collect(app, request, most);
    let (body, _share) = tokio::time::timeout(Duration::from_millis(millis), reading)
        .await
        .map_err(|_| ApiError::BodyTimedOut(millis))??;
    decode::decode_body(&body)
}

/// The whole body, up to the bound for one body, and with its share of what all may take.
async fn collect(
    app: &App,
    request: Request,
    most: usize,
) -> Result<(Bytes, Option<SemaphorePermit<'_>>), ApiError> {
    let announced = request.headers().get(header::CONTENT_LENGTH);
    let announced = announced.and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|bytes| bytes > most) {
        return Err(ApiError::TooLarge(most));
    }
    let mut chunks = request.into_body().into_data_stream();
    let mut body = Vec::new();
    let mut share: Option<SemaphorePermit<'_>> = None;
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| ApiError::BadRequest("The body broke off.".to_owned()))?;
        let needed = body.len() + chunk.len();
        if needed > most {
            return Err(ApiError::TooLarge(most));
        }
        if needed > body.capacity() {
            let doubled = (2 * needed).min(announced.unwrap_or(most)).max(needed);
            body.reserve_exact(doubled - body.len());
        }
        body.extend_from_slice(&chunk);
        let held = share.as_ref().map_or(0, SemaphorePermit::num_permits);
        // The capacity that is held, which may be twice the bytes that have arrived.
        let wanted = body.capacity().saturating_sub(SMALL_BODY);
        let wanted = wanted.saturating_sub(held);
        if wanted > 0 {
            let more = u32::try_from(wanted).unwrap_or(u32::MAX);
            let more = app.large_bodies.try_acquire_many(more);
            let more = more.map_err(|_| ApiError::Busy)?;
            match &mut share {
                Some(share) => share.merge(more),
                None => share = Some(more),
            }
        }
    }
    Ok((body.into(), share))
}

/// A client's name must not make the log's line long.
fn shorten(mut name: String) -> String {
    if let Some((end, _)) = name.char_indices().nth(100) {
        name.truncate(end);
    }
    name
}

/// From 0 to 100, for fields that two sources serve in shares.
fn draw_percentile() -> f64 {
    let mut random = [0_u8; 4];
    // Without random bytes only the distribution is uneven.
    let _ = aws_lc_rs::rand::fill(&mut random);
    // Below 100, so that `percent(x)` holds for x of 100 draws.
    f64::from(u32::from_be_bytes(random)) / (f64::from(u32::MAX) + 1.0) * 100.0
}
