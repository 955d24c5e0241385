//! `lookml check --live`: what only the warehouse can tell of a project.

use anyhow::Result;
use lookml::model::Explore;
use lookml::{
    Cell, Diagnostic, Limit, Located, Model, Place, Problem, Promise, Query, Settings, problems_of,
    rules,
};
use warehouse::{Limits, QueryEngine};

use super::super::interruption::interrupted;
use super::super::{Context, query, runtime, sql};
use crate::cli::AskArgs;
use crate::model::Loaded;
use crate::places;

/// What the warehouse has against a project. None: somebody interrupted it.
pub(super) fn check(
    args: &AskArgs,
    loaded: &Loaded,
    context: &Context,
) -> Result<Option<Vec<Problem>>> {
    let models = loaded.models()?;
    let live = Live {
        settings: query::settings(args, loaded, context),
        limits: query::limits(args),
        context,
    };
    let found = runtime()?.block_on(async {
        let engine = places::engine(context.on.as_deref(), &context.config)?;
        let found = tokio::select! {
            found = live.all(engine.as_ref(), &models) => found.map(Some),
            () = interrupted() => Ok(None),
        };
        engine.close().await;
        found
    })?;
    Ok(found.map(|found| {
        let found = found.into_iter();
        problems_of(
            &loaded.project,
            found.map(|found| (found.model, found.explore, found.located)),
        )
    }))
}

struct Found<'a> {
    model: &'a str,
    explore: &'a str,
    located: Located,
}

struct Live<'a> {
    settings: Settings,
    limits: Limits,
    context: &'a Context,
}

impl Live<'_> {
    async fn all<'m>(
        &self,
        engine: &dyn QueryEngine,
        models: &'m [Model],
    ) -> Result<Vec<Found<'m>>> {
        // That there is nothing to ask is told once, not once an explore.
        sql::begin(engine, "SELECT 1", &self.limits, self.context).await?;
        let mut found = Vec::new();
        for model in models {
            for explore in model.explores.values() {
                let failing = self.failing(engine, model, explore).await;
                found.extend(failing.into_iter().map(|located| Found {
                    model: &model.name,
                    explore: &explore.name,
                    located,
                }));
            }
            self.broken(engine, model, &mut found).await;
        }
        Ok(found)
    }

    /// The dimensions of an explore that the warehouse does not take.
    async fn failing(
        &self,
        engine: &dyn QueryEngine,
        model: &Model,
        explore: &Explore,
    ) -> Vec<Located> {
        let mut found = Vec::new();
        let mut pieces = vec![lookml::dimensions(model, explore)];
        while let Some(fields) = pieces.pop() {
            let Err(failure) = self.attempt(engine, model, explore, &fields).await else {
                continue;
            };
            match fields.as_slice() {
                _ if failure.is_of_all => return vec![failure.of(explore)],
                [] => {}
                [field] => found.push(failure.of_field(model, explore, field)),
                fields => {
                    let (first, second) = fields.split_at(fields.len() / 2);
                    pieces.extend([second.to_vec(), first.to_vec()]);
                }
            }
        }
        found
    }

    /// Asks for no rows of some fields.
    async fn attempt(
        &self,
        engine: &dyn QueryEngine,
        model: &Model,
        explore: &Explore,
        fields: &[String],
    ) -> Result<(), Failure> {
        let query = Query {
            model: model.name.clone(),
            view: explore.name.clone(),
            fields: fields.to_vec(),
            limit: Some(Limit::None),
            ..Query::default()
        };
        let compiled = lookml::compile(model, &query, &self.settings);
        let compiled = compiled.map_err(|error| Failure {
            is_of_all: error
                .field
                .as_ref()
                .is_none_or(|field| !fields.contains(field)),
            reason: error.to_string(),
        })?;
        let Some(statement) = compiled.statements.first() else {
            return Ok(());
        };
        let none = format!("SELECT * FROM (\n{}\n) LIMIT 0", statement.sql);
        match self.ask(engine, &compiled.setup, &none).await {
            Ok(_) => Ok(()),
            Err(reason) => Err(Failure {
                is_of_all: false,
                reason,
            }),
        }
    }

    /// The promises of a model that its rows break.
    async fn broken<'m>(
        &self,
        engine: &dyn QueryEngine,
        model: &'m Model,
        found: &mut Vec<Found<'m>>,
    ) {
        let (promises, _) = lookml::promises(model, &self.settings);
        for promise in promises {
            let located = match self.ask(engine, &promise.setup, &promise.sql).await {
                Ok(rows) => rows.first().and_then(|row| promise.broken(row)),
                Err(reason) => Some(unanswered(&promise, &reason)),
            };
            let explore = model.explores.get(&promise.explore);
            found.extend(located.zip(explore).map(|(located, explore)| Found {
                model: &model.name,
                explore: &explore.name,
                located,
            }));
        }
    }

    async fn ask(
        &self,
        engine: &dyn QueryEngine,
        setup: &[String],
        sql: &str,
    ) -> Result<Vec<Vec<Cell>>, String> {
        let rows = query::rows(engine, setup, sql, &self.limits, self.context).await;
        rows.map_err(|error| {
            // The lines below show the SQL, which nobody has written.
            let error = format!("{error:#}");
            error.lines().next().unwrap_or_default().to_owned()
        })
    }
}

/// Why fields of an explore have no answer.
struct Failure {
    /// Whether it is about the explore, whatever is asked of it.
    is_of_all: bool,
    reason: String,
}

impl Failure {
    fn of(&self, explore: &Explore) -> Located {
        let message = format!(
            "the explore `{}` can't be asked: {}",
            explore.name, self.reason
        );
        located(&explore.place, message)
    }

    fn of_field(&self, model: &Model, explore: &Explore, field: &str) -> Located {
        let place = model.field(explore, field).map(|field| &field.place);
        let message = format!("`{field}` can't be asked for: {}", self.reason);
        located(place.unwrap_or(&explore.place), message)
    }
}

/// That a promise could not be looked into.
fn unanswered(promise: &Promise, reason: &str) -> Located {
    let message = format!("`{}` can't be looked into: {reason}", promise.object);
    located(&promise.place, message)
}

fn located(place: &Place, message: String) -> Located {
    Located {
        file: place.file.to_string(),
        diagnostic: Diagnostic::new(rules::SQL_FAILS, place.span, message),
    }
}
