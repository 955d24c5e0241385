use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use futures::future::join_all;
use jiff::{SignedDuration, Timestamp};
use peloton_api::{
    Client, ClientConfig, Error, TokenProvider, TokenStore, Tokens, oauth::WEB_CLIENT_ID,
};
use secrecy::ExposeSecret;
use serde_json::json;

use crate::{
    auth::{Auth, credentials},
    service::{Reply, Service, quick},
};

struct Folder {
    _folder: tempfile::TempDir,
    store: TokenStore,
}

fn folder() -> Folder {
    let folder = tempfile::tempdir().unwrap();
    let store = TokenStore::new(folder.path().join("credentials.toml"));
    Folder {
        _folder: folder,
        store,
    }
}

/// Tokens as the service of `auth.rs` issued them, that end after so many seconds.
fn tokens(n: usize, seconds_left: i64) -> Tokens {
    let now = Timestamp::now();
    Tokens {
        access_token: format!("access-{n}").into(),
        refresh_token: Some(format!("refresh-{n}").into()),
        client_id: WEB_CLIENT_ID.to_owned(),
        obtained_at: now - SignedDuration::from_hours(47),
        expires_at: Some(now + SignedDuration::from_secs(seconds_left)),
        user_id: Some("ada".to_owned()),
    }
}

/// An API that knows `access-<n>` alone.
async fn api(n: usize) -> Service {
    let right = format!("Bearer access-{n}");
    Service::start(move |seen| match seen.header("authorization") == right {
        true => Reply::json(&json!({"id": "ada"})),
        false => Reply::new(401, r#"{"status":401}"#),
    })
    .await
}

async fn auth_with_issued(n: usize) -> Auth {
    let auth = Auth::start().await;
    auth.issued.store(n, Ordering::SeqCst);
    auth
}

fn client(api: &Service, auth: &Auth, store: &TokenStore) -> Client {
    let provider = TokenProvider::stored(store.clone(), auth.oauth(), None);
    Client::new(
        ClientConfig {
            api_url: api.url.clone(),
            ..quick()
        },
        provider,
    )
    .unwrap()
}

#[test]
fn the_file_keeps_everything_and_is_private() {
    let Folder { store, .. } = &folder();
    assert!(store.load().unwrap().is_none());
    let saved = tokens(1, 100);
    store.save(&saved).unwrap();
    let loaded = store.load().unwrap().unwrap();
    assert_eq!(loaded.access_token.expose_secret(), "access-1");
    assert_eq!(loaded.refresh_token.unwrap().expose_secret(), "refresh-1");
    assert_eq!(
        (loaded.expires_at, loaded.user_id),
        (saved.expires_at, saved.user_id)
    );
    assert_eq!(store.wider_mode().unwrap(), None);
    store.forget().unwrap();
    store.forget().unwrap();
    assert!(store.load().unwrap().is_none());
}

#[cfg(unix)]
#[test]
fn a_wider_mode_is_reported_and_mended_by_the_next_save() {
    use std::os::unix::fs::PermissionsExt;
    let Folder { store, .. } = &folder();
    store.save(&tokens(1, 100)).unwrap();
    fs::set_permissions(store.path(), fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(store.wider_mode().unwrap(), Some(0o644));
    store.save(&tokens(1, 100)).unwrap();
    assert_eq!(store.wider_mode().unwrap(), None);
}

#[test]
fn a_damaged_file_is_named_without_its_secrets() {
    let Folder { store, .. } = &folder();
    fs::write(
        store.path(),
        "access_token = \"s3cret\"\nexpires_at = \"s3cret\"\n",
    )
    .unwrap();
    let error = store.load().unwrap_err();
    assert!(matches!(error, Error::StoreDamaged { .. }), "{error}");
    assert!(!format!("{error} {error:?}").contains("s3cret"));
}

#[test]
fn a_place_that_takes_no_file_is_found_out_beforehand() {
    let Folder { store, _folder } = &folder();
    store.check_writable().unwrap();
    assert_eq!(
        fs::read_dir(_folder.path()).unwrap().count(),
        1,
        "only the lock stays"
    );
    let nowhere = TokenStore::new(_folder.path().join("missing").join("credentials.toml"));
    assert!(matches!(nowhere.check_writable(), Err(Error::Store { .. })));
}

#[tokio::test]
async fn a_token_that_ends_soon_is_renewed_before_its_use() {
    let (auth, Folder { store, _folder }) = (auth_with_issued(1).await, folder());
    let api = api(2).await;
    store.save(&tokens(1, 299)).unwrap();
    assert_eq!(client(&api, &auth, &store).me().await.unwrap().status, 200);
    assert_eq!(api.seen().len(), 1);
    assert_eq!(auth.main.seen()[0].json()["client_id"], WEB_CLIENT_ID);
}

#[tokio::test]
async fn a_token_with_time_left_is_left_alone() {
    let (auth, Folder { store, _folder }) = (auth_with_issued(1).await, folder());
    let api = api(1).await;
    store.save(&tokens(1, 400)).unwrap();
    client(&api, &auth, &store).me().await.unwrap();
    assert!(auth.main.seen().is_empty());
}

#[tokio::test]
async fn many_requests_that_are_refused_renew_once() {
    let (auth, Folder { store, _folder }) = (auth_with_issued(1).await, folder());
    let api = api(2).await;
    store.save(&tokens(1, 40_000)).unwrap();
    let client = client(&api, &auth, &store);
    let answers = join_all((0..20).map(|_| client.me())).await;
    assert!(
        answers
            .iter()
            .all(|answer| answer.as_ref().unwrap().status == 200)
    );
    assert_eq!(auth.main.paths(), ["/oauth/token"]);
    assert_eq!(
        store
            .load()
            .unwrap()
            .unwrap()
            .refresh_token
            .unwrap()
            .expose_secret(),
        "refresh-2"
    );
}

#[tokio::test]
async fn clients_that_share_a_file_renew_once() {
    let (auth, Folder { store, _folder }) = (auth_with_issued(1).await, folder());
    let api = api(2).await;
    store.save(&tokens(1, 10)).unwrap();
    // Providers share nothing but the file, just like two processes.
    let clients: Vec<Client> = (0..5).map(|_| client(&api, &auth, &store)).collect();
    let answers = join_all(clients.iter().map(Client::me)).await;
    assert!(
        answers
            .iter()
            .all(|answer| answer.as_ref().unwrap().status == 200)
    );
    assert_eq!(auth.main.paths(), ["/oauth/token"]);
}

#[tokio::test]
async fn the_new_token_is_on_disk_before_it_is_used() {
    let (auth, Folder { store, _folder }) = (auth_with_issued(1).await, folder());
    store.save(&tokens(1, 10)).unwrap();
    let (seen_store, early) = (store.clone(), Arc::new(AtomicUsize::new(0)));
    let count = early.clone();
    let api = Service::start(move |seen| {
        let on_disk = seen_store.load().unwrap().unwrap();
        let used = seen
            .header("authorization")
            .strip_prefix("Bearer ")
            .unwrap();
        if on_disk.access_token.expose_secret() != used {
            count.fetch_add(1, Ordering::SeqCst);
        }
        Reply::json(&json!({}))
    })
    .await;
    client(&api, &auth, &store).me().await.unwrap();
    assert_eq!(early.load(Ordering::SeqCst), 0);
    // Whoever comes after a crash at this point goes on with what is on disk.
    client(&api, &auth, &store).me().await.unwrap();
    assert_eq!(auth.main.paths(), ["/oauth/token"]);
}

#[tokio::test]
async fn a_revoked_login_needs_a_new_one() {
    let (auth, Folder { store, _folder }) = (auth_with_issued(7).await, folder());
    let api = api(9).await;
    store.save(&tokens(1, 40_000)).unwrap();
    let error = client(&api, &auth, &store).me().await.unwrap_err();
    assert!(matches!(error, Error::Unauthorized { .. }), "{error}");
    assert_eq!((api.seen().len(), auth.main.seen().len()), (1, 1));
}

#[tokio::test]
async fn without_any_login_nothing_is_sent() {
    let (auth, Folder { store, _folder }) = (auth_with_issued(0).await, folder());
    let api = api(1).await;
    let error = client(&api, &auth, &store).me().await.unwrap_err();
    assert!(matches!(error, Error::Unauthorized { .. }), "{error}");
    assert!(api.seen().is_empty() && auth.main.seen().is_empty());
}

#[tokio::test]
async fn credentials_help_once_when_the_stored_login_is_revoked() {
    let (auth, Folder { store, _folder }) = (auth_with_issued(3).await, folder());
    let api = api(4).await;
    store.save(&tokens(1, 10)).unwrap();
    let provider = TokenProvider::stored(store.clone(), auth.oauth(), Some(credentials()));
    let config = ClientConfig {
        api_url: api.url.clone(),
        ..quick()
    };
    let client = Client::new(config, provider).unwrap();
    assert_eq!(client.me().await.unwrap().status, 200);
    auth.issued.store(9, Ordering::SeqCst);
    store.save(&tokens(1, 10)).unwrap();
    let again = TokenProvider::stored(store.clone(), auth.oauth(), None)
        .access_token()
        .await;
    assert!(matches!(again, Err(Error::Unauthorized { .. })));
}

#[tokio::test]
async fn a_single_refusal_of_a_given_bearer_is_a_hiccup() {
    let api = Service::start(|seen| match seen.nth {
        0 => Reply::new(401, "{}"),
        _ => Reply::json(&json!({"id": "ada"})),
    })
    .await;
    assert_eq!(api.client().me().await.unwrap().status, 200);
}

#[tokio::test]
async fn a_given_bearer_that_is_refused_twice_needs_a_login() {
    let api = Service::start(|_| Reply::new(401, "{}")).await;
    let error = api.client().me().await.unwrap_err();
    assert!(matches!(error, Error::Unauthorized { .. }), "{error}");
    assert_eq!(api.seen().len(), 2);
}

#[tokio::test]
async fn a_renewal_that_fails_for_now_keeps_a_token_that_still_works() {
    let Folder { store, _folder } = folder();
    let auth =
        Auth::with(|_| Some(Reply::new(400, r#"{"error":"temporarily_unavailable"}"#))).await;
    let api = api(1).await;
    store.save(&tokens(1, 200)).unwrap();
    let client = client(&api, &auth, &store);
    client.me().await.unwrap();
    client.me().await.unwrap();
    assert_eq!(auth.main.seen().len(), 1, "no renewal a request");
}

#[tokio::test]
async fn without_a_place_for_a_new_token_none_is_asked_for() {
    let folder = folder();
    folder.store.save(&tokens(0, 60)).unwrap();
    // Nobody can open this one for writing.
    let lock = folder.store.path().with_added_extension("lock");
    fs::create_dir(lock).unwrap();
    let auth = auth_with_issued(0).await;
    let (knows, refuses) = (api(0).await, api(1).await);
    client(&knows, &auth, &folder.store).me().await.unwrap();
    let error = client(&refuses, &auth, &folder.store)
        .me()
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Store { .. }), "{error}");
    assert_eq!(auth.main.seen().len(), 0);
}

#[tokio::test]
async fn a_renewal_is_repeated_while_the_service_is_out_of_order() {
    let Folder { store, _folder } = folder();
    let auth = Auth::with(|seen| (seen.nth == 0).then(|| Reply::new(503, ""))).await;
    auth.issued.store(1, Ordering::SeqCst);
    let api = api(2).await;
    store.save(&tokens(1, -5)).unwrap();
    client(&api, &auth, &store).me().await.unwrap();
    assert_eq!(auth.main.seen().len(), 2);
}

#[tokio::test]
async fn a_renewal_that_nobody_waits_for_any_more_is_kept() {
    let (auth, api) = (auth_with_issued(1).await, api(2).await);
    let Folder { store, .. } = &folder();
    store.save(&tokens(1, -1)).unwrap();
    let client = client(&api, &auth, store);
    let of_task = client.clone();
    let request = tokio::spawn(async move { of_task.me().await });
    while auth.main.seen().is_empty() {
        tokio::task::yield_now().await;
    }
    request.abort();
    client.finish_renewal().await;
    let kept = store.load().unwrap().unwrap();
    assert_eq!(kept.access_token.expose_secret(), "access-2");
}
