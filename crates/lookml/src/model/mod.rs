//! The model: what a project says in the end, typed. Names in SQL and in lists are not looked up yet, but for the lists
//! that say which fields an explore has.

mod explore;
mod field;
mod field_list;
mod lower;
mod reading;
mod view;

use std::collections::BTreeMap;
use std::sync::Arc;

use indexmap::IndexMap;
use jiff::civil::Weekday;

pub use self::explore::{
    AccessFilter, Bound, Explore, Join, JoinCondition, JoinType, QuickStart, Relationship,
};
pub use self::field::{
    Aggregate, AllowedValue, Case, Dimension, Direction, Field, FieldKind, FilterField, Link,
    Measure, MeasureFunction, MeasureType, Parameter, ParameterType, PostQuery, Shape, Show,
    TierStyle, Tiers, When,
};
pub use self::reading::Assignment;
pub(crate) use self::reading::filters;
pub use self::view::{ExploreSource, Source, View};

use self::field_list::{Lists, Names};
use self::reading::Body;
use crate::diagnostic::rules;
use crate::label;
use crate::project::{Located, Project};
use crate::query::{Limit, Query, Sort};
use crate::resolve::{ListItem, Node, Object, Objects, Place};

/// A model of a project.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// Its name.
    pub name: String,
    /// What a person reads.
    pub label: String,
    /// The name of the connection that its queries run on.
    pub connection: Option<String>,
    /// The first day of a week, where it is named.
    pub week_start: Option<Weekday>,
    /// Months from January to the first month of the fiscal year.
    pub fiscal_month_offset: i8,
    /// Whether `a` and `A` are two texts.
    pub case_sensitive: bool,
    /// Formats by their names.
    pub value_formats: BTreeMap<String, String>,
    /// Grants by their names.
    pub access_grants: BTreeMap<String, AccessGrant>,
    /// Views by their names.
    pub views: IndexMap<String, View>,
    /// Explores by their names, without those that others may only extend.
    pub explores: IndexMap<String, Explore>,
    /// Explores that others may only extend.
    pub abstract_explores: Vec<String>,
    /// Data tests.
    pub tests: Vec<Test>,
    /// What Liquid's `_localization` has: texts by their keys.
    pub strings: BTreeMap<String, String>,
    /// Paths of its dashboards.
    pub dashboards: Vec<String>,
    /// Paths of its files.
    pub files: Vec<String>,
}

/// Who may see something.
#[derive(Debug, Clone, PartialEq)]
pub struct AccessGrant {
    /// The attribute of the person who asks.
    pub user_attribute: String,
    /// The values that it may have.
    pub allowed_values: Vec<String>,
}

/// A data test.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// Its name.
    pub name: String,
    /// The query whose rows are tested.
    pub source: ExploreSource,
    /// Names and expressions that have to be `yes` in every row.
    pub asserts: Vec<Assert>,
    /// Where it is written.
    pub place: Place,
}

/// One thing that a test holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Assert {
    /// Its name.
    pub name: String,
    /// The expression.
    pub expression: String,
    /// Where it is written.
    pub place: Place,
}

impl Model {
    /// Reads the model of that name. None: there is none. What is wrong with it does not keep the rest from
    /// being read.
    pub fn load(project: &Project, name: &str) -> (Option<Self>, Vec<Located>) {
        let (models, mut problems) = project.models();
        let Some(path) = models.get(name) else {
            return (None, problems);
        };
        let (model, _, mut own) = Self::read(project, name, path);
        problems.append(&mut own);
        (Some(model), problems)
    }

    /// Reads the model of a file, and keeps what it is read from, with the places of everything.
    pub(crate) fn read(project: &Project, name: &str, path: &str) -> (Self, Objects, Vec<Located>) {
        let mut objects = crate::resolve::resolve(project, path);
        let mut problems = std::mem::take(&mut objects.problems);
        let mut model = Self::of(name, &objects, &mut problems);
        model.strings = project.strings();
        model.bind(&objects, &mut problems);
        (model, objects, problems)
    }

    fn of(name: &str, objects: &Objects, problems: &mut Vec<Located>) -> Self {
        let body = Body(&objects.settings);
        let views = objects.views.values().map(|object| {
            let view = View::read(object, problems);
            (view.name.clone(), view)
        });
        Self {
            name: name.to_owned(),
            label: body
                .owned("label")
                .unwrap_or_else(|| label::title_case(name)),
            connection: body.owned("connection"),
            week_start: body.text("week_start_day").and_then(weekday),
            fiscal_month_offset: body.number("fiscal_month_offset").unwrap_or_default(),
            case_sensitive: body.flag("case_sensitive").unwrap_or(true),
            views: views.collect(),
            value_formats: value_formats(body),
            access_grants: access_grants(body),
            explores: IndexMap::new(),
            abstract_explores: Vec::new(),
            tests: tests(body),
            strings: BTreeMap::new(),
            dashboards: objects.dashboards.clone(),
            files: objects.files.clone(),
        }
    }

    /// Puts the explores in, with the views under the names that they have there.
    fn bind(&mut self, objects: &Objects, problems: &mut Vec<Located>) {
        for object in objects.explores.values() {
            if object.is_abstract {
                self.abstract_explores.push(object.name.clone());
                continue;
            }
            let explore = self.explore(object, problems);
            self.explores.insert(explore.name.clone(), explore);
        }
    }

    fn explore(&self, object: &Object, problems: &mut Vec<Located>) -> Explore {
        let body = Body(&object.nodes);
        let name = object.name.as_str();
        let conditional = body.block("conditionally_filter");
        let filters = |key| body.block(key).map(|body| body.filters("filters"));
        let written = |key| body.owned(key).filter(|sql| !sql.trim().is_empty());
        let base = body
            .text("view_name")
            .or_else(|| body.text("from").map(|_| name));
        let mut explore = Explore {
            name: name.to_owned(),
            label: body
                .owned("label")
                .unwrap_or_else(|| label::title_case(name)),
            group_label: body.owned("group_label"),
            description: body.owned("description"),
            hidden: body.flag("hidden").unwrap_or(false),
            tags: body.list("tags").unwrap_or_default(),
            base: base.unwrap_or(name).to_owned(),
            views: IndexMap::new(),
            sql_always_where: written("sql_always_where"),
            sql_always_having: written("sql_always_having"),
            always_filter: filters("always_filter").unwrap_or_default(),
            conditionally_filter: filters("conditionally_filter").unwrap_or_default(),
            unless: conditional
                .and_then(|body| body.list("unless"))
                .unwrap_or_default(),
            access_filters: body
                .blocks("access_filter")
                .filter_map(|(_, node)| AccessFilter::read(node))
                .collect(),
            always_join: body.list("always_join").unwrap_or_default(),
            symmetric_aggregates: body.flag("symmetric_aggregates").unwrap_or(true),
            cancel_grouping_fields: body.list("cancel_grouping_fields").unwrap_or_default(),
            case_sensitive: body.flag("case_sensitive"),
            required_access_grants: body.list("required_access_grants").unwrap_or_default(),
            queries: Vec::new(),
            included: Default::default(),
            place: object.place.clone(),
        };
        self.bind_views(&mut explore, body, problems);
        explore.queries = quick_starts(&self.name, &explore, body);
        explore.included = self.included(&explore, body, problems);
        explore
    }

    fn bind_views(&self, explore: &mut Explore, body: Body<'_>, problems: &mut Vec<Located>) {
        let base = Bound {
            view: body.owned("from").unwrap_or_else(|| explore.base.clone()),
            sql_table_name: body.owned("sql_table_name"),
            view_label: body.owned("view_label"),
            join: None,
            place: explore.place.clone(),
        };
        let joins = body.blocks("join").map(|(name, node)| {
            let body = Body(node.children());
            let bound = Bound {
                view: body.owned("from").unwrap_or_else(|| name.to_owned()),
                sql_table_name: body.owned("sql_table_name"),
                view_label: body.owned("view_label"),
                join: Some(Join::read(body)),
                place: node.place.clone(),
            };
            (name.to_owned(), bound)
        });
        let all: Vec<_> = std::iter::once((explore.base.clone(), base))
            .chain(joins)
            .collect();
        for (alias, bound) in all {
            if explore.views.contains_key(&alias) {
                let message = format!("`{alias}` stands twice in the explore `{}`", explore.name);
                problems.push(bound.place.problem(rules::DUPLICATE_JOIN, message));
                continue;
            }
            problems.extend(self.view_problem(explore, &alias, &bound));
            explore.views.insert(alias, bound);
        }
    }

    fn view_problem(&self, explore: &Explore, alias: &str, bound: &Bound) -> Option<Located> {
        let name = &bound.view;
        let rule = match self.views.get(name) {
            Some(view) if view.is_abstract => rules::ABSTRACT_OBJECT,
            Some(_) => return None,
            None => rules::UNKNOWN_VIEW,
        };
        let is_fields_only = bound
            .join
            .as_ref()
            .is_some_and(|join| join.condition == JoinCondition::NoTable);
        if is_fields_only && rule == rules::ABSTRACT_OBJECT {
            return None;
        }
        let what = match rule == rules::ABSTRACT_OBJECT {
            true => format!("the view `{name}` is there to be extended only"),
            false => format!("there is no view `{name}` in this model"),
        };
        let role = match bound.join {
            Some(_) => format!("the join `{alias}` of the explore `{}`", explore.name),
            None => format!("the explore `{}`", explore.name),
        };
        let mut problem = bound
            .place
            .problem(rule, format!("{what}; {role} needs it"));
        let known = self.views.keys().map(String::as_str);
        problem.diagnostic.hint = match bound.join {
            None if rule == rules::UNKNOWN_VIEW => Some(
                "name its view by `view_name` or `from`, and include the view's file".to_owned(),
            ),
            _ if rule == rules::ABSTRACT_OBJECT => {
                Some("extend it, and use the view that does".to_owned())
            }
            _ => crate::suggest::did_you_mean(name, known),
        };
        Some(problem)
    }

    /// Full names of the fields that an explore has.
    fn included(
        &self,
        explore: &Explore,
        body: Body<'_>,
        problems: &mut Vec<Located>,
    ) -> std::collections::HashSet<String> {
        let mut lists = Lists {
            model: self,
            explore,
            problems,
        };
        let mut all = Names::new();
        let joins: BTreeMap<&str, &Node> = body.blocks("join").collect();
        for alias in explore.views.keys() {
            let own = lists.all_of(alias);
            let join = joins.get(alias.as_str()).filter(|_| *alias != explore.base);
            let items = join.and_then(|node| Body(node.children()).items("fields"));
            all.extend(match items {
                Some(items) => {
                    let names = lists.evaluate(items, alias, &own);
                    let prefix = format!("{alias}.");
                    names
                        .into_iter()
                        .filter(|name| name.starts_with(&prefix))
                        .collect()
                }
                None => own,
            });
        }
        if let Some(items) = body.items("fields") {
            let listed = lists.evaluate(items, &explore.base, &all);
            all.retain(|name| listed.contains(name));
        }
        all.into_iter().collect()
    }

    /// The view that stands under a name in an explore.
    pub fn bound_view(&self, explore: &Explore, alias: &str) -> Option<&View> {
        self.views.get(&explore.views.get(alias)?.view)
    }

    /// A field of an explore by its full name, whether the explore has it or its lists leave it out.
    pub fn field(&self, explore: &Explore, name: &str) -> Option<&Arc<Field>> {
        let (alias, name) = name.split_once('.')?;
        self.bound_view(explore, alias)?.fields.get(name)
    }

    /// Full names of what a list of fields means in an explore. What means nothing is left out.
    pub fn field_names(&self, explore: &Explore, list: &[String], alias: &str) -> Vec<String> {
        let mut problems = Vec::new();
        let mut lists = Lists {
            model: self,
            explore,
            problems: &mut problems,
        };
        let mut all = Names::new();
        for alias in explore.views.keys() {
            all.extend(lists.all_of(alias));
        }
        let items: Vec<ListItem> = list
            .iter()
            .map(|text| ListItem {
                key: None,
                text: text.clone(),
                place: explore.place.clone(),
            })
            .collect();
        lists.evaluate(&items, alias, &all).into_iter().collect()
    }

    /// The format of a name: one of the model's, or one that every model has.
    pub fn value_format(&self, name: &str) -> Option<&str> {
        let own = self.value_formats.get(name).map(String::as_str);
        own.or_else(|| crate::value_format::named_format(name))
    }
}

/// The day of the week of a name in lower case, as `week_start_day` has it.
pub fn weekday(name: &str) -> Option<Weekday> {
    let day = match name {
        "monday" => Weekday::Monday,
        "tuesday" => Weekday::Tuesday,
        "wednesday" => Weekday::Wednesday,
        "thursday" => Weekday::Thursday,
        "friday" => Weekday::Friday,
        "saturday" => Weekday::Saturday,
        "sunday" => Weekday::Sunday,
        _ => return None,
    };
    Some(day)
}

fn value_formats(body: Body<'_>) -> BTreeMap<String, String> {
    let formats = body
        .blocks("named_value_format")
        .filter_map(|(name, node)| {
            let format = Body(node.children()).owned("value_format")?;
            Some((name.to_owned(), format))
        });
    formats.collect()
}

fn access_grants(body: Body<'_>) -> BTreeMap<String, AccessGrant> {
    let grants = body.blocks("access_grant").map(|(name, node)| {
        let body = Body(node.children());
        let grant = AccessGrant {
            user_attribute: body.owned("user_attribute").unwrap_or_default(),
            allowed_values: body.list("allowed_values").unwrap_or_default(),
        };
        (name.to_owned(), grant)
    });
    grants.collect()
}

fn tests(body: Body<'_>) -> Vec<Test> {
    let tests = body.blocks("test").filter_map(|(name, node)| {
        let body = Body(node.children());
        let (explore, source) = body.blocks("explore_source").last()?;
        let asserts = body.blocks("assert").map(|(name, node)| Assert {
            name: name.to_owned(),
            expression: Body(node.children())
                .owned("expression")
                .unwrap_or_default(),
            place: node.place.clone(),
        });
        Some(Test {
            name: name.to_owned(),
            source: ExploreSource::read(explore, source),
            asserts: asserts.collect(),
            place: node.place.clone(),
        })
    });
    tests.collect()
}

/// The queries that an explore offers to begin with.
fn quick_starts(model: &str, explore: &Explore, body: Body<'_>) -> Vec<QuickStart> {
    let full = |name: String| match name.contains('.') {
        true => name,
        false => format!("{}.{name}", explore.base),
    };
    let queries = body.blocks("query").map(|(name, node)| {
        let body = Body(node.children());
        let names = |key| body.list(key).unwrap_or_default().into_iter().map(full);
        let sorts = view::read_sorts(body).into_iter();
        let filters = body.filters("filters").into_iter();
        QuickStart {
            name: name.to_owned(),
            label: body.owned("label"),
            description: body.owned("description"),
            query: Query {
                model: model.to_owned(),
                view: explore.name.clone(),
                fields: names("dimensions").chain(names("measures")).collect(),
                pivots: names("pivots").collect(),
                filters: filters
                    .map(|filter| (full(filter.field), filter.value))
                    .collect(),
                sorts: sorts
                    .map(|(field, descending)| Sort {
                        field: full(field),
                        descending,
                        pivot: None,
                    })
                    .collect(),
                limit: body.number("limit").map(Limit::To),
                query_timezone: body.owned("timezone"),
                filter_expression: body.owned("expression_custom_filter"),
                ..Query::default()
            },
        }
    });
    queries.collect()
}
