//! A file of LookML: read, printed back, checked.
#![no_main]

use lookml::{Suppressions, check_file, parse};

libfuzzer_sys::fuzz_target!(|data: &str| {
    let (syntax, diagnostics) = parse(data);
    assert_eq!(syntax.to_string(), data);
    let suppressions = Suppressions::of(&syntax);
    let checked = ["a.model.lkml", "manifest.lkml"].map(|path| check_file(path, &syntax));
    for diagnostic in checked.iter().flatten().chain(&diagnostics) {
        assert!(data.get(diagnostic.span.range()).is_some());
        let _ = suppressions.contains(diagnostic.rule, diagnostic.span);
    }
});
