//! Filters that make a text fit for a URL or for SQL.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::Call;
use crate::liquid::context::Problem;
use crate::liquid::value::Value;

type Made = Result<Value, Problem>;

/// All but what means nothing in any part of a URL.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// For the value of a query: a space is a plus.
pub(super) fn url_encode(call: Call<'_>) -> Made {
    encoded(call, |text| text.replace("%20", "+"))
}

/// For any part of a URL: a space is `%20`.
pub(super) fn encode_uri(call: Call<'_>) -> Made {
    encoded(call, |text| text)
}

fn encoded(call: Call<'_>, finish: fn(String) -> String) -> Made {
    if *call.input == Value::Nil {
        return Ok(Value::Nil);
    }
    let encoded = utf8_percent_encode(&call.text(), RESERVED).to_string();
    Ok(Value::String(finish(encoded)))
}

pub(super) fn url_decode(call: Call<'_>) -> Made {
    if *call.input == Value::Nil {
        return Ok(Value::Nil);
    }
    let text = call.text().replace('+', " ");
    let decoded = percent_decode_str(&text).decode_utf8();
    let decoded = decoded.map_err(|_| Problem::failed("bytes that are no text"))?;
    Ok(Value::String(decoded.into_owned()))
}

/// A literal of the dialect; of a list, literals with commas between them.
pub(super) fn sql_quote(call: Call<'_>) -> Made {
    let dialect = call.context.dialect();
    let quoted = match call.input {
        Value::List(values) => {
            let quoted = values.iter().map(|value| dialect.string(&value.text()));
            quoted.collect::<Vec<_>>().join(", ")
        }
        value => dialect.string(&value.text()),
    };
    Ok(Value::String(quoted))
}

/// `TRUE` or `FALSE`.
pub(super) fn sql_boolean(call: Call<'_>) -> Made {
    let text = call.text();
    let is_one_of = |words: [&str; 3]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    let literal = match call.input {
        value if !value.is_true() => "FALSE",
        _ if is_one_of(["true", "yes", "1"]) => "TRUE",
        _ if is_one_of(["false", "no", "0"]) => "FALSE",
        value => {
            let message = format!("{} that is neither yes nor no", value.kind());
            return Err(Problem::failed(message));
        }
    };
    Ok(Value::String(literal.to_owned()))
}
