//! A list as one stream of pages.

use futures::{Stream, stream};

use crate::{Answer, Client, Result, models::Page};

/// More pages than any list has; a service that never says "last" must not hold us for ever.
const MAX_PAGES: u32 = 10_000;

/// Which list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PageRequest {
    /// A member's workouts, newest first.
    Workouts {
        /// The member.
        user_id: String,
    },
    /// Whom the member follows.
    Following {
        /// The member.
        user_id: String,
    },
    /// Who follows the member.
    Followers {
        /// The member.
        user_id: String,
    },
    /// All instructors.
    Instructors,
}

/// Why no page comes after this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageEnd {
    /// The service says so (`show_next` is false).
    Last,
    /// The list was refused: the answer's status is not 200.
    Refused,
    /// The service promised more, but this page was empty twice: the list may have a hole.
    EmptyButMore,
    /// Ten thousand pages and still more.
    TooMany,
}

/// One page of a list.
#[derive(Debug, Clone)]
pub struct PageAnswer {
    /// The raw answer.
    pub answer: Answer,
    /// The envelope; `None` when the list was refused.
    pub page: Option<Page>,
    /// Set on the page after which the stream ends.
    pub end: Option<PageEnd>,
}

impl Client {
    /// All pages of a list in order, each with the same limit of 100. The stream ends after
    /// the page whose [`PageAnswer::end`] is set, or after an error.
    ///
    /// Rows that shift while the list is read may appear twice or be missed; removing the
    /// doubles and reading page 0 again is up to the caller, who knows what it has.
    pub fn pages(
        &self,
        what: PageRequest,
    ) -> impl Stream<Item = Result<PageAnswer>> + Send + 'static {
        let client = self.clone();
        stream::unfold(Some(0_u32), move |number| {
            let (client, what) = (client.clone(), what.clone());
            async move {
                let number = number?;
                let item = client.page(&what, number).await;
                let more = matches!(&item, Ok(page) if page.end.is_none());
                Some((item, more.then_some(number + 1)))
            }
        })
    }

    async fn page(&self, what: &PageRequest, number: u32) -> Result<PageAnswer> {
        let first = self.fetch(what, number).await?;
        if !first.promises_more_but_is_empty() {
            return Ok(first.bounded(number));
        }
        let mut second = self.fetch(what, number).await?;
        if second.promises_more_but_is_empty() {
            second.end = Some(PageEnd::EmptyButMore);
        }
        Ok(second.bounded(number))
    }

    async fn fetch(&self, what: &PageRequest, number: u32) -> Result<PageAnswer> {
        let answer = match what {
            PageRequest::Workouts { user_id } => self.workouts(user_id, number).await,
            PageRequest::Following { user_id } => self.following(user_id, number).await,
            PageRequest::Followers { user_id } => self.followers(user_id, number).await,
            PageRequest::Instructors => self.instructors(number).await,
        }?;
        Ok(PageAnswer::new(answer))
    }
}

impl PageAnswer {
    fn new(answer: Answer) -> Self {
        // The transport has checked the envelope of every 200.
        let page = answer
            .is_ok()
            .then(|| Page::parse(&answer.body).ok())
            .flatten();
        let end = match &page {
            None => Some(PageEnd::Refused),
            Some(page) if !page.show_next => Some(PageEnd::Last),
            Some(_) => None,
        };
        PageAnswer { answer, page, end }
    }

    fn promises_more_but_is_empty(&self) -> bool {
        self.page
            .as_ref()
            .is_some_and(|page| page.show_next && page.data.is_empty())
    }

    fn bounded(mut self, number: u32) -> Self {
        if number + 1 >= MAX_PAGES && self.end.is_none() {
            self.end = Some(PageEnd::TooMany);
        }
        self
    }
}
