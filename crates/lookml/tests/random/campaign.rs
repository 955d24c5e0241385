//! Many worlds, and what came of them.

#![expect(
    clippy::print_stdout,
    reason = "whoever runs a large number wants the table"
)]

use std::collections::BTreeMap;
use std::ops::Range;

use crate::chance::Chance;
use crate::engine::Engine;
use crate::features::{Pairs, features};
use crate::metamorphic::Bench;
use crate::model::World;
use crate::model::query::Query;
use crate::shrink::shrink;
use crate::{compare, draw, evaluate, print};

const QUERIES: usize = 16;
/// From so many models on, every pair of features must have met.
const MANY_MODELS: usize = 2_000;
/// From so many models on, the pairs that have not met are worth a list.
const SOME_MODELS: usize = 200;
/// Failures that are printed in full.
const SHOWN: usize = 3;

/// Counts of a run.
#[derive(Debug, Default)]
pub(crate) struct Campaign {
    models: usize,
    queries: usize,
    /// Whose joined rows were too many.
    skipped: usize,
    /// Of which the specification leaves the answer open, by the reason.
    doubts: BTreeMap<&'static str, usize>,
    /// That fail, as they should, by the code.
    errors: BTreeMap<&'static str, usize>,
    /// Asked once more with rows put together before they are joined.
    folded: usize,
    pairs: Pairs,
    changes: BTreeMap<&'static str, usize>,
    failures: Vec<String>,
}

/// Which seeds to draw from: as many as the environment says.
pub(crate) fn seeds(usual: u64) -> Range<u64> {
    let number = |name: &str| {
        #[expect(
            clippy::disallowed_methods,
            reason = "a person sets how long a test runs"
        )]
        let text = std::env::var(name).ok()?;
        text.parse::<u64>().ok()
    };
    let first = number("LOOKML_RANDOM_SEED");
    let count = number("LOOKML_RANDOM_MODELS").unwrap_or(if first.is_some() { 1 } else { usual });
    let first = first.unwrap_or(0);
    first..first + count
}

impl Campaign {
    /// Compares the answers to some queries over one world.
    pub(crate) fn compare(&mut self, seed: u64) {
        let mut chance = Chance::new(seed);
        let world = draw::world(&mut chance);
        let engine = self.engine(seed, &world);
        let text: String = print::project(&world)
            .into_iter()
            .map(|(_, text)| text)
            .collect();
        for _ in 0..QUERIES {
            let query = draw::query(&world, &mut chance);
            let Some(wanted) = evaluate::answer(&world, &query) else {
                self.skipped += 1;
                continue;
            };
            self.queries += 1;
            match (wanted.error, wanted.doubt) {
                (Some(code), _) => *self.errors.entry(code).or_default() += 1,
                (None, Some(doubt)) => *self.doubts.entry(doubt).or_default() += 1,
                (None, None) => self.pairs.add(&features(&world, &text, &query, &wanted)),
            }
            let found = engine.answer(&query.json());
            if compare::difference(&world, &query, &wanted, &found).is_some() {
                let report = report(seed, &world, &engine, &query);
                println!("{}", report.lines().next().unwrap_or_default());
                self.failures.push(report);
            }
            if let Some(folded) = engine.folded(&query.json()) {
                self.folded += 1;
                if let Some(difference) = compare::difference(&world, &query, &wanted, &folded) {
                    let json = query.json();
                    let sql = folded.err().unwrap_or_default();
                    self.failures
                        .push(format!("seed {seed}, folded: {json}\n{difference}\n{sql}"));
                }
            }
        }
    }

    /// Makes changes that mean nothing.
    pub(crate) fn change(&mut self, seed: u64) {
        let mut chance = Chance::new(seed);
        let world = draw::world(&mut chance);
        let engine = self.engine(seed, &world);
        let bench = Bench::new(&world, &engine, &mut chance);
        for _ in 0..QUERIES {
            let query = draw::query(&world, &mut chance);
            // What is open may come out either way.
            if evaluate::answer(&world, &query).is_none_or(|answer| answer.doubt.is_some()) {
                continue;
            }
            self.queries += 1;
            for outcome in bench.check(&query, &mut chance) {
                *self.changes.entry(outcome.change).or_default() += 1;
                if let Some(difference) = outcome.difference {
                    let change = outcome.change;
                    self.failures.push(format!(
                        "seed {seed}: {change}: {}\n{difference}",
                        query.json()
                    ));
                }
            }
        }
    }

    fn engine(&mut self, seed: u64, world: &World) -> Engine {
        self.models += 1;
        let engine = Engine::new(world);
        let problems = engine
            .problems
            .iter()
            .map(|problem| format!("seed {seed}: {problem}"));
        self.failures.extend(problems);
        engine
    }

    /// Prints what was done and fails if anything went wrong.
    pub(crate) fn conclude(self) {
        let Campaign {
            models,
            queries,
            skipped,
            doubts,
            errors,
            folded,
            pairs,
            changes,
            failures,
        } = self;
        if doubts.len() + changes.len() > 0 {
            println!(
                "{}\nopen by the specification: {doubts:#?}\nchanges: {changes:#?}",
                pairs.table()
            );
        }
        println!(
            "{models} models, {queries} queries, {skipped} with too many rows, that must fail {errors:?}, {folded} asked again with folded rows, {} wrong",
            failures.len()
        );
        for failure in failures.iter().take(SHOWN) {
            println!("{failure}\n");
        }
        let others: Vec<&str> = failures
            .iter()
            .filter_map(|failure| failure.lines().next())
            .collect();
        assert!(
            failures.is_empty(),
            "{} failures:\n{}",
            failures.len(),
            others.join("\n")
        );
        let missing = pairs.missing();
        if !doubts.is_empty() {
            println!("{} pairs that could have met have not", missing.len());
        }
        if models >= MANY_MODELS && changes.is_empty() {
            assert!(missing.is_empty(), "pairs that never met: {missing:?}");
        } else if models >= SOME_MODELS {
            println!("{missing:?}");
        }
    }
}

/// Seed, query as small as it gets, both answers, the model, the data.
fn report(seed: u64, world: &World, engine: &Engine, query: &Query) -> String {
    let query = shrink(world, engine, query);
    let wanted = evaluate::answer(world, &query).expect("it was answered before");
    let found = engine.answer(&query.json());
    let difference = compare::difference(world, &query, &wanted, &found).unwrap_or_default();
    let first = difference.lines().next().unwrap_or_default();
    let json = query.json();
    let mut text = format!(
        "seed {seed}: {first} {json}\n{difference}\nexpected {wanted:#?}\nfound {found:#?}\n"
    );
    text += &engine.sql(&json);
    for (name, file) in print::project(world) {
        text += &format!("\n# {name}\n{file}");
    }
    text + &print::inserts(&world.tables)
}
