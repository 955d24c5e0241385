//! What is read from the login's HTML.

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use scraper::{ElementRef, Html, Selector};
use serde_json::Value;
use url::Url;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The transaction's state and the CSRF token as the page's own script sees them.
#[derive(Default)]
pub(super) struct InjectedConfig {
    pub(super) state: Option<String>,
    pub(super) csrf: Option<String>,
}

impl InjectedConfig {
    /// Reads `window.injectedConfig = … || "<base64 of JSON>"`; empty when there is none.
    pub(super) fn read(html: &str) -> InjectedConfig {
        let config = Self::json(html).unwrap_or_default();
        let text = |key: &str| {
            let found = [&config["internalOptions"][key], &config["extraParams"][key]];
            found
                .into_iter()
                .find_map(|value| value.as_str().map(str::to_owned))
        };
        InjectedConfig {
            state: text("state"),
            csrf: text("_csrf"),
        }
    }

    fn json(html: &str) -> Option<Value> {
        let (_, after) = html.rsplit_once("injectedConfig")?;
        let (_, quoted) = after.split_once('"')?;
        let (base64, _) = quoted.split_once('"')?;
        serde_json::from_slice(&BASE64.decode(base64.trim()).ok()?).ok()
    }
}

/// A form that the page would submit by itself.
pub(super) struct HiddenForm {
    pub(super) action: Url,
    pub(super) fields: Vec<(String, String)>,
}

impl HiddenForm {
    /// The form with the login's result, its entities decoded; `page` resolves the action.
    pub(super) fn read(html: &str, page: &Url) -> Option<HiddenForm> {
        let document = Html::parse_document(html);
        let (form, input) = (selector("form"), selector("input"));
        document.select(&form).find_map(|form| {
            let action = page.join(form.value().attr("action")?.trim()).ok()?;
            let fields: Vec<(String, String)> = form.select(&input).filter_map(field).collect();
            let has_result = fields.iter().any(|(name, _)| name == "wresult");
            has_result.then_some(HiddenForm { action, fields })
        })
    }
}

fn field(input: ElementRef<'_>) -> Option<(String, String)> {
    let name = input.value().attr("name")?;
    let value = input.value().attr("value").unwrap_or_default();
    Some((name.to_owned(), value.to_owned()))
}

fn selector(css: &str) -> Selector {
    Selector::parse(css).expect("the constant is a selector")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn page() -> Url {
        Url::parse("https://auth.example/usernamepassword/login").unwrap()
    }

    fn escape(text: &str) -> String {
        text.replace('&', "&amp;")
            .replace('"', "&#34;")
            .replace('<', "&lt;")
    }

    #[test]
    fn the_config_is_found_with_and_without_padding() {
        let json = r#"{"internalOptions":{"_csrf":"c","state":"s"}}"#;
        for base64 in [
            BASE64.encode(json),
            BASE64.encode(json).trim_end_matches('=').to_owned(),
        ] {
            let html = format!(
                "<script>window.injectedConfig = window.injectedConfig || \"{base64}\";</script>"
            );
            let config = InjectedConfig::read(&html);
            assert_eq!(
                (config.csrf.as_deref(), config.state.as_deref()),
                (Some("c"), Some("s"))
            );
        }
    }

    #[test]
    fn other_forms_are_passed_over() {
        let html = r#"<form action="/search"><input name="q"></form>
            <form action="/login/callback"><input name=wresult value=w></form>"#;
        let form = HiddenForm::read(html, &page()).unwrap();
        assert_eq!(form.action.as_str(), "https://auth.example/login/callback");
    }

    #[test]
    fn entities_of_all_kinds_are_decoded() {
        let html = "<form action='/c?a=1&amp;b=2'><input type=hidden name=wresult \
                    value='&quot;&#34;&#x22;&lt;&eacute;'></form>";
        let form = HiddenForm::read(html, &page()).unwrap();
        assert_eq!(form.action.query(), Some("a=1&b=2"));
        assert_eq!(form.fields, [("wresult".to_owned(), "\"\"\"<é".to_owned())]);
    }

    proptest! {
        #[test]
        fn any_page_gives_an_answer(html in ".{0,200}") {
            let _ = HiddenForm::read(&html, &page());
            let _ = InjectedConfig::read(&format!("injectedConfig = \"{html}"));
        }

        #[test]
        fn escaped_values_come_back(value in "[^\\r\\x00]{0,40}") {
            let html = format!(
                "<form action=\"/x\"><input name=\"wresult\" value=\"{}\"></form>",
                escape(&value)
            );
            let form = HiddenForm::read(&html, &page()).unwrap();
            prop_assert_eq!(&form.fields[0].1, &value);
        }
    }
}
