//! The values that a query leaves out and a person expects to see.

use jiff::civil::Weekday;

use super::{Timeframe, Truncation};

/// How the gaps of a timeframe are filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fill {
    /// Every step from the smallest to the largest value.
    Range(Truncation),
    /// All values that there are.
    Set(Domain),
}

/// All values of a timeframe that comes again, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Domain {
    /// Numbers.
    Numbers(Vec<u16>),
    /// Texts.
    Texts(Vec<String>),
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl Timeframe {
    /// How its gaps are filled; none where they are not. The days of the week begin with the given one.
    pub fn fill(self, week_start: Weekday) -> Option<Fill> {
        match self {
            Self::Date
            | Self::Week
            | Self::Month
            | Self::Quarter
            | Self::Year
            | Self::Hour
            | Self::Minute
            | Self::FiscalQuarter
            | Self::FiscalYear => self.truncation().map(Fill::Range),
            _ => self.domain(week_start).map(Fill::Set),
        }
    }

    /// Whether its gaps can be filled.
    pub fn is_fillable(self) -> bool {
        self.fill(Weekday::Monday).is_some()
    }

    fn domain(self, week_start: Weekday) -> Option<Domain> {
        let domain = match self {
            Self::YesNo => Domain::of_texts(["No", "Yes"]),
            Self::TimeOfDay => Domain::Texts(times_of_day()),
            Self::HourOfDay => Domain::Numbers((0..24).collect()),
            Self::DayOfWeek => Domain::of_texts(days_from(week_start)),
            Self::DayOfWeekIndex => Domain::Numbers((0..7).collect()),
            Self::WeekOfYear => Domain::Numbers((1..=53).collect()),
            Self::MonthNum | Self::FiscalMonthNum => Domain::Numbers((1..=12).collect()),
            Self::MonthName => Domain::of_texts(MONTHS),
            Self::DayOfMonth => Domain::Numbers((1..=31).collect()),
            Self::QuarterOfYear | Self::FiscalQuarterOfYear => {
                Domain::of_texts(["Q1", "Q2", "Q3", "Q4"])
            }
            Self::DayOfYear => Domain::Numbers((1..=366).collect()),
            _ => return None,
        };
        Some(domain)
    }
}

impl Domain {
    fn of_texts(texts: impl IntoIterator<Item = &'static str>) -> Self {
        Self::Texts(texts.into_iter().map(str::to_owned).collect())
    }
}

fn times_of_day() -> Vec<String> {
    let minutes = (0..24).flat_map(|hour| (0..60).map(move |minute| (hour, minute)));
    minutes
        .map(|(hour, minute)| format!("{hour:02}:{minute:02}"))
        .collect()
}

fn days_from(week_start: Weekday) -> impl Iterator<Item = &'static str> {
    week_start.cycle_forward().take(7).map(day_name)
}

fn day_name(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}
