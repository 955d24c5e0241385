//! What the pages of a list lead to, and what it proves when it is read to its end.

use anyhow::{Context, Result};
use peloton_api::{Answer, Listing, models::Page};
use serde_json::json;

use super::Run;
use crate::archive::{Member, Walk, endpoint};
use crate::error::Usage;
use crate::extract::walk::{Walking, difference, further, gone};
use crate::extract::work::Work;

impl Run<'_> {
    /// A page that can't be had hides nothing behind it, and nothing that earlier runs know.
    pub(super) fn skip_page(&mut self, work: &Work) -> Result<()> {
        match work {
            Work::List {
                member,
                page,
                is_recheck,
            } => {
                let mut walking = self.walks.remove(member).unwrap_or_default();
                let next = walking.listing.skip(*page).filter(|_| !is_recheck);
                self.walk_on(member, *page, walking, next)
            }
            Work::Following {
                owner,
                page,
                is_recheck,
            } => {
                let next = self.followed.skip(*page).filter(|_| !is_recheck);
                self.follow_on(owner, *page, next)
            }
            Work::Followers {
                owner,
                page,
                is_recheck,
            } => {
                let next = self.followers.skip(*page).filter(|_| !is_recheck);
                self.followers_on(owner, *page, next)
            }
            Work::Instructors { page } => {
                let next = self.instructors.skip(*page);
                self.instructors_on(next);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    pub(super) fn after_following(
        &mut self,
        owner: &str,
        number: u32,
        is_recheck: bool,
        answer: &Answer,
    ) -> Result<()> {
        let Some(page) = page(answer)? else {
            self.followed.skip(number);
            return self.end_following();
        };
        for id in page.ids() {
            self.want_if_wanted(&id);
        }
        let next = take(&mut self.followed, number, is_recheck, &page);
        self.follow_on(owner, number, next)
    }

    fn want_if_wanted(&mut self, member: &str) {
        if self.is_wanted_member(member) {
            self.want_member(member);
        }
    }

    /// The next page of the list of followed members, or what the whole list proves.
    fn follow_on(&mut self, owner: &str, number: u32, next: Option<u32>) -> Result<()> {
        let Some((page, is_recheck)) = further(&self.followed, number, next) else {
            return self.end_following();
        };
        let owner = owner.into();
        self.want_page(Work::Following {
            owner,
            page,
            is_recheck,
        });
        Ok(())
    }

    fn end_following(&mut self) -> Result<()> {
        let difference = difference(&self.followed, "the list of followed members");
        self.tally.count_differences.extend(difference);
        // It may have hidden somebody.
        if !self.followed.is_whole() {
            let known = self.index.members.iter();
            let known = known.filter(|(_, member)| member.is_followed());
            let known: Vec<String> = known.map(|(id, _)| id.clone()).collect();
            known.iter().for_each(|id| self.want_if_wanted(id));
            return Ok(());
        }
        for id in gone(&self.followed, &self.index, Member::is_followed) {
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

    pub(super) fn after_instructors(&mut self, number: u32, answer: &Answer) -> Result<()> {
        if let Some(page) = page(answer)? {
            let next = self.instructors.take(number, &page);
            self.instructors_on(next);
        }
        Ok(())
    }

    fn instructors_on(&mut self, next: Option<u32>) {
        match next {
            Some(page) => self.want_page(Work::Instructors { page }),
            None => {
                let difference = difference(&self.instructors, "the list of instructors");
                self.tally.count_differences.extend(difference);
            }
        }
    }

    pub(super) fn after_followers(
        &mut self,
        owner: &str,
        number: u32,
        is_recheck: bool,
        answer: &Answer,
    ) -> Result<()> {
        let Some(page) = page(answer)? else {
            return Ok(());
        };
        let next = take(&mut self.followers, number, is_recheck, &page);
        self.followers_on(owner, number, next)
    }

    fn followers_on(&mut self, owner: &str, number: u32, next: Option<u32>) -> Result<()> {
        if let Some((page, is_recheck)) = further(&self.followers, number, next) {
            let owner = owner.into();
            self.want_page(Work::Followers {
                owner,
                page,
                is_recheck,
            });
            return Ok(());
        }
        let difference = difference(&self.followers, "the list of followers");
        self.tally.count_differences.extend(difference);
        let is_known = |member: &Member| member.follower.good.is_some();
        for id in gone(&self.followers, &self.index, is_known) {
            self.notice(endpoint::UNFOLLOWED_BY, &id, &json!({}))?;
        }
        Ok(())
    }

    pub(super) fn after_list(
        &mut self,
        member: &str,
        number: u32,
        is_recheck: bool,
        answer: &Answer,
    ) -> Result<()> {
        let Some(page) = page(answer)? else {
            self.want_known(member);
            return Ok(());
        };
        for id in page.ids() {
            self.tally.workouts_listed += 1;
            self.want_workout(&id);
        }
        let mut walking = self.walks.remove(member).unwrap_or_default();
        let next = if is_recheck {
            walking.take_again(&self.index, member, &page);
            None
        } else {
            walking.take(&self.index, member, number, &page, self.options.is_full)
        };
        self.walk_on(member, number, walking, next)
    }

    /// What comes after a page of a member's workouts.
    fn walk_on(
        &mut self,
        member: &str,
        number: u32,
        mut walking: Walking,
        next: Option<u32>,
    ) -> Result<()> {
        let (page, is_recheck) = if let Some(further) = further(&walking.listing, number, next) {
            further
        } else if let Some(again) = walking.again() {
            walking = again;
            (0, false)
        } else {
            return self.end_walk(member, &walking);
        };
        self.walks.insert(member.into(), walking);
        let member = member.to_owned();
        self.want_page(Work::List {
            member,
            page,
            is_recheck,
        });
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
        // What was not read to its end is walked by the next run as if by none before.
        if is_new && walking.is_read() {
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

/// Takes a page in; gives the page to ask for next.
fn take(listing: &mut Listing, number: u32, is_recheck: bool, page: &Page) -> Option<u32> {
    if !is_recheck {
        return listing.take(number, page);
    }
    listing.add(page);
    None
}

/// The page, where the list was not refused.
fn page(answer: &Answer) -> Result<Option<Page>> {
    if !answer.is_ok() {
        return Ok(None);
    }
    let page = Page::parse(&answer.body);
    page.map(Some)
        .with_context(|| format!("read the page `{}`", answer.url))
}
