//! What works, and could be better.

mod explores;
mod fields;
mod files;
mod joins;
mod measures;
mod sql;
mod views;

use super::report::Report;
use super::survey::{Survey, ViewSurvey};
use crate::project::Project;

/// What the texts of the files show.
pub(super) fn files(project: &Project, report: &mut Report<'_>) {
    for (path, file) in project.files.iter().filter(|(path, _)| is_own(path)) {
        files::check(path, file, report);
    }
}

/// What a model shows when everything is put together.
pub(super) fn model(survey: &Survey<'_>, report: &mut Report<'_>) {
    let keys = joins::foreign_keys(survey);
    for view in survey.views.values() {
        if view.view.is_abstract || !is_own(&view.view.place.file) {
            continue;
        }
        views::check(survey, view, report);
        let dimensions = measures::dimensions(view);
        for declaration in view.declarations.values() {
            if is_own(&declaration.node.place.file) {
                fields::check(view, declaration, &keys, report);
                measures::check(view, declaration, &dimensions, report);
                sql::check(declaration, report);
            }
        }
    }
    for explore in &survey.explores {
        if is_own(&explore.explore.place.file) {
            explores::check(survey, explore, report);
            joins::check(explore, report);
        }
    }
}

/// Whether a file is this project's own: nobody can mend another's here.
fn is_own(path: &str) -> bool {
    !path.starts_with("//")
}

/// Whether a view stands in explores with its fields only, or has nothing but filters and parameters.
fn is_without_rows(survey: &Survey<'_>, view: &ViewSurvey<'_>) -> bool {
    let mut fields = view.view.fields.values();
    if !fields.any(|field| field.dimension().is_some() || field.measure().is_some()) {
        return true;
    }
    survey.is_without_table(view)
}
