//! Values that may be missing or of the wrong kind, without costing their neighbours.

use std::marker::PhantomData;

use serde::de::{DeserializeOwned, Error as _, MapAccess, Visitor, value::MapAccessDeserializer};
use serde::ser::SerializeSeq;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use super::unreadable::serialize_unreadable;

/// Longest piece of an offending text that is kept, in characters.
const EXCERPT: usize = 200;

/// A value of an object as Peloton sent it.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Field<T> {
    /// Absent or null.
    #[default]
    Missing,
    /// As it should be.
    Value(T),
    /// Of another kind, or out of range: the first 200 characters of its JSON text.
    Unreadable(String),
}

impl<T> Field<T> {
    /// The value, when there is one that can be read.
    pub fn get(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Missing | Self::Unreadable(_) => None,
        }
    }

    /// Whether it is absent or null.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Missing)
    }

    /// The offending text of a value that can't be read.
    pub fn unreadable(&self) -> Option<&str> {
        match self {
            Self::Unreadable(text) => Some(text),
            Self::Missing | Self::Value(_) => None,
        }
    }

    /// The same for a borrowed value.
    pub fn as_ref(&self) -> Field<&T> {
        match self {
            Self::Missing => Field::Missing,
            Self::Value(value) => Field::Value(value),
            Self::Unreadable(text) => Field::Unreadable(text.clone()),
        }
    }
}

impl<T: std::ops::Deref> Field<T> {
    /// The value as what it dereferences to: `&str` of a `String`.
    pub fn as_deref(&self) -> Option<&T::Target> {
        self.get().map(|value| &**value)
    }
}

impl Field<Int> {
    /// The whole number.
    pub fn int(&self) -> Option<i64> {
        self.get().map(|int| int.0)
    }
}

impl Field<f64> {
    /// The number.
    pub fn float(&self) -> Option<f64> {
        self.get().copied()
    }
}

impl<T> From<Option<T>> for Field<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Missing, Self::Value)
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?.get();
        Ok(match raw {
            "null" => Self::Missing,
            _ => value(raw).map_or_else(|| Self::Unreadable(excerpt(raw)), Self::Value),
        })
    }
}

impl<T: Serialize> Serialize for Field<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Missing => serializer.serialize_none(),
            Self::Value(value) => value.serialize(serializer),
            Self::Unreadable(text) => serialize_unreadable(text, 1, serializer),
        }
    }
}

/// Reads a value that is no array: serde takes one for the fields of a struct in their order, and no
/// field or element of ours is an array.
fn value<T: DeserializeOwned>(raw: &str) -> Option<T> {
    if raw.starts_with('[') {
        None
    } else {
        serde_json::from_str(raw).ok()
    }
}

/// Reads an object that Peloton writes as `[]` when it is empty.
pub(super) fn object_or_empty_array<'de, D, T>(deserializer: D) -> Result<Field<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    Ok(match Field::deserialize(deserializer)? {
        Field::Unreadable(text) if text.strip_prefix('[').map(str::trim_start) == Some("]") => {
            Field::Missing
        }
        field => field,
    })
}

/// A whole number; `5.0` is one too, since numbers switch between int and float over time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Int(pub i64);

/// 2^53: the largest magnitude up to which every whole float is exact.
const EXACT: f64 = 9_007_199_254_740_992.0;

impl<'de> Deserialize<'de> for Int {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Whole;
        impl Visitor<'_> for Whole {
            type Value = Int;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("a whole number")
            }

            fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Int, E> {
                Ok(Int(number))
            }

            fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Int, E> {
                i64::try_from(number).map(Int).map_err(E::custom)
            }

            fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Int, E> {
                if number.fract() == 0.0 && number.abs() <= EXACT {
                    Ok(Int(number as i64))
                } else {
                    Err(E::custom("not a whole number"))
                }
            }
        }
        deserializer.deserialize_any(Whole)
    }
}

/// An array: also `null`, absent, or the `{}` that Peloton writes for an empty one. Elements of
/// another kind are kept out of the way.
#[derive(Debug, Clone, PartialEq)]
pub struct List<T> {
    /// The elements that could be read, in order.
    pub items: Vec<T>,
    /// Excerpts of those that couldn't; of the whole when it isn't an array.
    pub unreadable: Vec<String>,
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            unreadable: Vec::new(),
        }
    }
}

impl<T> List<T> {
    /// The readable elements.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.items.iter()
    }

    /// Whether no element could be read.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

impl<'a, T> IntoIterator for &'a List<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?.get();
        let mut list = Self::default();
        match raw.as_bytes().first() {
            Some(b'n') => {}
            Some(b'{') if raw[1..].trim_start() == "}" => {}
            Some(b'[') => {
                let elements: Vec<&RawValue> =
                    serde_json::from_str(raw).map_err(D::Error::custom)?;
                for element in elements {
                    list.push(element.get());
                }
            }
            _ => list.unreadable.push(excerpt(raw)),
        }
        Ok(list)
    }
}

impl<T: Serialize> Serialize for List<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        for item in &self.items {
            list.serialize_element(item)?;
        }
        for text in &self.unreadable {
            list.serialize_element(&Field::<()>::Unreadable(text.clone()))?;
        }
        list.end()
    }
}

impl<T: DeserializeOwned> List<T> {
    fn push(&mut self, raw: &str) {
        match value(raw) {
            Some(item) => self.items.push(item),
            None => self.unreadable.push(excerpt(raw)),
        }
    }
}

/// A list of objects read in one pass, for the long answers: like [`List`], but the elements are read
/// where they stand instead of twice.
pub(super) fn objects<'de, D, T>(deserializer: D) -> Result<List<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_any(Objects(PhantomData))
}

struct Objects<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Objects<T> {
    type Value = List<T>;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("an array of objects")
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<List<T>, E> {
        Ok(List::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<List<T>, A::Error> {
        let mut list = List::default();
        while let Some((key, _)) = map.next_entry::<String, serde::de::IgnoredAny>()? {
            list.unreadable.push(excerpt(&key));
        }
        Ok(list)
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<List<T>, A::Error> {
        let mut list = List::default();
        while let Some(element) = seq.next_element::<Element<T>>()? {
            match element {
                Element::Object(item) => list.items.push(item),
                Element::Other(text) => list.unreadable.push(text),
            }
        }
        Ok(list)
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<List<T>, E> {
        Ok(not_an_array(value))
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<List<T>, E> {
        Ok(not_an_array(value))
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<List<T>, E> {
        Ok(not_an_array(value))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<List<T>, E> {
        Ok(not_an_array(value))
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<List<T>, E> {
        Ok(not_an_array(value))
    }
}

fn not_an_array<T>(value: impl ToString) -> List<T> {
    List {
        items: Vec::new(),
        unreadable: vec![excerpt(&value.to_string())],
    }
}

enum Element<T> {
    Object(T),
    Other(String),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Element<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(One(PhantomData))
    }
}

struct One<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for One<T> {
    type Value = Element<T>;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Element<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Element::Object)
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<Element<T>, A::Error> {
        while seq.next_element::<serde::de::IgnoredAny>()?.is_some() {}
        Ok(Element::Other("an array".into()))
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Element<T>, E> {
        Ok(Element::Other("null".into()))
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<Element<T>, E> {
        Ok(Element::Other(value.to_string()))
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Element<T>, E> {
        Ok(Element::Other(value.to_string()))
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Element<T>, E> {
        Ok(Element::Other(value.to_string()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Element<T>, E> {
        Ok(Element::Other(value.to_string()))
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Element<T>, E> {
        Ok(Element::Other(excerpt(value)))
    }
}

/// The first 200 characters.
pub(super) fn excerpt(text: &str) -> String {
    text.chars().take(EXCERPT).collect()
}
