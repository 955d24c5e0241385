//! The LookML project that this repository ships.

use lookml::{Project, lint_project};

use super::line;
use crate::shipped;

#[test]
fn nothing_is_wrong_with_it_nor_with_its_style() {
    let project = Project::new(shipped::files());
    let problems = lint_project(&project);
    let lines: String = problems.iter().map(|found| line(&project, found)).collect();
    assert_eq!(lines, "");
}
