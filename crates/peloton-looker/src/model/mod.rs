//! The LookML project that queries use: the built-in one, or a folder.

mod cells;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use include_dir::{Dir, include_dir};
use lookml::{Lines, Model, Project, Span, TableNames};
use walkdir::WalkDir;

pub(crate) use cells::cells;

use crate::error::Advised;

/// The project that comes with the program.
static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../looker");

/// The schema of our tables in a DuckDB file.
const SCHEMA: &str = "main";
/// The constant that names the dataset of the tables.
const DATASET: &str = "DATASET";

/// By this a project is known that reads our tables, where the dataset is said.
const OUR_TABLE: &str = "@{DATASET}.workouts";
/// Where a project has the files of those that it imports.
const IMPORTED: &str = "imported_projects/";

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
        None => {
            let files = built_in().into_iter();
            let files = files.filter(|(path, _)| is_lookml(path));
            files.map(|(path, text)| (path, text.to_owned())).collect()
        }
    };
    Ok(Loaded {
        project: Project::new(texts),
        folder: folder.map(Path::to_path_buf),
    })
}

/// Every file of the built-in project, LookML or not.
pub(crate) fn built_in() -> Vec<(String, &'static str)> {
    fn files(dir: &'static Dir<'static>) -> Vec<(String, &'static str)> {
        let own = dir.files().filter_map(|file| {
            let path = file.path().to_string_lossy().replace('\\', "/");
            Some((path, file.contents_utf8()?))
        });
        own.chain(dir.dirs().flat_map(files)).collect()
    }
    files(&BUILT_IN)
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
        let is_read = is_lookml(&name) || name.ends_with(".strings.json");
        if !entry.file_type().is_file() || !is_read {
            continue;
        }
        let bytes = std::fs::read(path).with_context(|| format!("read `{}`", path.display()))?;
        texts.push((named(name), String::from_utf8_lossy(&bytes).into_owned()));
    }
    Ok(texts)
}

/// What a project calls a file: those of imported projects have these projects' names.
fn named(path: String) -> String {
    match path.strip_prefix(IMPORTED) {
        Some(rest) if rest.contains('/') => format!("//{rest}"),
        _ => path,
    }
}

/// Whether a file is one of LookML, by its path.
pub(crate) fn is_lookml(path: &str) -> bool {
    path.ends_with(".lkml") || path.ends_with(".lookml")
}

impl Loaded {
    /// Whether it reads our tables, wherever it says that these are: the built-in project, or what was made of it.
    pub(crate) fn is_ours(&self) -> bool {
        let mut files = self.project.files.values();
        self.folder.is_none() || files.any(|file| file.syntax.text.contains(OUR_TABLE))
    }

    /// For tables of a dataset, `project.dataset`. In quotes, since some projects are `example.com:name`.
    pub(crate) fn on_dataset(mut self, dataset: &str) -> Self {
        if self.is_ours() {
            let (project, dataset) = dataset.rsplit_once('.').unwrap_or_default();
            let constant = (DATASET.to_owned(), format!("`{project}`.{dataset}"));
            self.project = self.project.with_constants([constant]);
        }
        self
    }

    /// How tables are called in a DuckDB file: what our project calls its dataset is the main schema there.
    pub(crate) fn table_names(&self) -> TableNames {
        let dataset = self.project.constant(DATASET).filter(|_| self.is_ours());
        let schemas = dataset.map(|dataset| {
            // `project.dataset` is two names.
            let name = dataset.rsplit('.').next().unwrap_or(dataset);
            (name.trim_matches('`').to_owned(), SCHEMA.to_owned())
        });
        TableNames {
            schemas: schemas.into_iter().collect(),
        }
    }

    /// The model of an explore, by `model/explore` or by the explore alone where one model has it.
    pub(crate) fn model_of(&self, name: &str) -> Result<(Model, String)> {
        if let Some((model, explore)) = name.split_once('/') {
            return Ok((self.model(model)?, explore.to_owned()));
        }
        let mut models = self.models()?;
        let has = |model: &Model| model.explores.contains_key(name);
        let found = models.iter().filter(|model| has(model)).count();
        if found > 1 {
            let names = models.iter().filter(|model| has(model));
            let names: Vec<_> = names
                .map(|model| format!("{}/{name}", model.name))
                .collect();
            let message = format!("several models have an explore `{name}`");
            let hint = format!("name one of them: {}", names.join(", "));
            return Err(Advised::new(message, hint).into());
        }
        let at = models.iter().position(has);
        match at {
            Some(at) => Ok((models.swap_remove(at), name.to_owned())),
            None => Err(self.unknown(name, &models)),
        }
    }

    /// All models of the project; an error where there is none.
    pub(crate) fn models(&self) -> Result<Vec<Model>> {
        let (models, _) = self.project.models();
        let loaded = models
            .keys()
            .filter_map(|model| Model::load(&self.project, model).0);
        let loaded: Vec<Model> = loaded.collect();
        match loaded.is_empty() {
            true => {
                let message = format!("{} has no model file", self.place());
                let hint = "a project has a file that ends with `.model.lkml`";
                Err(Advised::new(message, hint).into())
            }
            false => Ok(loaded),
        }
    }

    /// The model of that name.
    pub(crate) fn model(&self, name: &str) -> Result<Model> {
        let mut models = self.models()?;
        if let Some(at) = models.iter().position(|model| model.name == name) {
            return Ok(models.swap_remove(at));
        }
        let names: Vec<_> = models.iter().map(|model| model.name.as_str()).collect();
        let message = format!("LK301: {} has no model `{name}`", self.place());
        let hint = format!("it has {}", names.join(", "));
        Err(Advised::new(message, hint).into())
    }

    /// The text of one of its files.
    pub(crate) fn text(&self, file: &str) -> &str {
        let file = self.project.files.get(file);
        file.map_or("", |file| file.syntax.text.as_str())
    }

    /// The line of a file that a place begins in, from 1.
    pub(crate) fn line(&self, file: &str, span: Span) -> usize {
        let text = self.text(file);
        Lines::of(text).position(text, span.start).0
    }

    /// One of its files as a person would name it.
    pub(crate) fn path(&self, file: &str) -> String {
        match &self.folder {
            Some(folder) => {
                let folder = folder.strip_prefix(".").unwrap_or(folder);
                let file = match file.strip_prefix("//") {
                    Some(imported) => format!("{IMPORTED}{imported}"),
                    None => file.to_owned(),
                };
                folder.join(file).display().to_string()
            }
            None => file.to_owned(),
        }
    }

    fn unknown(&self, name: &str, models: &[Model]) -> anyhow::Error {
        let names = models.iter().flat_map(|model| model.explores.keys());
        let names: Vec<&str> = names.map(String::as_str).collect();
        let message = format!("LK301: {} has no explore `{name}`", self.place());
        let hint = lookml::did_you_mean(name, names.iter().copied());
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
