//! The page at `/`, the schema to read, and the level of every field.

use std::{fmt::Write, sync::Arc};

use axum::{
    extract::{Request, State},
    http::header,
    response::{Html, IntoResponse, Response},
};

use super::caller::authenticate;
use crate::{app::App, error::ApiError, registry};

const PAGE: &str = include_str!("landing.html");
const JOINT: &str = "One GraphQL schema over what OHCHR, OSAPG, SRSG-CAAC and SRSG-SVC hold, for \
                     the monthly review of emerging situations of concern.";
const PLAIN: &str = "A GraphQL federation gateway.";
const INVENTED: &str = "<p class=\"notice\" role=\"note\"><strong>The data here are \
                        invented.</strong> Areas, parties, figures and events are examples; none \
                        is tied to a real State, party or person.</p>";

const LEVELS: &str = "<dt><a href=\"/levels.json\"><code>/levels.json</code></a></dt>\n\
                      <dd>The level of every field, registered sources' fields included.</dd>\n";

const WITH_TOKEN: &str = "A token goes into the header <code>Authorization: Bearer TOKEN</code>; \
                          <code>upfront token --help</code> says how one is made. ";
const ANONYMOUS: &str = "Without a token you see what is UNCLASSIFIED.";
const ANONYMOUS_PLAIN: &str = "Without a token you are anonymous.";
const WITHHELD: &str = " What your token does not let you see comes back as null and is listed in\n\
                        <code>extensions.upfront.withheld</code>; the header \
                        <code>Upfront-Errors: withheld</code> turns the list into errors.\n";

/// An example query.
struct Example {
    title: &'static str,
    query: &'static str,
    /// As JSON.
    variables: &'static str,
}

/// Its variables name ids, which are those of the example records.
const PROFILE: Example = Example {
    title: "A situation, as all four mandates see it",
    query: include_str!("../../examples/queries/situation-profile.graphql"),
    variables: include_str!("../../examples/queries/situation-profile.variables.json"),
};

/// Replaces that one where the records are not the example's.
const SITUATIONS: Example = Example {
    title: "The situations, with the ids by which one is asked for",
    query: "query Situations($first: Int!) {\n  situations(first: $first) {\n    nodes {\n      id\n      \
            title\n      areas { name }\n    }\n  }\n}\n",
    variables: "{\n  \"first\": 10\n}\n",
};

const REVIEW: Example = Example {
    title: "What the monthly review looks at",
    query: include_str!("../../examples/queries/monthly-review.graphql"),
    variables: include_str!("../../examples/queries/monthly-review.variables.json"),
};

/// Plain HTML without scripts or anything from elsewhere.
pub(super) async fn page(State(app): State<Arc<App>>) -> Response {
    let policy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; \
                  frame-ancestors 'none'; base-uri 'none'";
    let headers = [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    (headers, Html(write_page(&app))).into_response()
}

fn write_page(app: &App) -> String {
    let (purpose, notice, levels, queries) = match &app.records {
        None => (PLAIN, "", "", String::new()),
        Some(records) => {
            let notice = if records.is_example { INVENTED } else { "" };
            (JOINT, notice, LEVELS, write_queries(records.is_example))
        }
    };
    let callers = match &app.records {
        _ if !app.authenticator.reads_tokens() => String::new(),
        None => format!("{WITH_TOKEN}{ANONYMOUS_PLAIN}{WITHHELD}"),
        Some(_) => format!("{WITH_TOKEN}{ANONYMOUS}{WITHHELD}"),
    };
    // In a plain gateway they are the operator's own subgraphs.
    let source = app.records.as_ref().map_or("subgraph", |_| "source");
    PAGE.replace("{{purpose}}", purpose)
        .replace("{{source}}", source)
        .replace("{{callers}}", &callers)
        .replace("{{notice}}", notice)
        .replace("{{levels}}", levels)
        .replace("{{origin}}", &app.url())
        .replace("{{queries}}", &queries)
}

fn write_queries(is_example: bool) -> String {
    let first = if is_example { &PROFILE } else { &SITUATIONS };
    let mut html = String::from("<h2>Example queries</h2>\n");
    for example in [first, &REVIEW] {
        let title = example.title;
        // Writing into a string cannot fail.
        let _ = writeln!(html, "<h3>{title}</h3>");
        for (part, text) in [("Query", example.query), ("Variables", example.variables)] {
            let _ = writeln!(
                html,
                "<p>{part}:</p>\n<pre tabindex=\"0\" aria-label=\"{part}: {title}\"><code>{}</code></pre>",
                escape(text)
            );
        }
    }
    html
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// Refuses callers who may not read the schema.
async fn check_reader(app: &App, request: Request) -> Result<(), ApiError> {
    let (parts, _) = request.into_parts();
    let principal = authenticate(app, &parts.headers, &parts.extensions).await?;
    if app.shows_schema_to(&principal) {
        return Ok(());
    }
    Err(ApiError::Unauthenticated(
        "The schema is shown to callers with a token only.".to_owned(),
    ))
}

/// What clients see of the schema.
pub(super) async fn schema(
    State(app): State<Arc<App>>,
    request: Request,
) -> Result<Response, ApiError> {
    check_reader(&app, request).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, app.gateway.current().api_sdl().to_owned()).into_response())
}

/// The level of every field of the supergraph that serves, registered sources' fields included. A
/// plain gateway knows of no levels.
pub(super) async fn levels(
    State(app): State<Arc<App>>,
    request: Request,
) -> Result<Response, ApiError> {
    check_reader(&app, request).await?;
    if app.records.is_none() {
        return Err(ApiError::NotFound);
    }
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    let graph = app.gateway.current();
    let levels = graph.levels(|supergraph| registry::levels_document(supergraph).into());
    Ok((headers, levels).into_response())
}
