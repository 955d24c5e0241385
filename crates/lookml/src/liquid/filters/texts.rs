//! Filters that change texts.

use super::Call;
use crate::liquid::context::Problem;
use crate::liquid::value::{Value, is_space};

type Made = Result<Value, Problem>;

fn text(text: impl Into<String>) -> Made {
    Ok(Value::String(text.into()))
}

pub(super) fn append(call: Call<'_>) -> Made {
    text(format!("{}{}", call.text(), call.argument_text(0)))
}

pub(super) fn prepend(call: Call<'_>) -> Made {
    text(format!("{}{}", call.argument_text(0), call.text()))
}

pub(super) fn upcase(call: Call<'_>) -> Made {
    text(call.text().to_uppercase())
}

pub(super) fn downcase(call: Call<'_>) -> Made {
    text(call.text().to_lowercase())
}

/// The first letter large, all others small.
pub(super) fn capitalize(call: Call<'_>) -> Made {
    let input = call.text();
    let mut chars = input.chars();
    let mut out: String = chars
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    out.push_str(&chars.as_str().to_lowercase());
    text(out)
}

pub(super) fn strip(call: Call<'_>) -> Made {
    text(call.text().trim_matches(is_space))
}

pub(super) fn lstrip(call: Call<'_>) -> Made {
    text(call.text().trim_start_matches(is_space))
}

pub(super) fn rstrip(call: Call<'_>) -> Made {
    text(call.text().trim_end_matches(is_space))
}

pub(super) fn strip_newlines(call: Call<'_>) -> Made {
    text(call.text().replace("\r\n", "").replace('\n', ""))
}

pub(super) fn newline_to_br(call: Call<'_>) -> Made {
    text(call.text().replace("\r\n", "\n").replace('\n', "<br />\n"))
}

pub(super) fn remove(call: Call<'_>) -> Made {
    text(call.text().replace(call.argument_text(0).as_ref(), ""))
}

pub(super) fn remove_first(call: Call<'_>) -> Made {
    text(call.text().replacen(call.argument_text(0).as_ref(), "", 1))
}

pub(super) fn replace(call: Call<'_>) -> Made {
    let (input, from, to) = (call.text(), call.argument_text(0), call.argument_text(1));
    let count = input.matches(from.as_ref()).count();
    call.work.spend(count.saturating_mul(to.len()))?;
    text(input.replace(from.as_ref(), &to))
}

pub(super) fn replace_first(call: Call<'_>) -> Made {
    let (from, to) = (call.argument_text(0), call.argument_text(1));
    text(call.text().replacen(from.as_ref(), &to, 1))
}

/// To so many characters, those that say that something is missing included.
pub(super) fn truncate(call: Call<'_>) -> Made {
    let input = call.text();
    let length = usize::try_from(call.argument_integer(0, 50)).unwrap_or(0);
    if input.chars().nth(length).is_none() {
        return text(input);
    }
    let end = call.argument(1).map_or("...".into(), Value::text);
    let kept = length.saturating_sub(end.chars().count());
    let mut out: String = input.chars().take(kept).collect();
    out.push_str(&end);
    text(out)
}

pub(super) fn truncatewords(call: Call<'_>) -> Made {
    let input = call.text();
    let count = usize::try_from(call.argument_integer(0, 15))
        .unwrap_or(0)
        .max(1);
    let words: Vec<&str> = input.split_ascii_whitespace().take(count + 1).collect();
    match words.get(..count) {
        Some(kept) if words.len() > count => {
            let end = call.argument(1).map_or("...".into(), Value::text);
            text(format!("{}{end}", kept.join(" ")))
        }
        _ => text(input),
    }
}

pub(super) fn escape(call: Call<'_>) -> Made {
    if *call.input == Value::Nil {
        return Ok(Value::Nil);
    }
    let input = call.text();
    let mut out = String::with_capacity(input.len());
    for c in input.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    text(out)
}

/// Without tags, comments, scripts and styles. It makes nothing safe: that is the sanitiser's.
pub(super) fn strip_html(call: Call<'_>) -> Made {
    const PAIRS: [(&str, &str); 3] = [
        ("<script", "</script>"),
        ("<!--", "-->"),
        ("<style", "</style>"),
    ];
    let input = call.text();
    let mut without = input.into_owned();
    for (open, close) in PAIRS {
        without = strip_between(&without, open, close);
    }
    text(strip_between(&without, "<", ">"))
}

/// One search for each, so that marks without a partner cost nothing more.
fn strip_between(input: &str, open: &str, close: &str) -> String {
    let mut out = String::with_capacity(input.len());
    let mut rest = input;
    while let Some((before, inside)) = rest.split_once(open) {
        let Some((_, after)) = inside.split_once(close) else {
            break;
        };
        out.push_str(before);
        rest = after;
    }
    out.push_str(rest);
    out
}
