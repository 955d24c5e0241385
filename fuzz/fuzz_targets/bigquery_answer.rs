//! Schema and rows of an answer of BigQuery, or a refusal.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &str| warehouse::fuzzing::answer(data));
