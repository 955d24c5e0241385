//! What a person may run on the warehouse.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &str| {
    warehouse::fuzzing::statement(data);
});
