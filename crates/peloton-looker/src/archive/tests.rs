//! Segments as kills, power cuts and bad disks leave them.

use std::fs;
use std::path::Path;

use jiff::Timestamp;

use super::*;

fn line(key: &str, body: &str) -> Vec<u8> {
    let observation = Observation::answered(
        "workout",
        key,
        "/api/workout/x",
        Timestamp::UNIX_EPOCH,
        200,
        body.as_bytes(),
    );
    let mut line = serde_json::to_vec(&observation).unwrap();
    line.push(b'\n');
    line
}

/// A segment with one frame for each of the groups.
fn segment(folder: &Path, frames: &[&[&str]]) -> std::path::PathBuf {
    let archive = Archive::at(folder.into());
    let path = archive.next_segment(Timestamp::UNIX_EPOCH, 0).unwrap();
    let writer = Writer::create(path.clone()).unwrap();
    for keys in frames {
        for key in *keys {
            writer
                .append(line(
                    key,
                    &format!("{{\"id\":\"{key}\",\"text\":\"\\\"é\"}}"),
                ))
                .unwrap();
        }
        writer.flush().unwrap();
    }
    writer.close().unwrap();
    path
}

/// What a scan sees that goes on where the last one ended.
fn seen(archive: &mut Archive) -> Vec<String> {
    let mut keys = Vec::new();
    archive
        .scan(|_, line| {
            keys.push(line.key.to_string());
            Ok(())
        })
        .unwrap();
    keys
}

fn keys(folder: &Path) -> (Vec<String>, Vec<Damage>) {
    let mut archive = Archive::at(folder.into());
    let keys = seen(&mut archive);
    (keys, archive.damage().cloned().collect())
}

#[test]
fn who_is_interrupted_reads_no_further_and_finds_no_damage() {
    let folder = tempfile::tempdir().unwrap();
    segment(folder.path(), &[&["a", "b", "c"], &["d"]]);
    let mut seen = Vec::new();
    let read = Archive::at(folder.path().into()).scan(|_, line| {
        seen.push(line.key.to_string());
        match seen.len() {
            1 => anyhow::bail!("it can't be used"),
            2 => Err(Interrupted.into()),
            _ => Ok(()),
        }
    });
    assert!(read.unwrap_err().is::<Interrupted>());
    assert_eq!(seen, ["a", "b"]);
}

#[test]
fn what_is_appended_is_read_in_order() {
    let folder = tempfile::tempdir().unwrap();
    segment(folder.path(), &[&["a", "b"], &["c"]]);
    segment(folder.path(), &[&["d"]]);
    let mut archive = Archive::at(folder.path().into());
    assert_eq!(seen(&mut archive), ["a", "b", "c", "d"]);
    assert_eq!(archive.damage().count(), 0);
    segment(folder.path(), &[&["e"]]);
    assert_eq!(seen(&mut archive), ["e"]);
    assert_eq!(seen(&mut archive), [""; 0]);
}

#[test]
fn two_segments_of_one_number_are_two_segments() {
    let folder = tempfile::tempdir().unwrap();
    let first = segment(folder.path(), &[&["a", "b"], &["c"]]);
    segment(folder.path(), &[&["f"]]);
    let away = tempfile::tempdir().unwrap();
    let second = segment(away.path(), &[&["d", "e"]]);
    let name = "000001-20260101T000000Z.jsonl.zst";
    fs::rename(second, folder.path().join(name)).unwrap();
    assert_eq!(keys(folder.path()).0, ["a", "b", "c", "d", "e", "f"]);
    assert!(first.exists());
    are_found_again(folder.path());
}

#[test]
fn a_segment_that_is_put_among_the_older_ones_waits_for_the_next_reader() {
    let folder = tempfile::tempdir().unwrap();
    let first = segment(folder.path(), &[&["a"]]);
    segment(folder.path(), &[&["b"]]);
    let away = folder.path().join("away");
    fs::rename(&first, &away).unwrap();
    let mut archive = Archive::at(folder.path().into());
    assert_eq!(seen(&mut archive), ["b"]);
    fs::rename(&away, &first).unwrap();
    assert_eq!(seen(&mut archive), [""; 0]);
    assert_eq!(keys(folder.path()).0, ["a", "b"]);
}

#[test]
fn the_command_line_tool_reads_a_segment() {
    let folder = tempfile::tempdir().unwrap();
    let path = segment(folder.path(), &[&["a"], &["b"]]);
    let text = zstd::decode_all(fs::File::open(path).unwrap()).unwrap();
    assert_eq!(String::from_utf8(text).unwrap().lines().count(), 2);
}

#[test]
fn lines_are_found_again_by_their_place() {
    let folder = tempfile::tempdir().unwrap();
    segment(folder.path(), &[&["a", "b"], &["c"]]);
    are_found_again(folder.path());
}

/// Each line, by the place that the scan gave it.
fn are_found_again(folder: &Path) {
    let mut archive = Archive::at(folder.into());
    let mut places = Vec::new();
    archive
        .scan(|located, line| {
            places.push((located, line.key.to_string(), line.body().unwrap()));
            Ok(())
        })
        .unwrap();
    assert!(!places.is_empty());
    let mut cache = FrameCache::new(&archive);
    for (located, key, body) in places {
        let frame = cache.frame(located).unwrap();
        let line = frame.line(located.line).unwrap();
        assert_eq!(line.key, key);
        assert_eq!(line.body().unwrap(), body);
    }
}

#[test]
fn every_torn_tail_is_cut_and_nothing_before_it_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let path = segment(folder.path(), &[&["a"], &["b"], &["c"]]);
    let whole = fs::read(&path).unwrap();
    let ends = frame_ends(folder.path());
    for length in 0..whole.len() {
        fs::write(&path, &whole[..length]).unwrap();
        let mut archive = Archive::at(folder.path().into());
        let found = seen(&mut archive);
        let complete = ends.iter().filter(|end| **end <= length as u64).count();
        assert_eq!(found.len(), complete, "cut at {length}");
        archive.cut_torn_tails().unwrap();
        let kept = ends
            .iter()
            .rfind(|end| **end <= length as u64)
            .copied()
            .unwrap_or(0);
        assert_eq!(fs::metadata(&path).unwrap().len(), kept, "cut at {length}");
        assert_eq!(keys(folder.path()).1, [], "cut at {length}");
    }
}

#[test]
fn damage_in_the_middle_is_named_and_the_rest_is_used() {
    let folder = tempfile::tempdir().unwrap();
    let path = segment(folder.path(), &[&["a"], &["b"], &["c"]]);
    let whole = fs::read(&path).unwrap();
    let ends = frame_ends(folder.path());
    for at in ends[0]..ends[1] {
        let mut bytes = whole.clone();
        bytes[at as usize] ^= 0xff;
        fs::write(&path, &bytes).unwrap();
        let (found, damage) = keys(folder.path());
        // A byte of the header that says how the frame is read may change nothing that matters.
        if found.len() == 3 {
            continue;
        }
        assert_eq!(found, ["a", "c"], "damaged at {at}");
        assert_eq!(damage.len(), 1, "damaged at {at}");
        assert!(!damage[0].is_torn_tail);
        assert_eq!(
            (damage[0].from, damage[0].to),
            (ends[0], ends[1]),
            "damaged at {at}"
        );
    }
}

#[test]
fn a_segment_that_can_not_be_written_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let writer = Writer::create(folder.path().join("000001-x.jsonl.zst")).unwrap();
    fs::remove_dir(folder.path()).unwrap();
    writer.append(line("a", "{}")).unwrap();
    let error = format!("{:#}", writer.flush().unwrap_err());
    assert!(error.contains("create the archive segment"), "{error}");
}

#[test]
fn segments_are_ordered_by_number_whatever_the_clock_says() {
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::at(folder.path().into());
    let late: Timestamp = "2026-11-25T05:00:00Z".parse().unwrap();
    fs::write(archive.next_segment(late, 0).unwrap(), b"").unwrap();
    let second = archive.next_segment(Timestamp::UNIX_EPOCH, 0).unwrap();
    assert_eq!(
        second.file_name().unwrap(),
        "000002-19700101T000000Z.jsonl.zst"
    );
}

fn frame_ends(folder: &Path) -> Vec<u64> {
    let mut starts = Vec::new();
    let mut archive = Archive::at(folder.into());
    archive
        .scan(|located, _| {
            starts.push(located.frame);
            Ok(())
        })
        .unwrap();
    starts.dedup();
    let mut ends: Vec<u64> = starts[1..].to_vec();
    ends.push(archive.met()[0].read);
    ends
}

#[test]
fn a_segment_that_was_compressed_again_in_a_pipe_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = segment(folder.path(), &[&["a", "b"], &["c"]]);
    let text = zstd::decode_all(fs::File::open(&path).unwrap()).unwrap();
    let again = zstd::encode_all(text.as_slice(), 3).unwrap();
    assert!(matches!(
        zstd::zstd_safe::get_frame_content_size(&again),
        Ok(None)
    ));
    fs::write(&path, again).unwrap();
    let (found, damage) = keys(folder.path());
    assert_eq!(found, ["a", "b", "c"]);
    assert_eq!(damage, []);
}

fn observe(index: &mut Index, endpoint: &str, status: u16, body: &str) {
    let now = Timestamp::UNIX_EPOCH;
    take(
        index,
        &Observation::answered(endpoint, "own", "", now, status, body.as_bytes()),
    );
}

/// No good answer after all tries.
fn fail(index: &mut Index, endpoint: &str, status: u16) {
    let (now, reason) = (Timestamp::UNIX_EPOCH, "a page".to_owned());
    take(
        index,
        &Observation::failed(endpoint, "own", "", now, status, reason),
    );
}

fn take(index: &mut Index, observation: &Observation<'_>) {
    take_in(index, u32::MAX, observation);
}

/// In the segment of a run.
fn take_in(index: &mut Index, segment: u32, observation: &Observation<'_>) {
    let text = observation.to_line().unwrap();
    let line: Line<'_> = serde_json::from_slice(&text).unwrap();
    let located = Located {
        segment,
        ..Located::PENDING
    };
    index.observe(located, &line).unwrap();
}

#[test]
fn a_list_of_many_pages_is_asked_for_until_its_end_was_seen() {
    let mut index = Index::default();
    for (show_next, is_read) in [(true, false), (false, true)] {
        let body = format!(r#"{{"data":[{{"id":"f"}}],"show_next":{show_next}}}"#);
        for endpoint in [endpoint::FOLLOWERS, endpoint::INSTRUCTORS] {
            observe(&mut index, endpoint, 200, &body);
        }
        let followers = &index.members["own"].followers;
        assert_eq!(followers.good.is_some(), is_read);
        assert_eq!(index.instructor_list.good.is_some(), is_read);
    }
}

#[test]
fn the_first_answer_of_a_list_is_news_of_its_member() {
    let mut index = Index::default();
    observe(&mut index, endpoint::USER, 403, "{}");
    drop(index.take_changes());
    observe(&mut index, endpoint::WORKOUTS, 200, r#"{"data":[]}"#);
    assert!(index.take_changes().members.contains("own"));
    observe(&mut index, endpoint::WORKOUTS, 200, r#"{"data":[]}"#);
    assert!(index.take_changes().members.is_empty());
}

#[test]
fn only_an_answer_changes_what_a_list_says_of_its_member() {
    let mut index = Index::default();
    let says = |index: &Index| index.members["own"].list_says();
    fail(&mut index, endpoint::WORKOUTS, 403);
    assert_eq!(says(&index), (true, None), "a gateway's word");
    for (status, denial) in [
        (403, Some(403)),
        (402, Some(403)),
        (404, Some(404)),
        (200, None),
        (402, None),
    ] {
        observe(&mut index, endpoint::WORKOUTS, status, r#"{"data":[]}"#);
        assert_eq!(says(&index), (true, denial), "{status}");
        fail(&mut index, endpoint::WORKOUTS, 500);
        assert_eq!(says(&index), (true, denial), "a failure after {status}");
    }
}

#[test]
fn a_list_counts_the_runs_that_lacked_a_page_until_it_was_read() {
    for list in [
        endpoint::WORKOUTS,
        endpoint::FOLLOWING,
        endpoint::FOLLOWERS,
        endpoint::INSTRUCTORS,
    ] {
        let mut index = Index::default();
        let at = |run: u32| Timestamp::from_second(run.into()).unwrap();
        for run in 1..=3 {
            let body = br#"{"data":[],"show_next":true}"#;
            let good = Observation::answered(list, "own", "x?page=0", at(run), 200, body);
            take_in(&mut index, run, &good);
            for page in ["x?page=1", "x?page=3"] {
                let reason = "a page".to_owned();
                let failed = Observation::failed(list, "own", page, at(run), 500, reason);
                take_in(&mut index, run, &failed);
            }
            let last = br#"{"data":[],"show_next":false}"#;
            let good = Observation::answered(list, "own", "x?page=4", at(run), 200, last);
            take_in(&mut index, run, &good);
        }
        let failure = index.list(list, "own").failure.clone().unwrap();
        assert_eq!((failure.tries, failure.first_at), (3, at(1)), "{list}");
        drop(index.take_changes());
        let read = Observation::noticed(endpoint::READ, "own", at(4), &list).unwrap();
        take_in(&mut index, 4, &read);
        assert!(index.list(list, "own").failure.is_none(), "{list}");
        assert!(index.take_changes().items);
    }
}
