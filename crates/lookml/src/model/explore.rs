//! Explores: a view, and the views that are joined to it.

use std::collections::HashSet;

use indexmap::IndexMap;

use super::reading::{Assignment, Body};
use crate::query::Query;
use crate::resolve::{Node, Place};

/// An explore.
#[derive(Debug, Clone, PartialEq)]
pub struct Explore {
    /// Its name.
    pub name: String,
    /// What a person reads.
    pub label: String,
    /// Under which heading it stands in the menu.
    pub group_label: Option<String>,
    /// A sentence about it.
    pub description: Option<String>,
    /// Whether the menu leaves it out.
    pub hidden: bool,
    /// Words for programs.
    pub tags: Vec<String>,
    /// The name under which its base view stands in it.
    pub base: String,
    /// Every view in it, by the name under which it stands: the base first, then the joins in their order.
    pub views: IndexMap<String, Bound>,
    /// Condition that always holds.
    pub sql_always_where: Option<String>,
    /// Condition on groups that always holds.
    pub sql_always_having: Option<String>,
    /// Filters that a query may change and not remove.
    pub always_filter: Vec<Assignment>,
    /// Filters that hold unless one of the other fields is filtered.
    pub conditionally_filter: Vec<Assignment>,
    /// Those other fields.
    pub unless: Vec<String>,
    /// Filters by what is known of the person who asks.
    pub access_filters: Vec<AccessFilter>,
    /// Joins that take part in every query.
    pub always_join: Vec<String>,
    /// Whether measures count rows that joins repeat once.
    pub symmetric_aggregates: bool,
    /// Fields that switch grouping off.
    pub cancel_grouping_fields: Vec<String>,
    /// Whether `a` and `A` are two texts. None: as the model says.
    pub case_sensitive: Option<bool>,
    /// Grants without which it does not exist.
    pub required_access_grants: Vec<String>,
    /// Queries to begin with.
    pub queries: Vec<QuickStart>,
    /// Fields that are in it, as `view.field`.
    pub included: HashSet<String>,
    /// Where it is defined.
    pub place: Place,
}

/// A view in an explore.
#[derive(Debug, Clone, PartialEq)]
pub struct Bound {
    /// The view's own name.
    pub view: String,
    /// The table in place of the view's.
    pub sql_table_name: Option<String>,
    /// The heading of its fields in place of the view's.
    pub view_label: Option<String>,
    /// How it is joined. None: it is the base.
    pub join: Option<Join>,
    /// Where it is written.
    pub place: Place,
}

/// How a view is joined.
#[derive(Debug, Clone, PartialEq)]
pub struct Join {
    /// The kind of join.
    pub join_type: JoinType,
    /// How many rows meet how many. None: it is not written.
    pub relationship: Option<Relationship>,
    /// What it is joined by.
    pub condition: JoinCondition,
    /// Joins that take part when this one does.
    pub required_joins: Vec<String>,
    /// Condition of the query when it takes part.
    pub sql_where: Option<String>,
    /// Grants without which it does not exist.
    pub required_access_grants: Vec<String>,
    /// A parameter without which its rows would be others, and that is not supported.
    pub unsupported: Option<String>,
}

/// What a view is joined by.
#[derive(Debug, Clone, PartialEq)]
pub enum JoinCondition {
    /// `sql_on`
    On(String),
    /// `foreign_key`: a field that equals the joined view's primary key.
    ForeignKey(String),
    /// `sql`: the whole clause.
    Clause(String),
    /// A blank `sql`: fields without a table.
    NoTable,
    /// None is written.
    Missing,
}

/// The kind of a join.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are SQL's")]
pub enum JoinType {
    LeftOuter,
    Inner,
    FullOuter,
    Cross,
}

/// How many rows of what is there meet how many of what is joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are named as in LookML")]
pub enum Relationship {
    ManyToOne,
    OneToMany,
    OneToOne,
    ManyToMany,
}

/// A filter by a user attribute.
#[derive(Debug, Clone, PartialEq)]
pub struct AccessFilter {
    /// The field.
    pub field: String,
    /// The attribute.
    pub user_attribute: String,
    /// Where it is written.
    pub place: Place,
}

/// A query to begin with.
#[derive(Debug, Clone, PartialEq)]
pub struct QuickStart {
    /// Its name.
    pub name: String,
    /// What a person reads.
    pub label: Option<String>,
    /// A sentence about it.
    pub description: Option<String>,
    /// What it asks.
    pub query: Query,
}

impl Relationship {
    /// Whether one row of what is joined meets many of what is there.
    pub fn is_many_before(self) -> bool {
        matches!(self, Self::ManyToOne | Self::ManyToMany)
    }

    /// Whether one row of what is there meets many of what is joined.
    pub fn is_many_behind(self) -> bool {
        matches!(self, Self::OneToMany | Self::ManyToMany)
    }

    fn parse(name: &str) -> Option<Self> {
        match name {
            "many_to_one" => Some(Self::ManyToOne),
            "one_to_many" => Some(Self::OneToMany),
            "one_to_one" => Some(Self::OneToOne),
            "many_to_many" => Some(Self::ManyToMany),
            _ => None,
        }
    }
}

impl Join {
    /// As it counts: many to one where nothing is written, many to many for a cross join.
    pub fn relationship(&self) -> Relationship {
        let default = match self.join_type {
            JoinType::Cross => Relationship::ManyToMany,
            _ => Relationship::ManyToOne,
        };
        self.relationship.unwrap_or(default)
    }

    /// Whether it brings a table, and not only fields.
    pub(crate) fn has_table(&self) -> bool {
        self.condition != JoinCondition::NoTable
    }

    pub(super) fn read(body: Body<'_>) -> Self {
        const UNSUPPORTED: [&str; 2] = ["sql_foreign_key", "sql_having"];
        let is_written = |key: &&&str| body.text(key).is_some_and(|sql| !sql.trim().is_empty());
        let unsupported = UNSUPPORTED.iter().find(is_written);
        let join_type = match body.text("type") {
            Some("inner") => JoinType::Inner,
            Some("full_outer") => JoinType::FullOuter,
            Some("cross") => JoinType::Cross,
            _ => JoinType::LeftOuter,
        };
        Self {
            join_type,
            relationship: body.text("relationship").and_then(Relationship::parse),
            condition: JoinCondition::read(body),
            required_joins: body.list("required_joins").unwrap_or_default(),
            sql_where: body.owned("sql_where").filter(|sql| !sql.trim().is_empty()),
            required_access_grants: body.list("required_access_grants").unwrap_or_default(),
            unsupported: unsupported.map(|key| (*key).to_owned()),
        }
    }
}

impl JoinCondition {
    fn read(body: Body<'_>) -> Self {
        if let Some(sql) = body.text("sql") {
            return match sql.trim() {
                "" => Self::NoTable,
                sql => Self::Clause(sql.to_owned()),
            };
        }
        match (body.owned("sql_on"), body.owned("foreign_key")) {
            (Some(sql), _) if !sql.trim().is_empty() => Self::On(sql),
            (_, Some(key)) => Self::ForeignKey(key),
            _ => Self::Missing,
        }
    }
}

impl AccessFilter {
    pub(super) fn read(node: &Node) -> Option<Self> {
        let body = Body(node.children());
        Some(Self {
            field: body.owned("field")?,
            user_attribute: body.owned("user_attribute")?,
            place: node.place.clone(),
        })
    }
}
