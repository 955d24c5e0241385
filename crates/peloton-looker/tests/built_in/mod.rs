//! The built-in LookML project, and what people ask of it: for tests and benches.

use std::fs;
use std::path::{Path, PathBuf};

use lookml::{ExploreUrl, Model, Project, Query};
use walkdir::WalkDir;

/// Where it lies.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../looker")
}

/// Paths and texts of the files of a folder whose names end so.
pub(crate) fn texts(folder: &Path, ending: &str) -> Vec<(String, String)> {
    let entries = WalkDir::new(folder).sort_by_file_name().into_iter();
    let entries = entries.map(Result::unwrap);
    let files = entries.filter(|entry| entry.file_type().is_file());
    let paths = files.map(|entry| entry.into_path());
    let paths = paths.filter(|path| path.to_str().is_some_and(|path| path.ends_with(ending)));
    let texts = paths.map(|path| {
        let name = path.strip_prefix(folder).unwrap().to_str().unwrap();
        (name.to_owned(), fs::read_to_string(&path).unwrap())
    });
    texts.collect()
}

/// Its model.
pub(crate) fn model() -> Model {
    let (model, _) = Model::load(&Project::new(texts(&folder(), ".lkml")), "peloton");
    model.unwrap()
}

/// An Explore as people ask it.
#[derive(Debug)]
pub(crate) struct Typical {
    pub(crate) url: &'static str,
    pub(crate) query: Query,
    /// Whether figures of workouts stand beside those of their seconds.
    pub(crate) is_symmetric: bool,
}

/// Explores as people ask them, over the whole history where a line says so.
pub(crate) fn typical() -> Vec<Typical> {
    let lines = include_str!("explore_queries.txt").lines();
    let urls = lines.filter(|line| line.starts_with('/'));
    let queries = urls.map(|url| {
        let whole = url.replace("WHOLE", "f[workout_seconds.start_utc_date]=after+2010");
        Typical {
            url,
            query: whole
                .replace("&SYMMETRIC", "")
                .parse::<ExploreUrl>()
                .unwrap()
                .query,
            is_symmetric: url.ends_with("&SYMMETRIC"),
        }
    });
    queries.collect()
}
