//! Terms of dates in English.

use super::{DateFilter, DateTerm, Period, counted};
use crate::calendar::TimeUnit;

impl DateFilter {
    pub(in crate::filter) fn describe(&self) -> Option<String> {
        let terms: Vec<_> = self.terms.iter().map(|term| term.describe()).collect();
        (!terms.is_empty()).then(|| terms.join(" or "))
    }
}

impl DateTerm {
    fn describe(self) -> String {
        match self {
            Self::Null => "is null".to_owned(),
            Self::NotNull => "is not null".to_owned(),
            Self::In(period) => period.describe(),
            Self::Before(period) => format!("is before {period}"),
            Self::After(period) => format!("is on or after {period}"),
            Self::Between { start, end } => format!("is from {start} until {end}"),
            Self::For { start, count, unit } => {
                format!("is in the {} from {start}", counted(count, unit))
            }
            Self::Last { count: 1, unit } => Period::This(unit).describe(),
            Self::Last { count, unit } => format!("is in the last {}", counted(count, unit)),
            Self::ThisTo { start, end } => format!("is this {start}, before this {end}"),
        }
    }
}

impl Period {
    fn describe(self) -> String {
        match self {
            Self::Now | Self::Today | Self::Yesterday | Self::Tomorrow => format!("is {self}"),
            Self::Weekday(_) => format!("is on the last {self}"),
            Self::Second(_) | Self::Minute(_) => format!("is at {self}"),
            Self::Day(_) => format!("is on {self}"),
            Self::Month(date) => format!("is in {}", date.strftime("%B %Y")),
            Self::Quarter(_) | Self::FiscalQuarter { .. } | Self::FiscalYear(_) => {
                format!("is in {self}")
            }
            Self::Year(_) => format!("is in the year {self}"),
            Self::This(TimeUnit::Day) => "is today".to_owned(),
            Self::This(_) | Self::Previous(_) | Self::Next(_) => format!("is {self}"),
            Self::Ago { .. } | Self::FromNow { .. } => format!("is {self}"),
        }
    }
}
