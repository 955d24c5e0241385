//! The terminal: what it can show, and the lines that are talk rather than data.

use std::borrow::Cow;
use std::io::{IsTerminal, Write};

use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table, presets};

use crate::cli::{ColorWhen, Global};

/// What the terminal can do and how much should be said.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terminal {
    pub(crate) talk: Talk,
    pub(crate) has_progress: bool,
    pub(crate) color_out: bool,
    pub(crate) color_err: bool,
    /// The profile, where it is not the one that a command without `--profile` has.
    pub(crate) profile: Option<&'static str>,
}

/// How much is said on stderr.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Talk {
    Quiet,
    Normal,
    Verbose,
    Trace,
}

impl Terminal {
    /// For the profile that the command works on.
    pub(crate) fn new(global: &Global, profile: &str) -> Self {
        let talk = match (global.quiet, global.verbose) {
            (true, _) => Talk::Quiet,
            (_, 0) => Talk::Normal,
            (_, 1) => Talk::Verbose,
            _ => Talk::Trace,
        };
        let wants_color = |is_terminal: bool| match global.color {
            ColorWhen::Always => true,
            ColorWhen::Never => false,
            ColorWhen::Auto => is_terminal && crate::config::variable("NO_COLOR").is_none(),
        };
        Self {
            talk,
            has_progress: !global.no_progress && talk != Talk::Quiet,
            color_out: wants_color(std::io::stdout().is_terminal()),
            color_err: wants_color(std::io::stderr().is_terminal()),
            // There is one in the life of the program.
            profile: (profile != "default").then(|| &*profile.to_owned().leak()),
        }
    }

    /// A text whose commands, `` `peloton-looker …` ``, are meant for this profile. `demo` finds its own.
    pub(crate) fn addressed<'a>(&self, text: &'a str) -> Cow<'a, str> {
        const COMMAND: &str = "`peloton-looker ";
        let Some(profile) = self.profile.filter(|_| text.contains(COMMAND)) else {
            return text.into();
        };
        let mut pieces = text.split(COMMAND);
        let mut addressed = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            addressed.push_str(COMMAND);
            let (command, rest) = piece.split_once('`').unwrap_or((piece, ""));
            addressed.push_str(command);
            if !command.starts_with("demo") && !command.contains("--profile") {
                addressed.push_str(&format!(" --profile {profile}"));
            }
            if command.len() < piece.len() {
                addressed.push('`');
            }
            addressed.push_str(rest);
        }
        addressed.into()
    }

    /// A line of talk. A closed stderr is nobody's problem.
    pub(crate) fn say(&self, line: &str) {
        if self.talk >= Talk::Normal {
            let _ = writeln!(std::io::stderr(), "{}", printable(&self.addressed(line)));
        }
    }

    /// What a person should look at, but that stops nothing.
    pub(crate) fn warn(&self, line: &str) {
        if self.talk == Talk::Quiet {
            return;
        }
        let label = if self.color_err {
            "\x1b[33mwarning\x1b[0m"
        } else {
            "warning"
        };
        let line = self.addressed(line);
        let _ = writeln!(std::io::stderr(), "{label}: {}", printable(&line));
    }
}

/// What a person types to start this program: its name where the shell found it by that, else its path.
pub(crate) fn program() -> String {
    const NAME: &str = "peloton-looker";
    let typed = std::env::args_os().next().map(std::path::PathBuf::from);
    let Some(path) = typed.filter(|path| path.components().count() > 1) else {
        return NAME.into();
    };
    let here = std::env::current_dir().unwrap_or_default();
    let path = path
        .strip_prefix(here)
        .unwrap_or(&path)
        .display()
        .to_string();
    match path.contains(char::is_whitespace) {
        true => format!("'{path}'"),
        false => path,
    }
}

/// Whether the locale promises UTF-8: else frames are ASCII.
pub(crate) fn is_utf8() -> bool {
    ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .find_map(|name| crate::config::variable(name))
        .is_none_or(|locale| {
            let locale = locale.to_ascii_lowercase();
            locale.contains("utf-8") || locale.contains("utf8")
        })
}

/// An aligned table; numbers to the right. On a terminal that is too narrow for its columns the rows
/// are printed one below the other, a line a cell. Without a row it says so below the header.
pub(crate) fn plain_table(names: &[&str], numeric: &[bool], rows: Vec<Vec<String>>) -> String {
    let ending = if rows.is_empty() { "\n0 rows" } else { "" };
    let width = std::io::stdout()
        .is_terminal()
        .then(|| Table::new().width())
        .flatten();
    fitted(names, numeric, rows, width) + ending
}

/// Cells up to this wide are never broken into lines.
const UNBROKEN: usize = 12;
/// Wider ones are broken into lines, down to this width.
const NARROWEST: usize = 8;

fn fitted(names: &[&str], numeric: &[bool], rows: Vec<Vec<String>>, width: Option<u16>) -> String {
    let rows: Vec<Vec<String>> = rows
        .into_iter()
        .map(|row| row.iter().map(|cell| printable(cell).into()).collect())
        .collect();
    let widest = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        let cells = cells.map(|cell| cell.chars().count());
        cells
            .chain([names[column].chars().count()])
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..names.len()).map(widest).collect();
    // A frame and a blank on both sides of each cell.
    let least = |width: &usize| {
        if *width <= UNBROKEN {
            *width
        } else {
            NARROWEST
        }
    };
    let least = 1 + widths.iter().map(|width| least(width) + 3).sum::<usize>();
    if width.is_some_and(|width| usize::from(width) < least) {
        return records(names, &rows);
    }
    let mut table = Table::new();
    table.load_preset(if is_utf8() {
        presets::UTF8_FULL_CONDENSED
    } else {
        presets::ASCII_FULL_CONDENSED
    });
    table.set_header(names.to_vec());
    if let Some(width) = width {
        table.set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(width);
    }
    table.add_rows(rows);
    for ((column, is_number), width) in table.column_iter_mut().zip(numeric).zip(widths) {
        if *is_number {
            column.set_cell_alignment(CellAlignment::Right);
        }
        if width <= UNBROKEN {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    table.to_string()
}

fn records(names: &[&str], rows: &[Vec<String>]) -> String {
    let width = names.iter().map(|name| name.chars().count()).max();
    let width = width.unwrap_or(0);
    let mut text = String::new();
    for (number, row) in (1..).zip(rows) {
        text.push_str(&format!("-- row {number} --\n"));
        for (name, cell) in names.iter().zip(row) {
            text.push_str(&format!("{name:width$}  {cell}\n"));
        }
    }
    text.truncate(text.trim_end().len());
    text
}

/// Control characters in what others have written must not steer the terminal.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    let steers = |c: char| c.is_control() && c != '\n';
    if !text.contains(steers) {
        return text.into();
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match steers(c) {
            true => escaped.extend(c.escape_default()),
            false => escaped.push(c),
        }
    }
    escaped.into()
}

/// A text of others in one line that is not too long.
pub(crate) fn excerpt(text: &str, longest: usize) -> String {
    let mut line: String = text.chars().take(longest).collect();
    if line.len() < text.len() {
        line.push('…');
    }
    printable(&line).replace('\n', "\\n")
}

/// A number with what it counts, as in `1 class` and `1,234 classes`.
pub(crate) fn counted(number: u64, noun: &str) -> String {
    let ending = match number {
        1 => "",
        _ if noun.ends_with('s') => "es",
        _ => "s",
    };
    format!("{} {noun}{ending}", thousands(number))
}

/// Bytes in MB with a decimal, or in kB where they are few.
pub(crate) fn megabytes(bytes: u64) -> String {
    match bytes {
        0..100_000 => format!("{} kB", thousands(bytes.div_ceil(1_000))),
        _ => {
            let tenths = bytes.div_ceil(100_000);
            format!("{}.{} MB", thousands(tenths / 10), tenths % 10)
        }
    }
}

/// 1234567 as 1,234,567.
pub(crate) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_dates_are_never_broken() {
        let row = [
            "a name that is long enough to be broken",
            "2026-11-24",
            "1,234,567",
        ];
        let rows = vec![row.map(str::to_owned).to_vec()];
        let names = ["member", "newest", "seconds"];
        let table = fitted(&names, &[false, false, true], rows, Some(50));
        assert!(
            table.contains("2026-11-24") && table.contains("1,234,567"),
            "{table}"
        );
        assert!(
            table.lines().all(|line| line.chars().count() <= 50),
            "{table}"
        );
    }

    #[test]
    fn what_is_too_wide_is_one_line_a_cell() {
        let names: Vec<String> = (0..20).map(|n| format!("column_{n}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let rows = vec![vec!["value".to_owned(); 20]; 2];
        let text = fitted(&names, &[false; 20], rows.clone(), Some(80));
        assert_eq!(text.lines().count(), 42);
        assert!(
            text.starts_with("-- row 1 --\ncolumn_0   value\n"),
            "{text}"
        );
        // Not a terminal: a program may read it.
        assert!(!fitted(&names, &[false; 20], rows, None).contains("-- row"));
    }

    #[test]
    fn what_others_wrote_steers_no_terminal() {
        assert_eq!(printable("a\x1b[2Jb\nc\u{9b}"), "a\\u{1b}[2Jb\nc\\u{9b}");
        assert_eq!(excerpt("two\nlines\t", 20), "two\\nlines\\t");
        assert_eq!(excerpt("ünder", 5), "ünder");
        assert_eq!(excerpt("over it", 4), "over…");
    }

    #[test]
    fn what_is_counted_is_named_as_people_do() {
        assert_eq!(counted(0, "workout"), "0 workouts");
        assert_eq!(counted(1, "class"), "1 class");
        assert_eq!(counted(1_234, "class"), "1,234 classes");
    }
}
