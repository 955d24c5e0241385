//! Text to the terms of numbers.

use super::{Bound, Comparison, Number, NumberFilter, NumberTerm, Operator};
use crate::filter::FilterError;
use crate::filter::cursor::Cursor;

/// ```text
/// expr       = term { ( "," | "OR" ) term } ;
/// term       = [ "NOT" ] ( "NULL" | interval | range | comparison [ "AND" comparison ] | number ) ;
/// interval   = ( "[" | "(" ) [ number | "-inf" ] "," [ number | "inf" ] ( "]" | ")" ) ;
/// range      = number "to" [ number ] | "to" number ;
/// comparison = ( ">=" | ">" | "<=" | "<" | "=" | "!=" | "<>" ) number ;
/// number     = [ "-" | "+" ] digits [ "." digits ] [ "e" [ "-" | "+" ] digits ] ;
/// ```
pub(in crate::filter) fn parse(cursor: &mut Cursor<'_>) -> Result<NumberFilter, FilterError> {
    let mut terms = Vec::new();
    cursor.list(|cursor| {
        terms.extend(term(cursor)?);
        while cursor.accept_word("or") {
            terms.extend(term(cursor)?);
        }
        Ok(())
    })?;
    negate_all(&mut terms);
    let (is_not, is): (Vec<_>, Vec<_>) = terms.into_iter().partition(|term| term.is_negated);
    let terms = |terms: Vec<Signed>| terms.into_iter().map(|term| term.term).collect();
    Ok(NumberFilter {
        is: terms(is),
        is_not: terms(is_not),
    })
}

/// A term with its sign.
struct Signed {
    is_negated: bool,
    term: NumberTerm,
}

/// `NOT 5, 7` is neither: the first NOT holds for all of the list where no other follows.
fn negate_all(terms: &mut [Signed]) {
    let negated = terms.iter().filter(|term| term.is_negated).count();
    if negated == 1 && terms.first().is_some_and(|term| term.is_negated) {
        terms.iter_mut().for_each(|term| term.is_negated = true);
    }
}

/// One, or the two of `!=5 AND !=7`.
fn term(cursor: &mut Cursor<'_>) -> Result<Vec<Signed>, FilterError> {
    let is_negated = cursor.accept_word("not");
    let terms = unsigned_term(cursor)?;
    let terms = terms.into_iter().map(|term| match term {
        NumberTerm::Compare(comparison) if comparison.operator == Operator::NotEqual => Signed {
            is_negated: !is_negated,
            term: compare(Operator::Equal, comparison.value),
        },
        term => Signed { is_negated, term },
    });
    Ok(terms.collect())
}

fn unsigned_term(cursor: &mut Cursor<'_>) -> Result<Vec<NumberTerm>, FilterError> {
    if cursor.accept_word("null") {
        return Ok(vec![NumberTerm::Null]);
    }
    if cursor.accept_word("to") {
        let high = number(cursor)?;
        return Ok(vec![compare(Operator::AtMost, high)]);
    }
    if let Some('[' | '(') = cursor.peek() {
        return Ok(vec![interval(cursor)?]);
    }
    if let Some(operator) = operator(cursor) {
        return comparisons(cursor, operator);
    }
    let low = number(cursor)?;
    if !cursor.accept_word("to") {
        return Ok(vec![compare(Operator::Equal, low)]);
    }
    if cursor.is_at_end_of_term() || cursor.peek_word().eq_ignore_ascii_case("or") {
        return Ok(vec![compare(Operator::AtLeast, low)]);
    }
    let high = number(cursor)?;
    Ok(vec![between(low, false, high, false)])
}

fn interval(cursor: &mut Cursor<'_>) -> Result<NumberTerm, FilterError> {
    let is_low_open = cursor.accept("(");
    if !is_low_open {
        cursor.accept("[");
    }
    let low = match cursor.accept("-inf") || cursor.peek() == Some(',') {
        true => None,
        false => Some(number(cursor)?),
    };
    if !cursor.accept(",") {
        return Err(cursor.expected("a comma and the upper bound"));
    }
    let high = match cursor.accept_word("inf") || matches!(cursor.peek(), Some(']' | ')')) {
        true => None,
        false => Some(number(cursor)?),
    };
    let is_high_open = cursor.accept(")");
    if !is_high_open && !cursor.accept("]") {
        return Err(cursor.expected("`]` or `)`"));
    }
    Ok(match (low, high) {
        (Some(low), Some(high)) => between(low, is_low_open, high, is_high_open),
        (Some(low), None) if is_low_open => compare(Operator::Greater, low),
        (Some(low), None) => compare(Operator::AtLeast, low),
        (None, Some(high)) if is_high_open => compare(Operator::Less, high),
        (None, Some(high)) => compare(Operator::AtMost, high),
        (None, None) => NumberTerm::Any,
    })
}

fn operator(cursor: &mut Cursor<'_>) -> Option<Operator> {
    // The longer ones first.
    const OPERATORS: [(&str, Operator); 7] = [
        (">=", Operator::AtLeast),
        ("<=", Operator::AtMost),
        ("<>", Operator::NotEqual),
        ("!=", Operator::NotEqual),
        (">", Operator::Greater),
        ("<", Operator::Less),
        ("=", Operator::Equal),
    ];
    let mut operators = OPERATORS.iter();
    let (_, operator) = operators.find(|(symbol, _)| cursor.accept(symbol))?;
    Some(*operator)
}

fn comparisons(
    cursor: &mut Cursor<'_>,
    operator_before: Operator,
) -> Result<Vec<NumberTerm>, FilterError> {
    let first = comparison(operator_before, number(cursor)?);
    if !cursor.accept_word("and") {
        return Ok(vec![NumberTerm::Compare(first)]);
    }
    let Some(operator) = operator(cursor) else {
        return Err(cursor.expected("a comparison such as `<=10`"));
    };
    let second = comparison(operator, number(cursor)?);
    Ok(match (Side::of(&first), Side::of(&second)) {
        (
            Side::Low { is_open },
            Side::High {
                is_open: is_high_open,
            },
        ) => {
            vec![between(first.value, is_open, second.value, is_high_open)]
        }
        (
            Side::High { is_open },
            Side::Low {
                is_open: is_low_open,
            },
        ) => {
            vec![between(second.value, is_low_open, first.value, is_open)]
        }
        (Side::Not, Side::Not) => {
            vec![NumberTerm::Compare(first), NumberTerm::Compare(second)]
        }
        _ => vec![NumberTerm::Both(first, second)],
    })
}

/// What a comparison bounds.
enum Side {
    Low { is_open: bool },
    High { is_open: bool },
    Not,
    Point,
}

impl Side {
    fn of(comparison: &Comparison) -> Self {
        match comparison.operator {
            Operator::Greater => Self::Low { is_open: true },
            Operator::AtLeast => Self::Low { is_open: false },
            Operator::Less => Self::High { is_open: true },
            Operator::AtMost => Self::High { is_open: false },
            Operator::NotEqual => Self::Not,
            Operator::Equal => Self::Point,
        }
    }
}

fn number(cursor: &mut Cursor<'_>) -> Result<Number, FilterError> {
    let length = number_length(cursor.rest().as_bytes());
    let text = cursor.rest().get(..length).unwrap_or_default();
    if text.is_empty() {
        return Err(cursor.expected("a number"));
    }
    let Some(number) = Number::new(text) else {
        return Err(cursor.error("the number is too large"));
    };
    cursor.advance_bytes(length);
    cursor.skip_space();
    Ok(number)
}

/// How many bytes belong to the number that begins there.
fn number_length(bytes: &[u8]) -> usize {
    let sign = usize::from(matches!(bytes.first(), Some(b'-' | b'+')));
    let whole = digits(bytes, sign);
    let fraction = match bytes.get(sign + whole) {
        Some(b'.') => digits(bytes, sign + whole + 1),
        _ => 0,
    };
    let end = match (whole, fraction) {
        (0, 0) => return 0,
        (_, 0) => sign + whole,
        _ => sign + whole + 1 + fraction,
    };
    if !matches!(bytes.get(end), Some(b'e' | b'E')) {
        return end;
    }
    let sign = usize::from(matches!(bytes.get(end + 1), Some(b'-' | b'+')));
    match digits(bytes, end + 1 + sign) {
        0 => end,
        exponent => end + 1 + sign + exponent,
    }
}

fn digits(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    rest.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

fn comparison(operator: Operator, value: Number) -> Comparison {
    Comparison { operator, value }
}

fn compare(operator: Operator, value: Number) -> NumberTerm {
    NumberTerm::Compare(comparison(operator, value))
}

fn between(low: Number, is_low_open: bool, high: Number, is_high_open: bool) -> NumberTerm {
    let bound = |value, is_open| Bound { value, is_open };
    NumberTerm::Between {
        low: bound(low, is_low_open),
        high: bound(high, is_high_open),
    }
}
