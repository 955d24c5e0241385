//! A service that takes a request and never answers, and a job that never ends.

use std::time::{Duration, Instant};

use warehouse::bigquery::{self, Dataset, Options};
use warehouse::{Destination, Error};

use crate::dataset::{WHOLE, bring, load, things};
use crate::google::{Call, Effect, Fault, Google, target};

/// A look that has no patience.
fn hasty(google: &Google) -> Dataset {
    let mut options: Options = google.options();
    options.retry.silence = Duration::from_millis(50);
    options.retry.longest_job = Duration::from_millis(50);
    Dataset::new(target(), &options).unwrap()
}

#[tokio::test]
async fn a_service_that_never_answers_is_given_up() {
    let google = Google::with_dataset().await;
    bring(&google, "1a", &[("a", 1)]).await;
    for call in [
        Call::TableList,
        Call::TableGet,
        Call::UploadBegin,
        Call::UploadChunk,
        Call::JobGet,
    ] {
        google.heal();
        google.fault(Fault::always(call, Effect::DoneButSilent));
        google.fault(Fault::always(Call::UploadStatus, Effect::DoneButSilent));
        google.state().behaviour.looks = 2;
        let (dataset, began) = (hasty(&google), Instant::now());
        let published = async {
            dataset.published().await?;
            load(&dataset, &things(), WHOLE, "1b", &[("b", 2)]).await
        };
        let error = published.await.unwrap_err();
        let is_given_up = matches!(&error, Error::BigQuery(bigquery::Error::Unreachable { .. }));
        assert!(is_given_up, "{call:?}: {error:?}");
        assert_eq!(error.to_string(), "no answer from `127.0.0.1`");
        assert!(began.elapsed() < Duration::from_secs(10), "{call:?}");
    }
}

#[tokio::test]
async fn a_job_that_never_ends_is_given_up_and_cancelled() {
    let google = Google::with_dataset().await;
    google.state().behaviour.looks = usize::MAX;
    let dataset = hasty(&google);
    dataset.published().await.unwrap();
    let loaded = load(&dataset, &things(), WHOLE, "1a", &[("a", 1)]).await;
    let error = loaded.unwrap_err().to_string();
    assert!(error.contains("is not done after 0 minutes"), "{error}");
    google.state().behaviour.looks = 0;
    dataset.commit().await.unwrap();
    assert!(google.state().jobs[0].is_cancelled());
    bring(&google, "1a", &[("a", 1)]).await;
    assert_eq!(google.column("things", "id"), ["a"]);
}
