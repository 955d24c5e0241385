//! Dashboards against the model.

use super::{Case, checked, table};

const MODEL: &str = "--- m.model.lkml
include: \"d.dashboard\"
view: v { dimension: x {} dimension: y {} measure: n { type: count } dimension_group: t { timeframes: [date] } }
explore: v { fields: [ALL_FIELDS*, -y] }
--- d.dashboard.lookml
";

#[test]
fn elements_and_filters() {
    let text = format!("{MODEL}- dashboard: d
  filters:
  - {{name: f, type: field_filter, explore: v, field: v.z}}
  elements:
  - {{name: a, explore: v, fields: [v.x, v.y, w.x, v.t, share, other], sorts: [v.n desc 0, v.m], filters: {{v.q: '1'}}, listen: {{f: v.r}}, dynamic_fields: [{{table_calculation: share, expression: '1'}}]}}
  - {{name: b, model: n, explore: v, fields: [v.x]}}
  - {{name: c, model: m, explore: u, fields: [v.x]}}
");
    insta::assert_snapshot!(checked(&text), @r#"
    error LK424 d.dashboard.lookml:3:54 v.z [v] `v.z`: the explore `v` has no field `v.z`; did you mean `v.n`?
    error LK424 d.dashboard.lookml:5:41 v.y [v] `v.y`: the explore `v` leaves the field `v.y` out; did you mean `v.n`?
    error LK424 d.dashboard.lookml:5:46 w.x [v] `w.x`: the explore `v` has no view `w`; did you mean `v.x`?
    error LK424 d.dashboard.lookml:5:51 v.t [v] `v.t`: `v.t` is a dimension group, not one of its fields; did you mean `v.n`?
    error LK424 d.dashboard.lookml:5:63 other [v] `other`: there is no calculation `other`; -
    error LK424 d.dashboard.lookml:5:91 v.m [v] `v.m`: the explore `v` has no field `v.m`; did you mean `v.n`?
    error LK424 d.dashboard.lookml:5:107 v.q [v] `v.q`: the explore `v` has no field `v.q`; did you mean `v.n`?
    error LK424 d.dashboard.lookml:5:130 v.r [v] `v.r`: the explore `v` has no field `v.r`; did you mean `v.n`?
    error LK424 d.dashboard.lookml:6:22 - [] `n`: there is no model `n`; -
    error LK424 d.dashboard.lookml:7:34 - [] `u`: the model `m` has no explore `u`; -
    "#);
}

#[test]
fn dashboards() {
    insta::assert_snapshot!(table(&[
        Case {
            code: "LK424",
            has: "--- m.model.lkml\ninclude: \"d.dashboard\"\nview: v { dimension: x {} } explore: v {}\n--- d.dashboard.lookml\n- dashboard: d\n  elements:\n  - {name: a, explore: v, fields: [v.xx]}\n",
            has_not: "--- m.model.lkml\ninclude: \"d.dashboard\"\nview: v { dimension: x { alias: [xx] } } explore: v {}\n--- d.dashboard.lookml\n- dashboard: d\n  elements:\n  - {name: a, explore: v, fields: [v.xx], sorts: [v.x desc]}\n  - {type: text, body_text: b}\n- dashboard: e\n  extension: required\n  elements:\n  - {name: a, explore: w, fields: [w.x]}\n",
        },
        Case {
            code: "LK425",
            has: "--- m.model.lkml\ninclude: \"*.dashboard\"\n--- a.dashboard.lookml\n- dashboard: d\n--- b.dashboard.lookml\n- dashboard: d\n",
            has_not: "--- m.model.lkml\ninclude: \"a.dashboard\"\n--- n.model.lkml\ninclude: \"b.dashboard\"\n--- a.dashboard.lookml\n- dashboard: d\n--- b.dashboard.lookml\n- dashboard: d\n",
        },
        Case {
            code: "LK426",
            has: "--- m.model.lkml\ninclude: \"d.dashboard\"\nview: v { dimension: x {} } explore: v {}\n--- d.dashboard.lookml\n- dashboard: d\n  filters:\n  - {name: Period}\n  elements:\n  - {name: a, explore: v, fields: [v.x], listen: {Periods: v.x}}\n",
            has_not: "--- m.model.lkml\ninclude: \"d.dashboard\"\nview: v { dimension: x {} } explore: v {}\n--- d.dashboard.lookml\n- dashboard: d\n  filters:\n  - {name: Period}\n  elements:\n  - {name: a, explore: v, fields: [v.x], listen: {Period: v.x}}\n",
        },
    ]), @r#"
    error LK424 d.dashboard.lookml:3:36 v.xx [v] `v.xx`: the explore `v` has no field `v.xx`; did you mean `v.x`?
    error LK425 b.dashboard.lookml:1:14 - [] `d`: a second dashboard `d`; the first is in `a.dashboard.lookml`; give this one another name
    error LK426 d.dashboard.lookml:5:51 - [] `Periods`: dashboard `d` has no filter `Periods`; did you mean `Period`?
    "#);
}
