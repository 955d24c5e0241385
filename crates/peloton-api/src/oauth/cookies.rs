//! Cookies of one login. Each host gets only what it has set itself, whatever `Domain` says:
//! the chain of redirects crosses hosts that have no business with each other's cookies.

use url::Url;

#[derive(Debug, Default)]
pub(super) struct CookieJar {
    cookies: Vec<Cookie>,
}

struct Cookie {
    host: String,
    path: String,
    name: String,
    value: String,
}

impl std::fmt::Debug for Cookie {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{} {}=…", self.host, self.path, self.name)
    }
}

impl CookieJar {
    /// Takes in one `Set-Cookie` of an answer from `url`. What isn't a cookie is ignored.
    pub(super) fn set(&mut self, url: &Url, set_cookie: &str) {
        let Some(host) = url.host_str() else { return };
        let Some((cookie, over)) = Cookie::parse(host, url.path(), set_cookie) else {
            return;
        };
        self.cookies.retain(|other| {
            (&other.host, &other.path, &other.name) != (&cookie.host, &cookie.path, &cookie.name)
        });
        if !over {
            self.cookies.push(cookie);
        }
    }

    /// The `Cookie` header for a request to `url`, longest path first; `None` without cookies.
    pub(super) fn header(&self, url: &Url) -> Option<String> {
        let mut cookies: Vec<&Cookie> = self.matching(url).collect();
        cookies.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        let pairs: Vec<String> = cookies
            .iter()
            .map(|cookie| format!("{}={}", cookie.name, cookie.value))
            .collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// The value of a cookie as a request to `url` would carry it.
    pub(super) fn value(&self, url: &Url, name: &str) -> Option<&str> {
        let mut found = self.matching(url).filter(|cookie| cookie.name == name);
        found.next().map(|cookie| cookie.value.as_str())
    }

    fn matching<'a>(&'a self, url: &Url) -> impl Iterator<Item = &'a Cookie> + use<'a> {
        let host = url.host_str().unwrap_or_default().to_owned();
        let path = url.path().to_owned();
        self.cookies
            .iter()
            .filter(move |cookie| cookie.host == host && path_matches(&path, &cookie.path))
    }
}

impl Cookie {
    /// The cookie, and whether it comes to be deleted.
    fn parse(host: &str, request_path: &str, text: &str) -> Option<(Cookie, bool)> {
        let mut parts = text.split(';');
        let (name, value) = parts.next()?.split_once('=')?;
        let (name, value) = (name.trim(), value.trim());
        let printable = |text: &str| text.bytes().all(|byte| (0x20..0x7f).contains(&byte));
        if name.is_empty() || !printable(name) || !printable(value) {
            return None;
        }
        let mut path = default_path(request_path);
        let mut over = false;
        for attribute in parts {
            let (key, value) = attribute.split_once('=').unwrap_or((attribute, ""));
            match key.trim().to_ascii_lowercase().as_str() {
                "path" if value.trim().starts_with('/') => path = value.trim(),
                "max-age" => {
                    over = value
                        .trim()
                        .parse::<i64>()
                        .is_ok_and(|seconds| seconds <= 0)
                }
                _ => {}
            }
        }
        let (host, path) = (host.to_owned(), path.to_owned());
        Some((
            Cookie {
                host,
                path,
                name: name.to_owned(),
                value: value.to_owned(),
            },
            over,
        ))
    }
}

/// RFC 6265, 5.1.4: the folder of the request.
fn default_path(request_path: &str) -> &str {
    match request_path.rfind('/') {
        Some(0) | None => "/",
        Some(slash) => &request_path[..slash],
    }
}

fn path_matches(request_path: &str, cookie_path: &str) -> bool {
    request_path
        .strip_prefix(cookie_path)
        .is_some_and(|rest| rest.is_empty() || cookie_path.ends_with('/') || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn jar(at: &str, cookies: &[&str]) -> CookieJar {
        let mut jar = CookieJar::default();
        cookies.iter().for_each(|cookie| jar.set(&url(at), cookie));
        jar
    }

    #[test]
    fn a_path_holds_for_itself_and_below() {
        let jar = jar(
            "https://a.example/login",
            &["_csrf=1; Path=/usernamepassword/login; Secure"],
        );
        let at = |path: &str| jar.header(&url(&format!("https://a.example{path}")));
        assert_eq!(at("/usernamepassword/login").as_deref(), Some("_csrf=1"));
        assert_eq!(
            at("/usernamepassword/login/x?y").as_deref(),
            Some("_csrf=1")
        );
        assert_eq!(at("/usernamepassword/loginx"), None);
        assert_eq!(at("/login"), None);
    }

    #[test]
    fn hosts_do_not_share_whatever_domain_says() {
        let jar = jar(
            "https://auth.example.com/x",
            &["a=1; Domain=example.com; Path=/"],
        );
        assert_eq!(
            jar.header(&url("https://auth.example.com/")).as_deref(),
            Some("a=1")
        );
        assert_eq!(jar.header(&url("https://example.com/")), None);
        assert_eq!(jar.header(&url("https://auth-orca.example.com/")), None);
    }

    #[test]
    fn a_cookie_is_replaced_and_deleted_by_name_and_path() {
        let mut jar = jar("https://a.example/", &["a=1", "a=2; Path=/x", "a=3"]);
        assert_eq!(
            jar.header(&url("https://a.example/x")).as_deref(),
            Some("a=2; a=3")
        );
        jar.set(&url("https://a.example/"), "a=; Max-Age=0");
        assert_eq!(
            jar.header(&url("https://a.example/x")).as_deref(),
            Some("a=2")
        );
    }

    #[test]
    fn values_keep_their_equals_signs() {
        let jar = jar("https://a.example/p/q", &["a=b=c==; path=relative"]);
        assert_eq!(jar.value(&url("https://a.example/p/z"), "a"), Some("b=c=="));
        assert_eq!(jar.value(&url("https://a.example/"), "a"), None);
    }

    proptest! {
        #[test]
        fn any_header_is_taken_or_ignored(text in ".{0,60}", path in "/[a-z/]{0,8}") {
            let mut at = url("https://a.example/");
            at.set_path(&path);
            let mut jar = CookieJar::default();
            jar.set(&at, &text);
            if let Some(header) = jar.header(&at) {
                prop_assert!(reqwest::header::HeaderValue::from_str(&header).is_ok());
                prop_assert!(header.contains('='));
            }
            prop_assert_eq!(jar.header(&url("https://b.example/")), None);
        }

        #[test]
        fn a_plain_cookie_comes_back(name in "[A-Za-z_]{1,9}", value in "[!#-:<-~]{0,20}") {
            let at = url("https://a.example/login");
            let mut jar = CookieJar::default();
            jar.set(&at, &format!("{name}={value}; HttpOnly; SameSite=None"));
            prop_assert_eq!(jar.value(&at, &name), Some(value.as_str()));
        }
    }
}
