//! What is wrong with files by themselves.

use std::fmt::Write as _;

use lookml::parameters::{self, Kind, Shape};
use lookml::{Suppressions, check_field, check_file, parse, rules};
use proptest::prelude::*;

use crate::rendered;

/// The diagnostics of a file with the characters that they point at. The text must parse.
fn check_as(path: &str, text: &str) -> String {
    let (syntax, diagnostics) = parse(text);
    assert_eq!(diagnostics, []);
    let found = check_file(path, &syntax);
    found.iter().map(|found| rendered(text, found)).collect()
}

fn check(text: &str) -> String {
    check_as("views/x.view.lkml", text)
}

#[test]
fn a_good_file_is_good() {
    let text = "
view: orders {
  extends: [base]
  sql_table_name: s.orders ;;
  drill_fields: [id, detail*, -x.y]
  dimension: id { primary_key: yes type: number sql: ${TABLE}.id ;; html: <b>{{ value }}</b> ;; }
  dimension: size { type: tier tiers: [-1, 0, 2.5] style: integer sql: ${TABLE}.size ;; }
  dimension: kind { case: { when: { sql: 1 ;; label: \"x\" } else: \"y\" } }
  dimension: hidden_by_constant { hidden: \"@{HIDDEN}\" type: \"@{TYPE}\" }
  dimension_group: created { timeframes: [raw, minute15, fiscal_quarter_of_year, EXTENDED*] datatype: epoch }
  dimension_group: open { type: duration intervals: [day, week] sql_start: a ;; sql_end: b ;; }
  measure: n { type: count filters: [id: \"1\"] filters: { field: x.y value: \"2\" } filters: [EXTENDED*] }
  measure: last { type: date_week sql: MAX(${id}) ;; link: { label: \"a\" url: \"b\" } link: { url: \"c\" } }
  measure: p { type: percentile percentile: 99.9 sql: ${id} ;; drill_fields: [EXTENDED*, id] }
  filter: f { type: date default_value: \"7 days\" }
  parameter: p_1 { type: unquoted allowed_value: { value: \"a\" } allowed_value: { value: \"b\" } }
  set: detail { fields: [id] }
}
view: +orders { dimension: Odd_name_of_old {} label: \"x\" }
explore: orders {
  join: lines { type: full_outer relationship: one_to_many sql_on: 1 = 1 ;; fields: [ALL_FIELDS*] }
  always_filter: { filters: [orders.created_date: \"\"] }
  query: q { dimensions: [id] sorts: [id: desc, n: asc] limit: 10 }
  query: r { dimensions: [id] }
}
explore: +orders { label: \"{{ x }}\" }
test: t { explore_source: orders { column: id { field: orders.id } sort: { field: id desc: yes } } assert: a { expression: yes ;; } }
";
    insta::assert_snapshot!(check(text), @r#"
    warning LK021 19:28 `Odd_name_of_old`: `Odd_name_of_old` is not in snake case; write `odd_name_of_old`
    "#);
}

#[test]
fn shapes() {
    insta::assert_snapshot!(check(
        "view: v {
  drill_fields: id
  label: [\"a\"]
  dimension: \"x\"
  set: s { fields: [a: \"b\"] }
  measure: m { type: { } filters: \"x\" filters: [y] sql: 1 ;; }
  dimension: { hidden: yes }
  derived_table: t { explore_source: { limit: ten } }
}"
    ), @r#"
    error LK016 2:3 `drill_fields`: `drill_fields` needs a list of names; write `drill_fields: [id]`
    error LK016 3:3 `label`: `label` needs a text; write `label: …`, without brackets
    error LK016 4:3 `dimension`: `dimension` needs a name and a block; 
    error LK016 5:21 `a: "b"`: `fields` needs a list of names; 
    error LK016 6:16 `type`: `type` needs a type; 
    error LK016 6:26 `filters`: `filters` needs filters; write `filters: [field: "expression"]`
    error LK016 6:49 `y`: `y` has no value to filter by; write `y: "expression"`
    error LK118 7:3 `dimension`: `dimension` needs a name; write `dimension: name {`
    warning LK016 8:18 `t`: `derived_table` has no name; take it away: it means nothing
    error LK118 8:22 `explore_source`: `explore_source` needs a name; write `explore_source: name {`
    error LK023 8:47 `ten`: `limit` needs a whole number, not `ten`;
    "#);
}

#[test]
fn numbers_and_flags() {
    insta::assert_snapshot!(check(
        "view: v {
  final: true
  dimension: a { hidden: \"\" type: tier tiers: [1, two, \"3\", inf] }
  measure: m { type: percentile percentile: much sql: 1 ;; }
}
fiscal_month_offset: +3
case_sensitive: maybe"
    ), @r#"
    error LK023 2:10 `true`: `final` needs `yes` or `no`, not `true`; write `yes`
    error LK023 3:26 `""`: `hidden` needs `yes` or `no`, not ``; 
    error LK023 3:51 `two`: `tiers` needs a number, not `two`; 
    error LK023 3:61 `inf`: `tiers` needs a number, not `inf`; 
    error LK023 4:45 `much`: `percentile` needs a number, not `much`; 
    error LK023 7:17 `maybe`: `case_sensitive` needs `yes` or `no`, not `maybe`;
    "#);
    insta::assert_snapshot!(check("fiscal_month_offset: 1.5"), @r#"
    error LK023 1:22 `1.5`: `fiscal_month_offset` needs a whole number, not `1.5`;
    "#);
}

#[test]
fn words() {
    insta::assert_snapshot!(check(
        "week_start_day: mon
explore: e {
  join: j { type: left relationship: many_to_on }
  query: q { sorts: [a: down] }
  extension: optional
}
view: v {
  dimension: a { type: strng style: clasic datatype: unix }
  dimension: b { type: date_weak }
  dimension: c { type: sum }
  dimension: d { type: time }
  dimension_group: e { type: duration_day timeframes: [date, weak, minute7, \"\"] intervals: [days] }
  measure: f { type: tier }
  measure: g { type: period_over_period period: day kind: change }
  filter: h { type: unquoted }
  parameter: i { type: tier }
}"
    ), @r#"
    error LK022 1:17 `mon`: `week_start_day` can't be `mon`; write one of `monday`, `tuesday`, `wednesday`, `thursday`, `friday`, `saturday`, `sunday`
    error LK022 3:19 `left`: `type` can't be `left`; write one of `left_outer`, `inner`, `full_outer`, `cross`
    error LK022 3:38 `many_to_on`: `relationship` can't be `many_to_on`; did you mean `many_to_one`?
    error LK022 4:25 `down`: `sorts` can't be `down`; write one of `asc`, `desc`
    error LK022 5:14 `optional`: `extension` can't be `optional`; write `required`
    error LK022 8:24 `strng`: `type` can't be `strng`; did you mean `string`?
    error LK022 8:37 `clasic`: `style` can't be `clasic`; did you mean `classic`?
    error LK022 8:54 `unix`: `datatype` can't be `unix`; write one of `timestamp`, `datetime`, `date`, `epoch`, `yyyymmdd`
    error LK022 9:24 `date_weak`: `type` can't be `date_weak`; did you mean `date_week`?
    error LK117 10:24 `sum`: a `dimension` can't have the type `sum`; it is a type of `measure`
    error LK117 11:24 `time`: a `dimension` can't have the type `time`; it is a type of `dimension_group`
    error LK117 12:30 `duration_day`: a `dimension_group` can't have the type `duration_day`; it is a type of `dimension`
    error LK022 12:62 `weak`: `weak` can't be in `timeframes`; did you mean `week`?
    error LK022 12:68 `minute7`: `minute7` can't be in `timeframes`; did you mean `minute`?
    error LK022 12:77 `""`: `` can't be in `timeframes`; 
    error LK022 12:93 `days`: `days` can't be in `intervals`; did you mean `day`?
    error LK117 13:22 `tier`: a `measure` can't have the type `tier`; it is a type of `dimension`, `filter`
    error LK022 14:49 `day`: `period` can't be `day`; write one of `year`, `fiscal_year`, `quarter`, `fiscal_quarter`, `month`, `week`, `date`
    error LK022 14:59 `change`: `kind` can't be `change`; write one of `previous`, `difference`, `relative_change`
    error LK117 15:21 `unquoted`: a `filter` can't have the type `unquoted`; it is a type of `parameter`
    error LK117 16:24 `tier`: a `parameter` can't have the type `tier`; it is a type of `dimension`, `filter`
    "#);
}

#[test]
fn keys() {
    insta::assert_snapshot!(check(
        "lable: \"x\"
dimension: stray { type: nonsense }
view: v {
  sql_on: 1 ;;
  labell: \"x\"
  label: \"x\"
  label: \"y\"
  label: \"z\"
  dimension: a { timeframes: [date] filters: [b: \"c\"] sql_distinct_key: 1 ;; tier: [1] precision: 2 string_datatype: x }
  dimension: a { }
  measure: m { case: { when: { label: \"x\" } else: \"y\" } precision: 2 primary_key: yes }
  parameter: p { allowed_value: { label: \"x\" } sql: 1 ;; }
  set: s { fields: [a] }
  set: s { fields: [b] }
  dimension: c { link: x { url: \"y\" } link: { } }
}
access_grant: g { allowed_values: [\"a\"] }"
    ), @r#"
    warning LK020 1:1 `lable`: `lable` is nothing that can stand at the top of a file; did you mean `label`?
    warning LK020 2:1 `dimension`: `dimension` is nothing that can stand at the top of a file; it is a parameter of `view`
    warning LK020 4:3 `sql_on`: `sql_on` is no parameter of `view`; it is a parameter of `join`
    warning LK020 5:3 `labell`: `labell` is no parameter of `view`; did you mean `label`?
    warning LK017 7:3 `label`: `label` stands here twice; the last one counts: take the others away
    warning LK017 8:3 `label`: `label` stands here twice; the last one counts: take the others away
    error LK119 9:18 `timeframes`: `timeframes` means nothing in a `dimension`; it is a parameter of `dimension_group`
    error LK119 9:37 `filters`: `filters` means nothing in a `dimension`; it is a parameter of `measure`
    error LK119 9:55 `sql_distinct_key`: `sql_distinct_key` means nothing in a `dimension`; it is a parameter of `measure`
    warning LK020 9:78 `tier`: `tier` is no parameter of `dimension`; did you mean `tiers`?
    error LK118 11:24 `when`: `when` needs `sql`; 
    error LK119 11:70 `primary_key`: `primary_key` means nothing in a `measure`; it is a parameter of `dimension`
    error LK118 12:18 `allowed_value`: `allowed_value` needs `value`; 
    error LK119 12:48 `sql`: `sql` means nothing in a `parameter`; it is a parameter of `dimension`, `dimension_group`, `measure`, `filter`
    warning LK017 14:3 `set`: `set: s` stands here twice; the last one counts: take the others away
    warning LK016 15:24 `x`: `link` has no name; take it away: it means nothing
    error LK118 15:39 `link`: `link` needs `url`; 
    error LK118 17:1 `access_grant`: `access_grant` needs `user_attribute`;
    "#);
}

#[test]
fn names() {
    insta::assert_snapshot!(check(
        "view: MyOrders { dimension: user.ID {} dimension: HTTPCode2 {} set: with-minus { fields: [a] } }
view: +MyOrders { dimension: +a {} }
explore: my_orders2 { join: Line_Items { sql_on: 1 ;; } }
test: t { explore_source: MyOrders { column: A {} } assert: b { expression: yes ;; } }"
    ), @r#"
    warning LK021 1:7 `MyOrders`: `MyOrders` is not in snake case; write `my_orders`
    warning LK021 1:29 `user.ID`: `user.ID` is not in snake case; write `user_id`
    warning LK021 1:51 `HTTPCode2`: `HTTPCode2` is not in snake case; write `httpcode2`
    warning LK021 1:69 `with-minus`: `with-minus` is not in snake case; write `with_minus`
    warning LK021 2:30 `+a`: `+a` is not in snake case; write `a`
    warning LK021 3:29 `Line_Items`: `Line_Items` is not in snake case; write `line_items`
    warning LK021 4:46 `A`: `A` is not in snake case; write `a`
    "#);
}

#[test]
fn the_manifest_is_a_file_of_its_own() {
    let text = "project_name: \"p\"
constant: SCHEMA { value: \"x\" export: override_optional }
constant: NO_VALUE { export: always }
local_dependency: { project: \"other\" override_constant: SCHEMA { value: \"y\" } }
remote_dependency: far { url: \"u\" ref: \"r\" }
application: A-b { label: \"x\" entitlements: { core_api_methods: [\"all\"] whatever: { x: y } } }
view: v {}
connection: \"c\"
";
    insta::assert_snapshot!(check_as("manifest.lkml", text), @r#"
    error LK118 3:1 `constant`: `constant` needs `value`; 
    error LK022 3:30 `always`: `export` can't be `always`; write one of `none`, `override_optional`, `override_required`
    warning LK020 7:1 `view`: `view` is no parameter of `manifest`; it is a parameter of `model`
    warning LK020 8:1 `connection`: `connection` is no parameter of `manifest`; it is a parameter of `model`
    "#);
    let of_imported = check_as("//other/manifest.lkml", text);
    assert_eq!(check_as("manifest.lkml", text), of_imported);
    assert_ne!(check_as("views/manifest.lkml", text), of_imported);
}

#[test]
fn a_connection_belongs_to_a_model() {
    assert_eq!(check_as("a.model.lkml", "connection: \"x\""), "");
    insta::assert_snapshot!(check("connection: \"x\""), @r#"
    warning LK119 1:1 `connection`: `connection` means something in a model file only; a model file ends in `.model.lkml`
    "#);
}

#[test]
fn old_files_are_not_supported() {
    insta::assert_snapshot!(check_as("a.view.lookml", ""), @r#"
    error LK930 1:1 ``: old LookML (YAML) is not supported; convert the project to new LookML, files of which end in `.lkml`
    "#);
    insta::assert_snapshot!(check_as("a.model.lookml", ""), @r#"
    error LK930 1:1 ``: old LookML (YAML) is not supported; convert the project to new LookML, files of which end in `.lkml`
    "#);
    assert_eq!(check_as("a.dashboard.lookml", ""), "");
}

/// What `check_field` says, one line a problem.
fn field(kind: &'static Kind, type_name: Option<&str>, keys: &[&str]) -> String {
    let problems = check_field(kind, type_name, keys.iter().copied());
    let lines = problems.into_iter().map(|(key, problem)| {
        let hint = problem.hint.unwrap_or_default();
        let key = key.unwrap_or("-");
        let code = problem.rule.code;
        format!(
            "{} {code} {key}: {}; {hint}",
            problem.severity, problem.message
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_type_needs_its_parameters() {
    use parameters::{DIMENSION, DIMENSION_GROUP, MEASURE, PARAMETER};
    let tests = [
        (&DIMENSION, Some("tier"), &[][..]),
        (&DIMENSION, Some("duration_day"), &["sql_start"]),
        (&DIMENSION, Some("location"), &["sql"]),
        (&DIMENSION, Some("string"), &["tiers", "style"]),
        (&DIMENSION, None, &[]),
        (&DIMENSION, Some("nonsense"), &["tiers"]),
        (&DIMENSION_GROUP, None, &["timeframes", "intervals"]),
        (&DIMENSION_GROUP, Some("duration"), &["timeframes"]),
        (&MEASURE, Some("count"), &["sql", "filters"]),
        (&MEASURE, Some("sum"), &["filters"]),
        (&MEASURE, Some("number"), &["filters"]),
        (&MEASURE, Some("date_week"), &["sql", "filters"]),
        (&MEASURE, Some("percentile"), &["sql"]),
        (&MEASURE, Some("list"), &["sql", "filters"]),
        (&MEASURE, Some("running_total"), &["direction"]),
        (
            &MEASURE,
            Some("sum"),
            &["sql", "direction", "sql_distinct_key"],
        ),
        (&MEASURE, None, &[]),
        (&PARAMETER, None, &["default_value"]),
    ];
    let mut out = String::new();
    for (kind, type_name, keys) in tests {
        let type_text = type_name.unwrap_or("-");
        writeln!(out, "{} {type_text} {}", kind.name, keys.join(" ")).unwrap();
        for line in field(kind, type_name, keys).lines() {
            writeln!(out, "  {line}").unwrap();
        }
    }
    insta::assert_snapshot!(out, @r#"
    dimension tier 
      error LK118 -: a `dimension` of type `tier` needs `tiers`; 
    dimension duration_day sql_start
      error LK118 -: a `dimension` of type `duration_day` needs `sql_end`; 
    dimension location sql
      error LK118 -: a `dimension` of type `location` needs `sql_latitude`; 
      error LK118 -: a `dimension` of type `location` needs `sql_longitude`; 
    dimension string tiers style
      error LK119 tiers: `tiers` means nothing in a `dimension` of type `string`; it is for type `tier`
      error LK119 style: `style` means nothing in a `dimension` of type `string`; it is for type `tier`, `bin`
    dimension - 
    dimension nonsense tiers
    dimension_group - timeframes intervals
      error LK119 intervals: `intervals` means nothing in a `dimension_group` of type `time`; it is for type `duration`
    dimension_group duration timeframes
      error LK119 timeframes: `timeframes` means nothing in a `dimension_group` of type `duration`; 
      error LK118 -: a `dimension_group` of type `duration` needs `sql_start`; 
      error LK118 -: a `dimension_group` of type `duration` needs `sql_end`; 
    measure count sql filters
      warning LK119 sql: `sql` means nothing in a `measure` of type `count`; it is ignored: take it away
    measure sum filters
      warning LK118 -: a `measure` of type `sum` should have `sql`; the column that is named like it is used
    measure number filters
      error LK118 -: a `measure` of type `number` needs `sql`; 
      error LK119 filters: `filters` means nothing in a `measure` of type `number`; 
    measure date_week sql filters
      error LK119 filters: `filters` means nothing in a `measure` of type `date_week`; 
    measure percentile sql
      error LK118 -: a `measure` of type `percentile` needs `percentile`; 
    measure list sql filters
      warning LK119 sql: `sql` means nothing in a `measure` of type `list`; it is ignored: take it away
      error LK119 filters: `filters` means nothing in a `measure` of type `list`; 
      error LK118 -: a `measure` of type `list` needs `list_field`; 
    measure running_total direction
      error LK118 -: a `measure` of type `running_total` needs `sql`; 
    measure sum sql direction sql_distinct_key
      warning LK119 sql_distinct_key: `sql_distinct_key` means nothing in a `measure` of type `sum`; it is ignored: take it away
      error LK119 direction: `direction` means nothing in a `measure` of type `sum`; it is for type `running_total`, `percent_of_total`, `percent_of_previous`
    measure - 
      error LK118 -: a `measure` of type `string` needs `sql`; 
    parameter - default_value
    "#);
}

/// A value that the table allows.
fn good_value(parameter: &parameters::Parameter, kind: &Kind) -> String {
    match parameter.shape {
        Shape::Text => "\"x\"".to_owned(),
        Shape::Name => "x".to_owned(),
        Shape::Expression => "1 ;;".to_owned(),
        Shape::YesNo => "yes".to_owned(),
        Shape::Integer | Shape::Number => "7".to_owned(),
        Shape::Choice(words) => words.last().unwrap().to_string(),
        Shape::Type => kind.types.first().unwrap().name.to_owned(),
        Shape::Names => "[a, -b.c, d*]".to_owned(),
        Shape::Texts => "[\"a\", \"b\"]".to_owned(),
        Shape::Numbers => "[1, 2.5]".to_owned(),
        Shape::Timeframes => "[raw, date]".to_owned(),
        Shape::Intervals => "[day]".to_owned(),
        Shape::Filters => "[a: \"b\"]".to_owned(),
        Shape::Sorts => "[a: desc, b]".to_owned(),
        Shape::Block(kind) => good_block(kind),
        Shape::Any => "{ x: y }".to_owned(),
    }
}

/// A block with everything that may stand in it.
fn good_block(kind: &Kind) -> String {
    let name = match kind.naming {
        parameters::Naming::None => "",
        _ => "n ",
    };
    format!("{name}{{ {} }}", good_items(kind))
}

fn good_items(kind: &Kind) -> String {
    let items = kind.parameters().map(|parameter| {
        let value = good_value(parameter, kind);
        format!("{}: {value}", parameter.key)
    });
    items.collect::<Vec<_>>().join("\n")
}

#[test]
fn what_the_table_allows_is_allowed() {
    assert_eq!(check_as("m.model.lkml", &good_items(&parameters::FILE)), "");
    assert_eq!(
        check_as("manifest.lkml", &good_items(&parameters::MANIFEST)),
        ""
    );
}

#[test]
fn large_files_take_no_time() {
    for line in [
        "x: y\n",
        "label: \"x\"\n",
        "view: v { a: b }\n",
        "# lookml-ignore: LK020\nz: y ",
    ] {
        let text = line.repeat(50_000);
        let (syntax, _) = parse(&text);
        assert!(check_file("a.model.lkml", &syntax).len() < 1_000_000);
        let _ = Suppressions::of(&syntax).contains(rules::UNKNOWN_PARAMETER, syntax.items[9].key);
    }
    let text = format!(
        "view: v {{ {} }}",
        "dimension: a { type: x timeframes: [y, z] }\n".repeat(20_000)
    );
    let (syntax, _) = parse(&text);
    assert_eq!(check_file("a.model.lkml", &syntax).len(), 40_000);
}

/// Pieces that may stand in any order.
const PIECES: &[&str] = &[
    "view: v {",
    "explore: +e {",
    "dimension: a {",
    "measure: B {",
    "join: j {",
    "}",
    "type: sum",
    "type: {",
    "filters: [",
    "filters: {",
    "]",
    "sql: ",
    ";;",
    "tiers: [1, x]",
    "label: \"",
    "\"",
    "\n",
    "# lookml-ignore: LK020\n",
    "a",
    ":",
    ",",
    "hidden: maybe",
    "query: {",
    "case: { when: {",
    "é",
    "case: 5",
];

proptest! {
    #[test]
    fn any_file_has_an_answer(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40)) {
        let text = pieces.join(" ");
        let (syntax, _) = parse(&text);
        let suppressions = Suppressions::of(&syntax);
        for path in ["a.model.lkml", "manifest.lkml"] {
            for diagnostic in check_file(path, &syntax) {
                prop_assert!(text.get(diagnostic.span.range()).is_some());
                prop_assert!(!diagnostic.message.contains('\n'));
                let _ = suppressions.contains(diagnostic.rule, diagnostic.span);
            }
        }
    }
}
