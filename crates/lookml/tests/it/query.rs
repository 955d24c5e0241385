//! Queries as Looker's API writes them.

use lookml::{Limit, Query, RowTotal, Sort};
use proptest::prelude::*;

#[test]
fn a_query_of_the_api_is_read() {
    let json = r#"{ "model": "peloton", "view": "workouts",
        "fields": ["rides.discipline", "workouts.created_month", "workouts.count"],
        "pivots": ["rides.discipline"], "fill_fields": ["workouts.created_month"],
        "filters": {"workouts.created_date": "90 days", "workouts.count": ">3", "a.b": null, "a.a": 5},
        "filter_expression": null,
        "sorts": ["workouts.created_month desc", "workouts.count desc 0"],
        "limit": "500", "column_limit": 50, "total": true, "row_total": "right",
        "subtotals": null, "dynamic_fields": "[]",
        "query_timezone": "America/New_York", "vis_config": {"type": "looker_line"}, "filter_config": null,
        "client_id": "x", "runtime": 1.5 }"#;
    let query: Query = serde_json::from_str(json).unwrap();
    assert_eq!(query.limit, Some(Limit::To(500)));
    assert_eq!(query.column_limit, Some(Limit::To(50)));
    assert_eq!(query.row_total, Some(RowTotal::Right));
    let fields: Vec<_> = query.filters.keys().map(String::as_str).collect();
    assert_eq!(
        fields,
        ["workouts.created_date", "workouts.count", "a.b", "a.a"]
    );
    insta::assert_snapshot!(serde_json::to_string_pretty(&query).unwrap(), @r#"
    {
      "model": "peloton",
      "view": "workouts",
      "fields": [
        "rides.discipline",
        "workouts.created_month",
        "workouts.count"
      ],
      "pivots": [
        "rides.discipline"
      ],
      "fill_fields": [
        "workouts.created_month"
      ],
      "filters": {
        "workouts.created_date": "90 days",
        "workouts.count": ">3",
        "a.b": "",
        "a.a": "5"
      },
      "sorts": [
        "workouts.created_month desc",
        "workouts.count desc 0"
      ],
      "limit": "500",
      "column_limit": "50",
      "total": true,
      "row_total": "right",
      "dynamic_fields": "[]",
      "query_timezone": "America/New_York",
      "vis_config": {
        "type": "looker_line"
      },
      "client_id": "x",
      "runtime": 1.5
    }
    "#);
}

#[test]
fn a_small_query_is_small() {
    let json = r#"{"model":"m","view":"v"}"#;
    let query: Query = serde_json::from_str(json).unwrap();
    assert_eq!(serde_json::to_string(&query).unwrap(), json);
    let nulls = r#"{"model":"m","view":"v","fields":null,"pivots":null,"filters":null,"sorts":null,"limit":null,
        "total":null,"row_total":null,"subtotals":null,"dynamic_fields":"","vis_config":null}"#;
    assert_eq!(serde_json::from_str::<Query>(nulls).unwrap(), query);
}

#[test]
fn clients_write_the_same_in_several_ways() {
    let read = |rest: &str| {
        let json = format!(r#"{{"model":"m","view":"v",{rest}}}"#);
        serde_json::from_str::<Query>(&json).map_err(|error| error.to_string())
    };
    for (rest, limit) in [
        (r#""limit":"-1""#, Some(Limit::None)),
        (r#""limit":-1"#, Some(Limit::None)),
        (r#""limit":7"#, Some(Limit::To(7))),
        (r#""limit":"""#, None),
    ] {
        assert_eq!(read(rest).unwrap().limit, limit, "{rest}");
    }
    assert_eq!(
        read(r#""limit":"some""#).unwrap_err(),
        "invalid value: string \"some\", expected a number of rows, or -1 at line 1 column 39"
    );
    assert!(read(r#""limit":-2"#).is_err());
    assert!(read(r#""limit":1.5"#).is_err());
    for (rest, row_total) in [
        (r#""row_total":"left""#, Some(RowTotal::Left)),
        (r#""row_total":true"#, Some(RowTotal::Right)),
        (r#""row_total":"""#, None),
        (r#""row_total":false"#, None),
    ] {
        assert_eq!(read(rest).unwrap().row_total, row_total, "{rest}");
    }
    assert!(read(r#""total":"on""#).unwrap().total);
    assert!(read(r#""total":"perhaps""#).is_err());
    let listed = read(r#""dynamic_fields":[{"label":"x"}]"#).unwrap();
    assert_eq!(listed.dynamic_fields.unwrap(), r#"[{"label":"x"}]"#);
    assert!(read(r#""filters":{"a.b":["x"]}"#).is_err());
    assert!(read(r#""sorts":["a b c"]"#).is_err());
    assert!(read(r#""sorts":["__UNSORTED__"]"#).unwrap().is_unsorted());
    assert!(!read(r#""sorts":[]"#).unwrap().is_unsorted());
}

#[test]
fn sorts() {
    for (text, field, descending, pivot, written) in [
        ("a.b", "a.b", false, None, "a.b"),
        ("a.b asc", "a.b", false, None, "a.b"),
        (" a.b  DESC ", "a.b", true, None, "a.b desc"),
        ("a.b desc 2", "a.b", true, Some(2), "a.b desc 2"),
        ("a.b asc 0", "a.b", false, Some(0), "a.b asc 0"),
        ("a.b 1", "a.b", false, Some(1), "a.b asc 1"),
    ] {
        let sort: Sort = text.parse().unwrap();
        assert_eq!(
            (sort.field.as_str(), sort.descending, sort.pivot),
            (field, descending, pivot)
        );
        assert_eq!(sort.to_string(), written);
    }
    for text in [
        "",
        "  ",
        "a.b down",
        "a.b desc asc",
        "a.b desc -1",
        "a.b desc 0 1",
    ] {
        assert!(text.parse::<Sort>().is_err(), "{text}");
    }
    assert_eq!(
        "a.b down".parse::<Sort>().unwrap_err().to_string(),
        "`a.b down` is no sort: a field, `desc` or `asc`, the number of a pivot"
    );
}

proptest! {
    #[test]
    fn any_text_is_a_sort_or_not(text in "[a-z. ]{0,8}( desc| asc|)( [0-9]{1,3}|)[ x]?") {
        if let Ok(sort) = text.parse::<Sort>() {
            prop_assert_eq!(sort.to_string().parse::<Sort>().unwrap(), sort);
        }
    }
}
