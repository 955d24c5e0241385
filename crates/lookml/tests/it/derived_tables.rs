//! Derived tables: what goes into them from the query around.

use lookml::UserAttribute;
use lookml::testing::Fixture;
use serde_json::{Value as Json, json};

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

/// A query of orders as a table, and how many rows it has.
fn native(explore: &str, source: &str) -> Fixture {
    orders(&format!(
        "{explore}
         view: ndt {{
           derived_table: {{ explore_source: {source} }}
           filter: f1 {{}} filter: f2 {{}} filter: done {{ default_value: \"done\" }}
           parameter: which {{ default_value: \"open\" }}
           dimension: id {{ type: number }}
           dimension: status {{}}
           measure: n {{ type: count }}
         }}
         explore: ndt {{}}"
    ))
}

#[track_caller]
fn count(fixture: &Fixture, filters: &str) -> i64 {
    let rows = fixture.rows(&format!("fields=ndt.n{filters}"));
    rows[0]["ndt.n"].as_i64().unwrap()
}

#[test]
fn a_sort_under_a_limit_picks_the_rows_also_by_what_is_no_column() {
    let sorted = |direction: &str| {
        let source = format!(
            "orders {{ column: status {{}} column: id {{ field: orders.count }}
               sorts: [orders.total: {direction}] limit: 1 }}"
        );
        native("", &source).rows("fields=ndt.status")
    };
    assert_eq!(sorted("asc"), json!([{"ndt.status": "open"}]));
    assert_eq!(sorted("desc"), json!([{"ndt.status": "done"}]));
}

#[test]
fn a_sort_by_a_dimension_that_is_no_column_is_refused_under_a_limit() {
    let source = "orders { column: status {} sorts: [orders.id: asc] limit: 1 }";
    assert_eq!(
        native("", source).error("fields=ndt.status"),
        "LK301: rows are sorted by `orders.id`, which is no column of the table\n\
         a dimension groups the rows: make it a column"
    );
    let source = "orders { column: status {} sorts: [orders.id: asc] }";
    assert_eq!(count(&native("", source), ""), 3);
}

#[test]
fn fixed_filters_are_given_to_the_explore() {
    let always = r#"explore: by_default { from: orders view_name: orders
        always_filter: { filters: [orders.status: "done"] } }"#;
    let filtered = |filters: &str| {
        let source = format!("by_default {{ column: id {{ field: orders.id }} {filters} }}");
        count(&native(always, &source), "")
    };
    assert_eq!(filtered(""), 2);
    assert_eq!(filtered(r#"filters: [orders.status: "open"]"#), 1);
    assert_eq!(filtered(r#"filters: [orders.status: ""]"#), 4);
    assert_eq!(filtered(r#"filters: [orders.id: "1,2,3"]"#), 1);
    // Two on one field both hold.
    assert_eq!(
        filtered(r#"filters: [orders.status: "-open", orders.status: "-NULL"]"#),
        2
    );
    let conditional = r#"explore: by_default { from: orders view_name: orders
        conditionally_filter: { filters: [orders.status: "done"] unless: [orders.id] } }"#;
    let source = r#"by_default { column: id { field: orders.id } filters: [orders.id: "2,3"] }"#;
    assert_eq!(count(&native(conditional, source), ""), 2);
}

#[test]
fn bound_filters_of_one_field_all_hold() {
    let both = native(
        "",
        "orders { column: id {}
           bind_filters: { from_field: ndt.f1 to_field: orders.status }
           bind_filters: { from_field: ndt.f2 to_field: orders.status } }",
    );
    assert_eq!(count(&both, ""), 4);
    assert_eq!(count(&both, "&f[ndt.f1]=done"), 2);
    assert_eq!(count(&both, "&f[ndt.f2]=done"), 2);
    assert_eq!(count(&both, "&f[ndt.f1]=done&f[ndt.f2]=-zzz"), 2);
    assert_eq!(count(&both, "&f[ndt.f1]=done&f[ndt.f2]=open"), 0);
}

#[test]
fn a_field_without_a_value_binds_its_default_or_nothing() {
    let default = native(
        "",
        "orders { column: id {} bind_filters: { from_field: ndt.done to_field: orders.status } }",
    );
    assert_eq!(count(&default, ""), 2);
    assert_eq!(count(&default, "&f[ndt.done]=open"), 1);
    assert_eq!(count(&default, "&f[ndt.done]="), 4);
    let parameter = native(
        "",
        "orders { column: id {} bind_filters: { from_field: ndt.which to_field: orders.status } }",
    );
    assert_eq!(count(&parameter, ""), 1);
    assert_eq!(count(&parameter, "&f[ndt.which]=done"), 2);
    let fixed = native(
        "",
        "orders { column: id {} filters: [orders.status: \"open\"]
           bind_filters: { from_field: ndt.f1 to_field: orders.status } }",
    );
    assert_eq!(count(&fixed, ""), 1);
    assert_eq!(count(&fixed, "&f[ndt.f1]=done"), 2);
    let always = native(
        r#"explore: by_default { from: orders view_name: orders
             always_filter: { filters: [orders.status: "done"] } }"#,
        "by_default { column: id { field: orders.id }
           bind_filters: { from_field: ndt.f1 to_field: orders.status } }",
    );
    assert_eq!(count(&always, ""), 2);
    assert_eq!(count(&always, "&f[ndt.f1]=open"), 1);
}

const REGIONS: &str = r#"
view: people {
  dimension: id { type: number primary_key: yes }
  dimension: region {}
  dimension_group: since { type: time timeframes: [date] datatype: date sql: ${TABLE}.since ;; }
  measure: points { type: sum sql: ${TABLE}.points ;; }
}
explore: everybody { from: people view_name: people }
explore: people {
  access_filter: { field: people.region user_attribute: region }
  join: facts { type: cross relationship: many_to_one }
  join: bound { type: cross relationship: many_to_one }
  join: all_bound { relationship: one_to_one sql_on: ${all_bound.id} = ${people.id} ;; }
}
view: facts {
  derived_table: { sql:
    SELECT COUNT(*) AS people, {% date_start people.since_date %} AS since, {% date_end people.since_date %} AS until
    FROM people WHERE NOT (NOT {% condition people.region %} region {% endcondition %}) ;; }
  dimension: people { type: number }
  dimension: since {}
  dimension: until {}
}
view: bound {
  derived_table: { explore_source: everybody {
    column: points { field: people.points }
    bind_filters: { from_field: people.region to_field: people.region } } }
  dimension: points { type: number }
}
view: all_bound {
  derived_table: { explore_source: people { column: id {} column: points {} bind_all_filters: yes } }
  dimension: id { type: number primary_key: yes }
  measure: points { type: sum sql: ${TABLE}.points ;; }
}
"#;

/// The answer for somebody of a region, to a query without or with a filter that lets all through.
fn in_region(region: &str, field: &str) -> [Json; 2] {
    let region = UserAttribute::Literal(region.to_owned());
    let people = Fixture::new(REGIONS)
        .with_table(
            "people",
            "id, region, points, since",
            "(1, 'a,b', 10, DATE '2026-01-05'), (2, 'a', 20, DATE '2026-02-05'), (3, 'a,b', 30, NULL)",
        )
        .with_user_attribute("region", region);
    ["", "&f[people.region]=-zzz"].map(|filter| {
        let url = format!("/explore/test/people?fields={field}{filter}");
        people.rows(&url)[0][field].clone()
    })
}

#[test]
fn an_access_filter_holds_in_a_condition_beside_the_filter_of_a_person() {
    assert_eq!(in_region("a,b", "facts.people"), [json!(2), json!(2)]);
    assert_eq!(in_region("a", "facts.people"), [json!(1), json!(1)]);
}

#[test]
fn an_access_filter_is_bound_as_the_value_that_it_is() {
    assert_eq!(in_region("a,b", "bound.points"), [json!(40), json!(40)]);
    assert_eq!(in_region("a", "bound.points"), [json!(20), json!(20)]);
    assert_eq!(in_region("a,b", "all_bound.points"), [json!(40), json!(40)]);
    assert_eq!(in_region("a", "all_bound.points"), [json!(20), json!(20)]);
}

#[test]
fn all_filters_are_bound_but_those_that_need_the_table_itself() {
    let facts = orders(
        r#"
        explore: with_facts { from: orders view_name: orders
          join: facts { sql_on: ${facts.user_id} = ${orders.user_id} ;; relationship: many_to_one } }
        view: facts {
          derived_table: { explore_source: with_facts { bind_all_filters: yes
            column: user_id { field: orders.user_id } column: total { field: orders.total } } }
          dimension: user_id { type: number primary_key: yes }
          dimension: total { type: number }
          measure: sum { type: sum sql: ${total} ;; }
        }"#,
    );
    let row = |filters: &str| {
        let fields = "orders.count,facts.sum";
        facts.rows(&format!(
            "/explore/test/with_facts?fields={fields}{filters}"
        ))
    };
    assert_eq!(row(""), json!([{"orders.count": 4, "facts.sum": 600}]));
    assert_eq!(
        row("&f[facts.total]=%3E300"),
        json!([{"orders.count": 0, "facts.sum": 0}])
    );
    assert_eq!(
        row("&f[facts.total]=%3E=300&f[orders.id]=NOT 2"),
        json!([{"orders.count": 1, "facts.sum": 300}])
    );
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

const GREETED: &str = r#"
view: greeted {
  derived_table: { sql:
    SELECT {% parameter greeting %}{% if greeted._in_query %} || '!'{% endif %} AS text ;; }
  parameter: greeting { default_value: "hi" }
  dimension: text {}
}
"#;

/// A derived table of which two joins and another table want different rows.
fn looked_up() -> Fixture {
    orders(&format!(
        "{GREETED}{}",
        r#"
        view: users {
          derived_table: { sql: SELECT * FROM (VALUES (10, 'Ann'), (20, 'Bob')) AS t(id, name)
            WHERE {% condition users.who %} name {% endcondition %} ;; }
          filter: who {}
          parameter: greeting { default_value: "hi" }
          dimension: id { type: number primary_key: yes }
          dimension: name {}
          measure: count { type: count }
        }
        view: all_users {
          derived_table: { sql: SELECT COUNT(*) AS n FROM ${users.SQL_TABLE_NAME} ;; }
          dimension: n { type: number }
        }
        explore: all_users {}
        explore: greeted { join: other { from: greeted type: cross relationship: many_to_one } }
        explore: looked_up { from: orders view_name: orders
          join: buyer { from: users sql_on: ${buyer.id} = ${orders.user_id} ;; relationship: many_to_one }
          join: seller { from: users sql_on: ${seller.id} = ${orders.user_id} ;; relationship: many_to_one }
          join: all_users { type: cross relationship: many_to_one } }"#
    ))
}

#[test]
fn each_alias_of_a_derived_table_has_its_own_filters() {
    let users = looked_up();
    let url = "/explore/test/looked_up?fields=orders.id,buyer.name,seller.name,all_users.n\
        &sorts=orders.id&f[orders.user_id]=10,20";
    let row = |id: i64, buyer: Option<&str>, seller: Option<&str>| json!({"orders.id": id, "buyer.name": buyer, "seller.name": seller, "all_users.n": 2});
    let (ann, bob) = (Some("Ann"), Some("Bob"));
    assert_eq!(
        users.rows(url),
        json!([row(1, ann, ann), row(2, ann, ann), row(3, bob, bob)])
    );
    assert_eq!(
        users.rows(&format!("{url}&f[buyer.who]=Ann&f[seller.who]=Bob")),
        json!([row(1, ann, None), row(2, ann, None), row(3, None, bob)])
    );
}

#[test]
fn each_alias_of_a_derived_table_has_its_own_parameters() {
    let url = "fields=greeted.text,other.text";
    assert_eq!(
        looked_up().rows(url),
        json!([{"greeted.text": "hi!", "other.text": "hi!"}])
    );
    // Its own name is the view, whatever it is called in the explore.
    let renamed = "explore: renamed { from: greeted }";
    let renamed = Fixture::new(&format!("{GREETED}{renamed}"));
    assert_eq!(
        renamed.rows("fields=renamed.text"),
        json!([{"renamed.text": "hi!"}])
    );
    assert_eq!(
        looked_up().rows(&format!(
            "{url}&f[greeted.greeting]=yo&f[other.greeting]=hey"
        )),
        json!([{"greeted.text": "yo!", "other.text": "hey!"}])
    );
}

#[test]
fn aliases_whose_queries_are_the_same_share_a_table() {
    let count = |filters: &str| {
        let url = format!("/explore/test/looked_up?fields=buyer.count,seller.count{filters}");
        let sql = looked_up().ask(&url).unwrap().json_detail()["sql"].to_string();
        sql.matches(" AS (").count()
    };
    assert_eq!(count(""), 1);
    assert_eq!(count("&f[buyer.who]=Ann&f[seller.who]=Ann"), 1);
    assert_eq!(count("&f[buyer.who]=Ann"), 2);
}

#[test]
fn the_templates_of_a_table_that_is_only_mentioned_have_no_values() {
    assert_eq!(
        looked_up().rows("fields=all_users.n"),
        json!([{"all_users.n": 2}])
    );
}
