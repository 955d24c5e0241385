//! The SQL of fields: templates rendered, references replaced.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use super::asked::Asked;
use super::error::{QueryError, Result};
use super::fold::Folding;
use super::joins::Nullable;
use super::labels;
use super::scope::{FieldRef, Scope};
use super::tables::{self, Tables};
use super::template::{GUARD, Template};
use super::time::{self, Column, Moment};
use super::zone::Zones;
use crate::diagnostic::{Rule, rules};
use crate::dialect::Dialect;
use crate::filter::Datatype;
use crate::liquid;
use crate::model::{Dimension, FieldKind, Shape};
use crate::timeframe::Timeframe;

/// How deep references may go.
pub(crate) const DEEPEST: usize = 64;

/// A piece of SQL.
#[derive(Debug, Clone, Default)]
pub(super) struct Sql<'a> {
    pub(super) text: String,
    /// Whether it needs no parentheses as an operand.
    pub(super) is_atom: bool,
    /// The views it needs.
    pub(super) views: BTreeSet<&'a str>,
}

/// Where a text of the model stands.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    pub(super) alias: &'a str,
    pub(super) field: Option<FieldRef<'a>>,
    pub(super) level: Level,
}

/// Whether an expression is over rows or over groups of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    Row,
    Group,
    /// A table: it has no fields to refer to.
    Table,
}

/// Writes the SQL of one statement.
pub(super) struct Writer<'a> {
    pub(super) scope: Scope<'a>,
    pub(super) asked: &'a Asked<'a>,
    /// Views whose rows the joins repeat.
    pub(super) fanned: BTreeSet<&'a str>,
    /// Views whose rows may be missing where others are there.
    pub(super) nullable: Nullable<'a>,
    pub(super) zones: &'a Zones,
    pub(super) tables: &'a Tables,
    /// Views whose rows are put together before they are joined.
    pub(super) folding: Option<Folding<'a>>,
    /// SQL of dimensions and measures that was written already, by their addresses in the model.
    done: RefCell<HashMap<(&'a str, &'a str), Rc<Sql<'a>>>>,
    /// Fields that are being written.
    open: RefCell<Vec<FieldRef<'a>>>,
    /// What went wrong in a template that asked for a value.
    failure: RefCell<Option<liquid::Problem>>,
}

impl<'a> Sql<'a> {
    pub(super) fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            is_atom: is_path(&text),
            text,
            views: BTreeSet::new(),
        }
    }

    /// In parentheses where it needs them.
    pub(super) fn operand(&self) -> String {
        match self.is_atom {
            true => self.text.clone(),
            false => format!("({})", self.text),
        }
    }

    /// The same with another text, which needs what this one needs.
    pub(super) fn with(&self, text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            is_atom: is_path(&text),
            text,
            views: self.views.clone(),
        }
    }
}

/// Whether a text is a column or a number, which binds closer than any operator.
pub(super) fn is_path(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '"' | '`');
    !text.is_empty() && text.chars().all(is_part)
}

impl<'a> Writer<'a> {
    pub(super) fn new(
        scope: Scope<'a>,
        asked: &'a Asked<'a>,
        zones: &'a Zones,
        tables: &'a Tables,
    ) -> Self {
        Self {
            scope,
            asked,
            fanned: BTreeSet::new(),
            nullable: Nullable::new(),
            zones,
            tables,
            folding: None,
            done: RefCell::default(),
            open: RefCell::default(),
            failure: RefCell::default(),
        }
    }

    pub(super) fn dialect(&self) -> Dialect {
        self.scope.settings.dialect
    }

    /// Notes what went wrong where a template can't say it.
    pub(super) fn failed(&self, problem: liquid::Problem) -> Option<liquid::Value> {
        self.failure.borrow_mut().get_or_insert(problem);
        None
    }

    /// Checks the values of all parameters, whether they are used or not.
    pub(super) fn check_parameters(&self) -> Result<()> {
        for name in self.asked.parameters.keys() {
            let Some(field) = self.scope.find(name) else {
                continue;
            };
            let at = At {
                alias: field.alias,
                field: Some(field),
                level: Level::Row,
            };
            self.render(&format!("{{% parameter {} %}}", field.field.name), at)?;
        }
        Ok(())
    }

    /// A text with its templates rendered.
    pub(super) fn render(&self, text: &str, at: At<'a>) -> Result<String> {
        let error = |rule: Rule, message: String| self.blamed(QueryError::new(rule, message), at);
        let template = liquid::Template::parse(text)
            .map_err(|problem| error(problem.rule, problem.message))?;
        let context = Template { writer: self, at };
        let rendered = template
            .render(&context)
            .map_err(|problem| error(problem.rule, problem.message))?
            .into_owned();
        match self.failure.borrow_mut().take() {
            Some(problem) => Err(error(problem.rule, problem.message)),
            None => Ok(rendered),
        }
    }

    /// A text of the model as SQL.
    pub(super) fn expand(&self, text: &str, at: At<'a>) -> Result<Sql<'a>> {
        let rendered = self.render(text, at)?;
        let mut sql = Sql::default();
        let mut rest = rendered.as_str();
        while let Some((before, after)) = rest.split_once("${") {
            sql.text.push_str(before);
            let Some((reference, behind)) = after.split_once('}') else {
                let message = "`${` without its `}`";
                return Err(self.blamed(QueryError::new(rules::UNKNOWN_REFERENCE, message), at));
            };
            let meant = self.reference(reference.trim(), at);
            let meant = meant.map_err(|error| self.blamed(error, at))?;
            sql.text.push_str(&meant.operand());
            sql.views.extend(&meant.views);
            rest = behind;
        }
        sql.text.push_str(rest);
        let text = sql.text.trim();
        sql.text = match text.contains(GUARD) {
            true => text.replace(GUARD, ""),
            false => text.to_owned(),
        };
        sql.is_atom = is_path(&sql.text);
        Ok(sql)
    }

    /// A condition of the model as SQL. None: its templates leave nothing of it.
    pub(super) fn said(&self, text: &str, at: At<'a>) -> Result<Option<Sql<'a>>> {
        let sql = self.expand(text, at)?;
        Ok(Some(sql).filter(|sql| !sql.text.is_empty()))
    }

    fn blamed(&self, error: QueryError, at: At<'a>) -> QueryError {
        match at.field {
            Some(field) => error.of(&field.name()),
            None => error,
        }
    }

    fn reference(&self, reference: &str, at: At<'a>) -> Result<Rc<Sql<'a>>> {
        if reference == "TABLE" && at.level != Level::Table {
            return Ok(Rc::new(self.table(at.alias)));
        }
        if let Some(view) = reference.strip_suffix(".SQL_TABLE_NAME") {
            let mut sql = Sql::new(self.tables.name_of(self, view.trim())?);
            // Whatever it is, it is one thing.
            sql.is_atom = true;
            return Ok(Rc::new(sql));
        }
        if at.level == Level::Table {
            let message = format!("`${{{reference}}}`: a derived table can use other tables only");
            let error = QueryError::new(rules::UNKNOWN_REFERENCE, message);
            return Err(error.hint("write `${view.SQL_TABLE_NAME}`, and columns by their names"));
        }
        let (name, value) = match reference.split_once("::") {
            Some((name, value)) => (name.trim(), Some(value.trim())),
            None => (reference, None),
        };
        let Some(field) = self.scope.meant(at.alias, name) else {
            return Err(self.unknown(name, at));
        };
        match (&field.field.kind, value) {
            (FieldKind::Dimension(dimension), Some(value)) => {
                self.value(&field, dimension, value).map(Rc::new)
            }
            (FieldKind::Dimension(_), None) => {
                let sql = self.raw(&field)?;
                if let (Some(folding), Level::Group) = (&self.folding, at.level) {
                    folding.look_at_dimension(&sql);
                }
                Ok(sql)
            }
            (FieldKind::Measure(_), None) if at.level == Level::Group => self.measured(&field),
            (FieldKind::Measure(_), None) => {
                let message = format!("`${{{name}}}` is a measure, which is not allowed here");
                Err(QueryError::new(rules::MISPLACED_MEASURE, message))
            }
            _ => {
                let message = format!("`${{{reference}}}` has no value in SQL");
                Err(QueryError::new(rules::UNKNOWN_REFERENCE, message))
            }
        }
    }

    fn unknown(&self, name: &str, at: At<'a>) -> QueryError {
        let (alias, field) = name.split_once('.').unwrap_or((at.alias, name));
        let explore = &self.scope.explore.name;
        let Some((_, view)) = self.scope.view(alias) else {
            let message =
                format!("`${{{name}}}`: `{alias}` is not joined in the explore `{explore}`");
            return QueryError::new(rules::UNKNOWN_REFERENCE, message);
        };
        let group: Vec<_> = view.group(field).map(|field| field.name.as_str()).collect();
        if !group.is_empty() {
            let message = format!("`${{{name}}}` is a group, not one of its fields");
            let error = QueryError::new(rules::BARE_GROUP, message);
            return error.hint(format!("it has {}", group.join(", ")));
        }
        let message = format!("`${{{name}}}`: the view `{alias}` has no field `{field}`");
        let mut error = QueryError::new(rules::UNKNOWN_REFERENCE, message);
        let known = view.fields.keys().map(String::as_str);
        error.hint = crate::suggest::did_you_mean(field, known);
        error
    }

    /// The name that a view's table has in the statement. On DuckDB elements of an array are a column, whose name could be
    /// the array's own.
    pub(super) fn table(&self, alias: &'a str) -> Sql<'a> {
        let element = tables::joined_element(&self.scope, alias);
        Sql {
            text: element.unwrap_or_else(|| self.dialect().table_alias(alias)),
            is_atom: true,
            views: BTreeSet::from([alias]),
        }
    }

    /// A dimension as other SQL sees it: a condition where it is one.
    pub(super) fn raw(&self, field: &FieldRef<'a>) -> Result<Rc<Sql<'a>>> {
        let FieldKind::Dimension(dimension) = &field.field.kind else {
            return self.measured(field);
        };
        self.once(field, || self.dimension(field, dimension))
    }

    /// A measure in full.
    pub(super) fn measured(&self, field: &FieldRef<'a>) -> Result<Rc<Sql<'a>>> {
        self.once(field, || self.measure(field))
    }

    /// Writes a field's SQL unless it is written. One that needs itself is an error.
    fn once(
        &self,
        field: &FieldRef<'a>,
        write: impl FnOnce() -> Result<Sql<'a>>,
    ) -> Result<Rc<Sql<'a>>> {
        let key = (field.alias, field.field.name.as_str());
        if let Some(done) = self.done.borrow().get(&key) {
            return Ok(Rc::clone(done));
        }
        self.enter(field)?;
        let written = write();
        self.open.borrow_mut().pop();
        let written = Rc::new(written.map_err(|error| error.of(&field.name()))?);
        self.done.borrow_mut().insert(key, Rc::clone(&written));
        Ok(written)
    }

    fn enter(&self, field: &FieldRef<'a>) -> Result<()> {
        let mut open = self.open.borrow_mut();
        let start = open.iter().position(|other| other.is_same(field));
        if start.is_some() || open.len() >= DEEPEST {
            let chain = open.iter().skip(start.unwrap_or_default());
            let chain: Vec<_> = chain.chain([field]).map(FieldRef::name).collect();
            let message = match start {
                Some(_) => format!("these fields need each other: {}", chain.join(" → ")),
                None => format!("references go too deep: {}", chain.join(" → ")),
            };
            return Err(QueryError::new(rules::REFERENCE_CYCLE, message).of(&field.name()));
        }
        open.push(*field);
        Ok(())
    }

    fn dimension(&self, field: &FieldRef<'a>, dimension: &'a Dimension) -> Result<Sql<'a>> {
        let at = At {
            alias: field.alias,
            field: Some(*field),
            level: Level::Row,
        };
        match &dimension.shape {
            Shape::Text | Shape::Number | Shape::YesNo => self.column(field),
            Shape::Time(Timeframe::Raw) => self.column(field),
            Shape::Time(frame) => {
                let column = self.column(field)?;
                let shown = self.moment(&column, dimension).shown(*frame);
                Ok(column.with(shown))
            }
            Shape::Duration {
                interval,
                start,
                end,
            } => {
                let start = self.expand(start, at)?;
                let end = self.expand(end, at)?;
                let text =
                    time::duration(self.dialect(), *interval, &start.operand(), &end.operand());
                let mut sql = start.with(text);
                sql.views.extend(&end.views);
                sql.is_atom = true;
                Ok(sql)
            }
            Shape::Tier(tiers) => {
                let column = self.column(field)?;
                Ok(column.with(labels::tier(&column.operand(), tiers, self.dialect())))
            }
            Shape::Case(case) => {
                let (conditions, sql) = self.conditions(field)?;
                let labels: Vec<_> = case.whens.iter().map(|when| when.label.as_str()).collect();
                let otherwise = case.otherwise.as_deref();
                let text = labels::case(&conditions, &labels, otherwise, self.dialect());
                Ok(sql.with(text))
            }
            Shape::Location { .. } => {
                let message = "a location has no one value";
                Err(QueryError::new(rules::UNSUPPORTED, message))
            }
            Shape::Unsupported(name) => {
                let message = format!("dimensions of type `{name}` are not supported");
                Err(QueryError::new(rules::UNSUPPORTED, message))
            }
        }
    }

    /// The SQL that a dimension is written with; where none is, the column of its name.
    pub(super) fn column(&self, field: &FieldRef<'a>) -> Result<Sql<'a>> {
        let at = At {
            alias: field.alias,
            field: Some(*field),
            level: Level::Row,
        };
        match &field.field.sql {
            Some(sql) => self.expand(sql, at),
            None => {
                let name = field.field.group.as_ref().unwrap_or(&field.field.name);
                self.expand(&format!("${{TABLE}}.{}", self.dialect().column(name)), at)
            }
        }
    }

    /// The conditions of a case, and what they need.
    pub(super) fn conditions(&self, field: &FieldRef<'a>) -> Result<(Vec<String>, Sql<'a>)> {
        let at = At {
            alias: field.alias,
            field: Some(*field),
            level: Level::Row,
        };
        let mut conditions = Vec::new();
        let mut all = Sql::default();
        let case = field.field.dimension().map(|dimension| &dimension.shape);
        let Some(Shape::Case(case)) = case else {
            return Ok((conditions, all));
        };
        for when in &case.whens {
            let sql = self.expand(&when.sql, at)?;
            all.views.extend(&sql.views);
            conditions.push(sql.text);
        }
        Ok((conditions, all))
    }

    /// The time of a column.
    pub(super) fn moment(&self, column: &Sql<'a>, dimension: &Dimension) -> Moment<'a> {
        self.moment_of(column, dimension.datatype, dimension.convert_tz)
    }

    pub(super) fn moment_of(
        &self,
        column: &Sql<'a>,
        datatype: Datatype,
        is_converted: bool,
    ) -> Moment<'a> {
        let operand = column.operand();
        let column = Column {
            sql: &operand,
            datatype,
            is_converted,
        };
        Moment::new(&column, self.dialect(), self.scope.calendar, self.zones)
    }
}
