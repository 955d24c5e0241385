//! The page that says what is supported.

use std::{env, fs};

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "a test reads the page that is committed"
)]
fn the_coverage_page_is_up_to_date() {
    let page = lookml::parameters::coverage();
    let committed = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/coverage.md");
    if env::var_os("UPDATE_DOCS").is_some() {
        fs::create_dir_all(concat!(env!("CARGO_MANIFEST_DIR"), "/docs")).unwrap();
        fs::write(committed, &page).unwrap();
    }
    assert_eq!(
        fs::read_to_string(committed).unwrap(),
        page,
        "run the tests with UPDATE_DOCS=1"
    );
}
