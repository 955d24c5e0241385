//! One request that a run wants to make.

use futures::future::BoxFuture;
use peloton_api::{Answer, Client, Error};

use super::schedule::Why;
use crate::archive::endpoint;

/// A list that comes in pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum List {
    Following,
    Followers,
    Workouts,
    Instructors,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ListPage {
    pub(crate) list: List,
    /// Whose list it is; nobody's where it is that of all instructors.
    pub(crate) owner: String,
    pub(crate) number: u32,
    /// Page 0 once more, at the end of the list.
    pub(crate) is_recheck: bool,
}

/// What to ask.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Work {
    Me,
    Page(ListPage),
    User(String),
    Settings(String),
    Overview(String),
    Calendar(String),
    Achievements(String),
    ChallengesCurrent(String),
    ChallengesPast(String),
    MetadataMappings,
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

impl List {
    /// The page that a list begins with.
    pub(crate) fn of(self, owner: &str) -> Work {
        Work::Page(ListPage {
            list: self,
            owner: owner.into(),
            number: 0,
            is_recheck: false,
        })
    }

    fn endpoint(self) -> &'static str {
        match self {
            Self::Following => endpoint::FOLLOWING,
            Self::Followers => endpoint::FOLLOWERS,
            Self::Workouts => endpoint::WORKOUTS,
            Self::Instructors => endpoint::INSTRUCTORS,
        }
    }
}

impl ListPage {
    /// Whether no earlier page has led to it: what it lacks is the list, and not that page.
    pub(crate) fn is_first(&self) -> bool {
        self.number == 0 && !self.is_recheck
    }

    /// Another page of the list.
    pub(crate) fn at(&self, number: u32, is_recheck: bool) -> Self {
        Self {
            number,
            is_recheck,
            ..self.clone()
        }
    }

    async fn ask(&self, client: &Client) -> Result<Answer, Error> {
        let (owner, number) = (&self.owner, self.number);
        match self.list {
            List::Following => client.following(owner, number).await,
            List::Followers => client.followers(owner, number).await,
            List::Workouts => client.workouts(owner, number).await,
            List::Instructors => client.instructors(number).await,
        }
    }
}

impl Work {
    /// The endpoint's name in the archive.
    pub(crate) fn endpoint(&self) -> &'static str {
        match self {
            Self::Me => endpoint::ME,
            Self::Page(page) => page.list.endpoint(),
            Self::User(_) => endpoint::USER,
            Self::Settings(_) => endpoint::SETTINGS,
            Self::Overview(_) => endpoint::OVERVIEW,
            Self::Calendar(_) => endpoint::CALENDAR,
            Self::Achievements(_) => endpoint::ACHIEVEMENTS,
            Self::ChallengesCurrent(_) => endpoint::CHALLENGES_CURRENT,
            Self::ChallengesPast(_) => endpoint::CHALLENGES_PAST,
            Self::MetadataMappings => endpoint::METADATA_MAPPINGS,
            Self::Instructor(_) => endpoint::INSTRUCTOR,
            Self::Ride(_) => endpoint::RIDE_DETAILS,
            Self::Detail(_) => endpoint::WORKOUT,
            Self::Graph(_) => endpoint::GRAPH,
        }
    }

    /// The id that the answer is kept under.
    pub(crate) fn key(&self) -> &str {
        match self {
            Self::Me | Self::MetadataMappings => "",
            Self::Page(page) => &page.owner,
            Self::User(id)
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
        match self {
            Self::Me => true,
            Self::Page(page) => matches!(page.list, List::Following | List::Workouts),
            _ => false,
        }
    }

    /// Asks Peloton.
    pub(crate) fn ask(self, client: Client) -> BoxFuture<'static, (Self, Result<Answer, Error>)> {
        Box::pin(async move {
            let answer = match &self {
                Self::Me => client.me().await,
                Self::Page(page) => page.ask(&client).await,
                Self::User(id) => client.user(id).await,
                Self::Settings(id) => client.user_settings(id).await,
                Self::Overview(id) => client.overview(id).await,
                Self::Calendar(id) => client.calendar(id).await,
                Self::Achievements(id) => client.achievements(id).await,
                Self::ChallengesCurrent(id) => client.challenges_current(id).await,
                Self::ChallengesPast(id) => client.challenges_past(id).await,
                Self::MetadataMappings => client.metadata_mappings().await,
                Self::Instructor(id) => client.instructor(id).await,
                Self::Ride(id) => client.ride_details(id).await,
                Self::Detail(id) => client.workout(id).await,
                Self::Graph(id) => client.performance_graph(id).await,
            };
            (self, answer)
        })
    }
}
