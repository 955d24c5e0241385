//! The parameters of LookML, as one table: which there are in which block, what their values look like, and what
//! they do here. Files are checked by it, and `docs/coverage.md` is made from it.

mod coverage;
mod explore;
mod field;
mod file;
mod types;
mod view;

use std::fmt;

pub use coverage::coverage;
pub use explore::{EXPLORE, JOIN};
pub use field::{DIMENSION, DIMENSION_GROUP, FIELDS, FILTER, FILTER_BLOCK, MEASURE, PARAMETER};
pub use file::{FILE, MANIFEST};
pub use types::FieldType;
pub(crate) use view::PERSISTENCE;
pub use view::{DERIVED_TABLE, EXPLORE_SOURCE, VIEW};

/// A kind of block, such as a view or a link.
#[derive(Debug)]
pub struct Kind {
    /// The key before it, where it has one: `dimension_group`.
    pub name: &'static str,
    /// What stands between key and brace.
    pub naming: Naming,
    /// What may stand in it, in groups that kinds share.
    pub groups: &'static [&'static [Parameter]],
    /// The types of a kind of field; empty for all else.
    pub types: &'static [FieldType],
}

/// What stands between the key of a block and its brace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Naming {
    /// Nothing.
    None,
    /// The name of what the block declares. It should be in snake case.
    Declared,
    /// Likewise, in capitals too.
    AnyCase,
    /// The name of something else.
    Reference,
}

/// A parameter of a kind of block.
#[derive(Debug, Clone, Copy)]
pub struct Parameter {
    /// Its key.
    pub key: &'static str,
    /// What its value looks like.
    pub shape: Shape,
    /// What the specification promises.
    pub promised: Level,
    /// What it does here.
    pub reached: Level,
    /// Whether it may stand in a block more than once.
    pub repeats: bool,
    /// The types of a field with which it means something.
    pub types: Types,
    /// Whether it may be left out.
    pub need: Need,
}

/// What the value of a parameter looks like.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// A string; one without quotes is as good.
    Text,
    /// The name of something.
    Name,
    /// Raw text up to `;;`.
    Expression,
    /// `yes` or `no`.
    YesNo,
    /// A whole number, perhaps with a sign.
    Integer,
    /// A number.
    Number,
    /// One of a few words.
    Choice(&'static [&'static str]),
    /// One of the types of that kind of field.
    Type,
    /// A list of names, perhaps with a minus or a star.
    Names,
    /// A list of texts.
    Texts,
    /// A list of numbers.
    Numbers,
    /// A list of timeframes.
    Timeframes,
    /// A list of intervals.
    Intervals,
    /// `[field: "expression"]`, or blocks with `field` and `value`.
    Filters,
    /// `[field: desc]`
    Sorts,
    /// A block.
    Block(&'static Kind),
    /// Anything: what is in it is Looker's own business.
    Any,
}

/// What a parameter does. The order is that of the specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// It changes the SQL, the result or the page.
    Run,
    /// It is shown.
    Show,
    /// It is read and changes nothing.
    Accept,
    /// A query that needs it fails with a message that says so.
    Unsupported,
}

/// The types of a field with which a parameter means something. A star stands for a timeframe or an interval.
#[derive(Debug, Clone, Copy)]
pub enum Types {
    /// All of them.
    All,
    /// These.
    Only(&'static [&'static str]),
    /// All but these.
    Except(&'static [&'static str]),
    /// All; with these it is passed over.
    IgnoredFor(&'static [&'static str]),
    /// All; with others than these it is passed over.
    IgnoredUnless(&'static [&'static str]),
}

/// Whether a parameter may be left out.
#[derive(Debug, Clone, Copy)]
pub enum Need {
    /// It may.
    Optional,
    /// It has to be there.
    Required,
    /// It has to be there in fields of these types.
    RequiredFor(&'static [&'static str]),
    /// It has to be there in fields of some types, and should be in fields of others.
    RequiredOrExpectedFor {
        /// Where it has to be there.
        required: &'static [&'static str],
        /// Where it should be.
        expected: &'static [&'static str],
    },
}

impl Kind {
    /// What may stand in such a block.
    pub fn parameters(&self) -> impl Iterator<Item = &'static Parameter> + Clone + use<> {
        self.groups.iter().copied().flatten()
    }

    /// The parameter of a key.
    pub fn parameter(&self, key: &str) -> Option<&'static Parameter> {
        self.parameters().find(|parameter| parameter.key == key)
    }

    /// Whether it is a kind of field.
    pub fn is_field(&self) -> bool {
        !self.types.is_empty()
    }
}

impl Parameter {
    /// Key, value, what is promised, what is reached.
    const fn new(key: &'static str, shape: Shape, promised: Level, reached: Level) -> Self {
        Self {
            key,
            shape,
            promised,
            reached,
            repeats: false,
            types: Types::All,
            need: Need::Optional,
        }
    }

    const fn repeated(mut self) -> Self {
        self.repeats = true;
        self
    }

    const fn only(mut self, types: &'static [&'static str]) -> Self {
        self.types = Types::Only(types);
        self
    }

    const fn except(mut self, types: &'static [&'static str]) -> Self {
        self.types = Types::Except(types);
        self
    }

    const fn ignored_for(mut self, types: &'static [&'static str]) -> Self {
        self.types = Types::IgnoredFor(types);
        self
    }

    const fn ignored_unless(mut self, types: &'static [&'static str]) -> Self {
        self.types = Types::IgnoredUnless(types);
        self
    }

    const fn required(mut self) -> Self {
        self.need = Need::Required;
        self
    }

    const fn required_for(mut self, types: &'static [&'static str]) -> Self {
        self.need = Need::RequiredFor(types);
        self
    }

    const fn required_or_expected_for(
        mut self,
        required: &'static [&'static str],
        expected: &'static [&'static str],
    ) -> Self {
        self.need = Need::RequiredOrExpectedFor { required, expected };
        self
    }
}

impl Level {
    /// All of them.
    pub const ALL: &[Self] = &[Self::Run, Self::Show, Self::Accept, Self::Unsupported];

    /// The letter that the specification has for it.
    pub fn letter(self) -> char {
        match self {
            Self::Run => 'R',
            Self::Show => 'S',
            Self::Accept => 'A',
            Self::Unsupported => 'U',
        }
    }

    /// What it means, one line.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Run => "changes the SQL, the result or the page",
            Self::Show => "is shown",
            Self::Accept => "is read and changes nothing",
            Self::Unsupported => "fails with a message where a query needs it",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.letter())
    }
}

/// What a person has to write: `yes or no`, `a list of names`.
impl fmt::Display for Shape {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text => formatter.write_str("a text"),
            Self::Name => formatter.write_str("a name"),
            Self::Expression => formatter.write_str("an expression"),
            Self::YesNo => formatter.write_str("`yes` or `no`"),
            Self::Integer => formatter.write_str("a whole number"),
            Self::Number => formatter.write_str("a number"),
            Self::Choice(words) => write_choice(formatter, words),
            Self::Type => formatter.write_str("a type"),
            Self::Names => formatter.write_str("a list of names"),
            Self::Texts => formatter.write_str("a list of texts"),
            Self::Numbers => formatter.write_str("a list of numbers"),
            Self::Timeframes => formatter.write_str("a list of timeframes"),
            Self::Intervals => formatter.write_str("a list of intervals"),
            Self::Filters => formatter.write_str("filters"),
            Self::Sorts => formatter.write_str("sorts"),
            Self::Block(kind) if kind.naming == Naming::None => formatter.write_str("a block"),
            Self::Block(_) => formatter.write_str("a name and a block"),
            Self::Any => formatter.write_str("anything"),
        }
    }
}

/// Every kind of block, each before those that stand in it.
pub fn kinds() -> Vec<&'static Kind> {
    let mut kinds: Vec<&'static Kind> = Vec::new();
    let mut open = vec![&FILE, &MANIFEST];
    while let Some(kind) = open.pop() {
        if kinds.iter().any(|known| std::ptr::eq(*known, kind)) {
            continue;
        }
        kinds.push(kind);
        let blocks = kind
            .parameters()
            .filter_map(|parameter| match parameter.shape {
                Shape::Block(kind) => Some(kind),
                _ => None,
            });
        let blocks: Vec<_> = blocks.collect();
        open.extend(blocks.into_iter().rev());
    }
    kinds
}

/// `a`, `b` or `c`.
fn write_choice(formatter: &mut fmt::Formatter<'_>, words: &[&str]) -> fmt::Result {
    let last = words.len().saturating_sub(1);
    for (at, word) in words.iter().enumerate() {
        let before = match at {
            0 => "",
            _ if at == last => " or ",
            _ => ", ",
        };
        write!(formatter, "{before}`{word}`")?;
    }
    Ok(())
}

impl Types {
    /// Whether the parameter means something in a field of that type.
    pub fn contains(self, type_name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(types) | Self::IgnoredUnless(types) => types::is_among(type_name, types),
            Self::Except(types) | Self::IgnoredFor(types) => !types::is_among(type_name, types),
        }
    }
}

impl Need {
    /// Whether a field of that type can't do without.
    pub fn is_required_for(self, type_name: &str) -> bool {
        match self {
            Self::Optional => false,
            Self::Required => true,
            Self::RequiredFor(required) | Self::RequiredOrExpectedFor { required, .. } => {
                types::is_among(type_name, required)
            }
        }
    }

    /// Whether a field of that type should have it.
    pub fn is_expected_for(self, type_name: &str) -> bool {
        match self {
            Self::RequiredOrExpectedFor { expected, .. } => types::is_among(type_name, expected),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests;
