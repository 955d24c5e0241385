//! `status`: what is there, what is missing and why.

mod text;

use std::io::Write;

use anyhow::{Context as _, Result};
use arrow::array::{Array, AsArray};
use arrow::datatypes::Int64Type;
use jiff::Timestamp;
use serde::Serialize;
use warehouse::{Limits, Original, Reader};

use super::{Context, Outcome, runtime};
use crate::archive::{Index, RunNote};
use crate::cli::{StatusArgs, StatusFormat};
use crate::extract::items::{self, Standing};
use crate::load::{Defect, Loader};
use crate::places;
use text::text;

#[derive(Debug, Serialize)]
struct Status {
    profile: String,
    home: String,
    archive_bytes: u64,
    warehouse_bytes: u64,
    newest_fetch: Option<Timestamp>,
    members: Vec<Member>,
    items: Vec<Item>,
    /// Items of which some values can't be read.
    unreadable: i64,
    runs: Vec<RunLine>,
    publications: Vec<Publication>,
    /// What of the archive can't be read or is gone, and was not fetched again.
    damage: Vec<String>,
    /// The same, where it was.
    mended: Vec<String>,
    /// How what was lost is had again.
    #[serde(skip)]
    way_back: &'static str,
    /// What only the warehouse has: the archive can't make it any more.
    kept: Option<String>,
}

#[derive(Debug, Serialize)]
struct Publication {
    target: String,
    #[serde(flatten)]
    outcome: Option<places::Outcome>,
    /// Workouts fetched since.
    behind: Option<i64>,
    /// Whether it has everything that is here, as far as this machine knows.
    is_current: bool,
    /// What of a folder is not as it was published.
    damage: Option<String>,
}

#[derive(Debug, Serialize)]
struct Member {
    id: String,
    username: Option<String>,
    relation: Option<String>,
    access: Option<String>,
    workouts: i64,
    deleted: i64,
    seconds: i64,
    seconds_missing: i64,
    newest: Option<String>,
}

impl Member {
    /// In one word: what keeps their workouts away, else what they are to the account.
    fn state(&self) -> &str {
        let relation = self.relation.as_deref().unwrap_or_default();
        match self.access.as_deref() {
            Some(access @ ("private" | "gone")) if relation == "following" => access,
            _ => relation,
        }
    }
}

#[derive(Debug, Serialize)]
struct Item {
    endpoint: &'static str,
    key: String,
    status: u16,
    reason: String,
    tries: u32,
    /// None where nobody asks for it any more.
    next_try: Option<Timestamp>,
    /// Peloton has removed or closed it: no failure.
    settled: bool,
}

#[derive(Debug, Serialize)]
struct RunLine {
    id: String,
    started: Option<Timestamp>,
    #[serde(flatten)]
    note: RunNote,
}

pub(crate) fn run(args: &StatusArgs, context: &Context) -> Result<Outcome> {
    let profile = &context.config.profile;
    let loader = Loader::open(&context.config)?;
    let reader = super::sql::reader(Limits::default(), context)?;
    let original = places::original(reader)?;
    let reader = &original.reader;
    let (mended, mended_not): (Vec<Defect>, Vec<Defect>) = loader
        .defects()?
        .into_iter()
        .partition(|defect| defect.is_mended);
    let findings =
        |defects: Vec<Defect>| defects.into_iter().map(|defect| defect.finding).collect();
    let status = Status {
        profile: profile.name.clone(),
        home: profile.folder.display().to_string(),
        archive_bytes: folder_bytes(&profile.archive()),
        warehouse_bytes: std::fs::metadata(profile.warehouse()).map_or(0, |file| file.len()),
        newest_fetch: loader.index().newest_fetch(),
        members: members(reader)?,
        items: items(loader.index()),
        unreadable: unreadable(reader)?,
        runs: runs(loader.index())?,
        publications: publications(context, &original)?,
        damage: findings(mended_not),
        mended: findings(mended),
        way_back: loader.way_back(),
        kept: Some(loader.kept().to_string()).filter(|kept| !kept.is_empty()),
    };
    let mut out = std::io::stdout().lock();
    match args.format {
        StatusFormat::Json => writeln!(out, "{}", serde_json::to_string_pretty(&status)?)?,
        StatusFormat::Csv => write_csv(&status.members, out)?,
        StatusFormat::Text => {
            out.write_all(context.terminal.addressed(&text(&status)).as_bytes())?
        }
    }
    Ok(Outcome::Complete)
}

fn write_csv(members: &[Member], out: impl Write) -> Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    for member in members {
        writer.serialize(member)?;
    }
    writer.flush()?;
    Ok(())
}

/// The newest answer that a warehouse was made from.
pub(crate) fn newest_fetch(reader: &Reader) -> Result<Option<Timestamp>> {
    let batches = reader.batches("SELECT epoch_us(max(fetched_at))::BIGINT FROM workouts")?;
    let newest = batches.first().context("a row")?.column(0);
    let newest = newest.as_primitive::<Int64Type>();
    let newest = newest.is_valid(0).then(|| newest.value(0));
    Ok(newest.map(Timestamp::from_microsecond).transpose()?)
}

/// What tells a warehouse from one of which a unit differs.
pub(crate) fn digest(original: &Original) -> Result<Option<String>> {
    Ok(original.digest()?.map(|digest| digest.to_string()))
}

fn publications(context: &Context, original: &Original) -> Result<Vec<Publication>> {
    let digest = digest(original)?;
    let publication = |target: String, outcome: Option<places::Outcome>| -> Result<Publication> {
        let is_current = |outcome: &places::Outcome| outcome.has_all_of(digest.as_ref());
        let damage = outcome
            .as_ref()
            .filter(|outcome| outcome.has_arrived())
            .and_then(|_| damage(&target, context).transpose())
            .transpose()?;
        Ok(Publication {
            target,
            behind: behind(outcome.as_ref(), &original.reader)?,
            is_current: damage.is_none() && outcome.as_ref().is_some_and(is_current),
            damage,
            outcome,
        })
    };
    let outcomes = places::outcomes(&context.config)?;
    let targets = places::targets(&context.config, outcomes).into_iter();
    targets
        .map(|(target, outcome)| publication(target, outcome))
        .collect()
}

/// What a look at a place on this computer finds changed.
fn damage(target: &str, context: &Context) -> Result<Option<String>> {
    if places::is_remote(target) {
        return Ok(None);
    }
    let destination = places::destination(target, &context.config)?;
    let publication = places::publication();
    let examined = runtime()?.block_on(destination.examine(&publication));
    Ok(match examined {
        Ok(examined) => examined.damage.map(|damage| damage.to_string()),
        Err(error) => Some(error.to_string()),
    })
}

/// Workouts fetched since a publication.
fn behind(outcome: Option<&places::Outcome>, reader: &Reader) -> Result<Option<i64>> {
    let since = outcome.and_then(|outcome| outcome.newest_fetch);
    let count = |since: Timestamp| {
        let since = since.as_microsecond();
        let sql =
            format!("SELECT count(*)::BIGINT FROM workouts WHERE epoch_us(fetched_at) > {since}");
        count(reader, &sql)
    };
    since.map(count).transpose()
}

fn folder_bytes(folder: &std::path::Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return 0;
    };
    entries
        .flatten()
        .filter_map(|entry| entry.metadata().ok())
        .map(|file| file.len())
        .sum()
}

fn unreadable(reader: &Reader) -> Result<i64> {
    count(
        reader,
        "SELECT count(*)::BIGINT FROM sync_items WHERE status = 'unreadable'",
    )
}

fn count(reader: &Reader, sql: &str) -> Result<i64> {
    let batches = reader.batches(sql)?;
    let count = batches.first().context("a count")?;
    Ok(count.column(0).as_primitive::<Int64Type>().value(0))
}

fn members(reader: &Reader) -> Result<Vec<Member>> {
    const SQL: &str = "SELECT w.user_id, any_value(u.username), any_value(u.relation), any_value(u.access), \
        count(*)::BIGINT, count(w.deleted_at)::BIGINT, coalesce(sum(w.seconds_recorded), 0)::BIGINT, \
        coalesce(sum(w.seconds_missing), 0)::BIGINT, max(w.start_ts)::VARCHAR \
        FROM workouts w LEFT JOIN users u ON u.id = w.user_id GROUP BY 1 \
        UNION ALL SELECT id, username, relation, access, 0, 0, 0, 0, NULL FROM users \
        WHERE id NOT IN (SELECT user_id FROM workouts WHERE user_id IS NOT NULL) ORDER BY 3 DESC, 2, 1";
    let mut members = Vec::new();
    for batch in reader.batches(SQL)? {
        for row in 0..batch.num_rows() {
            let text = |column: usize| {
                let column = batch.column(column).as_string::<i32>();
                column.is_valid(row).then(|| column.value(row).to_owned())
            };
            let number =
                |column: usize| batch.column(column).as_primitive::<Int64Type>().value(row);
            members.push(Member {
                id: text(0).unwrap_or_default(),
                username: text(1),
                relation: text(2),
                access: text(3),
                workouts: number(4),
                deleted: number(5),
                seconds: number(6),
                seconds_missing: number(7),
                newest: text(8),
            });
        }
    }
    Ok(members)
}

fn items(index: &Index) -> Vec<Item> {
    let mut items: Vec<Item> = items::items(index)
        .map(|item| Item {
            endpoint: item.endpoint,
            key: item.key.into(),
            status: item.failure.status,
            reason: item.failure.reason.clone(),
            tries: item.failure.tries,
            next_try: item.next_try,
            settled: item.standing == Standing::Settled,
        })
        .collect();
    items.sort_by(|one, other| {
        // Ids of a kind are equally long; numbers of lines are not.
        let order = |item: &Item| (item.settled, item.endpoint, item.key.len());
        (order(one), &one.key).cmp(&(order(other), &other.key))
    });
    items
}

fn runs(index: &Index) -> Result<Vec<RunLine>> {
    let line = |(id, run): (&String, &crate::archive::Run)| {
        let note = serde_json::from_str(&run.note)?;
        Ok(RunLine {
            id: id.clone(),
            started: run.started,
            note,
        })
    };
    index.runs.iter().rev().map(line).collect()
}
