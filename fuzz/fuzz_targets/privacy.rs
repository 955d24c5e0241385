//! What is blanked before an answer is written.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &str| peloton_looker::fuzzing::privacy(data));
