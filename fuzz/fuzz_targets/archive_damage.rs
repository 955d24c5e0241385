//! A good segment, overwritten at one place.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| peloton_looker::fuzzing::damaged_segment(data));
