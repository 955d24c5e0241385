//! What Liquid is told in the SQL of a query.

use jiff::civil::DateTime;

use super::asked;
use super::scope::FieldRef;
use super::sql::{At, Writer};
use crate::calendar::DateRange;
use crate::diagnostic::{Rule, rules};
use crate::dialect::Dialect;
use crate::filter::{Filter, FilterType, Terms};
use crate::liquid::{self, Problem, Value};
use crate::model::{FieldKind, Parameter, ParameterType};

/// Stands between `$` and `{` in what a person gave, so that it is no reference.
pub(super) const GUARD: char = '\0';

/// In the place of a column, since no literal contains it.
const COLUMN: &str = "\0column";

/// One text of a view in one statement.
pub(super) struct Template<'w, 'a> {
    pub(super) writer: &'w Writer<'a>,
    pub(super) at: At<'a>,
}

impl<'a> Template<'_, 'a> {
    fn field(&self, name: &str) -> Option<FieldRef<'a>> {
        self.writer.scope.meant_by_template(self.at.alias, name)
    }

    /// The name in the explore of a view that the text mentions.
    fn alias<'n>(&'n self, view: &'n str) -> Option<&'n str> {
        let scope = &self.writer.scope;
        let (own, meant) = scope.template_view(self.at.alias)?;
        let own = (meant.name == view).then_some(own);
        scope.view(view).map(|(alias, _)| alias).or(own)
    }

    fn known(&self, name: &str) -> Result<FieldRef<'a>, Problem> {
        self.field(name).ok_or_else(|| {
            let message = format!("there is no field `{name}` for this template");
            problem(rules::UNKNOWN_REFERENCE, message)
        })
    }

    /// The filters that hold on a field: the query's, or what a filter field says of itself.
    fn filters(&self, field: &FieldRef<'a>) -> Result<Vec<Filter>, Problem> {
        let asked = self.writer.asked;
        let filters = asked.filters_on(field);
        let filters: Vec<_> = filters.map(|applied| applied.filter.clone()).collect();
        if !filters.is_empty() {
            return Ok(filters);
        }
        let Some(expression) = asked.standing(field) else {
            return Ok(Vec::new());
        };
        let filter_type = asked::filter_type(field).map_err(from_query)?;
        let scope = &self.writer.scope;
        let filter = asked::parse(scope, &field.name(), expression, filter_type);
        let filter = Some(filter.map_err(from_query)?).filter(|filter| !filter.is_any());
        Ok(filter.into_iter().collect())
    }

    /// The value of a parameter as SQL. None: it has none.
    fn parameter_value(&self, field: &FieldRef<'a>) -> Result<Option<String>, Problem> {
        let FieldKind::Parameter(parameter) = &field.field.kind else {
            let message = format!("`{}` is no parameter", field.name());
            return Err(problem(rules::UNKNOWN_REFERENCE, message));
        };
        let name = field.name();
        let given = self.writer.asked.parameters.get(&name);
        let Some(value) = given.or(parameter.default_value.as_ref()) else {
            return Ok(None);
        };
        let is_given = given.is_some();
        parameter_sql(&name, parameter, value, is_given, self.writer).map(Some)
    }

    fn member(&self, field: &FieldRef<'a>, member: &str) -> Result<Option<Value>, Problem> {
        let asked = self.writer.asked;
        let value = match member {
            "_in_query" => Value::Boolean(asked.is_in_query(field)),
            "_is_selected" => Value::Boolean(asked.is_selected(field)),
            "_is_filtered" => Value::Boolean(asked.is_filtered(field)),
            "_parameter_value" => match self.parameter_value(field)? {
                Some(value) => self.typed(field, value),
                None => Value::Nil,
            },
            "_name" => Value::String(field.name()),
            "_sql" => {
                let sql = self.writer.raw(field).map_err(from_query)?;
                Value::String(sql.text.clone())
            }
            _ => return Ok(None),
        };
        Ok(Some(value))
    }

    /// Numbers are compared as numbers.
    fn typed(&self, field: &FieldRef<'a>, value: String) -> Value {
        match (is_number(field), value.parse::<i64>(), value.parse::<f64>()) {
            (true, Ok(number), _) => Value::Integer(number),
            (true, _, Ok(number)) => Value::Float(number),
            _ => match value.as_str() {
                "TRUE" => Value::Boolean(true),
                "FALSE" => Value::Boolean(false),
                _ => Value::String(value),
            },
        }
    }

    fn special(&self, path: &[&str]) -> Option<Value> {
        let scope = &self.writer.scope;
        let text = match path {
            ["_dialect", "_name"] => scope.settings.dialect.name().to_owned(),
            ["_model", "_name"] => scope.model.name.clone(),
            ["_explore", "_name"] => scope.explore.name.clone(),
            ["_view", "_name"] => self.at.alias.to_owned(),
            ["_field", "_name"] => self.at.field?.name(),
            ["_query", "_query_timezone"] => {
                let zone = &scope.calendar.query_timezone;
                zone.iana_name().unwrap_or("UTC").to_owned()
            }
            ["_localization", key] => guarded(scope.model.strings.get(*key)?.clone()),
            ["_user_attributes", name] => {
                let attribute = scope.settings.user_attributes.get(*name)?;
                guarded(attribute.text().to_owned())
            }
            ["_filters", name] => {
                let field = scope.meant_by_template(self.at.alias, name)?;
                let asked = self.writer.asked;
                let given = asked.filters_on(&field).next();
                let given = given.map(|applied| applied.expression.as_str());
                guarded(given.or(asked.standing(&field))?.to_owned())
            }
            _ => return None,
        };
        Some(Value::String(text))
    }

    fn bound(&self, name: &str, is_start: bool) -> Result<String, Problem> {
        let field = self.known(name)?;
        let context = self.writer.filter_context(&field);
        let mut range = DateRange::default();
        for filter in self.filters(&field)? {
            if let Terms::Date(dates) = &filter.terms {
                range = range.intersection(dates.hull(context.calendar));
            }
        }
        let (start, end) = context.bounds(range);
        let bound = if is_start { start } else { end };
        Ok(bound.unwrap_or_else(|| "NULL".to_owned()))
    }
}

impl liquid::Context for Template<'_, '_> {
    fn value(&self, path: &[&str]) -> Option<Value> {
        if path.first().is_some_and(|first| first.starts_with('_')) {
            return self.special(path);
        }
        match path {
            [view, "_in_query"] if self.alias(view).is_some() => {
                let alias = self.alias(view)?;
                Some(Value::Boolean(self.writer.asked.is_view_in_query(alias)))
            }
            [field, member] if member.starts_with('_') => {
                let field = self.field(field)?;
                self.member(&field, member)
                    .unwrap_or_else(|problem| self.writer.failed(problem))
            }
            [view, field, member] => {
                let field = self.field(&format!("{view}.{field}"))?;
                self.member(&field, member)
                    .unwrap_or_else(|problem| self.writer.failed(problem))
            }
            _ => None,
        }
    }

    fn condition(&self, field: Option<&str>, expression: &str) -> Result<String, Problem> {
        let field = match field {
            Some(name) => self.known(name)?,
            None => self.at.field.ok_or_else(|| {
                let message = "a condition needs the name of a field here";
                problem(rules::FAILED_LIQUID, message.to_owned())
            })?,
        };
        let filters = self.filters(&field)?;
        if filters.is_empty() {
            return Ok("1=1".to_owned());
        }
        let is_reference = expression.starts_with("${")
            && expression.find('}') == Some(expression.len().saturating_sub(1));
        let column = match is_reference || super::sql::is_path(expression) {
            true => expression.to_owned(),
            false => format!("({expression})"),
        };
        let context = self.writer.filter_context(&field);
        let conditions = filters.iter().map(|filter| {
            // What the person gave stands in the literals, what the model says in the column.
            let sql = guarded(filter.to_sql(COLUMN, &context)).replace(COLUMN, &column);
            format!("({sql})")
        });
        let conditions: Vec<_> = conditions.collect();
        Ok(match conditions.as_slice() {
            [condition] => condition.clone(),
            conditions => format!("({})", conditions.join(" AND ")),
        })
    }

    fn date_start(&self, field: &str) -> Result<String, Problem> {
        self.bound(field, true)
    }

    fn date_end(&self, field: &str) -> Result<String, Problem> {
        self.bound(field, false)
    }

    fn parameter(&self, parameter: &str) -> Result<String, Problem> {
        let field = self.known(parameter)?;
        Ok(match self.parameter_value(&field)? {
            // Behind a minus the sign would begin a comment.
            Some(value) if is_number(&field) && value.starts_with(['-', '+']) => {
                format!("({value})")
            }
            Some(value) => value,
            None => "NULL".to_owned(),
        })
    }

    fn is_sql(&self) -> bool {
        true
    }

    fn dialect(&self) -> Dialect {
        self.writer.scope.settings.dialect
    }

    fn now(&self) -> DateTime {
        self.writer.scope.calendar.local_now()
    }
}

fn is_number(field: &FieldRef<'_>) -> bool {
    matches!(&field.field.kind, FieldKind::Parameter(parameter)
        if parameter.parameter_type == ParameterType::Number)
}

fn problem(rule: Rule, message: String) -> Problem {
    Problem::new(rule, message)
}

pub(super) fn from_query(error: super::QueryError) -> Problem {
    Problem::new(error.rule, error.message)
}

fn guarded(text: String) -> String {
    match text.contains("${") {
        true => text.replace("${", &format!("${GUARD}{{")),
        false => text,
    }
}

/// A parameter's value as SQL. One that the query gave has to be one of those that are allowed.
fn parameter_sql(
    name: &str,
    parameter: &Parameter,
    value: &str,
    is_given: bool,
    writer: &Writer<'_>,
) -> Result<String, Problem> {
    let refused = |why: String| Err(problem(rules::ILLEGAL_PARAMETER_VALUE, why));
    let mut allowed = parameter.allowed_values.iter();
    let is_listed = allowed.any(|allowed| allowed.value == value);
    if is_given && !parameter.allowed_values.is_empty() && !is_listed {
        let values: Vec<_> = parameter
            .allowed_values
            .iter()
            .map(|allowed| allowed.value.as_str())
            .collect();
        return refused(format!(
            "`{value}` is no value of the parameter `{name}`: it has {}",
            values.join(", ")
        ));
    }
    let dialect = writer.scope.settings.dialect;
    match parameter.parameter_type {
        ParameterType::Text => Ok(guarded(dialect.string(value))),
        // What the model lists is the model's own text.
        ParameterType::Unquoted if is_listed => Ok(value.to_owned()),
        ParameterType::Unquoted => {
            let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '$');
            match !value.is_empty() && value.chars().all(is_plain) {
                true => Ok(value.to_owned()),
                false => refused(format!(
                    "`{value}` has more than letters, digits, `_`, `.` and `$`, which is all that `{name}` takes"
                )),
            }
        }
        ParameterType::Number => {
            let number = value.trim();
            let is_number = number.parse::<f64>().is_ok_and(f64::is_finite)
                && number
                    .bytes()
                    .all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
            match is_number {
                true => Ok(number.to_owned()),
                false => refused(format!("`{value}` is no number, as `{name}` needs one")),
            }
        }
        ParameterType::YesNo => match value.to_ascii_lowercase().as_str() {
            "yes" | "true" | "1" => Ok("TRUE".to_owned()),
            "no" | "false" | "0" => Ok("FALSE".to_owned()),
            _ => refused(format!(
                "`{value}` is neither yes nor no, as `{name}` needs it"
            )),
        },
        ParameterType::Date | ParameterType::DateTime => date_sql(name, parameter, value, writer),
    }
}

/// The beginning of what a date or a time says.
fn date_sql(
    name: &str,
    parameter: &Parameter,
    value: &str,
    writer: &Writer<'_>,
) -> Result<String, Problem> {
    let refused = || {
        let message = format!("`{value}` is no date, as `{name}` needs one");
        problem(rules::ILLEGAL_PARAMETER_VALUE, message)
    };
    let filter = crate::filter::parse(value, FilterType::Date).map_err(|_| refused())?;
    let Terms::Date(dates) = &filter.terms else {
        return Err(refused());
    };
    let hull = dates.hull(writer.scope.calendar);
    let start = hull.start.ok_or_else(refused)?;
    let is_date = parameter.parameter_type == ParameterType::Date;
    Ok(match (is_date, writer.scope.settings.dialect) {
        (true, _) => format!("DATE '{}'", start.date()),
        (false, Dialect::DuckDb) => start.strftime("TIMESTAMP '%Y-%m-%d %H:%M:%S'").to_string(),
        (false, Dialect::BigQuery) => start.strftime("TIMESTAMP('%Y-%m-%d %H:%M:%S')").to_string(),
    })
}
