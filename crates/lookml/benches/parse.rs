//! LookML to trees: how long, how much memory, how much slower than looking at each byte once.
//!
//! Invents a project of 65 MB, or of as many MB as are given (`cargo bench -p lookml --bench parse -- 650`), and
//! reads it on one thread: the parser alone, then with the check of every file.

#![expect(
    clippy::disallowed_methods,
    reason = "a bench takes the time, and asks the system for its memory"
)]

mod invented;

use std::fs;
use std::hint::black_box;
use std::time::{Duration, Instant};

use lookml::{Suppressions, Syntax, check_file, parse};

/// Each figure is the best of so many: other programs run on the machine too.
const ROUNDS: usize = 5;

fn main() {
    let mut given = std::env::args()
        .skip(1)
        .filter_map(|text| text.parse().ok());
    let megabytes: usize = given.next().unwrap_or(65);
    let files = invented::project(megabytes * 1_000_000);
    let bytes: usize = files.iter().map(|(_, text)| text.len()).sum();
    let longest = files.iter().map(|(_, text)| text.len()).max();
    report(&format!(
        "parse: {:.1} MB in {} files of up to {} kB",
        bytes as f64 / 1e6,
        files.len(),
        longest.unwrap_or_default() / 1000,
    ));
    let scan = best(|| files.iter().map(|(_, text)| scan(text)).sum());
    figure("a look at each byte", bytes, scan, scan);
    let parsed = best(|| files.iter().map(|(_, text)| tree(text).items.len()).sum());
    figure("parse", bytes, parsed, scan);
    let checked = best(|| files.iter().map(|(path, text)| check(path, text)).sum());
    figure("parse and check", bytes, checked, scan);
    let text_kb = memory_kb("VmRSS:");
    let trees: Vec<_> = files.iter().map(|(_, text)| tree(text)).collect();
    let tokens: usize = trees.iter().map(|tree| tree.tokens.len()).sum();
    report(&format!(
        "  peak memory {} MB with all trees of {:.1} million tokens, {} MB of it the text before",
        memory_kb("VmHWM:") / 1000,
        tokens as f64 / 1e6,
        text_kb / 1000,
    ));
    drop(trees);
    let whole: String = files.iter().map(|(_, text)| text.as_str()).collect();
    let single = best(|| tree(&whole).items.len());
    figure("parse, as one file", bytes, single, scan);
}

#[expect(clippy::print_stdout, reason = "a bench prints its figures")]
fn report(line: &str) {
    println!("{line}");
}

fn figure(what: &str, bytes: usize, took: Duration, scan: Duration) {
    report(&format!(
        "  {what}: {:.3} s ({:.0} MB/s), {:.1} times the look at each byte",
        took.as_secs_f64(),
        bytes as f64 / 1e6 / took.as_secs_f64(),
        took.as_secs_f64() / scan.as_secs_f64(),
    ));
}

fn best(mut run: impl FnMut() -> usize) -> Duration {
    let begun = Instant::now();
    let times = (0..ROUNDS).map(|_| {
        let started = on_a_core(begun);
        black_box(run());
        on_a_core(begun).saturating_sub(started)
    });
    times.min().unwrap_or_default()
}

/// How long the program had a core: what others take on a shared machine does not count. Where the system does not
/// say, how much time went by.
fn on_a_core(begun: Instant) -> Duration {
    let statistics = fs::read_to_string("/proc/self/schedstat").ok();
    let nanoseconds = statistics.and_then(|text| text.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| begun.elapsed(), Duration::from_nanos)
}

/// What a lexer could do at the least: one step that depends on each byte.
fn scan(text: &str) -> usize {
    let mut state = 0_u8;
    let mut changes = 0;
    for byte in text.bytes() {
        let next = match byte {
            b' ' | b'\t' | b'\r' | b'\n' => 1,
            b'{' | b'}' | b'[' | b']' | b':' | b',' => 2,
            b'"' => 3,
            _ => 4,
        };
        changes += usize::from(next != state);
        state = next;
    }
    black_box(changes)
}

fn tree(text: &str) -> Syntax {
    let (syntax, diagnostics) = parse(text);
    assert_eq!(diagnostics, [], "what is invented is right");
    syntax
}

fn check(path: &str, text: &str) -> usize {
    let syntax = tree(text);
    let suppressions = Suppressions::of(&syntax);
    let diagnostics = check_file(path, &syntax);
    assert_eq!(diagnostics, [], "{path}");
    black_box(suppressions);
    syntax.items.len()
}

/// What the program holds now or held at the most; 0 where the system does not say.
fn memory_kb(name: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(name));
    let number = line.and_then(|line| line.split_whitespace().nth(1));
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}
