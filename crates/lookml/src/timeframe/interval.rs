//! Units in which the time between two times is counted.

use std::fmt;

use super::Unit;

/// An interval of a duration group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "nothing to add")]
pub enum Interval {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl Interval {
    /// All of them, which are also those of a group that names none.
    pub const ALL: &[Interval] = &[
        Interval::Second,
        Interval::Minute,
        Interval::Hour,
        Interval::Day,
        Interval::Week,
        Interval::Month,
        Interval::Quarter,
        Interval::Year,
    ];

    /// The one of a name: `day`.
    pub fn parse(name: &str) -> Option<Self> {
        let mut all = Self::ALL.iter();
        all.find(|interval| interval.word() == name).copied()
    }

    /// The one of a dimension's type: `duration_day`.
    pub fn of_type(name: &str) -> Option<Self> {
        Self::parse(name.strip_prefix("duration_")?)
    }

    /// What a group's field is called: `days_riding`.
    pub fn field_name(self, group: &str) -> String {
        format!("{self}s_{group}")
    }

    /// More than one of it: `days`.
    pub fn plural(self) -> String {
        format!("{self}s")
    }

    /// The unit that is counted.
    pub fn unit(self) -> Unit {
        match self {
            Self::Second => Unit::Second,
            Self::Minute => Unit::Minute,
            Self::Hour => Unit::Hour,
            Self::Day => Unit::Day,
            Self::Week => Unit::Week,
            Self::Month => Unit::Month,
            Self::Quarter => Unit::Quarter,
            Self::Year => Unit::Year,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Second => "second",
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }
}

/// As it is written.
impl fmt::Display for Interval {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::Interval;

    #[test]
    fn each_is_parsed_as_it_is_printed() {
        let names: Vec<_> = Interval::ALL.iter().map(Interval::to_string).collect();
        let expected = "second minute hour day week month quarter year";
        assert_eq!(names.join(" "), expected);
        for interval in Interval::ALL {
            assert_eq!(Interval::parse(&interval.to_string()), Some(*interval));
        }
        assert_eq!(Interval::parse("days"), None);
        assert_eq!(Interval::of_type("duration_day"), Some(Interval::Day));
        assert_eq!(Interval::of_type("duration_date"), None);
        assert_eq!(Interval::of_type("day"), None);
    }

    #[test]
    fn fields_carry_the_plural_first() {
        assert_eq!(Interval::Second.field_name("riding"), "seconds_riding");
        assert_eq!(Interval::Day.field_name("riding"), "days_riding");
    }
}
