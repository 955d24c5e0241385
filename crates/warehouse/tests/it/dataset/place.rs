//! Tables and datasets that are gone, made anew or elsewhere, and rights that are missing.

use warehouse::bigquery::{self, Dataset};
use warehouse::{Destination, Error, Examined, Publication};

use super::{WHOLE, bring, known, load, look, published, things};
use crate::google::{Call, Effect, Fault, Google, target};

#[tokio::test]
async fn an_expired_table_is_made_and_loaded_again() {
    let google = published().await;
    google.expire_table("things");
    assert_eq!(known(&google, &things()).await, None);
    bring(&google, "1a", &[("a", 1)]).await;
    assert_eq!(google.column("things", "id"), ["a"]);
    assert_eq!(known(&google, &things()).await.as_deref(), Some("1a"));
}

#[tokio::test]
async fn a_table_that_expires_after_it_was_listed_is_made_again() {
    let google = published().await;
    let dataset = look(&google);
    dataset.published().await.unwrap();
    google.expire_table("things");
    load(&dataset, &things(), WHOLE, "1a", &[("a", 1)])
        .await
        .unwrap();
    dataset.commit().await.unwrap();
    assert_eq!(google.column("things", "id"), ["a"]);
    assert_eq!(known(&google, &things()).await.as_deref(), Some("1a"));
}

#[tokio::test]
async fn a_dataset_that_was_made_anew_gets_everything() {
    let google = published().await;
    google.recreate_dataset();
    assert_eq!(known(&google, &things()).await, None);
    bring(&google, "1a", &[("a", 1)]).await;
    assert_eq!(google.column("things", "id"), ["a"]);
    assert_eq!(known(&google, &things()).await.as_deref(), Some("1a"));
}

#[tokio::test]
async fn a_table_that_was_made_anew_is_loaded_again() {
    let google = published().await;
    let mut there = google.state().dataset().tables.remove("things").unwrap();
    there.created_ms += 5000;
    there.parts.clear();
    google
        .state()
        .dataset()
        .tables
        .insert("things".into(), there);
    assert_eq!(known(&google, &things()).await, None);
    bring(&google, "1a", &[("a", 1)]).await;
    assert_eq!(google.column("things", "id"), ["a"]);
}

#[tokio::test]
async fn a_record_that_has_grown_is_written_anew() {
    let google = published().await;
    for rows in google.state().table("pl_published").parts.values_mut() {
        rows.extend(vec![rows[0].clone(); 5000]);
    }
    assert_eq!(known(&google, &things()).await.as_deref(), Some("1a"));
    bring(&google, "1b", &[("c", 3)]).await;
    assert_eq!(google.column("pl_published", "fingerprint"), ["1b"]);
    assert_eq!(known(&google, &things()).await.as_deref(), Some("1b"));
}

#[tokio::test]
async fn a_dataset_is_made_where_it_shall_be_and_never_elsewhere() {
    let at = |google: &Google, location: &str| {
        let target = format!("{}?location={location}", target()).parse().unwrap();
        Dataset::new(target, &google.options()).unwrap()
    };
    let google = Google::start().await;
    let dataset = at(&google, "europe-west3");
    dataset.published().await.unwrap();
    load(&dataset, &things(), WHOLE, "1a", &[("a", 1)])
        .await
        .unwrap();
    assert_eq!(google.state().dataset().location, "europe-west3");
    assert!(at(&google, "EUROPE-WEST3").published().await.is_ok());
    let refused = at(&google, "US").published().await.unwrap_err();
    let is_elsewhere = matches!(
        &refused,
        Error::BigQuery(bigquery::Error::Location { there, wanted, .. })
            if there == "europe-west3" && wanted == "US"
    );
    assert!(is_elsewhere, "{refused}");
}

const NO_JOBS: &str = r#"{"error":{"code":403,"message":"Access Denied: Project p-1: User does not have bigquery.jobs.create permission in project p-1."}}"#;

async fn examine(google: &Google) -> Result<Examined, Error> {
    let tables = vec![things()];
    let views = Vec::new();
    let publication = Publication { tables, views };
    look(google).examine(&publication).await
}

/// Permission, role, and on what the role is to be given.
fn missing(examined: &Examined) -> Vec<String> {
    let obstacles = examined.obstacles.iter();
    let shown = obstacles.map(|obstacle| match obstacle {
        Error::BigQuery(bigquery::Error::Lacks {
            permission,
            role,
            on,
        }) => format!("{permission} {role} {on}"),
        other => panic!("{other}"),
    });
    shown.collect()
}

#[tokio::test]
async fn doctor_names_the_permissions_that_are_missing() {
    let google = published().await;
    let examined = examine(&google).await.unwrap();
    assert_eq!(examined.facts[0], "in EU");
    assert!(examined.facts[1].starts_with("published "));
    assert!(examined.obstacles.is_empty());
    let requests = google.state().jobs.len();
    google.state().behaviour.denied = vec!["bigquery.tables.updateData"];
    let missing = missing(&examine(&google).await.unwrap());
    let expected = "bigquery.tables.updateData roles/bigquery.dataEditor dataset";
    assert_eq!(missing, [expected]);
    assert_eq!(google.state().jobs.len(), requests);
    google.fault(Fault::always(Call::DryRun, Effect::Answered(403, NO_JOBS)));
    let refused = examine(&google).await.unwrap_err();
    let Error::BigQuery(refused) = refused else {
        panic!("{refused:?}");
    };
    let expected = ("bigquery.jobs.create", "roles/bigquery.jobUser");
    assert_eq!(refused.missing_role(), Some(expected));
}

/// Before the first publication: in a dataset without tables, and where there is no dataset.
#[tokio::test]
async fn doctor_names_what_is_missing_for_the_first_publication() {
    let rights = [
        (
            Google::with_dataset().await,
            "bigquery.tables.create",
            "dataset",
        ),
        (Google::start().await, "bigquery.datasets.create", "project"),
    ];
    for (google, permission, on) in rights {
        let examined = examine(&google).await.unwrap();
        assert!(examined.obstacles.is_empty() && examined.facts.len() == 1);
        google.state().behaviour.denied = vec![permission];
        let missing = missing(&examine(&google).await.unwrap());
        assert_eq!(
            missing,
            [format!("{permission} roles/bigquery.dataEditor {on}")]
        );
        let state = google.state();
        assert!(state.jobs.is_empty());
        let tables = state.datasets.values().map(|dataset| dataset.tables.len());
        assert_eq!(tables.sum::<usize>(), 0);
    }
}

/// A refusal that names no right says nothing of rights.
#[tokio::test]
async fn doctor_makes_nothing_of_a_dry_run_that_fails_for_another_reason() {
    let google = Google::with_dataset().await;
    let body = r#"{"error":{"code":400,"message":"Already Exists: Table p-1:d.pl_published","errors":[{"reason":"duplicate"}]}}"#;
    google.fault(Fault {
        after: 1,
        ..Fault::once(Call::DryRun, Effect::Answered(400, body))
    });
    let examined = examine(&google).await.unwrap();
    assert!(examined.obstacles.is_empty());
    assert_eq!(google.count(Call::DryRun), 2);
}
