//! Expressions as SQL with LookML's references and Liquid.

use crate::model::expression::{Aggregate, Expr, Function, Named, Op, Test, TextFilter};
use crate::value::Value;

/// `table` stands before columns: `${TABLE}` in fields, nothing in a derived table.
pub(crate) fn sql(expr: &Expr, table: &str) -> String {
    let inner = |expr: &Expr| sql(expr, table);
    match expr {
        Expr::Column(name) => format!("{table}{name}"),
        Expr::Bare(name) => name.clone(),
        Expr::Field(field) => format!("${{{}}}", field.written()),
        Expr::Number(number) => number.to_string(),
        Expr::Text(text) => Value::text(text).sql(),
        Expr::Null => "NULL".to_owned(),
        Expr::Binary(Op::Divide, left, right) => {
            format!("({} / NULLIF({}, 0))", inner(left), inner(right))
        }
        Expr::Binary(op, left, right) => {
            format!("({} {} {})", inner(left), op.sign(), inner(right))
        }
        Expr::Not(of) => format!("(NOT {})", inner(of)),
        Expr::IsNull(of) => format!("({} IS NULL)", inner(of)),
        Expr::Call(function, arguments) => {
            let arguments: Vec<String> = arguments.iter().map(inner).collect();
            format!("{}({})", function_name(*function), arguments.join(", "))
        }
        Expr::Case(arms, other) => {
            let arm =
                |(when, then): &(Expr, Expr)| format!("WHEN {} THEN {}", inner(when), inner(then));
            let arms: Vec<String> = arms.iter().map(arm).collect();
            format!("CASE {} ELSE {} END", arms.join(" "), inner(other))
        }
        Expr::Aggregate(aggregate, of) => match aggregate {
            Aggregate::CountDistinct => format!("COUNT(DISTINCT {})", inner(of)),
            other => format!("{}({})", aggregate_name(*other), inner(of)),
        },
        Expr::ParameterColumn(field) => format!("{table}{{% parameter {} %}}", field.written()),
        Expr::Parameter(field) => format!("{{% parameter {} %}}", field.written()),
        Expr::Condition(field, of) => {
            format!(
                "{{% condition {} %}} {} {{% endcondition %}}",
                field.written(),
                inner(of)
            )
        }
        Expr::DateStart(field) => format!("{{% date_start {} %}}", field.written()),
        Expr::DateEnd(field) => format!("{{% date_end {} %}}", field.written()),
        Expr::If(Test::Not(test), then, other) => format!(
            "{{% unless {} %}} {} {{% else %}} {} {{%- endunless -%}}",
            test_text(test),
            inner(then),
            inner(other)
        ),
        Expr::If(test, then, other) => if_text("if", test, then, other, table),
        Expr::Switch(field, arms, other) => {
            let arm = |(values, then): &(Vec<&str>, Expr)| {
                let values: Vec<String> = values.iter().map(|value| format!("'{value}'")).collect();
                format!("{{% when {} %}} {} ", values.join(", "), inner(then))
            };
            let arms: String = arms.iter().map(arm).collect();
            format!(
                "{{% case {}._parameter_value %}}{arms}{{% else %}} {} {{% endcase %}}",
                field.written(),
                inner(other)
            )
        }
        Expr::Repeated(times, of) => format!(
            "({{% assign times = {times} %}}{{% for i in (1..times) %}}{{% unless forloop.first %}} + {{% endunless %}}{}{{% endfor %}})",
            inner(of)
        ),
        Expr::In(of, values) => format!(
            "({} IN ({{% assign words = '{}' | split: '|' %}}{{% for word in words %}}{{{{ word | sql_quote }}}}{{% unless forloop.last %}}, {{% endunless %}}{{% endfor %}}))",
            inner(of),
            values.join("|")
        ),
        Expr::Attribute(name, filters) => {
            let filters: String = filters.iter().map(text_filter).collect();
            format!("{{{{ _user_attributes['{name}']{filters} | sql_quote }}}}")
        }
        Expr::Reckoned(field, steps) => {
            let step = |(op, by): &(Op, i64)| {
                let name = match op {
                    Op::Add => "plus",
                    Op::Subtract => "minus",
                    _ => "times",
                };
                format!(" | {name}: {by}")
            };
            let steps: String = steps.iter().map(step).collect();
            format!("({{{{ {}._parameter_value{steps} }}}})", field.written())
        }
        Expr::Name(named) => {
            let path = match named {
                Named::Model => "_model._name",
                Named::Explore => "_explore._name",
                Named::Dialect => "_dialect._name",
                Named::Timezone => "_query._query_timezone",
            };
            format!("'{{{{ {path} }}}}'")
        }
    }
}

/// An `if`, or an `elsif` and what follows it.
fn if_text(word: &str, test: &Test, then: &Expr, other: &Expr, table: &str) -> String {
    let rest = match other {
        Expr::If(test, then, other) if !matches!(test, Test::Not(_)) => {
            if_text("elsif", test, then, other, table)
        }
        other => format!("{{% else %}} {} {{% endif %}}", sql(other, table)),
    };
    format!(
        "{{% {word} {} %}} {} {rest}",
        test_text(test),
        sql(then, table)
    )
}

fn text_filter(filter: &TextFilter) -> String {
    match filter {
        TextFilter::Upcase => " | upcase".to_owned(),
        TextFilter::Downcase => " | downcase".to_owned(),
        TextFilter::Append(text) => format!(" | append: \"{text}\""),
        TextFilter::Replace(from, to) => format!(" | replace: '{from}', '{to}'"),
    }
}

fn function_name(function: Function) -> &'static str {
    match function {
        Function::Upper => "UPPER",
        Function::Lower => "LOWER",
        Function::Length => "LENGTH",
        Function::Coalesce => "COALESCE",
        Function::Abs => "ABS",
    }
}

fn aggregate_name(aggregate: Aggregate) -> &'static str {
    match aggregate {
        Aggregate::Sum => "SUM",
        Aggregate::Max => "MAX",
        Aggregate::Min => "MIN",
        Aggregate::Count | Aggregate::CountDistinct => "COUNT",
    }
}

fn test_text(test: &Test) -> String {
    match test {
        Test::ParameterIs(field, value) => {
            format!("{}._parameter_value == '{value}'", field.written())
        }
        Test::InQuery(field) => format!("{field}._in_query"),
        Test::IsSelected(field) => format!("{field}._is_selected"),
        Test::IsFiltered(field) => format!("{field}._is_filtered"),
        Test::ViewInQuery(alias) => format!("{alias}._in_query"),
        Test::TextIs(field, value) => {
            format!("{}._parameter_value == \"'{value}'\"", field.written())
        }
        Test::IsMoreThan(field, number) => {
            format!("{}._parameter_value > {number}", field.written())
        }
        Test::AttributeIs(name, value) => format!("_user_attributes['{name}'] == '{value}'"),
        Test::FilterHas(field, text) => format!("_filters['{field}'] contains '{text}'"),
        Test::Not(_) => panic!("Liquid has no word for it but `unless`"),
        // What stands behind is one whole.
        Test::And(one, other) => format!("{} and {}", test_text(one), test_text(other)),
        Test::Or(one, other) => format!("{} or {}", test_text(one), test_text(other)),
    }
}
