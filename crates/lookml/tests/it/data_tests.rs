//! Data tests: from one to its query, and from the rows to the asserts that fail.

use jiff::Timestamp;
use lookml::model::Test;
use lookml::{Cell, Dialect, Model, Project, Settings};

const MODEL: &str = r#"
view: sales {
  sql_table_name: sales ;;
  dimension: id { primary_key: yes type: number }
  dimension: bread {}
  dimension: is_dark { type: yesno }
  measure: loaves { type: sum sql: ${TABLE}.loaves ;; }
}
explore: sales {}
"#;

fn model(test: &str) -> Model {
    let text = format!("{MODEL}test: rule {{ {test} }}");
    let project = Project::new([("bakery.model.lkml".to_owned(), text)]);
    Model::load(&project, "bakery").0.unwrap()
}

fn url(test: &str) -> String {
    let model = model(test);
    match model.tests[0].query(&model) {
        Ok(query) => lookml::ExploreUrl {
            query,
            other: Vec::new(),
        }
        .to_string(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_test_is_a_query_of_all_rows() {
    let source = "explore_source: sales { column: id {} column: sold { field: sales.loaves } \
                  filters: [bread: \"rye\"] sorts: [sold: desc, id: asc] }";
    assert_eq!(
        url(source),
        "/explore/bakery/sales?fields=sales.id,sales.loaves&f[sales.bread]=rye\
         &sorts=sales.loaves+desc,sales.id&limit=-1"
    );
    let source = "explore_source: sales { column: id {} limit: 7 timezone: \"Asia/Tokyo\" }";
    assert_eq!(
        url(source),
        "/explore/bakery/sales?fields=sales.id&limit=7&query_timezone=Asia/Tokyo"
    );
}

#[test]
fn what_a_query_does_not_have_is_refused() {
    let source = "explore_source: sales { column: id {} derived_column: twice { sql: id * 2 ;; } }";
    assert_eq!(url(source), "LK932: the test `rule` has a `derived_column`");
    let source =
        "explore_source: sales { column: id {} filters: [bread: \"rye\", sales.bread: \"-oat\"] }";
    assert_eq!(
        url(source),
        "LK932: the test `rule` has two filters on `sales.bread`"
    );
}

/// The rows in which an assert fails, of three of which the last has no loaves.
fn failing(assert: &str) -> Result<Vec<usize>, String> {
    let source = "explore_source: sales { column: bread {} column: sold { field: loaves } }";
    let model = model(&format!(
        "{source} assert: holds {{ expression: {assert} ;; }}"
    ));
    let test: &Test = &model.tests[0];
    let query = test.query(&model).unwrap();
    let settings = Settings::new(Dialect::DuckDb, Timestamp::UNIX_EPOCH);
    let compiled = lookml::compile(&model, &query, &settings).unwrap();
    let row = |bread: &str, loaves: Cell| vec![Cell::Text(bread.to_owned()), loaves];
    let rows = vec![
        row("rye", Cell::Integer(3)),
        row("oat", Cell::Integer(-1)),
        row("spelt", Cell::Null),
    ];
    let answer = compiled.answer(vec![rows]).unwrap();
    let failing = test.failing_rows(&test.asserts[0], &answer);
    failing.map_err(|diagnostic| format!("{} {}", diagnostic.rule.code, diagnostic.message))
}

#[test]
fn an_assert_holds_where_it_is_yes() {
    assert_eq!(failing("${sales.loaves} > -5"), Ok(vec![2]));
    assert_eq!(failing("coalesce(${sales.loaves}, 0) > -5"), Ok(vec![]));
    assert_eq!(failing("${sales.bread} = \"rye\""), Ok(vec![1, 2]));
    // It sees the whole column.
    assert_eq!(
        failing("${sales.loaves} = max(${sales.loaves})"),
        Ok(vec![1, 2])
    );
}

#[test]
fn an_assert_may_use_the_names_of_columns() {
    assert_eq!(failing("${sold} > 0 OR ${bread} = \"oat\""), Ok(vec![2]));
}

#[test]
fn an_assert_that_can_not_be_read_is_an_error() {
    assert!(
        failing("${sales.loaves} >")
            .unwrap_err()
            .starts_with("LK937 ")
    );
    assert!(failing("${sales.lofes} > 0").is_err());
}

#[test]
fn yes_and_no_can_be_asserted() {
    let model = model(
        "explore_source: sales { column: is_dark {} } \
         assert: holds { expression: ${sales.is_dark} = yes ;; } assert: itself { expression: ${is_dark} ;; }",
    );
    let test: &Test = &model.tests[0];
    let settings = Settings::new(Dialect::DuckDb, Timestamp::UNIX_EPOCH);
    let compiled = lookml::compile(&model, &test.query(&model).unwrap(), &settings).unwrap();
    let rows = ["Yes", "No"].map(|text| vec![Cell::Text(text.to_owned())]);
    let answer = compiled.answer(vec![rows.to_vec()]).unwrap();
    for assert in &test.asserts {
        assert_eq!(test.failing_rows(assert, &answer), Ok(vec![1]));
    }
}
