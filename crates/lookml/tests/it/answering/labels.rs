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

#[test]
fn a_calculation_has_the_formats_of_the_model() {
    let model = "named_value_format: watts { value_format: \"0.0\\\" W\\\"\" }
        view: t { dimension: n { type: number value_format: \"[>=1\" } }
        explore: t {}";
    let rides = lookml::testing::Fixture::new(model).with_table("t", "n", "(1000)");
    let shown = |format: serde_json::Value| {
        let mut calculation = json!({"table_calculation": "a", "expression": "${t.n}"});
        calculation
            .as_object_mut()
            .unwrap()
            .extend(format.as_object().unwrap().clone());
        let query = json!({"model": "test", "view": "t", "fields": ["t.n"],
            "dynamic_fields": json!([calculation]).to_string()});
        let answer = rides
            .answer(&serde_json::from_value(query).unwrap())
            .unwrap();
        let codes = answer.notices.iter().map(|notice| notice.rule.code);
        (
            answer.text_table().rows[0][1].clone(),
            codes.collect::<Vec<_>>(),
        )
    };
    // The format of the dimension can't be read, which is said each time.
    assert_eq!(
        shown(json!({"value_format_name": "watts"})),
        ("1000.0 W".to_owned(), vec!["LK022"])
    );
    assert_eq!(
        shown(json!({"value_format_name": "usd"})),
        ("$1,000.00".to_owned(), vec!["LK022"])
    );
    assert_eq!(
        shown(json!({"value_format_name": "nope"})),
        ("1,000".to_owned(), vec!["LK022", "LK217"])
    );
    assert_eq!(
        shown(json!({"value_format": "0;0;0;0;0"})),
        ("1,000".to_owned(), vec!["LK022", "LK022"])
    );
}
