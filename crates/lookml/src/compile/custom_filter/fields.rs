//! Fields as the rows of the answer show them, and filters on them.

use super::translate::Translator;
use super::typed::{Kind, Typed, text_type};
use crate::compile::asked;
use crate::compile::error::Result;
use crate::compile::scope::FieldRef;
use crate::compile::sql::{Level, Sql};
use crate::expression::{Expression, ExpressionKind, Value};
use crate::filter::{self, Datatype, FilterType};
use crate::model::{FieldKind, MeasureFunction, MeasureType, Shape};
use crate::timeframe::Timeframe;
use crate::token::Span;

impl<'a> Translator<'_, 'a> {
    /// Whether a value passes a filter expression; NULL where it does not.
    pub(super) fn passes(&self, arguments: &[Expression]) -> Result<Typed> {
        let [value, filter] = arguments else {
            return Ok(Typed::null());
        };
        let text = match &filter.kind {
            ExpressionKind::Filter(text) | ExpressionKind::Literal(Value::Text(text)) => text,
            _ => {
                let error = self.mistake(filter.span, "a filter expression is needed");
                return Err(error.hint("write it in back-ticks"));
            }
        };
        if let ExpressionKind::Reference(reference) = &value.kind {
            let field = self.field(&reference.name)?;
            let filter_type = asked::filter_type(&field)?;
            // As everywhere in an expression, a year is a number.
            let is_number = self.kind(&field) == Some(Kind::Number);
            if is_number == (filter_type == FilterType::Number) && self.is_its_own(&field) {
                let parsed = asked::parse(&self.writer.scope, &field.name(), text, filter_type)?;
                let sql = self.writer.condition(&field, &parsed)?;
                self.need(&sql);
                return Ok(Typed::new(Kind::YesNo, sql.text));
            }
        }
        self.value_passes(self.expression(value)?, text, value.span)
    }

    /// Whether all that a filter on a field looks at is there: of a group the column behind a timeframe is not.
    fn is_its_own(&self, field: &FieldRef<'a>) -> bool {
        self.level == Level::Row || field.is_measure()
    }

    fn value_passes(&self, value: Typed, text: &str, span: Span) -> Result<Typed> {
        let value = match value.moment {
            Some(moment) if value.constant.is_none() => *moment,
            _ => value,
        };
        let (filter_type, column) = match value.kind {
            Kind::Null => {
                let text = text_type(self.dialect());
                (FilterType::String, format!("CAST(NULL AS {text})"))
            }
            Kind::Text => (FilterType::String, value.operand()),
            Kind::Number => (FilterType::Number, value.operand()),
            Kind::YesNo => (FilterType::YesNo, value.operand()),
            Kind::Day | Kind::Time => (FilterType::Date, self.time(&value, span)?.operand()),
        };
        let parsed = asked::parse(&self.writer.scope, "an expression", text, filter_type)?;
        let context = filter::Context {
            dialect: self.dialect(),
            calendar: self.writer.scope.calendar,
            datatype: Datatype::DateTime,
            is_converted: false,
            is_case_sensitive: true,
        };
        Ok(Typed::new(Kind::YesNo, parsed.to_sql(&column, &context)))
    }

    pub(super) fn field(&self, name: &str) -> Result<FieldRef<'a>> {
        let name = self.writer.scope.full_name(name);
        let field = self.writer.scope.find(&name);
        field.ok_or_else(|| asked::missing(&name))
    }

    fn need(&self, sql: &Sql<'a>) {
        self.views.borrow_mut().extend(&sql.views);
    }

    /// Which type a field's values have. None: they are texts that say moments.
    fn kind(&self, field: &FieldRef<'a>) -> Option<Kind> {
        let frame = match &field.field.kind {
            FieldKind::Dimension(dimension) => match &dimension.shape {
                Shape::Number | Shape::Duration { .. } => return Some(Kind::Number),
                Shape::YesNo => return Some(Kind::YesNo),
                Shape::Time(frame) => *frame,
                _ => return Some(Kind::Text),
            },
            FieldKind::Measure(measure) => match &measure.function {
                MeasureFunction::Expression(MeasureType::Text) => return Some(Kind::Text),
                MeasureFunction::Expression(MeasureType::YesNo) => return Some(Kind::YesNo),
                MeasureFunction::Expression(MeasureType::Time(frame)) => *frame,
                _ => return Some(Kind::Number),
            },
            FieldKind::Filter(_) | FieldKind::Parameter(_) => return Some(Kind::Null),
        };
        match frame {
            Timeframe::Raw => Some(Kind::Time),
            Timeframe::YesNo => Some(Kind::YesNo),
            Timeframe::Date | Timeframe::Week => Some(Kind::Day),
            frame if frame.is_numeric() => Some(Kind::Number),
            frame if frame.truncation().is_some() && !frame.is_fiscal() => None,
            _ => Some(Kind::Text),
        }
    }

    /// A field as the rows of the answer would show it.
    pub(super) fn value(&self, field: &FieldRef<'a>) -> Result<Typed> {
        let typed = match self.kind(field) {
            Some(Kind::Day | Kind::Time) => self.moment(field)?,
            Some(Kind::YesNo) => {
                let raw = self.raw(field)?;
                // What is neither is shown as no.
                Typed::atom(Kind::YesNo, format!("COALESCE({}, FALSE)", raw.sql))
            }
            Some(kind) => {
                let raw = self.raw(field)?;
                Typed { kind, ..raw }
            }
            None => {
                let raw = self.raw(field)?;
                let moment = self.moment(field)?;
                Typed {
                    moment: Some(Box::new(moment)),
                    ..raw
                }
            }
        };
        Ok(match self.level == Level::Group && field.is_dimension() {
            true => typed.of_group(),
            false => typed,
        })
    }

    fn raw(&self, field: &FieldRef<'a>) -> Result<Typed> {
        let sql = self.writer.raw(field)?;
        self.need(&sql);
        Ok(match sql.is_atom {
            true => Typed::atom(Kind::Text, sql.text.clone()),
            false => Typed::new(Kind::Text, sql.text.clone()),
        })
    }

    /// The day or the time at which the timeframe of a field begins.
    fn moment(&self, field: &FieldRef<'a>) -> Result<Typed> {
        let writer = self.writer;
        let (column, frame, moment) = match &field.field.kind {
            FieldKind::Measure(measure) => {
                let column = writer.measure_column(field)?;
                let frame = match &measure.function {
                    MeasureFunction::Expression(MeasureType::Time(frame)) => *frame,
                    _ => Timeframe::Raw,
                };
                let moment = writer.moment_of(&column, measure.datatype, measure.convert_tz);
                (column, frame, moment)
            }
            _ => {
                let column = writer.column(field)?;
                let Some(dimension) = field.field.dimension() else {
                    return Ok(Typed::null());
                };
                let frame = match &dimension.shape {
                    Shape::Time(frame) => *frame,
                    _ => Timeframe::Raw,
                };
                let moment = writer.moment(&column, dimension);
                (column, frame, moment)
            }
        };
        self.need(&column);
        let is_day = matches!(
            frame,
            Timeframe::Date | Timeframe::Week | Timeframe::Month | Timeframe::Quarter
        );
        let (kind, sql) = match (frame, is_day) {
            (Timeframe::Date, _) => (Kind::Day, Some(moment.shown(frame))),
            (_, true) => (Kind::Day, moment.day(frame)),
            (_, false) => (Kind::Time, moment.civil(frame)),
        };
        Ok(Typed::atom(kind, sql.unwrap_or_else(|| "NULL".to_owned())))
    }
}
