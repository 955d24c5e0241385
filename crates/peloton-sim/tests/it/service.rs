//! The service as a whole: its log, away and back again, and as a program of its own.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use peloton_sim::{Settings, Sim};
use reqwest::StatusCode;
use serde_json::Value;

use crate::browser::text;
use crate::session::Session;

#[tokio::test]
async fn it_comes_back_on_the_same_addresses_with_what_it_knew() {
    let session = Session::new(1, 2).await;
    let deleted = session.sim.workouts(0)[0].clone();
    session.sim.delete_workout(&deleted);
    let url = format!("{}/api/me", session.sim.api_url());
    session.sim.stop();
    while reqwest::get(&url).await.is_ok() {
        tokio::task::yield_now().await;
    }
    session.sim.restart().await.expect("the same ports");
    assert_eq!(session.page(0, "limit=9").await["total"], 1);
}

#[tokio::test]
async fn after_the_end_a_kept_connection_is_closed_as_well() {
    let session = Session::new(1, 0).await;
    let client = reqwest::Client::new();
    let me = format!("{}/api/me", session.sim.api_url());
    let ask = || client.get(&me).bearer_auth(&session.bearer).send();
    assert_eq!(ask().await.expect("an answer").status(), StatusCode::OK);
    session.sim.stop();
    // The end reaches the listeners' tasks in their turn, so the first refusal may come a request late.
    let mut answers = 0;
    while ask().await.is_ok() {
        answers += 1;
        assert!(answers < 1_000, "still served");
    }
}

#[tokio::test]
async fn requests_are_logged_and_forgotten() {
    let session = Session::new(1, 0).await;
    session.ask("/api/me").await;
    session.ask("/api/workout/abc?joins=ride").await;
    let requests = session.sim.requests();
    let seen: Vec<(&str, &str, u16)> = requests
        .iter()
        .map(|logged| (logged.path.as_str(), logged.query.as_str(), logged.status))
        .collect();
    assert_eq!(
        seen,
        [
            ("/api/me", "", 200),
            ("/api/workout/abc", "joins=ride", 404)
        ]
    );
    assert_eq!(session.sim.totals().by_status[&404], 1);
    session.sim.reset_log();
    assert!(session.sim.requests().is_empty());
    assert_eq!(session.sim.totals().requests, 0);
}

#[tokio::test]
async fn two_services_do_not_share_their_ports() {
    let settings = || Settings {
        members: 1,
        workouts: 0,
        ..Settings::default()
    };
    let one = Sim::start(settings()).await.expect("loopback");
    let other = Sim::start(settings()).await.expect("loopback");
    assert_ne!(one.api_url(), other.api_url());
}

/// The program, until the end of the test.
struct Program {
    child: Child,
    facts: Value,
}

impl Program {
    fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_peloton-sim"))
            .args(["--members", "2", "--workouts", "3"])
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("a pipe");
        BufReader::new(stdout)
            .read_line(&mut line)
            .expect("one line");
        let facts = serde_json::from_str(&line).expect("a line of JSON");
        Self { child, facts }
    }

    fn fact(&self, name: &str) -> String {
        text(&self.facts, name)
    }

    async fn bearer(&self) -> Value {
        let (username, password) = (self.fact("username"), self.fact("password"));
        let form = [
            ("grant_type", "password"),
            ("client_id", "mgsmWCD0A8Qn6uz6mmqI6qeBNHH9IPwS"),
            ("username", &username),
            ("password", &password),
        ];
        let url = format!("{}/oauth/token", self.fact("auth_url"));
        let answer = reqwest::Client::new().post(url).form(&form).send().await;
        answer.expect("an answer").json().await.expect("JSON")
    }

    async fn get(&self, bearer: &str, path: &str) -> reqwest::Response {
        let url = format!("{}{path}", self.fact("api_url"));
        let request = reqwest::Client::new().get(url).bearer_auth(bearer);
        request.send().await.expect("an answer")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn the_program_says_where_it_is_and_how_to_log_in() {
    let program = Program::start(&["--token-life", "900"]);
    let tokens = program.bearer().await;
    assert_eq!(tokens["expires_in"], 900);
    let me = program.get(&text(&tokens, "access_token"), "/api/me").await;
    let me: Value = me.json().await.expect("JSON");
    assert_eq!(text(&me, "id"), program.fact("user_id"));
}

#[tokio::test]
async fn the_program_poisons_what_it_was_told_to() {
    let id = Program::start(&[]).fact("user_id");
    let program = Program::start(&["--poison", &format!("{id}=404")]);
    let bearer = text(&program.bearer().await, "access_token");
    let answer = program.get(&bearer, &format!("/api/user/{id}")).await;
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_program_fails_as_it_was_told_to() {
    let program = Program::start(&["--faults", "1", "--fault-kind", "gateway502"]);
    let bearer = text(&program.bearer().await, "access_token");
    let answer = program.get(&bearer, "/api/me").await;
    assert_eq!(answer.status(), StatusCode::BAD_GATEWAY);
}

#[tokio::test]
async fn the_program_limits_and_gives_a_date() {
    let program = Program::start(&[
        "--rate-limit",
        "0.001",
        "--burst",
        "1",
        "--retry-after",
        "30",
        "--retry-after-date",
    ]);
    let bearer = text(&program.bearer().await, "access_token");
    assert_eq!(
        program.get(&bearer, "/api/me").await.status(),
        StatusCode::OK
    );
    let refused = program.get(&bearer, "/api/me").await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    let retry_after = refused.headers()["retry-after"].to_str().expect("ASCII");
    assert!(retry_after.ends_with("GMT"), "{retry_after}");
}

#[test]
fn the_program_refuses_a_poison_that_it_does_not_know() {
    for how in ["a", "a=", "a=arsenic", "a=page:arsenic", "a=large:many"] {
        let output = Command::new(env!("CARGO_BIN_EXE_peloton-sim"))
            .args(["--poison", how])
            .output()
            .expect("the program starts");
        assert_eq!(output.status.code(), Some(2), "{how}");
    }
}
