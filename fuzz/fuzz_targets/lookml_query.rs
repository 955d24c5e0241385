//! The JSON of a query of a model that has something of everything.

#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use lookml::{Dialect, Model, Project, Query, Settings, compile};

const MODEL: &str = r##"
label: "Shop"
view: orders {
  dimension: id { primary_key: yes type: number }
  dimension: user_id { type: number }
  dimension: status { order_by_field: rank }
  dimension: rank { type: number }
  dimension: amount { type: number value_format: "#,##0.00" }
  dimension: is_paid { type: yesno sql: ${amount} > 0 ;; }
  dimension: size { type: tier tiers: [10, 20.5] style: interval sql: ${amount} ;; }
  dimension: kind { case: { when: { sql: ${amount} > 5 ;; label: "big" } else: "small" } }
  dimension_group: created { type: time timeframes: [raw, time, date, week, month, quarter, year, hour_of_day] }
  dimension_group: waiting { type: duration intervals: [day, hour] sql_start: ${created_raw} ;; sql_end: ${TABLE}.sent ;; }
  parameter: unit { type: unquoted allowed_value: { value: "eur" } allowed_value: { value: "usd" } default_value: "eur" }
  filter: period { type: date sql: {% condition period %} ${created_raw} {% endcondition %} ;; }
  measure: count { type: count drill_fields: [id, status] }
  measure: paid { type: count filters: [is_paid: "yes"] }
  measure: total { type: sum sql: ${amount}{% if unit._parameter_value == 'usd' %} * 1.1{% endif %} ;; }
  measure: middle { type: median sql: ${amount} ;; }
  measure: mean { type: number sql: ${total} / NULLIF(${count}, 0) ;; }
  measure: share { type: percent_of_total sql: ${total} ;; }
  measure: statuses { type: list list_field: status }
}
view: items {
  derived_table: { sql: SELECT * FROM things WHERE {% condition orders.period %} day {% endcondition %} ;; }
  dimension: order_id { type: number }
  dimension: price { type: number }
  measure: count { type: count }
  measure: total { type: sum sql: ${price} ;; }
}
explore: orders {
  conditionally_filter: { filters: [orders.created_date: "30 days"] unless: [orders.id] }
  join: items { relationship: one_to_many sql_on: ${orders.id} = ${items.order_id} ;; }
}
"##;

fn model() -> &'static Model {
    static MODEL_READ: OnceLock<Model> = OnceLock::new();
    MODEL_READ.get_or_init(|| {
        let files = [("shop.model.lkml".to_owned(), MODEL.to_owned())];
        let (model, _) = Model::load(&Project::new(files), "shop");
        model.expect("a model")
    })
}

fuzz_target!(|text: &str| {
    let Ok(query) = serde_json::from_str::<Query>(text) else {
        return;
    };
    let written = serde_json::to_string(&query).expect("a query is JSON");
    let again: Query = serde_json::from_str(&written).expect("what was written is read");
    assert_eq!(again, query);
    for dialect in [Dialect::DuckDb, Dialect::BigQuery] {
        let settings = Settings::new(dialect, jiff::Timestamp::UNIX_EPOCH);
        if let Ok(compiled) = compile(model(), &query, &settings) {
            let none = compiled.statements.iter().map(|_| Vec::new()).collect();
            let answer = compiled.answer(none).expect("no rows fit every query");
            let _ = answer.json_detail();
            let _ = answer.text_table();
        }
    }
});
