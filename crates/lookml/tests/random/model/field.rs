//! The fields of a view.

use crate::model::expression::{Expr, FieldName};
use crate::model::filter::Filter;

#[derive(Debug, Clone)]
pub(crate) struct Dimension {
    pub name: String,
    pub kind: DimensionKind,
    pub primary_key: bool,
    pub order_by: Option<String>,
    pub required: Vec<String>,
    pub allow_fill: bool,
    pub case_sensitive: Option<bool>,
    /// The name of the time group it is a part of.
    pub group: Option<String>,
    /// The name that it had once.
    pub old_name: Option<String>,
    pub grants: Vec<&'static str>,
}

#[derive(Debug, Clone)]
pub(crate) enum DimensionKind {
    Text(Expr),
    Number(Expr),
    YesNo(Expr),
    Tier(Tier),
    Case(Case),
    Time(Frame, TimeSource),
    Duration(Unit, Expr, Expr),
    /// Latitude and longitude.
    Location(Expr, Expr),
}

#[derive(Debug, Clone)]
pub(crate) struct Tier {
    pub style: TierStyle,
    pub bounds: Vec<f64>,
    pub of: Expr,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TierStyle {
    Classic,
    Interval,
    Integer,
    Relational,
}

#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub arms: Vec<(Expr, String)>,
    pub other: Option<String>,
    pub alpha_sort: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct TimeSource {
    pub of: Expr,
    pub datatype: Datatype,
    pub convert_tz: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Datatype {
    Timestamp,
    Datetime,
    Date,
    Epoch,
    Yyyymmdd,
}

impl Datatype {
    /// Whether a value is a whole day, which no time zone moves.
    pub(crate) fn is_day(self) -> bool {
        matches!(self, Datatype::Date | Datatype::Yyyymmdd)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Datatype::Timestamp => "timestamp",
            Datatype::Datetime => "datetime",
            Datatype::Date => "date",
            Datatype::Epoch => "epoch",
            Datatype::Yyyymmdd => "yyyymmdd",
        }
    }
}

/// A timeframe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Frame {
    Raw,
    YesNo,
    Time,
    Date,
    Week,
    Month,
    Quarter,
    Year,
    /// `hour`, or with a number more than 1 `hour2` and so on.
    Hour(i8),
    Minute(i8),
    Second,
    TimeOfDay,
    HourOfDay,
    DayOfWeek,
    DayOfWeekIndex,
    DayOfMonth,
    DayOfYear,
    WeekOfYear,
    MonthNum,
    MonthName,
    QuarterOfYear,
    FiscalMonthNum,
    FiscalQuarter,
    FiscalQuarterOfYear,
    FiscalYear,
}

/// Those that a group without a list has.
pub(crate) const DEFAULT_FRAMES: [Frame; 19] = [
    Frame::Raw,
    Frame::Time,
    Frame::Date,
    Frame::TimeOfDay,
    Frame::Hour(1),
    Frame::HourOfDay,
    Frame::Minute(1),
    Frame::Week,
    Frame::DayOfWeek,
    Frame::DayOfWeekIndex,
    Frame::WeekOfYear,
    Frame::Month,
    Frame::MonthNum,
    Frame::MonthName,
    Frame::DayOfMonth,
    Frame::Quarter,
    Frame::QuarterOfYear,
    Frame::Year,
    Frame::DayOfYear,
];

impl Frame {
    pub(crate) fn name(self) -> String {
        let fixed = match self {
            Frame::Hour(hours) if hours > 1 => return format!("hour{hours}"),
            Frame::Minute(minutes) if minutes > 1 => return format!("minute{minutes}"),
            Frame::Hour(_) => "hour",
            Frame::Minute(_) => "minute",
            Frame::Raw => "raw",
            Frame::YesNo => "yesno",
            Frame::Time => "time",
            Frame::Date => "date",
            Frame::Week => "week",
            Frame::Month => "month",
            Frame::Quarter => "quarter",
            Frame::Year => "year",
            Frame::Second => "second",
            Frame::TimeOfDay => "time_of_day",
            Frame::HourOfDay => "hour_of_day",
            Frame::DayOfWeek => "day_of_week",
            Frame::DayOfWeekIndex => "day_of_week_index",
            Frame::DayOfMonth => "day_of_month",
            Frame::DayOfYear => "day_of_year",
            Frame::WeekOfYear => "week_of_year",
            Frame::MonthNum => "month_num",
            Frame::MonthName => "month_name",
            Frame::QuarterOfYear => "quarter_of_year",
            Frame::FiscalMonthNum => "fiscal_month_num",
            Frame::FiscalQuarter => "fiscal_quarter",
            Frame::FiscalQuarterOfYear => "fiscal_quarter_of_year",
            Frame::FiscalYear => "fiscal_year",
        };
        fixed.to_owned()
    }

    /// Whether it names a point in time: such a dimension sorts first, latest on top.
    pub(crate) fn is_true_timeframe(self) -> bool {
        matches!(
            self,
            Frame::Time
                | Frame::Date
                | Frame::Week
                | Frame::Month
                | Frame::Quarter
                | Frame::Year
                | Frame::Hour(_)
                | Frame::Minute(_)
                | Frame::Second
                | Frame::FiscalQuarter
                | Frame::FiscalYear
        )
    }

    /// Whether a filter is one on the time itself, not on the value that is shown.
    pub(crate) fn filters_time(self) -> bool {
        self.is_true_timeframe() || self == Frame::Raw
    }

    /// Whether a filter on the value that is shown is a string filter, not a number filter.
    pub(crate) fn filters_text(self) -> bool {
        matches!(
            self,
            Frame::DayOfWeek
                | Frame::MonthName
                | Frame::QuarterOfYear
                | Frame::FiscalQuarterOfYear
                | Frame::TimeOfDay
        )
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
    FiscalQuarter,
    FiscalYear,
}

impl Unit {
    pub(crate) const INTERVALS: [Unit; 8] = [
        Unit::Second,
        Unit::Minute,
        Unit::Hour,
        Unit::Day,
        Unit::Week,
        Unit::Month,
        Unit::Quarter,
        Unit::Year,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Unit::Second => "second",
            Unit::Minute => "minute",
            Unit::Hour => "hour",
            Unit::Day => "day",
            Unit::Week => "week",
            Unit::Month => "month",
            Unit::Quarter => "quarter",
            Unit::Year => "year",
            Unit::FiscalQuarter => "fiscal quarter",
            Unit::FiscalYear => "fiscal year",
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct TimeGroup {
    pub name: String,
    /// None where the list is left out.
    pub frames: Option<Vec<Frame>>,
    pub source: TimeSource,
    pub grants: Vec<&'static str>,
}

impl TimeGroup {
    pub(crate) fn parts(&self) -> Vec<Dimension> {
        let frames = self
            .frames
            .clone()
            .unwrap_or_else(|| DEFAULT_FRAMES.to_vec());
        frames
            .into_iter()
            .map(|frame| self.dimension(frame))
            .collect()
    }

    pub(crate) fn part(&self, name: &str) -> Option<Dimension> {
        self.parts().into_iter().find(|part| part.name == name)
    }

    fn dimension(&self, frame: Frame) -> Dimension {
        let name = match frame {
            Frame::YesNo => self.name.clone(),
            _ => format!("{}_{}", self.name, frame.name()),
        };
        let kind = DimensionKind::Time(frame, self.source.clone());
        Dimension {
            group: Some(self.name.clone()),
            grants: self.grants.clone(),
            ..Dimension::new(&name, kind)
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct DurationGroup {
    pub name: String,
    pub intervals: Option<Vec<Unit>>,
    pub start: Expr,
    pub end: Expr,
}

impl DurationGroup {
    pub(crate) fn parts(&self) -> Vec<Dimension> {
        let units = self
            .intervals
            .clone()
            .unwrap_or_else(|| Unit::INTERVALS.to_vec());
        units.into_iter().map(|unit| self.dimension(unit)).collect()
    }

    pub(crate) fn part(&self, name: &str) -> Option<Dimension> {
        self.parts().into_iter().find(|part| part.name == name)
    }

    fn dimension(&self, unit: Unit) -> Dimension {
        let kind = DimensionKind::Duration(unit, self.start.clone(), self.end.clone());
        Dimension::new(&format!("{}s_{}", unit.name(), self.name), kind)
    }
}

impl Dimension {
    pub(crate) fn text(name: &str, of: Expr) -> Dimension {
        Dimension::new(name, DimensionKind::Text(of))
    }

    pub(crate) fn number(name: &str, of: Expr) -> Dimension {
        Dimension::new(name, DimensionKind::Number(of))
    }

    pub(crate) fn yes_no(name: &str, of: Expr) -> Dimension {
        Dimension::new(name, DimensionKind::YesNo(of))
    }

    pub(crate) fn new(name: &str, kind: DimensionKind) -> Dimension {
        Dimension {
            name: name.to_owned(),
            kind,
            primary_key: false,
            order_by: None,
            required: Vec::new(),
            allow_fill: true,
            case_sensitive: None,
            group: None,
            old_name: None,
            grants: Vec::new(),
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Measure {
    pub name: String,
    pub kind: MeasureKind,
    pub filters: Vec<(FieldName, Filter)>,
    /// The name that it had once.
    pub old_name: Option<String>,
    pub grants: Vec<&'static str>,
}

#[derive(Debug, Clone)]
pub(crate) enum MeasureKind {
    Count,
    CountDistinct(Expr),
    Sum(Expr),
    Average(Expr),
    Min(Expr),
    Max(Expr),
    /// 50 is written as a median.
    Percentile(i64, Expr),
    List(String),
    /// The aggregate over the first row of each key: of the view's, if none is given.
    Distinct(DistinctKind, Expr, Option<Expr>),
    Number(Expr),
    YesNo(Expr),
    Text(Expr),
    Time(Frame, Expr),
    RunningTotal(String, Option<Direction>),
    PercentOfTotal(String, Option<Direction>),
    PercentOfPrevious(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DistinctKind {
    Sum,
    Average,
    Percentile(i64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Row,
    Column,
}

impl Measure {
    pub(crate) fn new(name: &str, kind: MeasureKind) -> Measure {
        Measure {
            name: name.to_owned(),
            kind,
            filters: Vec::new(),
            old_name: None,
            grants: Vec::new(),
        }
    }

    /// The measure that this one is computed from after the query.
    pub(crate) fn post_query_of(&self) -> Option<&str> {
        match &self.kind {
            MeasureKind::RunningTotal(of, _)
            | MeasureKind::PercentOfTotal(of, _)
            | MeasureKind::PercentOfPrevious(of) => Some(of),
            _ => None,
        }
    }

    /// Whether its aggregate goes by the keys of its view.
    pub(crate) fn needs_key(&self) -> bool {
        match &self.kind {
            MeasureKind::Count
            | MeasureKind::Sum(_)
            | MeasureKind::Average(_)
            | MeasureKind::Percentile(..) => true,
            MeasureKind::Distinct(_, _, key) => key.is_none(),
            _ => false,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FilterType {
    Text,
    Number,
    YesNo,
    Date,
}

impl FilterType {
    pub(crate) fn name(self) -> &'static str {
        match self {
            FilterType::Text => "string",
            FilterType::Number => "number",
            FilterType::YesNo => "yesno",
            FilterType::Date => "date",
        }
    }
}

/// A `filter` field.
#[derive(Debug, Clone)]
pub(crate) struct FilterField {
    pub name: String,
    pub kind: FilterType,
    pub sql: Option<Expr>,
}

#[derive(Debug, Clone)]
pub(crate) struct Parameter {
    pub name: String,
    pub kind: ParameterType,
    pub allowed: Vec<String>,
    pub default: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ParameterType {
    Unquoted,
    Text,
    Number,
    YesNo,
}

impl ParameterType {
    pub(crate) fn name(self) -> &'static str {
        match self {
            ParameterType::Unquoted => "unquoted",
            ParameterType::Text => "string",
            ParameterType::Number => "number",
            ParameterType::YesNo => "yesno",
        }
    }
}
