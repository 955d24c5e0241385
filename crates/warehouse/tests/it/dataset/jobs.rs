//! Load jobs and their ids, those of runs that were killed, and what the record says of them.

use std::collections::BTreeSet;

use warehouse::bigquery;
use warehouse::{Destination, Error};

use super::{WHOLE, bring, known, load, look, publish, published, things};
use crate::google::{Call, Effect, Fault, Google};

/// The tries of jobs.
fn tries(ids: &[String]) -> Vec<&str> {
    let split = ids.iter().map(|id| id.rsplit_once('_').unwrap());
    split.map(|(_, attempt)| attempt).collect()
}

/// A publication that was killed before it kept what it did.
async fn killed(google: &Google, rows: &[(&str, i64)]) -> Result<(), Error> {
    let dataset = look(google);
    dataset.published().await?;
    load(&dataset, &things(), WHOLE, "1a", rows).await
}

/// A publication that was killed while its job was at work.
async fn begun(google: &Google, rows: &[(&str, i64)]) {
    google.state().behaviour.looks = 20;
    tokio::select! {
        biased;
        () = google.until(|google| !google.loads("things").is_empty()) => {}
        killed = killed(google, rows) => panic!("{killed:?}"),
    }
}

#[tokio::test]
async fn the_same_change_has_the_same_id_and_another_has_another() {
    let (one, other) = (published().await, published().await);
    assert_eq!(one.loads("things"), other.loads("things"));
    bring(&one, "1b", &[("c", 3)]).await;
    let ids = one.loads("things");
    assert_ne!(ids[0], ids[1]);
    assert!(
        ids.iter()
            .all(|id| id.starts_with("pl_things_all_") && id.ends_with("_0")),
        "{ids:?}"
    );
}

#[tokio::test]
async fn a_kill_before_the_record_loads_again_under_another_id() {
    for notices_duplicates_late in [false, true] {
        let google = Google::with_dataset().await;
        google.state().behaviour.notices_duplicates_late = notices_duplicates_late;
        let rows = [("a", 1), ("b", 2)];
        for _ in 0..2 {
            killed(&google, &rows).await.unwrap();
            assert_eq!(known(&google, &things()).await, None);
        }
        bring(&google, "1a", &rows).await;
        // Each found the table as the one before had left it.
        let ids = google.loads("things");
        assert_eq!(BTreeSet::from_iter(&ids).len(), 3);
        assert_eq!(tries(&ids), ["0", "0", "0"]);
        assert_eq!(google.column("things", "id"), ["a", "b"]);
        assert_eq!(known(&google, &things()).await.as_deref(), Some("1a"));
    }
}

#[tokio::test]
async fn a_job_of_a_killed_run_ends_before_the_next_begins() {
    let google = Google::with_dataset().await;
    begun(&google, &[("a", 1)]).await;
    assert_eq!(google.state().jobs[0].ended_ms, None);
    bring(&google, "1a", &[("a", 1)]).await;
    assert_eq!(google.loads("things").len(), 2);
    let state = google.state();
    assert!(state.jobs[0].ended_ms.unwrap() < state.jobs[1].created_ms);
}

/// What was killed goes on in BigQuery; what it brings is older than what the next run brings.
#[tokio::test]
async fn a_job_of_a_killed_run_does_not_end_after_that_of_the_next() {
    let google = Google::with_dataset().await;
    begun(&google, &[("a", 1)]).await;
    google.state().behaviour.looks = 0;
    bring(&google, "1b", &[("b", 2)]).await;
    google.finish_jobs();
    assert_eq!(google.column("things", "id"), ["b"]);
}

#[tokio::test]
async fn the_id_of_a_failed_job_is_never_used_again() {
    let google = Google::with_dataset().await;
    for attempt in ["0", "1"] {
        google.fail_late("invalid", "Error while reading data");
        let failed = publish(&google, &things(), "1a", &[("a", 1)])
            .await
            .unwrap_err();
        let Error::BigQuery(bigquery::Error::Job { job, reason, .. }) = failed else {
            panic!("{failed:?}");
        };
        assert_eq!(reason, "invalid");
        assert_eq!(tries(&[job]), [attempt]);
        assert_eq!(google.column("things", "id"), [""; 0]);
    }
    bring(&google, "1a", &[("a", 1)]).await;
    assert_eq!(tries(&google.loads("things")), ["0", "1", "2"]);
    assert_eq!(google.column("things", "id"), ["a"]);
}

#[tokio::test]
async fn a_job_that_failed_for_a_passing_reason_is_begun_again() {
    let google = published().await;
    for _ in 0..3 {
        google.fail_late("backendError", "Retrying may solve the problem.");
    }
    bring(&google, "1b", &[("c", 3)]).await;
    assert_eq!(tries(&google.loads("things")[1..]), ["0", "1", "2", "3"]);
    assert_eq!(google.column("things", "id"), ["c"]);
    for _ in 0..=google.options().retry.count {
        google.fail_late("backendError", "Retrying may solve the problem.");
    }
    let failed = publish(&google, &things(), "1c", &[("d", 4)])
        .await
        .unwrap_err();
    assert!(
        failed.to_string().contains("failed (backendError)"),
        "{failed}"
    );
    assert_eq!(google.column("things", "id"), ["c"]);
}

#[tokio::test]
async fn content_that_comes_back_is_loaded_each_time() {
    let google = Google::with_dataset().await;
    for (fingerprint, id) in [("1a", "a"), ("1b", "b")].into_iter().cycle().take(8) {
        bring(&google, fingerprint, &[(id, 1)]).await;
        assert_eq!(google.column("things", "id"), [id]);
        assert_eq!(
            known(&google, &things()).await.as_deref(),
            Some(fingerprint)
        );
    }
    assert_eq!(google.loads("things").len(), 8);
}

/// Somebody changed the rows, and the person says `--full`, again and again.
#[tokio::test]
async fn a_full_publication_loads_what_the_record_has_already() {
    let google = published().await;
    for _ in 0..3 {
        google.state().table("things").parts.clear();
        bring(&google, "1a", &[("a", 1), ("b", 2)]).await;
        assert_eq!(google.column("things", "id"), ["a", "b"]);
    }
}

/// Rows that a killed publication of another computer brought are not those that the record speaks of.
#[tokio::test]
async fn what_nobody_recorded_is_not_called_current() {
    let google = Google::with_dataset().await;
    bring(&google, "1b", &[("c", 3)]).await;
    killed(&google, &[("a", 1)]).await.unwrap();
    assert_eq!(google.column("things", "id"), ["a"]);
    assert_eq!(known(&google, &things()).await, None);
    bring(&google, "1b", &[("c", 3)]).await;
    assert_eq!(google.column("things", "id"), ["c"]);
    assert_eq!(known(&google, &things()).await.as_deref(), Some("1b"));
}

/// Another computer loads the same table after we did, and is killed: our record must not vouch for its rows.
#[tokio::test]
async fn a_load_after_ours_is_not_called_ours() {
    let google = Google::with_dataset().await;
    let ours = look(&google);
    ours.published().await.unwrap();
    load(&ours, &things(), WHOLE, "1b", &[("b", 2)])
        .await
        .unwrap();
    google.state().now_ms += 60_000;
    killed(&google, &[("a", 1)]).await.unwrap();
    ours.commit().await.unwrap();
    ours.complete(&[]).await.unwrap_err();
    assert_eq!(google.column("things", "id"), ["a"]);
    assert_eq!(known(&google, &things()).await, None);
    bring(&google, "1b", &[("b", 2)]).await;
    assert_eq!(known(&google, &things()).await.as_deref(), Some("1b"));
}

/// There is no number of publications after which a table can't be published any more.
#[tokio::test]
async fn the_same_publication_may_be_repeated_for_ever() {
    let google = published().await;
    for _ in 0..60 {
        bring(&google, "1a", &[("a", 1), ("b", 2)]).await;
    }
    assert_eq!(google.loads("things").len(), 61);
}

#[tokio::test]
async fn ids_that_are_used_up_are_not_the_end() {
    let google = Google::with_dataset().await;
    for _ in 0..52 {
        google.fail_late("invalid", "Error while reading data");
        let failed = publish(&google, &things(), "1a", &[("a", 1)]).await;
        failed.unwrap_err();
    }
    bring(&google, "1a", &[("a", 1)]).await;
    assert_eq!(google.column("things", "id"), ["a"]);
}

#[tokio::test]
async fn the_last_chunk_without_an_answer_begins_one_job() {
    let google = Google::with_dataset().await;
    google.state().behaviour.looks = 3;
    google.fault(Fault::once(Call::UploadChunk, Effect::DoneButDropped));
    bring(&google, "1a", &[("a", 1)]).await;
    assert_eq!(tries(&google.loads("things")), ["0"]);
    assert_eq!(google.column("things", "id"), ["a"]);
}

#[tokio::test]
async fn a_record_whose_job_is_not_answered_for_says_the_same() {
    let google = Google::with_dataset().await;
    for (call, effect) in [
        (Call::UploadChunk, Effect::DoneButDropped),
        (Call::UploadStatus, Effect::Answered(410, "")),
    ] {
        google.fault(Fault {
            subject: "pl_pl_published",
            ..Fault::once(call, effect)
        });
    }
    bring(&google, "1a", &[("a", 1)]).await;
    assert_eq!(tries(&google.loads("pl_published")), ["0", "1"]);
    assert_eq!(known(&google, &things()).await.as_deref(), Some("1a"));
}
