//! Measures: aggregates over rows, each of which counts once however often the joins repeat it.

use super::aggregates::{self, Input};
use super::error::{QueryError, Result};
use super::scope::FieldRef;
use super::sql::{At, Level, Sql, Writer};
use crate::diagnostic::rules;
use crate::dialect::Dialect;
use crate::model::{Aggregate, FieldKind, Measure, MeasureFunction, MeasureType};

/// Between the values of a list.
pub(crate) const LIST_SEPARATOR: &str = "|RECORD|";

/// The value that a measure counts once for each key.
pub(super) struct KeyedValue<'a> {
    pub(super) key: Sql<'a>,
    pub(super) value: Sql<'a>,
    /// Whether the key is the view's, which is used only where joins repeat its rows.
    pub(super) is_own: bool,
}

impl<'a> Writer<'a> {
    /// What a measure adds once for each key. None: it adds nothing, or knows no key.
    pub(super) fn keyed_value(&self, field: &FieldRef<'a>) -> Result<Option<KeyedValue<'a>>> {
        let FieldKind::Measure(measure) = &field.field.kind else {
            return Ok(None);
        };
        let (aggregate, key) = match &measure.function {
            MeasureFunction::Aggregate(aggregate) => (*aggregate, None),
            MeasureFunction::Distinct { aggregate, key } => (*aggregate, key.as_deref()),
            _ => return Ok(None),
        };
        if aggregate == Aggregate::Count || !needs_key(aggregate) {
            return Ok(None);
        }
        let is_own = key.is_none();
        let key = match key {
            Some(key) => Some(self.expand(key, self.at(field, Level::Row))?),
            None => self.primary_key(field)?,
        };
        let Some(key) = key else {
            return Ok(None);
        };
        let condition = self.measure_condition(field, measure)?;
        let mut value = self.measure_column(field)?;
        if !condition.text.is_empty() {
            value.text = format!("CASE WHEN {} THEN {} END", condition.text, value.operand());
            value.views.extend(condition.views);
        }
        Ok(Some(KeyedValue { key, value, is_own }))
    }

    /// A measure in full, as other SQL sees it.
    pub(super) fn measure(&self, field: &FieldRef<'a>) -> Result<Sql<'a>> {
        let measure = measure_of(field)?;
        check_filters(field, measure)?;
        match &measure.function {
            MeasureFunction::Aggregate(aggregate) => {
                let key = self.primary_key(field)?;
                let is_fanned = self.fanned.contains(field.alias);
                self.aggregate(field, measure, *aggregate, key, is_fanned)
            }
            MeasureFunction::Distinct { aggregate, key } => {
                let key = match key {
                    Some(key) => Some(self.expand(key, self.at(field, Level::Row))?),
                    None => self.primary_key(field)?,
                };
                self.aggregate(field, measure, *aggregate, key, true)
            }
            MeasureFunction::List(name) => self.list(field, name),
            MeasureFunction::Expression(measure_type) => {
                let sql = self.measure_column(field)?;
                Ok(match measure_type {
                    MeasureType::Time(frame) => {
                        let moment = self.moment_of(&sql, measure.datatype, measure.convert_tz);
                        sql.with(moment.shown(*frame))
                    }
                    _ => sql,
                })
            }
            MeasureFunction::PostQuery { .. } => {
                let message = format!(
                    "`{}` is computed after the query, so nothing in the query can use it",
                    field.name()
                );
                Err(QueryError::new(rules::POST_QUERY_MEASURE, message))
            }
            MeasureFunction::Unsupported(name) => {
                let message = format!("measures of type `{name}` are not supported");
                Err(QueryError::new(rules::UNSUPPORTED, message))
            }
        }
    }

    fn at(&self, field: &FieldRef<'a>, level: Level) -> At<'a> {
        At {
            alias: field.alias,
            field: Some(*field),
            level,
        }
    }

    /// The SQL that a measure is written with; where none is, the column of its name.
    pub(super) fn measure_column(&self, field: &FieldRef<'a>) -> Result<Sql<'a>> {
        let level = match measure_of(field)?.function {
            MeasureFunction::Expression(_) => Level::Group,
            _ => Level::Row,
        };
        let at = self.at(field, level);
        if let (Some(folding), Some(sql), Level::Group) = (&self.folding, &field.field.sql, level) {
            folding.look_at(&self.render(sql, at)?);
        }
        match &field.field.sql {
            Some(sql) => self.expand(sql, at),
            None => {
                let column = self.dialect().column(&field.field.name);
                self.expand(&format!("${{TABLE}}.{column}"), at)
            }
        }
    }

    fn primary_key(&self, field: &FieldRef<'a>) -> Result<Option<Sql<'a>>> {
        let Some(key) = field.view.primary_key() else {
            return Ok(None);
        };
        let key = FieldRef {
            field: key,
            ..*field
        };
        let sql = self.raw(&key)?;
        Ok(Some(sql.as_ref().clone()))
    }

    /// What the rows of a measure must be.
    fn measure_condition(&self, field: &FieldRef<'a>, measure: &Measure) -> Result<Sql<'a>> {
        let mut conditions = Vec::new();
        let mut all = Sql::default();
        for filter in &measure.filters {
            let Some(filtered) = self.scope.meant(field.alias, &filter.field) else {
                let message = format!("the filter on `{}` is on no field", filter.field);
                return Err(QueryError::new(rules::UNKNOWN_REFERENCE, message));
            };
            if !filtered.is_dimension() {
                let message = format!("`{}` is no dimension to filter by", filter.field);
                return Err(QueryError::new(rules::MISPLACED_MEASURE, message));
            }
            let filter_type = super::asked::filter_type(&filtered)?;
            let parsed =
                super::asked::parse(&self.scope, &filtered.name(), &filter.value, filter_type)?;
            if parsed.is_any() {
                continue;
            }
            let sql = self.condition(&filtered, &parsed)?;
            all.views.extend(&sql.views);
            all.views.insert(filtered.alias);
            conditions.push(format!("({})", sql.text));
        }
        all.text = conditions.join(" AND ");
        Ok(all)
    }

    fn aggregate(
        &self,
        field: &FieldRef<'a>,
        measure: &Measure,
        aggregate: Aggregate,
        key: Option<Sql<'a>>,
        is_distinct: bool,
    ) -> Result<Sql<'a>> {
        let condition = self.measure_condition(field, measure)?;
        let mut views = condition.views;
        let value = match aggregate {
            Aggregate::Count => None,
            _ => Some(self.measure_column(field)?),
        };
        let inputs = value.iter().chain(&key);
        views.extend(inputs.flat_map(|sql| sql.views.iter().copied()));
        let mut input = Input {
            value,
            condition: Some(condition.text).filter(|text| !text.is_empty()),
            key,
        };
        let text = match (is_distinct && needs_key(aggregate), &input.key) {
            (false, _) => {
                if aggregate == Aggregate::Count {
                    self.count_rows(field, &mut input)?;
                }
                match &self.folding {
                    Some(folding) => folding.aggregate(field.alias, aggregate, &input),
                    None => aggregates::plain(self.dialect(), aggregate, &input),
                }
            }
            (true, Some(key)) => aggregates::distinct(self.dialect(), aggregate, &input, key),
            (true, None) => return Err(no_key(field, "repeat")),
        };
        Ok(Sql {
            text,
            is_atom: true,
            views,
        })
    }

    /// Makes a count leave out where the joins have no row of the view.
    fn count_rows(&self, field: &FieldRef<'a>, input: &mut Input<'a>) -> Result<()> {
        let Some(presence) = self.nullable.get(field.alias) else {
            return Ok(());
        };
        if let Some(key) = &input.key {
            input.value = Some(key.clone());
            return Ok(());
        }
        let presence = presence.as_ref().ok_or_else(|| no_key(field, "miss"))?;
        let conditions = [Some(presence), input.condition.as_ref()];
        let conditions = conditions.into_iter().flatten();
        let conditions: Vec<_> = conditions.map(|text| format!("({text})")).collect();
        input.condition = Some(conditions.join(" AND "));
        Ok(())
    }

    /// The distinct values of a dimension.
    fn list(&self, field: &FieldRef<'a>, name: &str) -> Result<Sql<'a>> {
        let Some(listed) = self
            .scope
            .meant(field.alias, name)
            .filter(FieldRef::is_dimension)
        else {
            let message = format!("the `list_field` `{name}` is no dimension");
            return Err(QueryError::new(rules::UNKNOWN_REFERENCE, message));
        };
        self.scope.granted(&listed)?;
        let shown = self.shown(&listed)?;
        let text = match self.dialect() {
            Dialect::DuckDb => format!("CAST({} AS VARCHAR)", shown.text),
            Dialect::BigQuery => format!("CAST({} AS STRING)", shown.text),
        };
        let mut sql = shown.with(format!(
            "STRING_AGG(DISTINCT {text}, '{LIST_SEPARATOR}' ORDER BY {text})"
        ));
        sql.views.insert(listed.alias);
        sql.is_atom = true;
        Ok(sql)
    }

    /// A measure as a column of the answer.
    pub(super) fn measure_shown(&self, field: &FieldRef<'a>) -> Result<Sql<'a>> {
        let sql = self.raw(field)?;
        let function = &measure_of(field)?.function;
        Ok(match function {
            MeasureFunction::Expression(MeasureType::YesNo) => {
                sql.with(format!("CASE WHEN {} THEN 'Yes' ELSE 'No' END", sql.text))
            }
            _ => sql.as_ref().clone(),
        })
    }
}

/// The measure that a field is.
fn measure_of<'a>(field: &FieldRef<'a>) -> Result<&'a Measure> {
    match &field.field.kind {
        FieldKind::Measure(measure) => Ok(measure),
        _ => {
            let message = format!("`{}` is no measure", field.name());
            Err(QueryError::new(rules::UNKNOWN_REFERENCE, message))
        }
    }
}

/// Whether rows that come twice make another result.
pub(super) fn needs_key(aggregate: Aggregate) -> bool {
    !matches!(
        aggregate,
        Aggregate::CountDistinct
            | Aggregate::ApproximateCountDistinct
            | Aggregate::Min
            | Aggregate::Max
    )
}

/// What the joins do to the rows of the view is what a key would be needed for.
fn no_key(field: &FieldRef<'_>, what: &str) -> QueryError {
    let view = &field.view.name;
    let message = format!(
        "the joins of this query {what} rows of `{}`, and without a primary key `{}` can't count each once",
        field.alias,
        field.name()
    );
    let error = QueryError::new(rules::FANOUT_WITHOUT_KEY, message);
    error
        .hint(format!(
            "declare a `primary_key: yes` dimension in the view `{view}`"
        ))
        .of(&field.name())
}

/// Filters are of aggregates; of any other measure they would be lost.
pub(super) fn check_filters(field: &FieldRef<'_>, measure: &Measure) -> Result<()> {
    let is_aggregate = matches!(
        measure.function,
        MeasureFunction::Aggregate(_)
            | MeasureFunction::Distinct { .. }
            | MeasureFunction::Unsupported(_)
    );
    if is_aggregate || measure.filters.is_empty() {
        return Ok(());
    }
    let name = field.name();
    let message =
        format!("`{name}` has `filters`, which only measures that aggregate rows can have");
    let error = QueryError::new(rules::MISPLACED_PARAMETER, message);
    Err(error
        .hint("give them to the measures that it is made of")
        .of(&name))
}
