//! What columns are called, and how their values look.

use serde_json::json;

use super::rides;

/// What stands over the columns.
fn head(fields: &str, url: &str) -> Vec<String> {
    rides(fields).ask(url).unwrap().text_table().head
}

const PARAMETER: &str = "
    parameter: p { type: unquoted default_value: \"d\"
      allowed_value: { label: \"By Dee\" value: \"d\" }
      allowed_value: { label: \"By Num\" value: \"n\" } }";

#[test]
fn a_label_is_a_template_of_the_query() {
    let fields = format!(
        "{PARAMETER}
         dimension: l {{ label: \"{{% if t.p._parameter_value == 'd' %}}Dee{{% else %}}Other{{% endif %}}\"
           description: \"{{{{ _explore._name }}}}\" sql: 1 ;; }}
         measure: m {{ type: count label: \"{{{{ _model._name }}}} rows\" view_label: \"{{{{ _view._name }}}}s\" }}
         dimension: broken {{ label: \"{{% if %}}\" sql: 1 ;; }}"
    );
    let url = "fields=t.l,t.m";
    assert_eq!(head(&fields, url), ["Dee", "test rows"]);
    assert_eq!(
        head(&fields, &format!("{url}&f[t.p]=n")),
        ["Other", "test rows"]
    );
    assert_eq!(head(&fields, "fields=t.broken"), ["{% if %}"]);
    let detail = rides(&fields).ask(url).unwrap().json_detail();
    let described = &detail["fields"]["dimensions"][0];
    assert_eq!(
        (
            &described["label"],
            &described["label_short"],
            &described["description"]
        ),
        (&json!("T Dee"), &json!("Dee"), &json!("t"))
    );
    assert_eq!(
        detail["fields"]["measures"][0]["label"],
        json!("ts test rows")
    );
}

#[test]
fn a_label_is_that_of_a_parameters_value() {
    let fields = format!("{PARAMETER} dimension: dyn {{ label_from_parameter: p sql: 1 ;; }}");
    assert_eq!(head(&fields, "fields=t.dyn"), ["By Dee"]);
    assert_eq!(head(&fields, "fields=t.dyn&f[t.p]=n"), ["By Num"]);
    let free =
        "parameter: p { type: unquoted } dimension: dyn { label_from_parameter: p sql: 1 ;; }";
    assert_eq!(head(free, "fields=t.dyn"), ["Dyn"]);
    assert_eq!(head(free, "fields=t.dyn&f[t.p]=abc"), ["abc"]);
}
