//! Requests that fail in every way, with a planted value wherever a client may write.

use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};

use super::{
    marks::{OPERATION, mark},
    source::MANNERS,
};

/// A name that a source asks for and is refused.
pub(super) const NAME_REFUSED: &str = "name";

/// Asks a service.
pub(super) struct Asker {
    client: Client,
    url: String,
}

impl Asker {
    pub(super) fn new(url: String) -> Self {
        Self {
            client: Client::builder().no_proxy().build().unwrap(),
            url,
        }
    }

    fn post(&self) -> RequestBuilder {
        self.client.post(&self.url)
    }

    /// The text of an answer, whatever its status.
    pub(super) async fn ask(&self, token: Option<&str>, body: &Value) -> String {
        let mut request = self.post().json(body);
        request = request.header("x-forward-me", mark("forwarded-header"));
        request = request.header("upfront-include", "sources");
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        text(request).await
    }

    pub(super) async fn query(&self, token: Option<&str>, query: &str) -> String {
        self.ask(token, &json!({ "query": query })).await
    }

    /// Credentials that are none, and headers of other uses.
    pub(super) async fn with_odd_headers(&self, tokens: &[String]) {
        let body = json!({ "query": "{ situations { totalCount } }" });
        for token in tokens {
            let answer = self.ask(Some(token), &body).await;
            assert!(answer.contains("UNAUTHENTICATED"), "{answer}");
        }
        let secret = mark("authorization");
        for value in [
            format!("Basic {secret}"),
            format!("Bearer{secret}"),
            format!("Bearer {secret} {secret}"),
            secret.clone(),
        ] {
            text(self.post().json(&body).header("authorization", value)).await;
        }
        let twice = self.post().json(&body).bearer_auth(&secret);
        text(twice.bearer_auth(&secret)).await;
        for name in [
            "accept",
            "accept-encoding",
            "accept-language",
            "baggage",
            "content-encoding",
            "cookie",
            "forwarded",
            "graphql-client-name",
            "origin",
            "referer",
            "sec-fetch-site",
            "traceparent",
            "upfront-include",
            "user-agent",
            "x-api-key",
            "x-forwarded-for",
            "x-forwarded-host",
        ] {
            text(self.post().json(&body).header(name, mark("header"))).await;
        }
        // An id that is not sound is not taken.
        let id = format!("{} ?", mark("request-id"));
        text(self.post().json(&body).header("x-request-id", id)).await;
        let typed = self.post().body("{}");
        text(typed.header("content-type", format!("text/{}", mark("media-type")))).await;
    }

    /// Bodies and addresses that are no request.
    pub(super) async fn malformed(&self, token: &str) {
        let text_in = mark("body");
        let long = format!("{{\"query\":\"{}", text_in.repeat(200_000));
        let deep = format!("{}\"{text_in}\"", "[".repeat(5_000));
        for body in [
            text_in.clone(),
            format!("{{\"query\":\"{text_in}"),
            format!("{{\"query\":5,\"{text_in}\":1}}"),
            format!("{{\"query\":\"{{ a }}\",\"variables\":\"{text_in}\"}}"),
            format!("{{\"query\":\"{{ a }}\",\"variables\":[\"{text_in}\"]}}"),
            format!("{{\"query\":\"{{ a }}\",\"operationName\":[\"{text_in}\"]}}"),
            format!("{{\"query\":\"{{ a }}\",\"extensions\":\"{text_in}\"}}"),
            format!("[{{\"query\":\"{{ a(b: {text_in}) }}\"}}]"),
            format!("{{\"{text_in}\":\"\\ud800\"}}"),
            deep,
            long,
        ] {
            let request = self.post().header("content-type", "application/json");
            text(request.bearer_auth(token).body(body)).await;
        }
        let bytes = [b"{\"query\":\"\xff", text_in.as_bytes(), b"\"}"].concat();
        let request = self.post().header("content-type", "application/json");
        text(request.body(bytes)).await;
        let query = format!("{{__typename(a:\"{text_in}\")}}");
        let variables = json!({ "a": text_in }).to_string();
        for (url, query, variables) in [
            (&self.url, query.as_str(), variables.as_str()),
            (&self.url, "{__typename}", &text_in),
            (
                &self.url.replace("/graphql", "/nowhere"),
                "{__typename}",
                &variables,
            ),
        ] {
            let parts = [
                ("query", query),
                ("variables", variables),
                ("token", &text_in),
            ];
            let url = reqwest::Url::parse_with_params(url, parts).unwrap();
            text(self.client.get(url).bearer_auth(token)).await;
        }
        let method = reqwest::Method::from_bytes(b"PUT").unwrap();
        text(self.client.request(method, &self.url).body(text_in)).await;
    }

    /// Documents and variables that do not fit, or that name what is not there.
    pub(super) async fn misfitting(&self, token: &str) {
        let (literal, variable) = (mark("literal"), mark("variable"));
        let literals = [
            format!("{{ nothing(a: \"{literal}\") }}"),
            format!("{{ situations(first: \"{literal}\") {{ totalCount }} }}"),
            format!("{{ situations(after: \"{literal}\") {{ totalCount }} }}"),
            format!("{{ situations(orderBy: \"{literal}\") {{ totalCount }} }}"),
            format!("{{ situations(filter: {{ text: \"{literal}\" }}) {{ totalCount }} }}"),
            format!("{{ situations(filter: {{ odd: \"{literal}\" }}) {{ totalCount }} }}"),
            format!("{{ situation(id: \"{literal}\") {{ title }} }}"),
            format!(
                "{{ node(id: \"{literal}\") {{ id }} reviewCycle(id: \"{literal}\") {{ id }} }}"
            ),
            format!("{{ source(name: \"{literal}\") {{ name }} }}"),
            format!("{{ situations {{ nodes {{ changes(since: \"{literal}\") {{ at }} }} }} }}"),
            format!("{{ organisations {{ name(on: \"{literal}\") }} }}"),
            format!(
                "{{ situations {{ nodes {{ ohchr {{ casualties(periods: {{ from: \"{literal}\", \
                 to: \"2026\" }}) {{ age }} recommendations(filter: {{ text: \"{literal}\" }}) {{ \
                 totalCount }} }} }} }} }}"
            ),
            format!("# {literal}\n{{ situations {{ totalCount ... on \"{literal}\" }} "),
            format!("query ($a: Int = \"{literal}\") {{ situations(first: $a) {{ totalCount }} }}"),
            format!("{{ __typename @skip(if: \"{literal}\") @odd(a: \"{literal}\") }}"),
            format!("{{ __type(name: \"{literal}\") {{ name }} }}"),
            format!("mutation {{ retireSource(name: \"{literal}\") {{ done }} }}"),
        ];
        for query in literals {
            self.query(Some(token), &query).await;
            self.query(None, &query).await;
        }
        let many = "query MayBeToldMARKER($id: ID, $first: Int, $order: SituationOrder, $text: String, \
                    $periods: PeriodRange!, $flag: Boolean = false) { situations(first: $first, after: \
                    $text, orderBy: $order, filter: { text: $text }) { nodes { title @skip(if: $flag) \
                    svc { crsv(periods: $periods) { form } } } } node(id: $id) { id } }";
        assert!(many.contains(OPERATION));
        let months = json!({ "from": "2026-01", "to": "2026-02" });
        for variables in [
            json!({ "periods": { "from": variable, "to": variable } }),
            json!({ "periods": { "from": "2026-01", "to": "2026-02", variable.clone(): 1 } }),
            json!({ "periods": variable }),
            json!({ "periods": months, "first": variable }),
            json!({ "periods": months, "order": variable }),
            json!({ "periods": months, "flag": variable }),
            json!({ "periods": months, "id": { "a": variable } }),
            json!({ "periods": months, "text": [variable, variable] }),
            json!({ "periods": months, "text": variable }),
            json!({ "periods": months, "id": variable }),
            json!({ "periods": months, "text": format!("{variable}\u{0}\u{202e}'\"--%") }),
            json!({ "periods": months, "id": format!("sit_{variable}\u{0}") }),
            json!({ variable.clone(): variable }),
        ] {
            let body = json!({
                "query": many, "variables": variables, "operationName": OPERATION,
                "extensions": { "persistedQuery": { "sha256Hash": variable } },
            });
            self.ask(Some(token), &body).await;
            self.ask(None, &body).await;
        }
        // No document has an operation of this name.
        let body = json!({ "query": many, "operationName": format!("{OPERATION}None") });
        self.ask(Some(token), &body).await;
    }

    /// A source that fails in its manners, with the values it is given.
    pub(super) async fn of_failing_source(&self, token: &str) {
        for manner in MANNERS {
            let below = match manner {
                "reliefObject" => " { text list }",
                "reliefKind" => " { ... on ReliefObject { text } }",
                _ => "",
            };
            let query = format!("query Relief($a: String) {{ {manner}(text: $a){below} }}");
            let literal = format!("{{ {manner}(text: \"{}\"){below} }}", mark("literal"));
            let body = json!({ "query": query, "variables": { "a": mark("variable") } });
            let answer = self.ask(Some(token), &body).await;
            if manner == "reliefWell" {
                assert!(answer.contains(&mark("answer-of-source")), "{answer}");
            } else {
                assert!(answer.contains("\"errors\""), "{manner}: {answer}");
            }
            // Others are not told what the source says; the slow one has been waited for.
            if manner != "reliefSlow" {
                self.query(None, &literal).await;
            }
        }
    }

    /// Publications that are taken and refused.
    pub(super) async fn of_registry(&self, token: &str, url: &str, sdl: &str) -> String {
        let secret = mark("secret-of-url");
        let with_secret = url.replace("http://", &format!("http://user:{secret}@"));
        let odd = format!(
            "type Query {{ a(b: String = \"{}\"): Odd! \"{}\" ",
            mark("sdl"),
            mark("sdl")
        );
        let levels = format!(
            "type Query {{ \"{}\" odd: String }}",
            mark("sdl-description")
        );
        let clash = format!(
            "type Query {{ \"{}\" situations: Int }}",
            mark("sdl-description")
        );
        let reason = mark("reason");
        let mutation = "mutation Publish($input: SourceInput!) { publishSource(input: $input) { \
                        published check { refusals { code message } diagnostics { message } } } }";
        for input in [
            json!({ "name": "odd", "url": with_secret, "sdl": levels }),
            json!({ "name": "odd", "url": format!("{url}?key={secret}"), "sdl": odd }),
            json!({ "name": "odd", "url": format!("http://127.0.0.1:1/?key={secret}") }),
            json!({ "name": "odd", "url": format!("http://elsewhere.example/?key={secret}") }),
            json!({ "name": "odd", "url": secret }),
            json!({ "name": "odd", "url": url, "sdl": levels, "allowBreaking": reason }),
            json!({ "name": "odd", "url": url, "sdl": clash, "allowNonNull": reason }),
            json!({ "name": mark(NAME_REFUSED), "url": url, "sdl": sdl }),
            json!({ "name": "odd", "url": url, "sdl": sdl, "kind": "PLAIN", "prefix": mark("prefix") }),
            json!({ "name": "odd", "url": url, "kind": mark("kind") }),
        ] {
            let body = json!({ "query": mutation, "variables": { "input": input } });
            let answer = self.ask(Some(token), &body).await;
            assert!(!answer.contains("\"published\":true"), "{answer}");
        }
        let input = json!({ "name": "relief", "url": url, "sdl": sdl, "allowBreaking": reason });
        let body = json!({ "query": mutation, "variables": { "input": input } });
        self.ask(Some(token), &body).await
    }
}

async fn text(request: RequestBuilder) -> String {
    // A body that is too large may be refused before it was sent whole.
    let Ok(response) = request.send().await else {
        return String::new();
    };
    response.text().await.unwrap_or_default()
}
