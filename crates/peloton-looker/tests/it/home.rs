//! A service, a home folder, and the program between them.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Seek, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use peloton_sim::{Settings, Sim};
use tempfile::TempDir;
use tokio::runtime::Runtime;

pub(crate) struct Home {
    /// The service lives on it.
    runtime: Runtime,
    pub(crate) sim: Sim,
    folder: TempDir,
}

/// A small world that is made in an instant.
pub(crate) fn small() -> Settings {
    Settings {
        members: 3,
        workouts: 12,
        ..Settings::default()
    }
}

/// A world without a workout, for those that a test gives.
pub(crate) fn empty() -> Settings {
    Settings {
        members: 1,
        workouts: 0,
        ..Settings::default()
    }
}

impl Home {
    pub(crate) fn new(settings: Settings) -> Self {
        let runtime = Runtime::new().unwrap();
        let sim = runtime.block_on(Sim::start(settings)).unwrap();
        Self {
            runtime,
            sim,
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// Has a service that was stopped start again where it was. Another test may have one of its ports for a
    /// while.
    pub(crate) fn restart(&self) {
        let last = Instant::now() + Duration::from_secs(30);
        while let Err(error) = self.runtime.block_on(self.sim.restart()) {
            assert!(Instant::now() < last, "{error:#}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Another empty home for the same service; gives the old one.
    pub(crate) fn move_house(&mut self) -> TempDir {
        std::mem::replace(&mut self.folder, tempfile::tempdir().unwrap())
    }

    pub(crate) fn move_back(&mut self, folder: TempDir) {
        self.folder = folder;
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn profile(&self) -> PathBuf {
        self.path().join("profiles/default")
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let account = self.sim.account();
        let mut command = Command::new(env!("CARGO_BIN_EXE_peloton-looker"));
        command
            .args(arguments)
            .env("PELOTON_LOOKER_HOME", self.path())
            .env("PELOTON_API_URL", self.sim.api_url())
            .env("PELOTON_AUTH_URL", self.sim.auth_url())
            .env("PELOTON_USERNAME", &account.username)
            .env("PELOTON_PASSWORD", &account.password)
            .env_remove("PELOTON_BEARER_TOKEN")
            .env("LC_ALL", "C.UTF-8")
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        Ran::new(self.command(arguments).output().unwrap())
    }

    /// With a text on standard input.
    pub(crate) fn run_with(&self, arguments: &[&str], input: &str) -> Ran {
        Ran::fed(self.command(arguments), input)
    }

    /// A sync as fast as it goes, with more arguments.
    pub(crate) fn sync(&self, arguments: &[&str]) -> Ran {
        self.run(&[&["sync", "--rate", "0", "--concurrency", "16"], arguments].concat())
    }

    /// The answer of a query as CSV without the header.
    pub(crate) fn sql(&self, sql: &str) -> String {
        let ran = self.run(&["sql", "--format", "csv", sql]);
        assert_eq!(ran.code, 0, "{sql}\n{}", ran.talk);
        ran.data
            .split_once('\n')
            .map(|(_, rows)| rows.trim_end().to_owned())
            .unwrap()
    }

    /// All tables as CSV text by name, without what may differ between two runs over one world.
    pub(crate) fn tables(&self) -> BTreeMap<String, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_str().unwrap();
        let ran = self.run(&["export", path, "--format", "csv"]);
        assert_eq!(ran.code, 0, "{}", ran.talk);
        let mut tables = BTreeMap::new();
        for entry in fs::read_dir(path).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            if name != "sync_runs" && name != "sync_items" {
                tables.insert(name, comparable(&path));
            }
        }
        tables
    }

    /// What many loads made is what one rebuild makes.
    #[track_caller]
    pub(crate) fn is_as_rebuilt(&self) {
        let loaded = self.tables();
        self.run(&["rebuild"]).ends(0);
        same(&loaded, &self.tables());
    }

    pub(crate) fn requests(&self) -> u64 {
        self.sim.totals().requests
    }

    /// The text of all segments.
    pub(crate) fn archive(&self) -> String {
        self.segments().iter().map(|path| unpacked(path)).collect()
    }

    fn segments(&self) -> Vec<PathBuf> {
        let mut segments: Vec<PathBuf> = fs::read_dir(self.profile().join("archive"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        segments.sort();
        segments
    }

    /// Has everything been fetched so much earlier than it was.
    pub(crate) fn age(&self, by: SignedDuration) {
        for path in self.segments() {
            let aged: String = unpacked(&path)
                .lines()
                .map(|line| {
                    let mut line: serde_json::Value = serde_json::from_str(line).unwrap();
                    let at: Timestamp = line["fetched_at"].as_str().unwrap().parse().unwrap();
                    line["fetched_at"] = (at - by).to_string().into();
                    format!("{line}\n")
                })
                .collect();
            fs::write(&path, zstd::encode_all(aged.as_bytes(), 3).unwrap()).unwrap();
        }
        self.run(&["rebuild"]).ends(0);
    }
}

/// What a program that ended has said.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) data: String,
    pub(crate) talk: String,
}

impl Ran {
    /// Of a command with a text on standard input.
    pub(crate) fn fed(mut command: Command, input: &str) -> Self {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(input.as_bytes()).unwrap();
        file.rewind().unwrap();
        Self::new(command.stdin(file).output().unwrap())
    }

    pub(crate) fn new(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self {
            code: output.status.code().unwrap_or(-1),
            data: text(output.stdout),
            talk: text(output.stderr),
        }
    }

    /// Panics with what was said where the code is another.
    #[track_caller]
    pub(crate) fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}\n{}", self.data, self.talk);
        self
    }

    #[track_caller]
    pub(crate) fn says(self, text: &str) -> Self {
        assert!(
            self.talk.contains(text),
            "`{text}` is not in:\n{}",
            self.talk
        );
        self
    }
}

fn unpacked(segment: &Path) -> String {
    let bytes = zstd::decode_all(fs::File::open(segment).unwrap()).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn comparable(path: &Path) -> String {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let header = reader.headers().unwrap().clone();
    let kept: Vec<usize> = (0..header.len())
        .filter(|at| !header[*at].ends_with("fetched_at"))
        .collect();
    let mut text = String::new();
    for record in std::iter::once(Ok(header.clone())).chain(reader.records()) {
        let record = record.unwrap();
        let row: Vec<&str> = kept.iter().map(|at| &record[*at]).collect();
        text.push_str(&row.join("\u{1f}"));
        text.push('\n');
    }
    text
}

#[track_caller]
pub(crate) fn same(
    one: &std::collections::BTreeMap<String, String>,
    other: &std::collections::BTreeMap<String, String>,
) {
    for (name, text) in one {
        if text != &other[name] {
            let line = text.lines().zip(other[name].lines()).find(|(a, b)| a != b);
            panic!(
                "`{name}` differs ({} and {} rows): {line:?}",
                text.lines().count(),
                other[name].lines().count()
            );
        }
    }
}
