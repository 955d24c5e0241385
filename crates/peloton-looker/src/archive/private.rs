//! What is blanked before an answer is written: contact, billing, device serials, tracks.

use std::borrow::Cow;
use std::ops::Range;

use serde::Deserialize;
use serde_json::value::RawValue;

/// Paths of `/api/me` and `/api/user/{id}` that nobody needs for training data.
const PROFILE: &[&[&str]] = &[
    &["email"],
    &["obfuscated_email"],
    &["phone_number"],
    &["can_charge"],
    &["contract_agreements"],
    &["external_music_auth_list"],
    &["facebook_access_token"],
    &["facebook_id"],
    &["hardware_settings"],
    &["referral_code"],
    &["subscription_credits"],
    &["subscription_credits_used"],
    &["paired_devices", "serial_number"],
];
const TRACKS: &[&[&str]] = &[&["location_data"]];

/// What of an answer may be stored.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Privacy {
    /// The setting `store_locations`.
    pub(crate) store_locations: bool,
}

impl Privacy {
    /// The same for a body as it came. One that is no UTF-8 keeps its bytes where there is nothing
    /// private; elsewhere it is blanked as it is read, with the bad bytes replaced.
    pub(crate) fn blank_bytes<'a>(&self, endpoint: &str, body: &'a [u8]) -> Cow<'a, [u8]> {
        match String::from_utf8_lossy(body) {
            Cow::Borrowed(text) => match self.blank(endpoint, text) {
                Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
                Cow::Owned(text) => Cow::Owned(text.into_bytes()),
            },
            Cow::Owned(text) => match self.blank(endpoint, &text) {
                Cow::Borrowed(_) => Cow::Borrowed(body),
                Cow::Owned(text) => Cow::Owned(text.into_bytes()),
            },
        }
    }

    /// The body as it may be written: private values are `null`, everything else is the exact text.
    pub(crate) fn blank<'a>(&self, endpoint: &str, body: &'a str) -> Cow<'a, str> {
        let paths = match endpoint {
            "me" | "user" => PROFILE,
            "workout/performance_graph" if !self.store_locations => TRACKS,
            _ => return Cow::Borrowed(body),
        };
        let mut spans = Vec::new();
        for path in paths {
            collect(body, 0..body.len(), path, &mut spans);
        }
        splice(body, spans)
    }
}

/// Finds the values at `path` inside `span`; arrays on the way are looked through.
fn collect(body: &str, span: Range<usize>, path: &[&str], spans: &mut Vec<Range<usize>>) {
    let Some((name, rest)) = path.split_first() else {
        spans.push(span);
        return;
    };
    let text = &body[span];
    if let Ok(Elements(elements)) = serde_json::from_str(text) {
        for element in elements {
            collect(body, place(body, element), path, spans);
        }
    } else if let Ok(Members(members)) = serde_json::from_str(text) {
        for (_, value) in members.iter().filter(|(member, _)| member == name) {
            collect(body, place(body, value), rest, spans);
        }
    }
}

/// Where a borrowed value lies in the text it was borrowed from.
fn place(body: &str, value: &RawValue) -> Range<usize> {
    let start = value.get().as_ptr().addr() - body.as_ptr().addr();
    start..start + value.get().len()
}

fn splice(body: &str, mut spans: Vec<Range<usize>>) -> Cow<'_, str> {
    if spans.is_empty() {
        return Cow::Borrowed(body);
    }
    spans.sort_by_key(|span| span.start);
    let mut text = String::with_capacity(body.len());
    let mut end = 0;
    for span in spans {
        text.push_str(&body[end..span.start]);
        text.push_str("null");
        end = span.end;
    }
    text.push_str(&body[end..]);
    Cow::Owned(text)
}

#[derive(Deserialize)]
#[serde(transparent)]
struct Elements<'a>(#[serde(borrow)] Vec<&'a RawValue>);

/// Members in their order, also those whose name comes twice.
struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Vec<(Cow<'de, str>, &'de RawValue)>;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(
                self,
                mut map: A,
            ) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(Name(name)) = map.next_key()? {
                    members.push((name, map.next_value()?));
                }
                Ok(members)
            }
        }
        deserializer.deserialize_map(Visitor).map(Members)
    }
}

#[derive(Deserialize)]
#[serde(transparent)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

#[cfg(test)]
mod tests {
    use super::*;

    const CLOSED: Privacy = Privacy {
        store_locations: false,
    };

    #[test]
    fn private_values_go_and_the_rest_stays_to_the_byte() {
        let body =
            "{\"id\": \"a\",\n \"email\" : \"x@example.invalid\", \"w\":1.50,\"em\\u0061il\":2}";
        assert_eq!(
            CLOSED.blank("me", body),
            "{\"id\": \"a\",\n \"email\" : null, \"w\":1.50,\"em\\u0061il\":null}"
        );
    }

    #[test]
    fn a_bad_byte_does_not_open_the_door() {
        let body = b"{\"email\":\"x@example.invalid\",\"name\":\"\xff\"}";
        let blanked = CLOSED.blank_bytes("me", body);
        assert!(!blanked.windows(7).any(|window| window == b"example"));
        assert_eq!(CLOSED.blank_bytes("workout", body), &body[..]);
    }

    #[test]
    fn serials_of_every_device_go() {
        let body =
            r#"{"paired_devices":[{"name":"n","serial_number":"s1"},{"serial_number":"s2"}]}"#;
        assert_eq!(
            CLOSED.blank("me", body),
            r#"{"paired_devices":[{"name":"n","serial_number":null},{"serial_number":null}]}"#
        );
    }

    #[test]
    fn tracks_go_unless_asked_for() {
        let body = r#"{"location_data":[{"coordinates":[{"latitude":-7.1}]}],"duration":60}"#;
        assert_eq!(
            CLOSED.blank("workout/performance_graph", body),
            r#"{"location_data":null,"duration":60}"#
        );
        let open = Privacy {
            store_locations: true,
        };
        assert_eq!(open.blank("workout/performance_graph", body), body);
    }

    #[test]
    fn other_endpoints_are_not_touched() {
        let body = r#"{"email":"x"}"#;
        assert_eq!(CLOSED.blank("workout", body), body);
    }
}
