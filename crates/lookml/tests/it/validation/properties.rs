//! Whatever becomes of the files, there is an answer.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use lookml::{Project, lint_project};
use proptest::prelude::*;

use crate::shipped;

static FILES: LazyLock<BTreeMap<String, String>> = LazyLock::new(shipped::files);

/// Pieces that change what a file means.
const PIECES: &[&str] = &[
    "",
    "{",
    "}",
    "${",
    "${x}",
    "${workouts.id}",
    "${rides.count}",
    "${TABLE}",
    "${nothing.SQL_TABLE_NAME}",
    "{% if x %}",
    "{% endif %}",
    "{{ value",
    ";;",
    "\"",
    "#",
    "é",
    "view: +workouts { extends: [rides] }",
    "explore: workouts { join: workouts { type: cross } }",
    "extension: required",
    "primary_key: yes",
    "fields: [ALL_FIELDS*, -workouts*, none*]",
    "join: rides { sql_on: ${nothing} ;; }",
    "@{NONE}",
    "- dashboard: d\n",
    "include: \"**/*\"",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn no_change_makes_it_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0_usize..40, 0..PIECES.len()), 1..12),
        dropped in prop::collection::vec(any::<prop::sample::Index>(), 0..3),
    ) {
        let mut files = FILES.clone();
        let paths: Vec<String> = files.keys().cloned().collect();
        for (file, at, length, piece) in changes {
            let text = files.get_mut(file.get(&paths)).unwrap();
            let start = text.floor_char_boundary(at.index(text.len() + 1));
            let end = text.floor_char_boundary((start + length).min(text.len()));
            text.replace_range(start..end.max(start), PIECES[piece]);
        }
        for file in dropped {
            files.remove(file.get(&paths));
        }
        let project = Project::new(files);
        for problem in lint_project(&project) {
            let file = project.files.get(&problem.file);
            let length = file.map_or(0, |file| file.syntax.text.len());
            prop_assert!(problem.span.end as usize <= length, "{problem:?}");
            problem.to_project_error(|_| None);
        }
    }
}
