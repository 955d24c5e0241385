//! Answers on their way to rows.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &str| peloton_looker::fuzzing::transform(data));
