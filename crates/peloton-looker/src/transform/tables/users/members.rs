//! `users`: one row a member.

use peloton_api::models::{Field, Numbers, Overview, Settings, User};
use warehouse::schema::ColumnType as T;

use crate::transform::bundle::{Access, Relation, UserAnswers};
use crate::transform::column::Value;
use crate::transform::definition::{Source, TableOf};
use crate::transform::rows::{Report, Rows};
use crate::transform::tables::{first, newest};

pub(in crate::transform) enum Users {}

impl Source for Users {
    type Row<'a> = UserRow<'a>;
}

/// What is known about a member, the fullest answer first.
#[derive(Debug)]
pub(in crate::transform) struct UserRow<'a> {
    answers: &'a UserAnswers<'a>,
    profiles: [&'a User; 3],
    settings: &'a Settings,
    overview: &'a Overview,
    fetched_at: Option<jiff::Timestamp>,
}

impl<'a> UserRow<'a> {
    fn first<T>(&self, field: for<'x> fn(&'x User) -> &'x Field<T>) -> &'a Field<T> {
        first(self.profiles.map(field))
    }

    /// Bounds as JSON, as they came; NULL for the empty list of an unset value.
    fn bounds(&self, field: for<'x> fn(&'x User) -> &'x Numbers) -> Value<'a> {
        let numbers = self
            .profiles
            .map(field)
            .into_iter()
            .find(|numbers| !numbers.is_empty());
        numbers
            .and_then(|numbers| serde_json::to_string(&numbers.values).ok())
            .into()
    }

    fn best_weekly(&self) -> Value<'a> {
        let of_profile = self.first(|user| &user.streaks).get();
        let streaks = self.overview.streaks.get().or(of_profile);
        streaks.map_or(Value::Null, |streaks| (&streaks.best_weekly).into())
    }

    fn current_weekly(&self) -> Value<'a> {
        let of_profile = self.first(|user| &user.streaks).get();
        let streaks = self.overview.streaks.get().or(of_profile);
        streaks.map_or(Value::Null, |streaks| (&streaks.current_weekly).into())
    }
}

pub(super) fn add(rows: &mut Rows, answers: &UserAnswers<'_>, overview: &Overview) {
    let mut report = Report::new(&mut rows.problems, "users", answers.id);
    let me: User = report.read("me", answers.me).unwrap_or_default();
    let user: User = report.read("user", answers.user).unwrap_or_default();
    let follow_row: User = report
        .read("follow_row", answers.follow_row)
        .unwrap_or_default();
    let settings: Settings = report
        .read("settings", answers.settings)
        .unwrap_or_default();
    for profile in [&me, &user, &follow_row] {
        if let Some(other) = profile.id.as_deref().filter(|other| *other != answers.id) {
            report.add("id", format!("the answer is about member `{other}`"));
        }
    }
    let row = UserRow {
        answers,
        profiles: [&me, &user, &follow_row],
        settings: &settings,
        overview,
        fetched_at: newest(&[
            answers.me,
            answers.user,
            answers.follow_row,
            answers.settings,
            answers.overview,
        ]),
    };
    let has_profile = match answers.relation {
        Relation::Own => answers.me.is_some() && answers.settings.is_some(),
        _ => answers.user.is_some() && answers.follow_row.is_some(),
    };
    let is_whole = has_profile && answers.overview.is_some() && answers.access.is_some();
    rows.tables.users.replace(answers.id, is_whole);
    rows.tables.users.push(&row, answers.id, &mut rows.problems);
}

pub(in crate::transform) fn definition() -> TableOf<Users> {
    let table = TableOf::<Users>::new(
        "users",
        "one member",
        "The own account and members who are or were followed, whether public, private or gone.",
        &["id"],
        "id",
    );
    counts(body(core(table)))
        .column(
            "access",
            T::String,
            "",
            "`public`, `private` or `gone`.",
            |u| u.answers.access.unwrap_or(Access::Public).as_str().into(),
        )
        .column(
            "relation",
            T::String,
            "",
            "`own`, `following` or `unfollowed`.",
            |u| u.answers.relation.as_str().into(),
        )
        .column(
            "fetched_at",
            T::Timestamp,
            "",
            "When the newest of its answers was fetched, UTC.",
            |u| u.fetched_at.into(),
        )
}

/// The columns of the Python project.
fn core(table: TableOf<Users>) -> TableOf<Users> {
    table
        .column("id", T::String, "", "Peloton's id.", |u| {
            u.answers.id.into()
        })
        .column("username", T::String, "", "Name on the leaderboard.", |u| {
            u.first(|u| &u.username).into()
        })
        .column(
            "cycling_workout_ftp",
            T::Int64,
            "W",
            "FTP of the last test.",
            |u| u.first(|u| &u.cycling_workout_ftp).into(),
        )
        .column("image_url", T::String, "", "Picture.", |u| {
            u.first(|u| &u.image_url).into()
        })
        .column(
            "first_name",
            T::String,
            "",
            "First name; own account only.",
            |u| u.first(|u| &u.first_name).into(),
        )
        .column(
            "last_name",
            T::String,
            "",
            "Last name; own account only.",
            |u| u.first(|u| &u.last_name).into(),
        )
        .column(
            "created_at",
            T::Int64,
            "s",
            "Epoch seconds of the account's creation.",
            |u| u.first(|u| &u.created_at).into(),
        )
        .column(
            "birthday",
            T::Int64,
            "s",
            "Epoch seconds; own account only.",
            |u| u.first(|u| &u.birthday).into(),
        )
        .column(
            "customized_max_heart_rate",
            T::Int64,
            "bpm",
            "As the member set it; 0 or NULL if unset.",
            |u| u.first(|u| &u.customized_max_heart_rate).into(),
        )
        .column(
            "default_max_heart_rate",
            T::Int64,
            "bpm",
            "As Peloton assumes it by age.",
            |u| u.first(|u| &u.default_max_heart_rate).into(),
        )
}

fn body(table: TableOf<Users>) -> TableOf<Users> {
    table
        .column(
            "created_ts",
            T::Timestamp,
            "",
            "`created_at` as an instant, UTC.",
            |u| Value::instant(u.first(|u| &u.created_at)),
        )
        .column(
            "name",
            T::String,
            "",
            "Whole name; own account only.",
            |u| u.first(|u| &u.name).into(),
        )
        .column("location", T::String, "", "As the member wrote it.", |u| {
            u.first(|u| &u.location).into()
        })
        .column("gender", T::String, "", "Own account only.", |u| {
            u.first(|u| &u.gender).into()
        })
        .column("height", T::Float64, "height_unit", "Body height.", |u| {
            u.first(|u| &u.height).into()
        })
        .column("height_unit", T::String, "", "Unit of `height`.", |u| {
            first([u.first(|u| &u.height_unit), &u.settings.height_unit]).into()
        })
        .column("weight", T::Float64, "weight_unit", "Body weight.", |u| {
            u.first(|u| &u.weight).into()
        })
        .column("weight_unit", T::String, "", "Unit of `weight`.", |u| {
            first([u.first(|u| &u.weight_unit), &u.settings.weight_unit]).into()
        })
        .column(
            "distance_unit",
            T::String,
            "",
            "The account's preference; our distances are metres.",
            |u| (&u.settings.distance_unit).into(),
        )
        .column(
            "default_heart_rate_zones",
            T::Json,
            "bpm",
            "Lower bounds that Peloton assumes.",
            |u| u.bounds(|u| &u.default_heart_rate_zones),
        )
        .column(
            "customized_heart_rate_zones",
            T::Json,
            "bpm",
            "Lower bounds that the member set.",
            |u| u.bounds(|u| &u.customized_heart_rate_zones),
        )
        .column(
            "cycling_ftp",
            T::Int64,
            "W",
            "FTP as typed in by the member.",
            |u| u.first(|u| &u.cycling_ftp).into(),
        )
        .column(
            "cycling_ftp_source",
            T::String,
            "",
            "Which FTP counts.",
            |u| u.first(|u| &u.cycling_ftp_source).into(),
        )
        .column(
            "cycling_ftp_workout_id",
            T::String,
            "",
            "The test that it was measured in.",
            |u| u.first(|u| &u.cycling_ftp_workout_id).into(),
        )
        .column(
            "estimated_cycling_ftp",
            T::Int64,
            "W",
            "FTP as Peloton estimates it.",
            |u| u.first(|u| &u.estimated_cycling_ftp).into(),
        )
}

fn counts(table: TableOf<Users>) -> TableOf<Users> {
    table
        .column(
            "is_profile_private",
            T::Bool,
            "",
            "Whether the member hides workouts.",
            |u| u.first(|u| &u.is_profile_private).into(),
        )
        .column(
            "total_workouts",
            T::Int64,
            "",
            "Workouts as the app counts them.",
            |u| u.first(|u| &u.total_workouts).into(),
        )
        .column(
            "total_pedaling_metric_workouts",
            T::Int64,
            "",
            "Of these with pedalling series.",
            |u| u.first(|u| &u.total_pedaling_metric_workouts).into(),
        )
        .column(
            "total_non_pedaling_metric_workouts",
            T::Int64,
            "",
            "Of these without.",
            |u| u.first(|u| &u.total_non_pedaling_metric_workouts).into(),
        )
        .column("total_followers", T::Int64, "", "Followers.", |u| {
            u.first(|u| &u.total_followers).into()
        })
        .column(
            "total_following",
            T::Int64,
            "",
            "Members whom they follow.",
            |u| u.first(|u| &u.total_following).into(),
        )
        .column(
            "current_weekly_streak",
            T::Int64,
            "weeks",
            "Weeks in a row with a workout.",
            |u| u.current_weekly(),
        )
        .column(
            "best_weekly_streak",
            T::Int64,
            "weeks",
            "Longest such row.",
            |u| u.best_weekly(),
        )
        .column(
            "last_workout_at",
            T::Int64,
            "s",
            "Epoch seconds; Peloton serves stale values here.",
            |u| u.first(|u| &u.last_workout_at).into(),
        )
}
