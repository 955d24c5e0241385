//! What may go wrong: nothing is lost, and the person learns what to do.

mod archive;
mod disk;
mod files;
mod login;
mod losses;
mod pages;
mod repairs;
mod service;
mod stops;
mod values;

use std::fs;
use std::path::PathBuf;

use crate::home::Home;

fn first_segment(home: &Home) -> PathBuf {
    let mut paths: Vec<_> = fs::read_dir(home.profile().join("archive"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths.swap_remove(0)
}
