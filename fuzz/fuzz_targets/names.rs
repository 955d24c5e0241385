//! A target that a person typed, or the name of a part in a destination.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &str| warehouse::fuzzing::names(data));
