//! From a model and a query to SQL: how long.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench takes the time, prints its figures, and stops where something is wrong"
)]

use std::fmt::Write;
use std::hint::black_box;
use std::time::{Duration, Instant};

use lookml::{Dialect, Model, Project, Query, Settings, compile};

const JOINS: usize = 8;
const ROUNDS: usize = 2_000;

fn main() {
    let texts = [("bench.model.lkml".to_owned(), project())];
    let project = Project::new(texts);
    let load = median(50, || {
        black_box(Model::load(&project, "bench"));
    });
    let (model, problems) = Model::load(&project, "bench");
    assert!(problems.is_empty(), "{problems:?}");
    let model = model.unwrap();
    let now = "2026-11-18T14:25:36Z".parse().unwrap();
    println!(
        "compile: a query with {JOINS} joins, 20 fields, 4 filters; loading its model takes {load:?}"
    );
    for dialect in [Dialect::DuckDb, Dialect::BigQuery] {
        let settings = Settings::new(dialect, now);
        for (name, zone) in [
            ("UTC", None),
            ("New York", Some("America/New_York".to_owned())),
        ] {
            let query = Query {
                query_timezone: zone,
                ..query()
            };
            let time = median(ROUNDS, || {
                black_box(compile(&model, &query, &settings).unwrap());
            });
            println!("  {dialect:?}, {name}: {time:?}");
        }
    }
}

/// Half of the rounds take less.
fn median(rounds: usize, mut round: impl FnMut()) -> Duration {
    let times = (0..rounds).map(|_| {
        let start = Instant::now();
        round();
        start.elapsed()
    });
    let mut times: Vec<Duration> = times.collect();
    times.sort();
    times[rounds / 2]
}

fn view(name: &str) -> String {
    let mut view = format!(
        "view: {name} {{ sql_table_name: data.{name} ;; dimension: id {{ primary_key: yes }}\n"
    );
    for number in 0..30 {
        let _ = writeln!(
            view,
            "dimension: d{number} {{ label: \"D {number}\" sql: COALESCE(${{TABLE}}.d{number}, 0) ;; }}"
        );
        let _ = writeln!(
            view,
            "measure: m{number} {{ type: sum sql: ${{d{number}}} * 2 ;; filters: [d0: \"x\"] }}"
        );
    }
    view.push_str("dimension_group: made { type: time sql: ${TABLE}.made_ts ;; } measure: count { type: count } measure: ratio { type: number sql: ${m1} / NULLIF(${count}, 0) ;; } }\n");
    view
}

fn project() -> String {
    let mut text = view("base");
    let mut joins = String::new();
    for number in 0..JOINS {
        text.push_str(&view(&format!("j{number}")));
        let relationship = if number % 2 == 0 {
            "many_to_one"
        } else {
            "one_to_many"
        };
        let _ = writeln!(
            joins,
            "join: j{number} {{ sql_on: ${{base.d{number}}} = ${{j{number}.id}} ;; relationship: {relationship} }}"
        );
    }
    format!("{text}explore: base {{ {joins} }}")
}

fn query() -> Query {
    let dimensions = (0..JOINS).map(|number| format!("j{number}.d1"));
    let measures = (0..JOINS).map(|number| format!("j{number}.m2"));
    let others = [
        "base.made_week",
        "base.made_month_name",
        "base.count",
        "base.ratio",
    ];
    let filters = [
        ("base.made_date", "90 days"),
        ("base.d3", "a%,-b,NULL"),
        ("j1.d2", "x,y"),
        ("base.count", ">3"),
    ];
    Query {
        model: "bench".to_owned(),
        view: "base".to_owned(),
        fields: dimensions
            .chain(measures)
            .chain(others.map(str::to_owned))
            .collect(),
        filters: filters
            .map(|(field, filter)| (field.to_owned(), filter.to_owned()))
            .into(),
        total: true,
        ..Query::default()
    }
}
