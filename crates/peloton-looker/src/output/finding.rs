//! Findings in a file, the way rustc shows them: what it is, where, the line with what is meant underlined.

use std::fmt::Write as _;

use lookml::{Lines, Severity, Span};

use super::terminal::{excerpt, printable};

/// How wide a line of a file may be before only the part around the place is shown.
const WIDEST: usize = 100;
/// What is shown of such a line before the place.
const BEFORE: usize = 30;

/// Something found in a file.
#[derive(Debug)]
pub(crate) struct Finding<'a> {
    pub(crate) severity: Severity,
    pub(crate) code: Option<&'a str>,
    pub(crate) message: &'a str,
    /// The file as a person would name it.
    pub(crate) path: &'a str,
    /// What is in it.
    pub(crate) text: &'a str,
    /// The characters that are meant; none where it is the file.
    pub(crate) span: Span,
    /// What belongs to it, a line each: `hint: did you mean …`.
    pub(crate) notes: Vec<String>,
}

impl Finding<'_> {
    pub(crate) fn render(&self, has_color: bool) -> String {
        let paint = Paint(has_color);
        let severity = color(self.severity);
        let code = self.code.map(|code| format!("[{code}]"));
        let kind = format!("{}{}", self.severity, code.unwrap_or_default());
        let lines = Lines::of(self.text);
        let (number, column) = lines.position(self.text, self.span.start);
        let message = excerpt(self.message, usize::MAX);
        let gutter = number.to_string().len();
        let bar = paint.with("1;34", "|");
        let mut shown = format!("{}: {message}\n", paint.with(severity, &kind));
        let arrow = paint.with("1;34", "-->");
        let _ = writeln!(
            shown,
            "{:gutter$}{arrow} {}:{number}:{column}",
            "",
            printable(self.path)
        );
        if !self.span.is_empty() {
            let (line, before, length) = self.line(number, column);
            let number = paint.with("1;34", &number.to_string());
            let carets = paint.with(severity, &"^".repeat(length));
            let _ = writeln!(shown, "{:gutter$} {bar}", "");
            let _ = writeln!(shown, "{number} {bar} {line}");
            let _ = writeln!(shown, "{:gutter$} {bar} {:before$}{carets}", "", "");
        }
        let equals = paint.with("1;34", "=");
        for note in &self.notes {
            let note = excerpt(note, usize::MAX);
            let _ = writeln!(shown, "{:gutter$} {equals} {note}", "");
        }
        shown
    }

    /// The line that the place begins in, how much of it stands before the place, and how long that is.
    fn line(&self, number: usize, column: usize) -> (String, usize, usize) {
        let line = self.text.split('\n').nth(number - 1).unwrap_or_default();
        let line = line.trim_end().trim_start_matches('\u{feff}');
        let meant = self
            .span
            .of(self.text)
            .split('\n')
            .next()
            .unwrap_or_default();
        let split = line.char_indices().nth(column - 1);
        let before = &line[..split.map_or(line.len(), |(at, _)| at)];
        let letters: Vec<char> = visible(line).collect();
        let at = visible(before).count();
        let first = match letters.len() > WIDEST {
            true => at.saturating_sub(BEFORE),
            false => 0,
        };
        let last = letters.len().min(first + WIDEST);
        let length = visible(meant.trim_end())
            .count()
            .min(last.saturating_sub(at));
        let cut = |is_cut: bool| if is_cut { "..." } else { "" };
        let (start, end) = (cut(first > 0), cut(last < letters.len()));
        let shown: String = letters[first..last].iter().collect();
        let shown = format!("{start}{shown}{end}");
        (shown, start.len() + at - first, length.max(1))
    }
}

/// A line as it is shown: a tab as four spaces, so that the marks below stand where they should.
fn visible(line: &str) -> impl Iterator<Item = char> {
    line.chars().flat_map(|letter| match letter {
        '\t' => std::iter::repeat_n(' ', 4),
        letter if letter.is_control() => std::iter::repeat_n(' ', 1),
        letter => std::iter::repeat_n(letter, 1),
    })
}

fn color(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "1;31",
        Severity::Warning => "1;33",
        Severity::Info => "1;36",
    }
}

/// Colours, where there are any.
struct Paint(bool);

impl Paint {
    fn with(&self, color: &str, text: &str) -> String {
        match self.0 {
            true => format!("\x1b[{color}m{text}\x1b[0m"),
            false => text.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, meant: &str) -> String {
        let start = text.find(meant).unwrap();
        let finding = Finding {
            severity: Severity::Warning,
            code: Some("LK999"),
            message: "something is odd",
            path: "views/a.view.lkml",
            text,
            span: Span::new(start, start + meant.len()),
            notes: vec!["hint: mend it".to_owned()],
        };
        finding.render(false)
    }

    #[test]
    fn the_place_is_underlined() {
        let text = "view: a {\n\tsql: ${nope} ;;\n}\n";
        let expected = "\
warning[LK999]: something is odd
 --> views/a.view.lkml:2:7
  |
2 |     sql: ${nope} ;;
  |          ^^^^^^^
  = hint: mend it
";
        assert_eq!(shown(text, "${nope}"), expected);
    }

    #[test]
    fn of_several_lines_the_first_is_shown() {
        let shown = shown("view: a {\r\n}\r\n", "view: a {\r\n}");
        assert!(shown.contains("1 | view: a {\n  | ^^^^^^^^^\n"), "{shown}");
    }

    #[test]
    fn of_a_long_line_the_part_around_the_place_is_shown() {
        let text = format!("{}${{nope}}{}", "a".repeat(500), "b".repeat(500));
        let shown = shown(&text, "${nope}");
        let lines: Vec<&str> = shown.lines().collect();
        let start = format!("1 | ...{}${{nope}}bbb", "a".repeat(30));
        assert!(
            lines[3].starts_with(&start) && lines[3].ends_with("bbb..."),
            "{shown}"
        );
        assert_eq!(lines[4], format!("  | {}^^^^^^^", " ".repeat(33)));
        assert!(lines.iter().all(|line| line.len() <= 110), "{shown}");
    }

    #[test]
    fn what_is_in_a_file_steers_no_terminal() {
        let shown = shown("# \x1b[2J ${nope}\n", "${nope}");
        assert!(
            shown.contains("1 | #  [2J ${nope}\n  |        ^^^^^^^\n"),
            "{shown}"
        );
    }
}
