//! Expressions as SQL with LookML's references and Liquid.

use crate::model::expression::{Aggregate, Expr, Function, Op, Test};
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
        Expr::If(test, then, other) => format!(
            "{{% if {} %}} {} {{% else %}} {} {{% endif %}}",
            test_text(test),
            inner(then),
            inner(other)
        ),
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
    }
}
