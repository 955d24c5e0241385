//! One request that a run wants to make.

use futures::future::BoxFuture;
use peloton_api::{Answer, Client, Error};

use super::schedule::Why;
use crate::archive::endpoint;

/// What to ask. The order of the variants is the order in which a plan lists them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Work {
    Me,
    Following {
        owner: String,
        page: u32,
        is_recheck: bool,
    },
    Followers {
        owner: String,
        page: u32,
        is_recheck: bool,
    },
    List {
        member: String,
        page: u32,
        is_recheck: bool,
    },
    User(String),
    Settings(String),
    Overview(String),
    Calendar(String),
    Achievements(String),
    ChallengesCurrent(String),
    ChallengesPast(String),
    MetadataMappings,
    Instructors {
        page: u32,
    },
    Instructor(String),
    Ride(String),
    Detail(String),
    Graph(String),
}

/// A request with its reason.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Planned {
    pub(crate) work: Work,
    pub(crate) why: Why,
}

impl Work {
    /// The endpoint's name in the archive.
    pub(crate) fn endpoint(&self) -> &'static str {
        match self {
            Self::Me => endpoint::ME,
            Self::Following { .. } => endpoint::FOLLOWING,
            Self::Followers { .. } => endpoint::FOLLOWERS,
            Self::List { .. } => endpoint::WORKOUTS,
            Self::User(_) => endpoint::USER,
            Self::Settings(_) => endpoint::SETTINGS,
            Self::Overview(_) => endpoint::OVERVIEW,
            Self::Calendar(_) => endpoint::CALENDAR,
            Self::Achievements(_) => endpoint::ACHIEVEMENTS,
            Self::ChallengesCurrent(_) => endpoint::CHALLENGES_CURRENT,
            Self::ChallengesPast(_) => endpoint::CHALLENGES_PAST,
            Self::MetadataMappings => endpoint::METADATA_MAPPINGS,
            Self::Instructors { .. } => endpoint::INSTRUCTORS,
            Self::Instructor(_) => endpoint::INSTRUCTOR,
            Self::Ride(_) => endpoint::RIDE_DETAILS,
            Self::Detail(_) => endpoint::WORKOUT,
            Self::Graph(_) => endpoint::GRAPH,
        }
    }

    /// The id that the answer is kept under.
    pub(crate) fn key(&self) -> &str {
        match self {
            Self::Me | Self::MetadataMappings | Self::Instructors { .. } => "",
            Self::Following { owner: id, .. }
            | Self::Followers { owner: id, .. }
            | Self::List { member: id, .. }
            | Self::User(id)
            | Self::Settings(id)
            | Self::Overview(id)
            | Self::Calendar(id)
            | Self::Achievements(id)
            | Self::ChallengesCurrent(id)
            | Self::ChallengesPast(id)
            | Self::Instructor(id)
            | Self::Ride(id)
            | Self::Detail(id)
            | Self::Graph(id) => id,
        }
    }

    /// Lists say what there is: a dry run asks them, and nothing else.
    pub(crate) fn is_list(&self) -> bool {
        matches!(self, Self::Me | Self::Following { .. } | Self::List { .. })
    }

    /// Whether earlier pages have led to it: what it lacks is that page, and not the list.
    pub(crate) fn is_further_page(&self) -> bool {
        match self {
            Self::Following {
                page, is_recheck, ..
            }
            | Self::Followers {
                page, is_recheck, ..
            }
            | Self::List {
                page, is_recheck, ..
            } => *page > 0 || *is_recheck,
            Self::Instructors { page } => *page > 0,
            _ => false,
        }
    }

    /// Asks Peloton.
    pub(crate) fn ask(self, client: Client) -> BoxFuture<'static, (Self, Result<Answer, Error>)> {
        Box::pin(async move {
            let answer = match &self {
                Self::Me => client.me().await,
                Self::Following { owner, page, .. } => client.following(owner, *page).await,
                Self::Followers { owner, page, .. } => client.followers(owner, *page).await,
                Self::List { member, page, .. } => client.workouts(member, *page).await,
                Self::User(id) => client.user(id).await,
                Self::Settings(id) => client.user_settings(id).await,
                Self::Overview(id) => client.overview(id).await,
                Self::Calendar(id) => client.calendar(id).await,
                Self::Achievements(id) => client.achievements(id).await,
                Self::ChallengesCurrent(id) => client.challenges_current(id).await,
                Self::ChallengesPast(id) => client.challenges_past(id).await,
                Self::MetadataMappings => client.metadata_mappings().await,
                Self::Instructors { page } => client.instructors(*page).await,
                Self::Instructor(id) => client.instructor(id).await,
                Self::Ride(id) => client.ride_details(id).await,
                Self::Detail(id) => client.workout(id).await,
                Self::Graph(id) => client.performance_graph(id).await,
            };
            (self, answer)
        })
    }
}
