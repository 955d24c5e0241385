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
use super::sql;
use super::statement::FromItem;
use super::statistics::TableStatistics;
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

/// The first steps of the aggregates of a folded view, by their SQL, with the names of their columns.
#[derive(Debug, Default)]
struct Pieces(RefCell<Vec<(String, String)>>);

/// The views to try, one after the other.
pub(super) fn candidates<'a>(
    scope: &Scope<'a>,
    from: &[FromItem<'a>],
    fanned: &BTreeSet<&'a str>,
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
        let has_table = match (scope.bound(alias), scope.view(alias)) {
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
                format!("CAST(SUM({sum}) AS DOUBLE) / NULLIF(SUM({count}), 0)")
            }
            Aggregate::Min => format!("MIN({})", piece(plain())),
            Aggregate::Max => format!("MAX({})", piece(plain())),
            Aggregate::CountDistinct => plain(),
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
        let known = scope.explore.views.keys();
        let view = Folded {
            alias,
            name: alias.to_lowercase(),
            statistics: scope.settings.statistics.of_table(&table)?,
            known: known.map(|name| name.to_lowercase()).collect(),
            is_base: alias == self.base,
        };
        let pieces = pieces.0.borrow().clone();
        let is_own = |(sql, _): &(String, String)| {
            Mentions::of(sql).is_some_and(|mentions| mentions.is_of_no_other(&view.name))
        };
        if !pieces.iter().all(is_own) {
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
            pieces,
            conditions,
        };
        Some(inner.sql(alias))
    }
}

/// Whether an expression is surely NULL where all columns are.
fn is_null_of_nulls(sql: &str) -> bool {
    const STRICT: &[&str] = &["abs", "cast", "ceil", "floor", "round", "sqrt"];
    const WORDS: &[&str] = &[
        "as", "bigint", "date", "double", "float64", "int64", "integer", "string", "varchar",
    ];
    let among = |names: &BTreeSet<String>, known: &[&str]| {
        names.iter().all(|name| known.contains(&name.as_str()))
    };
    Mentions::of(sql).is_some_and(|mentions| {
        !mentions.columns.is_empty()
            && among(&mentions.functions, STRICT)
            && among(&mentions.words, WORDS)
    })
}

impl Pieces {
    /// The column that has what an aggregate makes of the rows that are put together.
    fn column(&self, alias: &str, sql: String) -> String {
        let mut pieces = self.0.borrow_mut();
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

/// A view that is being folded.
struct Folded<'s> {
    alias: &'s str,
    /// The alias as [`Mentions`] has it.
    name: String,
    statistics: &'s TableStatistics,
    /// The aliases of all views.
    known: BTreeSet<String>,
    is_base: bool,
}

impl Folded<'_> {
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
            self.add(&mut with, &column.sql)?;
            if self.is_few(&with, values.most) {
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

    /// Adds the columns of the view that a text mentions. None: the text does not say of which table its columns are.
    fn add(&self, columns: &mut BTreeSet<String>, text: &str) -> Option<()> {
        let mentions = Mentions::of(text)?;
        let is_column = |name: &String| self.statistics.distinct.contains_key(name);
        let mut tables = mentions.columns.iter().map(|(table, _)| table);
        if mentions
            .words
            .iter()
            .any(|word| is_column(word) || *word == self.name)
            || !tables.all(|table| self.known.contains(table))
        {
            return None;
        }
        for column in mentions.of_table(&self.name) {
            let is_piece = column.starts_with("z_piece_") || column.starts_with("z_key_");
            match (is_piece, is_column(&column.to_owned())) {
                (true, _) => {}
                (false, true) => {
                    columns.insert(column.to_owned());
                }
                (false, false) => return None,
            }
        }
        Some(())
    }

    /// Whether far fewer rows are left.
    fn is_few(&self, columns: &BTreeSet<String>, values: u64) -> bool {
        let distinct = columns.iter().map(|column| {
            let distinct = self.statistics.distinct.get(column);
            distinct.copied().unwrap_or(u64::MAX).max(1)
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
