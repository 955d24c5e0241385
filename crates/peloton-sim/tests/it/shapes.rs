//! The shapes of all answers, held against those of real ones.

use std::collections::BTreeSet;
use std::io::Write;

use peloton_sim::Settings;
use serde_json::Value;

use crate::browser::{Browser, OWN_STATE, password_form, text, with};
use crate::facts::{Facts, folder, paths};
use crate::session::Session;

const MEMBERS: usize = 6;
const WORKOUTS: usize = 45;
const SEEDS: [u64; 3] = [1, 2, 3];
/// Joins of lists and details; a client uses one of them for all.
const JOINS: [&str; 3] = [
    "",
    "ride,ride.instructor",
    "peloton.ride,peloton.ride.instructor",
];

/// What `peloton-api.md` knows and no payload shows: endpoint, path, types, and the section that says so.
/// All types stand for all that is below the path as well.
const KNOWN: &str = "
workouts-list | next | null | 2.0: object or null
workouts-list | total_heart_rate_zone_durations | null | 2.0: object or null
# Rows of 2026 have fields that the payloads of 2019 to 2025 do not know.
workouts-list-item | is_peloton_originated_workout | bool | 2.7
workouts-list-item | is_3p_fit_feed_workout | bool | 2.7
workouts-list-item | start_time | null | 5.3: unset in the countdown
workouts-list-item | end_time | null | 2.7, 5.4
workouts-list-item | title | string | 2.7: set for Just Ride and the like
workouts-list-item | service_id | int string | 5.9
workouts-list-item | peloton_id | null | 2.7: null for freestyle
workouts-list-item | peloton | null | 5.2: null for freestyle
workouts-list-item | ride | null | 5.3: for a moment after the start
workouts-list-item | ride.instructor | all | 2.6: joins=ride,ride.instructor
workouts-list-item | peloton.ride.instructor | all | 2.6: joins=peloton.ride.instructor
workouts-list-item | peloton.ride.instructor_id | null | 5.1: null for scenic rides
workouts-list-item | peloton.ride.difficulty_level | string | 2.9: of all ride objects
# Fixed distances were seen under `ride` alone; 2.9 says that the object is the same everywhere.
workouts-list-item | peloton.ride.duration | null | 2.9
workouts-list-item | peloton.ride.distance | float | 2.9
workouts-list-item | peloton.ride.distance_unit | string | 2.9
workouts-list-item | peloton.ride.distance_display_value | string | 2.9
workout-detail | start_time | null | 5.3: unset in the countdown
workout-detail | timezone | null | 2.7: null on old rows
workout-detail | service_id | string | 5.9
workout-detail | achievement_templates[].animated_image_url | null | 2.7
workout-detail | movement_tracker_data | all | 2.7, 5.19
workout-detail | ride | null | 5.3: for a moment after the start
workout-detail | ride.individual_instructor_ids[] | string | 5.12
workout-detail | ride.distance_unit | string | 2.9
workout-detail | ride.distance_display_value | string | 2.9
workout-detail | peloton.ride.instructor_id | null | 5.1: null for scenic rides
workout-detail | peloton.ride.instructor.is_announced | bool | 2.12
workout-detail | peloton.ride.instructor.workout_share_images | all | 2.12
ride-details | averages | null | 2.9: null for classes without pedals
ride-details | playlist | null | 2.9: nullable
ride-details | ride.difficulty_level | string | 2.9
ride-details | ride.distance | float | 2.9
ride-details | ride.distance_unit | string | 2.9
ride-details | ride.distance_display_value | string | 2.9
ride-details | ride.instructor_id | null | 5.1: null for scenic rides
ride-details | ride.individual_instructor_ids[] | string | 5.12
ride-details | ride.instructor.individual_instructor_ids[] | string | 5.12
# `/api/ride/{id}` is the same object; the payloads are rows of the catalogue without joins.
ride-archived-item | instructor | all | 2.9: when joined
ride-archived-item | instructor_id | null | 5.1: null for scenic rides
ride-archived-item | individual_instructor_ids[] | string | 5.12
ride-archived-item | difficulty_level | string | 2.9
ride-archived-item | distance | float | 2.9
ride-archived-item | distance_unit | string | 2.9
ride-archived-item | distance_display_value | string | 2.9
# The one payload is of 2019.
instructor | is_active | bool | 2.12
instructor | is_announced | bool | 2.12
instructor | is_instructor_group | bool | 2.12
instructor | individual_instructor_ids | all | 2.12
instructor | default_cross_fade | int | 2.12
instructor | default_cue_delay | int | 2.12
instructor | workout_share_images | all | 2.12
user-follow-row | relationship.user_to_me | string | 2.5: string or null
user-follow-row | total_workouts | null | 2.5: int or null
error-body | subcode | null | 2.0
";

/// Answers of one endpoint.
struct Answers {
    endpoint: &'static str,
    others: &'static [&'static str],
    answers: Vec<Value>,
}

#[tokio::test]
async fn answers_have_the_fields_and_types_of_real_ones() {
    let Some(folder) = folder() else {
        return skipped();
    };
    let table = std::fs::read_to_string(folder.join("fields.tsv")).expect("the table of fields");
    let known = Known::all();
    let mut used = BTreeSet::new();
    let mut wrong = Vec::new();
    for Answers {
        endpoint,
        others,
        answers,
    } in all_answers().await
    {
        let facts = Facts::read(&table, endpoint, others);
        assert!(!answers.is_empty(), "nothing of {endpoint}");
        wrong.extend(compare(endpoint, &facts, &known, &answers, &mut used));
    }
    let unused = (0..known.len()).filter(|at| !used.contains(at));
    wrong.extend(unused.map(|at| {
        let Known { endpoint, path, .. } = known[at];
        format!("{endpoint} {path}: listed as known, and never met")
    }));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A line beyond what the test harness catches.
fn skipped() {
    let text = "SKIPPED: the shapes of answers are NOT tested, since ../shared/peloton-payloads/fields.tsv is missing \
        (PELOTON_PAYLOADS names another folder)\n";
    std::io::stderr()
        .write_all(text.as_bytes())
        .expect("an error output");
}

/// What differs; `used` collects the lines of the list that were needed.
fn compare(
    endpoint: &str,
    facts: &Facts,
    known: &[Known],
    answers: &[Value],
    used: &mut BTreeSet<usize>,
) -> Vec<String> {
    let mut seen = BTreeSet::new();
    answers.iter().for_each(|answer| seen.extend(paths(answer)));
    let mut wrong = Vec::new();
    for (path, kind) in seen.iter().filter(|(path, kind)| !facts.allow(path, kind)) {
        match known
            .iter()
            .position(|known| known.covers(endpoint, path, kind))
        {
            Some(at) => drop(used.insert(at)),
            None if facts.know(path) => {
                wrong.push(format!("{endpoint} {path}: {kind} was never seen"))
            }
            None => wrong.push(format!("{endpoint} {path}: no such field ({kind})")),
        }
    }
    let ours: BTreeSet<&String> = seen.iter().map(|(path, _)| path).collect();
    let lacking = facts.always().filter(|path| !ours.contains(path));
    wrong.extend(
        lacking.map(|path| format!("{endpoint} {path}: in every real answer, in none of ours")),
    );
    wrong
}

/// A line of the list.
struct Known {
    endpoint: &'static str,
    path: &'static str,
    types: Vec<&'static str>,
}

impl Known {
    fn all() -> Vec<Self> {
        let lines = KNOWN.lines().filter(|line| line.contains('|'));
        lines.map(Self::parse).collect()
    }

    fn parse(line: &'static str) -> Self {
        let columns: Vec<&str> = line.split(" | ").collect();
        let [endpoint, path, types, _section] = columns[..] else {
            panic!("not four columns: {line}");
        };
        let types = types.split(' ').collect();
        Self {
            endpoint,
            path,
            types,
        }
    }

    fn covers(&self, endpoint: &str, path: &str, kind: &str) -> bool {
        let below = path.strip_prefix(self.path);
        let fits = if self.types == ["all"] {
            below.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        } else {
            path == self.path && self.types.contains(&kind)
        };
        self.endpoint == endpoint && fits
    }
}

async fn all_answers() -> Vec<Answers> {
    let endpoint = |endpoint, others| Answers {
        endpoint,
        others,
        answers: Vec::new(),
    };
    let mut all = vec![
        endpoint("workouts-list", &[]),
        endpoint("workouts-list-item", &["workouts-list-item-fragment"][..]),
        endpoint("workout-detail", &[]),
        endpoint("performance-graph", &[]),
        endpoint("ride-details", &[]),
        endpoint("ride-archived-item", &[]),
        endpoint("instructor", &[]),
        endpoint("user-calendar", &[]),
        endpoint("user-follow-row", &[]),
        endpoint("error-body", &[]),
        endpoint("error-auth0", &[]),
    ];
    for seed in SEEDS {
        let session = Session::of(Settings {
            seed,
            members: MEMBERS,
            workouts: WORKOUTS,
            ..Settings::default()
        })
        .await;
        for (endpoint, answers) in of_world(&session).await {
            let of = all.iter_mut().find(|of| of.endpoint == endpoint);
            of.expect("an endpoint of the list").answers.extend(answers);
        }
    }
    all
}

type OfEndpoint = (&'static str, Vec<Value>);

async fn of_world(session: &Session) -> Vec<OfEndpoint> {
    let mut answers = vec![
        ("error-body", errors(session).await),
        ("error-auth0", vec![auth0_error(session).await]),
    ];
    for member in 0..MEMBERS {
        answers.extend(of_member(session, member).await);
    }
    for id in rides(session).await {
        if let (reqwest::StatusCode::OK, ride) = session.ask(&format!("/api/ride/{id}")).await {
            let details = session.get(&format!("/api/ride/{id}/details")).await;
            answers.push(("ride-archived-item", vec![ride]));
            answers.push(("ride-details", vec![details]));
        }
    }
    let mut instructors = session.get("/api/instructor?limit=100").await;
    answers.push(("instructor", rows(&mut instructors)));
    let own = &session.sim.account().user_id;
    for list in ["following", "followers"] {
        let path = format!("/api/user/{own}/{list}?limit=100");
        answers.push(("user-follow-row", rows(&mut session.get(&path).await)));
    }
    answers
}

async fn of_member(session: &Session, member: usize) -> Vec<OfEndpoint> {
    session.sim.set_private(member, false);
    let (id, _) = session.sim.member(member);
    let calendar = session.get(&format!("/api/user/{id}/calendar")).await;
    let mut answers = vec![("user-calendar", vec![calendar])];
    for joins in JOINS {
        let query = format!("limit=100&joins={joins}");
        let mut page = session.page(member, &query).await;
        answers.push(("workouts-list-item", rows(&mut page)));
        answers.push(("workouts-list", vec![page]));
    }
    for id in session.sim.workouts(member) {
        for joins in JOINS {
            answers.push(("workout-detail", vec![session.detail(&id, joins).await]));
        }
        answers.push(("performance-graph", vec![session.graph(&id, 1).await]));
    }
    answers
}

/// Takes the rows out of a page; their fields are another endpoint's affair.
fn rows(page: &mut Value) -> Vec<Value> {
    let rows = page["data"].take();
    page["data"] = Value::Array(Vec::new());
    rows.as_array().expect("rows").clone()
}

/// All classes that somebody took.
async fn rides(session: &Session) -> BTreeSet<String> {
    let mut rides = BTreeSet::new();
    for member in 0..MEMBERS {
        let rows = session.rows(member, "ride").await;
        rides.extend(
            rows.iter()
                .filter_map(|row| row["ride"]["id"].as_str().map(str::to_owned)),
        );
    }
    rides
}

async fn errors(session: &Session) -> Vec<Value> {
    let (private, _) = session.sim.member(3);
    let mut errors = Vec::new();
    for path in [
        "/api/workout/abc".into(),
        "/api/me/workouts".into(),
        format!("/api/user/{private}/workouts"),
        "/api/user/nobody".into(),
    ] {
        let (status, body) = session.ask(&path).await;
        assert!(status.is_client_error(), "{path}");
        errors.push(body);
    }
    let (_, unauthorized) = crate::browser::ask(&session.sim, None, "/api/me").await;
    errors.push(unauthorized);
    errors
}

async fn auth0_error(session: &Session) -> Value {
    let mut browser = Browser::new();
    let page = browser.open(&session.sim).await;
    let account = session.sim.account();
    let form = password_form(&page, &account.username, &account.password);
    let answer = browser
        .give(&session.sim, &with(&form, "state", OWN_STATE))
        .await;
    let body: Value = answer.json().await.expect("JSON");
    assert_eq!(text(&body, "name"), "AnomalyDetected");
    body
}
