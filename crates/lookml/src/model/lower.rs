//! From the body of a view to its fields.

use super::field::{
    Aggregate, AllowedValue, Case, Dimension, Direction, Field, FieldKind, FilterField, Link,
    Measure, MeasureFunction, MeasureType, Parameter, ParameterType, PostQuery, Shape, Show,
    TierStyle, Tiers, When,
};
use super::reading::Body;
use crate::filter::{Datatype, FilterType};
use crate::label;
use crate::resolve::Node;
use crate::timeframe::{Interval, Timeframe};

/// The fields of one declaration: several where it is a group.
pub(super) fn fields(node: &Node, hidden_by_default: bool) -> Vec<Field> {
    let declaration = Declaration {
        node,
        body: Body(node.children()),
        hidden_by_default,
    };
    match node.key.as_str() {
        "dimension" => vec![declaration.dimension()],
        "dimension_group" => declaration.group(),
        "measure" => vec![declaration.measure()],
        "filter" => vec![declaration.filter()],
        "parameter" => vec![declaration.parameter()],
        _ => Vec::new(),
    }
}

/// Whether a block declares a field.
pub(super) fn is_field(node: &Node) -> bool {
    const KINDS: &[&str] = &[
        "dimension",
        "dimension_group",
        "measure",
        "filter",
        "parameter",
    ];
    KINDS.contains(&node.key.as_str()) && !node.name().is_empty()
}

struct Declaration<'a> {
    node: &'a Node,
    body: Body<'a>,
    hidden_by_default: bool,
}

impl Declaration<'_> {
    /// What all kinds have in common.
    fn field(&self, kind: FieldKind) -> Field {
        let body = self.body;
        Field {
            name: self.node.name().to_owned(),
            group: None,
            kind,
            sql: body.owned("sql"),
            show: self.show(),
            value_format: body.owned("value_format"),
            value_format_name: body.owned("value_format_name"),
            html: body.owned("html"),
            links: body
                .blocks("link")
                .map(|(_, node)| Link::read(node))
                .collect(),
            drill_fields: body.list("drill_fields"),
            alias: body.list("alias").unwrap_or_default(),
            order_by_field: body.owned("order_by_field"),
            required_fields: body.list("required_fields").unwrap_or_default(),
            required_access_grants: body.list("required_access_grants").unwrap_or_default(),
            case_sensitive: body.flag("case_sensitive"),
            place: self.node.place.clone(),
        }
    }

    fn show(&self) -> Show {
        let body = self.body;
        let hidden = body.flag("hidden");
        Show {
            label: self.label(),
            group_label: body.owned("group_label"),
            group_item_label: body.owned("group_item_label"),
            view_label: body.owned("view_label"),
            description: body.owned("description"),
            hidden: hidden.unwrap_or(self.hidden_by_default),
            tags: body.list("tags").unwrap_or_default(),
            label_from_parameter: body.owned("label_from_parameter"),
            can_filter: body.flag("can_filter").unwrap_or(true),
            skip_drill_filter: body.flag("skip_drill_filter").unwrap_or(false),
            suggestable: body.flag("suggestable").unwrap_or(true),
            suggestions: body.list("suggestions").unwrap_or_default(),
            suggest_dimension: body.owned("suggest_dimension"),
            suggest_explore: body.owned("suggest_explore"),
            synonyms: body.list("synonyms").unwrap_or_default(),
        }
    }

    fn label(&self) -> String {
        let written = self.body.owned("label");
        written.unwrap_or_else(|| label::title_case(self.node.name()))
    }

    fn dimension(&self) -> Field {
        let shape = self.shape();
        let is_yesno = shape == Shape::YesNo;
        let mut field = self.field(FieldKind::Dimension(self.of_shape(shape)));
        if is_yesno {
            field.show.label = label::yesno(&field.show.label);
        }
        field
    }

    fn of_shape(&self, shape: Shape) -> Dimension {
        let body = self.body;
        Dimension {
            shape,
            primary_key: body.flag("primary_key").unwrap_or(false),
            datatype: self.datatype(),
            convert_tz: body.flag("convert_tz").unwrap_or(true),
            alpha_sort: body.flag("alpha_sort").unwrap_or(false),
            allow_fill: body.flag("allow_fill").unwrap_or(true),
        }
    }

    fn shape(&self) -> Shape {
        let body = self.body;
        if let Some(case) = body.block("case") {
            return Shape::Case(read_case(case));
        }
        let name = body.text("type").unwrap_or("string");
        match name {
            "string" | "zipcode" => Shape::Text,
            "number" | "int" => Shape::Number,
            "yesno" => Shape::YesNo,
            "tier" | "bin" => Shape::Tier(read_tiers(body)),
            "location" => Shape::Location {
                latitude: body.owned("sql_latitude").unwrap_or_default(),
                longitude: body.owned("sql_longitude").unwrap_or_default(),
            },
            name => match (Timeframe::of_type(name), Interval::of_type(name)) {
                (Some(timeframe), _) => Shape::Time(timeframe),
                (_, Some(interval)) => self.duration(interval),
                _ => Shape::Unsupported(name.to_owned()),
            },
        }
    }

    fn duration(&self, interval: Interval) -> Shape {
        Shape::Duration {
            interval,
            start: self.body.owned("sql_start").unwrap_or_default(),
            end: self.body.owned("sql_end").unwrap_or_default(),
        }
    }

    fn datatype(&self) -> Datatype {
        match self.body.text("datatype") {
            Some("date") => Datatype::Date,
            Some("datetime") => Datatype::DateTime,
            Some("epoch") => Datatype::Epoch,
            Some("yyyymmdd") => Datatype::YyyyMmDd,
            _ => Datatype::Timestamp,
        }
    }

    fn group(&self) -> Vec<Field> {
        match self.body.text("type").unwrap_or("time") {
            "time" => {
                let frames = self.members("timeframes", Timeframe::DEFAULT, Timeframe::parse);
                frames.into_iter().map(|frame| self.time(frame)).collect()
            }
            "duration" => {
                let intervals = self.members("intervals", Interval::ALL, Interval::parse);
                intervals
                    .into_iter()
                    .map(|interval| self.interval(interval))
                    .collect()
            }
            other => {
                let shape = Shape::Unsupported(other.to_owned());
                vec![self.field(FieldKind::Dimension(self.of_shape(shape)))]
            }
        }
    }

    /// What a group is made of. Names that mean nothing are reported where the file is checked.
    fn members<T: Copy + PartialEq>(
        &self,
        key: &str,
        default: &[T],
        parse: impl Fn(&str) -> Option<T>,
    ) -> Vec<T> {
        let Some(names) = self.body.list(key) else {
            return default.to_vec();
        };
        let mut members = Vec::with_capacity(names.len());
        for member in names.iter().filter_map(|name| parse(name)) {
            if !members.contains(&member) {
                members.push(member);
            }
        }
        members
    }

    fn time(&self, frame: Timeframe) -> Field {
        let mut field = self.field(FieldKind::Dimension(self.of_shape(Shape::Time(frame))));
        let group = self.node.name();
        field.show.label = label::timeframe(&self.label(), frame);
        field.name = frame.field_name(group);
        self.in_group(field)
    }

    fn interval(&self, interval: Interval) -> Field {
        let shape = self.duration(interval);
        let mut field = self.field(FieldKind::Dimension(self.of_shape(shape)));
        field.show.label = label::duration(&self.label(), interval);
        field.name = interval.field_name(self.node.name());
        self.in_group(field)
    }

    fn in_group(&self, mut field: Field) -> Field {
        field.group = Some(self.node.name().to_owned());
        // A key of a group would be each of its frames.
        if let FieldKind::Dimension(dimension) = &mut field.kind {
            dimension.primary_key = false;
        }
        field
    }

    fn measure(&self) -> Field {
        self.field(FieldKind::Measure(Measure {
            function: self.function(),
            filters: self.body.filters("filters"),
            datatype: self.datatype(),
            convert_tz: self.body.flag("convert_tz").unwrap_or(true),
        }))
    }

    fn function(&self) -> MeasureFunction {
        let body = self.body;
        let name = body.text("type").unwrap_or("string");
        if let Some(aggregate) = name
            .strip_suffix("_distinct")
            .filter(|name| *name != "count")
        {
            return match self.aggregate(aggregate) {
                Some(aggregate) => MeasureFunction::Distinct {
                    aggregate,
                    key: body.owned("sql_distinct_key"),
                },
                None => MeasureFunction::Unsupported(name.to_owned()),
            };
        }
        if let Some(aggregate) = self.aggregate(name) {
            return MeasureFunction::Aggregate(aggregate);
        }
        match name {
            "list" => MeasureFunction::List(body.owned("list_field").unwrap_or_default()),
            "number" | "int" => MeasureFunction::Expression(MeasureType::Number),
            "string" => MeasureFunction::Expression(MeasureType::Text),
            "yesno" => MeasureFunction::Expression(MeasureType::YesNo),
            "running_total" => self.post_query(PostQuery::RunningTotal),
            "percent_of_total" => self.post_query(PostQuery::PercentOfTotal),
            "percent_of_previous" => self.post_query(PostQuery::PercentOfPrevious),
            name => match Timeframe::of_type(name) {
                Some(frame) => MeasureFunction::Expression(MeasureType::Time(frame)),
                None => MeasureFunction::Unsupported(name.to_owned()),
            },
        }
    }

    fn aggregate(&self, name: &str) -> Option<Aggregate> {
        let aggregate = match name {
            "count" => Aggregate::Count,
            "count_distinct" if self.body.flag("approximate") == Some(true) => {
                Aggregate::ApproximateCountDistinct
            }
            "count_distinct" => Aggregate::CountDistinct,
            "sum" => Aggregate::Sum,
            "average" => Aggregate::Average,
            "min" => Aggregate::Min,
            "max" => Aggregate::Max,
            "median" => Aggregate::Percentile(50.0),
            "percentile" => Aggregate::Percentile(self.body.number("percentile").unwrap_or(50.0)),
            _ => return None,
        };
        Some(aggregate)
    }

    fn post_query(&self, function: PostQuery) -> MeasureFunction {
        let direction = match self.body.text("direction") {
            Some("row") => Some(Direction::Row),
            Some("column") => Some(Direction::Column),
            _ => None,
        };
        MeasureFunction::PostQuery {
            function,
            direction,
        }
    }

    fn filter(&self) -> Field {
        let name = self.body.text("type").unwrap_or("string");
        let filter_type = match name {
            "number" | "int" => FilterType::Number,
            "yesno" => FilterType::YesNo,
            name => match Timeframe::of_type(name) {
                Some(_) => FilterType::Date,
                None => FilterType::String,
            },
        };
        self.field(FieldKind::Filter(FilterField {
            filter_type,
            datatype: self.datatype(),
            convert_tz: self.body.flag("convert_tz").unwrap_or(true),
            default_value: self.body.owned("default_value"),
        }))
    }

    fn parameter(&self) -> Field {
        let parameter_type = match self.body.text("type").unwrap_or("string") {
            "unquoted" => ParameterType::Unquoted,
            "number" | "int" => ParameterType::Number,
            "yesno" => ParameterType::YesNo,
            "date" => ParameterType::Date,
            name if Timeframe::of_type(name).is_some() => ParameterType::DateTime,
            _ => ParameterType::Text,
        };
        let allowed = self.body.blocks("allowed_value");
        let allowed = allowed.map(|(_, node)| {
            let body = Body(node.children());
            let value = body.owned("value").unwrap_or_default();
            AllowedValue {
                label: body.owned("label").unwrap_or_else(|| value.clone()),
                value,
            }
        });
        self.field(FieldKind::Parameter(Parameter {
            parameter_type,
            allowed_values: allowed.collect(),
            default_value: self.body.owned("default_value"),
        }))
    }
}

fn read_case(case: Body<'_>) -> Case {
    let whens = case.blocks("when").map(|(_, node)| {
        let body = Body(node.children());
        When {
            sql: body.owned("sql").unwrap_or_default(),
            label: body.owned("label").unwrap_or_default(),
        }
    });
    Case {
        whens: whens.collect(),
        otherwise: case.owned("else"),
    }
}

fn read_tiers(body: Body<'_>) -> Tiers {
    let breaks = body.list("tiers").or_else(|| body.list("bins"));
    let breaks = breaks.unwrap_or_default();
    let mut breaks: Vec<f64> = breaks.iter().filter_map(|text| text.parse().ok()).collect();
    breaks.retain(|number| number.is_finite());
    breaks.sort_by(f64::total_cmp);
    breaks.dedup();
    let style = body.text("style").and_then(TierStyle::parse);
    Tiers {
        breaks,
        style: style.unwrap_or(TierStyle::Classic),
    }
}
