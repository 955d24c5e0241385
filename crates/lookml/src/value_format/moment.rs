//! A section for dates, times of day and durations.

use jiff::civil::{Date, DateTime, Time, date};

use super::Decimal;

/// The day zero of spreadsheets.
const DAY_ZERO: Date = date(1899, 12, 30);
const SECONDS_A_DAY: u32 = 86_400;

/// One section, read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct MomentFormat {
    pub(super) parts: Vec<MomentPart>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum MomentPart {
    Literal(String),
    /// `yy` or `yyyy`
    Year {
        width: usize,
    },
    /// One or two digits, then the short name, the name, its first letter.
    Month {
        width: usize,
    },
    /// One or two digits, then the short name and the name of the weekday.
    Day {
        width: usize,
    },
    Hour {
        width: usize,
    },
    Minute {
        width: usize,
    },
    Second {
        width: usize,
    },
    /// `.000` behind the seconds.
    Fraction {
        width: usize,
    },
    /// `[h]`, `[m]`, `[s]`: everything, however long.
    Elapsed {
        seconds: u32,
        width: usize,
    },
    /// `AM/PM`, or `A/P`: one letter.
    HalfDay {
        letters: usize,
    },
}

/// A point in time or a duration, cut into what is shown.
struct Moment {
    datetime: DateTime,
    /// Since the day zero.
    seconds: i64,
    /// Decimals of the second, as many as are shown.
    fraction: i64,
}

impl MomentFormat {
    /// Whether it shows a date, so that a number is a day and not a duration.
    pub(super) fn has_calendar(&self) -> bool {
        self.parts.iter().any(|part| {
            matches!(
                part,
                MomentPart::Year { .. } | MomentPart::Month { .. } | MomentPart::Day { .. }
            )
        })
    }

    /// A number of days; nothing where that is beyond the calendar. The seconds are rounded.
    pub(super) fn show_days(&self, days: &Decimal) -> Option<String> {
        let width = self.fraction_width();
        let units = days.clone().times(SECONDS_A_DAY).shifted(width).rounded(0);
        let units = units.to_i64()?;
        let unit = 10_i64.checked_pow(u32::try_from(width).ok()?)?;
        let seconds = units.div_euclid(unit);
        let datetime = DAY_ZERO
            .to_datetime(Time::midnight())
            .checked_add(jiff::SignedDuration::from_secs(seconds))
            .ok()?;
        let fraction = units.rem_euclid(unit);
        Some(self.show(&Moment {
            datetime,
            seconds,
            fraction,
        }))
    }

    /// A time of the calendar. The seconds are not rounded: it never shows a time that was not reached.
    pub(super) fn show_datetime(&self, datetime: DateTime) -> Option<String> {
        let zero = DAY_ZERO.to_datetime(Time::midnight());
        let width = u32::try_from(9 - self.fraction_width()).ok()?;
        let nanoseconds = i64::from(datetime.subsec_nanosecond());
        let fraction = nanoseconds / 10_i64.checked_pow(width)?;
        let whole = datetime.duration_since(zero).as_secs();
        // Before the day zero the seconds count towards it.
        let is_before = datetime < zero && nanoseconds > 0;
        Some(self.show(&Moment {
            datetime,
            seconds: whole - i64::from(is_before),
            fraction,
        }))
    }

    fn fraction_width(&self) -> i64 {
        let widths = self.parts.iter().map(|part| match part {
            MomentPart::Fraction { width } => i64::try_from(*width).unwrap_or_default(),
            _ => 0,
        });
        widths.max().unwrap_or_default().min(9)
    }

    fn show(&self, moment: &Moment) -> String {
        let has_half_days = self
            .parts
            .iter()
            .any(|part| matches!(part, MomentPart::HalfDay { .. }));
        let hour = match (moment.datetime.hour(), has_half_days) {
            (hour, false) => hour,
            (0 | 12, true) => 12,
            (hour, true) => hour % 12,
        };
        let mut out = String::new();
        for part in &self.parts {
            out.push_str(&part.show(moment, hour));
        }
        out
    }
}

impl MomentPart {
    fn show(&self, moment: &Moment, hour: i8) -> String {
        let datetime = moment.datetime;
        let padded = |value: i64, width: usize| format!("{value:0width$}");
        let short = |value: i8, width: usize| padded(i64::from(value), width.min(2));
        match self {
            Self::Literal(text) => text.clone(),
            Self::Year { width: 0..=2 } => padded(i64::from(datetime.year()).rem_euclid(100), 2),
            Self::Year { .. } => padded(i64::from(datetime.year()), 4),
            Self::Month { width: 3 } => datetime.strftime("%b").to_string(),
            Self::Month { width: 4 } => datetime.strftime("%B").to_string(),
            Self::Month { width: 5.. } => datetime
                .strftime("%b")
                .to_string()
                .chars()
                .take(1)
                .collect(),
            Self::Month { width } => short(datetime.month(), *width),
            Self::Day { width: 3 } => datetime.strftime("%a").to_string(),
            Self::Day { width: 4.. } => datetime.strftime("%A").to_string(),
            Self::Day { width } => short(datetime.day(), *width),
            Self::Hour { width } => short(hour, *width),
            Self::Minute { width } => short(datetime.minute(), *width),
            Self::Second { width } => short(datetime.second(), *width),
            Self::Fraction { width } => format!(".{}", padded(moment.fraction, *width)),
            Self::Elapsed { seconds, width } => {
                padded(moment.seconds.div_euclid(i64::from(*seconds)), *width)
            }
            Self::HalfDay { letters } => {
                let half = if datetime.hour() < 12 { "AM" } else { "PM" };
                half.chars().take(*letters).collect()
            }
        }
    }
}
