//! `status`: what is there, what is missing and why.

use std::collections::BTreeMap;
use std::io::Write;

use anyhow::{Context as _, Result};
use arrow::array::{Array, AsArray};
use arrow::datatypes::Int64Type;
use jiff::Timestamp;
use serde::Serialize;
use warehouse::{Limits, Original, Reader};

use super::{Context, Outcome};
use crate::archive::{Index, RunNote, endpoint};
use crate::cli::{StatusArgs, StatusFormat};
use crate::extract::items::{self, Standing};
use crate::load::{Defect, Loader};
use crate::output::{counted, excerpt, plain_table, thousands};
use crate::places;

/// Peloton's own words may be a page.
const LONGEST_REASON: usize = 200;
const LONGEST_NAME: usize = 40;

/// Runs and items that are shown to a person; JSON has them all.
const SHOWN: usize = 10;

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
    let original = Original::new(reader, places::publication());
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
    let publication = |target: &str, outcome: Option<places::Outcome>| -> Result<Publication> {
        let is_current = |outcome: &places::Outcome| outcome.has_all_of(digest.as_ref());
        Ok(Publication {
            target: target.to_owned(),
            behind: behind(outcome.as_ref(), &original.reader)?,
            is_current: outcome.as_ref().is_some_and(is_current),
            outcome,
        })
    };
    let mut outcomes = places::outcomes(&context.config.profile)?;
    let mut publications = Vec::new();
    for target in &context.config.settings.publish {
        let outcome = outcomes.remove(target);
        publications.push(publication(target, outcome)?);
    }
    for (target, outcome) in outcomes {
        publications.push(publication(&target, Some(outcome))?);
    }
    Ok(publications)
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

fn text(status: &Status) -> String {
    let mut text = format!("Profile {} in {}\n", status.profile, status.home);
    text.push_str(&format!(
        "Archive {} MB, warehouse {} MB\n\n",
        thousands(status.archive_bytes / 1_000_000),
        thousands(status.warehouse_bytes / 1_000_000),
    ));
    text.push_str(&members_text(&status.members));
    for damage in &status.damage {
        text.push_str(&format!(
            "\nDamage: {damage}\n  `peloton-looker sync --full` fetches again what was lost\n"
        ));
    }
    for damage in &status.mended {
        text.push_str(&format!(
            "\nMended: {damage}; what was lost was fetched again\n"
        ));
    }
    if let Some(kept) = &status.kept {
        text.push_str(&format!(
            "\nOnly the warehouse has {kept}\n  `peloton-looker doctor` says what to do\n"
        ));
    }
    text.push_str(&items_text(&status.items));
    if status.unreadable > 0 {
        text.push_str(&format!(
            "\n{} with values that can't be read, left out: see `sync_items`, status `unreadable`\n",
            counted(status.unreadable.unsigned_abs(), "item")
        ));
    }
    text.push_str(&runs_text(&status.runs));
    text.push_str(&publications_text(&status.publications));
    text
}

fn publications_text(publications: &[Publication]) -> String {
    let mut text = String::new();
    if !publications.is_empty() {
        text.push_str("\nPublished:\n");
    }
    for publication in publications {
        let outcome = publication.outcome.as_ref();
        let when = outcome.and_then(|outcome| outcome.published_at);
        let when = when.map_or_else(|| "not yet".to_owned(), |when| format!("{when:.0}"));
        let behind = match publication.behind {
            _ if publication.is_current => "up to date".to_owned(),
            Some(behind @ 1..) => format!("{} behind", counted(behind.unsigned_abs(), "workout")),
            Some(_) => "behind".to_owned(),
            None => String::new(),
        };
        let line = format!("  {}  {when}  {behind}", publication.target);
        text.push_str(line.trim_end());
        text.push('\n');
        if let Some(error) = outcome.and_then(|outcome| outcome.error.as_ref()) {
            text.push_str(&format!("    the last try failed: {error}\n"));
        }
    }
    text
}

fn members_text(members: &[Member]) -> String {
    let rows = members
        .iter()
        .map(|member| {
            vec![
                excerpt(
                    member.username.as_deref().unwrap_or(&member.id),
                    LONGEST_NAME,
                ),
                member.state().to_owned(),
                thousands(member.workouts.unsigned_abs()),
                thousands(member.seconds.unsigned_abs()),
                thousands(member.seconds_missing.unsigned_abs()),
                member
                    .newest
                    .as_deref()
                    .map(|newest| newest[..10.min(newest.len())].to_owned())
                    .unwrap_or_default(),
            ]
        })
        .collect();
    let names = [
        "member", "state", "workouts", "seconds", "gaps (s)", "newest",
    ];
    plain_table(&names, &[false, false, true, true, true, false], rows) + "\n"
}

fn items_text(items: &[Item]) -> String {
    let (refused, items): (Vec<&Item>, Vec<&Item>) = items
        .iter()
        .partition(|item| item.endpoint == endpoint::IMPORT);
    let (closed, failed): (Vec<&Item>, Vec<&Item>) =
        items.into_iter().partition(|item| item.settled);
    let (open, dropped): (Vec<&Item>, Vec<&Item>) =
        failed.iter().partition(|item| item.next_try.is_some());
    let mut text = open_text(&open);
    text.push_str(&refused_text(&refused));
    text.push_str(&kinds_text("Closed or removed at Peloton", &closed));
    text.push_str(&kinds_text("Failed, and no longer asked for", &dropped));
    text
}

fn open_text(items: &[&Item]) -> String {
    if items.is_empty() {
        return String::new();
    }
    let mut text = format!(
        "\n{} could not be had:\n",
        counted(items.len() as u64, "item")
    );
    for item in items.iter().take(SHOWN) {
        let next = item.next_try.map(|at| format!(", next {at:.0}"));
        text.push_str(&format!(
            "  {}: {} (tried {}{})\n",
            format!("{} {}", item.endpoint, item.key).trim_end(),
            excerpt(&item.reason, LONGEST_REASON),
            counted(item.tries.into(), "time"),
            next.unwrap_or_default()
        ));
    }
    if items.len() > SHOWN {
        text.push_str(&format!(
            "  and {} more: --format json has all\n",
            items.len() - SHOWN
        ));
    }
    text
}

fn refused_text(rows: &[&Item]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let mut text = format!(
        "\n{} of the file imported last refused:\n",
        counted(rows.len() as u64, "row")
    );
    for row in rows.iter().take(SHOWN) {
        let reason = excerpt(&row.reason, LONGEST_REASON);
        text.push_str(&format!("  {}: {reason}\n", row.key));
    }
    if rows.len() > SHOWN {
        text.push_str(&format!(
            "  and {} more: --format json has all\n",
            rows.len() - SHOWN
        ));
    }
    text
}

/// How many of which kind, in a line.
fn kinds_text(what: &str, items: &[&Item]) -> String {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for item in items {
        *kinds.entry(item.endpoint).or_default() += 1;
    }
    let kinds: Vec<String> = kinds
        .iter()
        .map(|(kind, count)| format!("{count} {kind}"))
        .collect();
    if kinds.is_empty() {
        return String::new();
    }
    format!("\n{what}: {}\n", kinds.join(", "))
}

fn runs_text(runs: &[RunLine]) -> String {
    let mut text = String::from("\nLast runs:\n");
    for run in runs.iter().take(SHOWN / 2) {
        let started = run
            .started
            .map(|started| format!("{started:.0}"))
            .unwrap_or_default();
        let status = if run.note.status.is_empty() {
            "interrupted"
        } else {
            &run.note.status
        };
        text.push_str(&format!(
            "  {started}  {:<6} {:<11} {}, {}\n",
            run.note.command,
            status,
            counted(run.note.workouts, "workout"),
            counted(run.note.requests, "request")
        ));
        let message = run.note.message.as_ref();
        if let Some(message) = message.filter(|_| run.note.status != "complete") {
            text.push_str(&format!("    {}\n", excerpt(message, LONGEST_REASON)));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(name: &str, relation: &str, access: &str) -> Member {
        Member {
            id: "0123456789abcdef0123456789abcdef".into(),
            username: Some(name.into()),
            relation: Some(relation.into()),
            access: Some(access.into()),
            workouts: 1_234,
            deleted: 0,
            seconds: 2_764_782,
            seconds_missing: 12_345,
            newest: Some("2026-11-24 07:00:00".into()),
        }
    }

    #[test]
    fn members_of_ordinary_names_fit_eighty_columns() {
        let text = members_text(&[
            member("ada_on_the_bike", "own", "public"),
            member("spin_bo", "unfollowed", "private"),
            member("grace.climbs", "following", "public"),
            member("lin", "following", "private"),
        ]);
        let widest = text.lines().map(|line| line.chars().count()).max();
        assert!(widest <= Some(80), "{text}");
        for state in ["own", "unfollowed", "following", "private"] {
            assert_eq!(text.matches(&format!(" {state} ")).count(), 1, "{text}");
        }
    }

    #[test]
    fn what_others_wrote_is_one_line_and_not_long() {
        let item = Item {
            endpoint: "workout",
            key: "a".into(),
            status: 500,
            reason: format!("\u{1b}[2J\n{}", "long ".repeat(1_000)),
            tries: 1,
            next_try: Some(Timestamp::UNIX_EPOCH),
            settled: false,
        };
        let text = items_text(&[item]);
        let line = text.lines().nth(2).unwrap();
        assert!(line.contains("\\u{1b}[2J\\nlong"), "{line}");
        assert!(line.contains('…') && line.chars().count() < 300, "{line}");
        assert_eq!(text.lines().count(), 3);
    }
}
