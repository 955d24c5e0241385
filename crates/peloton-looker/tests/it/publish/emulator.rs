//! One emulator of BigQuery for all tests of this program, each with a dataset of its own.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

struct Emulator {
    address: String,
    /// It ends when its standard input does, as the tests end.
    _process: Child,
}

/// Its address; `None` without a Python environment.
pub(crate) fn address() -> Option<&'static str> {
    static EMULATOR: OnceLock<Option<Emulator>> = OnceLock::new();
    let emulator = EMULATOR.get_or_init(start).as_ref()?;
    Some(&emulator.address)
}

fn start() -> Option<Emulator> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/bigquery_emulator.py");
    let mut child = Command::new(super::python()?)
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // The address and nothing else.
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let lines: Vec<String> = lines.map(|line| line.unwrap()).collect();
    let [address] = &lines[..] else {
        panic!("the emulator says its address: {lines:?}");
    };
    let address = address.clone();
    Some(Emulator {
        address,
        _process: child,
    })
}
