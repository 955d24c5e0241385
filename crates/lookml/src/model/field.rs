//! Fields: dimensions, measures, filters and parameters. A group's timeframes are dimensions of their own.

use super::reading::{Assignment, Body};
use crate::filter::Datatype;
use crate::resolve::{Node, Place};
use crate::timeframe::{Interval, Timeframe};

/// A field of a view.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Its name in its view.
    pub name: String,
    /// The group it is one of.
    pub group: Option<String>,
    /// What it is.
    pub kind: FieldKind,
    /// `sql`, as it is written.
    pub sql: Option<String>,
    /// What a person reads.
    pub show: Show,
    /// `value_format`.
    pub value_format: Option<String>,
    /// `value_format_name`.
    pub value_format_name: Option<String>,
    /// `html`.
    pub html: Option<String>,
    /// `link` blocks, in order.
    pub links: Vec<Link>,
    /// `drill_fields`, as they are written. None: nothing is.
    pub drill_fields: Option<Vec<String>>,
    /// Other names it answers to.
    pub alias: Vec<String>,
    /// The field that it is sorted by.
    pub order_by_field: Option<String>,
    /// What is selected with it.
    pub required_fields: Vec<String>,
    /// Grants without which it does not exist.
    pub required_access_grants: Vec<String>,
    /// Whether `a` and `A` are two texts. None: as the explore says.
    pub case_sensitive: Option<bool>,
    /// Where it is declared.
    pub place: Place,
}

/// What a person reads of a field.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Show {
    /// The label within its view; of a group's field with the timeframe.
    pub label: String,
    /// What the group's heading is, and what the field is called under it.
    pub group_label: Option<String>,
    /// What it is called under a group's heading.
    pub group_item_label: Option<String>,
    /// Under which heading it stands in place of its view's.
    pub view_label: Option<String>,
    /// A sentence about it.
    pub description: Option<String>,
    /// Whether the picker leaves it out.
    pub hidden: bool,
    /// Words for programs.
    pub tags: Vec<String>,
    /// The parameter whose value is the label.
    pub label_from_parameter: Option<String>,
    /// Whether it is offered as a filter.
    pub can_filter: bool,
    /// Whether drilling leaves its value out.
    pub skip_drill_filter: bool,
    /// Whether values are suggested for a filter on it.
    pub suggestable: bool,
    /// Values that are suggested.
    pub suggestions: Vec<String>,
    /// The dimension whose values are suggested.
    pub suggest_dimension: Option<String>,
    /// The explore in which they are looked up.
    pub suggest_explore: Option<String>,
    /// Other words for it.
    pub synonyms: Vec<String>,
}

/// A menu entry of a cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// A template.
    pub label: String,
    /// A template.
    pub url: String,
    /// An address of a picture.
    pub icon_url: Option<String>,
}

/// The four kinds of fields.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldKind {
    /// Rows are grouped by it.
    Dimension(Dimension),
    /// Groups are measured by it.
    Measure(Measure),
    /// Only to filter by.
    Filter(FilterField),
    /// A value that templates use.
    Parameter(Parameter),
}

/// A dimension.
#[derive(Debug, Clone, PartialEq)]
pub struct Dimension {
    /// What its values are.
    pub shape: Shape,
    /// Whether it tells the rows of its view apart.
    pub primary_key: bool,
    /// How the column stores dates.
    pub datatype: Datatype,
    /// Whether it is shown in the query time zone.
    pub convert_tz: bool,
    /// Whether a case is sorted by its labels.
    pub alpha_sort: bool,
    /// Whether gaps may be filled.
    pub allow_fill: bool,
}

/// What the values of a dimension are.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// Texts.
    Text,
    /// Numbers.
    Number,
    /// A condition.
    YesNo,
    /// A time, in one of its frames.
    Time(Timeframe),
    /// Completed units between two times.
    Duration {
        /// The unit.
        interval: Interval,
        /// `sql_start`
        start: String,
        /// `sql_end`
        end: String,
    },
    /// Ranges of a number.
    Tier(Tiers),
    /// Labels of conditions, the first that holds.
    Case(Case),
    /// A place on the map.
    Location {
        /// `sql_latitude`
        latitude: String,
        /// `sql_longitude`
        longitude: String,
    },
    /// One that is not supported: its type.
    Unsupported(String),
}

/// Boundaries, ascending, and how the ranges between them are called.
#[derive(Debug, Clone, PartialEq)]
pub struct Tiers {
    /// The boundaries.
    pub breaks: Vec<f64>,
    /// The naming.
    pub style: TierStyle,
}

/// How tiers are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TierStyle {
    /// `T01 [10.0,20.0)`
    Classic,
    /// `[10.0,20.0)`
    Interval,
    /// `10 to 19`
    Integer,
    /// `>= 10.0 and < 20.0`
    Relational,
}

/// `case`.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// Conditions and labels, in order.
    pub whens: Vec<When>,
    /// The label where none holds.
    pub otherwise: Option<String>,
}

/// One branch of a case.
#[derive(Debug, Clone, PartialEq)]
pub struct When {
    /// The condition.
    pub sql: String,
    /// Its label.
    pub label: String,
}

/// A measure.
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    /// How it is computed.
    pub function: MeasureFunction,
    /// What its rows must be.
    pub filters: Vec<Assignment>,
    /// How its SQL has dates, where it is a time.
    pub datatype: Datatype,
    /// Whether a time is shown in the query time zone.
    pub convert_tz: bool,
}

/// How a measure is computed.
#[derive(Debug, Clone, PartialEq)]
pub enum MeasureFunction {
    /// Of rows.
    Aggregate(Aggregate),
    /// The same over one row per key: `sum_distinct` and its kin.
    Distinct {
        /// What is computed.
        aggregate: Aggregate,
        /// `sql_distinct_key`. None: the view's primary key.
        key: Option<String>,
    },
    /// Distinct values of a dimension in one text.
    List(String),
    /// An expression over measures or aggregates.
    Expression(MeasureType),
    /// Over the rows that came back.
    PostQuery {
        /// What is computed.
        function: PostQuery,
        /// Along the rows' columns or down. None: as the function does it.
        direction: Option<Direction>,
    },
    /// One that is not supported: its type.
    Unsupported(String),
}

/// An aggregate function.
#[derive(Debug, Clone, Copy, PartialEq)]
#[expect(missing_docs, reason = "they are SQL's")]
pub enum Aggregate {
    Count,
    CountDistinct,
    /// Which may be a little more or less, where that is faster.
    ApproximateCountDistinct,
    Sum,
    Average,
    Min,
    Max,
    /// Between 0 and 100.
    Percentile(f64),
}

/// What a measure of an expression is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MeasureType {
    /// A number.
    Number,
    /// A text.
    Text,
    /// A condition.
    YesNo,
    /// A time in one of its frames.
    Time(Timeframe),
}

/// What is computed over returned rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are named as in LookML")]
pub enum PostQuery {
    RunningTotal,
    PercentOfTotal,
    PercentOfPrevious,
}

/// The direction of a post-query measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Across the pivoted columns.
    Row,
    /// Down the rows.
    Column,
}

/// A filter field.
#[derive(Debug, Clone, PartialEq)]
pub struct FilterField {
    /// Its language.
    pub filter_type: crate::filter::FilterType,
    /// How the columns it is compared with store dates.
    pub datatype: Datatype,
    /// Whether bounds go to the database's zone.
    pub convert_tz: bool,
    /// The expression when a query gives none.
    pub default_value: Option<String>,
}

/// A parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// How its value is written.
    pub parameter_type: ParameterType,
    /// The values that it may have. Empty: any of its type.
    pub allowed_values: Vec<AllowedValue>,
    /// The value when a query gives none.
    pub default_value: Option<String>,
}

/// How a parameter's value becomes SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterType {
    /// In quotes.
    Text,
    /// As it is: letters, digits, `_`, `.`, `$`.
    Unquoted,
    /// A number.
    Number,
    /// True or false.
    YesNo,
    /// A date.
    Date,
    /// A time.
    DateTime,
}

/// One of the values of a parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct AllowedValue {
    /// What a person reads.
    pub label: String,
    /// What the query says.
    pub value: String,
}

impl Field {
    /// The dimension that it is.
    pub fn dimension(&self) -> Option<&Dimension> {
        match &self.kind {
            FieldKind::Dimension(dimension) => Some(dimension),
            _ => None,
        }
    }

    /// The measure that it is.
    pub fn measure(&self) -> Option<&Measure> {
        match &self.kind {
            FieldKind::Measure(measure) => Some(measure),
            _ => None,
        }
    }

    /// The frame of a dimension that is a time.
    pub fn timeframe(&self) -> Option<Timeframe> {
        match self.dimension()?.shape {
            Shape::Time(timeframe) => Some(timeframe),
            _ => None,
        }
    }
}

impl Parameter {
    /// What a value is in place of what the type needs: `no number`. None: it is of the type.
    pub(crate) fn refusal(&self, value: &str) -> Option<&'static str> {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '$');
        match self.parameter_type {
            ParameterType::Text => None,
            ParameterType::Unquoted => {
                let is_legal = !value.is_empty() && value.chars().all(is_plain);
                (!is_legal).then_some("no word of letters, digits, `_`, `.` and `$`")
            }
            ParameterType::Number => (!is_number(value)).then_some("no number"),
            ParameterType::YesNo => {
                let words = ["yes", "true", "1", "no", "false", "0"];
                let is_legal = words.iter().any(|word| value.eq_ignore_ascii_case(word));
                (!is_legal).then_some("neither yes nor no")
            }
            ParameterType::Date | ParameterType::DateTime => {
                let filter = crate::filter::parse(value, crate::filter::FilterType::Date);
                filter.is_err().then_some("no date")
            }
        }
    }
}

/// Whether a text is a number as SQL has it: no `inf`, no `nan`.
fn is_number(text: &str) -> bool {
    let text = text.trim();
    let is_part = |byte: u8| byte.is_ascii_digit() || b"+-.eE".contains(&byte);
    text.parse::<f64>().is_ok_and(f64::is_finite) && text.bytes().all(is_part)
}

impl Link {
    pub(super) fn read(node: &Node) -> Self {
        let body = Body(node.children());
        Self {
            label: body.owned("label").unwrap_or_default(),
            url: body.owned("url").unwrap_or_default(),
            icon_url: body.owned("icon_url"),
        }
    }
}

impl TierStyle {
    /// The one of a name.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "classic" => Some(Self::Classic),
            "interval" => Some(Self::Interval),
            "integer" => Some(Self::Integer),
            "relational" => Some(Self::Relational),
            _ => None,
        }
    }
}
