//! One key for all replicas of an installation.

use std::sync::Arc;

use upfront::auth::{KeyError, SigningKey, SystemClock, TokenRequest, TokenVerifier, issue};

use crate::support::{database::on_each_database, scratch::Scratch};

fn token(key: &SigningKey) -> String {
    let request = TokenRequest {
        subject: None,
        entity: "OHCHR".to_owned(),
        scopes: vec![],
        lifetime: 60,
    };
    issue(key, &request, &SystemClock).unwrap()
}

fn accepts(key: &SigningKey, token: &str) -> bool {
    let verifier = TokenVerifier::new(key.clone(), Arc::new(SystemClock));
    verifier.verify(token).is_ok()
}

#[tokio::test]
async fn replicas_of_one_database_sign_with_one_key() {
    on_each_database(|database| async move {
        let folders: Vec<_> = (0..4).map(|_| Scratch::new()).collect();
        let starts = folders
            .iter()
            .map(|folder| SigningKey::find_stored_or_store(&database, folder.path(), &SystemClock));
        let keys = futures::future::join_all(starts).await;
        let keys: Vec<_> = keys.into_iter().map(Result::unwrap).collect();
        for key in &keys {
            assert_eq!(key.jwks(), keys[0].jwks());
            assert!(accepts(key, &token(&keys[0])));
        }
        let later = SigningKey::find_stored(&database).await.unwrap().unwrap();
        assert_eq!(later.id(), keys[0].id());
    })
    .await;
}

#[tokio::test]
async fn tokens_made_before_the_key_moved_stay_good() {
    on_each_database(|database| async move {
        let folder = Scratch::new();
        let before = token(&SigningKey::open_or_create(folder.path()).unwrap());
        let stored = SigningKey::find_stored_or_store(&database, folder.path(), &SystemClock).await;
        assert!(accepts(&stored.unwrap(), &before));
    })
    .await;
}

#[tokio::test]
async fn no_key_is_made_by_looking_for_one() {
    on_each_database(|database| async move {
        assert!(SigningKey::find_stored(&database).await.unwrap().is_none());
        assert!(SigningKey::find_stored(&database).await.unwrap().is_none());
    })
    .await;
}

/// As `openssl genpkey -algorithm ed25519` writes it.
const PEM: &str = "-----BEGIN PRIVATE KEY-----\n\
    MC4CAQAwBQYDK2VwBCIEIKoHUX6WpHYK5a1G9AzHCTUnDXaZ1NKANvFsyP7KqfPZ\n\
    -----END PRIVATE KEY-----\n";

#[test]
fn a_key_file_is_read_and_never_made() {
    use std::os::unix::fs::PermissionsExt;

    let scratch = Scratch::new();
    let file = scratch.path().join("key.pem");
    let missing = SigningKey::read(&file).unwrap_err();
    assert!(missing.to_string().contains("openssl genpkey"), "{missing}");
    assert!(!file.exists());

    scratch.write("key.pem", PEM);
    let allow = |mode| std::fs::set_permissions(&file, PermissionsExt::from_mode(mode)).unwrap();
    allow(0o644);
    let exposed = SigningKey::read(&file).unwrap_err();
    assert!(matches!(exposed, KeyError::Exposed(_)), "{exposed}");
    allow(0o440);
    let key = SigningKey::read(&file).unwrap();
    assert!(accepts(&SigningKey::read(&file).unwrap(), &token(&key)));

    allow(0o600);
    scratch.write("key.pem", "nonsense");
    let wrong = SigningKey::read(&file).unwrap_err();
    assert!(wrong.to_string().contains("no Ed25519 key"), "{wrong}");
}
