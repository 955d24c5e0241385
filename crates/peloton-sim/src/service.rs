//! The running service and what a test can do to it.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use anyhow::{Context, Result};
use axum::Router;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;

use crate::faults::{FaultState, Faults, Garbled, Poison};
use crate::limit::Limit;
use crate::log::{Log, Logged, Totals};
use crate::login::Login;
use crate::overlay::Overlay;
use crate::settings::{Account, LoginMode, RateLimit, Settings};
use crate::tokens::Tokens;
use crate::world::World;
use crate::{api, login};

const USERNAME: &str = "ada@example.invalid";

/// A simulated Peloton on three loopback addresses. Dropping it ends it.
#[derive(Debug)]
pub struct Sim {
    shared: Arc<Shared>,
    api_url: String,
    /// Of API, login and the host between.
    addresses: [SocketAddr; 3],
    stop: watch::Sender<bool>,
}

/// What all handlers share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) settings: Settings,
    pub(crate) world: World,
    pub(crate) account: Account,
    pub(crate) orca_url: String,
    pub(crate) auth_url: String,
    pub(crate) overlay: Mutex<Overlay>,
    pub(crate) tokens: Mutex<Tokens>,
    pub(crate) login: Mutex<Login>,
    pub(crate) log: Mutex<Log>,
    pub(crate) faults: Mutex<FaultState>,
    pub(crate) limit: Mutex<Limit>,
}

impl Shared {
    fn new(settings: Settings, auth_url: String, orca_url: String) -> Self {
        let world = World::new(
            settings.seed,
            settings.members,
            settings.workouts,
            settings.now,
        );
        let account = Account {
            username: USERNAME.into(),
            password: settings.password.clone(),
            user_id: world.members()[0].id.clone(),
        };
        Self {
            world,
            account,
            orca_url,
            auth_url,
            overlay: Mutex::default(),
            tokens: Mutex::default(),
            login: Mutex::new(Login::new(settings.login, settings.password.clone())),
            log: Mutex::new(Log::new()),
            faults: Mutex::new(FaultState {
                faults: settings.faults.clone(),
                ..FaultState::default()
            }),
            limit: Mutex::new(Limit::new(settings.rate_limit)),
            settings,
        }
    }
}

/// Nothing that panics while it holds one of the locks leaves half a change behind.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

impl Sim {
    /// Starts it: the API on 127.0.0.1, the login on 127.0.0.2 and 127.0.0.3, since cookies know no ports.
    pub async fn start(settings: Settings) -> Result<Self> {
        let free = |last| SocketAddr::from((Ipv4Addr::new(127, 0, 0, last), 0));
        let [api, auth, orca] = [
            bind(free(1)).await?,
            bind(free(2)).await?,
            bind(free(3)).await?,
        ];
        let addresses = [address(&api)?, address(&auth)?, address(&orca)?];
        let [api_url, auth_url, orca_url] = addresses.map(|address| format!("http://{address}"));
        let sim = Self {
            shared: Arc::new(Shared::new(settings, auth_url, orca_url)),
            api_url,
            addresses,
            stop: watch::Sender::new(false),
        };
        sim.serve([api, auth, orca]);
        Ok(sim)
    }

    /// Starts it again after a stop, on the same addresses, as if it had only been away.
    pub async fn restart(&self) -> Result<()> {
        self.stop();
        let [api, auth, orca] = self.addresses;
        let listeners = [bind(api).await?, bind(auth).await?, bind(orca).await?];
        self.stop.send_replace(false);
        self.serve(listeners);
        Ok(())
    }

    fn serve(&self, [api, auth, orca]: [TcpListener; 3]) {
        let routers = [
            (api, Router::new().fallback(api::answer)),
            (auth, Router::new().fallback(login::answer)),
            (orca, Router::new().fallback(login::orca)),
        ];
        for (listener, router) in routers {
            serve(
                listener,
                router.with_state(Arc::clone(&self.shared)),
                &self.stop,
            );
        }
    }

    /// Base address of the API.
    pub fn api_url(&self) -> &str {
        &self.api_url
    }

    /// Base address of the login service.
    pub fn auth_url(&self) -> &str {
        &self.shared.auth_url
    }

    /// Who may log in.
    pub fn account(&self) -> &Account {
        &self.shared.account
    }

    /// All requests of the API since the start or the last reset.
    pub fn requests(&self) -> Vec<Logged> {
        lock(&self.shared.log).requests.clone()
    }

    /// Counts since the start or the last reset.
    pub fn totals(&self) -> Totals {
        lock(&self.shared.log).totals.clone()
    }

    /// Forgets what was asked.
    pub fn reset_log(&self) {
        lock(&self.shared.log).reset();
    }

    /// Id and user name of a member; 0 is the own account.
    pub fn member(&self, member: usize) -> (String, String) {
        let member = &self.shared.world.members()[member];
        (member.id.clone(), member.username.clone())
    }

    /// Ids of a member's workouts, newest first.
    pub fn workouts(&self, member: usize) -> Vec<String> {
        lock(&self.shared.overlay).workouts(&self.shared.world, member)
    }

    /// Adds a workout that began at `start` (epoch seconds); gives its id.
    pub fn add_workout(&self, member: usize, start: i64) -> String {
        let number = u64::try_from(start).unwrap_or(0);
        let workout = self.shared.world.new_workout(member, number, start);
        lock(&self.shared.overlay).add_invented(workout)
    }

    /// Adds a workout of the own account as given: the answers of detail and graph. Gives its id.
    pub fn add_custom(&self, detail: Value, graph: Value) -> String {
        let user_id = &self.shared.account.user_id;
        lock(&self.shared.overlay).add_custom(0, user_id, detail, graph)
    }

    /// Replaces fields of a workout, in lists and by itself.
    pub fn edit_workout(&self, id: &str, fields: Value) {
        lock(&self.shared.overlay).edit(id, fields);
    }

    /// Replaces fields of a workout's graph.
    pub fn edit_graph(&self, id: &str, fields: Value) {
        lock(&self.shared.overlay).edit_graph(id, fields);
    }

    /// The workout is in no list any more and 404 by itself.
    pub fn delete_workout(&self, id: &str) {
        lock(&self.shared.overlay).deleted.insert(id.to_owned());
    }

    /// Takes a deletion back.
    pub fn restore_workout(&self, id: &str) {
        lock(&self.shared.overlay).deleted.remove(id);
    }

    /// Replaces fields of a member's profile: 0 is the own account.
    pub fn edit_profile(&self, member: usize, fields: Value) {
        lock(&self.shared.overlay).edit_profile(member, fields);
    }

    /// Whether a member hides from those who follow.
    pub fn set_private(&self, member: usize, is_private: bool) {
        lock(&self.shared.overlay).set_private(member, is_private);
    }

    /// The member's account is there or not.
    pub fn set_gone(&self, member: usize, is_gone: bool) {
        let mut overlay = lock(&self.shared.overlay);
        if is_gone {
            overlay.gone.insert(member);
        } else {
            overlay.gone.remove(&member);
        }
    }

    /// Whether the own account follows a member.
    pub fn set_followed(&self, member: usize, is_followed: bool) {
        lock(&self.shared.overlay).set_followed(member, is_followed);
    }

    /// Makes an item fail for ever: an id, `id/performance_graph` for the graph alone, or
    /// `id/workouts?page=1` for one page.
    pub fn poison(&self, item: &str, poison: Poison) {
        lock(&self.shared.faults)
            .poison
            .insert(item.to_owned(), poison);
    }

    /// Takes poison back.
    pub fn heal(&self, item: &str) {
        lock(&self.shared.faults).poison.remove(item);
    }

    /// Puts bytes in the place of a text in all answers about an item: an id, the last word of a path,
    /// or `id/performance_graph`.
    pub fn garble(&self, item: &str, text: &str, bytes: &[u8]) {
        lock(&self.shared.faults).garbled.push(Garbled {
            part: item.into(),
            text: text.into(),
            bytes: bytes.into(),
        });
    }

    /// From now on.
    pub fn set_faults(&self, faults: Faults) {
        lock(&self.shared.faults).faults = faults;
    }

    /// From now on.
    pub fn set_rate_limit(&self, limit: Option<RateLimit>) {
        *lock(&self.shared.limit) = Limit::new(limit);
    }

    /// Every answer of the API is Cloudflare's block from now on.
    pub fn set_blocked(&self, is_blocked: bool) {
        lock(&self.shared.limit).is_blocked = is_blocked;
    }

    /// From now on.
    pub fn set_login(&self, mode: LoginMode) {
        lock(&self.shared.login).mode = mode;
    }

    /// The token endpoint does its work at once and answers so much later, from now on.
    pub fn set_token_delay(&self, delay: Duration) {
        lock(&self.shared.login).token_delay = delay;
    }

    /// From now on; the tokens that are out stay good.
    pub fn set_password(&self, password: &str) {
        lock(&self.shared.login).password = password.into();
    }

    /// A person opens an authorization request in a browser and logs in; gives the address at which
    /// the browser ends.
    pub fn log_in_by_browser(&self, authorize_url: &str) -> Result<String> {
        login::by_browser(&self.shared, authorize_url)
    }

    /// Access tokens are over; refresh tokens still work.
    pub fn expire_access_tokens(&self) {
        lock(&self.shared.tokens).expire();
    }

    /// All tokens are refused, refresh tokens too.
    pub fn revoke_tokens(&self) {
        lock(&self.shared.tokens).revoke();
    }

    /// Ends the service: connections are refused from now on.
    pub fn stop(&self) {
        self.stop.send_replace(true);
    }
}

impl Drop for Sim {
    fn drop(&mut self) {
        self.stop();
    }
}

async fn bind(address: SocketAddr) -> Result<TcpListener> {
    let ip = address.ip();
    TcpListener::bind(address).await.with_context(|| {
        format!(
            "bind {address} (some systems know only 127.0.0.1: `ifconfig lo0 alias {ip}` adds it)"
        )
    })
}

fn address(listener: &TcpListener) -> Result<SocketAddr> {
    listener.local_addr().context("read an address")
}

/// Answers are compressed last, faulty ones too: what was cut short is still cut short when it is unpacked.
fn serve(listener: TcpListener, router: Router, stop: &watch::Sender<bool>) {
    let router = router.layer(CompressionLayer::new().quality(CompressionLevel::Fastest));
    let mut stopped = stop.subscribe();
    tokio::spawn(async move {
        tokio::select! {
            _ = axum::serve(listener, router) => {}
            _ = stopped.wait_for(|stopped| *stopped) => {}
        }
    });
}
