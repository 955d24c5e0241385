//! The LookML project that queries use: the built-in one, or a folder.

mod cells;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use include_dir::{Dir, include_dir};
use lookml::{Model, Project, TableNames};
use walkdir::WalkDir;

pub(crate) use cells::cells;

use crate::error::Advised;

/// The project that comes with the program.
static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../looker");

/// The schema of our tables in a DuckDB file.
const SCHEMA: &str = "main";
/// The constant that names the dataset of the tables.
const DATASET: &str = "DATASET";

/// A project, and where its files are.
pub(crate) struct Loaded {
    pub(crate) project: Project,
    /// None: it is the built-in one.
    pub(crate) folder: Option<PathBuf>,
}

/// Reads the project of a folder, or the built-in one.
pub(crate) fn load(folder: Option<&Path>) -> Result<Loaded> {
    let texts = match folder {
        Some(folder) => read(folder)?,
        None => built_in(&BUILT_IN),
    };
    Ok(Loaded {
        project: Project::new(texts),
        folder: folder.map(Path::to_path_buf),
    })
}

fn built_in(dir: &Dir<'_>) -> Vec<(String, String)> {
    let mut texts = Vec::new();
    for file in dir.files() {
        let path = file.path().to_string_lossy().replace('\\', "/");
        if is_lookml(&path) {
            texts.extend(file.contents_utf8().map(|text| (path, text.to_owned())));
        }
    }
    texts.extend(dir.dirs().flat_map(built_in));
    texts
}

fn read(folder: &Path) -> Result<Vec<(String, String)>> {
    if !folder.is_dir() {
        let message = format!("there is no folder `{}`", folder.display());
        return Err(Advised::new(message, "give the folder of a LookML project").into());
    }
    let mut texts = Vec::new();
    let is_hidden = |name: &std::ffi::OsStr| name.to_string_lossy().starts_with('.');
    let entries = WalkDir::new(folder)
        .min_depth(1)
        .follow_links(true)
        .sort_by_file_name();
    for entry in entries
        .into_iter()
        .filter_entry(|entry| !is_hidden(entry.file_name()))
    {
        let entry = entry.with_context(|| format!("read the folder `{}`", folder.display()))?;
        let path = entry.path();
        let relative = path.strip_prefix(folder).unwrap_or(path);
        let name = relative.to_string_lossy().replace('\\', "/");
        if !entry.file_type().is_file() || !is_lookml(&name) {
            continue;
        }
        let bytes = std::fs::read(path).with_context(|| format!("read `{}`", path.display()))?;
        texts.push((name, String::from_utf8_lossy(&bytes).into_owned()));
    }
    Ok(texts)
}

fn is_lookml(path: &str) -> bool {
    path.ends_with(".lkml") || path.ends_with(".lookml")
}

impl Loaded {
    /// For tables of a dataset, `project.dataset`.
    pub(crate) fn on_dataset(mut self, dataset: &str) -> Self {
        if self.folder.is_none() {
            let constant = (DATASET.to_owned(), dataset.to_owned());
            self.project = self.project.with_constants([constant]);
        }
        self
    }

    /// How tables are called in a DuckDB file: what the built-in project calls its dataset is the main schema there.
    pub(crate) fn table_names(&self) -> TableNames {
        let dataset = self
            .project
            .constant(DATASET)
            .filter(|_| self.folder.is_none());
        let schemas = dataset.map(|dataset| (dataset.to_owned(), SCHEMA.to_owned()));
        TableNames {
            schemas: schemas.into_iter().collect(),
        }
    }

    /// The model of an explore, by `model/explore` or by the explore alone where one model has it.
    pub(crate) fn model_of(&self, name: &str) -> Result<(Model, String)> {
        let (models, _) = self.project.models();
        if let Some((model, explore)) = name.split_once('/') {
            return Ok((self.model(model)?, explore.to_owned()));
        }
        let loaded = models
            .keys()
            .filter_map(|model| Model::load(&self.project, model).0);
        let mut loaded: Vec<Model> = loaded.collect();
        let has = |model: &Model| model.explores.contains_key(name);
        let found = loaded.iter().filter(|model| has(model)).count();
        if found > 1 {
            let names = loaded.iter().filter(|model| has(model));
            let names: Vec<_> = names
                .map(|model| format!("{}/{name}", model.name))
                .collect();
            let message = format!("several models have an explore `{name}`");
            let hint = format!("name one of them: {}", names.join(", "));
            return Err(Advised::new(message, hint).into());
        }
        let at = loaded.iter().position(has);
        match at {
            Some(at) => Ok((loaded.swap_remove(at), name.to_owned())),
            None if loaded.len() == 1 => Ok((loaded.remove(0), name.to_owned())),
            None => Err(self.unknown(name, &loaded)),
        }
    }

    /// The model of that name.
    pub(crate) fn model(&self, name: &str) -> Result<Model> {
        if let (Some(model), _) = Model::load(&self.project, name) {
            return Ok(model);
        }
        let (models, _) = self.project.models();
        let names: Vec<_> = models.keys().map(String::as_str).collect();
        let message = match names.is_empty() {
            true => format!("{} has no model file", self.place()),
            false => format!("LK301: {} has no model `{name}`", self.place()),
        };
        let hint = match names.is_empty() {
            true => "a project has a file that ends with `.model.lkml`".to_owned(),
            false => format!("it has {}", names.join(", ")),
        };
        Err(Advised::new(message, hint).into())
    }

    fn unknown(&self, name: &str, models: &[Model]) -> anyhow::Error {
        let names: Vec<String> = models
            .iter()
            .flat_map(|model| model.explores.keys().cloned())
            .collect();
        let message = match models.is_empty() {
            true => format!("{} has no model file", self.place()),
            false => format!("LK301: {} has no explore `{name}`", self.place()),
        };
        let hint = lookml::did_you_mean(name, names.iter().map(String::as_str));
        let hint = hint.unwrap_or_else(|| format!("it has {}", names.join(", ")));
        Advised::new(message, hint).into()
    }

    fn place(&self) -> String {
        match &self.folder {
            Some(folder) => format!("the project `{}`", folder.display()),
            None => "the built-in project".to_owned(),
        }
    }
}
