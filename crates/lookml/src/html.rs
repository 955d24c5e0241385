//! What `html` may be in a cell.
//!
//! A model is trusted, the values that stand in its `html` are not: whatever could run or leave the cell is dropped.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

const TAGS: [&str; 28] = [
    "a", "b", "br", "details", "div", "em", "font", "hr", "i", "img", "li", "ol", "p", "pre",
    "small", "span", "strong", "sub", "summary", "sup", "table", "td", "th", "tr", "u", "ul",
    // Without them a parser puts them in anyway.
    "tbody", "thead",
];

const ATTRIBUTES: [&str; 8] = [
    "style", "class", "href", "src", "title", "target", "width", "height",
];

/// What stays of a style: none of these moves a cell over another.
const PROPERTIES: &str = "background background-color background-image background-position \
    background-repeat background-size border border-bottom border-bottom-color border-bottom-style \
    border-bottom-width border-collapse border-color border-left border-left-color border-left-style \
    border-left-width border-radius border-right border-right-color border-right-style \
    border-right-width border-spacing border-style border-top border-top-color border-top-style \
    border-top-width border-width box-shadow box-sizing clear color display float font font-family \
    font-size font-style font-variant font-weight height letter-spacing line-height list-style \
    list-style-type margin margin-bottom margin-left margin-right margin-top max-height max-width \
    min-height min-width opacity overflow overflow-wrap padding padding-bottom padding-left \
    padding-right padding-top text-align text-decoration text-indent text-overflow text-shadow \
    text-transform vertical-align visibility white-space width word-break word-spacing word-wrap";

const SCHEMES: [&str; 5] = ["http", "https", "mailto", "tel", "data"];

/// Longer ones are shown as text: no cell is so large.
const LENGTH: usize = 1 << 16;

/// And those with more tags: the time the parser takes grows with the square of how deep they nest.
const TAG_COUNT: usize = 2000;

static BUILDER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .tags(HashSet::from(TAGS))
        .clean_content_tags(HashSet::from(["script", "style"]))
        .generic_attributes(HashSet::from(ATTRIBUTES))
        .tag_attributes(HashMap::from([(
            "font",
            HashSet::from(["color", "face", "size"]),
        )]))
        .filter_style_properties(PROPERTIES.split_ascii_whitespace().collect())
        .url_schemes(HashSet::from(SCHEMES))
        .url_relative(UrlRelative::PassThrough)
        .link_rel(Some("noopener noreferrer"))
        .attribute_filter(attribute);
    builder
});

/// HTML with only the tags, the attributes and the URLs that a cell may have; all tags are closed.
pub fn sanitise_html(html: &str) -> String {
    let is_sane = html.len() <= LENGTH && html.matches('<').count() <= TAG_COUNT;
    match is_sane {
        true => BUILDER.clean(html).to_string(),
        false => ammonia::clean_text(html),
    }
}

/// Data is fine as a picture. A picture of vectors may hold scripts.
fn attribute<'a>(tag: &str, attribute: &str, value: &'a str) -> Option<Cow<'a, str>> {
    const PICTURES: [&str; 4] = [
        "data:image/png;",
        "data:image/jpeg;",
        "data:image/gif;",
        "data:image/webp;",
    ];
    let is_url = matches!(attribute, "href" | "src");
    // A browser passes over such characters within the name of a scheme.
    let is_passed_over = |c: &char| !c.is_ascii_control() && !c.is_whitespace();
    let start: String = value.chars().filter(is_passed_over).take(16).collect();
    let start = start.to_ascii_lowercase();
    let is_picture = || {
        let is_source = tag == "img" && attribute == "src";
        is_source && PICTURES.iter().any(|picture| start.starts_with(picture))
    };
    let keeps = !is_url || !start.starts_with("data:") || is_picture();
    keeps.then_some(Cow::Borrowed(value))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{LENGTH, TAG_COUNT, sanitise_html};

    #[track_caller]
    fn check(cases: &[(&str, &str)]) {
        for (html, expected) in cases {
            assert_eq!(sanitise_html(html), *expected, "{html}");
        }
    }

    #[test]
    fn what_cells_use_stays() {
        for html in [
            "<a href=\"/explore/shop/orders?f[a.b]=x&amp;y\" target=\"_blank\" rel=\"noopener noreferrer\">x</a>",
            "<a href=\"mailto:a@b.example\" rel=\"noopener noreferrer\">x</a>",
            "<img src=\"https://example.com/a.png\" width=\"10\" height=\"20\" title=\"t\">",
            "<img src=\"data:image/png;base64,AAAA\">",
            "<b>b</b><br><em>e</em><i>i</i><u>u</u><hr><small>s</small><strong>s</strong><sub>1</sub><sup>2</sup>",
            "<div class=\"badge\"><span>s</span></div><p>p</p><pre>p</pre><ul><li>l</li></ul><ol><li>l</li></ol>",
            "<font color=\"red\" size=\"2\">f</font>",
            "<details><summary>s</summary>d</details>",
            "<table><tbody><tr><th>h</th><td>d</td></tr></tbody></table>",
            "5 &gt; 3 &amp; ü",
        ] {
            check(&[(html, html)]);
        }
    }

    #[test]
    fn styles_keep_what_stays_in_the_cell() {
        check(&[
            (
                "<p style=\"color: red; font-size:50%\">x</p>",
                "<p style=\"color:red;font-size:50%\">x</p>",
            ),
            (
                "<p style=\"position:fixed;top:0;color:red\">x</p>",
                "<p style=\"color:red\">x</p>",
            ),
        ]);
    }

    #[test]
    fn what_runs_is_dropped() {
        let rel = "rel=\"noopener noreferrer\"";
        check(&[
            ("a<script>alert(1)</script>b", "ab"),
            ("<style>p{}</style>x", "x"),
            ("<img src=x onerror=alert(1)>", "<img src=\"x\">"),
            ("<p onclick='x()' id=a data-x=1>x</p>", "<p>x</p>"),
            (
                "<a href=\"javascript:alert(1)\">x</a>",
                &format!("<a {rel}>x</a>"),
            ),
            (
                "<a href=\" JaVa\tscript:alert(1)\">x</a>",
                &format!("<a {rel}>x</a>"),
            ),
            (
                "<a href=\"&#106;avascript:alert(1)\">x</a>",
                &format!("<a {rel}>x</a>"),
            ),
            ("<a href=\"vbscript:x\">x</a>", &format!("<a {rel}>x</a>")),
            (
                "<a href=\"data:text/html,x\">x</a>",
                &format!("<a {rel}>x</a>"),
            ),
            (
                "<a href=\"data:image/png;base64,AA\">x</a>",
                &format!("<a {rel}>x</a>"),
            ),
            ("<img src=\"data:image/svg+xml,<svg onload=x>\">", "<img>"),
            (
                "<iframe src=//x></iframe><svg onload=x><form><input><button>b</button></form>",
                "",
            ),
            (
                "<math><mtext><table><mglyph><style><img src=x onerror=y>",
                "",
            ),
        ]);
    }

    #[test]
    fn what_is_text_stays_text() {
        check(&[(
            "<noscript><a href=\"javascript:x\">",
            "&lt;a href=\"javascript:x\"&gt;",
        )]);
    }

    #[test]
    fn nothing_stays_open() {
        check(&[
            ("<div><b>x", "<div><b>x</b></div>"),
            ("</div></td></table>x", "x"),
            ("<a href=\"", ""),
            ("<!-- x", ""),
        ]);
    }

    #[test]
    fn what_is_too_large_is_text() {
        for text in [
            "<b>".repeat(TAG_COUNT + 1),
            "<b>".to_owned() + &"x".repeat(LENGTH),
        ] {
            assert!(!sanitise_html(&text).contains('<'));
        }
    }

    #[test]
    fn what_nests_as_deep_as_it_may_ends() {
        for piece in ["<b>", "<div>", "<div><p>", "<a>", "<table><td>", "<!--"] {
            let tags = piece.matches('<').count();
            let _ = sanitise_html(&piece.repeat(TAG_COUNT / tags));
        }
    }

    proptest! {
        #[test]
        fn any_text_is_made_safe(pieces in prop::collection::vec(prop_oneof![
            "[ <>/='\"&;:!a-z-]{0,8}",
            prop::sample::select(vec!["<script>", "</script>", "<img src=", " onerror=", "javascript:", "<svg>", "<a href=\"",
                "<table>", "<td>", "<style>", "<math>", "<p style=", "<!--", "-->", "&#106;", "</p>", "<template>", "<noscript>"])
                .prop_map(str::to_owned),
        ], 0..16)) {
            let safe = sanitise_html(&pieces.concat());
            // As text it may stand there: its `<` is none.
            prop_assert!(!safe.contains("<script") && !safe.contains("<svg") && !safe.contains("<a href=\"javascript"));
            // A browser parses what was written as it was meant.
            prop_assert_eq!(sanitise_html(&safe), safe);
        }
    }
}
