//! `lookml write`: the built-in project in a folder, for Looker.

use std::collections::BTreeMap;
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use anyhow::{Context as _, Result};
use lookml::{Item, Project, Span, Value};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::super::{Context, Outcome};
use crate::cli::WriteArgs;
use crate::error::Advised;
use crate::model;
use crate::output::{counted, persist};

/// Where it is kept what was written: by that a later version knows which files a person changed.
const RECORD: &str = ".peloton-looker.json";
const MANIFEST: &str = "manifest.lkml";
/// The folder of a person's own files.
const CUSTOM: &str = "custom/";
/// Files that are named where there are many.
const NAMED: usize = 10;

pub(crate) fn run(mut args: WriteArgs, context: &Context) -> Result<Outcome> {
    let connection = args.connection.take();
    args.connection = connection.or_else(|| context.config.settings.model.connection.clone());
    let folder = Folder::open(&args.folder)?;
    let plan = folder.plan(&args)?;
    let refused = plan.with(Step::Refuse);
    if !refused.is_empty() && !args.force {
        return Err(refusal(&args.folder, &refused));
    }
    folder.carry_out(&plan)?;
    print(&plan, &args)?;
    Ok(Outcome::Complete)
}

/// What is done with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// It is not there yet.
    Create,
    /// It is as it was written, by an earlier version or with other constants.
    Update,
    /// It is what it should be.
    Leave,
    /// A person's own.
    Keep,
    /// Changed by hand, or somebody else's.
    Refuse,
    /// Of an earlier version, and no longer part of the project.
    Remove,
}

/// The files by their paths: what is done, and the text that they get.
struct Plan(BTreeMap<String, (Step, String)>);

impl Plan {
    fn with(&self, step: Step) -> Vec<&str> {
        let files = self.0.iter().filter(|(_, (other, _))| *other == step);
        files.map(|(path, _)| path.as_str()).collect()
    }
}

/// The digests of the files that were written, by path.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Record {
    files: BTreeMap<String, String>,
}

/// Where the project is written.
struct Folder<'a> {
    path: &'a Path,
    record: Record,
    /// Whether there was a folder for a person's own files.
    has_custom: bool,
}

impl<'a> Folder<'a> {
    fn open(path: &'a Path) -> Result<Self> {
        if path.exists() && !path.is_dir() {
            let message = format!("`{}` is no folder", path.display());
            return Err(Advised::new(message, "name a folder for the project").into());
        }
        let record = match read(&path.join(RECORD))? {
            // One that can't be read is made anew; until then every file counts as changed.
            Some(text) => serde_json::from_str(&text).unwrap_or_default(),
            None => Record::default(),
        };
        Ok(Self {
            path,
            record,
            has_custom: path.join(CUSTOM).exists(),
        })
    }

    fn plan(&self, args: &WriteArgs) -> Result<Plan> {
        let mut plan = BTreeMap::new();
        for (path, text) in model::built_in() {
            let there = read(&self.path.join(&path))?;
            let text = match path.as_str() {
                MANIFEST => manifest(text, there.as_deref(), args),
                _ => text.to_owned(),
            };
            let step = self.step(&path, &text, there.as_deref());
            plan.insert(path, (step, text));
        }
        for (path, digest) in &self.record.files {
            if plan.contains_key(path) {
                continue;
            }
            let there = read(&self.path.join(path))?;
            let is_ours = there.is_some_and(|text| digest_of(path, &text) == *digest);
            if is_ours {
                plan.insert(path.clone(), (Step::Remove, String::new()));
            }
        }
        Ok(Plan(plan))
    }

    fn step(&self, path: &str, text: &str, there: Option<&str>) -> Step {
        if path.starts_with(CUSTOM) && self.has_custom {
            return Step::Keep;
        }
        let Some(there) = there else {
            return Step::Create;
        };
        if unix(there) == text {
            return Step::Leave;
        }
        let written = self.record.files.get(path);
        match written == Some(&digest_of(path, there)) {
            true => Step::Update,
            // Nothing depends on a page of text.
            false if !model::is_lookml(path) => Step::Keep,
            false => Step::Refuse,
        }
    }

    fn carry_out(&self, plan: &Plan) -> Result<()> {
        let mut record = Record::default();
        for (path, (step, text)) in &plan.0 {
            match step {
                Step::Create | Step::Update | Step::Refuse => self.write(path, text)?,
                Step::Remove => self.remove(path)?,
                Step::Leave | Step::Keep => {}
            }
            let is_ours = !matches!(step, Step::Keep | Step::Remove);
            if is_ours && !path.starts_with(CUSTOM) {
                record.files.insert(path.clone(), digest_of(path, text));
            }
        }
        let record = serde_json::to_string_pretty(&record)?;
        self.write(RECORD, &format!("{record}\n"))
    }

    /// Written beside and renamed.
    fn write(&self, path: &str, text: &str) -> Result<()> {
        let path = self.path.join(path);
        let doing = || format!("write `{}`", path.display());
        let folder = path.parent().unwrap_or(self.path);
        std::fs::create_dir_all(folder).with_context(doing)?;
        let mut file = tempfile::NamedTempFile::new_in(folder).with_context(doing)?;
        file.write_all(text.as_bytes()).with_context(doing)?;
        persist(file, &path).with_context(doing)
    }

    fn remove(&self, path: &str) -> Result<()> {
        let path = self.path.join(path);
        std::fs::remove_file(&path).with_context(|| format!("remove `{}`", path.display()))
    }
}

/// The text of a file, if it is there.
fn read(path: &Path) -> Result<Option<String>> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("read `{}`", path.display())),
    }
}

/// Line ends as we write them: Git may have given a file others.
fn unix(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// By which a file is known again. What the manifest's constants are is no change by hand.
fn digest_of(path: &str, text: &str) -> String {
    let text = match path {
        MANIFEST => with_constants(&unix(text), |_| Some(String::new())),
        _ => unix(text),
    };
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The manifest with the constants that were given, or else those of the one that is there.
fn manifest(text: &str, there: Option<&str>, args: &WriteArgs) -> String {
    let there = there.map(|text| (MANIFEST.to_owned(), text.to_owned()));
    let there = Project::new(there);
    with_constants(text, |name| {
        let given = match name {
            "CONNECTION" => args.connection.clone(),
            "DATASET" => args.dataset.clone(),
            _ => None,
        };
        given.or_else(|| there.constant(name).map(str::to_owned))
    })
}

/// The manifest with other values of its constants; all else stays byte for byte.
fn with_constants(text: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let (syntax, _) = lookml::parse(text);
    let mut changed = text.to_owned();
    // From the last to the first: what is before stays where it is.
    for item in syntax.items.iter().rev() {
        let Some((name, span)) = constant(item, text) else {
            continue;
        };
        if let Some(value) = value(name) {
            let value = value.replace('"', "\\\"");
            changed.replace_range(span.range(), &format!("\"{value}\""));
        }
    }
    changed
}

/// The name of a constant, and where its value stands.
fn constant<'a>(item: &Item, text: &'a str) -> Option<(&'a str, Span)> {
    let Value::Block(block) = &item.value else {
        return None;
    };
    if item.key.of(text) != "constant" {
        return None;
    }
    let mut values = block
        .items
        .iter()
        .filter(|item| item.key.of(text) == "value");
    match values.next()?.value {
        Value::Scalar(scalar) => Some((block.name?.of(text), scalar.span)),
        _ => None,
    }
}

fn refusal(folder: &Path, refused: &[&str]) -> anyhow::Error {
    let mut names: Vec<&str> = refused.iter().take(NAMED).copied().collect();
    if refused.len() > NAMED {
        names.push("…");
    }
    let (files, were) = match refused.len() {
        1 => ("a file is".to_owned(), "was"),
        count => (format!("{} are", counted(count as u64, "file")), "were"),
    };
    let message = format!(
        "nothing was written: {files} there in `{}` that this program did not write, or that {were} changed since: {}",
        folder.display(),
        names.join(", ")
    );
    let hint = "put your changes into custom/ as refinements, then run it with --force; or name another folder";
    Advised::new(message, hint).into()
}

fn print(plan: &Plan, args: &WriteArgs) -> Result<()> {
    let mut out = std::io::stdout().lock();
    let folder = args.folder.display();
    let verbs = [
        (Step::Create, "new"),
        (Step::Update, "updated"),
        (Step::Refuse, "replaced"),
        (Step::Remove, "removed"),
        (Step::Keep, "kept"),
    ];
    let mut parts = Vec::new();
    for (step, verb) in verbs {
        let files = plan.with(step);
        for file in &files {
            writeln!(out, "{verb:8}  {file}")?;
        }
        if !files.is_empty() {
            parts.push(format!("{} {verb}", files.len()));
        }
    }
    let left = plan.with(Step::Leave).len();
    if left > 0 {
        parts.push(format!("{left} as they were"));
    }
    writeln!(
        out,
        "{} in {folder}: {}",
        counted(plan.0.len() as u64, "file"),
        parts.join(", ")
    )?;
    Ok(())
}
