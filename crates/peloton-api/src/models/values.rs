//! Long arrays of numbers: the axis and the metrics of a performance graph.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use super::field::excerpt;
use super::unreadable::serialize_unreadable;

/// An array of numbers by position. Elements that hold no number are NaN, so positions stay.
#[derive(Debug, Clone, Default)]
pub struct Numbers {
    /// One float an element; NaN for `null` and for what can't be read.
    pub values: Vec<f64>,
    /// How many elements were neither a number within range nor null.
    pub unreadable: usize,
    /// Excerpt of the first of them, or of the whole when it isn't an array.
    pub first_unreadable: Option<String>,
}

impl Numbers {
    /// Number of elements, readable or not.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether the array is empty or absent.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The number at a position.
    pub fn get(&self, index: usize) -> Option<f64> {
        self.values
            .get(index)
            .copied()
            .filter(|value| !value.is_nan())
    }

    fn reject(&mut self, text: &str) {
        self.unreadable += 1;
        self.first_unreadable.get_or_insert_with(|| excerpt(text));
    }
}

impl<'de> Deserialize<'de> for Numbers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(read(<&RawValue>::deserialize(deserializer)?.get()))
    }
}

/// The values themselves hold nothing that [`unreadable`](super::unreadable()) looks for.
impl Serialize for Numbers {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.first_unreadable {
            None => serializer.serialize_none(),
            Some(first) => serialize_unreadable(first, self.unreadable, serializer),
        }
    }
}

/// Reads the text of a JSON value that is known to be well formed. A parser of our own instead of
/// serde's, because `1e999` or an object in the middle must cost its element and nothing else.
fn read(raw: &str) -> Numbers {
    let mut numbers = Numbers::default();
    let text = raw.trim();
    let Some(inner) = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'))
    else {
        if text != "null" && text.strip_prefix('{').map(str::trim_start) != Some("}") {
            numbers.reject(text);
        }
        return numbers;
    };
    // Two digits and a comma make the usual element.
    numbers.values.reserve(inner.len() / 4);
    let bytes = inner.as_bytes();
    let mut position = 0;
    while let Some(&byte) = bytes.get(position) {
        position = match byte {
            b' ' | b'\n' | b'\r' | b'\t' | b',' => position + 1,
            b'-' | b'0'..=b'9' => number(inner, position, &mut numbers),
            b'n' if bytes[position..].starts_with(b"null") => {
                numbers.values.push(f64::NAN);
                position + 4
            }
            _ => {
                let end = end_of_value(bytes, position);
                numbers.values.push(f64::NAN);
                numbers.reject(&inner[position..end]);
                end
            }
        };
    }
    numbers
}

/// Reads the number at `start` and gives the position after it.
fn number(text: &str, start: usize, numbers: &mut Numbers) -> usize {
    let bytes = &text.as_bytes()[start..];
    let digits = bytes
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let is_plain = !matches!(bytes.get(digits), Some(b'.' | b'e' | b'E' | b'-' | b'+'));
    // Up to 15 digits a whole number is exact as a float, and this is the bulk of all samples.
    if (1..=15).contains(&digits) && is_plain {
        let value = bytes[..digits]
            .iter()
            .fold(0_u64, |value, byte| value * 10 + u64::from(byte - b'0'));
        numbers.values.push(value as f64);
        return start + digits;
    }
    let length = bytes
        .iter()
        .take_while(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'-' | b'+'))
        .count();
    let end = start + length;
    match text[start..end].parse::<f64>() {
        Ok(value) if value.is_finite() => numbers.values.push(value),
        _ => {
            numbers.values.push(f64::NAN);
            numbers.reject(&text[start..end]);
        }
    }
    end
}

/// Where the string, array, object or literal at `start` ends.
fn end_of_value(bytes: &[u8], start: usize) -> usize {
    let mut depth = 0_usize;
    let mut in_string = false;
    let mut position = start;
    while let Some(&byte) = bytes.get(position) {
        match byte {
            b'\\' if in_string => position += 1,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => return position,
            _ => {}
        }
        position += 1;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::read;
    use proptest::prelude::*;

    fn check(text: &str, expected: &[Option<f64>], unreadable: usize) {
        let numbers = read(text);
        let got: Vec<Option<f64>> = (0..numbers.len()).map(|index| numbers.get(index)).collect();
        assert_eq!(
            (got.as_slice(), numbers.unreadable),
            (expected, unreadable),
            "{text}"
        );
    }

    #[test]
    fn ints_floats_and_nulls_keep_their_places() {
        check(
            "[1, 2.5,null ,-3,0]",
            &[Some(1.0), Some(2.5), None, Some(-3.0), Some(0.0)],
            0,
        );
        check("[]", &[], 0);
        check("null", &[], 0);
        check("{}", &[], 0);
    }

    #[test]
    fn a_bad_element_costs_itself() {
        check("[1,1e999,2]", &[Some(1.0), None, Some(2.0)], 1);
        check(
            r#"[1,"2, ]\" {",[3,[4]],{"a":[5]},true,6]"#,
            &[Some(1.0), None, None, None, None, Some(6.0)],
            4,
        );
        check(r#""twelve""#, &[], 1);
        check(
            "[123456789012345678901234567890]",
            &[Some(123456789012345678901234567890.0)],
            0,
        );
    }

    proptest! {
        #[test]
        fn floats_read_back_bit_for_bit(values in proptest::collection::vec(any::<f64>().prop_filter("finite", |v| v.is_finite()), 0..50)) {
            let text = serde_json::to_string(&values).unwrap();
            let numbers = read(&text);
            prop_assert_eq!(numbers.unreadable, 0);
            let bits = |values: &[f64]| values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
            prop_assert_eq!(bits(&numbers.values), bits(&values));
        }

        #[test]
        fn any_text_gives_an_answer(text in "\\PC*") {
            read(&text);
            read(&format!("[{text}]"));
        }
    }
}
