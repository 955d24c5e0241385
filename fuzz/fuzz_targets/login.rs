//! A page, a cookie, an address or a token of the login.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &str| peloton_api::fuzzing::login(data));
