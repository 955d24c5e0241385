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

const KEYED: &str = r#"
view: orders {
  dimension: id { primary_key: yes type: number }
  dimension: user_id { type: number }
  measure: amount { type: sum sql: ${TABLE}.amount ;; }
  measure: ages { type: sum sql: ${users.age} ;; }
  measure: prices { type: sum sql: ${items.price} ;; }
}
view: users { dimension: id { primary_key: yes type: number } dimension: age { type: number } measure: all_ages { type: sum sql: ${age} ;; } }
view: items {
  dimension: id { primary_key: yes type: number }
  dimension: order_id { type: number }
  dimension: kind {}
  dimension: price { type: number }
  measure: shipping { type: sum_distinct sql_distinct_key: ${order_id} ;; sql: ${TABLE}.shipping ;; filters: [kind: "-gift"] }
  measure: orders { type: count_distinct sql: ${order_id} ;; }
  measure: price_each { type: average_distinct sql: ${price} ;; }
}
explore: orders {
  join: users { relationship: many_to_one sql_on: ${orders.user_id} = ${users.id} ;; }
  join: items { relationship: one_to_many sql_on: ${orders.id} = ${items.order_id} ;; }
}
explore: items {}
"#;

/// The measures that promise one value a key, and what is said of some orders and items.
fn doubtful(dialect: Dialect, items: &str) -> (Vec<String>, Vec<String>) {
    let files = [("m.model.lkml".to_owned(), KEYED.to_owned())];
    let (model, _) = Model::load(&Project::new(files), "m");
    let now: Timestamp = "2026-11-18T14:25:36Z".parse().unwrap();
    let (mut promises, errors) = promises(&model.unwrap(), &Settings::new(dialect, now));
    assert_eq!(errors, []);
    promises.retain(|promise| promise.rule == lookml::rules::TWO_VALUES_OF_A_KEY);
    let objects = promises.iter().map(|promise| promise.object.clone());
    let objects = objects.collect();
    if dialect == Dialect::BigQuery {
        return (objects, Vec::new());
    }
    let database = Database::in_memory();
    for (table, rows) in [
        ("orders(id, user_id, amount)", "(1, 7, 5), (2, 7, 6)"),
        ("users(id, age)", "(7, 30)"),
        ("items(id, order_id, kind, price, shipping)", items),
    ] {
        let (name, _) = table.split_once('(').unwrap();
        let sql = format!("CREATE TABLE {name} AS FROM (VALUES {rows}) AS {table}");
        database.run(&sql).unwrap();
    }
    let said = promises.iter().filter_map(|promise| {
        let rows = database.rows(&promise.sql).unwrap();
        Some(promise.broken(&rows[0])?.diagnostic.message)
    });
    (objects, said.collect())
}

#[test]
fn a_key_of_a_measure_has_one_value() {
    let kept =
        "(1, 1, 'a', 10, 4), (2, 1, 'b', 10, 4), (3, 1, 'gift', 10, 9), (4, 2, 'a', 20, NULL)";
    let (objects, said) = doubtful(Dialect::DuckDb, kept);
    // Not those whose value the view's own row or a join to one decides.
    assert_eq!(objects, ["orders.prices", "items.shipping"]);
    assert_eq!(said, [""; 0]);
    assert_eq!(doubtful(Dialect::BigQuery, kept).0, objects);

    let broken = "(1, 1, 'a', 10, 4), (2, 1, 'b', 11, 5), (3, 2, 'a', 20, 6), (4, NULL, 'a', 1, 1), (5, NULL, 'a', 2, 2)";
    assert_eq!(
        doubtful(Dialect::DuckDb, broken).1,
        [
            "`orders.prices` has more than one value for 1 of 2 keys, and adds them all",
            "`items.shipping` has more than one value for 1 of 2 keys, and adds them all",
        ]
    );
}
