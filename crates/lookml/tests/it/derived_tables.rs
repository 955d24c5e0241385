//! Derived tables: what goes into them from the query around.

use lookml::testing::Fixture;
use serde_json::json;

const ORDERS: &str = r#"
view: orders {
  dimension: id { type: number primary_key: yes }
  dimension: user_id { type: number }
  dimension: status {}
  measure: count { type: count }
  measure: total { type: sum sql: ${TABLE}.amount ;; }
}
explore: orders {}
"#;

/// A model beside that of orders.
fn orders(model: &str) -> Fixture {
    Fixture::new(&format!("{ORDERS}{model}")).with_table(
        "orders",
        "id, user_id, status, amount",
        "(1, 10, 'done', 100), (2, 10, 'open', 200), (3, 20, NULL, 300), (4, NULL, 'done', 400)",
    )
}

#[test]
fn a_total_is_of_tables_in_which_nothing_that_it_drops_is_selected() {
    let users = orders(
        r"
        view: by_status {
          derived_table: { sql:
            SELECT {% if by_status.status._is_selected %} status, {% endif %} COUNT(DISTINCT user_id) AS users
            FROM orders {% if by_status.status._is_selected %} GROUP BY status {% endif %} ;; }
          dimension: status {}
          measure: users { type: sum sql: ${TABLE}.users ;; }
        }
        explore: by_status {}",
    );
    let answer = users
        .ask("fields=by_status.status,by_status.users&total=on&sorts=by_status.status")
        .unwrap();
    assert_eq!(
        answer.json(),
        json!([
            {"by_status.status": null, "by_status.users": 1},
            {"by_status.status": "done", "by_status.users": 1},
            {"by_status.status": "open", "by_status.users": 1},
        ])
    );
    assert_eq!(
        answer.json_detail()["totals_data"]["by_status.users"]["value"],
        json!(2)
    );
}

#[test]
fn a_total_has_the_joins_of_the_rows() {
    let inner = orders(
        r"
        view: users { dimension: id { type: number primary_key: yes } }
        explore: known { from: orders view_name: orders
          join: users { type: inner sql_on: ${users.id} = ${orders.user_id} ;; relationship: many_to_one } }
        view: +orders { dimension: user_of { type: number sql: ${users.id} ;; } }",
    )
    .with_table("users", "id", "(10), (30)");
    let url = "/explore/test/known?fields=orders.user_of,orders.total&total=on";
    let answer = inner.ask(url).unwrap();
    assert_eq!(
        answer.json(),
        json!([{"orders.user_of": 10, "orders.total": 300}])
    );
    assert_eq!(
        answer.json_detail()["totals_data"]["orders.total"]["value"],
        json!(300)
    );
}

#[test]
fn conditions_that_say_nothing_are_none() {
    let blank = orders(
        r"
        view: +orders {
          filter: nothing { sql: {% if orders.id._is_filtered %} 1=1 {% endif %} ;; }
        }
        explore: conditions { from: orders view_name: orders
          sql_always_where: {% if orders.count._is_selected %} {% else %} 1=1 {% endif %} ;;
          sql_always_having: {% if orders.id._is_selected %} {% endif %} ;;
          join: users { from: orders sql_on: ${users.id} = ${orders.id} ;; relationship: one_to_one
            sql_where: {% if orders.status._is_filtered %} ${users.id} > 0 {% endif %} ;; } }",
    );
    let url = "/explore/test/conditions?fields=orders.count,users.count&f[orders.nothing]=x";
    assert_eq!(
        blank.rows(url),
        json!([{"orders.count": 4, "users.count": 4}])
    );
}
