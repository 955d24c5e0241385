//! What a person may see: access filters and access grants.

use lookml::UserAttribute;
use lookml::testing::Fixture;
use serde_json::json;

const MODEL: &str = r#"
access_grant: boss { user_attribute: role allowed_values: ["boss"] }
view: orders {
  dimension: id { type: number primary_key: yes }
  dimension: user_id { type: number }
  dimension: status {}
  dimension: is_big { type: yesno sql: ${TABLE}.amount > 150 ;; }
  dimension_group: day { type: time timeframes: [date] datatype: date sql: ${TABLE}.day ;; }
  dimension: secret { sql: ${status} ;; required_access_grants: [boss] }
  dimension: unlisted { sql: ${status} ;; }
  dimension: decorated { sql: 'x' ;; html: <b>{{ value }}</b>{{ secret._value }}{{ unlisted._value }}{{ status._value }} ;; }
  dimension: needy { sql: 'x' ;; required_fields: [secret] }
  measure: secrets { type: list list_field: secret }
  measure: total { type: sum sql: ${TABLE}.amount ;; }
}
explore: orders { fields: [ALL_FIELDS*, -orders.unlisted] }
explore: by_user { from: orders view_name: orders access_filter: { field: orders.user_id user_attribute: it } }
explore: by_status { from: orders view_name: orders access_filter: { field: orders.status user_attribute: it } }
explore: by_size { from: orders view_name: orders access_filter: { field: orders.is_big user_attribute: it } }
explore: by_day { from: orders view_name: orders access_filter: { field: orders.day_date user_attribute: it } }
explore: bosses { from: orders view_name: orders required_access_grants: [boss] }
view: leak {
  derived_table: { explore_source: bosses { column: id { field: orders.id } } }
  dimension: id {}
}
explore: leak {}
view: leaked_field {
  derived_table: { explore_source: orders { column: secret { field: orders.secret } } }
  dimension: secret {}
}
explore: leaked_field {}
"#;

fn orders() -> Fixture {
    Fixture::new(MODEL).with_table(
        "orders",
        "id, user_id, status, amount, day",
        "(1, 10, 'done', 100, DATE '2026-03-01'), (2, 10, 'open', 200, DATE '2026-03-02'), \
         (3, 20, 'a,b', 300, DATE '2026-03-02'), (4, NULL, '%', 400, NULL)",
    )
}

/// The orders that somebody sees by the one thing that is known of them.
fn seen(explore: &str, attribute: UserAttribute) -> String {
    let orders = orders().with_user_attribute("it", attribute);
    match orders.ask(&format!(
        "/explore/test/{explore}?fields=orders.id&sorts=orders.id"
    )) {
        Ok(answer) => {
            let rows = answer.json();
            let ids = rows.as_array().unwrap().iter();
            let ids: Vec<_> = ids.map(|row| row["orders.id"].to_string()).collect();
            ids.join(" ")
        }
        Err(error) => error.to_string(),
    }
}

fn literal(explore: &str, value: &str) -> String {
    seen(explore, UserAttribute::Literal(value.to_owned()))
}

#[test]
fn an_attribute_is_one_value_of_whatever_type() {
    assert_eq!(literal("by_user", "10"), "1 2");
    assert_eq!(literal("by_user", "-1"), "");
    assert_eq!(literal("by_status", "a,b"), "3");
    assert_eq!(literal("by_status", "%"), "4");
    assert_eq!(literal("by_size", "yes"), "2 3 4");
    assert_eq!(literal("by_day", "2026-03-02"), "2 3");
}

#[test]
fn an_attribute_is_no_expression_unless_it_is_declared_one() {
    for value in [">0", "10 OR 20", "10,20", "NOT 10", "NULL", "(0,50)"] {
        let refused = format!("LK310: `{value}` is no value that `orders.user_id` can have");
        assert_eq!(literal("by_user", value), refused);
    }
    assert!(literal("by_size", "yes,no").starts_with("LK310"));
    for value in [
        "after 2026-03-01",
        "7 days",
        "today",
        "2026-03-01 to 2026-04-01",
    ] {
        assert!(literal("by_day", value).starts_with("LK310"), "{value}");
    }
    let expression = |value: &str| seen("by_user", UserAttribute::Expression(value.to_owned()));
    assert_eq!(expression(">10"), "3");
    assert_eq!(expression("10,NULL"), "1 2 4");
}

#[test]
fn a_blank_attribute_lets_nothing_through() {
    for explore in ["by_user", "by_status", "by_size", "by_day"] {
        for blank in ["", " "] {
            for attribute in [UserAttribute::Literal, UserAttribute::Expression] {
                let seen = seen(explore, attribute(blank.to_owned()));
                assert!(seen.starts_with("LK940"), "{explore}: {seen}");
            }
        }
    }
}

#[test]
fn an_attribute_in_a_filter_is_one_value_too() {
    let url = "fields=orders.id&f[orders.user_id]={{ _user_attributes['it'] }}&sorts=orders.id";
    let of = |value: &str| {
        let value = UserAttribute::Literal(value.to_owned());
        orders().with_user_attribute("it", value).rows(url)
    };
    assert_eq!(of("20"), json!([{"orders.id": 3}]));
    assert_eq!(of(">0"), json!([]));
    assert_eq!(of(""), json!([]));
}

#[test]
fn fields_that_html_mentions_come_only_if_they_may_be_seen() {
    let boss = UserAttribute::Literal("boss".to_owned());
    let url = "fields=orders.decorated&f[orders.id]=1";
    assert_eq!(
        orders().rows(url),
        json!([{"orders.decorated": "x", "orders.status": "done"}])
    );
    assert_eq!(
        orders().with_user_attribute("role", boss).rows(url),
        json!([{"orders.decorated": "x", "orders.secret": "done", "orders.status": "done"}])
    );
}

#[test]
fn a_field_that_needs_one_without_its_grant_is_refused() {
    let refused = "LK301: the field `orders.secret` needs the access grant `boss`";
    let error = |url: &str| orders().ask(url).unwrap_err().to_string();
    assert_eq!(error("fields=orders.needy"), refused);
    assert_eq!(error("fields=orders.secrets"), refused);
    assert_eq!(error("fields=leaked_field.secret"), refused);
    assert_eq!(
        error("fields=leak.id"),
        "LK301: the explore `bosses` needs the access grant `boss`"
    );
    let boss = UserAttribute::Literal("boss".to_owned());
    let orders = orders().with_user_attribute("role", boss);
    let url = "fields=orders.needy,orders.secrets&f[orders.id]=1";
    assert_eq!(
        orders.rows(url),
        json!([{"orders.needy": "x", "orders.secret": "done", "orders.secrets": "done"}])
    );
    assert_eq!(
        orders.rows("fields=leak.id&f[leak.id]=1"),
        json!([{"leak.id": 1}])
    );
}
