//! Table calculations over a small table.
#![no_main]

use jiff::civil::date;
use lookml::expression::{
    Calculation, Column, Context, Expression, Table, Value, calculate, parse_dynamic_fields,
};

libfuzzer_sys::fuzz_target!(|data: &str| {
    let _ = parse_dynamic_fields(data);
    let expression = match Expression::parse(data) {
        Ok(expression) => expression,
        Err(diagnostic) => {
            assert!(data.get(diagnostic.span.range()).is_some());
            return;
        }
    };
    let mut table = Table::new(3, 0).with_totals();
    let numbers = [1.5, 0.0, -7.0].map(Value::Number).to_vec();
    table.insert(
        "t.n",
        Column::plain_with_total(numbers, Value::Number(-5.5)),
    );
    let texts = ["a", "", "é,b"].map(|text| Value::Text(text.to_owned()));
    table.insert("t.s", Column::plain(texts.to_vec()));
    let days = [Value::Date(date(2026, 1, 31)), Value::Null];
    table.insert("t.d", Column::plain(days.to_vec()));
    let context = Context {
        now: date(2026, 11, 18).at(14, 25, 36, 0),
        matches_filter: &|_, _| Ok(true),
    };
    let name = "c".to_owned();
    let _ = calculate(&[Calculation { name, expression }], &table, &context);
});
