//! How the rows of the statements become the answer.

use std::collections::BTreeMap;

use super::asked::{self, Asked};
use super::calculations;
use super::error::{Notice, Result};
use super::labels;
use super::plan::Sources;
use super::request::no_effect;
use super::scope::{FieldRef, Scope};
use super::show::Labels;
use super::sql::Writer;
use super::tables::Tables;
use super::zone::Zones;
use crate::calendar::{Calendar, DateRange};
use crate::dialect::Dialect;
use crate::expression::{Calculation, TableCalculation};
use crate::filter::{Datatype, FilterType, Terms};
use crate::label;
use crate::model::{Direction, Field, FieldKind, MeasureFunction, PostQuery, Shape};
use crate::query::{Query, RowTotal, Sort};
use crate::timeframe::{Domain, Fill, Timeframe, Truncation};

/// How the rows of the statements become the answer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Outline {
    /// The columns of the answer, in order.
    pub(crate) columns: Vec<Column>,
    pub(crate) calculations: Vec<(TableCalculation, Calculation)>,
    pub(crate) sorts: Vec<(String, bool, usize)>,
    /// All sorts, where one of them is by a calculation.
    pub(crate) order: Vec<Sort>,
    pub(crate) limit: Option<u64>,
    pub(crate) row_total: Option<RowTotal>,
    pub(crate) calendar: Calendar,
    /// What the links of cells lead to, its fields and filters by their names of today.
    pub(crate) query: Query,
    /// The filters that the explore brings, which a link has to name where it filters the same field.
    pub(crate) brought: Vec<(String, String)>,
    /// Measures that are filtered: of single rows such a filter would say something else.
    pub(crate) filtered_measures: Vec<String>,
    /// The same of a filter that is an expression: what it says of rows.
    pub(crate) row_expression: Option<String>,
    pub(crate) dialect: Dialect,
    pub(crate) user_attributes: BTreeMap<String, String>,
    /// Texts of the default language by their keys.
    pub(crate) strings: BTreeMap<String, String>,
    /// Values of the parameters that are set, or that set themselves, by full name.
    pub(crate) parameters: BTreeMap<String, String>,
}

/// A column of the answer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Column {
    /// `view.field`
    pub(crate) name: String,
    pub(crate) kind: ColumnKind,
    pub(crate) is_pivot: bool,
    /// All values that it can have, in order, where there is such a list.
    pub(crate) domain: Option<Filling>,
    /// Whether those that are missing are added.
    pub(crate) is_filled: bool,
    /// In which language it is filtered. None: it can't be.
    pub(crate) filter_type: Option<FilterType>,
    pub(crate) field: Field,
    /// The name that its view has by itself.
    pub(crate) original_view: String,
    pub(crate) view_label: String,
    pub(crate) label: String,
    pub(crate) format: Option<String>,
    /// Fields that a cell is drilled into.
    pub(crate) drill_fields: Vec<String>,
    /// Whether `a` and `A` are two values where it is filtered.
    pub(crate) is_case_sensitive: bool,
    /// Filters of the measure itself.
    pub(crate) filters: Vec<FieldFilter>,
    /// Its SQL, where a template of the answer shows that.
    pub(crate) sql: Option<String>,
}

/// A filter on a field that need not be a column.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FieldFilter {
    /// `view.field`
    pub(crate) field: String,
    pub(crate) expression: String,
    /// None: what it is on does not exist, or can't be filtered.
    pub(crate) filter_type: Option<FilterType>,
    pub(crate) is_case_sensitive: bool,
}

/// Where the values of a column come from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ColumnKind {
    Dimension,
    Location,
    Measure,
    PostQuery {
        /// The measure it is computed from.
        of: String,
        function: PostQuery,
        direction: Option<Direction>,
    },
}

/// The values that are put where there are none.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Filling {
    /// Each step of a time between two.
    Range {
        frame: Timeframe,
        truncation: Truncation,
        /// Between which moments; where a side is missing, the values say it.
        range: DateRange,
        /// Whether times are shown in the query's zone, whose clocks may skip an hour.
        is_local: bool,
    },
    /// Numbers, in order.
    Numbers(Vec<u16>),
    /// Texts, in order.
    Texts(Vec<String>),
}

impl Column {
    pub(crate) fn is_measure(&self) -> bool {
        !matches!(self.kind, ColumnKind::Dimension | ColumnKind::Location)
    }
}

impl Outline {
    pub(super) fn of(
        scope: &Scope<'_>,
        asked: &Asked<'_>,
        query: &Query,
        sources: &Sources<'_>,
        limit: Option<u64>,
        notices: &mut Vec<Notice>,
    ) -> Result<Self> {
        let fills = fills(scope, asked, query, notices)?;
        let parameters = parameters(scope, asked);
        let columns = columns(scope, asked, sources, &fills, &parameters);
        notices.extend(columns.iter().filter_map(|column| {
            calculations::unreadable(&column.name, column.format.as_deref()?)
        }));
        let sorts = super::sort::sorts(scope, asked, query, &mut Vec::new())?;
        let sorts = sorts.unwrap_or_default().into_iter();
        Ok(Self {
            columns,
            calculations: calculations::calculations(scope, query, notices)?,
            order: Vec::new(),
            sorts: sorts
                .map(|sort| (sort.field.name(), sort.descending, sort.pivot))
                .collect(),
            limit,
            row_total: query.row_total.filter(|_| !asked.pivots.is_empty()),
            calendar: scope.calendar.clone(),
            query: canonical(scope, asked, query),
            brought: brought(scope, asked, query),
            filtered_measures: filtered_measures(asked),
            row_expression: asked.custom.as_ref().and_then(|custom| custom.row_text()),
            dialect: scope.settings.dialect,
            user_attributes: scope
                .settings
                .user_attributes
                .iter()
                .map(|(name, value)| (name.clone(), value.text().to_owned()))
                .collect(),
            strings: scope.model.strings.clone(),
            parameters,
        })
    }
}

fn columns(
    scope: &Scope<'_>,
    asked: &Asked<'_>,
    sources: &Sources<'_>,
    fills: &[String],
    parameters: &BTreeMap<String, String>,
) -> Vec<Column> {
    let (zones, tables) = (Zones::default(), Tables::default());
    let labels = Labels {
        writer: &Writer::new(*scope, asked, &zones, &tables),
        parameters,
    };
    let shows_sql = asked.selected.iter().any(shows_sql);
    let columns = asked.selected.iter().map(|field| {
        let mut column = column(scope, asked, field, sources);
        column.is_filled = fills.contains(&column.name);
        column.field.show = labels.show(*field);
        column.view_label = labels.view_label(*field);
        column.label = label::qualified(&column.view_label, &column.field.show.label);
        let sql = shows_sql.then(|| labels.writer.raw(field).ok()).flatten();
        column.sql = sql.map(|sql| sql.text.clone());
        column
    });
    columns.collect()
}

fn canonical(scope: &Scope<'_>, asked: &Asked<'_>, query: &Query) -> Query {
    let names = |fields: &[FieldRef<'_>]| fields.iter().map(FieldRef::name).collect();
    let today = |name: &String| {
        scope
            .find(name)
            .map_or_else(|| name.clone(), |field| field.name())
    };
    let filters = query.filters.iter();
    Query {
        view: scope.explore.name.clone(),
        model: scope.model.name.clone(),
        fields: query.fields.iter().map(today).collect(),
        pivots: names(&asked.pivots),
        filters: filters
            .map(|(name, expression)| (today(name), expression.clone()))
            .collect(),
        ..query.clone()
    }
}

/// Filters that hold without being the query's: always, or as long as others are missing.
fn brought(scope: &Scope<'_>, asked: &Asked<'_>, query: &Query) -> Vec<(String, String)> {
    let own: Vec<String> = query
        .filters
        .keys()
        .filter_map(|name| Some(scope.find(name)?.name()))
        .collect();
    let is_brought = |name: &&String| !own.contains(name);
    let filters = asked.given.iter().filter(is_brought).filter_map(|name| {
        let mut applied = asked.filters.iter();
        let applied = applied.find(|applied| applied.field.name() == *name)?;
        Some((name.clone(), applied.expression.clone()))
    });
    filters.collect()
}

fn filtered_measures(asked: &Asked<'_>) -> Vec<String> {
    let filters = asked.filters.iter().map(|applied| &applied.field);
    let measures = filters.filter(|field| field.is_measure());
    measures.map(FieldRef::name).collect()
}

/// As they are written, without the quotes of SQL.
fn parameters(scope: &Scope<'_>, asked: &Asked<'_>) -> BTreeMap<String, String> {
    let mut values = BTreeMap::new();
    for alias in scope.explore.views.keys() {
        let Some((_, view)) = scope.view(alias) else {
            continue;
        };
        for field in view.fields.values() {
            let FieldKind::Parameter(parameter) = &field.kind else {
                continue;
            };
            let name = format!("{alias}.{}", field.name);
            let value = asked
                .parameters
                .get(&name)
                .or(parameter.default_value.as_ref());
            values.extend(value.map(|value| (name, value.clone())));
        }
    }
    values
}

fn column(
    scope: &Scope<'_>,
    asked: &Asked<'_>,
    field: &FieldRef<'_>,
    sources: &Sources<'_>,
) -> Column {
    let name = field.name();
    let measure = field.field.measure();
    let kind = match (measure.map(|measure| &measure.function), sources.get(&name)) {
        (
            Some(MeasureFunction::PostQuery {
                function,
                direction,
            }),
            Some(of),
        ) => ColumnKind::PostQuery {
            of: of.name(),
            function: *function,
            direction: *direction,
        },
        (Some(_), _) => ColumnKind::Measure,
        (None, _) => match field.field.dimension().map(|dimension| &dimension.shape) {
            Some(Shape::Location { .. }) => ColumnKind::Location,
            _ => ColumnKind::Dimension,
        },
    };
    let filters = measure
        .map(|measure| measure.filters.iter())
        .into_iter()
        .flatten();
    let filters = filters.map(|filter| {
        let filtered = scope.meant(field.alias, &filter.field);
        FieldFilter {
            field: filtered.map_or_else(|| filter.field.clone(), |field| field.name()),
            expression: filter.value.clone(),
            filter_type: filtered.and_then(|field| asked::filter_type(&field).ok()),
            is_case_sensitive: filtered.is_none_or(|field| is_case_sensitive(scope, &field)),
        }
    });
    Column {
        kind,
        is_pivot: asked.is_pivot(field),
        domain: domain(scope, asked, field),
        is_filled: false,
        filter_type: asked::filter_type(field).ok(),
        is_case_sensitive: is_case_sensitive(scope, field),
        label: String::new(),
        original_view: field.view.name.clone(),
        view_label: String::new(),
        format: format(scope, field),
        drill_fields: drill_fields(scope, field),
        filters: filters.collect(),
        sql: None,
        field: field.field.clone(),
        name,
    }
}

/// Whether a template that is shown with a field asks for the SQL of one.
fn shows_sql(field: &FieldRef<'_>) -> bool {
    let links = field.field.links.iter();
    let links = links.flat_map(|link| [&link.label, &link.url]);
    let mut texts = links.chain(&field.field.html);
    texts.any(|text| text.contains("._sql"))
}

fn is_case_sensitive(scope: &Scope<'_>, field: &FieldRef<'_>) -> bool {
    let own = field.field.case_sensitive.or(scope.explore.case_sensitive);
    own.unwrap_or(scope.model.case_sensitive)
}

/// Under which heading a field stands.
pub(crate) fn view_label(scope: &Scope<'_>, field: &FieldRef<'_>) -> String {
    let bound = scope.explore.views.get(field.alias);
    let labels = [
        field.field.show.view_label.as_ref(),
        bound.and_then(|bound| bound.view_label.as_ref()),
        field.view.label.as_ref(),
    ];
    let label = labels.into_iter().flatten().next();
    label
        .cloned()
        .unwrap_or_else(|| label::title_case(field.alias))
}

fn format(scope: &Scope<'_>, field: &FieldRef<'_>) -> Option<String> {
    let named = field.field.value_format_name.as_deref();
    let named = named.and_then(|name| scope.model.value_format(name));
    named
        .map(str::to_owned)
        .or_else(|| field.field.value_format.clone())
}

/// The full names of the fields that a cell is drilled into: sets expanded, what the explore does not have left out.
fn drill_fields(scope: &Scope<'_>, field: &FieldRef<'_>) -> Vec<String> {
    let is_count = matches!(
        field.field.measure().map(|measure| &measure.function),
        Some(MeasureFunction::Aggregate(crate::model::Aggregate::Count))
    );
    let falls_back = is_count || field.is_dimension();
    let written = field.field.drill_fields.as_ref();
    let written = written.or_else(|| field.view.drill_fields.as_ref().filter(|_| falls_back));
    let Some(written) = written else {
        return Vec::new();
    };
    let names = scope.model.field_names(scope.explore, written, field.alias);
    names
        .into_iter()
        .filter(|name| scope.explore.included.contains(name))
        .collect()
}

/// The fields whose gaps are filled.
fn fills(
    scope: &Scope<'_>,
    asked: &Asked<'_>,
    query: &Query,
    notices: &mut Vec<Notice>,
) -> Result<Vec<String>> {
    let mut fills = Vec::new();
    if query.fill_fields.is_empty() {
        return Ok(fills);
    }
    if asked.has_measure_filter() || scope.explore.sql_always_having.is_some() {
        let message = "no gaps are filled, since a filter on a measure leaves rows out";
        notices.push(no_effect(message));
        return Ok(fills);
    }
    let mut rows = asked.dimensions().filter(|field| !asked.is_pivot(field));
    let all_fillable = rows.all(|field| is_fillable(scope, asked, &field));
    for name in &query.fill_fields {
        let field = scope.ask(name)?;
        let is_selected = asked.dimensions().any(|other| other.is_same(&field));
        let is_alone = all_fillable || asked.is_pivot(&field);
        let obstacle = match (is_selected, is_fillable(scope, asked, &field), is_alone) {
            (true, true, true) => {
                fills.push(field.name());
                continue;
            }
            (false, ..) => "which is not selected",
            (_, false, _) => "whose values no list has, or a filter or the model forbids it",
            (.., false) => "since another dimension beside it can't be filled",
        };
        notices.push(no_effect(format!(
            "no gaps are filled in `{name}`, {obstacle}"
        )));
    }
    Ok(fills)
}

/// Whether it is known which values are missing. Where a filter on a label leaves some out on purpose, it is not.
fn is_fillable(scope: &Scope<'_>, asked: &Asked<'_>, field: &FieldRef<'_>) -> bool {
    let is_allowed = field
        .field
        .dimension()
        .is_some_and(|dimension| dimension.allow_fill)
        && field.field.order_by_field.is_none();
    is_allowed
        && match domain(scope, asked, field) {
            Some(Filling::Range { .. }) => true,
            Some(_) => !asked.is_filtered(field),
            None => false,
        }
}

/// All values that a field can have.
fn domain(scope: &Scope<'_>, asked: &Asked<'_>, field: &FieldRef<'_>) -> Option<Filling> {
    let dimension = field.field.dimension()?;
    let domain = match &dimension.shape {
        Shape::YesNo => Filling::Texts(vec!["No".to_owned(), "Yes".to_owned()]),
        Shape::Tier(tiers) => Filling::Texts(labels::tier_labels(tiers)),
        Shape::Case(case) => {
            let mut labels: Vec<String> = Vec::new();
            let all = case
                .whens
                .iter()
                .map(|when| &when.label)
                .chain(&case.otherwise);
            for label in all {
                if !labels.contains(label) {
                    labels.push(label.clone());
                }
            }
            if dimension.alpha_sort {
                labels.sort();
            }
            Filling::Texts(labels)
        }
        Shape::Time(frame) => match frame.fill(scope.calendar.week_start)? {
            Fill::Range(truncation) => Filling::Range {
                frame: *frame,
                truncation,
                range: filtered_range(scope, asked, field),
                is_local: dimension.convert_tz
                    && !matches!(dimension.datatype, Datatype::Date | Datatype::YyyyMmDd),
            },
            Fill::Set(Domain::Numbers(numbers)) => Filling::Numbers(numbers),
            Fill::Set(Domain::Texts(texts)) => Filling::Texts(texts),
        },
        _ => return None,
    };
    Some(domain)
}

/// Between which moments a filter on the same time lets through.
fn filtered_range(scope: &Scope<'_>, asked: &Asked<'_>, field: &FieldRef<'_>) -> DateRange {
    let nothing = DateRange {
        start: None,
        end: None,
    };
    let is_same_time = |other: &FieldRef<'_>| {
        let has_group = other.field.group.is_some() && other.field.group == field.field.group;
        other.alias == field.alias && (has_group || other.is_same(field))
    };
    let filters = asked
        .filters
        .iter()
        .filter(|applied| is_same_time(&applied.field));
    let dates = filters.filter_map(|applied| match &applied.filter.terms {
        Terms::Date(dates) => Some(dates),
        _ => None,
    });
    // Between two periods that are wanted nothing is missing: each filter has to be one.
    let ranges = dates.map(|dates| {
        let mut intervals = dates.intervals(scope.calendar).into_iter();
        intervals.next().filter(|_| intervals.next().is_none())
    });
    let ranges: Option<Vec<DateRange>> = ranges.collect();
    let ranges = ranges.unwrap_or_default();
    let range = DateRange {
        start: ranges.iter().filter_map(|range| range.start).max(),
        end: ranges.iter().filter_map(|range| range.end).min(),
    };
    match range.start.is_some() && range.end.is_some() {
        true => range,
        false => nothing,
    }
}
