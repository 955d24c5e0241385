//! `follows`: who follows whom.

use peloton_api::models::User;
use warehouse::schema::ColumnType as T;

use crate::transform::bundle::{Direction, FollowAnswers};
use crate::transform::column::Value;
use crate::transform::definition::{Source, TableOf};
use crate::transform::rows::{Report, Rows, read_again};

pub(in crate::transform) enum Follows {}

impl Source for Follows {
    type Row<'a> = FollowRow<'a>;
}

/// One row of a follow list.
#[derive(Debug)]
pub(in crate::transform) struct FollowRow<'a> {
    list_id: &'a str,
    owner: &'a str,
    direction: Direction,
    member: &'a User,
    fetched_at: jiff::Timestamp,
}

pub(in crate::transform) fn add(rows: &mut Rows, answers: &FollowAnswers<'_>) {
    let list_id = format!("{}/{}", answers.user_id, answers.direction.as_str());
    rows.tables.follows.replace(&list_id, answers.is_whole);
    for answer in &answers.rows {
        let mut report = Report::new(&mut rows.problems, "follows", &list_id);
        let given = Some(*answer);
        let member: Option<User> = match answers.direction {
            // Whoever is followed is a member too, in whose bundle it is.
            Direction::Following => read_again(given),
            Direction::Followers => report.read("row", given),
        };
        let Some(member) = member else { continue };
        let row = FollowRow {
            list_id: &list_id,
            owner: answers.user_id,
            direction: answers.direction,
            member: &member,
            fetched_at: answer.fetched_at,
        };
        rows.tables.follows.push(&row, &list_id, &mut rows.problems);
    }
}

pub(in crate::transform) fn definition() -> TableOf<Follows> {
    TableOf::<Follows>::new(
        "follows",
        "one member following another",
        "The lists of followed members and of followers, as each list gives them.",
        &["list_id", "user_id", "followed_user_id"],
        "list_id",
    )
    .column(
        "list_id",
        T::String,
        "",
        "Owner of the list and which of the two it is.",
        |f| f.list_id.into(),
    )
    .column("list", T::String, "", "`following` or `followers`.", |f| {
        f.direction.as_str().into()
    })
    .column("user_id", T::String, "", "Who follows.", |f| {
        match f.direction {
            Direction::Following => f.owner.into(),
            Direction::Followers => (&f.member.id).into(),
        }
    })
    .column(
        "followed_user_id",
        T::String,
        "",
        "Who is followed.",
        |f| match f.direction {
            Direction::Following => (&f.member.id).into(),
            Direction::Followers => f.owner.into(),
        },
    )
    .column(
        "username",
        T::String,
        "",
        "Name of the other member.",
        |f| (&f.member.username).into(),
    )
    .column(
        "category",
        T::String,
        "",
        "Peloton's group in the list.",
        |f| (&f.member.category).into(),
    )
    .column(
        "me_to_user",
        T::String,
        "",
        "What the account is to them: following, none, …",
        |f| {
            f.member
                .relationship
                .get()
                .map_or(Value::Null, |it| (&it.me_to_user).into())
        },
    )
    .column(
        "user_to_me",
        T::String,
        "",
        "What they are to the account.",
        |f| {
            f.member
                .relationship
                .get()
                .map_or(Value::Null, |it| (&it.user_to_me).into())
        },
    )
    .column(
        "is_profile_private",
        T::Bool,
        "",
        "Whether they hide their workouts.",
        |f| (&f.member.is_profile_private).into(),
    )
    .column(
        "total_workouts",
        T::Int64,
        "",
        "Workouts; NULL for some private members.",
        |f| (&f.member.total_workouts).into(),
    )
    .column("total_followers", T::Int64, "", "Their followers.", |f| {
        (&f.member.total_followers).into()
    })
    .column("total_following", T::Int64, "", "Whom they follow.", |f| {
        (&f.member.total_following).into()
    })
    .column(
        "fetched_at",
        T::Timestamp,
        "",
        "When the list was fetched, UTC.",
        |f| f.fetched_at.into(),
    )
}
