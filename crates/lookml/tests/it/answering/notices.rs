//! What is asked for and has no effect is said.

use super::rides;

/// The notices of a query, each with its code.
fn notices(url: &str) -> Vec<String> {
    let answer = rides("").ask(url).unwrap();
    let notices = answer.notices.iter();
    notices
        .map(|notice| format!("{} {}", notice.rule.code, notice.message))
        .collect()
}

#[test]
fn totals_that_nothing_has() {
    assert_eq!(
        notices("fields=t.d,t.count&row_total=right"),
        ["LK321 rows have totals only where a field is pivoted"]
    );
    assert_eq!(
        notices("fields=t.d&total=on"),
        ["LK321 there is no measure that could have a total"]
    );
    let none: [&str; 0] = [];
    assert_eq!(notices("fields=t.d,t.count&total=on"), none);
    assert_eq!(
        notices("fields=t.d,t.e,t.count&pivots=t.e&total=on&row_total=left"),
        none
    );
}

#[test]
fn gaps_that_are_not_filled() {
    let fill = |fields: &str| notices(&format!("fields={fields}"));
    assert_eq!(
        fill("t.created_date,t.count&fill_fields=t.created_month"),
        ["LK321 no gaps are filled in `t.created_month`, which is not selected"]
    );
    assert_eq!(
        fill("t.d,t.count&fill_fields=t.d"),
        [
            "LK321 no gaps are filled in `t.d`, whose values no list has, or a filter or the model forbids it"
        ]
    );
    assert_eq!(
        fill("t.created_month,t.d,t.count&fill_fields=t.created_month"),
        [
            "LK321 no gaps are filled in `t.created_month`, since another dimension beside it can't be filled"
        ]
    );
    assert_eq!(
        fill("t.created_month,t.count&fill_fields=t.created_month&f[t.count]=>1"),
        ["LK321 no gaps are filled, since a filter on a measure leaves rows out"]
    );
}

#[test]
fn a_pivot_without_a_measure_goes_down() {
    let url = "fields=t.d,t.e&pivots=t.d&sorts=t.d,t.e";
    assert_eq!(
        notices(url),
        ["LK321 nothing goes across without a measure, so `t.d` goes down"]
    );
    let table = rides("").ask(url).unwrap().raw_table();
    assert_eq!(table.head, ["t.d", "t.e"]);
    assert_eq!(table.rows[0], ["cycling", "x"]);
    assert_eq!(table.rows.len(), 4);
}

#[test]
fn columns_that_a_picture_hides() {
    let query = serde_json::json!({"model": "test", "view": "t", "fields": ["t.count"],
        "hidden_fields": ["t.count"]});
    let answer = rides("")
        .answer(&serde_json::from_value(query).unwrap())
        .unwrap();
    assert_eq!(answer.notices[0].rule.code, "LK321");
}

#[test]
fn totals_that_were_dropped_leave_no_column() {
    let url = "fields=t.d,t.e,t.count&pivots=t.e&row_total=right&f[t.count]=>0";
    let answer = rides("").ask(url).unwrap();
    assert_eq!(answer.notices[0].rule.code, "LK330");
    assert_eq!(answer.text_table().head, ["D", "x", "y", "z"]);
}
