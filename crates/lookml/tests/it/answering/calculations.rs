//! Table calculations over answers.

use serde_json::{Value as Json, json};

use super::rides;
use lookml::testing::Fixture;
use lookml::{Answer, Query};

/// The answer to a query of `t` with calculations: `a`, `b` and so on.
fn computed(rides: &Fixture, query: Json, expressions: &[&str]) -> Answer {
    let calculations = expressions.iter().zip('a'..).map(|(expression, name)| {
        json!({"table_calculation": name.to_string(), "expression": expression})
    });
    let calculations: Vec<Json> = calculations.collect();
    let mut whole = json!({"model": "test", "view": "t",
        "dynamic_fields": Json::Array(calculations).to_string()});
    whole
        .as_object_mut()
        .unwrap()
        .extend(query.as_object().unwrap().clone());
    let query: Query = serde_json::from_value(whole).unwrap();
    rides.answer(&query).unwrap()
}

/// The cells of calculation `a`, from the first row to the last.
fn column(answer: &Answer) -> Json {
    assert_eq!(answer.problems, []);
    let rows = answer.json();
    let cells = rows.as_array().unwrap().iter().map(|row| row["a"].clone());
    Json::Array(cells.collect())
}

fn by_id(expression: &str) -> Json {
    let query = json!({"fields": ["t.id", "t.n", "t.big", "t.d", "t.created_date", "t.ys"], "sorts": ["t.id"]});
    column(&computed(&rides(""), query, &[expression]))
}

#[test]
fn yes_and_no_are_conditions() {
    assert_eq!(by_id("if(${t.big}, 1, 0)"), json!([0, 1, 1, 0]));
    assert_eq!(by_id("${t.big} = yes"), json!(["No", "Yes", "Yes", "No"]));
    assert_eq!(
        by_id("${t.big} = \"Yes\""),
        json!(["No", "Yes", "Yes", "No"])
    );
    assert_eq!(
        by_id("\"no\" = ${t.big}"),
        json!(["Yes", "No", "No", "Yes"])
    );
    assert_eq!(
        by_id("concat(${t.big}, \"!\")"),
        json!(["No!", "Yes!", "Yes!", "No!"])
    );
    assert_eq!(by_id("NOT ${t.ys}"), json!(["Yes", "Yes", "No", "Yes"]));
    assert_eq!(
        by_id("matches_filter(${t.big}, `yes`)"),
        json!(["No", "Yes", "Yes", "No"])
    );
}

#[test]
fn a_pivoted_condition_chooses_a_column() {
    let query =
        json!({"fields": ["t.d", "t.big", "t.count"], "pivots": ["t.big"], "sorts": ["t.d"]});
    let answer = computed(&rides(""), query, &["pivot_where(${t.big}, ${t.count})"]);
    assert_eq!(column(&answer), json!([1, 1]));
}

#[test]
fn pivoted_dimensions_keep_their_names_in_any_order() {
    let query = json!({"fields": ["t.big", "t.e", "t.count"], "pivots": ["t.e", "t.big"]});
    let answer = computed(&rides(""), query, &["concat(${t.e}, \"/\", ${t.big})"]);
    assert_eq!(
        column(&answer),
        json!([{"x|FIELD|No": "x/No", "x|FIELD|Yes": "x/Yes", "y|FIELD|Yes": "y/Yes", "z|FIELD|No": "z/No"}])
    );
}

#[test]
fn null_matches_a_filter_as_its_field_does() {
    assert_eq!(
        by_id("matches_filter(${t.n}, `NOT 30`)"),
        json!(["Yes", "Yes", "No", "Yes"])
    );
    let query = json!({"fields": ["t.id", "t.n"], "filters": {"t.id": "4"}});
    let alone = computed(&rides(""), query, &["matches_filter(${t.n}, `NOT 30`)"]);
    assert_eq!(column(&alone), json!(["Yes"]));
    let maybe = rides("dimension: maybe { type: number sql: NULL ;; }");
    let query = json!({"fields": ["t.maybe"], "limit": "1"});
    let answer = computed(&maybe, query, &["matches_filter(${t.maybe} + 1, `>5`)"]);
    assert_eq!(column(&answer), json!(["No"]));
}

#[test]
fn a_date_matches_a_filter_of_dates() {
    assert_eq!(
        by_id("matches_filter(${t.created_date}, `2026-11-02 to 2026-11-04`)"),
        json!(["Yes", "Yes", "No", "No"])
    );
}

#[test]
fn rows_are_sorted_by_a_calculation() {
    let ids = |sorts: Json, expression: &str| {
        let query = json!({"fields": ["t.id", "t.e", "t.n"], "sorts": sorts});
        let answer = computed(&rides(""), query, &[expression]);
        let rows = answer.json();
        let ids = rows.as_array().unwrap().iter();
        ids.map(|row| row["t.id"].as_i64().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(json!(["a desc"]), "0 - ${t.n}"), [1, 2, 3, 4]);
    assert_eq!(ids(json!(["a"]), "0 - ${t.n}"), [4, 3, 2, 1]);
    assert_eq!(ids(json!(["t.e", "a desc"]), "${t.id}"), [3, 1, 2, 4]);
    assert_eq!(
        ids(json!(["a desc", "t.id desc"]), "length(${t.e})"),
        [4, 3, 2, 1]
    );
    assert_eq!(ids(json!(["a", "t.n desc"]), "1"), [3, 2, 1, 4]);
}

#[test]
fn a_limit_cuts_before_a_calculation_sorts() {
    let query = json!({"fields": ["t.id"], "sorts": ["a desc"], "limit": "2"});
    let answer = computed(&rides(""), query, &["${t.id}"]);
    assert_eq!(column(&answer), json!([2, 1]));
    let codes: Vec<_> = answer
        .notices
        .iter()
        .map(|notice| notice.rule.code)
        .collect();
    assert_eq!(codes, ["LK322"]);
}

#[test]
fn a_pivoted_calculation_sorts_by_one_of_its_columns() {
    let query =
        json!({"fields": ["t.d", "t.e", "t.count"], "pivots": ["t.e"], "sorts": ["a desc 1"]});
    let answer = computed(&rides(""), query, &["coalesce(${t.count}, 0)"]);
    let rows = answer.json();
    assert_eq!([&rows[0]["t.d"], &rows[1]["t.d"]], ["run", "cycling"]);
}

#[test]
fn a_calculation_that_is_switched_off_sorts_nothing() {
    let dynamic = json!([{"table_calculation": "a", "expression": "1", "is_disabled": true}]);
    let query: Query = serde_json::from_value(json!({"model": "test", "view": "t",
        "fields": ["t.id"], "sorts": ["a desc"], "dynamic_fields": dynamic.to_string()}))
    .unwrap();
    let answer = rides("").answer(&query).unwrap();
    assert_eq!(answer.notices[0].rule.code, "LK320");
    assert_eq!(answer.rows.len(), 4);
}
