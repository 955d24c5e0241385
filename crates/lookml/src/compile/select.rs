//! From what is asked to a query: columns, joins, conditions.

use std::collections::BTreeSet;

use super::asked::Asked;
use super::columns::{Column, Draft, SORT, Values, dimension_columns, shape};
use super::error::{QueryError, Result};
use super::fold::{self, Folding};
use super::joins::{Joins, Nullable};
use super::labels;
use super::measure;
use super::scope::{FieldRef, Scope};
use super::sql::{At, Level, Sql, Writer};
use super::statement::{FromItem, Names, Select, SelectColumn};
use super::tables::Tables;
use super::zone::Zones;
use crate::diagnostic::rules;
use crate::model::{FieldKind, MeasureFunction, Shape};
use crate::timeframe::Timeframe;

/// What a statement is put together from.
pub(super) struct Clauses<'a> {
    pub(super) dimensions: Vec<Column>,
    pub(super) measures: Vec<Column>,
    pub(super) from: Vec<FromItem<'a>>,
    pub(super) conditions: Vec<String>,
    pub(super) having: Vec<String>,
}

/// The rows that a statement is made of.
#[derive(Debug, Clone)]
pub(super) struct Frame<'a> {
    /// The views that its fields and filters need.
    needed: BTreeSet<&'a str>,
    from: Vec<FromItem<'a>>,
    conditions: Vec<String>,
    pub(super) having: Vec<String>,
    fanned: BTreeSet<&'a str>,
    /// Whether the joins repeat rows of the base, protected or not.
    is_base_repeated: bool,
    nullable: Nullable<'a>,
}

/// A condition that can stand beside others.
fn closed(sql: Sql<'_>) -> String {
    format!("({})", sql.text)
}

impl<'a> Frame<'a> {
    pub(super) fn of(
        scope: Scope<'a>,
        asked: &'a Asked<'a>,
        measures: &[FieldRef<'a>],
        zones: &'a Zones,
        tables: &'a Tables,
    ) -> Result<Self> {
        let writer = Writer::new(scope, asked, zones, tables);
        writer.check_parameters()?;
        let needed = needed(&writer, measures)?;
        Self::joining(needed, &writer)
    }

    /// The same rows for a statement that leaves dimensions out. What templates write may be another, also in the
    /// queries of derived tables, but no join is missing: one that finds nothing or much would change the rows.
    pub(super) fn without_dropped<'b>(
        &self,
        scope: Scope<'b>,
        asked: &'b Asked<'b>,
        measures: &[FieldRef<'b>],
        zones: &'b Zones,
        tables: &'b Tables,
    ) -> Result<Frame<'b>>
    where
        'a: 'b,
    {
        let writer = Writer::new(scope, asked, zones, tables);
        let mut needed = needed(&writer, measures)?;
        needed.extend(&self.needed);
        Frame::joining(needed, &writer)
    }

    fn joining(needed: BTreeSet<&'a str>, writer: &Writer<'a>) -> Result<Self> {
        let Writer {
            scope,
            asked,
            zones,
            tables,
            ..
        } = *writer;
        // What is needed does not depend on what is repeated, but the other way round.
        let (needed, joins, standing) = taking_part(needed, writer)?;
        let base = scope.explore.base.as_str();
        let from = joins.from(writer)?;
        let mut conditions = conditions(writer)?;
        conditions.extend(standing);
        conditions.extend(joins.conditions.iter().map(|sql| Sql::new(sql.clone())));
        let mut frame = Self {
            needed,
            from,
            conditions: conditions.into_iter().map(closed).collect(),
            having: Vec::new(),
            fanned: joins.fanned(writer),
            is_base_repeated: joins.repeated(writer).contains(base),
            nullable: joins.nullable(writer),
        };
        let having = having(&frame.writer(scope, asked, zones, tables))?;
        frame.having = having.into_iter().map(closed).collect();
        Ok(frame)
    }

    /// A writer that knows what the joins do to the rows of the views.
    fn writer(
        &self,
        scope: Scope<'a>,
        asked: &'a Asked<'a>,
        zones: &'a Zones,
        tables: &'a Tables,
    ) -> Writer<'a> {
        let mut writer = Writer::new(scope, asked, zones, tables);
        writer.fanned.clone_from(&self.fanned);
        writer.nullable.clone_from(&self.nullable);
        writer
    }

    /// The query of a statement: what it groups by, and the measures.
    pub(super) fn select(
        &self,
        scope: Scope<'a>,
        asked: &'a Asked<'a>,
        measures: &[FieldRef<'a>],
        zones: &'a Zones,
        tables: &'a Tables,
    ) -> Result<Select> {
        let writer = self.writer(scope, asked, zones, tables);
        let mut clauses = self.clauses(&writer, measures, self.having.clone())?;
        if !measures.is_empty() {
            let mut folded = Vec::new();
            for alias in fold::candidates(&scope, &self.from, &self.fanned, &tables.queries()) {
                folded.push(alias);
                let folding = Folding::of(&folded, &scope.explore.base);
                match self.folded(scope, asked, measures, zones, tables, folding)? {
                    Some(better) => clauses = better,
                    None => drop(folded.pop()),
                }
            }
        }
        let mut names = Names::new(scope.settings.dialect);
        let dimension_count = clauses.dimensions.len();
        let columns = clauses.dimensions.into_iter().chain(clauses.measures);
        let columns = columns.map(|column| SelectColumn {
            name: names.name(&column.key),
            key: column.key,
            sql: column.sql,
        });
        let from = clauses.from.iter().map(|item| item.sql(writer.dialect()));
        let is_grouped = !measures.is_empty() || !self.has_single_rows(scope, asked);
        Ok(Select {
            columns: columns.collect(),
            from: from.collect(),
            conditions: clauses.conditions,
            group_by: is_grouped.then_some(dimension_count),
            having: clauses.having,
            ..Select::default()
        })
    }

    /// The clauses of the statement over folded rows, if it can have such.
    fn folded(
        &self,
        scope: Scope<'a>,
        asked: &'a Asked<'a>,
        measures: &[FieldRef<'a>],
        zones: &'a Zones,
        tables: &'a Tables,
        folding: Folding<'a>,
    ) -> Result<Option<Clauses<'a>>> {
        let mut writer = self.writer(scope, asked, zones, tables);
        writer.folding = Some(folding);
        let having = having(&writer)?.into_iter().map(closed).collect();
        let clauses = self.clauses(&writer, measures, having)?;
        let folding = writer.folding.as_ref();
        Ok(folding.and_then(|folding| folding.fold(clauses, &scope)))
    }

    fn clauses(
        &self,
        writer: &Writer<'a>,
        measures: &[FieldRef<'a>],
        having: Vec<String>,
    ) -> Result<Clauses<'a>> {
        let dimensions = dimension_columns(writer)?;
        let mut columns = Vec::new();
        for measure in measures {
            columns.push(Draft {
                key: measure.name(),
                sql: writer.measure_shown(measure)?,
                values: Values::Any,
            });
        }
        for measure in measures {
            columns.extend(writer.sort_column(measure)?.map(|sql| Draft {
                key: format!("{}{SORT}", measure.name()),
                sql,
                values: Values::Any,
            }));
        }
        Ok(Clauses {
            dimensions: dimensions.into_iter().map(Column::from).collect(),
            measures: columns.into_iter().map(Column::from).collect(),
            from: self.from.clone(),
            conditions: self.conditions.clone(),
            having,
        })
    }

    /// Whether no two rows are the same as they are, so that they need no grouping.
    fn has_single_rows(&self, scope: Scope<'a>, asked: &Asked<'a>) -> bool {
        let base = scope.explore.base.as_str();
        if self.is_base_repeated || !self.having.is_empty() {
            return false;
        }
        let is_key = |field: &FieldRef<'_>| {
            let dimension = field.field.dimension();
            field.alias == base && dimension.is_some_and(|dimension| dimension.primary_key)
        };
        let cancels = |field: &FieldRef<'_>| {
            let names = scope.explore.cancel_grouping_fields.iter();
            let mut names = names.map(|name| scope.full_name(name));
            names.any(|name| name == field.name())
        };
        let mut dimensions = asked.dimensions();
        dimensions.any(|field| is_key(&field) || cancels(&field))
    }
}

/// The views that the fields and the filters need.
fn needed<'a>(writer: &Writer<'a>, measures: &[FieldRef<'a>]) -> Result<BTreeSet<&'a str>> {
    let mut needed = BTreeSet::new();
    for draft in dimension_columns(writer)? {
        needed.extend(draft.sql.views);
    }
    for measure in measures {
        needed.extend(&writer.raw(measure)?.views);
        needed.extend(writer.sort_column(measure)?.unwrap_or_default().views);
    }
    let filtered = writer.asked.filters.iter().map(|applied| &applied.field);
    let filtered = filtered.chain(writer.asked.custom_fields()).copied();
    // Of a filter field only what its SQL mentions is needed.
    let filtered = filtered.filter(|field| field.is_dimension() || field.is_measure());
    let selected = writer.asked.selected.iter().copied();
    needed.extend(selected.chain(filtered).map(|field| field.alias));
    for sql in conditions(writer)?.into_iter().chain(having(writer)?) {
        needed.extend(sql.views);
    }
    Ok(needed)
}

/// The views that are needed, their joins, and the conditions of filter fields of theirs that hold by default. Such a
/// condition can need a view, which has filters too.
fn taking_part<'a>(
    mut needed: BTreeSet<&'a str>,
    writer: &Writer<'a>,
) -> Result<(BTreeSet<&'a str>, Joins<'a>, Vec<Sql<'a>>)> {
    loop {
        let joins = Joins::of(writer, &needed)?;
        let standing = standing(writer, &joins)?;
        let known = needed.len();
        needed.extend(standing.iter().flat_map(|sql| &sql.views));
        if needed.len() == known {
            return Ok((needed, joins, standing));
        }
    }
}

/// The conditions of filter fields that hold by default, as if they were given.
fn standing<'a>(writer: &Writer<'a>, joins: &Joins<'a>) -> Result<Vec<Sql<'a>>> {
    let base = writer.scope.explore.base.as_str();
    let aliases = std::iter::once(base).chain(joins.joins.iter().map(|joined| joined.alias));
    let views = aliases.filter_map(|alias| writer.scope.view(alias));
    let fields = views.flat_map(|(alias, view)| {
        let fields = view.fields.values();
        fields.map(move |field| FieldRef { alias, view, field })
    });
    let mut conditions = Vec::new();
    for field in fields.filter(|field| writer.asked.has_default(field)) {
        conditions.extend(filter_condition(writer, &field)?);
    }
    Ok(conditions)
}

/// The condition of a filter field that is filtered by.
fn filter_condition<'a>(writer: &Writer<'a>, field: &FieldRef<'a>) -> Result<Option<Sql<'a>>> {
    let Some(sql) = &field.field.sql else {
        return Ok(None);
    };
    let at = At {
        alias: field.alias,
        field: Some(*field),
        level: Level::Row,
    };
    writer.said(sql, at)
}

/// The conditions on rows.
fn conditions<'a>(writer: &Writer<'a>) -> Result<Vec<Sql<'a>>> {
    let mut conditions = Vec::new();
    for applied in &writer.asked.filters {
        let field = &applied.field;
        match &field.field.kind {
            FieldKind::Dimension(_) => conditions.push(writer.condition(field, &applied.filter)?),
            FieldKind::Filter(_) => conditions.extend(filter_condition(writer, field)?),
            FieldKind::Measure(_) | FieldKind::Parameter(_) => {}
        }
    }
    if let Some(custom) = &writer.asked.custom {
        conditions.extend(custom.conditions(writer, Level::Row)?);
    }
    if let Some(sql) = &writer.scope.explore.sql_always_where {
        conditions.extend(writer.said(sql, explore_text(writer, Level::Row))?);
    }
    Ok(conditions)
}

/// The conditions on groups.
fn having<'a>(writer: &Writer<'a>) -> Result<Vec<Sql<'a>>> {
    let mut having = Vec::new();
    for applied in &writer.asked.filters {
        if applied.field.is_measure() {
            having.push(writer.condition(&applied.field, &applied.filter)?);
        }
    }
    if let Some(custom) = &writer.asked.custom {
        having.extend(custom.conditions(writer, Level::Group)?);
    }
    if let Some(sql) = &writer.scope.explore.sql_always_having {
        if let Some(folding) = &writer.folding {
            folding.look_at(&writer.render(sql, explore_text(writer, Level::Group))?);
        }
        having.extend(writer.said(sql, explore_text(writer, Level::Group))?);
    }
    Ok(having)
}

fn explore_text<'a>(writer: &Writer<'a>, level: Level) -> At<'a> {
    At {
        alias: writer.scope.explore.base.as_str(),
        field: None,
        level,
    }
}

impl<'a> Writer<'a> {
    /// A dimension as a column of the answer.
    pub(super) fn shown(&self, field: &FieldRef<'a>) -> Result<Sql<'a>> {
        let raw = self.raw(field)?;
        let yes_or_no = |condition: &str| format!("CASE WHEN {condition} THEN 'Yes' ELSE 'No' END");
        Ok(match shape(field) {
            Some(Shape::YesNo | Shape::Time(Timeframe::YesNo)) => raw.with(yes_or_no(&raw.text)),
            Some(Shape::Time(Timeframe::Raw)) => {
                let Some(dimension) = field.field.dimension() else {
                    return Ok(raw.as_ref().clone());
                };
                raw.with(self.moment(&raw, dimension).shown(Timeframe::Raw))
            }
            _ => raw.as_ref().clone(),
        })
    }

    /// By what a field is sorted, where it is not itself.
    pub(super) fn sort_column(&self, field: &FieldRef<'a>) -> Result<Option<Sql<'a>>> {
        if let Some(name) = &field.field.order_by_field {
            return self.order_by_field(field, name).map(Some);
        }
        let Some(dimension) = field.field.dimension() else {
            return Ok(None);
        };
        Ok(match &dimension.shape {
            Shape::Tier(tiers) => {
                let column = self.column(field)?;
                Some(column.with(labels::tier_order(&column.operand(), tiers)))
            }
            Shape::Case(case) if !dimension.alpha_sort => {
                let (conditions, sql) = self.conditions(field)?;
                let labels: Vec<_> = case.whens.iter().map(|when| when.label.as_str()).collect();
                let order = labels::case_order(&conditions, &labels, case.otherwise.as_deref());
                Some(sql.with(order))
            }
            Shape::Time(frame) => match frame.sort_index() {
                Some(index) => {
                    let column = self.column(field)?;
                    let shown = self.moment(&column, dimension).shown(index);
                    Some(column.with(shown))
                }
                None => None,
            },
            _ => None,
        })
    }
}

impl<'a> Writer<'a> {
    /// A dimension goes by a dimension, a measure by a measure.
    fn order_by_field(&self, field: &FieldRef<'a>, name: &str) -> Result<Sql<'a>> {
        let Some(other) = self.scope.meant(field.alias, name) else {
            let message = format!("`order_by_field: {name}` is no field");
            return Err(QueryError::new(rules::UNKNOWN_REFERENCE, message).of(&field.name()));
        };
        match (field.is_measure(), other.is_measure()) {
            (true, true) => self.measure_shown(&other),
            (false, false) if other.is_dimension() => match self.sort_column(&other)? {
                Some(sql) if other.field.order_by_field.is_none() => Ok(sql),
                _ => self.shown(&other),
            },
            (is_measure, _) => {
                let kind = if is_measure { "measure" } else { "dimension" };
                let message = format!("`order_by_field: {name}` is no {kind}");
                Err(QueryError::new(rules::MISPLACED_MEASURE, message).of(&field.name()))
            }
        }
    }
}

/// The measure that a post-query measure is computed from.
pub(super) fn source<'a>(writer: &Writer<'a>, field: &FieldRef<'a>) -> Result<FieldRef<'a>> {
    let wrong = |message: String| {
        let error = QueryError::new(rules::MISPLACED_MEASURE, message);
        Err(error.hint("write `sql: ${measure} ;;`").of(&field.name()))
    };
    let at = At {
        alias: field.alias,
        field: Some(*field),
        level: Level::Group,
    };
    if let Some(measure) = field.field.measure() {
        measure::check_filters(field, measure)?;
    }
    let text = writer.render(field.field.sql.as_deref().unwrap_or_default(), at)?;
    let name = text
        .trim()
        .strip_prefix("${")
        .and_then(|text| text.strip_suffix('}'));
    let Some(name) = name.map(str::trim) else {
        return wrong(format!("`{}` is computed from one measure", field.name()));
    };
    let Some(measure) = writer.scope.meant(field.alias, name) else {
        return wrong(format!(
            "`{}` is computed from `{name}`, which does not exist",
            field.name()
        ));
    };
    match measure.field.measure().map(|measure| &measure.function) {
        Some(
            MeasureFunction::Aggregate(_)
            | MeasureFunction::Distinct { .. }
            | MeasureFunction::Expression(crate::model::MeasureType::Number),
        ) => Ok(measure),
        _ => wrong(format!(
            "`{}` is computed from `{name}`, which is no number",
            field.name()
        )),
    }
}
