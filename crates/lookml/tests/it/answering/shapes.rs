//! The text table, the raw table and `json_detail`.

use std::time::Duration;

use serde_json::{Value as Json, json};

use super::rides;

fn lines(table: &lookml::TextTable) -> Vec<String> {
    let rows = [&table.head].into_iter().chain(&table.rows);
    rows.map(|row| row.join("|")).collect()
}

fn text(url: &str) -> Vec<String> {
    lines(&rides("").ask(url).unwrap().text_table())
}

#[test]
fn a_file_has_no_row_of_totals() {
    let answer = rides("")
        .ask("fields=t.d,t.count&total=on&sorts=t.d")
        .unwrap();
    assert_eq!(
        lines(&answer.raw_table()),
        ["t.d,t.count", "cycling,2", "run,2"].map(|line| line.replace(',', "|"))
    );
    assert_eq!(
        lines(&answer.text_table()),
        ["D|Count", "cycling|2", "run|2", "Total|4"]
    );
}

#[test]
fn a_row_of_totals_is_called_so_without_a_dimension() {
    assert_eq!(text("fields=t.sum&total=on"), ["|Sum", "|60", "Total|60"]);
    assert_eq!(
        text("fields=t.count,t.d&total=on&sorts=t.d"),
        ["Count|D", "2|cycling", "2|run", "4|Total"]
    );
    assert_eq!(
        text("fields=t.d,t.count&pivots=t.d&total=on&row_total=right"),
        ["|cycling|run|Total", "|2|2|4", "Total|2|2|4"]
    );
}

#[test]
fn heads_of_pivots_look_like_values() {
    assert_eq!(
        text("fields=t.created_quarter,t.count&pivots=t.created_quarter"),
        ["2026-Q3|2026-Q4", "1|3"]
    );
    let fields = "dimension: watts { type: number value_format: \"0.0\\\" W\\\"\" sql: ${TABLE}.n ;; }
                  dimension: empty { sql: CASE WHEN ${TABLE}.id = 1 THEN '' WHEN ${TABLE}.id = 2 THEN 'a' END ;; }";
    let head = |url: &str| rides(fields).ask(url).unwrap().text_table().head;
    assert_eq!(
        head("fields=t.watts,t.count&pivots=t.watts"),
        ["10.0 W", "20.0 W", "30.0 W", "∅"]
    );
    assert_eq!(
        head("fields=t.empty,t.count&pivots=t.empty"),
        ["\"\"", "a", "∅"]
    );
    let raw = rides(fields)
        .ask("fields=t.watts,t.count&pivots=t.watts")
        .unwrap()
        .raw_table();
    assert_eq!(raw.head[0], "10 · t.count");
}

#[test]
fn totals_of_rows_stand_on_either_side() {
    let url = "fields=t.d,t.e,t.count&pivots=t.e&sorts=t.d";
    assert_eq!(
        text(&format!("{url}&row_total=left")),
        ["D|Total|x|y|z", "cycling|2|1||1", "run|2|1|1|"]
    );
    assert_eq!(
        text(&format!("{url}&row_total=right")),
        ["D|x|y|z|Total", "cycling|1||1|2", "run|1|1||2"]
    );
    let dynamic = json!([{"table_calculation": "twice", "expression": "${t.count} * 2"}]);
    let with_calculation = format!("{url}&row_total=right&dynamic_fields={dynamic}");
    assert_eq!(
        text(&with_calculation)[0],
        "D|x · Count|y · Count|z · Count|Total · Count|x · twice|y · twice|z · twice|Total · twice"
    );
    assert_eq!(text(&with_calculation)[2], "run|1|1||2|2|2|∅|4");
}

#[test]
fn json_detail_describes_the_heads_of_pivots() {
    let url = "fields=t.created_quarter,t.count&pivots=t.created_quarter&row_total=right";
    let detail = rides("").ask(url).unwrap().json_detail();
    let total = json!({"key": "$$$_row_total_$$$", "is_total": true, "data": {}, "metadata": {}, "sort_values": {}});
    assert_eq!(detail["pivots"][2], total);
    assert_eq!(
        detail["pivots"][0],
        json!({"key": "2026-07", "is_total": false,
            "data": {"t.created_quarter": "2026-07"},
            "metadata": {"t.created_quarter": {"value": "2026-07", "rendered": "2026-Q3"}},
            "sort_values": {"t.created_quarter": "2026-07"}})
    );
}

#[test]
fn json_detail_says_how_long_it_took_and_what_fields_are() {
    let mut answer = rides("")
        .ask("fields=t.id,t.created_month,t.big,t.count")
        .unwrap();
    assert_eq!(answer.json_detail().get("runtime"), None);
    answer.runtime = Some(Duration::from_millis(1500));
    let detail = answer.json_detail();
    assert_eq!(detail["runtime"], json!(1.5));
    let dimension = |at: usize, key: &str| detail["fields"]["dimensions"][at][key].clone();
    assert_eq!(dimension(0, "primary_key"), json!(true));
    assert_eq!(dimension(0, "fill_style"), Json::Null);
    assert_eq!(dimension(1, "fill_style"), json!("range"));
    assert_eq!(
        dimension(1, "time_interval"),
        json!({"name": "month", "count": 1})
    );
    assert_eq!(dimension(2, "fill_style"), json!("enumeration"));
    assert_eq!(dimension(2, "original_view"), json!("t"));
    assert_eq!(detail["fields"]["measures"][0]["is_filter"], json!(false));
}
