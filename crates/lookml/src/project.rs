//! A project: its files, its constants, and which files a model includes.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, rules};
use crate::glob;
use crate::parser::parse;
use crate::syntax::{Item, Scalar, Syntax, Value};

/// How often a constant may be replaced by one that stands in it.
const DEPTH: usize = 5;
/// A text does not get longer than this by its constants.
const LONGEST: usize = 1 << 20;

/// The manifest's path in a project.
pub(crate) const MANIFEST: &str = "manifest.lkml";

/// The end of the name of a file of texts in a language.
const STRINGS: &str = ".strings.json";

/// Files and what the manifest says.
#[derive(Debug, Clone, PartialEq)]
pub struct Project {
    /// What the manifest calls it.
    pub name: Option<String>,
    /// Every file that is LookML, by its path: `views/orders.view.lkml`; of an imported project,
    /// `//other/views/orders.view.lkml`. Files of texts too: `en.strings.json`.
    pub files: BTreeMap<String, File>,
    /// Constants of each project, by its name; of this one, by an empty name.
    constants: BTreeMap<String, BTreeMap<String, String>>,
    /// What the manifest says of the language that is spoken where none is chosen.
    default_locale: Option<String>,
}

/// A file of a project.
#[derive(Debug, Clone, PartialEq)]
pub struct File {
    /// Its tree.
    pub syntax: Syntax,
    /// What is wrong with it by itself.
    pub diagnostics: Vec<Diagnostic>,
}

/// A problem, and the file that it is in.
#[derive(Debug, Clone, PartialEq)]
pub struct Located {
    /// Path of the file.
    pub file: String,
    /// The problem.
    pub diagnostic: Diagnostic,
}

/// The files of a model, in the order in which their objects count.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Included {
    /// Paths of files of LookML: those that a file includes come before it.
    pub files: Vec<String>,
    /// Paths of dashboards.
    pub dashboards: Vec<String>,
    /// Includes that match nothing, or that can't be followed.
    pub problems: Vec<Located>,
}

impl Project {
    /// From the texts of all files by their paths. The files of an imported project have its name before
    /// their paths: `//other/manifest.lkml`.
    pub fn new(texts: impl IntoIterator<Item = (String, String)>) -> Self {
        let file = |(path, text): (String, String)| {
            let (syntax, diagnostics) = match path.ends_with(".lkml") {
                true => parse(&text),
                // Dashboards are YAML.
                false => (Syntax::of(text), Vec::new()),
            };
            let file = File {
                syntax,
                diagnostics,
            };
            (path, file)
        };
        let files: BTreeMap<String, File> = texts.into_iter().map(file).collect();
        let mut project = Self {
            name: None,
            files,
            constants: BTreeMap::new(),
            default_locale: None,
        };
        project.read_manifests();
        project
    }

    /// The same with other values of its constants. Names that are none change nothing.
    #[must_use]
    pub fn with_constants(mut self, values: impl IntoIterator<Item = (String, String)>) -> Self {
        let own = self.constants.entry(String::new()).or_default();
        for (name, value) in values {
            if let Some(constant) = own.get_mut(&name) {
                *constant = value;
            }
        }
        self
    }

    /// The value of one of its constants, as it is declared.
    pub fn constant(&self, name: &str) -> Option<&str> {
        self.constants.get("")?.get(name).map(String::as_str)
    }

    /// The texts of the default language by their keys, from files such as `en.strings.json`.
    pub fn strings(&self) -> BTreeMap<String, String> {
        let locale = self.default_locale.as_deref().unwrap_or("en");
        let name = format!("{locale}{STRINGS}");
        let files = self.files.iter();
        let files = files.filter(|(path, _)| file_name(path) == name);
        let texts = files.filter_map(|(_, file)| serde_json::from_str(&file.syntax.text).ok());
        texts
            .flat_map(|texts: BTreeMap<String, String>| texts)
            .collect()
    }

    /// Names of the models, with the paths of their files. Of two files with one name, the later one is
    /// a problem.
    pub fn models(&self) -> (BTreeMap<String, String>, Vec<Located>) {
        let mut models: BTreeMap<String, String> = BTreeMap::new();
        let mut problems = Vec::new();
        for path in self.files.keys().filter(|path| !path.starts_with("//")) {
            let Some(name) = file_name(path).strip_suffix(".model.lkml") else {
                continue;
            };
            match models.get(name) {
                Some(other) => problems.push(Located {
                    file: path.clone(),
                    diagnostic: Diagnostic::new(
                        rules::DUPLICATE_MODEL,
                        Default::default(),
                        format!("model `{name}` is defined in `{other}` already"),
                    )
                    .hint("give one of the files another name"),
                }),
                None => {
                    models.insert(name.to_owned(), path.clone());
                }
            }
        }
        (models, problems)
    }

    /// The files that a model includes, and the file itself.
    pub fn include(&self, model: &str) -> Included {
        let mut included = Included::default();
        let mut seen: BTreeSet<String> = [model.to_owned()].into();
        // Files that are being read, with what of them is still to be followed.
        let mut open = vec![(model.to_owned(), self.includes(model, &mut included))];
        while let Some((path, left)) = open.last_mut() {
            match left.pop() {
                None => {
                    included.files.push(path.clone());
                    open.pop();
                }
                Some(next) if !seen.insert(next.clone()) => {}
                Some(next) if next.ends_with(".lookml") => included.dashboards.push(next),
                Some(next) => {
                    let includes = self.includes(&next, &mut included);
                    open.push((next, includes));
                }
            }
        }
        included
    }

    /// What the includes of a file match, the last first.
    fn includes(&self, path: &str, included: &mut Included) -> Vec<String> {
        let Some(file) = self.files.get(path) else {
            return Vec::new();
        };
        let mut matched = Vec::new();
        for item in &file.syntax.items {
            let Some(pattern) = scalar(item, "include", &file.syntax) else {
                continue;
            };
            let found = self.matched(path, &pattern.value(&file.syntax.text));
            let problem = match found {
                Ok(paths) if !paths.is_empty() => {
                    matched.extend(paths);
                    continue;
                }
                Ok(_) => Diagnostic::new(
                    rules::UNMATCHED_INCLUDE,
                    pattern.span,
                    "no file matches this include",
                )
                .hint("it is relative to this file's folder; a leading `/` is the project's root"),
                Err(diagnostic) => Diagnostic {
                    span: pattern.span,
                    ..diagnostic
                },
            };
            included.problems.push(Located {
                file: path.to_owned(),
                diagnostic: problem,
            });
        }
        matched.reverse();
        matched
    }

    /// Paths that a pattern in a file matches, sorted.
    fn matched(&self, from: &str, pattern: &str) -> Result<Vec<String>, Diagnostic> {
        let (project, from) = split_project(from);
        let (pattern, unknown) = self.replace_constants(project, pattern);
        if let Some(name) = unknown.first() {
            return Err(unknown_constant(name));
        }
        let (project, pattern) = match pattern
            .strip_prefix("//")
            .and_then(|rest| rest.split_once('/'))
        {
            Some((name, rest)) => (name.to_owned(), rest.to_owned()),
            None => (project.to_owned(), from_root(from, &pattern)?),
        };
        let prefix = prefix(&project);
        let files = self
            .files
            .keys()
            .filter_map(|path| path.strip_prefix(&prefix).map(|rest| (path, rest)));
        let files: Vec<(&String, &str)> =
            files.filter(|(_, rest)| !rest.starts_with("//")).collect();
        if !project.is_empty() && files.is_empty() {
            return Err(Diagnostic::new(
                rules::MISSING_PROJECT,
                Default::default(),
                format!("project `{project}` is not there"),
            )
            .hint(format!("put its files into `imported_projects/{project}/`")));
        }
        let patterns = completed(&pattern);
        let is_matched = |path: &str| patterns.iter().any(|pattern| glob::matches(pattern, path));
        let paths = files.into_iter().filter(|(_, rest)| is_matched(rest));
        Ok(paths.map(|(path, _)| path.clone()).collect())
    }

    /// A text with its constants replaced, and the names that are none. The text is one of a file of that
    /// project; an empty name is this one's.
    pub fn replace_constants<'a>(
        &self,
        project: &str,
        text: &'a str,
    ) -> (Cow<'a, str>, Vec<String>) {
        let mut text = Cow::Borrowed(text);
        let mut unknown = Vec::new();
        let none = BTreeMap::new();
        let constants = self.constants.get(project).unwrap_or(&none);
        for _ in 0..DEPTH {
            if !text.contains("@{") || text.len() > LONGEST {
                break;
            }
            unknown.clear();
            match replace(&text, constants, &mut unknown) {
                Some(replaced) => text = Cow::Owned(replaced),
                None => break,
            }
        }
        (text, unknown)
    }

    fn read_manifests(&mut self) {
        let manifests: Vec<String> = self
            .files
            .keys()
            .filter(|path| split_project(path).1 == MANIFEST)
            .cloned()
            .collect();
        let mut overridden = Vec::new();
        for path in manifests {
            let (project, _) = split_project(&path);
            let Some(file) = self.files.get(&path) else {
                continue;
            };
            let manifest = Manifest::read(&file.syntax);
            if project.is_empty() {
                self.name = manifest.name;
                self.default_locale = manifest.default_locale;
                overridden = manifest.overridden;
            }
            self.constants
                .insert(project.to_owned(), manifest.constants);
        }
        // What this project says of another's constants holds there.
        for (project, name, value) in overridden {
            self.constants
                .entry(project)
                .or_default()
                .insert(name, value);
        }
    }
}

/// What a manifest says that matters here.
#[derive(Default)]
struct Manifest {
    name: Option<String>,
    default_locale: Option<String>,
    constants: BTreeMap<String, String>,
    /// Project, constant, value.
    overridden: Vec<(String, String, String)>,
}

impl Manifest {
    fn read(syntax: &Syntax) -> Self {
        let mut manifest = Self::default();
        let text = &syntax.text;
        for item in &syntax.items {
            if let Some(name) = scalar(item, "project_name", syntax) {
                manifest.name = Some(name.value(text).into_owned());
            }
            let Value::Block(block) = &item.value else {
                continue;
            };
            match item.key.of(text) {
                "constant" => manifest
                    .constants
                    .extend(constant(block.name, &block.items, syntax)),
                "localization_settings" => {
                    let mut items = block.items.iter();
                    let locale = items.find_map(|item| scalar(item, "default_locale", syntax));
                    manifest.default_locale = locale.map(|locale| locale.value(text).into_owned());
                }
                "local_dependency" => {
                    let project = block
                        .items
                        .iter()
                        .find_map(|item| scalar(item, "project", syntax));
                    let Some(project) = project.map(|project| project.value(text).into_owned())
                    else {
                        continue;
                    };
                    for item in &block.items {
                        let Value::Block(block) = &item.value else {
                            continue;
                        };
                        if item.key.of(text) == "override_constant" {
                            let constant = constant(block.name, &block.items, syntax);
                            manifest.overridden.extend(
                                constant.map(|(name, value)| (project.clone(), name, value)),
                            );
                        }
                    }
                }
                _ => {}
            }
        }
        manifest
    }
}

fn constant(
    name: Option<crate::token::Span>,
    items: &[Item],
    syntax: &Syntax,
) -> Option<(String, String)> {
    let value = items
        .iter()
        .find_map(|item| scalar(item, "value", syntax))?;
    Some((
        name?.of(&syntax.text).to_owned(),
        value.value(&syntax.text).into_owned(),
    ))
}

/// The value of an item with that key.
fn scalar(item: &Item, key: &str, syntax: &Syntax) -> Option<Scalar> {
    match &item.value {
        Value::Scalar(scalar) if item.key.of(&syntax.text) == key => Some(*scalar),
        _ => None,
    }
}

/// Replaces each `@{NAME}` once; `None` where nothing changed.
fn replace(
    text: &str,
    constants: &BTreeMap<String, String>,
    unknown: &mut Vec<String>,
) -> Option<String> {
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    let mut is_changed = false;
    while let Some((before, after)) = rest.split_once("@{") {
        replaced.push_str(before);
        let Some((name, behind)) = after.split_once('}') else {
            replaced.push_str("@{");
            rest = after;
            continue;
        };
        match constants.get(name.trim()) {
            Some(value) => {
                replaced.push_str(value);
                is_changed = true;
            }
            None => {
                unknown.push(name.trim().to_owned());
                replaced.push_str("@{");
                replaced.push_str(name);
                replaced.push('}');
            }
        }
        rest = behind;
        if replaced.len() > LONGEST {
            break;
        }
    }
    replaced.push_str(rest);
    is_changed.then_some(replaced)
}

/// That a constant is none.
pub(crate) fn unknown_constant(name: &str) -> Diagnostic {
    let message = format!("no constant `{name}`");
    let hint = format!("write `constant: {name} {{ value: \"…\" }}` in {MANIFEST}");
    Diagnostic::new(rules::UNKNOWN_CONSTANT, Default::default(), message).hint(hint)
}

/// The name of an imported project, or nothing, and the path in it.
pub(crate) fn split_project(path: &str) -> (&str, &str) {
    let imported = path
        .strip_prefix("//")
        .and_then(|rest| rest.split_once('/'));
    imported.unwrap_or(("", path))
}

fn prefix(project: &str) -> String {
    match project {
        "" => String::new(),
        name => format!("//{name}/"),
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// A pattern in a file as one from the project's root.
fn from_root(from: &str, pattern: &str) -> Result<String, Diagnostic> {
    if let Some(pattern) = pattern.strip_prefix('/') {
        return Ok(pattern.to_owned());
    }
    let mut segments: Vec<&str> = from.split('/').collect();
    segments.pop();
    for segment in pattern.split('/') {
        match segment {
            "." => {}
            ".." => {
                segments.pop().ok_or_else(|| {
                    Diagnostic::new(
                        rules::UNMATCHED_INCLUDE,
                        Default::default(),
                        "this include leaves the project",
                    )
                    .hint("`//name/…` is an imported project")
                })?;
            }
            segment => segments.push(segment),
        }
    }
    Ok(segments.join("/"))
}

/// The pattern with the ending that it may lack.
fn completed(pattern: &str) -> Vec<String> {
    let name = file_name(pattern);
    if name.ends_with(".lkml") || name.ends_with(".lookml") || name.ends_with(".json") {
        vec![pattern.to_owned()]
    } else if name.ends_with(".dashboard") {
        vec![format!("{pattern}.lookml")]
    } else if name.ends_with('*') {
        vec![
            format!("{pattern}.lkml"),
            format!("{pattern}.dashboard.lookml"),
        ]
    } else {
        vec![format!("{pattern}.lkml")]
    }
}
