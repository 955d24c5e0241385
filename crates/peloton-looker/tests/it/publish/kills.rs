//! Publications that are killed: the first one, and one of a changed warehouse. The next one brings what an
//! undisturbed one brings. `scripts/kill_publish.py` does the same more often, on the emulator.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;

use super::strict::{Service, target};
use crate::google::Google;
use crate::home::Home;

/// Kills of each kind.
const KILLS: u64 = 3;

/// Moments, other ones for each number, the same in every run.
fn random(number: u64, below: u64) -> u64 {
    let mut random = (number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    random ^= random >> 29;
    random = random.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    random ^= random >> 32;
    random % below.max(1)
}

/// Kills a publication as soon as the moment has come; false where it ended before.
fn is_killed(mut publication: Child, has_come: impl Fn() -> bool) -> bool {
    while !has_come() {
        if publication.try_wait().unwrap().is_some() {
            return false;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    publication.kill().unwrap();
    publication.wait().unwrap().code().is_none()
}

/// A home with so few workouts that a publication is soon done.
fn few() -> Home {
    let home = Home::new(peloton_sim::Settings {
        members: 2,
        workouts: 5,
        ..peloton_sim::Settings::default()
    });
    home.sync(&[]).ends(0);
    home
}

/// Workouts that are new, edited and gone.
fn change(home: &Home) {
    let newest = home.sql("SELECT max(start_time) FROM workouts");
    home.sim
        .add_workout(0, newest.parse::<i64>().unwrap() + 7_200);
    let workouts = home.sim.workouts(0);
    let edit = serde_json::json!({"total_work": 123_456.0});
    home.sim.edit_workout(&workouts[1], edit);
    home.sim.delete_workout(&workouts[2]);
    home.sync(&["--full"]).ends(0);
}

fn warehouse(home: &Home) -> Vec<u8> {
    fs::read(super::warehouse(home)).unwrap()
}

/// Every table with its rows, but the record.
fn dataset(google: &Google) -> BTreeMap<String, Vec<Vec<Option<String>>>> {
    let names: Vec<String> = google.state().dataset().tables.keys().cloned().collect();
    let rows = |name: String| {
        let columns: Vec<String> = {
            let mut state = google.state();
            let columns = state.table(&name).columns();
            columns.into_iter().map(ToOwned::to_owned).collect()
        };
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        let rows = google.rows(&name, &columns);
        (name, rows)
    };
    let tables = names.into_iter().filter(|name| name != "pl_published");
    tables.map(rows).collect()
}

#[track_caller]
fn same<T: PartialEq>(one: &BTreeMap<String, T>, other: &BTreeMap<String, T>, kill: &str) {
    assert!(one.len() > 20, "{} tables", one.len());
    let differs = |name: &&String| one.get(*name) != other.get(*name);
    let differing: Vec<&String> = one.keys().chain(other.keys()).filter(differs).collect();
    assert!(differing.is_empty(), "{kill}: {differing:?}");
}

impl Service {
    fn publish(&self) -> Child {
        let mut command = self.command(&["publish", &target()]);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().unwrap()
    }

    /// Publishes undisturbed; how many requests that took.
    fn finish(&self) -> u64 {
        let before = self.google.requests();
        assert!(self.publish().wait().unwrap().success());
        (self.google.requests() - before) as u64
    }

    /// Kills a publication at one of so many requests.
    fn kill(&self, number: u64, requests: u64) -> bool {
        let moment = self.google.requests() + random(number, requests) as usize;
        is_killed(self.publish(), || self.google.requests() >= moment)
    }
}

#[test]
fn kills_of_a_publication_to_bigquery_change_nothing() {
    let mut service = Service::new(few());
    let requests = service.finish();
    let first = dataset(&service.google);
    for number in 0..KILLS {
        service.start_anew();
        assert!(service.kill(number, requests), "{number}: it was too fast");
        service.finish();
        same(&first, &dataset(&service.google), &number.to_string());
    }
    let before = warehouse(&service.home);
    change(&service.home);
    let requests = service.finish();
    let (changed, after) = (dataset(&service.google), warehouse(&service.home));
    assert!(changed != first);
    for number in 0..KILLS {
        service.start_anew();
        fs::write(super::warehouse(&service.home), &before).unwrap();
        service.finish();
        fs::write(super::warehouse(&service.home), &after).unwrap();
        assert!(service.kill(number, requests), "{number}: it was too fast");
        service.finish();
        same(&changed, &dataset(&service.google), &number.to_string());
    }
}

/// The files below a folder by their names, without those on their way or left there by a kill. One that goes while
/// it is looked at is not there.
fn folder(path: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = walkdir::WalkDir::new(path).into_iter().flatten();
    let file = |entry: walkdir::DirEntry| {
        let name = entry.path().strip_prefix(path).unwrap();
        let name = name.to_str().unwrap().to_owned();
        let is_ours = name.ends_with(".parquet") && !name.starts_with('.');
        Some((name, fs::read(entry.path()).ok().filter(|_| is_ours)?))
    };
    files.filter_map(file).collect()
}

fn publish(home: &Home, to: &Path) -> Child {
    let mut command = home.command(&["publish", &format!("parquet:{}", to.display())]);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().unwrap()
}

fn finish(home: &Home, to: &Path) {
    assert!(publish(home, to).wait().unwrap().success());
}

/// Files that differ from what was there.
fn differing(before: &BTreeMap<String, Vec<u8>>, after: &BTreeMap<String, Vec<u8>>) -> usize {
    let is_new = |(name, bytes): &(&String, &Vec<u8>)| before.get(*name) != Some(bytes);
    after.iter().filter(is_new).count()
}

/// What a mixture of two publications would answer as neither of them does.
const QUESTIONS: [&str; 3] = [
    "SELECT count(*), sum(output) FROM workout_stats",
    "SELECT count(*), sum(CAST(total_work AS BIGINT)), count(deleted_at) FROM workouts",
    "SELECT count(*), sum(s.output) FROM workouts AS w JOIN workout_stats AS s ON s.workout_id = w.id",
];

/// What the folder answers, where it does.
fn answers(home: &Home, to: &Path) -> [Option<String>; 3] {
    QUESTIONS.map(|sql| {
        let on = format!("parquet:{}", to.display());
        let ran = home.run(&["sql", "--on", &on, "--format", "csv", sql]);
        let rows = ran
            .data
            .split_once('\n')
            .map(|(_, rows)| rows.trim_end().to_owned());
        rows.filter(|_| ran.code == 0)
    })
}

/// Kills a publication after some files of those that would come, brings it to its end, and compares; whether it
/// was killed.
fn kill_and_finish(
    home: &Home,
    number: u64,
    to: &Path,
    wanted: &BTreeMap<String, Vec<u8>>,
) -> bool {
    let before = folder(to);
    let coming = differing(&before, wanted) as u64;
    assert!(coming > 2, "{coming} files");
    let moment = random(number, coming / 2 + 1) as usize;
    let has_come = || differing(&before, &folder(to)) >= moment;
    let old = answers(home, to);
    let is_killed = is_killed(publish(home, to), has_come);
    let new = QUESTIONS.map(|sql| Some(home.sql(sql)));
    for (at, answer) in answers(home, to).into_iter().enumerate() {
        let is_one = answer.is_none() || answer == old[at] || answer == new[at];
        assert!(is_one, "{}: {answer:?}", QUESTIONS[at]);
    }
    finish(home, to);
    assert_eq!(answers(home, to), new);
    same(
        wanted,
        &folder(to),
        &format!("{number} after {moment} files"),
    );
    is_killed
}

#[test]
fn kills_of_a_publication_to_a_folder_change_nothing() {
    let home = few();
    let [plain, changed] = ["plain", "changed"].map(|name| home.path().join(name));
    let killed = |number: u64| home.path().join(format!("killed {number}"));
    let mut kills = 0;
    finish(&home, &plain);
    for number in 0..KILLS {
        let is_killed = kill_and_finish(&home, number, &killed(number), &folder(&plain));
        kills += u64::from(is_killed);
    }
    change(&home);
    finish(&home, &changed);
    for number in 0..KILLS {
        let is_killed = kill_and_finish(&home, number, &killed(number), &folder(&changed));
        kills += u64::from(is_killed);
    }
    assert!(kills >= KILLS, "{kills} came before the end");
}
