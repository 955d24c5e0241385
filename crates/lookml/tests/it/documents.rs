//! Pages that are made from the code.

use std::{env, fs};

#[expect(
    clippy::disallowed_methods,
    reason = "a test reads the page that is committed"
)]
fn is_up_to_date(name: &str, page: &str) {
    let committed = format!("{}/docs/{name}", env!("CARGO_MANIFEST_DIR"));
    if env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&committed, page).unwrap();
    }
    assert_eq!(
        fs::read_to_string(committed).unwrap(),
        page,
        "run the tests with UPDATE_DOCS=1"
    );
}

#[test]
fn the_coverage_page_is_up_to_date() {
    is_up_to_date("coverage.md", &lookml::parameters::coverage());
}

#[test]
fn the_page_of_the_rules_is_up_to_date() {
    is_up_to_date("rules.md", &lookml::rules::reference());
}
