//! A source that registers, and fails in the manner that a field of it names; whatever it says is
//! planted.

use std::time::Duration;

use serde_json::{Value, json};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate, matchers::method};

use super::marks::mark;

/// How it fails, by the field that is asked.
pub(super) const MANNERS: [&str; 15] = [
    "reliefWell",
    "reliefError",
    "reliefErrorOfData",
    "reliefNoJson",
    "reliefBrokenJson",
    "reliefPage",
    "reliefFailing",
    "reliefRefusing",
    "reliefRedirect",
    "reliefSlow",
    "reliefNumber",
    "reliefTerm",
    "reliefObject",
    "reliefKind",
    "reliefPacked",
];

/// Its schema, with planted descriptions and reasons.
pub(super) fn sdl(more: &str) -> String {
    let (description, reason) = (mark("sdl-description"), mark("sdl-deprecation"));
    let text_fields = |manner: &&str| {
        let ty = match *manner {
            "reliefNumber" => "Int",
            "reliefTerm" => "ReliefTerm",
            "reliefObject" => "ReliefObject",
            "reliefKind" => "ReliefThing",
            _ => "String",
        };
        format!("{manner}(text: String): {ty} @tag(name: \"unclassified\")\n")
    };
    let fields: String = MANNERS.iter().map(text_fields).collect();
    format!(
        "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.5\", import: [\"@tag\"])\n\
         \"\"\"{description}\"\"\"\n\
         type Query {{ {fields} {more} }}\n\
         enum ReliefTerm {{ KNOWN OLD @deprecated(reason: \"{reason}\") }}\n\
         type ReliefObject @tag(name: \"unclassified\") {{ text: String! list: [Int!] }}\n\
         union ReliefThing = ReliefObject\n"
    )
}

struct Answers;

impl Respond for Answers {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let document = body["query"].as_str().unwrap_or_default();
        if document.contains("_service") {
            // Not what was registered.
            let text = mark("sdl-drift");
            let more = format!("reliefDrift: Int @deprecated(reason: \"{text}\")");
            return whole(&json!({ "data": { "_service": { "sdl": sdl(&more) } } }));
        }
        let mut manners = MANNERS.iter().filter(|manner| {
            let rest = document.split(**manner).nth(1);
            rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
        });
        manners.next().map_or_else(
            || whole(&json!({ "data": { "__typename": "Query" } })),
            |manner| answer(manner),
        )
    }
}

fn whole(body: &Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

fn answer(manner: &str) -> ResponseTemplate {
    let text = mark("answer-of-source");
    let with = |status: u16, media: &str, body: String| {
        ResponseTemplate::new(status)
            .insert_header("x-told", mark("header-of-answer"))
            .set_body_raw(body, media)
    };
    let data = |value: Value| whole(&json!({ "data": { manner: value } }));
    let error = json!({
        "message": mark("error-of-source"),
        "path": [manner, mark("path-of-error")],
        "locations": [{ "line": 1, "column": 1 }],
        "extensions": {
            "code": mark("code-of-error"), "detail": { mark("key-of-error"): text },
        },
    });
    match manner {
        "reliefError" => whole(&json!({ "errors": [error], "extensions": { "text": text } })),
        "reliefErrorOfData" => whole(&json!({ "data": { manner: null }, "errors": [error, text] })),
        "reliefNoJson" => with(200, "application/json", text),
        "reliefBrokenJson" => {
            let body = format!("{{\"data\":{{\"{manner}\":\"{text}\",}} }}");
            with(200, "application/json", body)
        }
        "reliefPage" => with(200, "text/html", format!("<html>{text}</html>")),
        "reliefFailing" => with(500, "text/plain", text),
        "reliefRefusing" => with(403, "application/json", json!({ "text": text }).to_string()),
        "reliefRedirect" => ResponseTemplate::new(302)
            .insert_header("location", format!("http://127.0.0.1:1/{text}").as_str()),
        "reliefSlow" => data(json!(text)).set_delay(Duration::from_mins(1)),
        "reliefKind" => data(json!({ "__typename": text, "text": text })),
        "reliefPacked" => {
            with(200, "application/json", text).insert_header("content-encoding", "gzip")
        }
        // A text, whether one was asked for or not.
        _ => data(json!(text)),
    }
}

pub(super) async fn start() -> MockServer {
    let server = MockServer::start().await;
    let answering = Mock::given(method("POST")).respond_with(Answers);
    answering.mount(&server).await;
    server
}
