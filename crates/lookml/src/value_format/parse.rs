//! Text to sections.
//!
//! First the text is cut into pieces, whatever section they are in. Then each section is one of numbers, where a
//! comma and a point have a meaning, or one of dates and durations, where they are text.

use super::{
    Body, Comparison, Condition, FormatError, Section, TEXT_SECTION,
    moment::{MomentFormat, MomentPart},
    number::{Exponent, NumberFormat, Part, Placeholder},
};
use crate::token::Span;

/// The sections of a format.
pub(super) fn sections(text: &str) -> Result<Vec<Section>, FormatError> {
    let pieces = pieces(text)?;
    let sections = pieces.split(|piece| piece.kind == Kind::Semicolon);
    let mut semicolons = pieces.iter().filter(|piece| piece.kind == Kind::Semicolon);
    if let Some(surplus) = semicolons.nth(TEXT_SECTION) {
        return Err(error(surplus.span, "a format has at most four sections"));
    }
    sections.map(section).collect()
}

#[derive(Debug, Clone, PartialEq)]
struct Piece {
    kind: Kind,
    span: Span,
}

#[derive(Debug, Clone, PartialEq)]
enum Kind {
    Literal(String),
    Digit(Placeholder),
    Point,
    Comma,
    Percent,
    Exponent(Exponent),
    /// A run of one of the letters of dates.
    Date {
        letter: char,
        width: usize,
    },
    /// `[h]`
    Elapsed {
        letter: char,
        width: usize,
    },
    HalfDay {
        letters: usize,
    },
    /// `General`
    General,
    At,
    Condition(Condition),
    Semicolon,
}

fn error(span: Span, message: impl Into<String>) -> FormatError {
    FormatError {
        span,
        message: message.into(),
    }
}

fn pieces(text: &str) -> Result<Vec<Piece>, FormatError> {
    let mut lexer = Lexer {
        text,
        at: 0,
        digit_seen: false,
    };
    let mut pieces = Vec::new();
    while let Some(first) = lexer.rest().chars().next() {
        let start = lexer.at;
        let kind = lexer.piece(first)?;
        let span = Span::new(start, lexer.at);
        pieces.extend(kind.map(|kind| Piece { kind, span }));
    }
    Ok(pieces)
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    /// Whether a digit code came in this section: only then `E+` is an exponent.
    digit_seen: bool,
}

impl Lexer<'_> {
    /// Nothing is what has no meaning: a colour, padding.
    fn piece(&mut self, first: char) -> Result<Option<Kind>, FormatError> {
        let kind = match first {
            '0' => self.digit(Placeholder::Zero),
            '#' => self.digit(Placeholder::Nothing),
            '?' => self.digit(Placeholder::Space),
            '.' => self.one(first, Kind::Point),
            ',' => self.one(first, Kind::Comma),
            '%' => self.one(first, Kind::Percent),
            '@' => self.one(first, Kind::At),
            ';' => {
                self.digit_seen = false;
                self.one(first, Kind::Semicolon)
            }
            '\\' => Kind::Literal(self.escaped("nothing after the backslash")?.into()),
            '_' | '*' => {
                self.escaped("nothing to pad with")?;
                return Ok(None);
            }
            '"' => self.quoted()?,
            '[' => return self.bracket(),
            _ => self.letter(first),
        };
        Ok(Some(kind))
    }

    fn digit(&mut self, placeholder: Placeholder) -> Kind {
        self.digit_seen = true;
        self.at += 1;
        Kind::Digit(placeholder)
    }

    fn one(&mut self, first: char, kind: Kind) -> Kind {
        self.at += first.len_utf8();
        kind
    }

    /// The character after this one.
    fn escaped(&mut self, message: &str) -> Result<char, FormatError> {
        let escaped = self.rest().chars().nth(1);
        let Some(escaped) = escaped else {
            return Err(error(Span::new(self.at, self.text.len()), message));
        };
        self.at += 1 + escaped.len_utf8();
        Ok(escaped)
    }

    fn quoted(&mut self) -> Result<Kind, FormatError> {
        let quoted = self.rest().get(1..).unwrap_or_default();
        let Some((literal, _)) = quoted.split_once('"') else {
            let span = Span::new(self.at, self.text.len());
            return Err(error(span, "a quote that does not end"));
        };
        let kind = Kind::Literal(literal.to_owned());
        self.at += literal.len() + 2;
        Ok(kind)
    }

    fn bracket(&mut self) -> Result<Option<Kind>, FormatError> {
        let inside = self.rest().get(1..).unwrap_or_default();
        let Some((inside, _)) = inside.split_once(']') else {
            let span = Span::new(self.at, self.text.len());
            return Err(error(span, "a bracket that does not end"));
        };
        let span = Span::new(self.at, self.at + inside.len() + 2);
        let kind = bracket(inside).map_err(|message| error(span, message));
        self.at += inside.len() + 2;
        kind
    }

    fn letter(&mut self, first: char) -> Kind {
        let rest = self.rest();
        if let Some((exponent, length)) = self.digit_seen.then(|| exponent(rest)).flatten() {
            self.at += length;
            return Kind::Exponent(exponent);
        }
        for (word, kind) in [
            ("general", Kind::General),
            ("am/pm", Kind::HalfDay { letters: 2 }),
            ("a/p", Kind::HalfDay { letters: 1 }),
        ] {
            let found = rest.get(..word.len());
            if found.is_some_and(|found| found.eq_ignore_ascii_case(word)) {
                self.at += word.len();
                return kind;
            }
        }
        let letter = first.to_ascii_lowercase();
        if !matches!(letter, 'y' | 'm' | 'd' | 'h' | 's') {
            return self.one(first, Kind::Literal(first.into()));
        }
        let run = rest.chars().take_while(|c| c.eq_ignore_ascii_case(&letter));
        let width = run.count();
        self.at += width;
        Kind::Date { letter, width }
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }
}

/// `E+00` and its length.
fn exponent(text: &str) -> Option<(Exponent, usize)> {
    let mut chars = text.chars();
    let letter = chars.next().filter(|c| matches!(c, 'E' | 'e'))?;
    let sign = chars.next().filter(|c| matches!(c, '+' | '-'))?;
    let width = chars.take_while(|c| matches!(c, '0' | '#' | '?')).count();
    let exponent = Exponent {
        letter,
        has_plus: sign == '+',
        width,
    };
    (width > 0).then_some((exponent, 2 + width))
}

/// What stands between brackets.
fn bracket(inside: &str) -> Result<Option<Kind>, String> {
    const COLOURS: [&str; 8] = [
        "black", "blue", "cyan", "green", "magenta", "red", "white", "yellow",
    ];
    let word = inside.trim().to_ascii_lowercase();
    let is_numbered = word.strip_prefix("color").is_some_and(|number| {
        let number = number.trim_start();
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    });
    if COLOURS.contains(&word.as_str()) || is_numbered {
        return Ok(None);
    }
    if let Some(letter) = word.chars().next().filter(|c| matches!(c, 'h' | 'm' | 's'))
        && word.chars().all(|c| c == letter)
    {
        let width = word.len();
        return Ok(Some(Kind::Elapsed { letter, width }));
    }
    // A currency with the language it belongs to: `[$€-407]`.
    if let Some(currency) = inside.strip_prefix('$') {
        let symbol = currency
            .split_once('-')
            .map_or(currency, |(symbol, _)| symbol);
        return Ok(Some(Kind::Literal(symbol.to_owned())));
    }
    condition(&word).map(|condition| Some(Kind::Condition(condition)))
}

fn condition(text: &str) -> Result<Condition, String> {
    let comparisons = [
        (">=", Comparison::GreaterOrEqual),
        ("<=", Comparison::LessOrEqual),
        ("<>", Comparison::NotEqual),
        (">", Comparison::Greater),
        ("<", Comparison::Less),
        ("=", Comparison::Equal),
    ];
    for (sign, comparison) in comparisons {
        if let Some(bound) = text.strip_prefix(sign) {
            let bound = bound.trim();
            let number = bound.parse();
            return match number {
                Ok(bound) => Ok(Condition { comparison, bound }),
                Err(_) => Err(format!("`{bound}` is not a number")),
            };
        }
    }
    Err(format!(
        "`[{text}]` is no condition, no colour and no duration"
    ))
}

fn section(pieces: &[Piece]) -> Result<Section, FormatError> {
    let mut conditions = pieces.iter().filter_map(|piece| match &piece.kind {
        Kind::Condition(condition) => Some((condition, piece.span)),
        _ => None,
    });
    let condition = conditions.next().map(|(condition, _)| condition.clone());
    if let Some((_, span)) = conditions.next() {
        return Err(error(span, "a section has one condition"));
    }
    let is_date = |piece: &&Piece| {
        matches!(
            piece.kind,
            Kind::Date { .. } | Kind::Elapsed { .. } | Kind::HalfDay { .. }
        )
    };
    let body = match pieces.iter().find(is_date) {
        Some(date) => Body::Moment(moment_format(pieces, date.span)?),
        None => Body::Number(number_format(pieces)?),
    };
    Ok(Section { condition, body })
}

fn number_format(pieces: &[Piece]) -> Result<NumberFormat, FormatError> {
    let has_digits = pieces
        .iter()
        .any(|piece| matches!(piece.kind, Kind::Digit(_)));
    let mut builder = NumberBuilder {
        format: NumberFormat::default(),
        has_digits,
        place: Place::Whole,
        after_digit: false,
    };
    for (piece, digit_follows) in pieces.iter().zip(digits_follow(pieces)) {
        builder.push(piece, digit_follows)?;
    }
    Ok(builder.format)
}

/// For each piece, whether a digit code stands later on the same side of the point.
fn digits_follow(pieces: &[Piece]) -> Vec<bool> {
    let mut follows = false;
    let mut answers = Vec::with_capacity(pieces.len());
    for piece in pieces.iter().rev() {
        answers.push(follows);
        match piece.kind {
            Kind::Digit(_) => follows = true,
            Kind::Point | Kind::Exponent(_) => follows = false,
            _ => {}
        }
    }
    answers.reverse();
    answers
}

/// Where in a number the next digit code stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Whole,
    Decimal,
    AfterExponent,
}

struct NumberBuilder {
    format: NumberFormat,
    has_digits: bool,
    place: Place,
    /// Whether the piece before was a digit code, or a comma behind one.
    after_digit: bool,
}

impl NumberBuilder {
    fn push(&mut self, piece: &Piece, digit_follows: bool) -> Result<(), FormatError> {
        let is_comma = piece.kind == Kind::Comma && self.after_digit;
        self.after_digit = is_comma || matches!(piece.kind, Kind::Digit(_));
        if is_comma {
            match digit_follows {
                true => self.format.is_grouped = true,
                false => self.format.power -= 3,
            }
            return Ok(());
        }
        let part = self.part(piece)?;
        self.format.parts.extend(part);
        Ok(())
    }

    fn part(&mut self, piece: &Piece) -> Result<Option<Part>, FormatError> {
        let literal = |text: &str| Part::Literal(text.to_owned());
        let part = match &piece.kind {
            Kind::Literal(text) => literal(text),
            Kind::Digit(placeholder) => match self.place {
                Place::Whole => Part::Whole(*placeholder),
                Place::Decimal => Part::Decimal(*placeholder),
                Place::AfterExponent => {
                    return Err(error(piece.span, "a digit code behind the exponent"));
                }
            },
            Kind::Point if !self.has_digits => literal("."),
            Kind::Point if self.place != Place::Whole => {
                return Err(error(piece.span, "a second decimal point"));
            }
            Kind::Point => {
                self.place = Place::Decimal;
                Part::Point
            }
            Kind::Percent => {
                self.format.power += 2;
                literal("%")
            }
            Kind::Exponent(_) if self.place == Place::AfterExponent => {
                return Err(error(piece.span, "a second exponent"));
            }
            Kind::Exponent(exponent) => {
                self.place = Place::AfterExponent;
                Part::Exponent(*exponent)
            }
            Kind::Comma => literal(","),
            Kind::At if self.has_digits => literal("@"),
            Kind::At | Kind::General => Part::Value,
            _ => return Ok(None),
        };
        Ok(Some(part))
    }
}

fn moment_format(pieces: &[Piece], date: Span) -> Result<MomentFormat, FormatError> {
    let mut parts = Vec::new();
    let mut before = None;
    let seconds_follow = seconds_follow(pieces);
    let mut rest = pieces.iter().zip(seconds_follow).peekable();
    while let Some((piece, seconds_follow)) = rest.next() {
        let is_fraction = piece.kind == Kind::Point
            && before == Some('s')
            && rest.peek().is_some_and(|(next, _)| is_zero(next));
        if is_fraction {
            let mut width = 0;
            while rest.next_if(|(next, _)| is_zero(next)).is_some() {
                width += 1;
            }
            if width > 9 {
                return Err(error(piece.span, "more than nine decimals of a second"));
            }
            parts.push(MomentPart::Fraction { width });
            continue;
        }
        let is_minute = before == Some('h') || seconds_follow;
        parts.extend(moment_part(piece, is_minute, date)?);
        before = date_letter(piece).or(before);
    }
    Ok(MomentFormat { parts })
}

fn moment_part(
    piece: &Piece,
    is_minute: bool,
    date: Span,
) -> Result<Option<MomentPart>, FormatError> {
    let literal = |text: &str| MomentPart::Literal(text.to_owned());
    let part = match piece.kind {
        Kind::Literal(ref text) => literal(text),
        Kind::Point => literal("."),
        Kind::Comma => literal(","),
        Kind::Percent => literal("%"),
        Kind::At => literal("@"),
        Kind::Date { letter, width } => match letter {
            'y' => MomentPart::Year { width },
            'm' if is_minute && width <= 2 => MomentPart::Minute { width },
            'm' => MomentPart::Month { width },
            'd' => MomentPart::Day { width },
            'h' => MomentPart::Hour { width },
            _ => MomentPart::Second { width },
        },
        Kind::Elapsed { letter, width } => {
            let seconds = match letter {
                'h' => 3600,
                'm' => 60,
                _ => 1,
            };
            MomentPart::Elapsed { seconds, width }
        }
        Kind::HalfDay { letters } => MomentPart::HalfDay { letters },
        Kind::Digit(_) | Kind::Exponent(_) | Kind::General => {
            let message = "a date code among digit codes; text stands in double quotes";
            return Err(error(date, message));
        }
        Kind::Condition(_) | Kind::Semicolon => return Ok(None),
    };
    Ok(Some(part))
}

/// For each piece, whether the next code of dates is one of seconds.
fn seconds_follow(pieces: &[Piece]) -> Vec<bool> {
    let mut follows = false;
    let mut answers = Vec::with_capacity(pieces.len());
    for piece in pieces.iter().rev() {
        answers.push(follows);
        if let Some(letter) = date_letter(piece) {
            follows = letter == 's';
        }
    }
    answers.reverse();
    answers
}

fn date_letter(piece: &Piece) -> Option<char> {
    match piece.kind {
        Kind::Date { letter, .. } | Kind::Elapsed { letter, .. } => Some(letter),
        _ => None,
    }
}

fn is_zero(piece: &Piece) -> bool {
    piece.kind == Kind::Digit(Placeholder::Zero)
}
