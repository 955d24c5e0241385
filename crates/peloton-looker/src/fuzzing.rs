//! Doors for the fuzz targets: bytes that come from outside, to the parsers that this crate has.

use std::fs;
use std::path::Path;

use jiff::Timestamp;

use crate::archive::{Archive, Line, Observation, Privacy, Writer};
use crate::transform::{Answer, Options, RideAnswers, Rows, WorkoutAnswers};
use crate::workout_history;

const KEYS: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

/// Bytes in the place of a segment: whatever they are, damage is named within the file, and a cut tail
/// is no damage any more.
pub fn segment(bytes: &[u8]) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let archive = Archive::at(folder.path().into());
    let path = archive
        .next_segment(Timestamp::UNIX_EPOCH, 0)
        .expect("a path for a segment");
    fs::write(&path, bytes).expect("write the segment");
    read_and_cut(folder.path(), bytes.len() as u64);
}

/// A good segment of six frames, overwritten at one place: what lies before it is read.
pub fn damaged_segment(bytes: &[u8]) {
    let [high, low, damage @ ..] = bytes else {
        return;
    };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let archive = Archive::at(folder.path().into());
    let path = archive
        .next_segment(Timestamp::UNIX_EPOCH, 0)
        .expect("a path for a segment");
    let writer = Writer::create(path.clone()).expect("create a segment");
    let mut ends = Vec::new();
    for key in KEYS {
        let body = format!("{{\"id\":\"{key}\"}}");
        let observation = Observation::answered(
            "workout",
            key,
            "/",
            Timestamp::UNIX_EPOCH,
            200,
            body.as_bytes(),
        );
        writer
            .append(observation.to_line().expect("a line"))
            .and_then(|()| writer.flush())
            .expect("write a frame");
        ends.push(fs::metadata(&path).expect("the segment").len());
    }
    writer.close().expect("close the segment");
    let mut segment = fs::read(&path).expect("read the segment");
    let at = usize::from(u16::from_be_bytes([*high, *low])) % segment.len();
    for (byte, new) in segment[at..].iter_mut().zip(damage) {
        *byte = *new;
    }
    fs::write(&path, &segment).expect("write the segment");
    let before = ends.iter().filter(|end| **end <= at as u64).count();
    let found = read_and_cut(folder.path(), segment.len() as u64);
    assert_eq!(found[..before], KEYS[..before]);
}

fn read_and_cut(folder: &Path, length: u64) -> Vec<String> {
    let read = || {
        let mut archive = Archive::at(folder.into());
        let mut keys = Vec::new();
        let visit = |_, line: &Line<'_>| {
            let _ = line.body();
            keys.push(line.key.to_string());
            Ok(())
        };
        archive.scan(visit).expect("scan");
        (keys, archive)
    };
    let (keys, archive) = read();
    let damage: Vec<_> = archive.damage().collect();
    assert!(
        damage
            .iter()
            .all(|damage| damage.from < damage.to && damage.to <= length),
        "{damage:?}"
    );
    archive.cut_torn_tails().expect("cut");
    let (again, left) = read();
    assert_eq!(keys, again);
    assert!(left.damage().all(|damage| !damage.is_torn_tail), "{left:?}");
    keys
}

/// An answer on its way into the archive: what is blanked is blanked, the rest is the exact text.
pub fn privacy(body: &str) {
    let privacy = Privacy {
        store_locations: false,
    };
    for endpoint in ["me", "user", "workout/performance_graph"] {
        let blanked = privacy.blank(endpoint, body);
        assert_eq!(privacy.blank(endpoint, &blanked), blanked);
        let is_json = |text: &str| serde_json::from_str::<serde_json::Value>(text).is_ok();
        assert_eq!(is_json(body), is_json(&blanked));
    }
}

/// The CSV file of Peloton's web site.
pub fn workout_history(text: &str) {
    if let Ok((workouts, _)) = workout_history::read(text) {
        for workout in &workouts {
            assert!(workout.id("local").starts_with("csv-"));
        }
    }
}

/// A workout's detail, graph and class, parted by NUL bytes, on their way to rows.
pub fn transform(text: &str) {
    let mut parts = text.splitn(3, '\0').map(|body| Answer {
        body,
        fetched_at: Timestamp::UNIX_EPOCH,
    });
    let (detail, graph, details) = (parts.next(), parts.next(), parts.next());
    let mut rows = Rows::new(Options {
        store_locations: true,
    });
    rows.workout(&WorkoutAnswers {
        id: "w",
        user_id: "u",
        list_row: None,
        detail,
        graph,
        deleted_at: None,
    });
    rows.ride(&RideAnswers {
        id: "r",
        details,
        inline: None,
        counters: None,
    });
    let batches = rows.take();
    let workouts = batches.iter().find(|batch| batch.table == "workouts");
    assert_eq!(workouts.map(|batch| batch.rows.num_rows()), Some(1));
}
