//! Dashboards and diagnostics of small files.

mod extending;
mod limits;
mod mistakes;
mod reading;
mod shown;

use std::fmt::Write as _;

use lookml::dashboard::{Place, parse, resolve};

use crate::rendered;
use shown::show;

/// What a file holds, line by line, then the diagnostics with the characters they point at.
fn check(text: &str) -> String {
    let (dashboards, diagnostics) = parse("a.dashboard.lookml", text, &constant);
    let mut out = show(&dashboards);
    for diagnostic in diagnostics {
        out.push_str(&rendered(text, &diagnostic));
    }
    out
}

/// The same of several files after `extends`.
fn check_all(texts: &[&str]) -> String {
    let files = texts.iter().enumerate();
    let files: Vec<_> = files.map(|(n, text)| (format!("{n}"), *text)).collect();
    let mut parsed = Vec::new();
    for (file, text) in &files {
        let (dashboards, diagnostics) = parse(file, text, &constant);
        assert_eq!(diagnostics, []);
        parsed.extend(dashboards);
    }
    let (dashboards, diagnostics) = resolve(parsed);
    let mut out = show(&dashboards);
    for (Place { file, .. }, diagnostic) in diagnostics {
        let text = files.iter().find(|(name, _)| **name == *file).unwrap().1;
        write!(out, "{file}: {}", rendered(text, &diagnostic)).unwrap();
    }
    out
}

fn constant(name: &str) -> Option<String> {
    (name == "MODEL").then(|| "peloton".to_owned())
}
