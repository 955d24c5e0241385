//! The CSV file of Peloton's web site.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &str| peloton_looker::fuzzing::workout_history(data));
