//! What the pages of a list lead to, and what it proves when it is read to its end.

use anyhow::{Context, Result};
use peloton_api::{Answer, Listing, models::Page};
use serde_json::json;

use super::Run;
use crate::archive::{Member, Walk, endpoint};
use crate::error::Usage;
use crate::extract::walk::{Walking, difference, further, gone};
use crate::extract::work::{List, ListPage, Work};

impl Run<'_> {
    pub(super) fn after_page(&mut self, page: &ListPage, answer: &Answer) -> Result<()> {
        if !answer.is_ok() && !page.is_first() {
            return self.skip_page(page);
        }
        if !answer.is_ok() {
            self.listing(page).skip(page.number);
            return self.end_list(page);
        }
        let rows =
            Page::parse(&answer.body).with_context(|| format!("read the page `{}`", answer.url))?;
        for id in rows.ids() {
            match page.list {
                List::Following => self.want_if_wanted(&id),
                List::Workouts => {
                    self.tally.workouts_listed += 1;
                    self.want_workout(&id);
                }
                List::Followers | List::Instructors => {}
            }
        }
        let next = self.take_page(page, &rows);
        self.go_on(page, next)
    }

    /// A page that can't be had hides nothing behind it, and nothing that earlier runs know.
    pub(super) fn skip_page(&mut self, page: &ListPage) -> Result<()> {
        let next = self.listing(page).skip(page.number);
        self.go_on(page, next.filter(|_| !page.is_recheck))
    }

    fn want_if_wanted(&mut self, member: &str) {
        if self.is_wanted_member(member) {
            self.want_member(member);
        }
    }

    fn listing(&mut self, page: &ListPage) -> &mut Listing {
        match page.list {
            List::Workouts => &mut self.walks.entry(page.owner.clone()).or_default().listing,
            list => self.listings.entry(list).or_default(),
        }
    }

    /// Takes a page in; gives the page to ask for next.
    fn take_page(&mut self, page: &ListPage, rows: &Page) -> Option<u32> {
        if page.list == List::Workouts {
            let walking = self.walks.entry(page.owner.clone()).or_default();
            return walking.take(&self.index, page, rows, self.options.is_full);
        }
        let listing = self.listing(page);
        if !page.is_recheck {
            return listing.take(page.number, rows);
        }
        listing.add(rows);
        None
    }

    /// The next page of a list, or what the whole list proves.
    fn go_on(&mut self, page: &ListPage, next: Option<u32>) -> Result<()> {
        let further = further(self.listing(page), page, next);
        match further.or_else(|| self.begin_again(page)) {
            Some(further) => self.want_page(further),
            None => self.end_list(page)?,
        }
        Ok(())
    }

    fn begin_again(&mut self, page: &ListPage) -> Option<ListPage> {
        if page.list != List::Workouts {
            return None;
        }
        let walking = self.walks.get_mut(&page.owner)?;
        *walking = walking.again()?;
        Some(page.at(0, false))
    }

    fn end_list(&mut self, page: &ListPage) -> Result<()> {
        let name = match page.list {
            List::Workouts => {
                let walking = self.walks.remove(&page.owner).unwrap_or_default();
                self.recover(page, &walking.listing)?;
                return self.end_walk(&page.owner, &walking);
            }
            List::Following => "the list of followed members",
            List::Followers => "the list of followers",
            List::Instructors => "the list of instructors",
        };
        let listing = self.listings.remove(&page.list).unwrap_or_default();
        let difference = difference(&listing, name);
        self.tally.count_differences.extend(difference);
        self.recover(page, &listing)?;
        match page.list {
            List::Following => self.end_following(&listing),
            List::Followers => self.end_followers(&listing),
            List::Workouts | List::Instructors => Ok(()),
        }
    }

    /// A list of which each page could be had is no item any more. One whose last page promises more, though
    /// all rows are there, has no page that says that it was read.
    fn recover(&mut self, page: &ListPage, listing: &Listing) -> Result<()> {
        let list = Work::Page(page.clone());
        let has_failed = self.slot(&list).is_some_and(|slot| slot.failure.is_some());
        let is_unsaid = listing.ends_on_a_promise() && listing.is_whole();
        if is_unsaid || (has_failed && !listing.lacks_pages()) {
            self.notice(endpoint::READ, list.key(), &list.endpoint())?;
        }
        Ok(())
    }

    fn end_following(&mut self, listing: &Listing) -> Result<()> {
        // It may have hidden somebody.
        if !listing.is_whole() {
            let known = self.index.members.iter();
            let known = known.filter(|(_, member)| member.is_followed());
            let known: Vec<String> = known.map(|(id, _)| id.clone()).collect();
            known.iter().for_each(|id| self.want_if_wanted(id));
            return Ok(());
        }
        for id in gone(listing, &self.index, Member::is_followed) {
            self.notice(endpoint::UNFOLLOWED, &id, &json!({}))?;
            self.tally.unfollowed += 1;
        }
        match self.unmatched.first() {
            Some(name) => Err(Usage(format!(
                "`{name}` is neither you nor a member whom you follow: `peloton-looker status` lists the names"
            ))
            .into()),
            None => Ok(()),
        }
    }

    fn end_followers(&mut self, listing: &Listing) -> Result<()> {
        let is_known = |member: &Member| member.follower.good.is_some();
        for id in gone(listing, &self.index, is_known) {
            self.notice(endpoint::UNFOLLOWED_BY, &id, &json!({}))?;
        }
        Ok(())
    }

    fn end_walk(&mut self, member: &str, walking: &Walking) -> Result<()> {
        let before = self.index.members.get(member);
        let before = before.and_then(|member| member.walk);
        let walk = walking.counted(&self.index, member);
        if !walking.is_rest_known() {
            self.count(member, walking, walk)?;
        }
        let is_new = walking.has_news() || (!walking.is_rest_known() && before != Some(walk));
        // What lacks a page is walked by the next run as if by none before.
        if is_new && !walking.listing.lacks_pages() {
            self.notice(endpoint::WALK, member, &walk)?;
        }
        self.want_known(member);
        Ok(())
    }

    /// What a list that was read to its end proves.
    fn count(&mut self, member: &str, walking: &Walking, walk: Walk) -> Result<()> {
        let list = format!("the list of member `{member}`");
        let difference = difference(&walking.listing, &list);
        self.tally.count_differences.extend(difference);
        for id in walking.missing(&self.index, member) {
            self.notice(endpoint::MISSING, &id, &walk)?;
            self.tally.deleted += 1;
        }
        Ok(())
    }
}
