//! What the columns of an answer are, as Looker's API describes fields.

use jiff::civil::Weekday;
use serde_json::{Value as Json, json};

use crate::compile::{Column, ColumnKind, Filling};
use crate::model::{Aggregate, MeasureFunction, MeasureType, Shape};
use crate::timeframe::Timeframe;

impl Column {
    pub(super) fn json(&self, week_start: Weekday) -> Json {
        let mut json = self.described();
        let field = &self.field;
        let time = field.dimension().filter(|_| field.timeframe().is_some());
        let links = field.links.iter();
        let links = links.map(|link| json!({ "label": link.label, "url": link.url }));
        let more = json!({
            "sql": field.sql,
            "source_file": &*field.place.file,
            "links": links.collect::<Vec<_>>(),
            "datatype": time.map(|dimension| dimension.datatype.name()),
            "convert_tz": time.map(|dimension| dimension.convert_tz),
            "week_start_day": weekday_name(week_start),
            "synonyms": field.show.synonyms,
            "suggest_dimension": field.show.suggest_dimension,
            "suggest_explore": field.show.suggest_explore,
            // Only fields to filter by have such a value, and none of these is a column.
            "default_filter_value": Json::Null,
            // It is of the model, not of the query.
            "permanent": true,
        });
        if let (Some(json), Json::Object(more)) = (json.as_object_mut(), more) {
            json.extend(more);
        }
        json
    }

    fn described(&self) -> Json {
        let field = &self.field;
        let view = self.name.split_once('.').map_or("", |(view, _)| view);
        let variant = field.show.group_item_label.as_ref();
        json!({
            "name": self.name,
            "label": self.label,
            "label_short": field.show.label,
            "view": view,
            "scope": view,
            "original_view": self.original_view,
            "view_label": self.view_label,
            "description": field.show.description,
            "category": if self.is_measure() { "measure" } else { "dimension" },
            "type": self.type_name(),
            "is_numeric": self.is_numeric(),
            "is_timeframe": field.timeframe().is_some(),
            "is_filter": false,
            "measure": self.is_measure(),
            "parameter": false,
            "primary_key": field.dimension().is_some_and(|dimension| dimension.primary_key),
            "hidden": field.show.hidden,
            "align": if self.is_numeric() { "right" } else { "left" },
            "value_format": self.format,
            "value_format_name": field.value_format_name,
            "field_group_label": field.show.group_label,
            "field_group_variant": variant.unwrap_or(&field.show.label),
            "dimension_group": field.group,
            "sortable": !matches!(self.kind, ColumnKind::PostQuery { .. }),
            "can_filter": field.show.can_filter,
            "suggestable": field.show.suggestable,
            "suggestions": field.show.suggestions,
            "enumerations": self.enumerations(),
            "drill_fields": self.drill_fields,
            "fill_style": self.fill_style(),
            "time_interval": self.time_interval(),
            "tags": field.show.tags,
        })
    }

    /// All values that there are. Looker has them of cases and tiers.
    fn enumerations(&self) -> Json {
        match (&self.domain, self.field.timeframe()) {
            (Some(Filling::Texts(texts)), None) => {
                let values = texts
                    .iter()
                    .map(|text| json!({ "label": text, "value": text }));
                Json::Array(values.collect())
            }
            _ => Json::Null,
        }
    }

    /// How gaps can be filled.
    fn fill_style(&self) -> Option<&'static str> {
        let dimension = self.field.dimension()?;
        match self.domain.as_ref()? {
            _ if !dimension.allow_fill => None,
            Filling::Range { .. } => Some("range"),
            Filling::Numbers(_) | Filling::Texts(_) => Some("enumeration"),
        }
    }

    fn time_interval(&self) -> Json {
        match &self.domain {
            Some(Filling::Range { truncation, .. }) => {
                json!({ "name": truncation.unit.name(), "count": truncation.count })
            }
            _ => Json::Null,
        }
    }

    /// As Looker calls it.
    fn type_name(&self) -> String {
        let name = field_type(self).unwrap_or("string");
        match self.field.timeframe() {
            Some(Timeframe::Date) => "date_date".to_owned(),
            Some(frame) => format!("date_{frame}"),
            None => name.to_owned(),
        }
    }

    pub(crate) fn is_numeric(&self) -> bool {
        match &self.field.dimension().map(|dimension| &dimension.shape) {
            Some(Shape::Number | Shape::Duration { .. }) => true,
            Some(Shape::Time(frame)) => frame.is_numeric(),
            Some(_) => false,
            None => !matches!(field_type(self), Some("list" | "string" | "yesno" | "date")),
        }
    }
}

fn weekday_name(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "monday",
        Weekday::Tuesday => "tuesday",
        Weekday::Wednesday => "wednesday",
        Weekday::Thursday => "thursday",
        Weekday::Friday => "friday",
        Weekday::Saturday => "saturday",
        Weekday::Sunday => "sunday",
    }
}

fn field_type(column: &Column) -> Option<&'static str> {
    if let Some(dimension) = column.field.dimension() {
        return Some(match &dimension.shape {
            Shape::Text | Shape::Case(_) => "string",
            Shape::Number | Shape::Duration { .. } => "number",
            Shape::YesNo => "yesno",
            Shape::Tier(_) => "tier",
            Shape::Location { .. } => "location",
            Shape::Time(_) | Shape::Unsupported(_) => return None,
        });
    }
    let function = &column.field.measure()?.function;
    Some(match function {
        MeasureFunction::Aggregate(aggregate) | MeasureFunction::Distinct { aggregate, .. } => {
            match aggregate {
                Aggregate::Count => "count",
                Aggregate::CountDistinct | Aggregate::ApproximateCountDistinct => "count_distinct",
                Aggregate::Sum => "sum",
                Aggregate::Average => "average",
                Aggregate::Min => "min",
                Aggregate::Max => "max",
                Aggregate::Percentile(_) => "percentile",
            }
        }
        MeasureFunction::List(_) => "list",
        MeasureFunction::Expression(MeasureType::Text) => "string",
        MeasureFunction::Expression(MeasureType::YesNo) => "yesno",
        MeasureFunction::Expression(MeasureType::Time(_)) => "date",
        MeasureFunction::Expression(MeasureType::Number) => "number",
        MeasureFunction::PostQuery { .. } => "number",
        MeasureFunction::Unsupported(_) => return None,
    })
}
