//! A service and somebody who has logged in to it.

use peloton_sim::{Settings, Sim};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::browser::{bearer, text};

pub(crate) struct Session {
    pub(crate) sim: Sim,
    pub(crate) bearer: String,
    http: reqwest::Client,
}

impl Session {
    pub(crate) async fn new(members: usize, workouts: usize) -> Self {
        Self::of(Settings {
            members,
            workouts,
            ..Settings::default()
        })
        .await
    }

    pub(crate) async fn of(settings: Settings) -> Self {
        let sim = Sim::start(settings)
            .await
            .expect("three loopback addresses");
        let bearer = bearer(&sim).await;
        let http = reqwest::Client::new();
        Self { sim, bearer, http }
    }

    /// Status and body, byte for byte.
    pub(crate) async fn raw(&self, path: &str) -> (StatusCode, String) {
        let request = self
            .http
            .get(format!("{}{path}", self.sim.api_url()))
            .header("Peloton-Platform", "web")
            .bearer_auth(&self.bearer);
        let answer = request.send().await.expect("an answer");
        let status = answer.status();
        (status, answer.text().await.expect("a whole body"))
    }

    /// Status and body, text where it is no JSON.
    pub(crate) async fn ask(&self, path: &str) -> (StatusCode, Value) {
        let (status, text) = self.raw(path).await;
        let body = serde_json::from_str(&text).unwrap_or_else(|_| json!(text));
        (status, body)
    }

    /// The body, where the answer is a good one.
    pub(crate) async fn get(&self, path: &str) -> Value {
        let (status, body) = self.ask(path).await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        body
    }

    pub(crate) async fn refused(&self, path: &str) -> (u16, Value) {
        let (status, body) = self.ask(path).await;
        (status.as_u16(), body["error_code"].clone())
    }

    /// A page of a member's workouts.
    pub(crate) async fn page(&self, member: usize, query: &str) -> Value {
        let (id, _) = self.sim.member(member);
        self.get(&format!("/api/user/{id}/workouts?{query}")).await
    }

    /// All rows of a member, as a client asks for them.
    pub(crate) async fn rows(&self, member: usize, joins: &str) -> Vec<Value> {
        let mut rows = Vec::new();
        for number in 0.. {
            let query = format!("limit=100&page={number}&joins={joins}");
            let page = self.page(member, &query).await;
            rows.extend(page["data"].as_array().expect("rows").iter().cloned());
            if page["show_next"] == false {
                break;
            }
        }
        rows
    }

    pub(crate) async fn detail(&self, id: &str, joins: &str) -> Value {
        self.get(&format!("/api/workout/{id}?joins={joins}")).await
    }

    pub(crate) async fn graph(&self, id: &str, every_n: u32) -> Value {
        let path = format!("/api/workout/{id}/performance_graph?every_n={every_n}");
        self.get(&path).await
    }
}

pub(crate) fn ids(page: &Value) -> Vec<String> {
    let rows = page["data"].as_array().expect("rows");
    rows.iter().map(|row| text(row, "id")).collect()
}
