//! Measures: aggregates over rows, each of which counts once however often the joins repeat it.

use super::error::{QueryError, Result};
use super::scope::FieldRef;
use super::sql::{At, Level, Sql, Writer};
use crate::diagnostic::rules;
use crate::dialect::Dialect;
use crate::filter::Datatype;
use crate::model::{Aggregate, FieldKind, Measure, MeasureFunction, MeasureType};

/// Between the values of a list.
pub(crate) const LIST_SEPARATOR: &str = "|RECORD|";

/// What is aggregated.
struct Input<'a> {
    /// The value of a row; nothing where a count counts rows.
    value: Option<Sql<'a>>,
    /// What the rows must be, as one condition.
    condition: Option<String>,
    /// What tells the rows of the view apart.
    key: Option<Sql<'a>>,
}

impl Input<'_> {
    /// The value of a row that counts; NULL of others.
    fn filtered(&self, value: &str) -> String {
        match &self.condition {
            Some(condition) => format!("CASE WHEN {condition} THEN {value} ELSE NULL END"),
            None => value.to_owned(),
        }
    }
}

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
                        let moment = self.moment_of(&sql, Datatype::Timestamp, true);
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
        let input = Input {
            value,
            condition: Some(condition.text).filter(|text| !text.is_empty()),
            key,
        };
        let text = match (is_distinct && needs_key(aggregate), &input.key) {
            (false, _) => self.plain(field, aggregate, &input),
            (true, Some(key)) => self.distinct(aggregate, &input, key),
            (true, None) => return Err(no_key(field)),
        };
        Ok(Sql {
            text,
            is_atom: true,
            views,
        })
    }

    /// Over the rows as they come.
    fn plain(&self, field: &FieldRef<'a>, aggregate: Aggregate, input: &Input<'_>) -> String {
        let value = input.value.as_ref().map(|value| match &input.condition {
            Some(_) => input.filtered(&value.operand()),
            None => value.text.clone(),
        });
        let value = value.unwrap_or_default();
        match aggregate {
            Aggregate::Count => {
                let is_nullable = self.nullable.contains(field.alias);
                match (&input.key, &input.condition) {
                    (Some(key), _) if is_nullable => {
                        format!("COUNT({})", input.filtered(&key.text))
                    }
                    (_, Some(_)) => format!("COUNT({})", input.filtered("1")),
                    (_, None) => "COUNT(*)".to_owned(),
                }
            }
            Aggregate::CountDistinct => format!("COUNT(DISTINCT {value})"),
            Aggregate::Sum => format!("COALESCE(SUM({value}), 0)"),
            Aggregate::Average => format!("AVG({value})"),
            Aggregate::Min => format!("MIN({value})"),
            Aggregate::Max => format!("MAX({value})"),
            Aggregate::Percentile(percent) => self.percentile(&value, percent),
        }
    }

    /// Over one row per key.
    fn distinct(&self, aggregate: Aggregate, input: &Input<'_>, key: &Sql<'_>) -> String {
        if aggregate == Aggregate::Count {
            return format!("COUNT(DISTINCT {})", input.filtered(&key.text));
        }
        let value = input.value.as_ref().map(Sql::operand).unwrap_or_default();
        let value = input.filtered(&value);
        match self.dialect() {
            Dialect::DuckDb => duckdb_distinct(aggregate, &value, key),
            Dialect::BigQuery => bigquery_distinct(aggregate, &value, key),
        }
    }

    fn percentile(&self, value: &str, percent: f64) -> String {
        match self.dialect() {
            Dialect::DuckDb => {
                let sorted =
                    format!("list({value} ORDER BY {value}) FILTER (WHERE {value} IS NOT NULL)");
                duckdb_percentile(&sorted, percent)
            }
            Dialect::BigQuery => bigquery_percentile(value, percent),
        }
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
fn needs_key(aggregate: Aggregate) -> bool {
    !matches!(
        aggregate,
        Aggregate::CountDistinct | Aggregate::Min | Aggregate::Max
    )
}

fn no_key(field: &FieldRef<'_>) -> QueryError {
    let view = &field.view.name;
    let message = format!(
        "the joins of this query repeat rows of `{}`, and without a primary key `{}` can't count each once",
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

/// The values of distinct pairs of a key and a value.
fn duckdb_distinct(aggregate: Aggregate, value: &str, key: &Sql<'_>) -> String {
    let key = &key.text;
    let pairs =
        format!("list(DISTINCT {{key: {key}, val: CASE WHEN {key} IS NOT NULL THEN {value} END}})");
    // With `z.val` the engine refuses the expression beside a HAVING clause.
    let values = format!("list_transform({pairs}, lambda z: struct_extract(z, 'val'))");
    match aggregate {
        Aggregate::Sum => format!("COALESCE(list_sum({values}), 0)"),
        Aggregate::Average => format!("list_avg({values})"),
        Aggregate::Percentile(percent) => {
            let sorted = format!("list_sort(list_filter({values}, lambda v: v IS NOT NULL))");
            duckdb_percentile(&sorted, percent)
        }
        Aggregate::Min => format!("list_min({values})"),
        Aggregate::Max => format!("list_max({values})"),
        Aggregate::Count | Aggregate::CountDistinct => format!("len({values})"),
    }
}

/// The mean of the two values around the place, which are mostly one.
fn duckdb_percentile(sorted: &str, percent: f64) -> String {
    let share = percent / 100.0;
    let low = format!("CAST(greatest(floor(len(s) * {share} - 0.0000001), 0) AS BIGINT) + 1");
    let high = format!("CAST(least(floor(len(s) * {share}), len(s) - 1) AS BIGINT) + 1");
    format!("list_transform([{sorted}], lambda s: (s[{low}] + s[{high}]) / 2)[1]")
}

/// A number of 92 bits for each key.
fn bigquery_hash(key: &str) -> String {
    let hex = format!("TO_HEX(MD5(CAST({key} AS STRING)))");
    let part = |start: u8, length: u8| {
        format!("CAST(CAST(CONCAT('0x', SUBSTR({hex}, {start}, {length})) AS INT64) AS BIGNUMERIC)")
    };
    format!("({} * 4294967296 + {})", part(1, 15), part(16, 8))
}

fn bigquery_distinct(aggregate: Aggregate, value: &str, key: &Sql<'_>) -> String {
    let key = key.operand();
    let hash = bigquery_hash(&key);
    let sum = |value: &str| {
        // A value that is missing must not take its key out of one sum only.
        let value = format!("CAST(ROUND(COALESCE({value}, 0), 6) AS BIGNUMERIC)");
        format!("CAST(SUM(DISTINCT {value} + {hash}) - SUM(DISTINCT {hash}) AS FLOAT64)")
    };
    match aggregate {
        Aggregate::Average => {
            let known = format!("CASE WHEN ({value}) IS NOT NULL THEN {key} END");
            format!("{} / NULLIF(COUNT(DISTINCT {known}), 0)", sum(value))
        }
        Aggregate::Percentile(percent) => {
            let pairs =
                format!("ARRAY_AGG(DISTINCT TO_JSON_STRING(STRUCT({key} AS k, {value} AS v)))");
            let values = format!(
                "ARRAY(SELECT CAST(JSON_VALUE(p, '$.v') AS FLOAT64) AS v FROM UNNEST({pairs}) AS p WHERE JSON_VALUE(p, '$.k') IS NOT NULL AND JSON_VALUE(p, '$.v') IS NOT NULL ORDER BY v)"
            );
            bigquery_places(&values, percent)
        }
        _ => format!("COALESCE({}, 0)", sum(value)),
    }
}

fn bigquery_places(sorted: &str, percent: f64) -> String {
    let share = percent / 100.0;
    let low = format!("CAST(FLOOR(ARRAY_LENGTH(s) * {share} - 0.0000001) AS INT64)");
    let high = format!("CAST(FLOOR(ARRAY_LENGTH(s) * {share}) AS INT64)");
    format!(
        "(SELECT (s[SAFE_OFFSET(GREATEST({low}, 0))] + s[SAFE_OFFSET(LEAST({high}, ARRAY_LENGTH(s) - 1))]) / 2 FROM (SELECT {sorted} AS s))"
    )
}

/// Exact up to ten thousand values, as Looker has it.
fn bigquery_percentile(value: &str, percent: f64) -> String {
    let share = percent / 100.0;
    let values = format!("ARRAY_AGG({value} IGNORE NULLS ORDER BY {value} LIMIT 10000)");
    let low = format!("CAST(GREATEST(FLOOR(COUNT({value}) * {share} - 0.0000001), 0) AS INT64)");
    let high = format!("CAST(LEAST(FLOOR(COUNT({value}) * {share}), COUNT({value}) - 1) AS INT64)");
    format!(
        "CASE WHEN COUNT({value}) = 0 THEN NULL WHEN COUNT({value}) <= 10000 THEN ({values}[OFFSET({low})] + {values}[OFFSET({high})]) / 2 ELSE APPROX_QUANTILES({value}, 1000)[OFFSET(CAST(1000 * {share} AS INT64))] END"
    )
}
