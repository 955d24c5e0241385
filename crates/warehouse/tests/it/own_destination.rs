//! The page "a destination of your own", tried.

use std::sync::Arc;

use async_trait::async_trait;
use tempfile::TempDir;
use warehouse::conformance::{self, Subject};
use warehouse::schema::Table;
use warehouse::{Destination, Error, Fingerprint, Kinds, Surroundings, Terms};

use crate::csv_folder::{CsvFolder, KIND};

struct Place {
    folder: TempDir,
}

#[async_trait]
impl Subject for Place {
    fn destination(&self, _: &[Table]) -> Arc<dyn Destination> {
        Arc::new(CsvFolder::at(self.folder.path().join("out")))
    }

    async fn rows(&self, table: &Table, columns: &[&str]) -> Vec<Vec<Option<String>>> {
        let path = self.folder.path().join(format!("out/{}.csv", table.name));
        let mut reader = csv::Reader::from_path(path).unwrap();
        let header = reader.headers().unwrap().clone();
        let at: Vec<usize> = columns
            .iter()
            .map(|name| header.iter().position(|column| column == *name).unwrap())
            .collect();
        let cell = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        reader
            .records()
            .map(|record| {
                let record = record.unwrap();
                at.iter().map(|at| cell(&record[*at])).collect()
            })
            .collect()
    }
}

fn place() -> Place {
    Place {
        folder: tempfile::tempdir().unwrap(),
    }
}

fn ours() -> Fingerprint {
    Fingerprint::of("an account")
}

/// A table in months has no place in that folder: the promises about months are not for it.
#[tokio::test]
async fn the_folder_of_csv_files_keeps_the_promises() {
    conformance::nothing_is_there_at_first(&place()).await;
    conformance::what_was_published_is_known_to_the_next(&place()).await;
    conformance::the_owner_is_known_to_the_next(&place()).await;
    conformance::replacing_twice_equals_once(&place()).await;
    conformance::values_come_back_as_they_are(&place()).await;
    conformance::null_comes_back_null(&place()).await;
    conformance::a_table_without_rows_is_there(&place()).await;
    conformance::a_failed_call_leaves_no_trace(&place()).await;
}

#[tokio::test]
async fn a_whole_warehouse_goes_there() {
    use warehouse::{Limits, Original, Publication};
    let place = place();
    let file = crate::file::File::new();
    let table = crate::file::table("things");
    file.load(&table, &["a"], crate::file::rows(&table, &[("a", 1)]));
    let publication = Publication {
        tables: vec![table],
        views: Vec::new(),
    };
    let surroundings = Surroundings {
        publication: publication.clone(),
        bigquery: warehouse::bigquery::Options::default(),
    };
    let out = place.folder.path().join("out");
    // As the program does it.
    let kinds = Kinds(&[KIND]);
    let target = format!("csv:{}/", out.display());
    assert_eq!(
        kinds.spell(&target).unwrap().whole,
        target[..target.len() - 1]
    );
    assert!(kinds.query(&target, &surroundings).is_err());
    let destination = kinds.open(&target, &surroundings).unwrap();
    let reader = file.warehouse.read(Limits::default()).unwrap();
    let original = Original::new(reader, publication, Some(ours()));
    for expected in [1, 0] {
        let workspace = destination.workspace().unwrap();
        let plan = warehouse::plan(&original, destination.as_ref(), Terms::default()).await;
        let plan = plan.unwrap();
        assert_eq!(plan.unit_count(), expected);
        let stop = std::future::pending();
        let done =
            warehouse::publish(&original, &destination, &workspace, &plan, stop, |_| {}).await;
        let done = done.unwrap();
        assert_eq!((done.units, done.failed.len()), (expected, 0));
    }
    let others = Original {
        owner: Some(Fingerprint::of("another account")),
        ..original
    };
    let plan = warehouse::plan(&others, destination.as_ref(), Terms::default()).await;
    assert!(matches!(plan, Err(Error::OtherOwner)));
    assert_eq!(
        std::fs::read_to_string(out.join("things.csv")).unwrap(),
        "id,n\na,1\n"
    );
}

#[test]
fn the_page_has_the_text_of_the_example() {
    let page = include_str!("../../../../docs/destinations.md");
    let example = include_str!("csv_folder.rs");
    let block = page.split("```rust\n").nth(1).unwrap();
    let block = block.split("```").next().unwrap();
    assert_eq!(
        block, example,
        "put the text of csv_folder.rs into the page"
    );
}
