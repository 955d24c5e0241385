//! Invented workouts in an archive, the real program run on them, and its memory meanwhile.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Write as _;
use std::ops::Range;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Seconds of an invented workout.
pub(crate) const SECONDS: u64 = 2_392;
const OWN: &str = "00000000000000000000000000000001";
const FRAME_BYTES: usize = 4 << 20;

#[expect(clippy::print_stdout, reason = "a bench prints its figures")]
pub(crate) fn report(line: &str) {
    println!("{line}");
}

/// How many samples: those that are given, else 7 and 70 million.
pub(crate) fn sizes() -> Vec<u64> {
    let given: Vec<u64> = std::env::args()
        .skip(1)
        .filter_map(|text| text.parse().ok())
        .collect();
    match given.is_empty() {
        true => vec![7_000_000, 70_000_000],
        false => given,
    }
}

/// Runs the real program and watches its memory while it lives: time, and kB at the peak.
pub(crate) fn run(home: &Path, arguments: &[&str]) -> (Duration, u64) {
    let started = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_peloton-looker"))
        .args(arguments)
        .env("PELOTON_LOOKER_HOME", home)
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut peak_kb = 0;
    loop {
        peak_kb = peak_memory_kb(child.id()).unwrap_or(0).max(peak_kb);
        if let Some(status) = child.try_wait().expect("the program runs") {
            assert!(status.success(), "{arguments:?} failed");
            return (started.elapsed(), peak_kb);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn peak_memory_kb(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// A segment as a sync that brings these workouts would leave it; gives the bytes of JSON and of the file.
pub(crate) fn write_segment(home: &Path, segment: u32, workouts: Range<u64>) -> (u64, u64) {
    let folder = home.join("profiles/default/archive");
    std::fs::create_dir_all(&folder).expect("create the archive");
    let path = folder.join(format!("{segment:06}-20260101T000000Z.jsonl.zst"));
    let mut file = File::create(&path).expect("create a segment");
    let mut frame = String::new();
    let mut raw = 0;
    push(
        &mut frame,
        "me",
        OWN,
        &format!(r#"{{"id":"{OWN}","username":"bench"}}"#),
    );
    for number in workouts {
        push_workout(&mut frame, number);
        if frame.len() >= FRAME_BYTES {
            raw += frame.len() as u64;
            write_frame(&mut file, &mut frame);
        }
    }
    raw += frame.len() as u64;
    write_frame(&mut file, &mut frame);
    (raw, std::fs::metadata(&path).expect("the segment").len())
}

fn push_workout(frame: &mut String, number: u64) {
    let id = format!("{number:032x}");
    push(frame, "workout", &id, &detail(&id, number));
    push(frame, "workout/performance_graph", &id, &graph(number));
}

fn write_frame(file: &mut File, frame: &mut String) {
    let mut encoder = zstd::Encoder::new(Vec::new(), 3).expect("an encoder");
    encoder.include_checksum(true).expect("checksums");
    encoder
        .set_pledged_src_size(Some(frame.len() as u64))
        .expect("the size");
    encoder.write_all(frame.as_bytes()).expect("compress");
    file.write_all(&encoder.finish().expect("compress"))
        .expect("write a frame");
    frame.clear();
}

fn push(frame: &mut String, endpoint: &str, key: &str, body: &str) {
    let body = serde_json::Value::from(body);
    writeln!(
        frame,
        r#"{{"endpoint":"{endpoint}","key":"{key}","url":"","fetched_at":"2026-01-01T00:00:00Z","status":200,"body":{body}}}"#
    )
    .expect("write to a string");
}

/// When the last of some workouts started, in seconds of the epoch.
#[allow(dead_code, reason = "not every bench asks for it")]
pub(crate) fn last_start(workouts: u64) -> i64 {
    start(workouts.saturating_sub(1)) as i64
}

fn start(number: u64) -> u64 {
    1_500_000_000 + number * 9_000
}

/// A workout of one of 400 classes of 40 instructors, most of them on the bike.
fn detail(id: &str, number: u64) -> String {
    let start = start(number);
    let class = number % 400;
    let discipline = match class % 4 {
        0 => "running",
        _ => "cycling",
    };
    let (title, instructor) = (format!("Class {class}"), format!("{:032x}", class % 40));
    serde_json::json!({
        "id": id, "user_id": OWN, "created_at": start, "start_time": start, "end_time": start + SECONDS,
        "device_time_created_at": start, "timezone": "America/New_York", "status": "COMPLETE",
        "fitness_discipline": discipline, "metrics_type": "cycling", "workout_type": "class",
        "title": title, "total_work": 400_000.0, "ftp_info": {"ftp": 220, "ftp_source": "ftp_workout_source"},
        "ride": {
            "id": format!("{:032x}", class + 1), "title": title, "duration": SECONDS, "fitness_discipline": discipline,
            "instructor_id": instructor, "instructor": {"id": instructor, "name": format!("Instructor {}", class % 40)},
        },
    })
    .to_string()
}

/// Values move as a sensor's do: a walk with small steps, and one decimal in the speed.
fn graph(number: u64) -> String {
    let mut walk = Walk(number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let axis: Vec<u64> = (1..=SECONDS).collect();
    let mut whole = |from: i64, step: i64| -> Vec<i64> {
        let mut value = from;
        (0..SECONDS)
            .map(|_| {
                value = (value + walk.step(step)).clamp(from / 2, from * 2);
                value
            })
            .collect()
    };
    let (output, cadence, resistance) = (whole(180, 6), whole(85, 2), whole(42, 1));
    let (heart_rate, incline, tenths) = (whole(140, 1), whole(4, 1), whole(190, 2));
    let speed: Vec<f64> = tenths
        .into_iter()
        .map(|tenths| tenths as f64 / 10.0)
        .collect();
    let metric = |slug: &str, unit: &str, values: serde_json::Value| serde_json::json!({"slug": slug, "display_name": slug, "display_unit": unit, "values": values});
    serde_json::json!({
        "duration": SECONDS, "seconds_since_pedaling_start": axis, "average_summaries": [], "summaries": [],
        "segment_list": [], "metrics": [
            metric("output", "watts", output.into()), metric("cadence", "rpm", cadence.into()),
            metric("resistance", "%", resistance.into()), metric("speed", "mph", speed.into()),
            metric("heart_rate", "bpm", heart_rate.into()), metric("incline", "%", incline.into()),
        ],
    })
    .to_string()
}

/// A small generator of its own, so that every machine measures the same numbers.
struct Walk(u64);

impl Walk {
    fn step(&mut self, largest: i64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % (2 * largest as u64 + 1)) as i64 - largest
    }
}
