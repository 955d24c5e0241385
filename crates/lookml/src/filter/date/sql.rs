//! Stretches of time as conditions.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::{DateFilter, DateTerm};
use crate::calendar::{DateRange, TimeUnit};
use crate::dialect::Dialect;
use crate::filter::condition::Condition;
use crate::filter::{Context, Datatype};

const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);
/// The first and the last moment that both dialects can write.
const FIRST: DateTime = DateTime::constant(1, 1, 1, 0, 0, 0, 0);
const LAST: DateTime = DateTime::constant(9999, 12, 31, 23, 59, 59, 0);

impl DateFilter {
    pub(in crate::filter) fn to_sql(&self, column: &str, context: &Context<'_>) -> String {
        let terms = self
            .terms
            .iter()
            .map(|term| term.condition(column, context));
        Condition::any(terms.collect()).into_sql()
    }

    /// The first moment that is let through and the first after the last one, as literals; none where it is unbounded.
    pub fn bounds(&self, context: &Context<'_>) -> (Option<String>, Option<String>) {
        context.bounds(self.hull(context.calendar))
    }
}

impl DateTerm {
    fn condition(self, column: &str, context: &Context<'_>) -> Condition {
        let Some(interval) = self.interval(context.calendar) else {
            return Condition::new(format!("{column} IS NULL"));
        };
        let start = interval.start.map(|start| context.start(start));
        let start = start.map(|start| Condition::new(format!("{column} >= {start}")));
        let end = interval.end.map(|end| context.end(end));
        let end = end.map(|end| Condition::new(format!("{column} < {end}")));
        let bounds: Vec<_> = start.into_iter().chain(end).collect();
        if bounds.is_empty() {
            return Condition::new(format!("{column} IS NOT NULL"));
        }
        Condition::all(bounds)
    }
}

impl Context<'_> {
    /// The ends of a stretch of time as literals; none where it is unbounded.
    pub(crate) fn bounds(&self, range: DateRange) -> (Option<String>, Option<String>) {
        let start = range.start.map(|start| self.start(start));
        (start, range.end.map(|end| self.end(end)))
    }

    fn start(&self, local: DateTime) -> String {
        match self.has_days() {
            true => self.literal(local.start_of_day()),
            false => self.literal(self.stored(local)),
        }
    }

    /// A day that is over in part is let through as a whole.
    fn end(&self, local: DateTime) -> String {
        let midnight = local.start_of_day();
        match self.has_days() {
            true if midnight < local => self.literal(self.calendar.add(midnight, 1, TimeUnit::Day)),
            true => self.literal(midnight),
            false => self.literal(self.stored(local)),
        }
    }

    fn has_days(&self) -> bool {
        matches!(self.datatype, Datatype::Date | Datatype::YyyyMmDd)
    }

    /// A local bound as the column stores it. Each bound by itself: whatever the clocks do between them is right.
    fn stored(&self, local: DateTime) -> DateTime {
        if !self.is_converted || !self.calendar.has_two_zones() {
            return local;
        }
        match (self.datatype, self.dialect) {
            (Datatype::Timestamp, Dialect::BigQuery) | (Datatype::Epoch, _) => {
                TimeZone::UTC.to_datetime(self.calendar.instant(local))
            }
            _ => self.calendar.to_database(local),
        }
    }

    /// A stored time in SQL. What neither dialect could write is the first or last it can.
    fn literal(&self, at: DateTime) -> String {
        let at = at.clamp(FIRST, LAST);
        let time = at.strftime("%Y-%m-%d %H:%M:%S");
        match (self.datatype, self.dialect) {
            (Datatype::Timestamp, Dialect::BigQuery) => format!("TIMESTAMP('{time}')"),
            (Datatype::DateTime, Dialect::BigQuery) => format!("DATETIME '{time}'"),
            (Datatype::Timestamp | Datatype::DateTime, Dialect::DuckDb) => {
                format!("TIMESTAMP '{time}'")
            }
            (Datatype::Date, _) => format!("DATE '{}'", at.date()),
            (Datatype::Epoch, _) => at.duration_since(EPOCH).as_secs().to_string(),
            (Datatype::YyyyMmDd, _) => at.strftime("%Y%m%d").to_string(),
        }
    }
}
