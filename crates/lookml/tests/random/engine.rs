//! The engine under test: text and query in, SQL run on DuckDB, answer out. The one place that calls it.

use std::collections::BTreeMap;

use lookml::testing::Database;
use lookml::{
    Cell, ColumnStatistics, Dialect, Model, Project, Settings, Statistics, TableStatistics,
    UserAttribute,
};
use serde_json::{Map, Value as Json};

use crate::model::World;
use crate::print;

/// A model that is read, and a database with its tables.
#[derive(Debug)]
pub(crate) struct Engine {
    model: Model,
    settings: Settings,
    /// The same, told that each table has many rows of few values: what can be put together before it is joined is.
    folding: Settings,
    database: Database,
    /// What the engine says of the model.
    pub(crate) problems: Vec<String>,
}

/// The engine's answer, as far as it is compared.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct EngineAnswer {
    pub(crate) rows: Vec<Map<String, Json>>,
    pub(crate) totals: Option<Map<String, Json>>,
    pub(crate) pivots: Vec<String>,
    pub(crate) truncated: bool,
}

impl Engine {
    pub(crate) fn new(world: &World) -> Engine {
        let project = Project::new(print::project(world));
        let (model, problems) = Model::load(&project, "m");
        let shown = |problem: &lookml::Located| {
            let diagnostic = &problem.diagnostic;
            format!("{} {}", diagnostic.rule.code, diagnostic.message)
        };
        let is_error =
            |problem: &&lookml::Located| problem.diagnostic.severity == lookml::Severity::Error;
        let database = Database::in_memory();
        database.run(&print::inserts(&world.tables)).unwrap();
        let mut folding = settings(world);
        folding.statistics = few_values(&database);
        Engine {
            model: model.unwrap(),
            settings: settings(world),
            folding,
            database,
            problems: problems.iter().filter(is_error).map(shown).collect(),
        }
    }

    pub(crate) fn answer(&self, query: &Json) -> Result<EngineAnswer, String> {
        let query: lookml::Query =
            serde_json::from_value(query.clone()).map_err(|error| error.to_string())?;
        let compiled = lookml::compile(&self.model, &query, &self.settings)
            .map_err(|error| error.to_string())?;
        self.run(&compiled)
    }

    /// The answer from rows that are put together before they are joined. None: the query has no such statement.
    pub(crate) fn folded(&self, query: &Json) -> Option<Result<EngineAnswer, String>> {
        let query: lookml::Query = serde_json::from_value(query.clone()).ok()?;
        let plain = lookml::compile(&self.model, &query, &self.settings).ok()?;
        let folded = match lookml::compile(&self.model, &query, &self.folding) {
            Ok(folded) if folded.text() == plain.text() => return None,
            Ok(folded) => folded,
            Err(error) => return Some(Err(error.to_string())),
        };
        let answer = self.run(&folded);
        Some(answer.map_err(|error| format!("{error}\n{}", folded.text())))
    }

    fn run(&self, compiled: &lookml::Compiled) -> Result<EngineAnswer, String> {
        let answer = self.database.answer(compiled);
        let answer = answer.map_err(|error| error.to_string())?;
        let row = |row| answer.row_json(row);
        Ok(EngineAnswer {
            rows: answer.rows.iter().map(row).collect(),
            totals: answer.totals.as_ref().map(row),
            pivots: answer
                .pivots
                .iter()
                .map(|pivot| pivot.key.clone())
                .collect(),
            truncated: answer.is_truncated,
        })
    }

    /// The SQL of a query, for a person who looks for a mistake.
    pub(crate) fn sql(&self, query: &Json) -> String {
        let query: lookml::Query = serde_json::from_value(query.clone()).unwrap();
        match lookml::compile(&self.model, &query, &self.settings) {
            Ok(compiled) => compiled
                .statements
                .iter()
                .map(|statement| statement.sql.clone() + ";\n")
                .collect(),
            Err(error) => error.to_string(),
        }
    }
}

fn settings(world: &World) -> Settings {
    let mut settings = Settings::new(Dialect::DuckDb, world.now);
    settings.database_timezone = world.database_zone.clone();
    let literal =
        |(name, value): &(String, String)| (name.clone(), UserAttribute::Literal(value.clone()));
    settings.user_attributes = world.attributes.iter().map(literal).collect();
    settings
}

fn few_values(database: &Database) -> Statistics {
    let mut tables: BTreeMap<String, TableStatistics> = BTreeMap::new();
    for row in database.rows(Statistics::TABLES).unwrap() {
        let [
            Cell::Text(schema),
            Cell::Text(name),
            _,
            Cell::Text(column),
            Cell::Text(data_type),
        ] = row.as_slice()
        else {
            panic!("not a column: {row:?}");
        };
        for table in [name.clone(), format!("{schema}.{name}")] {
            let table = tables.entry(table).or_default();
            table.rows = 1_000_000;
            let statistics = ColumnStatistics {
                data_type: data_type.clone(),
                distinct: Some(1),
                largest: Some(0.0),
            };
            table.columns.insert(column.clone(), statistics);
        }
    }
    let mut statistics = Statistics::default();
    for (name, table) in tables {
        statistics.insert(&name, table);
    }
    statistics
}
