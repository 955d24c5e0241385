//! One method per endpoint.

use std::sync::Arc;

use jiff::Timestamp;
use url::form_urlencoded::byte_serialize;

use crate::{
    Answer, ClientConfig, Endpoint, Result, TokenProvider,
    transport::{Request, Stats, Transport},
};

/// The page size of every list: the most that the service gives, and always the same, since
/// the offset is page times limit.
const LIMIT: &str = "100";
const JOINS: &str = "ride,ride.instructor";

/// The API of one account. Clones share connections, pace and token.
///
/// Every method gives the raw [`Answer`], also for a refusal that is a fact about the item
/// (402, 403, 404); match on [`Answer::status`]. Everything transient is retried inside.
#[derive(Debug, Clone)]
pub struct Client {
    transport: Arc<Transport>,
}

impl Client {
    /// A client that takes its tokens from `tokens`. Sends nothing yet.
    ///
    /// # Errors
    /// [`Error::Address`](crate::Error::Address) for a base URL that isn't https or loopback.
    pub fn new(config: ClientConfig, tokens: TokenProvider) -> Result<Client> {
        Ok(Client {
            transport: Arc::new(Transport::new(config, tokens)?),
        })
    }

    /// What was sent so far, by this client and its clones.
    pub fn stats(&self) -> Stats {
        self.transport.stats()
    }

    /// Until when no request is sent, because the service asked for a pause; none where it did not.
    pub fn paused_until(&self) -> Option<Timestamp> {
        self.transport.paused_until()
    }

    /// Waits until no renewal of the token is under way. One that a dropped request began goes on;
    /// where the program ends before it does, the login is lost with the used refresh token.
    pub async fn finish_renewal(&self) {
        self.transport.finish_renewal().await;
    }

    /// The own account.
    pub async fn me(&self) -> Result<Answer> {
        self.get(Request::new(Endpoint::Me, "me", "/api/me")).await
    }

    /// A member's profile, by id or user name.
    pub async fn user(&self, id: &str) -> Result<Answer> {
        self.get(Request::new(
            Endpoint::User,
            id,
            format!("/api/user/{}", segment(id)),
        ))
        .await
    }

    /// Units and privacy settings, own account only.
    pub async fn user_settings(&self, id: &str) -> Result<Answer> {
        self.get(of_user(Endpoint::UserSettings, id, "settings"))
            .await
    }

    /// Records, streaks and counts of a member.
    pub async fn overview(&self, id: &str) -> Result<Answer> {
        self.get(of_user(Endpoint::Overview, id, "overview").query(&[("version", "1")]))
            .await
    }

    /// Page `page` (from 0) of whom a member follows.
    pub async fn following(&self, id: &str, page: u32) -> Result<Answer> {
        self.get(of_user(Endpoint::Following, id, "following").page(page, LIMIT))
            .await
    }

    /// Page `page` (from 0) of who follows a member.
    pub async fn followers(&self, id: &str, page: u32) -> Result<Answer> {
        self.get(of_user(Endpoint::Followers, id, "followers").page(page, LIMIT))
            .await
    }

    /// Page `page` (from 0) of a member's workouts with class and instructor, newest first.
    pub async fn workouts(&self, id: &str, page: u32) -> Result<Answer> {
        let request = of_user(Endpoint::Workouts, id, "workouts").page(page, LIMIT);
        self.get(request.query(&[("joins", JOINS), ("sort_by", "-created")]))
            .await
    }

    /// One workout with class and instructor.
    pub async fn workout(&self, id: &str) -> Result<Answer> {
        let request = Request::new(
            Endpoint::Workout,
            id,
            format!("/api/workout/{}", segment(id)),
        );
        self.get(request.query(&[("joins", JOINS)])).await
    }

    /// The seconds of one workout.
    pub async fn performance_graph(&self, id: &str) -> Result<Answer> {
        let path = format!("/api/workout/{}/performance_graph", segment(id));
        let request = Request::new(Endpoint::PerformanceGraph, id, path);
        self.get(request.query(&[("every_n", "1")])).await
    }

    /// One class with segments, cues and songs.
    pub async fn ride_details(&self, id: &str) -> Result<Answer> {
        let path = format!("/api/ride/{}/details", segment(id));
        self.get(Request::new(Endpoint::RideDetails, id, path))
            .await
    }

    /// Page `page` (from 0) of the instructors.
    pub async fn instructors(&self, page: u32) -> Result<Answer> {
        let name = Endpoint::Instructors.as_str();
        let request = Request::new(Endpoint::Instructors, name, "/api/instructor");
        self.get(request.page(page, LIMIT)).await
    }

    /// One instructor.
    pub async fn instructor(&self, id: &str) -> Result<Answer> {
        let path = format!("/api/instructor/{}", segment(id));
        self.get(Request::new(Endpoint::Instructor, id, path)).await
    }

    /// Class types, disciplines, devices.
    pub async fn metadata_mappings(&self) -> Result<Answer> {
        let name = Endpoint::MetadataMappings.as_str();
        self.get(Request::new(
            Endpoint::MetadataMappings,
            name,
            "/api/ride/metadata_mappings",
        ))
        .await
    }

    /// A member's active days.
    pub async fn calendar(&self, id: &str) -> Result<Answer> {
        self.get(of_user(Endpoint::Calendar, id, "calendar")).await
    }

    /// A member's badges.
    pub async fn achievements(&self, id: &str) -> Result<Answer> {
        self.get(of_user(Endpoint::Achievements, id, "achievements"))
            .await
    }

    /// Running challenges that the account joined, own account only.
    pub async fn challenges_current(&self, id: &str) -> Result<Answer> {
        let request = of_user(Endpoint::ChallengesCurrent, id, "challenges/current");
        self.get(request.query(&[("has_joined", "true")])).await
    }

    /// Past challenges that the account joined, own account only.
    pub async fn challenges_past(&self, id: &str) -> Result<Answer> {
        let request = of_user(Endpoint::ChallengesPast, id, "challenges/past");
        self.get(request.query(&[("has_joined", "true")])).await
    }

    /// The official export of the own account as CSV text; `timezone` is an IANA name.
    pub async fn workout_history_csv(&self, id: &str, timezone: &str) -> Result<Answer> {
        let request = of_user(Endpoint::WorkoutHistoryCsv, id, "workout_history_csv");
        self.get(request.query(&[("timezone", timezone)])).await
    }

    /// Any GET by path and query, such as `/api/me`.
    ///
    /// # Errors
    /// [`Error::Address`](crate::Error::Address) when `path` doesn't begin with a single `/`.
    pub async fn raw(&self, path: &str) -> Result<Answer> {
        self.get(Request::raw(path)?).await
    }

    async fn get(&self, request: Request) -> Result<Answer> {
        self.transport.get(&request).await
    }
}

fn of_user(endpoint: Endpoint, id: &str, what: &str) -> Request {
    Request::new(endpoint, id, format!("/api/user/{}/{what}", segment(id)))
}

/// An id as one segment of a path, whatever it contains.
fn segment(id: &str) -> String {
    byte_serialize(id.as_bytes())
        .collect::<String>()
        .replace('+', "%20")
}
