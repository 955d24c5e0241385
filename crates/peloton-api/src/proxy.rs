//! Which proxy stands between us and the service: for messages only, reqwest obeys by itself.

use std::env;

use url::Url;

use crate::config::is_loopback;

/// The proxy for `url` and the variable that names it, without its password.
pub(crate) fn named(url: &Url) -> Option<String> {
    let exempt = variable("NO_PROXY").is_some_and(|(_, hosts)| is_exempt(url, &hosts));
    if is_loopback(url) || exempt {
        return None;
    }
    let own = if url.scheme() == "https" {
        "HTTPS_PROXY"
    } else {
        "HTTP_PROXY"
    };
    let (name, proxy) = variable(own).or_else(|| variable("ALL_PROXY"))?;
    Some(format!("`{}` (from `{name}`)", without_password(&proxy)))
}

fn variable(name: &str) -> Option<(String, String)> {
    [name.to_lowercase(), name.to_owned()]
        .into_iter()
        .find_map(|name| {
            let value = env::var(&name).ok().filter(|value| !value.is_empty())?;
            Some((name, value))
        })
}

fn is_exempt(url: &Url, no_proxy: &str) -> bool {
    let host = url.host_str().unwrap_or_default();
    no_proxy
        .split(',')
        .map(|entry| entry.trim().trim_start_matches('.'))
        .any(|entry| {
            entry == "*"
                || host == entry
                || host
                    .strip_suffix(entry)
                    .is_some_and(|rest| !entry.is_empty() && rest.ends_with('.'))
        })
}

fn without_password(proxy: &str) -> String {
    match proxy.rsplit_once('@') {
        None => proxy.to_owned(),
        Some((before, host)) => match before.split_once("://") {
            Some((scheme, _)) => format!("{scheme}://{host}"),
            None => host.to_owned(),
        },
    }
}
