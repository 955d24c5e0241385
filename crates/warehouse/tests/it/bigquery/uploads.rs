//! Uploads in several chunks, of which some do not arrive.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use tempfile::TempDir;
use warehouse::bigquery::{self, Dataset};
use warehouse::schema::{ColumnType, Table};
use warehouse::{Destination, Error, Fingerprint, Part, Replacement, Unit};

use crate::dataset::things;
use crate::google::{Call, Effect, Fault, Google, target};

/// Rows of 1 MiB: three chunks of 8 MiB at most.
const ROWS: usize = 17;

fn large() -> Table {
    let mut table = things();
    table.columns[1].name = "text";
    table.columns[1].column_type = ColumnType::String;
    table
}

/// What a run has ready before it uploads.
struct Upload {
    google: Google,
    dataset: Dataset,
    workspace: TempDir,
}

impl Upload {
    async fn new() -> Self {
        let google = Google::with_dataset().await;
        let dataset = Dataset::new(target(), &google.options()).unwrap();
        dataset.published().await.unwrap();
        dataset.prepare(&large()).await.unwrap();
        let upload = Self {
            workspace: dataset.workspace().unwrap(),
            google,
            dataset,
        };
        upload.write();
        upload
    }

    fn file(&self) -> std::path::PathBuf {
        self.workspace.path().join("rows.parquet")
    }

    fn write(&self) {
        let ids: StringArray = (0..ROWS).map(|row| Some(row.to_string())).collect();
        let text = |row| Some(format!("{row:03} ").repeat(1 << 18));
        let texts: StringArray = (0..ROWS).map(text).collect();
        let columns: Vec<ArrayRef> = vec![Arc::new(ids), Arc::new(texts)];
        let batch = RecordBatch::try_new(large().arrow_schema(), columns).unwrap();
        let properties = WriterProperties::builder()
            .set_dictionary_enabled(false)
            .build();
        let file = std::fs::File::create(self.file()).unwrap();
        let writer = ArrowWriter::try_new(file, batch.schema(), Some(properties));
        let mut writer = writer.unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
    }

    async fn replace(&self) -> Result<(), Error> {
        let part = Part::All;
        let unit = Unit {
            table: "things".into(),
            part,
        };
        let replacement = Replacement {
            table: &large(),
            part,
            units: &[(unit, Fingerprint::from_text("1a"))].into(),
            file: &self.file(),
        };
        self.dataset.replace(replacement).await
    }

    /// Byte by byte there, by one job.
    fn is_complete(&self) {
        assert_eq!(self.google.loads("things").len(), 1);
        let file = self.google.state().jobs[0].file.clone();
        assert!(file == std::fs::read(self.file()).unwrap(), "other bytes");
        assert_eq!(self.google.column("things", "id").len(), ROWS);
    }

    fn asked(&self) -> (usize, usize, usize) {
        let count = |call| self.google.count(call);
        (
            count(Call::UploadBegin),
            count(Call::UploadChunk),
            count(Call::UploadStatus),
        )
    }
}

/// An upload that goes well although something happens to a chunk; what was asked is counted.
async fn goes_well(after: usize, effect: Effect) -> (usize, usize, usize) {
    let upload = Upload::new().await;
    upload.google.fault(Fault {
        after,
        ..Fault::once(Call::UploadChunk, effect)
    });
    upload.replace().await.unwrap();
    upload.is_complete();
    upload.asked()
}

#[tokio::test]
async fn a_file_is_sent_in_chunks() {
    let upload = Upload::new().await;
    upload.replace().await.unwrap();
    upload.is_complete();
    assert_eq!(upload.asked(), (1, 3, 0));
}

#[tokio::test]
async fn a_chunk_that_does_not_arrive_is_sent_again() {
    for after in 0..3 {
        assert_eq!(goes_well(after, Effect::Dropped).await, (1, 4, 1));
        assert_eq!(goes_well(after, Effect::Answered(503, "")).await, (1, 4, 1));
    }
}

#[tokio::test]
async fn a_chunk_whose_answer_is_lost_is_not_sent_again() {
    for after in 0..3 {
        assert_eq!(goes_well(after, Effect::DoneButDropped).await, (1, 3, 1));
        assert_eq!(goes_well(after, Effect::DoneButCutOff).await, (1, 3, 1));
    }
}

#[tokio::test]
async fn what_google_did_not_store_is_sent_again() {
    let upload = Upload::new().await;
    let stores = [3 << 18, 0, 5 << 18, 0, 0, 100];
    upload.google.state().behaviour.stores = stores.into();
    upload.replace().await.unwrap();
    upload.is_complete();
}

#[tokio::test]
async fn half_a_chunk_before_the_connection_broke_is_not_sent_again() {
    let upload = Upload::new().await;
    upload.google.state().behaviour.stores = [1 << 20].into();
    upload
        .google
        .fault(Fault::once(Call::UploadChunk, Effect::DoneButDropped));
    upload.replace().await.unwrap();
    upload.is_complete();
    assert_eq!(upload.asked(), (1, 4, 1));
}

#[tokio::test]
async fn an_upload_that_does_not_get_on_is_given_up() {
    let upload = Upload::new().await;
    upload.google.state().behaviour.stores = [0; 20].into();
    let given_up = upload.replace().await.unwrap_err();
    assert!(given_up.to_string().contains("stays at 0 of"), "{given_up}");
    assert_eq!(upload.google.count(Call::UploadChunk), 6);
}

#[tokio::test]
async fn a_range_is_read_without_its_unit() {
    let upload = Upload::new().await;
    upload.google.state().behaviour.is_range_bare = true;
    upload.replace().await.unwrap();
    upload.is_complete();
    assert_eq!(upload.asked(), (1, 3, 0));
}

#[tokio::test]
async fn the_rest_goes_to_the_address_that_google_names() {
    let upload = Upload::new().await;
    upload.google.state().behaviour.moves_uploads = true;
    upload.replace().await.unwrap();
    upload.is_complete();
    assert_eq!(upload.asked(), (1, 3, 0));
}

/// Every request of the first upload, after its first chunk, is answered that it is lost.
fn lose(upload: &Upload, status: u16, body: &'static str) {
    for (call, after) in [(Call::UploadChunk, 1), (Call::UploadStatus, 0)] {
        upload.google.fault(Fault {
            subject: "session-1 ",
            after,
            ..Fault::always(call, Effect::Answered(status, body))
        });
    }
}

#[tokio::test]
async fn an_upload_that_is_lost_begins_anew() {
    let unavailable = r#"{"error":{"code":410,"message":"Service Temporarily Unavailable","errors":[{"reason":"backendError"}]}}"#;
    for (status, body) in [(404, ""), (410, ""), (410, unavailable)] {
        let upload = Upload::new().await;
        lose(&upload, status, body);
        upload.replace().await.unwrap();
        upload.is_complete();
        assert_eq!(upload.google.count(Call::UploadBegin), 2, "{status} {body}");
    }
}

#[tokio::test]
async fn uploads_that_are_always_lost_are_given_up() {
    let upload = Upload::new().await;
    let lost = Effect::Answered(410, "");
    upload.google.fault(Fault::always(Call::UploadChunk, lost));
    let given_up = upload.replace().await.unwrap_err();
    let is_lost = matches!(
        given_up,
        Error::BigQuery(bigquery::Error::Refused { status: 410, .. })
    );
    assert!(is_lost, "{given_up}");
    assert!(upload.google.loads("things").is_empty());
}

#[tokio::test]
async fn an_upload_that_is_lost_after_its_job_began_leaves_equal_rows() {
    let upload = Upload::new().await;
    upload.google.fault(Fault {
        after: 2,
        ..Fault::once(Call::UploadChunk, Effect::DoneButDropped)
    });
    upload
        .google
        .fault(Fault::once(Call::UploadStatus, Effect::Answered(410, "")));
    upload.replace().await.unwrap();
    assert_eq!(upload.google.column("things", "id").len(), ROWS);
}
