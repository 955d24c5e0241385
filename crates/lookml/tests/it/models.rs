//! Resolution: what refinements, extends, lists and bindings make of a project.

use insta::assert_snapshot;
use lookml::model::{Field, FieldKind, MeasureFunction};
use lookml::{Model, Project};

fn load(text: &str) -> (Model, Vec<String>) {
    let files = [("m.model.lkml".to_owned(), text.to_owned())];
    let (model, problems) = Model::load(&Project::new(files), "m");
    let problems = problems.iter().map(|problem| {
        format!(
            "{} {}",
            problem.diagnostic.rule.code, problem.diagnostic.message
        )
    });
    (model.unwrap(), problems.collect())
}

fn model(text: &str) -> Model {
    let (model, problems) = load(text);
    assert_eq!(problems, Vec::<String>::new());
    model
}

fn problems(text: &str) -> String {
    load(text).1.join("\n")
}

fn field<'a>(model: &'a Model, view: &str, name: &str) -> &'a Field {
    &model.views[view].fields[name]
}

/// Fields of an explore, sorted.
fn fields(model: &Model, explore: &str) -> String {
    let mut names: Vec<&str> = model.explores[explore]
        .included
        .iter()
        .map(String::as_str)
        .collect();
    names.sort_unstable();
    names.join(" ")
}

#[test]
fn refinements_lie_over_each_other_in_order() {
    let model = model(
        r#"view: +a { dimension: x { label: "early" } }
           view: a { dimension: x { sql: 1 ;; tags: ["t"] } measure: n { type: count filters: [x: "1"] } }
           view: +a { dimension: x { label: "late" } dimension: y {} measure: n { filters: [y: "2"] } }"#,
    );
    let x = field(&model, "a", "x");
    assert_eq!(
        (x.show.label.as_str(), x.sql.as_deref()),
        ("late", Some("1"))
    );
    assert_eq!(x.show.tags, ["t"]);
    let FieldKind::Measure(measure) = &field(&model, "a", "n").kind else {
        unreachable!();
    };
    let filters: Vec<_> = measure
        .filters
        .iter()
        .map(|filter| filter.value.as_str())
        .collect();
    assert_eq!(filters, ["1", "2"]);
}

#[test]
fn children_see_their_refined_parents() {
    let model = model(
        r#"view: parent { extension: required dimension: x { sql: ${TABLE}.x ;; } dimension: y {} set: s { fields: [x] } }
           view: child { extends: [parent] dimension: x { sql: ${EXTENDED} + 1 ;; } dimension: y { sql: UPPER(${EXTENDED}) ;; }
             set: s { fields: [EXTENDED*, y] } }
           view: +parent { dimension: x { sql: ${TABLE}.z ;; } }
           explore: child { fields: [s*] }"#,
    );
    assert_eq!(
        field(&model, "child", "x").sql.as_deref(),
        Some("(${TABLE}.z) + 1")
    );
    assert_eq!(
        field(&model, "child", "y").sql.as_deref(),
        Some("UPPER(${TABLE}.y)")
    );
    assert_eq!(fields(&model, "child"), "child.x child.y");
    assert!(model.views["parent"].is_abstract && !model.views["child"].is_abstract);
}

#[test]
fn a_derived_table_is_a_query_or_sql_and_the_last_word_counts() {
    let model = model(
        "view: a { derived_table: { sql: SELECT 1 ;; } dimension: n {} }
         view: b { extends: [a] derived_table: { explore_source: e { column: n { field: a.n } } } }
         view: c { extends: [b] derived_table: { explore_source: e { column: m { field: a.n } filters: [a.n: \"1\"] } } }
         explore: e { from: a view_name: a }",
    );
    let source = format!("{:?}", model.views["b"].source);
    assert!(source.starts_with("Explore"), "{source}");
    let lookml::model::Source::Explore(source) = &model.views["c"].source else {
        unreachable!();
    };
    let columns: Vec<_> = source
        .columns
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(columns, ["n", "m"]);
    assert_eq!(source.filters.len(), 1);
}

#[test]
fn groups_become_fields() {
    let model = model(
        "view: a {
           dimension_group: made { timeframes: [raw, week, yesno] label: \"Was Made\" }
           dimension_group: lasts { type: duration intervals: [day] sql_start: 1 ;; sql_end: 2 ;; }
         }",
    );
    let names: Vec<_> = model.views["a"]
        .fields
        .values()
        .map(|field| format!("{}={}", field.name, field.show.label))
        .collect();
    assert_snapshot!(names.join(" · "), @"made_raw=Was Made Raw · made_week=Was Made Week · made=Was Made (Yes / No) · days_lasts=Days Lasts");
}

#[test]
fn explores_bind_views_to_names() {
    let model = model(
        "view: v { dimension: id {} } view: w { dimension: id {} }
         explore: v {} explore: e1 { from: v } explore: e2 { view_name: v } explore: e3 { from: w view_name: v }
         explore: base { extension: required view_name: fact join: j { from: w sql_on: ${j.id} = ${fact.id} ;; relationship: one_to_one } }
         explore: child { extends: [base] from: v }",
    );
    let bound = model.explores.values().map(|explore| {
        let views = explore
            .views
            .iter()
            .map(|(alias, bound)| format!("{alias}:{}", bound.view));
        format!("{}({})", explore.name, views.collect::<Vec<_>>().join(" "))
    });
    assert_snapshot!(bound.collect::<Vec<_>>().join(" "), @"v(v:v) e1(e1:v) e2(v:v) e3(v:w) child(fact:v j:w)");
    assert_eq!(model.abstract_explores, ["base"]);
}

#[test]
fn lists_say_which_fields_an_explore_has() {
    let views = "view: a { dimension: x {} dimension: y {} dimension_group: t { timeframes: [raw, date] } set: s { fields: [x, b.z] } set: most { fields: [ALL_FIELDS*, -x] } }
         view: b { dimension: z {} dimension: q {} }";
    let join = "join: b { sql_on: ${a.x} = ${b.z} ;; relationship: one_to_one }";
    let of = |list: &str, join: &str| {
        let (model, _) = load(&format!("{views} explore: a {{ {list} {join} }}"));
        fields(&model, "a")
    };
    assert_snapshot!(of("", join), @"a.t_date a.t_raw a.x a.y b.q b.z");
    assert_snapshot!(of("fields: [ALL_FIELDS*, -b*, -a.x]", join), @"a.t_date a.t_raw a.y");
    assert_snapshot!(of("fields: [-a.x]", join), @"a.t_date a.t_raw a.y b.q b.z");
    assert_snapshot!(of("fields: [s*, t]", join), @"a.t_date a.t_raw a.x b.z");
    assert_snapshot!(of("fields: [most*]", join), @"a.t_date a.t_raw a.y");
    let narrow =
        "join: b { fields: [ALL_FIELDS*, -q] sql_on: ${a.x} = ${b.z} ;; relationship: one_to_one }";
    assert_snapshot!(of("", narrow), @"a.t_date a.t_raw a.x a.y b.z");
}

#[test]
fn what_does_not_fit_is_reported_where_it_is() {
    let found = problems(
        "view: a { dimension: x {} dimension: x {} measure: t_raw {} dimension_group: t { timeframes: [raw] } sql_table_name: t ;; derived_table: { sql: SELECT 1 ;; } }
         view: a {}
         view: +a { measure: x { type: count } }
         view: +nothing {}
         view: f { final: yes } view: +f { label: \"x\" }
         view: p { extends: [q] } view: q { extends: [p] } view: r { extends: [none] }
         view: abs { extension: required }
         explore: abs {}
         explore: missing {}
         explore: a { fields: [a.nothing, none*] join: b { sql_on: 1 = 1 ;; } join: a { sql_on: 1 = 1 ;; } }",
    );
    assert_snapshot!(found, @r#"
    LK110 the view `a` is defined in `m.model.lkml` already
    LK111 there is no view `nothing` to refine in this model
    LK120 the view `f` is final
    LK115 `x` is declared twice in this view
    LK114 `x` can't be a dimension and a measure
    LK113 the views extend each other: p → q → p
    LK113 there is no view `none` to extend in this model
    LK115 `t_raw` of the group `t` is the name of another field already
    LK121 the view `a` has a `sql_table_name` and a `derived_table`
    LK112 the view `abs` is there to be extended only; the explore `abs` needs it
    LK201 there is no view `missing` in this model; the explore `missing` needs it
    LK201 there is no view `b` in this model; the join `b` of the explore `a` needs it
    LK202 `a` stands twice in the explore `a`
    LK210 the view `a` has no field `nothing`
    LK216 there is no set `none` here
    "#);
}

#[test]
fn measures_know_how_they_are_computed() {
    let model = model(
        "view: a {
           measure: a { type: percentile percentile: 75 sql: 1 ;; }
           measure: b { type: median_distinct sql_distinct_key: ${TABLE}.k ;; sql: 1 ;; }
           measure: c { type: date_week sql: MAX(1) ;; }
           measure: d { type: running_total sql: ${a} ;; direction: \"row\" }
           measure: e { type: period_over_period }
         }",
    );
    let functions: Vec<_> = model.views["a"]
        .fields
        .values()
        .map(|field| match &field.kind {
            FieldKind::Measure(measure) => match &measure.function {
                MeasureFunction::Unsupported(name) => format!("no {name}"),
                function => format!("{function:?}"),
            },
            _ => String::new(),
        })
        .collect();
    assert_snapshot!(functions.join("\n"), @r#"
    Aggregate(Percentile(75.0))
    Distinct { aggregate: Percentile(50.0), key: Some("${TABLE}.k") }
    Expression(Time(Week))
    PostQuery { function: RunningTotal, direction: Some(Row) }
    no period_over_period
    "#);
}
