//! Bytes in the place of a segment of the archive.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| peloton_looker::fuzzing::segment(data));
