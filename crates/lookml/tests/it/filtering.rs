//! Which filters of a query hold, and on what.

use lookml::testing::Fixture;
use serde_json::json;

#[test]
fn a_field_is_filtered_once_under_all_its_names() {
    let rides = Fixture::new(
        "view: rides { dimension: sport { alias: [discipline] } measure: count { type: count } } explore: rides {}",
    )
    .with_table("rides", "sport", "('row'), ('run')");
    let count = |filters: &str| rides.rows(&format!("fields=rides.count{filters}"));
    let one = json!([{"rides.count": 1}]);
    assert_eq!(count("&f[rides.discipline]=row"), one);
    assert_eq!(
        rides.error("fields=rides.count&f[rides.discipline]=row&f[rides.sport]=run"),
        "LK310: there are two filters on `rides.sport`\n\
         one of them has a name that it had: write them as one"
    );
}

/// Rides and their classes, with a filter of each that has a default.
fn with_defaults() -> Fixture {
    Fixture::new(
        r#"
        view: rides {
          dimension: id { type: number primary_key: yes }
          filter: sport { default_value: "row" sql: {% condition sport %} ${TABLE}.sport {% endcondition %} ;; }
          filter: only { default_value: "1" type: number }
          dimension: is_only { type: yesno sql: {% condition only %} ${id} {% endcondition %} ;; }
          dimension: said { sql: '{{ _filters['rides.only'] }} {{ rides.only._is_filtered }}' ;; }
          measure: count { type: count }
        }
        view: classes {
          dimension: id { type: number primary_key: yes }
          dimension: level {}
          filter: levels { default_value: "easy" sql: {% condition levels %} ${level} {% endcondition %} ;; }
          filter: open { sql: {% condition open %} ${level} {% endcondition %} ;; }
        }
        explore: rides {
          join: classes { sql_on: ${classes.id} = ${rides.id} ;; relationship: one_to_one } }
        explore: all_rides { from: rides view_name: rides
          always_filter: { filters: [rides.sport: ""] } }"#,
    )
    .with_table("rides", "id, sport", "(1, 'row'), (2, 'row'), (3, 'run')")
    .with_table("classes", "id, level", "(1, 'easy'), (2, 'hard'), (3, 'easy')")
}

#[test]
fn the_default_of_a_filter_holds_as_if_it_were_given() {
    let count = |rest: &str| with_defaults().rows(&format!("fields=rides.count{rest}"));
    let counted = |count: i64| json!([{ "rides.count": count }]);
    assert_eq!(count(""), counted(2));
    assert_eq!(count("&f[rides.sport]=run"), counted(1));
    assert_eq!(count("&f[rides.sport]="), counted(3));
    let blank = "/explore/test/all_rides?fields=rides.count";
    assert_eq!(with_defaults().rows(blank), counted(3));
    // Of a view that takes no part in the query it does not hold.
    assert_eq!(count("&f[classes.open]=-nothing"), counted(1));
    assert_eq!(count("&f[classes.level]=easy,hard"), counted(1));
    assert_eq!(count("&f[classes.levels]=easy,hard"), counted(2));
}

#[test]
fn the_default_of_a_filter_counts_in_templates() {
    let url = "fields=rides.id,rides.is_only,rides.said&sorts=rides.id";
    let row = |id: i64, is_only: &str| json!({"rides.id": id, "rides.is_only": is_only, "rides.said": "1 true"});
    assert_eq!(
        with_defaults().rows(url),
        json!([row(1, "Yes"), row(2, "No")])
    );
    assert_eq!(
        with_defaults().rows(&format!("{url}&f[rides.only]=&f[rides.id]=1")),
        json!([{"rides.id": 1, "rides.is_only": "Yes", "rides.said": " false"}])
    );
}

#[test]
fn a_measure_over_all_groups_is_filtered_after_them() {
    let rides = Fixture::new(
        "view: rides { dimension: sport {} dimension: day { type: number } measure: count { type: count }
           measure: kj { type: sum sql: ${TABLE}.kj ;; }
           measure: share { type: number sql: ${kj} / SUM(${kj}) OVER () ;; } }
         explore: rides {}",
    )
    .with_table("rides", "sport, day, kj", "('row', 1, 60), ('run', 1, 30), ('run', 2, 30), ('yoga', 1, 30)");
    let shares = |rest: &str| {
        let url = format!("fields=rides.sport,rides.share&sorts=rides.sport{rest}");
        rides.rows(&url)
    };
    let row = |sport: &str, share: f64| json!({"rides.sport": sport, "rides.share": share});
    assert_eq!(
        shares("&f[rides.share]=%3E0.3"),
        json!([row("row", 0.4), row("run", 0.4)])
    );
    // It is of the groups that other filters on measures leave, with a filter on it and without.
    assert_eq!(
        shares("&f[rides.kj]=%3E30"),
        json!([row("row", 0.5), row("run", 0.5)])
    );
    assert_eq!(
        shares("&f[rides.kj]=%3E30&f[rides.share]=%3C0.5"),
        json!([])
    );
    assert_eq!(
        rides.rows("fields=rides.sport&sorts=rides.sport&f[rides.share]=%3E0.3"),
        json!([{"rides.sport": "row"}, {"rides.sport": "run"}])
    );
    assert_eq!(
        rides.rows("fields=rides.share&f[rides.share]=1"),
        json!([{"rides.share": 1.0}])
    );
}

#[test]
fn the_latest_of_times_is_no_number_to_filter_by() {
    let rides = Fixture::new(
        "view: rides { dimension_group: start { type: time } dimension: kj { type: number }
           measure: last { type: max sql: ${start_raw} ;; } measure: most { type: max sql: ${kj} ;; }
           measure: last_hour { type: max sql: ${rides.start_hour_of_day} ;; }
           measure: first { type: min sql: ${rides.start_date} ;; } }
         explore: rides {}",
    )
    .with_table("rides", "start, kj", "(TIMESTAMP '2026-03-02 07:00:00', 60)");
    let mistake = |name: &str| {
        format!(
            "LK310: `rides.{name}` is of a time, and is filtered as a number\n\
             make it `type: date`, with `sql: MAX(…) ;;`"
        )
    };
    let ask = |name: &str| format!("fields=rides.{name}&f[rides.{name}]=%3E5");
    assert_eq!(rides.error(&ask("last")), mistake("last"));
    assert_eq!(rides.error(&ask("first")), mistake("first"));
    assert_eq!(rides.rows(&ask("most")), json!([{"rides.most": 60}]));
    assert_eq!(
        rides.rows(&ask("last_hour")),
        json!([{"rides.last_hour": 7}])
    );
}
