//! A disk that is full or can't be written to.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::home::{Home, Ran, same, small};

#[test]
fn a_full_disk_is_said_and_nothing_that_was_had_is_lost() {
    let mut home = Home::new(small());
    home.sync(&[]).ends(0);
    let undisturbed = home.tables();
    home.move_house();
    let Some(disk) = Disk::mount(home.path(), "size=600k") else {
        return;
    };
    let refused = home.sync(&[]).ends(1);
    let talk = refused.talk.to_lowercase();
    assert!(talk.contains("space"), "{talk}");
    disk.remount("size=200m");
    home.sync(&[]).ends(0);
    same(&undisturbed, &home.tables());
}

#[test]
fn commands_that_read_work_on_a_home_that_can_only_be_read() {
    let home = Home::new(small());
    let Some(disk) = Disk::mount(home.path(), "size=200m") else {
        return;
    };
    home.sync(&[]).ends(0);
    disk.remount("ro");
    home.run(&["sql", "SELECT count(*) FROM workout_stats"])
        .ends(0);
    home.run(&["status"]).ends(0);
    let doctor = home.run(&["doctor", "--offline"]).ends(1);
    assert!(
        doctor.data.contains("can't be written to"),
        "{}",
        doctor.data
    );
    home.run(&["docs", "tables"]).ends(0);
    home.run(&["api", "get", "/api/me"]).ends(0);
    home.run(&["sync", "--dry-run"]).ends(0);
    let out = tempfile::tempdir().unwrap();
    home.run(&["export", out.path().to_str().unwrap(), "--format", "csv"])
        .ends(0);
    home.sim.reset_log();
    for arguments in [&["sync"][..], &["login"], &["rebuild"]] {
        let ran = home.run(arguments).ends(1);
        assert!(
            ran.talk.contains("PELOTON_LOOKER_HOME") || ran.talk.contains("can't be written"),
            "{}",
            ran.talk
        );
    }
    assert_eq!(home.requests(), 0);
    assert_eq!(home.sim.totals().login_attempts, 0);
}

#[test]
fn a_home_that_can_not_be_written_is_found_out_before_the_first_request() {
    let home = Home::new(small());
    let blocked = home.path().join("file");
    fs::write(&blocked, "").unwrap();
    let mut command = home.command(&["sync"]);
    command.env("PELOTON_LOOKER_HOME", &blocked);
    Ran::new(command.output().unwrap())
        .ends(1)
        .says("PELOTON_LOOKER_HOME");
    assert_eq!(home.requests(), 0);
    assert_eq!(home.sim.totals().login_attempts, 0);
}

/// A small disk in memory over a folder, as root can mount one.
struct Disk(PathBuf);

impl Disk {
    fn mount(folder: &Path, options: &str) -> Option<Self> {
        if !mount(&["-t", "tmpfs", "-o", options, "tmpfs"], folder) {
            let loud = "SKIPPED: only root can mount a small disk\n";
            std::io::Write::write_all(&mut std::io::stderr(), loud.as_bytes()).unwrap();
            return None;
        }
        Some(Self(folder.into()))
    }

    fn remount(&self, options: &str) {
        let options = format!("remount,{options}");
        assert!(mount(&["-o", &options, "tmpfs"], &self.0));
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

fn mount(arguments: &[&str], folder: &Path) -> bool {
    let ran = Command::new("mount").args(arguments).arg(folder).output();
    ran.is_ok_and(|output| output.status.success())
}
