//! URLs of Explores.

use lookml::{ExploreUrl, Limit, Query, RowTotal, Sort};
use proptest::prelude::*;
use serde_json::json;

/// What it is once it is read and written.
fn written(url: &str) -> String {
    match url.parse::<ExploreUrl>() {
        Ok(parsed) => parsed.to_string(),
        Err(error) => format!("error: {error}"),
    }
}

#[test]
fn a_url_of_looker_is_read() {
    let url = "https://looker.example:9999/explore/peloton/workouts?fields=rides.discipline,workouts.created_month%2Cworkouts.count\
        &pivots=rides.discipline&fill_fields=workouts.created_month&f[workouts.created_date]=90+days&f%5Brides.title%5D=%25Ride%25%20x\
        &sorts=workouts.created_month+desc,workouts.count+desc+0&limit=-1&column_limit=50&total=on&row_total=right\
        &query_timezone=America%2FNew_York&vis=%7B%22type%22%3A%22looker_line%22%7D&filter_config=%7B%7D\
        &dynamic_fields=%5B%5D&toggle=fil,vis&hidden_fields=a.b&qid=Ab1&origin=share-expanded&x=1#top";
    let parsed: ExploreUrl = url.parse().unwrap();
    let query = &parsed.query;
    assert_eq!(
        (query.model.as_str(), query.view.as_str()),
        ("peloton", "workouts")
    );
    assert_eq!(query.fields.len(), 3);
    assert_eq!(
        query.filters.get("workouts.created_date").unwrap(),
        "90 days"
    );
    assert_eq!(query.filters.get("rides.title").unwrap(), "%Ride% x");
    assert_eq!(query.limit, Some(Limit::None));
    assert!(query.total);
    assert_eq!(query.row_total, Some(RowTotal::Right));
    assert_eq!(query.sorts.last().unwrap().pivot, Some(0));
    assert_eq!(query.vis_config, Some(json!({"type": "looker_line"})));
    assert_eq!(parsed.get("toggle"), Some("fil,vis"));
    assert_eq!(parsed.get("qid"), Some("Ab1"));
    assert_eq!(parsed.get("origin"), None);
    insta::assert_snapshot!(parsed.to_string().replace('&', "\n&"), @r#"
    /explore/peloton/workouts?fields=rides.discipline,workouts.created_month,workouts.count
    &pivots=rides.discipline
    &fill_fields=workouts.created_month
    &f[workouts.created_date]=90+days
    &f[rides.title]=%25Ride%25+x
    &sorts=workouts.created_month+desc,workouts.count+desc+0
    &limit=-1
    &column_limit=50
    &total=on
    &row_total=right
    &query_timezone=America/New_York
    &dynamic_fields=[]
    &vis=%7B%22type%22:%22looker_line%22%7D
    &toggle=fil,vis
    &hidden_fields=a.b
    &qid=Ab1
    &x=1
    "#);
}

#[test]
fn the_same_may_be_written_in_several_ways() {
    for (url, expected) in [
        ("/explore/m/v", "/explore/m/v"),
        ("/explore/m/v/?", "/explore/m/v"),
        ("/embed/explore/m/v?&&x&y=", "/explore/m/v?x=&y="),
        (
            "/explore/m%20n/v:w?f[a.b]=a%2Bb+c%20d",
            "/explore/m%20n/v:w?f[a.b]=a%2Bb+c+d",
        ),
        (
            "/explore/m/v?total=true&row_total=1",
            "/explore/m/v?total=on&row_total=right",
        ),
        (
            "/explore/m/v?total=1&row_total=left",
            "/explore/m/v?total=on&row_total=left",
        ),
        (
            "/explore/m/v?total=off&row_total=&limit=&vis=",
            "/explore/m/v",
        ),
        (
            "/explore/m/v?vis_config={\"a\":1.50}",
            "/explore/m/v?vis=%7B%22a%22:1.5%7D",
        ),
        (
            "/explore/m/v?fields=,a.b,,%20c.d&sorts=a.b+asc,",
            "/explore/m/v?fields=a.b,c.d&sorts=a.b",
        ),
        ("/explore/m/v?f[]=x&f[a.b]=", "/explore/m/v?f[a.b]=&f[]=x"),
        (
            "/explore/m/v?f[a.b]=1&f[c.d]=2&f%5Ba.b%5D=1",
            "/explore/m/v?f[a.b]=1&f[c.d]=2",
        ),
        (
            "/explore/m/v?z=%25&z=2&a=%E4",
            "/explore/m/v?z=%25&z=2&a=%EF%BF%BD",
        ),
        (
            "/explore/m/v?filter_expression=%24%7Ba.b%7D",
            "/explore/m/v?filter_expression=%24%7Ba.b%7D",
        ),
    ] {
        assert_eq!(written(url), expected, "{url}");
        assert_eq!(written(expected), expected);
    }
}

#[test]
fn what_means_nothing_is_told() {
    let urls = [
        "",
        "/",
        "/explore",
        "/explore/m",
        "/explore/m/",
        "/explore//v",
        "/explore/m/v/w",
        "/dashboards/1",
        "https://x",
        "/explore/m/v?limit=many",
        "/explore/m/v?column_limit=-5",
        "/explore/m/v?total=perhaps",
        "/explore/m/v?row_total=up",
        "/explore/m/v?sorts=a.b+down",
        "/explore/m/v?vis=%7B",
        "/explore/m/v?f[a.b]=1&f[a.b]=3",
    ];
    let lines = urls.map(|url| format!("{url:40} {}", written(url)));
    insta::assert_snapshot!(lines.join("\n"), @r#"
                                             error: `` is not the path of an explore: /explore/<model>/<explore>
    /                                        error: `/` is not the path of an explore: /explore/<model>/<explore>
    /explore                                 error: `/explore` is not the path of an explore: /explore/<model>/<explore>
    /explore/m                               error: `/explore/m` is not the path of an explore: /explore/<model>/<explore>
    /explore/m/                              error: `/explore/m/` is not the path of an explore: /explore/<model>/<explore>
    /explore//v                              error: `/explore//v` is not the path of an explore: /explore/<model>/<explore>
    /explore/m/v/w                           error: `/explore/m/v/w` is not the path of an explore: /explore/<model>/<explore>
    /dashboards/1                            error: `/dashboards/1` is not the path of an explore: /explore/<model>/<explore>
    https://x                                error: `https://x` is not the path of an explore: /explore/<model>/<explore>
    /explore/m/v?limit=many                  error: `many` means nothing as `limit`
    /explore/m/v?column_limit=-5             error: `-5` means nothing as `column_limit`
    /explore/m/v?total=perhaps               error: `perhaps` means nothing as `total`
    /explore/m/v?row_total=up                error: `up` means nothing as `row_total`
    /explore/m/v?sorts=a.b+down              error: `a.b down` means nothing as `sorts`
    /explore/m/v?vis=%7B                     error: `{` means nothing as `vis`
    /explore/m/v?f[a.b]=1&f[a.b]=3           error: two filters on `a.b`, `1` and `3`: write them as one expression
    "#);
}

fn name() -> impl Strategy<Value = String> {
    "[a-zA-Z_+%&=#é]{1,6}"
}

fn names() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec("[a-z_]{1,5}\\.[a-z_+%&=#é]{1,5}", 0..3)
}

prop_compose! {
    fn sort()(field in "[a-z]{1,4}\\.[a-z+%]{1,4}", descending in any::<bool>(), pivot in prop::option::of(0_usize..9)) -> Sort {
        Sort { field, descending, pivot }
    }
}

fn limit() -> impl Strategy<Value = Option<Limit>> {
    let limit = prop_oneof![Just(Limit::None), any::<u64>().prop_map(Limit::To)];
    prop::option::of(limit)
}

prop_compose! {
    fn query()(
        (model, view) in (name(), name()),
        (fields, pivots, fill_fields, subtotals) in (names(), names(), names(), names()),
        filters in prop::collection::vec(("[a-z_]{1,4}\\.[a-z\\[\\]%]{1,4}", ".{0,12}"), 0..4),
        sorts in prop::collection::vec(sort(), 0..3),
        (limit, column_limit) in (limit(), limit()),
        (total, left, right) in any::<(bool, bool, bool)>(),
        (zone, dynamic, expression) in (name(), ".{1,12}", ".{1,12}"),
        vis in prop::option::of((".{0,8}", any::<i64>(), any::<f64>())),
    ) -> Query {
        let row_total = match (left, right) {
            (true, _) => Some(RowTotal::Left),
            (_, true) => Some(RowTotal::Right),
            _ => None,
        };
        let vis_config = vis.map(|(text, whole, float)| json!({"a": text, "b": [whole, float, null]}));
        let filters = filters.into_iter().collect();
        Query {
            model, view, fields, pivots, fill_fields, subtotals, filters, sorts, limit, column_limit, total, row_total,
            query_timezone: Some(zone), dynamic_fields: Some(dynamic), filter_expression: Some(expression), vis_config,
            ..Query::default()
        }
    }
}

proptest! {
    #[test]
    fn a_query_comes_back_from_its_url(query in query()) {
        let url = ExploreUrl { query, other: vec![("toggle".into(), "dat,vis".into())] };
        prop_assert_eq!(url.to_string().parse::<ExploreUrl>().unwrap(), url);
    }

    #[test]
    fn a_query_comes_back_from_its_json(query in query()) {
        let json = serde_json::to_string(&query).unwrap();
        prop_assert_eq!(serde_json::from_str::<Query>(&json).unwrap(), query);
    }

    #[test]
    fn any_text_is_a_url_or_not(text in "\\PC{0,60}") {
        let _ = text.parse::<ExploreUrl>();
    }

    #[test]
    fn what_is_written_is_stable(pairs in prop::collection::vec((prop_oneof![
        prop::sample::select(vec!["fields", "pivots", "sorts", "limit", "total", "row_total", "vis", "f[a.b]", "f%5Ba]", "f[", "x", "",
            "dynamic_fields", "query_timezone", "toggle", "subtotals"]).prop_map(str::to_owned),
        "[a-z\\[\\]%+=]{0,5}",
    ], "[a-z0-9.,+% \\[\\]{}\":é=?-]{0,10}"), 0..6)) {
        let pairs: Vec<_> = pairs.iter().map(|(key, value)| format!("{key}={value}")).collect();
        let url = format!("/explore/m/v?{}", pairs.join("&"));
        if let Ok(parsed) = url.parse::<ExploreUrl>() {
            let once = parsed.to_string();
            let again: ExploreUrl = once.parse().unwrap();
            prop_assert_eq!(again.to_string(), once);
            prop_assert_eq!(again, parsed);
        }
    }
}
