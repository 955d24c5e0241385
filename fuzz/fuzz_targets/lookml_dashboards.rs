//! Dashboards: YAML that is parsed, extended, shown.
#![no_main]

use lookml::dashboard;

libfuzzer_sys::fuzz_target!(|data: &str| {
    let constant = |name: &str| (name == "MODEL").then(|| "peloton".to_owned());
    let (dashboards, diagnostics) = dashboard::parse("a.dashboard.lookml", data, &constant);
    for diagnostic in diagnostics {
        assert!(data.get(diagnostic.span.range()).is_some());
    }
    let (dashboards, _) = dashboard::resolve(dashboards);
    for dashboard in &dashboards {
        let _ = (dashboard.label(), dashboard.tiles());
    }
});
