//! The state of a profile as a person reads it.

use std::collections::BTreeMap;

use super::{Item, Member, Publication, RunLine, Status};
use crate::archive::endpoint;
use crate::output::{counted, excerpt, megabytes, plain_table, thousands};

/// Peloton's own words may be a page.
const LONGEST_REASON: usize = 200;
const LONGEST_NAME: usize = 40;

/// Runs and items that are shown to a person; JSON has them all.
const SHOWN: usize = 10;

pub(super) fn text(status: &Status) -> String {
    let mut text = format!("Profile {} in {}\n", status.profile, status.home);
    text.push_str(&format!(
        "Archive {}, warehouse {}\n\n",
        megabytes(status.archive_bytes),
        megabytes(status.warehouse_bytes),
    ));
    text.push_str(&members_text(&status.members));
    for damage in &status.damage {
        text.push_str(&format!("\nDamage: {damage}\n  {}\n", status.way_back));
    }
    for damage in &status.mended {
        text.push_str(&format!("\nMended: {damage}; what it had is there again\n"));
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
        let is_known = outcome.is_some_and(|outcome| outcome.digest.is_some());
        let behind = match publication.behind {
            _ if publication.is_current => "up to date".to_owned(),
            Some(behind @ 1..) => format!("{} behind", counted(behind.unsigned_abs(), "workout")),
            Some(_) if is_known && publication.damage.is_none() => "behind".to_owned(),
            _ => String::new(),
        };
        let line = format!("  {}  {when}  {behind}", publication.target);
        text.push_str(line.trim_end());
        text.push('\n');
        if let Some(damage) = &publication.damage {
            text.push_str(&format!(
                "    {damage}: `peloton-looker publish '{}'` mends it\n",
                publication.target
            ));
        }
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
    use jiff::Timestamp;

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
