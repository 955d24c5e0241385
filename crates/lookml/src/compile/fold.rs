//! Rows of a table put together before they are joined, so that the joins, and the expressions behind them, work on
//! few rows: the seconds of a workout have one workout, and its month is asked once, not once a second.
//!
//! A view is folded by the columns of it that the rest of the statement mentions; its measures are aggregated in two
//! steps. That changes no answer, since each other measure counts a row once however often it comes. It is done where
//! the statistics of the view's table say that far fewer rows are left, on DuckDB.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use super::aggregates::{self, Input};
use super::columns::{Column, Values};
use super::joins;
use super::labels;
use super::measure::needs_key;
use super::mentions::Mentions;
use super::scope::Scope;
use super::select::Clauses;
use super::sql::{self, Sql};
use super::statement::FromItem;
use super::statistics::{ColumnStatistics, TableStatistics};
use crate::dialect::Dialect;
use crate::model::{Aggregate, Source};

/// A base with fewer rows is not worth the longer statement.
pub(super) const FEWEST_ROWS: u64 = 10_000;
/// How many rows of the base one has to be put together from, on average.
const GAIN_OF_BASE: u64 = 8;
/// The same of a view whose rows multiply with those of others.
const GAIN_OF_JOINED: u64 = 2;

/// What stands before a parenthesis in a measure of measures, and aggregates nothing.
const SCALAR: &[&str] = &[
    "abs",
    "cast",
    "ceil",
    "coalesce",
    "floor",
    "greatest",
    "if",
    "ifnull",
    "least",
    "nullif",
    "pow",
    "round",
    "safe_divide",
    "sqrt",
];

/// The views that are folded while their measures are written.
#[derive(Debug)]
pub(super) struct Folding<'a> {
    /// The view whose rows are always there.
    base: &'a str,
    views: BTreeMap<&'a str, Pieces>,
    /// Whether something is asked for that folded rows can't tell.
    is_refused: Cell<bool>,
}

/// The first steps of the aggregates of a folded view.
#[derive(Debug, Default)]
struct Pieces {
    /// Their SQL, and the names of their columns.
    columns: RefCell<Vec<(String, String)>>,
    /// The values that averages are of.
    averages: RefCell<Vec<String>>,
}

/// The views to try, one after the other.
pub(super) fn candidates<'a>(
    scope: &Scope<'a>,
    from: &[FromItem<'a>],
    fanned: &BTreeSet<&'a str>,
    derived: &[(String, String)],
) -> Vec<&'a str> {
    let is_simple = |item: &FromItem<'_>| match item {
        FromItem::Clause(_) => false,
        FromItem::Table { keyword, .. } => joins::keeps_the_left(keyword),
    };
    let explore = scope.explore;
    if scope.settings.dialect != Dialect::DuckDb
        || !explore.symmetric_aggregates
        || !from.iter().all(is_simple)
    {
        return Vec::new();
    }
    let base = explore.base.as_str();
    let tables = from.iter().filter_map(|item| match item {
        FromItem::Table { table, alias, .. } => Some((*alias, table)),
        FromItem::Clause(_) => None,
    });
    let chosen = tables.filter(|(alias, table)| {
        let Some(statistics) = scope.settings.statistics.of_table(table) else {
            return false;
        };
        let is_derived = derived
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case(table));
        let has_table = !is_derived
            && match (scope.bound(alias), scope.view(alias)) {
                (Some((_, bound)), Some((_, view))) => {
                    bound.sql_table_name.is_some() || matches!(view.source, Source::Table(_))
                }
                _ => false,
            };
        let is_worth_it = match *alias == base {
            true => statistics.rows >= FEWEST_ROWS,
            false => fanned.contains(base) && fanned.contains(alias),
        };
        has_table && is_worth_it
    });
    chosen.map(|(alias, _)| alias).collect()
}

impl<'a> Folding<'a> {
    pub(super) fn of(views: &[&'a str], base: &'a str) -> Self {
        Self {
            base,
            views: views
                .iter()
                .map(|alias| (*alias, Pieces::default()))
                .collect(),
            is_refused: Cell::new(false),
        }
    }

    fn refuse(&self) {
        self.is_refused.set(true);
    }

    /// An aggregate over rows as they come, of a view that is folded or not.
    pub(super) fn aggregate(&self, alias: &str, aggregate: Aggregate, input: &Input<'_>) -> String {
        let plain = || aggregates::plain(Dialect::DuckDb, aggregate, input);
        let Some(pieces) = self.views.get(alias) else {
            // It would count joined rows, of which there are fewer now.
            if needs_key(aggregate) {
                self.refuse();
            }
            return plain();
        };
        let is_null_without_row = input
            .value
            .as_ref()
            .is_some_and(|value| is_null_of_nulls(&value.text));
        if alias != self.base && !is_null_without_row {
            self.refuse();
        }
        let value = || input.counted_value();
        let piece = |sql: String| pieces.column(alias, sql);
        match aggregate {
            Aggregate::Count => format!("CAST(COALESCE(SUM({}), 0) AS BIGINT)", piece(plain())),
            Aggregate::Sum => format!("COALESCE(SUM({}), 0)", piece(format!("SUM({})", value()))),
            Aggregate::Average => {
                let sum = piece(format!("SUM({})", value()));
                let count = piece(format!("COUNT({})", value()));
                pieces.averages.borrow_mut().push(input.value_text());
                format!("(CAST(SUM({sum}) AS DOUBLE) / NULLIF(SUM({count}), 0))")
            }
            Aggregate::Min => format!("MIN({})", piece(plain())),
            Aggregate::Max => format!("MAX({})", piece(plain())),
            Aggregate::CountDistinct | Aggregate::ApproximateCountDistinct => plain(),
            Aggregate::Percentile(_) => {
                self.refuse();
                plain()
            }
        }
    }

    /// Looks at the text of an expression over groups, with its references in it: it may aggregate nothing itself.
    pub(super) fn look_at(&self, text: &str) {
        let is_scalar = |name: &String| SCALAR.contains(&name.as_str());
        let is_known = Mentions::of(text).is_some_and(|mentions| {
            mentions.columns.is_empty() && mentions.functions.iter().all(is_scalar)
        });
        if !is_known {
            self.refuse();
        }
    }

    /// Looks at a dimension among measures, which may aggregate rows itself.
    pub(super) fn look_at_dimension(&self, sql: &Sql<'_>) {
        if !sql::is_path(&sql.text) {
            self.refuse();
        }
    }

    /// The clauses over folded rows. None: that can't be, or leaves too many rows to be worth it.
    pub(super) fn fold(&self, mut clauses: Clauses<'a>, scope: &Scope<'a>) -> Option<Clauses<'a>> {
        if self.is_refused.get() {
            return None;
        }
        for (alias, pieces) in &self.views {
            let is_it = |item: &FromItem<'_>| matches!(item, FromItem::Table { alias: other, .. } if other == alias);
            let place = clauses.from.iter().position(is_it)?;
            let table = self.folded(alias, pieces, place, &mut clauses, scope)?;
            if let Some(FromItem::Table { table: old, .. }) = clauses.from.get_mut(place) {
                *old = table;
            }
        }
        Some(clauses)
    }

    /// The query in the place of a view's table.
    fn folded(
        &self,
        alias: &str,
        pieces: &Pieces,
        place: usize,
        clauses: &mut Clauses<'a>,
        scope: &Scope<'a>,
    ) -> Option<String> {
        let Some(FromItem::Table { table, .. }) = clauses.from.get(place) else {
            return None;
        };
        let table = table.clone();
        let view = Folded {
            alias,
            name: alias.to_ascii_lowercase(),
            statistics: scope.settings.statistics.of_table(&table)?,
            known: clauses.from.iter().filter_map(alias_of).collect(),
            is_base: alias == self.base,
        };
        if view.statistics.columns.keys().any(|name| is_own_name(name)) {
            return None;
        }
        // A condition on a row that may be missing is one on the joined rows.
        let conditions = match view.is_base {
            true => view.take_conditions(&mut clauses.conditions)?,
            false => Vec::new(),
        };
        let inner = Inner {
            table,
            keys: view.keys(clauses)?,
            pieces: pieces.columns.borrow().clone(),
            conditions,
        };
        let averages = pieces.averages.borrow();
        let is_sound = inner.pieces.iter().all(|(sql, _)| view.is_own(sql))
            && averages.iter().all(|value| view.has_exact_average(value))
            && (!loses_rows(clauses) || inner.expressions().all(can_t_fail));
        is_sound.then(|| inner.sql(alias))
    }
}

/// The alias of a table as [`Mentions`] has it.
fn alias_of(item: &FromItem<'_>) -> Option<String> {
    match item {
        FromItem::Table { alias, .. } => Some(alias.to_ascii_lowercase()),
        FromItem::Clause(_) => None,
    }
}

/// Whether a column is one of those that are made here.
fn is_own_name(column: &str) -> bool {
    column.starts_with("z_piece_") || column.starts_with("z_key_")
}

/// Whether joins or conditions leave rows out, which an expression before them sees all the same.
fn loses_rows(clauses: &Clauses<'_>) -> bool {
    let is_inner = |item: &FromItem<'_>| match item {
        FromItem::Table { keyword, .. } => *keyword == "INNER JOIN",
        FromItem::Clause(_) => true,
    };
    !clauses.conditions.is_empty() || clauses.from.iter().any(is_inner)
}

/// Whether an expression has an answer for every row.
fn can_t_fail(sql: &str) -> bool {
    const SAFE: &[&str] = &[
        "coalesce", "count", "if", "ifnull", "max", "min", "nullif", "sum",
    ];
    Mentions::of(sql).is_some_and(|mentions| among(&mentions.functions, SAFE))
        && !sql.contains("::")
}

fn among(names: &BTreeSet<String>, known: &[&str]) -> bool {
    names.iter().all(|name| known.contains(&name.as_str()))
}

/// Whether an expression is surely NULL where all columns are.
fn is_null_of_nulls(sql: &str) -> bool {
    const STRICT: &[&str] = &["abs", "cast", "ceil", "floor", "round", "sqrt"];
    let is_strict = Mentions::of(sql).is_some_and(|mentions| {
        !mentions.columns.is_empty()
            && among(&mentions.functions, STRICT)
            && among(&mentions.words, &["as"])
    });
    // A list or a row of NULLs is none.
    is_strict && !sql.contains(['[', '{', ','])
}

impl Pieces {
    /// The column that has what an aggregate makes of the rows that are put together.
    fn column(&self, alias: &str, sql: String) -> String {
        let mut pieces = self.columns.borrow_mut();
        let name = match pieces.iter().find(|(known, _)| *known == sql) {
            Some((_, name)) => name.clone(),
            None => {
                let name = format!("z_piece_{}", pieces.len());
                pieces.push((sql, name.clone()));
                name
            }
        };
        format!("{}.{name}", Dialect::DuckDb.table_alias(alias))
    }
}

/// The query that stands in the place of a folded table.
struct Inner {
    table: String,
    /// What is grouped by, with a name where it is no column.
    keys: Vec<(String, Option<String>)>,
    pieces: Vec<(String, String)>,
    conditions: Vec<String>,
}

impl Inner {
    /// What is computed of each row.
    fn expressions(&self) -> impl Iterator<Item = &str> {
        let keys = self.keys.iter().filter(|(_, name)| name.is_some());
        let pieces = self.pieces.iter().map(|(sql, _)| sql.as_str());
        keys.map(|(sql, _)| sql.as_str()).chain(pieces)
    }

    fn sql(&self, alias: &str) -> String {
        let alias = Dialect::DuckDb.table_alias(alias);
        let keys = self.keys.iter().map(|(sql, name)| match name {
            Some(name) => format!("{sql} AS {name}"),
            None => sql.clone(),
        });
        let pieces = self
            .pieces
            .iter()
            .map(|(sql, name)| format!("{sql} AS {name}"));
        let columns: Vec<_> = keys.chain(pieces).collect();
        let positions: Vec<_> = (1..=self.keys.len()).map(|at| at.to_string()).collect();
        let conditions = match self.conditions.is_empty() {
            true => String::new(),
            false => format!("\n    WHERE {}", self.conditions.join("\n      AND ")),
        };
        format!(
            "(\n    SELECT {}\n    FROM {} AS {alias}{conditions}\n    GROUP BY {}\n)",
            columns.join(", "),
            self.table,
            positions.join(", ")
        )
    }
}

/// Types of whole numbers.
const WHOLE: &[&str] = &[
    "BIGINT",
    "INTEGER",
    "SMALLINT",
    "TINYINT",
    "UBIGINT",
    "UINTEGER",
    "USMALLINT",
    "UTINYINT",
];
/// Up to here a float has every whole number.
const MOST_EXACT: f64 = 9_007_199_254_740_992.0;

/// Types whose equal values nothing can tell apart. A float has two zeros, an interval thirty days or a month.
const KEYS: &[&str] = &[
    "BIGINT",
    "BOOLEAN",
    "DATE",
    "HUGEINT",
    "INTEGER",
    "SMALLINT",
    "TIMESTAMP",
    "TINYINT",
    "UBIGINT",
    "UINTEGER",
    "USMALLINT",
    "UTINYINT",
    "UUID",
    "VARCHAR",
];

/// A view that is being folded.
struct Folded<'s> {
    alias: &'s str,
    /// The alias as [`Mentions`] has it.
    name: String,
    statistics: &'s TableStatistics,
    /// The aliases of all tables.
    known: BTreeSet<String>,
    is_base: bool,
}

impl Folded<'_> {
    /// Whether an expression is over its own rows.
    fn is_own(&self, sql: &str) -> bool {
        Mentions::of(sql).is_some_and(|mentions| mentions.is_of_no_other(&self.name))
    }

    /// Whether a sum over a count is, to the last digit, what DuckDB's average is. Of decimals it is not, and of dates
    /// there is no sum.
    fn has_exact_average(&self, value: &str) -> bool {
        let Some(mentions) = Mentions::of(value) else {
            return false;
        };
        let are_all = |is_right: &dyn Fn(&ColumnStatistics) -> bool| {
            let mut columns = mentions.of_table(&self.name);
            columns.all(|name| self.statistics.columns.get(name).is_some_and(is_right))
        };
        let is_float =
            |column: &ColumnStatistics| ["FLOAT", "DOUBLE"].contains(&column.data_type.as_str());
        // A whole number keeps its size where it is at most divided.
        #[expect(clippy::cast_precision_loss, reason = "it need not be exact")]
        let rows = self.statistics.rows as f64;
        let is_small = |column: &ColumnStatistics| {
            let largest = column
                .largest
                .filter(|_| WHOLE.contains(&column.data_type.as_str()));
            largest.is_some_and(|largest| largest * rows < MOST_EXACT)
        };
        let is_whole = !value.contains(['*', '+', '-']) && are_all(&is_small);
        mentions.words.is_empty()
            && among(&mentions.functions, &["nullif"])
            && (is_whole || are_all(&is_float))
    }

    /// Takes out the conditions that are over its own rows.
    fn take_conditions(&self, conditions: &mut Vec<String>) -> Option<Vec<String>> {
        let mut own = Vec::new();
        let mut others = Vec::new();
        for condition in conditions.drain(..) {
            match Mentions::of(&condition)?.is_only_of(&self.name) {
                true => own.push(condition),
                false => others.push(condition),
            }
        }
        *conditions = others;
        Some(own)
    }

    /// What its rows are put together by. Dimensions that are over its own rows take part by their columns, which
    /// makes them an expression over few rows; or by their values, where these are fewer.
    fn keys(&self, clauses: &mut Clauses<'_>) -> Option<Vec<(String, Option<String>)>> {
        let is_column = |column: &Column| sql::is_path(&column.sql);
        if clauses.from.len() == 1 && clauses.dimensions.iter().all(is_column) {
            return None;
        }
        let mut columns = self.needed(clauses)?;
        let mut values = ValueKeys::default();
        for column in &mut clauses.dimensions {
            if !Mentions::of(&column.sql)?.is_only_of(&self.name) {
                continue;
            }
            let mut with = columns.clone();
            let can_be_told = self.add(&mut with, &column.sql).is_some();
            if can_be_told && self.is_few(&with, values.most) {
                columns = with;
                continue;
            }
            // Where the view may have no row, a value is not what the dimension says of NULLs.
            if !self.is_base {
                return None;
            }
            values.replace(self.alias, column)?;
        }
        let is_worth_it = !columns.is_empty() && self.is_few(&columns, values.most);
        let alias = Dialect::DuckDb.table_alias(self.alias);
        let column = |name: &String| format!("{alias}.{}", Dialect::DuckDb.column(name));
        let columns = columns.iter().map(|name| (column(name), None));
        let values = values.keys.into_iter();
        let values = values.map(|(sql, name)| (sql, Some(name)));
        is_worth_it.then(|| columns.chain(values).collect())
    }

    /// The columns that all but its own dimensions mention.
    fn needed(&self, clauses: &Clauses<'_>) -> Option<BTreeSet<String>> {
        let mut columns = BTreeSet::new();
        for column in &clauses.dimensions {
            if !Mentions::of(&column.sql)?.is_only_of(&self.name) {
                self.add(&mut columns, &column.sql)?;
            }
        }
        let joined_by = clauses.from.iter().filter_map(|item| match item {
            FromItem::Table { on, .. } => Some(on),
            FromItem::Clause(_) => None,
        });
        let measures = clauses.measures.iter().map(|column| &column.sql);
        let texts = joined_by
            .chain(&clauses.conditions)
            .chain(&clauses.having)
            .chain(measures);
        for text in texts {
            self.add(&mut columns, text)?;
        }
        Some(columns)
    }

    /// Adds the columns of the view that a text mentions. None: the text does not say of which table its columns are,
    /// or rows can't be put together by one.
    fn add(&self, columns: &mut BTreeSet<String>, text: &str) -> Option<()> {
        let mentions = Mentions::of(text)?;
        let is_column = |name: &str| self.statistics.columns.contains_key(name);
        let is_table = |name: &str| self.known.contains(name);
        // A name before a point is a table's, unless a column of ours has fields.
        let mut tables = mentions.columns.iter().map(|(table, _)| table.as_str());
        let mut words = mentions.words.iter().map(String::as_str);
        if words.any(|word| is_column(word) || word == self.name)
            || !tables.all(|table| is_table(table) && (table == self.name || !is_column(table)))
        {
            return None;
        }
        for name in mentions.of_table(&self.name) {
            if is_own_name(name) {
                continue;
            }
            let column = self.statistics.columns.get(name)?;
            let is_key = column.data_type.starts_with("DECIMAL(")
                || KEYS.contains(&column.data_type.as_str());
            if !is_key {
                return None;
            }
            columns.insert(name.to_owned());
        }
        Some(())
    }

    /// Whether far fewer rows are left.
    fn is_few(&self, columns: &BTreeSet<String>, values: u64) -> bool {
        let distinct = columns.iter().map(|column| {
            let statistics = self.statistics.columns.get(column);
            let distinct = statistics.and_then(|column| column.distinct);
            distinct.unwrap_or(u64::MAX).max(1)
        });
        let gain = match self.is_base {
            true => GAIN_OF_BASE,
            false => GAIN_OF_JOINED,
        };
        let groups = distinct.fold(values, u64::saturating_mul);
        groups.saturating_mul(gain) <= self.statistics.rows
    }
}

/// Dimensions that are keys by their values.
struct ValueKeys {
    /// Their SQL and their names.
    keys: Vec<(String, String)>,
    /// How many different rows of them there are at most.
    most: u64,
}

impl Default for ValueKeys {
    fn default() -> Self {
        Self {
            keys: Vec::new(),
            most: 1,
        }
    }
}

impl ValueKeys {
    /// Makes a dimension of the base a key, which stands in the place of its SQL. None: it may have many values.
    fn replace(&mut self, alias: &str, column: &mut Column) -> Option<()> {
        match &column.values {
            Values::Any => return None,
            Values::Few(most) => {
                let sql = column.sql.clone();
                column.sql = self.key(alias, sql, *most);
            }
            Values::Labels { place, labels } => {
                let most = u64::try_from(labels.len()).ok()?;
                let place = self.key(alias, place.clone(), most);
                column.sql = labels::at_place(&place, labels, Dialect::DuckDb);
            }
        }
        Some(())
    }

    /// The column of a key.
    fn key(&mut self, alias: &str, sql: String, most: u64) -> String {
        let name = match self.keys.iter().find(|(known, _)| *known == sql) {
            Some((_, name)) => name.clone(),
            None => {
                let name = format!("z_key_{}", self.keys.len());
                self.most = self.most.saturating_mul(most);
                self.keys.push((sql, name.clone()));
                name
            }
        };
        format!("{}.{name}", Dialect::DuckDb.table_alias(alias))
    }
}
