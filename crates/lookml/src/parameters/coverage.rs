//! The page that says what is supported.

use std::fmt::{self, Write};

use super::{Kind, Level, Need, Parameter, Types, kinds};

/// What of LookML is supported, as Markdown: every parameter, what is promised and what is reached.
pub fn coverage() -> String {
    let mut page = String::new();
    // Writing to a text can't fail.
    let _ = write_page(&mut page);
    page
}

fn write_page(page: &mut String) -> fmt::Result {
    page.push_str(INTRODUCTION);
    for level in Level::ALL {
        writeln!(page, "| {level} | {} |", level.meaning())?;
    }
    let kinds = kinds();
    write_summary(page, &kinds)?;
    kinds.iter().try_for_each(|kind| write_kind(page, kind))
}

const INTRODUCTION: &str = "\
# Coverage of LookML

Made from the table in `src/parameters/` by the tests (`UPDATE_DOCS=1`). Promised is what the specification says,
reached is what this crate does.

| level | a parameter of that level |
|---|---|
";

/// How many parameters and types reach their level.
fn write_summary(page: &mut String, kinds: &[&'static Kind]) -> fmt::Result {
    let parameters = kinds.iter().flat_map(|kind| kind.parameters());
    let parameters: Vec<_> = parameters.map(|row| (row.promised, row.reached)).collect();
    let types = kinds.iter().flat_map(|kind| kind.types);
    let types: Vec<_> = types.map(|row| (row.promised, row.reached)).collect();
    page.push_str("\n| promised | parameters | reached | types of fields | reached |\n");
    page.push_str("|---|---|---|---|---|\n");
    for level in Level::ALL {
        let (parameters, parameters_reached) = counted(&parameters, *level);
        let (types, types_reached) = counted(&types, *level);
        writeln!(
            page,
            "| {level} | {parameters} | {parameters_reached} | {types} | {types_reached} |"
        )?;
    }
    Ok(())
}

fn counted(rows: &[(Level, Level)], level: Level) -> (usize, usize) {
    let promised = rows.iter().filter(|(promised, _)| *promised == level);
    let reached = promised.clone().filter(|(_, reached)| *reached == level);
    (promised.count(), reached.count())
}

fn write_kind(page: &mut String, kind: &'static Kind) -> fmt::Result {
    writeln!(page, "\n## {}\n", kind.name)?;
    page.push_str("| parameter | value | promised | reached | |\n|---|---|---|---|---|\n");
    for parameter in kind.parameters() {
        let Parameter {
            key,
            shape,
            promised,
            reached,
            ..
        } = parameter;
        let notes = notes(parameter);
        writeln!(
            page,
            "| `{key}` | {shape} | {promised} | {reached} | {notes} |"
        )?;
    }
    if !kind.is_field() {
        return Ok(());
    }
    page.push_str("\n| type | promised | reached |\n|---|---|---|\n");
    for row in kind.types {
        let name = spelled(row.name);
        writeln!(page, "| {name} | {} | {} |", row.promised, row.reached)?;
    }
    Ok(())
}

/// How often it stands, where it means something, where it has to be.
fn notes(parameter: &Parameter) -> String {
    let mut notes = Vec::new();
    if parameter.repeats {
        notes.push("repeats".to_owned());
    }
    match parameter.types {
        Types::All => {}
        Types::Only(types) => notes.push(format!("only for {}", listed(types))),
        Types::Except(types) => notes.push(format!("not for {}", listed(types))),
        Types::IgnoredFor(types) => notes.push(format!("ignored for {}", listed(types))),
        Types::IgnoredUnless(types) => {
            notes.push(format!("ignored for others than {}", listed(types)));
        }
    }
    match parameter.need {
        Need::Optional => {}
        Need::Required => notes.push("required".to_owned()),
        Need::RequiredFor(_) => notes.push("required there".to_owned()),
        Need::RequiredOrExpectedFor { required, expected } => {
            notes.push(format!("required for {}", listed(required)));
            notes.push(format!("expected for {}", listed(expected)));
        }
    }
    notes.join("; ")
}

fn listed(types: &[&str]) -> String {
    let types: Vec<_> = types.iter().map(|name| spelled(name)).collect();
    types.join(", ")
}

/// A star is what it stands for.
fn spelled(name: &str) -> String {
    let name = name.replace("date_*", "date_<timeframe>");
    format!("`{}`", name.replace("duration_*", "duration_<interval>"))
}
