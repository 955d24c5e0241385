//! A body of Peloton's API.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| peloton_api::fuzzing::models(data));
