//! Which joins take part, in which order, and what they do to the rows of the views.

use std::collections::{BTreeMap, BTreeSet};

use super::error::{QueryError, Result};
use super::sql::{At, Level, Sql, Writer};
use super::statement::FromItem;
use super::tables;
use crate::diagnostic::rules;
use crate::model::{Join, JoinCondition, JoinType};

/// The joins of a statement.
#[derive(Debug, Clone, Default)]
pub(super) struct Joins<'a> {
    /// In the order in which they are written.
    pub(super) joins: Vec<Joined<'a>>,
    /// Views without a table: their fields are over the rows of the base.
    without_table: Vec<&'a str>,
    /// Conditions of the statement that they bring.
    pub(super) conditions: Vec<String>,
}

/// Views that may have no row where others have one, each with the condition that holds where it has one. None:
/// only a key can tell.
pub(super) type Nullable<'a> = BTreeMap<&'a str, Option<String>>;

/// One join.
#[derive(Debug, Clone)]
pub(super) struct Joined<'a> {
    pub(super) alias: &'a str,
    join: &'a Join,
    /// What stands behind the table, or the whole clause.
    condition: Sql<'a>,
    /// The view that it hangs on.
    parent: &'a str,
}

impl<'a> Joins<'a> {
    /// The joins for the views that are needed, and those that these need.
    pub(super) fn of(writer: &Writer<'a>, needed: &BTreeSet<&'a str>) -> Result<Self> {
        let mut needed = needed.clone();
        for name in &writer.scope.explore.always_join {
            needed.insert(existing(writer, name)?);
        }
        let mut joined: BTreeMap<&'a str, Sql<'a>> = BTreeMap::new();
        let mut conditions = Vec::new();
        while let Some(alias) = next(writer, &needed, &joined) {
            let Some(join) = join_of(writer, alias) else {
                joined.insert(alias, Sql::default());
                continue;
            };
            check_supported(alias, join)?;
            for name in &join.required_joins {
                needed.insert(existing(writer, name)?);
            }
            if let Some(sql) = &join.sql_where {
                let sql = filter(writer, alias, sql)?;
                needed.extend(sql.iter().flat_map(|sql| &sql.views));
                conditions.extend(sql.map(|sql| sql.text));
            }
            let condition = condition(writer, alias, join)?;
            needed.extend(&condition.views);
            joined.insert(alias, condition);
        }
        let is_without =
            |alias: &&str| join_of(writer, alias).is_some_and(|join| !join.has_table());
        Ok(Self {
            without_table: joined.keys().copied().filter(is_without).collect(),
            joins: in_order(writer, joined)?,
            conditions,
        })
    }

    /// The base's table, then the joins.
    pub(super) fn from(&self, writer: &Writer<'a>) -> Result<Vec<FromItem<'a>>> {
        let joins = self.joins.iter();
        let joins = joins.map(|joined| joined.item(writer, joined.join.join_type));
        std::iter::once(base(writer)).chain(joins).collect()
    }

    /// What the rows come from without a join and those that only come after it, and with it, where rows without a
    /// partner stay.
    pub(super) fn around(
        &self,
        writer: &Writer<'a>,
        alias: &str,
    ) -> Result<(Vec<FromItem<'a>>, Vec<FromItem<'a>>)> {
        let place = self.joins.iter().position(|joined| joined.alias == alias);
        let (before, rest) = self.joins.split_at(place.unwrap_or(self.joins.len()));
        let before = before
            .iter()
            .map(|joined| joined.item(writer, joined.join.join_type));
        let before = std::iter::once(base(writer)).chain(before);
        let before = before.collect::<Result<Vec<_>>>()?;
        let mut after = before.clone();
        if let Some(joined) = rest.first() {
            after.push(joined.item(writer, JoinType::LeftOuter)?);
        }
        Ok((before, after))
    }

    /// Views whose measures have to count each row once.
    pub(super) fn fanned(&self, writer: &Writer<'a>) -> BTreeSet<&'a str> {
        match writer.scope.explore.symmetric_aggregates {
            true => self.repeated(writer),
            false => BTreeSet::new(),
        }
    }

    /// Views whose rows are repeated: outwards from them some step goes to many rows.
    pub(super) fn repeated(&self, writer: &Writer<'a>) -> BTreeSet<&'a str> {
        let base = writer.scope.explore.base.as_str();
        let views = std::iter::once(base).chain(self.joins.iter().map(|joined| joined.alias));
        let mut repeated: BTreeSet<&str> = views.filter(|view| self.is_repeated(view)).collect();
        if repeated.contains(base) {
            repeated.extend(&self.without_table);
        }
        repeated
    }

    fn is_repeated(&self, view: &str) -> bool {
        let mut reached = BTreeSet::from([view]);
        loop {
            let mut is_grown = false;
            for joined in &self.joins {
                let relationship = joined.join.relationship();
                let has_parent = reached.contains(joined.parent);
                let has_child = reached.contains(joined.alias);
                let is_many = match (has_parent, has_child) {
                    (true, false) => relationship.is_many_behind(),
                    (false, true) => relationship.is_many_before(),
                    _ => continue,
                };
                if is_many {
                    return true;
                }
                reached.extend([joined.parent, joined.alias]);
                is_grown = true;
            }
            if !is_grown {
                return false;
            }
        }
    }

    /// Views that may have no row where others have one.
    pub(super) fn nullable(&self, writer: &Writer<'a>) -> Nullable<'a> {
        let base = writer.scope.explore.base.as_str();
        let is_full = |joined: &Joined<'_>| joined.kind() == JoinType::FullOuter;
        let all = self.joins.iter().any(is_full);
        let views = self
            .joins
            .iter()
            .filter(|joined| all || joined.kind() == JoinType::LeftOuter);
        let mut nullable: Nullable<'a> = views
            .map(|joined| (joined.alias, joined.presence(writer)))
            .collect();
        if all {
            let others = std::iter::once(&base).chain(&self.without_table);
            nullable.extend(others.map(|alias| (*alias, None)));
        }
        nullable
    }
}

impl<'a> Joined<'a> {
    /// How it treats rows without a partner.
    fn kind(&self) -> JoinType {
        let JoinCondition::Clause(_) = &self.join.condition else {
            return self.join.join_type;
        };
        let words = self.condition.text.split_whitespace();
        let first = words.map(str::to_ascii_uppercase).next();
        match first.as_deref() {
            Some("LEFT") => JoinType::LeftOuter,
            Some("FULL" | "RIGHT") => JoinType::FullOuter,
            _ => JoinType::Inner,
        }
    }

    /// The condition that holds where the view has a row.
    fn presence(&self, writer: &Writer<'a>) -> Option<String> {
        let condition = &self.condition.text;
        match (&self.join.condition, self.kind()) {
            // Of a full join a row without a partner does not meet the condition either.
            (_, JoinType::FullOuter) => None,
            (JoinCondition::Clause(_), _) => {
                let element = tables::element(condition, self.alias, writer.dialect())?;
                Some(format!("{element} IS NOT NULL"))
            }
            _ if condition.is_empty() => None,
            _ => Some(condition.clone()),
        }
    }

    fn item(&self, writer: &Writer<'a>, join_type: JoinType) -> Result<FromItem<'a>> {
        let condition = &self.condition.text;
        if let JoinCondition::Clause(_) = &self.join.condition {
            let clause = tables::join_clause(condition, &writer.scope);
            return Ok(FromItem::Clause(clause));
        }
        let keyword = match join_type {
            JoinType::LeftOuter => "LEFT JOIN",
            JoinType::Inner => "INNER JOIN",
            JoinType::FullOuter => "FULL OUTER JOIN",
            JoinType::Cross => "CROSS JOIN",
        };
        Ok(FromItem::Table {
            keyword,
            table: writer.tables.of_alias(writer, self.alias)?,
            alias: self.alias,
            on: match join_type {
                JoinType::Cross => String::new(),
                _ => condition.clone(),
            },
        })
    }
}

fn base<'a>(writer: &Writer<'a>) -> Result<FromItem<'a>> {
    let alias = writer.scope.explore.base.as_str();
    Ok(FromItem::Table {
        keyword: "FROM",
        table: writer.tables.of_alias(writer, alias)?,
        alias,
        on: String::new(),
    })
}

/// Whether what a join's keyword says loses or adds rows of what is before it only where these have no partner or many.
pub(super) fn keeps_the_left(keyword: &str) -> bool {
    matches!(keyword, "FROM" | "LEFT JOIN" | "INNER JOIN")
}

/// Whether all that is written of a join can be done.
fn check_supported(alias: &str, join: &Join) -> Result<()> {
    let Some(parameter) = &join.unsupported else {
        return Ok(());
    };
    let message = format!("the join `{alias}` has `{parameter}`, which is not supported");
    Err(QueryError::new(rules::UNSUPPORTED, message))
}

fn join_of<'a>(writer: &Writer<'a>, alias: &str) -> Option<&'a Join> {
    let (_, bound) = writer.scope.bound(alias)?;
    bound.join.as_ref()
}

fn existing<'a>(writer: &Writer<'a>, name: &str) -> Result<&'a str> {
    match writer.scope.bound(name) {
        Some((alias, _)) => Ok(alias),
        None => {
            let explore = &writer.scope.explore.name;
            let message = format!("the explore `{explore}` has no join `{name}`");
            Err(QueryError::new(rules::UNKNOWN_VIEW, message))
        }
    }
}

/// The next needed view that has no join yet.
fn next<'a>(
    writer: &Writer<'a>,
    needed: &BTreeSet<&'a str>,
    joined: &BTreeMap<&'a str, Sql<'a>>,
) -> Option<&'a str> {
    let base = writer.scope.explore.base.as_str();
    let mut left = needed.iter().copied().filter(|alias| *alias != base);
    left.find(|alias| !joined.contains_key(alias))
}

/// A join's condition on the whole statement. It can use joins that are declared before it only.
fn filter<'a>(writer: &Writer<'a>, alias: &'a str, sql: &str) -> Result<Option<Sql<'a>>> {
    let at = At {
        alias,
        field: None,
        level: Level::Row,
    };
    let sql = writer.said(sql, at)?;
    let mut views = sql.iter().flat_map(|sql| &sql.views);
    let place = |alias: &str| writer.scope.explore.views.get_index_of(alias);
    match views.find(|view| place(view) > place(alias)) {
        Some(later) => {
            let message = format!(
                "the `sql_where` of the join `{alias}` uses `{later}`, which is declared after it"
            );
            Err(QueryError::new(rules::JOIN_ORDER, message))
        }
        None => Ok(sql),
    }
}

fn condition<'a>(writer: &Writer<'a>, alias: &'a str, join: &'a Join) -> Result<Sql<'a>> {
    let at = At {
        alias,
        field: None,
        level: Level::Row,
    };
    let mut sql = match &join.condition {
        JoinCondition::NoTable => Sql::default(),
        JoinCondition::On(sql) => writer.expand(sql, at)?,
        JoinCondition::Clause(sql) => writer.expand(sql, at)?,
        JoinCondition::ForeignKey(key) => foreign_key(writer, alias, key)?,
        JoinCondition::Missing if join.join_type == JoinType::Cross => Sql::default(),
        JoinCondition::Missing => {
            let message = format!("the join `{alias}` does not say what it is joined by");
            let error = QueryError::new(rules::MISSING_JOIN_CONDITION, message);
            return Err(error.hint("write `sql_on: ${a.id} = ${b.a_id} ;;`"));
        }
    };
    sql.views.remove(alias);
    Ok(sql)
}

/// A field that equals the primary key of the view that is joined.
fn foreign_key<'a>(writer: &Writer<'a>, alias: &'a str, key: &str) -> Result<Sql<'a>> {
    let primary = writer
        .scope
        .view(alias)
        .and_then(|(_, view)| view.primary_key());
    let Some(primary) = primary else {
        let message = format!("the join `{alias}` has a `foreign_key`, its view no primary key");
        return Err(QueryError::new(rules::MISSING_JOIN_CONDITION, message));
    };
    let at = At {
        alias,
        field: None,
        level: Level::Row,
    };
    let key = writer.scope.full_name(key);
    writer.expand(&format!("${{{key}}} = ${{{alias}.{}}}", primary.name), at)
}

/// Each behind those that its condition mentions or that it requires, otherwise as they are declared.
fn in_order<'a>(
    writer: &Writer<'a>,
    joined: BTreeMap<&'a str, Sql<'a>>,
) -> Result<Vec<Joined<'a>>> {
    let explore = writer.scope.explore;
    let mut left: Vec<(&'a str, &'a Join, Sql<'a>)> = Vec::new();
    for (alias, bound) in &explore.views {
        let (Some(join), Some(condition)) = (&bound.join, joined.get(alias.as_str())) else {
            continue;
        };
        if join.has_table() {
            left.push((alias, join, condition.clone()));
        }
    }
    let tables: BTreeSet<&str> = left.iter().map(|(alias, _, _)| *alias).collect();
    let mut there = BTreeSet::from([explore.base.as_str()]);
    let mut ordered = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let is_ready = |(_, join, condition): &(&str, &Join, Sql<'_>)| {
            let required = join.required_joins.iter().map(String::as_str);
            let mut views = condition.views.iter().copied().chain(required);
            views.all(|view| there.contains(view) || !tables.contains(view))
        };
        let Some(at) = left.iter().position(is_ready) else {
            let names: Vec<_> = left.iter().map(|(alias, _, _)| *alias).collect();
            let message = format!("these joins need each other: {}", names.join(", "));
            return Err(QueryError::new(rules::JOIN_ORDER, message));
        };
        let (alias, join, condition) = left.remove(at);
        there.insert(alias);
        let place = |view: &&&'a str| explore.views.get_index_of(**view);
        let parent = condition
            .views
            .iter()
            .filter(|view| there.contains(*view))
            .max_by_key(place);
        ordered.push(Joined {
            alias,
            join,
            parent: parent.copied().unwrap_or(explore.base.as_str()),
            condition,
        });
    }
    Ok(ordered)
}
