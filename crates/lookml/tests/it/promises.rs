//! What a model promises of its rows, and how rows break it.

use jiff::Timestamp;
use lookml::testing::Database;
use lookml::{Dialect, Model, Project, Settings, promises};

const MODEL: &str = r#"
view: orders {
  dimension: id { primary_key: yes type: number }
  dimension: user_id { type: number }
  measure: count { type: count }
}
view: users {
  derived_table: { sql: SELECT * FROM people WHERE id > 0 ;; }
  dimension: id { primary_key: yes type: number }
  dimension: town_id { type: number }
}
view: towns { dimension: id { type: number } dimension: name {} }
view: items { dimension: order_id { type: number } }
explore: orders {
  join: users { relationship: many_to_one sql_on: ${orders.user_id} = ${users.id} ;; }
  join: towns { type: inner relationship: many_to_one sql_on: ${users.town_id} = ${towns.id} ;; }
  join: items { relationship: one_to_many sql_on: ${orders.id} = ${items.order_id} ;; }
}
explore: users {}
"#;

/// What is said of some orders, people and towns.
fn broken(orders: &str, people: &str, towns: &str) -> Vec<String> {
    let files = [("m.model.lkml".to_owned(), MODEL.to_owned())];
    let (model, _) = Model::load(&Project::new(files), "m");
    let now: Timestamp = "2026-11-18T14:25:36Z".parse().unwrap();
    let (promises, errors) = promises(&model.unwrap(), &Settings::new(Dialect::DuckDb, now));
    assert_eq!(errors, []);
    let objects: Vec<&str> = promises
        .iter()
        .map(|promise| promise.object.as_str())
        .collect();
    assert_eq!(objects, ["orders.id", "users.id", "users", "towns"]);
    let database = Database::in_memory();
    for (table, rows) in [
        ("orders(id, user_id)", orders),
        ("people(id, town_id)", people),
        ("towns(id, name)", towns),
    ] {
        let (name, _) = table.split_once('(').unwrap();
        let sql = format!("CREATE TABLE {name} AS FROM (VALUES {rows}) AS {table}");
        database.run(&sql).unwrap();
    }
    let found = promises.iter().filter_map(|promise| {
        promise
            .setup
            .iter()
            .for_each(|sql| database.run(sql).unwrap());
        let rows = database.rows(&promise.sql).unwrap();
        let located = promise.broken(&rows[0])?;
        let (rule, message) = (located.diagnostic.rule, located.diagnostic.message);
        Some(format!("{}: {message}", rule.code))
    });
    found.collect()
}

const ORDERS: &str = "(1, 10), (2, 10), (3, NULL), (4, 77)";
const PEOPLE: &str = "(10, 5), (20, 5), (-1, 5), (-1, 5)";
const TOWNS: &str = "(5, 'Lund'), (6, 'Turku')";

#[test]
fn promises_that_are_kept_are_not_spoken_of() {
    assert_eq!(broken(ORDERS, PEOPLE, TOWNS), [""; 0]);
}

#[test]
fn a_key_is_in_every_row_and_in_one() {
    assert_eq!(
        broken("(1, 10), (1, 10), (2, 10)", PEOPLE, TOWNS),
        ["LK501: the primary key `orders.id` is not unique (rows: 3, keys: 2)"]
    );
    assert_eq!(
        broken("(1, 10), (NULL, 10), (NULL, 10)", PEOPLE, TOWNS),
        ["LK501: the primary key `orders.id` is NULL in 2 of 3 rows"]
    );
}

#[test]
fn a_join_to_one_finds_one() {
    assert_eq!(
        broken(ORDERS, "(10, 5), (10, 6)", TOWNS),
        [
            "LK501: the primary key `users.id` is not unique (rows: 2, keys: 1)",
            "LK502: the join `users` makes 6 rows of 4, though it promises one for each"
        ]
    );
    // An inner join that loses rows and repeats others.
    assert_eq!(
        broken(
            ORDERS,
            PEOPLE,
            "(5, 'Lund'), (5, 'Lund again'), (5, 'and again')"
        ),
        ["LK502: the join `towns` makes 8 rows of 4, though it promises one for each"]
    );
}
