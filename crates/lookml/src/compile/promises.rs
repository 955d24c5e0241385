//! What a model promises of its data, and the statements that tell whether it is so.

use std::collections::BTreeSet;

use super::asked::Asked;
use super::error::{QueryError, Result};
use super::joins::Joins;
use super::measure::KeyedValue;
use super::scope::{FieldRef, Scope};
use super::settings::Settings;
use super::sql::{At, Level, Writer};
use super::statement::{FromItem, With};
use super::tables::Tables;
use super::zone::Zones;
use crate::answer::Cell;
use crate::calendar::Calendar;
use crate::diagnostic::{Diagnostic, Rule, rules};
use crate::model::{Explore, JoinCondition, Model};
use crate::project::Located;
use crate::resolve::Place;

/// That a key tells the rows of its view apart, that a join finds one row, or that what counts once has one value.
#[derive(Debug, Clone, PartialEq)]
pub struct Promise {
    /// What it is when it is broken.
    pub rule: Rule,
    /// The explore that makes it; of a key the first with its view.
    pub explore: String,
    /// The key or the measure, `view.field`, or the join.
    pub object: String,
    /// Where it is made.
    pub place: Place,
    /// What has to be run before the statement.
    pub setup: Vec<String>,
    /// A query with one row of numbers, which [`Self::broken`] reads.
    pub sql: String,
}

impl Promise {
    /// What is wrong, by the row of its statement. None: it is kept.
    pub fn broken(&self, row: &[Cell]) -> Option<Located> {
        let count = |at: usize| row.get(at).and_then(Cell::number).unwrap_or_default();
        let (first, second, third) = (count(0), count(1), count(2));
        let (message, hint) = match self.rule {
            rules::KEY_NOT_UNIQUE => self.of_key(first, second, third),
            rules::TWO_VALUES_OF_A_KEY => self.of_value(first, second),
            _ => self.of_join(first, second),
        }?;
        let diagnostic = Diagnostic::new(self.rule, self.place.span, message).hint(hint);
        Some(Located {
            file: self.place.file.to_string(),
            diagnostic,
        })
    }
}

/// What a person reads of a broken promise, and what to do.
type Broken = Option<(String, &'static str)>;

impl Promise {
    fn of_key(&self, rows: f64, known: f64, different: f64) -> Broken {
        let object = &self.object;
        if known < rows {
            let message = format!(
                "the primary key `{object}` is NULL in {} of {rows} rows",
                rows - known
            );
            return Some((message, "measures leave rows without a key out"));
        }
        let message =
            format!("the primary key `{object}` is not unique (rows: {rows}, keys: {different})");
        let hint = "rows with one key count once where a join repeats rows: take columns that tell all apart";
        (different < rows).then_some((message, hint))
    }

    fn of_join(&self, before: f64, after: f64) -> Broken {
        let message = format!(
            "the join `{}` makes {after} rows of {before}, though it promises one for each",
            self.object
        );
        let hint = "its relationship is `one_to_many` or `many_to_many`, or its condition leaves something out";
        (after > before).then_some((message, hint))
    }

    fn of_value(&self, keys: f64, doubtful: f64) -> Broken {
        let message = format!(
            "`{}` has more than one value for {doubtful} of {keys} keys, and adds them all",
            self.object
        );
        let hint = "each key is to count once: take a key that tells the values apart, or a value that the key decides";
        (doubtful > 0.0).then_some((message, hint))
    }
}

/// The promises of a model, each once, and what can't be asked, with the reason.
pub fn promises(model: &Model, settings: &Settings) -> (Vec<Promise>, Vec<QueryError>) {
    let calendar = Calendar {
        now: settings.now,
        query_timezone: settings.database_timezone.clone(),
        database_timezone: settings.database_timezone.clone(),
        week_start: model.week_start.unwrap_or(settings.week_start),
        fiscal_month_offset: model.fiscal_month_offset,
    };
    let mut found = Found::default();
    for explore in model.explores.values() {
        found.explore(Scope {
            model,
            explore,
            settings,
            calendar: &calendar,
        });
    }
    (found.promises, found.errors)
}

#[derive(Default)]
struct Found {
    promises: Vec<Promise>,
    errors: Vec<QueryError>,
    /// Views, with the tables that take their place, whose keys are among the promises.
    keys: BTreeSet<(String, Option<String>)>,
    /// Likewise their measures.
    measures: BTreeSet<(String, Option<String>, String)>,
}

impl Found {
    fn explore(&mut self, scope: Scope<'_>) {
        for (alias, bound) in &scope.explore.views {
            let table = (bound.view.clone(), bound.sql_table_name.clone());
            let has_key = scope
                .view(alias)
                .is_some_and(|(_, view)| view.primary_key().is_some());
            if has_key && self.keys.insert(table) {
                self.keep(key(scope, alias));
            }
            self.keep(join(scope, alias));
            self.measures(scope, alias);
        }
    }

    fn measures<'a>(&mut self, scope: Scope<'a>, alias: &'a str) {
        let (Some((alias, bound)), Some((_, view))) = (scope.bound(alias), scope.view(alias))
        else {
            return;
        };
        for field in view.fields.values() {
            let table = (bound.view.clone(), bound.sql_table_name.clone());
            let measure = (table.0, table.1, field.name.clone());
            if self.measures.contains(&measure) {
                continue;
            }
            // In this explore its SQL may mean nothing: other checks tell.
            if let Ok(Some(promise)) = value(scope, FieldRef { alias, view, field }) {
                self.promises.push(promise);
                self.measures.insert(measure);
            }
        }
    }

    fn keep(&mut self, promise: Result<Option<Promise>>) {
        match promise {
            Ok(promise) => self.promises.extend(promise),
            Err(error) => self.errors.push(error),
        }
    }
}

/// That the primary key of a view tells its rows apart.
fn key<'a>(scope: Scope<'a>, alias: &'a str) -> Result<Option<Promise>> {
    let Some(field) = scope.view(alias).and_then(|(_, view)| view.primary_key()) else {
        return Ok(None);
    };
    let object = format!("{alias}.{}", field.name);
    let (asked, zones, tables) = (Asked::default(), Zones::default(), Tables::default());
    let writer = Writer::new(scope, &asked, &zones, &tables);
    let at = At {
        alias,
        field: None,
        level: Level::Row,
    };
    let key = writer.expand(&format!("${{{object}}}"), at)?;
    if key.views.iter().any(|view| *view != alias) {
        return Ok(None);
    }
    let table = tables.of_alias(&writer, alias)?;
    let name = writer.dialect().table_alias(alias);
    let key = key.text;
    let sql =
        format!("SELECT COUNT(*), COUNT({key}), COUNT(DISTINCT {key})\nFROM {table} AS {name}");
    Ok(Some(Promise {
        rule: rules::KEY_NOT_UNIQUE,
        explore: scope.explore.name.clone(),
        object,
        place: field.place.clone(),
        setup: zones.definitions(),
        sql: format!("{}{sql}", With(&tables.queries())),
    }))
}

/// That a join finds at most one row for each that is there.
fn join<'a>(scope: Scope<'a>, alias: &'a str) -> Result<Option<Promise>> {
    let Some((alias, bound)) = scope.bound(alias) else {
        return Ok(None);
    };
    let Some(join) = &bound.join else {
        return Ok(None);
    };
    let is_on = matches!(
        join.condition,
        JoinCondition::On(_) | JoinCondition::ForeignKey(_)
    );
    if !is_on || join.relationship().is_many_behind() {
        return Ok(None);
    }
    let (asked, zones, tables) = (Asked::default(), Zones::default(), Tables::default());
    let writer = Writer::new(scope, &asked, &zones, &tables);
    let joins = Joins::of(&writer, &BTreeSet::from([alias]))?;
    let count = |from| format!("(SELECT COUNT(*)\n{}\n)", lines(&writer, from));
    let (before, after) = joins.around(&writer, alias)?;
    let sql = format!("SELECT {}, {}", count(before), count(after));
    Ok(Some(Promise {
        rule: rules::JOIN_NOT_UNIQUE,
        explore: scope.explore.name.clone(),
        object: alias.to_owned(),
        place: bound.place.clone(),
        setup: zones.definitions(),
        sql: format!("{}{sql}", With(&tables.queries())),
    }))
}

/// What rows are taken from, a line each.
fn lines(writer: &Writer<'_>, from: Vec<FromItem<'_>>) -> String {
    let lines = from.iter().map(|item| item.sql(writer.dialect()));
    lines.collect::<Vec<_>>().join("\n")
}

/// That each key of a measure has one value, where that is more than that the key is one.
fn value<'a>(scope: Scope<'a>, field: FieldRef<'a>) -> Result<Option<Promise>> {
    let (asked, zones, tables) = (Asked::default(), Zones::default(), Tables::default());
    let writer = Writer::new(scope, &asked, &zones, &tables);
    let Some(KeyedValue { key, value, is_own }) = writer.keyed_value(&field)? else {
        return Ok(None);
    };
    let views = key.views.iter().chain(&value.views).copied();
    let joins = Joins::of(&writer, &views.chain([field.alias]).collect())?;
    // Of its own row the primary key decides all. Other rows give it several values only where they repeat its own.
    let is_of_row = value.views.iter().all(|view| *view == field.alias);
    if is_own && (is_of_row || !joins.fanned(&writer).contains(field.alias)) {
        return Ok(None);
    }
    let from = lines(&writer, joins.from(&writer)?);
    let known = format!("{} IS NOT NULL", key.operand());
    let conditions = joins.conditions.iter().map(|sql| format!("({sql})"));
    let conditions: Vec<_> = conditions.chain([known]).collect();
    let (key, value) = (key.text, value.text);
    let sql = format!(
        "SELECT COUNT(*), COUNT(CASE WHEN z_low <> z_high THEN 1 END)\nFROM (\nSELECT {key} AS z_key, MIN({value}) AS z_low, MAX({value}) AS z_high\n{from}\nWHERE {}\nGROUP BY 1\n) AS z_keys",
        conditions.join(" AND ")
    );
    Ok(Some(Promise {
        rule: rules::TWO_VALUES_OF_A_KEY,
        explore: scope.explore.name.clone(),
        object: field.name(),
        place: field.field.place.clone(),
        setup: zones.definitions(),
        sql: format!("{}{sql}", With(&tables.queries())),
    }))
}

/// The dimensions of an explore, which a query of no rows tries out.
pub fn dimensions(model: &Model, explore: &Explore) -> Vec<String> {
    let is_dimension = |name: &&String| {
        let field = model.field(explore, name);
        field.is_some_and(|field| field.dimension().is_some())
    };
    let mut names: Vec<String> = explore
        .included
        .iter()
        .filter(is_dimension)
        .cloned()
        .collect();
    names.sort_unstable();
    names
}
