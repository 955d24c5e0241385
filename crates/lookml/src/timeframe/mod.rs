//! Timeframes of time groups and intervals of duration groups: their names, and what each means for sorting,
//! filtering, filling and truncating.

mod fill;
mod interval;

use std::fmt;

pub use fill::{Domain, Fill};
pub use interval::Interval;

/// One way to look at a time. The numbers are those that [`Timeframe::parse`] knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Timeframe {
    /// The column as it is.
    Raw,
    /// Whether there is a time.
    YesNo,
    /// To the second.
    Time,
    /// `06:30`
    TimeOfDay,
    /// `2026-11-02 06`
    Hour,
    /// 0 to 23.
    HourOfDay,
    /// `hour6`: so many hours at once.
    Hours(u16),
    /// `2026-11-02 06:30`
    Minute,
    /// `minute15`: so many minutes at once.
    Minutes(u16),
    /// To the second.
    Second,
    /// To the thousandth of a second.
    Millisecond,
    /// `millisecond250`: so many at once.
    Milliseconds(u16),
    /// To the millionth of a second.
    Microsecond,
    /// The day.
    Date,
    /// The first day of the week.
    Week,
    /// `Monday`
    DayOfWeek,
    /// 0 is the first day of the week.
    DayOfWeekIndex,
    /// 1 to 53, as ISO counts.
    WeekOfYear,
    /// `2026-11`
    Month,
    /// 1 to 12.
    MonthNum,
    /// `November`
    MonthName,
    /// 1 to 31.
    DayOfMonth,
    /// `2026-10`, the quarter's first month.
    Quarter,
    /// `Q4`
    QuarterOfYear,
    /// 2026.
    Year,
    /// 1 to 366.
    DayOfYear,
    /// 1 is the first month of the fiscal year.
    FiscalMonthNum,
    /// `FY2026-Q3`
    FiscalQuarter,
    /// `Q3`
    FiscalQuarterOfYear,
    /// `FY2026`
    FiscalYear,
}

/// What filters on a timeframe are compared with, and in which language they are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FilterBy {
    /// The raw column: dates and times, whatever the timeframe.
    Date,
    /// The timeframe's own value, a number.
    Number,
    /// The timeframe's own value, a text.
    Text,
    /// The timeframe's own value, yes or no.
    YesNo,
}

/// The beginning of so many units, counted from the beginning of the next greater one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Truncation {
    /// The unit.
    pub unit: Unit,
    /// How many of it, mostly one.
    pub count: u16,
    /// Whether the year begins with the fiscal year's first month.
    pub is_fiscal: bool,
}

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "nothing to add")]
pub enum Unit {
    Microsecond,
    Millisecond,
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl Unit {
    /// As it is written.
    pub fn name(self) -> &'static str {
        match self {
            Self::Microsecond => "microsecond",
            Self::Millisecond => "millisecond",
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

const HOURS: &[u16] = &[2, 3, 4, 6, 8, 12];
const MINUTES: &[u16] = &[2, 3, 4, 5, 6, 10, 12, 15, 20, 30];
const MILLISECONDS: &[u16] = &[2, 4, 5, 8, 10, 20, 25, 40, 50, 100, 125, 200, 250, 500];

/// Those without a number.
const SINGLE: &[Timeframe] = &[
    Timeframe::Raw,
    Timeframe::YesNo,
    Timeframe::Time,
    Timeframe::TimeOfDay,
    Timeframe::Hour,
    Timeframe::HourOfDay,
    Timeframe::Minute,
    Timeframe::Second,
    Timeframe::Millisecond,
    Timeframe::Microsecond,
    Timeframe::Date,
    Timeframe::Week,
    Timeframe::DayOfWeek,
    Timeframe::DayOfWeekIndex,
    Timeframe::WeekOfYear,
    Timeframe::Month,
    Timeframe::MonthNum,
    Timeframe::MonthName,
    Timeframe::DayOfMonth,
    Timeframe::Quarter,
    Timeframe::QuarterOfYear,
    Timeframe::Year,
    Timeframe::DayOfYear,
    Timeframe::FiscalMonthNum,
    Timeframe::FiscalQuarter,
    Timeframe::FiscalQuarterOfYear,
    Timeframe::FiscalYear,
];

impl Timeframe {
    /// Those of a group that names none.
    pub const DEFAULT: &[Timeframe] = &[
        Timeframe::Raw,
        Timeframe::Time,
        Timeframe::Date,
        Timeframe::TimeOfDay,
        Timeframe::Hour,
        Timeframe::HourOfDay,
        Timeframe::Minute,
        Timeframe::Week,
        Timeframe::DayOfWeek,
        Timeframe::DayOfWeekIndex,
        Timeframe::WeekOfYear,
        Timeframe::Month,
        Timeframe::MonthNum,
        Timeframe::MonthName,
        Timeframe::DayOfMonth,
        Timeframe::Quarter,
        Timeframe::QuarterOfYear,
        Timeframe::Year,
        Timeframe::DayOfYear,
    ];

    /// All that may be written.
    pub fn all() -> impl Iterator<Item = Timeframe> {
        let hours = HOURS.iter().copied().map(Timeframe::Hours);
        let minutes = MINUTES.iter().copied().map(Timeframe::Minutes);
        let milliseconds = MILLISECONDS.iter().copied().map(Timeframe::Milliseconds);
        let single = SINGLE.iter().copied();
        single.chain(hours).chain(minutes).chain(milliseconds)
    }

    /// The one of a name: `day_of_week`, `minute15`.
    pub fn parse(name: &str) -> Option<Self> {
        let single = SINGLE.iter().find(|timeframe| timeframe.word() == name);
        single.copied().or_else(|| {
            numbered(name, "hour", HOURS, Self::Hours)
                .or_else(|| numbered(name, "minute", MINUTES, Self::Minutes))
                .or_else(|| numbered(name, "millisecond", MILLISECONDS, Self::Milliseconds))
        })
    }

    /// The one of a dimension's or a measure's type: `date`, `date_time`, `date_week`.
    pub fn of_type(name: &str) -> Option<Self> {
        match name {
            "date" => Some(Self::Date),
            _ => Self::parse(name.strip_prefix("date_")?),
        }
    }

    /// What a group's field is called: `created_week`, and `created` where it says whether there is a time.
    pub fn field_name(self, group: &str) -> String {
        match self {
            Self::YesNo => group.to_owned(),
            _ => format!("{group}_{self}"),
        }
    }

    /// Whether it names points in time and not, like `hour_of_day`, what comes again. The first such dimension
    /// sorts a query that names no sort. Fractions of a second are times too, though Looker's list of them ends
    /// with the second.
    pub fn is_true_timeframe(self) -> bool {
        !matches!(self, Self::Raw) && self.truncation().is_some()
    }

    /// What a filter on it is compared with.
    pub fn filter_by(self) -> FilterBy {
        match self {
            Self::YesNo => FilterBy::YesNo,
            Self::TimeOfDay
            | Self::DayOfWeek
            | Self::MonthName
            | Self::QuarterOfYear
            | Self::FiscalQuarterOfYear => FilterBy::Text,
            Self::Year => FilterBy::Date,
            _ if self.is_numeric() => FilterBy::Number,
            _ => FilterBy::Date,
        }
    }

    /// Whether a filter is compared with what it shows, not with the raw column.
    pub fn filters_own_value(self) -> bool {
        self.filter_by() != FilterBy::Date
    }

    /// The one by which it is sorted, where the order of the texts would be wrong.
    pub fn sort_index(self) -> Option<Self> {
        match self {
            Self::DayOfWeek => Some(Self::DayOfWeekIndex),
            Self::MonthName => Some(Self::MonthNum),
            _ => None,
        }
    }

    /// Whether its values are numbers.
    pub fn is_numeric(self) -> bool {
        matches!(
            self,
            Self::HourOfDay
                | Self::DayOfWeekIndex
                | Self::WeekOfYear
                | Self::MonthNum
                | Self::DayOfMonth
                | Self::Year
                | Self::DayOfYear
                | Self::FiscalMonthNum
        )
    }

    /// Whether it depends on the first month of the fiscal year.
    pub fn is_fiscal(self) -> bool {
        matches!(
            self,
            Self::FiscalMonthNum
                | Self::FiscalQuarter
                | Self::FiscalQuarterOfYear
                | Self::FiscalYear
        )
    }

    /// What it cuts off of a time. None for the raw column, and for what comes again.
    pub fn truncation(self) -> Option<Truncation> {
        let (unit, count) = match self {
            Self::Microsecond => (Unit::Microsecond, 1),
            Self::Millisecond => (Unit::Millisecond, 1),
            Self::Milliseconds(count) => (Unit::Millisecond, count),
            Self::Second | Self::Time => (Unit::Second, 1),
            Self::Minute => (Unit::Minute, 1),
            Self::Minutes(count) => (Unit::Minute, count),
            Self::Hour => (Unit::Hour, 1),
            Self::Hours(count) => (Unit::Hour, count),
            Self::Date => (Unit::Day, 1),
            Self::Week => (Unit::Week, 1),
            Self::Month => (Unit::Month, 1),
            Self::Quarter | Self::FiscalQuarter => (Unit::Quarter, 1),
            Self::Year | Self::FiscalYear => (Unit::Year, 1),
            _ => return None,
        };
        Some(Truncation {
            unit,
            count,
            is_fiscal: self.is_fiscal(),
        })
    }

    /// The name, without the number.
    fn word(self) -> &'static str {
        match self {
            Self::Raw => "raw",
            Self::YesNo => "yesno",
            Self::Time => "time",
            Self::TimeOfDay => "time_of_day",
            Self::Hour | Self::Hours(_) => "hour",
            Self::HourOfDay => "hour_of_day",
            Self::Minute | Self::Minutes(_) => "minute",
            Self::Second => "second",
            Self::Millisecond | Self::Milliseconds(_) => "millisecond",
            Self::Microsecond => "microsecond",
            Self::Date => "date",
            Self::Week => "week",
            Self::DayOfWeek => "day_of_week",
            Self::DayOfWeekIndex => "day_of_week_index",
            Self::WeekOfYear => "week_of_year",
            Self::Month => "month",
            Self::MonthNum => "month_num",
            Self::MonthName => "month_name",
            Self::DayOfMonth => "day_of_month",
            Self::Quarter => "quarter",
            Self::QuarterOfYear => "quarter_of_year",
            Self::Year => "year",
            Self::DayOfYear => "day_of_year",
            Self::FiscalMonthNum => "fiscal_month_num",
            Self::FiscalQuarter => "fiscal_quarter",
            Self::FiscalQuarterOfYear => "fiscal_quarter_of_year",
            Self::FiscalYear => "fiscal_year",
        }
    }
}

/// A name with one of the numbers, as it is printed: `minute05` is none.
fn numbered(
    name: &str,
    word: &str,
    numbers: &[u16],
    timeframe: fn(u16) -> Timeframe,
) -> Option<Timeframe> {
    let written = name.strip_prefix(word)?;
    let number = written.parse().ok()?;
    let is_legal = numbers.contains(&number) && written == number.to_string();
    is_legal.then(|| timeframe(number))
}

/// As it is written.
impl fmt::Display for Timeframe {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.word())?;
        match self {
            Self::Hours(count) | Self::Minutes(count) | Self::Milliseconds(count) => {
                write!(formatter, "{count}")
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
