//! Tables in months: partitions replaced by their decorators, and where there may be none.

use serde_json::json;
use warehouse::bigquery::Dataset;
use warehouse::schema::{ColumnType, Table};
use warehouse::{Destination, Error, Month, Part, Size, Transport};

use crate::dataset::{column, load, look, unit};
use crate::google::{DAY_MS, Google};

/// A table in months; the numbers of its rows are days since 1970.
fn dated() -> Table {
    let mut table = crate::file::table("dated");
    table.columns[1] = column("day", ColumnType::Date);
    table.partition_by = Some("day");
    table.cluster_by = &["id"];
    table
}

/// 2026-03-01, in days since 1970.
const MARCH: i64 = 20_513;

fn march() -> Part {
    month(3)
}

fn month(month: i8) -> Part {
    Part::Month(Month { year: 2026, month })
}

/// More rows than one job should bring.
fn much() -> Size {
    Size {
        samples: 1_000_000_000,
        has_undated: false,
    }
}

/// Brings a month.
async fn bring(
    dataset: &Dataset,
    month: Part,
    fingerprint: &str,
    rows: &[(&str, i64)],
) -> Result<(), Error> {
    load(dataset, &dated(), (month, &[month]), fingerprint, rows).await
}

#[tokio::test]
async fn a_month_is_replaced_by_its_decorator() {
    let google = Google::with_dataset().await;
    let dataset = look(&google);
    dataset.published().await.unwrap();
    assert_eq!(dataset.transport(&dated(), much()), Transport::ByUnit);
    for (month, fingerprint, row) in [
        (march(), "3a", ("a", MARCH)),
        (month(4), "4a", ("b", MARCH + 31)),
        (march(), "3b", ("c", MARCH + 30)),
    ] {
        let brought = bring(&dataset, month, fingerprint, &[row]).await;
        brought.unwrap();
    }
    dataset.commit().await.unwrap();
    assert_eq!(google.column("dated", "id"), ["b", "c"]);
    let state = google.state();
    let load = &state.jobs[0].configuration["load"];
    assert_eq!(load["destinationTable"]["tableId"], "dated$202603");
    assert_eq!(
        load["timePartitioning"],
        json!({ "type": "MONTH", "field": "day" })
    );
    assert_eq!(load["clustering"], json!({ "fields": ["id"] }));
    assert!(state.jobs[0].id.starts_with("pl_dated_202603_"));
}

#[tokio::test]
async fn a_row_of_another_month_fails_its_job_and_changes_nothing() {
    let google = Google::with_dataset().await;
    let dataset = look(&google);
    dataset.published().await.unwrap();
    let brought = bring(&dataset, march(), "3a", &[("a", MARCH)]).await;
    brought.unwrap();
    let rows = [("b", MARCH), ("c", MARCH - 1)];
    let failed = bring(&dataset, march(), "3b", &rows).await.unwrap_err();
    let said = failed.to_string();
    assert!(said.contains("Some rows belong to different"), "{said}");
    dataset.commit().await.unwrap();
    assert_eq!(google.column("dated", "id"), ["a"]);
    let units = look(&google).published().await.unwrap().units;
    assert_eq!(units[&unit(&dated(), march())].as_str(), "3a");
}

/// A table that came whole, with rows that belong to no month, has grown, and those rows are gone.
#[tokio::test]
async fn removing_the_undated_rows_leaves_the_months() {
    let google = Google::with_dataset().await;
    let dataset = look(&google);
    dataset.published().await.unwrap();
    let units = (Part::All, &[march(), Part::Undated][..]);
    // The day of `b` is NULL: Arrow's calendar has none so late.
    let rows = [("a", MARCH), ("b", i64::MAX)];
    let brought = load(&dataset, &dated(), units, "1a", &rows).await;
    brought.unwrap();
    dataset.commit().await.unwrap();
    let dataset = look(&google);
    dataset.published().await.unwrap();
    // As a plan of that transport has it.
    if dataset.transport(&dated(), much()) == Transport::ByUnit {
        let undated = unit(&dated(), Part::Undated);
        dataset.prepare(&dated()).await.unwrap();
        dataset.remove(&dated(), &undated).await.unwrap();
        dataset.commit().await.unwrap();
        assert_eq!(google.column("dated", "id"), ["a"]);
    }
}

#[tokio::test]
async fn in_the_sandbox_nothing_vanishes() {
    let google = Google::start().await;
    google.is_sandbox(60);
    let old = [("a", MARCH - 1000), ("b", MARCH)];
    let june = "2023-06".parse().unwrap();
    let units = (Part::All, &[june, march()][..]);
    for fingerprint in ["1a", "1b"] {
        let dataset = look(&google);
        dataset.published().await.unwrap();
        let is_there = fingerprint == "1b";
        assert_eq!(dataset.notes().len(), usize::from(is_there));
        let brought = load(&dataset, &dated(), units, fingerprint, &old).await;
        brought.unwrap();
        dataset.commit().await.unwrap();
        // The first publication tells of it too, as soon as there is a dataset.
        let notes = dataset.notes();
        assert!(notes[0].contains("60 days"), "{notes:?}");
        assert_eq!(google.column("dated", "id"), ["a", "b"]);
    }
    let dataset = look(&google);
    dataset.published().await.unwrap();
    assert_eq!(dataset.transport(&dated(), much()), Transport::Whole);
    let now_ms = {
        let mut state = google.state();
        assert_eq!(state.table("dated").partitioning, None);
        assert!(state.table("dated").clustering.is_some());
        state.now_ms
    };
    // When their time is over, all tables are made again.
    google.set_clock(now_ms + 60 * DAY_MS);
    let dataset = look(&google);
    assert!(dataset.published().await.unwrap().units.is_empty());
    load(&dataset, &dated(), units, "1b", &old).await.unwrap();
    dataset.commit().await.unwrap();
    assert_eq!(google.column("dated", "id"), ["a", "b"]);
}

/// Whether a dataset that does not exist yet will be one of a sandbox, nobody knows.
#[tokio::test]
async fn a_large_table_comes_to_a_sandbox_without_a_dataset() {
    let google = Google::start().await;
    google.is_sandbox(60);
    let dataset = look(&google);
    dataset.published().await.unwrap();
    let part = match dataset.transport(&dated(), much()) {
        Transport::ByUnit => march(),
        _ => Part::All,
    };
    let units = (part, &[march()][..]);
    let brought = load(&dataset, &dated(), units, "3a", &[("a", MARCH)]).await;
    brought.unwrap();
    assert_eq!(google.column("dated", "id"), ["a"]);
}

#[tokio::test]
async fn months_may_be_replaced_at_once() {
    let google = Google::with_dataset().await;
    google.state().behaviour.looks = 3;
    let dataset = look(&google);
    dataset.published().await.unwrap();
    let (march, april) = tokio::join!(
        bring(&dataset, march(), "3a", &[("a", MARCH)]),
        bring(&dataset, month(4), "4a", &[("b", MARCH + 31)]),
    );
    march.and(april).unwrap();
    dataset.commit().await.unwrap();
    assert_eq!(google.column("dated", "id"), ["a", "b"]);
    assert_eq!(look(&google).published().await.unwrap().units.len(), 2);
}

/// What is known of a table after two months were brought, and then another one by a run that ended before it could
/// keep that: whether the table can go by months, and the months that nobody knows.
async fn after_two_months_and(end: impl AsyncFnOnce(&Google, Dataset)) -> (Transport, Vec<Part>) {
    let google = Google::with_dataset().await;
    let first = look(&google);
    first.published().await.unwrap();
    bring(&first, march(), "3a", &[("a", MARCH)]).await.unwrap();
    bring(&first, month(4), "4a", &[("b", MARCH + 31)])
        .await
        .unwrap();
    first.commit().await.unwrap();
    google.state().behaviour.looks = 20;
    google.state().now_ms += 60_000;
    let second = look(&google);
    second.published().await.unwrap();
    tokio::select! {
        biased;
        () = google.until(|google| google.loads("dated").len() == 3) => {}
        brought = bring(&second, march(), "3b", &[("c", MARCH)]) => panic!("{brought:?}"),
    }
    end(&google, second).await;
    let third = look(&google);
    let units = third.published().await.unwrap().units;
    let known = [(march(), "3a"), (month(4), "4a")];
    let is_unknown = |(part, fingerprint): &(Part, &str)| {
        let there = units.get(&unit(&dated(), *part));
        there.is_none_or(|there| there.as_str() != *fingerprint)
    };
    let unknown = known.into_iter().filter(is_unknown).map(|(part, _)| part);
    let unknown = unknown.collect();
    let transport = third.transport(&dated(), much());
    if transport != Transport::ByUnit {
        return (transport, unknown);
    }
    // Whatever is still at work then does not come after what this run brings.
    google.state().behaviour.looks = 0;
    bring(&third, march(), "3c", &[("d", MARCH)]).await.unwrap();
    third.commit().await.unwrap();
    third.complete(&[]).await.unwrap();
    google.finish_jobs();
    assert_eq!(google.column("dated", "id"), ["b", "d"]);
    assert_eq!(look(&google).published().await.unwrap().units.len(), 2);
    (transport, unknown)
}

#[tokio::test]
async fn a_job_that_is_given_up_is_cancelled_and_nothing_is_sent_again_for_it() {
    let (transport, unknown) = after_two_months_and(async |google: &Google, run: Dataset| {
        run.commit().await.unwrap();
        let state = google.state();
        let mut loads = state.jobs.iter().filter(|job| job.table() == "dated");
        assert!(loads.next_back().unwrap().is_cancelled());
    })
    .await;
    assert_eq!((transport, unknown), (Transport::ByUnit, vec![]));
}

#[tokio::test]
async fn a_job_that_is_given_up_and_ends_meanwhile_is_kept() {
    let google = Google::with_dataset().await;
    google.state().behaviour.looks = 20;
    google.state().behaviour.ignores_cancels = true;
    let run = look(&google);
    run.published().await.unwrap();
    tokio::select! {
        biased;
        () = google.until(|google| !google.loads("dated").is_empty()) => {}
        brought = bring(&run, march(), "3a", &[("a", MARCH)]) => panic!("{brought:?}"),
    }
    google.finish_jobs();
    run.commit().await.unwrap();
    let units = look(&google).published().await.unwrap().units;
    assert_eq!(units[&unit(&dated(), march())].as_str(), "3a");
}

#[tokio::test]
async fn a_job_that_can_not_be_cancelled_costs_its_month() {
    for is_over in [false, true] {
        let (transport, unknown) = after_two_months_and(async |google: &Google, run: Dataset| {
            google.state().behaviour.ignores_cancels = true;
            run.commit().await.unwrap();
            if is_over {
                google.finish_jobs();
            }
        })
        .await;
        assert_eq!((transport, unknown), (Transport::ByUnit, vec![march()]));
    }
}

#[tokio::test]
async fn a_kill_costs_the_months_that_were_on_their_way() {
    for is_over in [false, true] {
        let (transport, unknown) = after_two_months_and(async |google: &Google, run: Dataset| {
            drop(run);
            if is_over {
                google.finish_jobs();
            }
        })
        .await;
        assert_eq!((transport, unknown), (Transport::ByUnit, vec![march()]));
    }
}

/// Another program wrote to the table after what is known: its months can't be told from ours.
#[tokio::test]
async fn what_another_program_did_after_a_kill_is_not_called_ours() {
    let (transport, _) = after_two_months_and(async |google: &Google, run: Dataset| {
        drop(run);
        google.finish_jobs();
        let mut state = google.state();
        state.now_ms += 60_000;
        let now_ms = state.now_ms;
        state.table("dated").modified_ms = now_ms;
    })
    .await;
    assert_eq!(transport, Transport::Whole);
}

/// Another publication wrote to a month after we looked, and was killed: its rows are not those that the
/// record speaks of, whatever we bring to other months.
#[tokio::test]
async fn what_another_did_meanwhile_is_not_called_current() {
    let google = Google::with_dataset().await;
    let first = look(&google);
    first.published().await.unwrap();
    bring(&first, march(), "3a", &[("a", MARCH)]).await.unwrap();
    first.commit().await.unwrap();
    let ours = look(&google);
    ours.published().await.unwrap();
    let other = look(&google);
    other.published().await.unwrap();
    bring(&other, march(), "3b", &[("b", MARCH)]).await.unwrap();
    drop(other);
    let april = bring(&ours, month(4), "4a", &[("c", MARCH + 31)]).await;
    april.unwrap();
    ours.commit().await.unwrap();
    let changed = ours.complete(&[]).await.unwrap_err().to_string();
    assert_eq!(
        changed,
        "something else wrote to `dated` while it was published"
    );
    assert!(look(&google).published().await.unwrap().units.is_empty());
}
