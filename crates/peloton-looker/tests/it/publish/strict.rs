//! BigQuery as Google documents it, before the program: Ctrl-C.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;

use super::targets::{interrupt, until};
use crate::google::{Call, DATASET, Google, PROJECT};
use crate::home::{Home, Ran, empty};

struct Service {
    /// The service lives on it.
    _runtime: Runtime,
    google: Google,
    home: Home,
}

impl Service {
    fn new(home: Home) -> Self {
        let runtime = Runtime::new().unwrap();
        let google = runtime.block_on(Google::start());
        Self {
            _runtime: runtime,
            google,
            home,
        }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.home.command(arguments);
        let address = self.google.options().emulator.unwrap();
        command.env("BIGQUERY_EMULATOR_HOST", address);
        command
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        Ran::new(self.command(arguments).output().unwrap())
    }
}

fn target() -> String {
    format!("bigquery:{PROJECT}.{DATASET}")
}

#[test]
fn ctrl_c_cancels_a_query_there_and_prints_no_answer() {
    for format in ["table", "json", "jsonl", "csv"] {
        let service = Service::new(Home::new(empty()));
        let google = &service.google;
        google.add_dataset();
        google.state().query.questions = usize::MAX;
        let asking = [
            "sql",
            "--on",
            &target(),
            "--format",
            format,
            "SELECT 1 AS n",
        ];
        let mut command = service.command(&asking);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().unwrap();
        until(|| google.count(Call::QueryResults) > 0);
        let pressed = Instant::now();
        interrupt(&child);
        let ran = Ran::new(child.wait_with_output().unwrap()).ends(130);
        assert!(pressed.elapsed() < Duration::from_secs(2), "{format}");
        assert_eq!(ran.data, "", "{format}");
        assert!(ran.talk.contains("Interrupted"), "{format}: {}", ran.talk);
        assert_eq!(google.count(Call::JobCancel), 1, "{format}");
        let state = google.state();
        assert!(state.jobs.len() == 1 && state.jobs[0].is_cancelled());
    }
}
