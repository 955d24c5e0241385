//! A naive description of a model: what it means, whatever way it is written down.

pub(crate) mod expression;
pub(crate) mod field;
pub(crate) mod filter;
pub(crate) mod lists;
pub(crate) mod query;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::model::expression::{Expr, FieldName};
use crate::model::field::{Dimension, DurationGroup, FilterField, Measure, Parameter, TimeGroup};
use crate::model::filter::Filter;
use crate::model::lists::ListItem;
use crate::model::query::Sort;
use crate::value::Relation;

/// Everything that an answer depends on, but for the query.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub model: Model,
    pub tables: Vec<Table>,
    pub now: Timestamp,
    pub database_zone: TimeZone,
    /// User attributes with their literal values.
    pub attributes: Vec<(String, String)>,
}

#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub name: String,
    pub types: Vec<&'static str>,
    pub relation: Relation,
}

#[derive(Debug, Clone)]
pub(crate) struct Model {
    pub views: Vec<View>,
    pub explores: Vec<Explore>,
    pub grants: Vec<Grant>,
    /// Days after Sunday.
    pub week_start: i8,
    pub fiscal_offset: i32,
    pub case_sensitive: bool,
    /// Decides how the model is written down: refinements, parents, constants, files.
    pub writing: u64,
}

/// Who may see what requires it.
#[derive(Debug, Clone)]
pub(crate) struct Grant {
    pub name: &'static str,
    pub attribute: &'static str,
    pub allowed: Vec<&'static str>,
}

#[derive(Debug, Clone)]
pub(crate) struct View {
    pub name: String,
    pub source: Source,
    pub dimensions: Vec<Dimension>,
    pub times: Vec<TimeGroup>,
    pub durations: Vec<DurationGroup>,
    pub measures: Vec<Measure>,
    pub filters: Vec<FilterField>,
    pub parameters: Vec<Parameter>,
    /// Columns that hold arrays, which nobody asks for.
    pub arrays: Vec<&'static str>,
    pub sets: Vec<(String, Vec<ListItem>)>,
    pub grants: Vec<&'static str>,
}

/// Where a view's rows come from.
#[derive(Debug, Clone)]
pub(crate) enum Source {
    Table(String),
    /// `SELECT * FROM table WHERE condition`.
    Filtered {
        table: String,
        condition: Expr,
    },
    /// `SELECT kind, COUNT(*) AS n, SUM(amount) AS total FROM table WHERE … GROUP BY kind`.
    Grouped {
        table: String,
        condition: Expr,
    },
    /// The same rows as another view that is a derived table.
    Copy {
        view: String,
    },
    Native(Native),
    /// The elements of an array that each row of another view has, with their places if these are asked for.
    Elements {
        view: String,
        places: bool,
    },
}

/// A native derived table.
#[derive(Debug, Clone)]
pub(crate) struct Native {
    pub explore: String,
    /// The column and the field that it is.
    pub columns: Vec<(String, String)>,
    /// Whether there is a derived column too: twice `n`.
    pub derives: bool,
    pub filters: Vec<(String, Filter)>,
    /// From a field of the outer query to one of the inner.
    pub bind: Vec<(String, String)>,
    pub bind_all: bool,
    pub sorts: Vec<Sort>,
    pub limit: Option<usize>,
    /// Whether the outer query's time zone counts inside.
    pub query_timezone: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Explore {
    pub name: String,
    /// The base's name in this explore.
    pub base: String,
    /// The view that the base is.
    pub view: String,
    pub joins: Vec<Join>,
    pub always_join: Vec<String>,
    pub always_where: Option<Expr>,
    pub always_having: Option<Expr>,
    pub always_filter: Vec<(String, Filter)>,
    pub conditional: Option<Conditional>,
    /// The field and the user attribute.
    pub access: Option<(String, String)>,
    /// The list of its fields. None: all.
    pub fields: Option<Vec<ListItem>>,
    pub grants: Vec<&'static str>,
    pub symmetric: bool,
    pub cancel_grouping: Vec<String>,
    pub case_sensitive: Option<bool>,
}

#[derive(Debug, Clone)]
pub(crate) struct Conditional {
    pub filters: Vec<(String, Filter)>,
    pub unless: Vec<String>,
}

#[derive(Debug, Clone)]
pub(crate) struct Join {
    pub name: String,
    pub view: String,
    pub kind: JoinKind,
    pub relationship: Relationship,
    /// None for a cross join, and for an array's elements.
    pub on: Option<Expr>,
    pub writing: JoinWriting,
    /// The field of the base that holds the joined view's key: the join is written by it.
    pub foreign_key: Option<FieldName>,
    pub required: Vec<String>,
    pub filter: Option<Expr>,
    /// The list of its fields. None: all.
    pub fields: Option<Vec<ListItem>>,
    pub grants: Vec<&'static str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum JoinKind {
    Left,
    Inner,
    Full,
    Cross,
}

/// In which way a join is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum JoinWriting {
    /// By `type` and `sql_on`.
    Parameters,
    /// By its whole clause in `sql`.
    Clause,
    /// The clause joins the elements of an array that the view of that name has here.
    Unnest(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Relationship {
    ManyToOne,
    OneToMany,
    OneToOne,
    ManyToMany,
}

impl Relationship {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Relationship::ManyToOne => "many_to_one",
            Relationship::OneToMany => "one_to_many",
            Relationship::OneToOne => "one_to_one",
            Relationship::ManyToMany => "many_to_many",
        }
    }

    /// Whether many rows of the joined view match one of its parent.
    pub(crate) fn is_to_many(self) -> bool {
        matches!(self, Relationship::OneToMany | Relationship::ManyToMany)
    }

    /// Whether many rows of the parent match one of the joined view.
    pub(crate) fn is_from_many(self) -> bool {
        matches!(self, Relationship::ManyToOne | Relationship::ManyToMany)
    }
}

impl JoinKind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            JoinKind::Left => "left_outer",
            JoinKind::Inner => "inner",
            JoinKind::Full => "full_outer",
            JoinKind::Cross => "cross",
        }
    }
}

impl Model {
    pub(crate) fn view(&self, name: &str) -> &View {
        self.views
            .iter()
            .find(|view| view.name == name)
            .unwrap_or_else(|| panic!("no view {name}"))
    }

    pub(crate) fn explore(&self, name: &str) -> &Explore {
        let found = self.explores.iter().find(|explore| explore.name == name);
        found.unwrap_or_else(|| panic!("no explore {name}"))
    }
}

impl Explore {
    /// The names that views have here with the views that they are: the base, then the joins.
    pub(crate) fn aliases(&self) -> Vec<(&str, &str)> {
        let joined = self
            .joins
            .iter()
            .map(|join| (join.name.as_str(), join.view.as_str()));
        std::iter::once((self.base.as_str(), self.view.as_str()))
            .chain(joined)
            .collect()
    }

    pub(crate) fn view_of(&self, alias: &str) -> Option<&str> {
        self.aliases()
            .into_iter()
            .find(|(name, _)| *name == alias)
            .map(|(_, view)| view)
    }

    pub(crate) fn join(&self, name: &str) -> Option<&Join> {
        self.joins.iter().find(|join| join.name == name)
    }
}

impl View {
    /// The dimension of that name, be it a part of a group.
    pub(crate) fn dimension(&self, name: &str) -> Option<Dimension> {
        let own = self
            .dimensions
            .iter()
            .find(|dimension| dimension.name == name)
            .cloned();
        own.or_else(|| self.times.iter().find_map(|group| group.part(name)))
            .or_else(|| self.durations.iter().find_map(|group| group.part(name)))
    }

    pub(crate) fn measure(&self, name: &str) -> Option<&Measure> {
        self.measures.iter().find(|measure| measure.name == name)
    }

    pub(crate) fn filter(&self, name: &str) -> Option<&FilterField> {
        self.filters.iter().find(|filter| filter.name == name)
    }

    pub(crate) fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters
            .iter()
            .find(|parameter| parameter.name == name)
    }

    pub(crate) fn primary_key(&self) -> Option<&Dimension> {
        self.dimensions
            .iter()
            .find(|dimension| dimension.primary_key)
    }

    /// All dimensions, groups taken apart.
    pub(crate) fn all_dimensions(&self) -> Vec<Dimension> {
        let times = self.times.iter().flat_map(TimeGroup::parts);
        let durations = self.durations.iter().flat_map(DurationGroup::parts);
        self.dimensions
            .iter()
            .cloned()
            .chain(times)
            .chain(durations)
            .collect()
    }
}
