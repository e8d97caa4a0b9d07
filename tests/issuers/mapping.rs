//! Claims give what the mapping names, and nothing else.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use upfront::config::Config;

use super::provider::{Provider, TestKey, authenticate};
use crate::support::random::Random;

#[tokio::test]
async fn each_rule_gives_what_it_names() {
    let key = TestKey::ed25519("ed");
    let provider = Provider::start(&[&key]).await;
    let authenticator = provider.authenticator();
    let scopes = async |changes: Value| {
        let mut claims = provider.claims();
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        let principal = authenticate(&authenticator, &key.sign(&claims))
            .await
            .unwrap();
        let scopes: BTreeSet<String> = principal.scopes.iter().cloned().collect();
        (
            principal.entity.clone(),
            scopes.into_iter().collect::<Vec<_>>().join(" "),
        )
    };
    let of_role = "registry:read review:contribute";
    let ohchr = Some("OHCHR".to_owned());
    assert_eq!(scopes(json!({})).await, (ohchr.clone(), of_role.to_owned()));
    let no_role = json!({ "roles": [] });
    for (changes, entity, expected) in [
        (
            json!({"organisation": "osapg", "realm_access": no_role}),
            None,
            "",
        ),
        (
            json!({"organisation": ["hrc", "hrc"], "realm_access": no_role}),
            ohchr.clone(),
            "",
        ),
        (
            json!({"organisation": {"hrc": 1}, "realm_access": no_role}),
            None,
            "",
        ),
        (json!({"realm_access": "focal-point"}), ohchr.clone(), ""),
        (
            json!({"realm_access.roles": "focal-point", "realm_access": no_role}),
            ohchr.clone(),
            "",
        ),
        (
            json!({"scope": "openid upfront.a upfront.b:c", "realm_access": no_role}),
            ohchr.clone(),
            "a b:c",
        ),
        (
            json!({"scope": ["upfront.a b", "upfront."], "realm_access": no_role}),
            ohchr.clone(),
            "",
        ),
        // A prefix opens no clearance.
        (
            json!({"scope": "upfront.clearance:confidential", "realm_access": no_role}),
            ohchr.clone(),
            "",
        ),
        (
            json!({"level": "C", "realm_access": no_role}),
            ohchr.clone(),
            "clearance:confidential",
        ),
        (
            json!({"level": "confidential", "realm_access": no_role}),
            ohchr.clone(),
            "",
        ),
        (
            json!({"level": ["X", "C"], "realm_access": no_role}),
            ohchr,
            "clearance:confidential",
        ),
    ] {
        let found = scopes(changes.clone()).await;
        assert_eq!(found, (entity, expected.to_owned()), "{changes}");
    }
}

/// Claims as an issuer might write them, or somebody who controls his own attributes there.
fn random_claims(random: &mut Random) -> Value {
    const NAMES: [&str; 12] = [
        "scope",
        "scopes",
        "scp",
        "roles",
        "role",
        "groups",
        "entity",
        "org",
        "clearance",
        "permissions",
        "upfront",
        "organization",
    ];
    const TEXTS: [&str; 10] = [
        "clearance:confidential",
        "clearance:strictly-confidential",
        "upfront.clearance:strictly-confidential",
        "registry:publish",
        "OHCHR",
        "hrc",
        "C",
        "focal-point",
        "admin",
        "contributor",
    ];
    let mut claims = json!({});
    for _ in 0..=random.below(4) {
        let name = NAMES[random.below(NAMES.len())];
        let text = TEXTS[random.below(TEXTS.len())];
        claims[name] = match random.below(4) {
            0 => json!(text),
            1 => json!([text, TEXTS[random.below(TEXTS.len())]]),
            2 => json!(format!("{text} {}", TEXTS[random.below(TEXTS.len())])),
            _ => json!({ "roles": [text], "entity": text }),
        };
    }
    claims
}

#[tokio::test]
async fn ten_thousand_tokens_with_claims_that_are_not_named_give_nothing() {
    let key = TestKey::ed25519("ed");
    let provider = Provider::start(&[&key]).await;
    let mut auth = provider.auth();
    // Everything is read from under one claim, which no random token has.
    auth.issuers[0].mapping = serde_json::from_value(json!({
        "entity": { "claim": "mapped.entity" },
        "clearance": { "claim": "mapped.level", "values": { "C": "strictly-confidential" } },
        "scopes": [{ "claim": "mapped.scope", "prefix": "upfront." }],
        "roles": [{ "claim": "mapped.roles", "values": { "focal-point": "contributor" } }],
    }))
    .unwrap();
    let authenticator = provider.authenticator_with(&auth);
    let mut random = Random::seeded(7);
    let mut distinct = BTreeSet::new();
    for number in 0..10_000 {
        let mut claims = random_claims(&mut random);
        distinct.insert(claims.to_string());
        let own = provider.claims();
        for name in ["iss", "aud", "sub", "iat", "exp"] {
            claims[name] = own[name].clone();
        }
        claims["jti"] = json!(number.to_string());
        let principal = authenticate(&authenticator, &key.sign(&claims))
            .await
            .unwrap();
        assert_eq!(principal.entity, None, "{claims}");
        assert!(principal.scopes.is_empty(), "{claims}");
    }
    assert!(distinct.len() > 1_000, "{}", distinct.len());
}

#[test]
fn a_mapping_that_would_grant_what_nobody_chose_is_refused() {
    let issuer = |entry: &str| {
        format!(
            "[[auth.issuers]]\nissuer = 'https://id.example.org'\naudience = 'upfront'\n{entry}"
        )
    };
    for (toml, why) in [
        (
            issuer("mapping.scopes = [{ claim = 'scope' }]"),
            "needs `values` or `prefix`",
        ),
        (
            issuer("mapping.roles = [{ claim = 'roles' }]"),
            "needs `values` or `prefix`",
        ),
        (
            issuer("mapping.clearance = { claim = 'level' }"),
            "needs `values`",
        ),
        (
            issuer("mapping.scopes = [{ claim = 'scope', prefix = '' }]"),
            "`auth.issuers[0].mapping.scopes[0].prefix` is empty",
        ),
        (issuer("algorithms = ['HS256']"), "HS256"),
        (
            issuer("jwks_url = 'http://id.example.org/keys'"),
            "has to begin with https://",
        ),
        (
            issuer("jwks_url = 'http://127.0.0.1@evil.example/keys'"),
            "has to begin with https://",
        ),
        (
            issuer("jwks_url = 'https://a'\njwks_file = 'b'"),
            "one is enough",
        ),
        (
            "[[auth.issuers]]\nissuer = 'https://id.example.org'".to_owned(),
            "`auth.issuers[0].audience` is empty",
        ),
        (
            "[[auth.issuers]]\nissuer = 'http://id.example.org'\naudience = 'a'".to_owned(),
            "has to begin with https://",
        ),
        (
            format!("{}\n{}", issuer(""), issuer("")),
            "is there already",
        ),
        (
            "[[auth.issuers]]\nissuer = 'upfront:local'\naudience = 'a'".to_owned(),
            "needs no further keys",
        ),
    ] {
        let scratch = crate::support::scratch::Scratch::new();
        let file = scratch.path().join("upfront.toml");
        std::fs::write(&file, &toml).unwrap();
        let error = Config::load(Some(&file), &upfront::config::Flags::default());
        let error = error.unwrap_err().to_string();
        assert!(error.contains(why), "{toml}: {error}");
    }
}
