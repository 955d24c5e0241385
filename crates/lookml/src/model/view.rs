//! Views: a table and the fields over it.

use std::sync::Arc;

use indexmap::IndexMap;

use super::field::Field;
use super::lower;
use super::reading::{Assignment, Body};
use crate::diagnostic::rules;
use crate::project::Located;
use crate::resolve::{ListItem, Node, NodeValue, Object, Place};

/// A view.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// Its name.
    pub name: String,
    /// `label`, or `view_label`, which means the same.
    pub label: Option<String>,
    /// Where its rows are.
    pub source: Source,
    /// Its fields by their names: those of groups one by one, in the order in which they are declared.
    pub fields: IndexMap<String, Arc<Field>>,
    /// Lists of fields by their names.
    pub(crate) sets: IndexMap<String, Vec<ListItem>>,
    /// What dimensions, and counts that say nothing, are drilled into.
    pub drill_fields: Option<Vec<String>>,
    /// Whether values are suggested for filters.
    pub suggestions: bool,
    /// Grants without which its fields do not exist.
    pub required_access_grants: Vec<String>,
    /// Whether others may only extend it.
    pub is_abstract: bool,
    /// Where it is defined.
    pub place: Place,
}

/// Where the rows of a view are.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// In a table. None: one that is named like the view.
    Table(Option<String>),
    /// In a query that is written in SQL.
    Sql(String),
    /// In a query of an explore.
    Explore(Box<ExploreSource>),
    /// In what is not supported: the parameter that makes it so.
    Unsupported(String),
}

/// A query of an explore, as a table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ExploreSource {
    /// The explore.
    pub explore: String,
    /// Columns and their fields.
    pub columns: Vec<(String, String)>,
    /// Columns and the expressions over the others.
    pub derived_columns: Vec<(String, String)>,
    /// Filter expressions by field.
    pub filters: Vec<Assignment>,
    /// Filters of the query around it: from its field, to one of the explore.
    pub bind_filters: Vec<(String, String)>,
    /// Whether all filters of the query around it hold.
    pub bind_all_filters: bool,
    /// Fields and whether the largest come first.
    pub sorts: Vec<(String, bool)>,
    /// How many rows.
    pub limit: Option<u64>,
    /// The zone of its dates: a zone, `query_timezone`, or the database's.
    pub timezone: Option<String>,
    /// A filter that is an expression.
    pub expression_custom_filter: Option<String>,
}

impl View {
    pub(super) fn read(object: &Object, problems: &mut Vec<Located>) -> Self {
        let body = Body(&object.nodes);
        let hidden = body.flag("fields_hidden_by_default").unwrap_or(false);
        let mut fields: IndexMap<String, Arc<Field>> = IndexMap::new();
        for node in object.nodes.iter().filter(|node| lower::is_field(node)) {
            for field in lower::fields(node, hidden) {
                if let Some(other) = fields.get(&field.name) {
                    problems.push(duplicate(&field, other));
                    continue;
                }
                fields.insert(field.name.clone(), Arc::new(field));
            }
        }
        let sets = body.blocks("set").map(|(name, node)| {
            let items = Body(node.children()).items("fields");
            (name.to_owned(), items.unwrap_or_default().to_vec())
        });
        Self {
            name: object.name.clone(),
            label: body.owned("label").or_else(|| body.owned("view_label")),
            source: Source::read(object, problems),
            sets: sets.collect(),
            drill_fields: body.list("drill_fields"),
            suggestions: body.flag("suggestions").unwrap_or(true),
            required_access_grants: body.list("required_access_grants").unwrap_or_default(),
            is_abstract: object.is_abstract,
            place: object.place.clone(),
            fields,
        }
    }

    /// The dimension that tells its rows apart.
    pub fn primary_key(&self) -> Option<&Arc<Field>> {
        self.fields.values().find(|field| {
            field
                .dimension()
                .is_some_and(|dimension| dimension.primary_key)
        })
    }

    /// The fields of a group, in order.
    pub fn group<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Arc<Field>> {
        let fields = self.fields.values();
        fields.filter(move |field| field.group.as_deref() == Some(name))
    }
}

fn duplicate(field: &Field, other: &Field) -> Located {
    let of_group = |field: &Field| match &field.group {
        Some(group) => format!(" of the group `{group}`"),
        None => String::new(),
    };
    let message = format!(
        "`{}`{} is the name of another field{} already",
        field.name,
        of_group(field),
        of_group(other)
    );
    field.place.problem(rules::DUPLICATE_FIELD, message)
}

impl Source {
    fn read(object: &Object, problems: &mut Vec<Located>) -> Self {
        let body = Body(&object.nodes);
        let table = body.owned("sql_table_name");
        let Some(derived) = body.block("derived_table") else {
            return Self::Table(table);
        };
        if let (Some(_), Some(place)) = (&table, body.place("sql_table_name")) {
            let message = format!(
                "the view `{}` has a `sql_table_name` and a `derived_table`",
                object.name
            );
            problems.push(place.problem(rules::TWO_TABLES, message));
        }
        if let Some(sql) = derived.owned("sql") {
            return Self::Sql(sql);
        }
        if let Some((explore, node)) = derived.blocks("explore_source").last() {
            return Self::Explore(Box::new(ExploreSource::read(explore, node)));
        }
        let unsupported = ["sql_create", "create_process"];
        let unsupported = unsupported.into_iter().find(|key| derived.has(key));
        Self::Unsupported(unsupported.unwrap_or("derived_table").to_owned())
    }
}

impl ExploreSource {
    /// From an `explore_source` block.
    pub(super) fn read(explore: &str, node: &Node) -> Self {
        let body = Body(node.children());
        let columns = body.blocks("column").map(|(name, node)| {
            let field = Body(node.children()).owned("field");
            (name.to_owned(), field.unwrap_or_else(|| name.to_owned()))
        });
        let derived_columns = body.blocks("derived_column").map(|(name, node)| {
            let sql = Body(node.children()).owned("sql");
            (name.to_owned(), sql.unwrap_or_default())
        });
        let bind_filters = body.blocks("bind_filters").filter_map(|(_, node)| {
            let body = Body(node.children());
            Some((body.owned("from_field")?, body.owned("to_field")?))
        });
        Self {
            explore: explore.to_owned(),
            columns: columns.collect(),
            derived_columns: derived_columns.collect(),
            filters: body.filters("filters"),
            bind_filters: bind_filters.collect(),
            bind_all_filters: body.flag("bind_all_filters").unwrap_or(false),
            sorts: read_sorts(body),
            limit: body.number("limit"),
            timezone: body.owned("timezone"),
            expression_custom_filter: body.owned("expression_custom_filter"),
        }
    }
}

/// `sorts: [a.b: desc]` and `sort: { field: a.b desc: yes }`, in the order in which they stand.
pub(super) fn read_sorts(body: Body<'_>) -> Vec<(String, bool)> {
    let mut sorts = Vec::new();
    for node in body.0 {
        match (node.key.as_str(), &node.value) {
            ("sorts", NodeValue::List(items)) => {
                sorts.extend(items.iter().map(|item| match &item.key {
                    Some(field) => (field.clone(), item.text == "desc"),
                    None => (item.text.clone(), false),
                }))
            }
            ("sort", NodeValue::Block { children, .. }) => {
                let sort = Body(children);
                let descending = sort.flag("desc").unwrap_or(false);
                sorts.extend(sort.owned("field").map(|field| (field, descending)));
            }
            _ => {}
        }
    }
    sorts
}
