//! A model laid out for its checks: what each declaration mentions, and where each view stands.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use indexmap::IndexMap;

use super::references::{self, Reference, Role};
use crate::model::{Explore, Field, JoinCondition, Model, Source, View};
use crate::parameters::{FIELDS, Kind};
use crate::resolve::{ListItem, Node, NodeValue, Object, Objects, Place, last};

/// A model with everything that its checks need to look up.
pub(super) struct Survey<'a> {
    pub(super) model: &'a Model,
    pub(super) objects: &'a Objects,
    pub(super) views: IndexMap<&'a str, ViewSurvey<'a>>,
    pub(super) explores: Vec<ExploreSurvey<'a>>,
    /// Explores in which a view stands, with the name that it has there.
    pub(super) stands: HashMap<&'a str, Vec<(usize, &'a str)>>,
    /// Names of its views, and those under which they stand.
    known: HashSet<&'a str>,
    /// Files of all views of the project, by their names.
    pub(super) elsewhere: &'a HashMap<String, String>,
}

/// A view.
pub(super) struct ViewSurvey<'a> {
    pub(super) view: &'a View,
    pub(super) object: &'a Object,
    /// Its declarations by their names: a group is one.
    pub(super) declarations: IndexMap<&'a str, Declaration<'a>>,
    /// Old names of fields.
    aliases: HashMap<&'a str, &'a Arc<Field>>,
    /// What its table mentions.
    pub(super) table: Vec<Reference<'a>>,
    /// Its own list of drill fields.
    pub(super) drill_fields: Vec<Reference<'a>>,
    /// What its sets list, but for sets and what they leave out.
    pub(super) sets: Vec<Reference<'a>>,
}

/// A field, or a group of them, as it is declared.
pub(super) struct Declaration<'a> {
    pub(super) kind: &'static Kind,
    pub(super) node: &'a Node,
    pub(super) fields: Vec<&'a Arc<Field>>,
    pub(super) references: Vec<Reference<'a>>,
}

/// An explore.
pub(super) struct ExploreSurvey<'a> {
    pub(super) explore: &'a Explore,
    pub(super) object: &'a Object,
    /// What it mentions beside its joins.
    pub(super) references: Vec<Reference<'a>>,
    /// Its joins by their names.
    pub(super) joins: IndexMap<&'a str, JoinSurvey<'a>>,
}

/// A join.
pub(super) struct JoinSurvey<'a> {
    pub(super) node: &'a Node,
    /// What it is joined by.
    pub(super) condition: Vec<Reference<'a>>,
    /// What else it mentions.
    pub(super) references: Vec<Reference<'a>>,
}

impl<'a> Survey<'a> {
    pub(super) fn new(
        model: &'a Model,
        objects: &'a Objects,
        elsewhere: &'a HashMap<String, String>,
    ) -> Self {
        let views = model.views.iter().filter_map(|(name, view)| {
            let object = objects.views.get(name)?;
            Some((name.as_str(), ViewSurvey::of(view, object)))
        });
        let explores = model.explores.iter().filter_map(|(name, explore)| {
            let object = objects.explores.get(name)?;
            Some(ExploreSurvey::of(explore, object))
        });
        let mut survey = Self {
            model,
            objects,
            views: views.collect(),
            explores: explores.collect(),
            stands: HashMap::new(),
            known: model.views.keys().map(String::as_str).collect(),
            elsewhere,
        };
        for (at, (_, explore)) in model.explores.iter().enumerate() {
            for (alias, bound) in &explore.views {
                let stands = survey.stands.entry(bound.view.as_str()).or_default();
                stands.push((at, alias));
                survey.known.insert(alias);
            }
        }
        survey
    }

    /// The explores in which a view stands, with the name that it has there.
    pub(super) fn stands_in(
        &self,
        view: &str,
    ) -> impl Iterator<Item = (&ExploreSurvey<'a>, &'a str)> {
        let stands = self.stands.get(view).into_iter().flatten();
        stands.filter_map(|(at, alias)| Some((self.explores.get(*at)?, *alias)))
    }

    /// Whether a view has fields only: no table is written, and where it stands it is joined without one.
    pub(super) fn is_without_table(&self, view: &ViewSurvey<'_>) -> bool {
        let mut stands = self.stands_in(&view.view.name).peekable();
        view.view.source == Source::Table(None)
            && stands.peek().is_some()
            && stands.all(|(explore, alias)| explore.is_without_table(alias))
    }

    /// The field that a view's text means, where it may be of another view: that one is meant which stands under the
    /// name in an explore with this view, or else the view of that name.
    pub(super) fn meant(
        &self,
        view: &ViewSurvey<'a>,
        reference: &Reference<'_>,
    ) -> Option<&'a Arc<Field>> {
        let Some(alias) = reference.view.as_deref() else {
            return view.field(&reference.field);
        };
        let mut stands = self.stands_in(&view.view.name);
        let bound = stands.find_map(|(explore, _)| self.bound(explore.explore, alias));
        let bound = bound.or_else(|| self.views.get(alias));
        bound?.field(&reference.field)
    }

    /// The field that the text of an explore means, with its view.
    pub(super) fn in_explore(
        &self,
        explore: &ExploreSurvey<'_>,
        reference: &Reference<'_>,
    ) -> Option<(&'a View, &'a Arc<Field>)> {
        let alias = reference.view.as_deref().unwrap_or(&explore.explore.base);
        let view = self.bound(explore.explore, alias)?;
        Some((view.view, view.field(&reference.field)?))
    }

    /// The view that stands under a name in an explore.
    pub(super) fn bound(&self, explore: &Explore, alias: &str) -> Option<&ViewSurvey<'a>> {
        self.views.get(explore.views.get(alias)?.view.as_str())
    }

    /// Whether a view has this name, or stands under it in some explore.
    pub(super) fn is_known(&self, name: &str) -> bool {
        self.known.contains(name)
    }
}

impl<'a> ViewSurvey<'a> {
    fn of(view: &'a View, object: &'a Object) -> Self {
        let mut declarations: IndexMap<&str, Declaration<'_>> = IndexMap::new();
        for node in &object.nodes {
            let kind = FIELDS.iter().find(|kind| kind.name == node.key);
            if let Some(kind) = kind
                && !node.name().is_empty()
                && matches!(node.value, NodeValue::Block { .. })
            {
                let declaration = Declaration {
                    kind,
                    node,
                    fields: Vec::new(),
                    references: of_field(kind, node),
                };
                declarations.entry(node.name()).or_insert(declaration);
            }
        }
        let mut aliases = HashMap::new();
        for field in view.fields.values() {
            let name = field.group.as_deref().unwrap_or(&field.name);
            if let Some(declaration) = declarations.get_mut(name) {
                declaration.fields.push(field);
            }
            aliases.extend(field.alias.iter().map(|alias| (alias.as_str(), field)));
        }
        Self {
            view,
            object,
            declarations,
            aliases,
            table: of_table(object),
            drill_fields: names(&object.nodes, "drill_fields", Role::Drill),
            sets: crate::resolve::blocks(&object.nodes, "set")
                .flat_map(|(_, node)| names(node.children(), "fields", Role::Listed))
                .collect(),
        }
    }

    /// The field of a name, or of one that it had once.
    pub(super) fn field(&self, name: &str) -> Option<&'a Arc<Field>> {
        let field = self.view.fields.get(name);
        field.or_else(|| self.aliases.get(name).copied())
    }

    /// Where a field is declared.
    pub(super) fn declaration(&self, field: &Field) -> Option<&Declaration<'a>> {
        let name = field.group.as_deref().unwrap_or(&field.name);
        self.declarations.get(name)
    }
}

impl<'a> ExploreSurvey<'a> {
    fn of(explore: &'a Explore, object: &'a Object) -> Self {
        let nodes = object.nodes.as_slice();
        let joins = crate::resolve::blocks(nodes, "join");
        let joins = joins.map(|(name, node)| (name, JoinSurvey::of(explore, name, node)));
        let mut references = sql(nodes, "sql_always_where", Role::Row);
        references.extend(sql(nodes, "sql_always_having", Role::Group));
        for key in ["always_filter", "conditionally_filter"] {
            let block = last(nodes, key).map(Node::children).unwrap_or_default();
            references.extend(filters(block, Role::Field));
            references.extend(names(block, "unless", Role::Field));
        }
        for (_, node) in crate::resolve::blocks(nodes, "access_filter") {
            references.extend(name(node.children(), "field", Role::Dimension));
        }
        references.extend(names(nodes, "cancel_grouping_fields", Role::Field));
        let queries = crate::resolve::blocks(nodes, "query").map(|(_, node)| node);
        let tables = crate::resolve::blocks(nodes, "aggregate_table");
        let aggregated = tables.filter_map(|(_, node)| last(node.children(), "query"));
        for node in queries.chain(aggregated) {
            let query = node.children();
            for key in ["dimensions", "measures", "pivots"] {
                references.extend(names(query, key, Role::Field));
            }
            references.extend(filters(query, Role::Field));
            references.extend(sorts(query));
        }
        Self {
            explore,
            object,
            references,
            joins: joins.collect(),
        }
    }

    /// Whether a full name is among its fields.
    pub(super) fn includes(&self, alias: &str, field: &str) -> bool {
        self.explore.included.contains(&format!("{alias}.{field}"))
    }

    /// How a view is joined; none of the base.
    pub(super) fn condition(&self, alias: &str) -> Option<&'a JoinCondition> {
        let bound = self.explore.views.get(alias)?;
        bound.join.as_ref().map(|join| &join.condition)
    }

    /// Whether a view stands there with its fields only.
    pub(super) fn is_without_table(&self, alias: &str) -> bool {
        self.condition(alias) == Some(&JoinCondition::NoTable)
    }
}

impl<'a> JoinSurvey<'a> {
    fn of(explore: &'a Explore, name: &str, node: &'a Node) -> Self {
        let nodes = node.children();
        let condition = explore
            .views
            .get(name)
            .and_then(|bound| bound.join.as_ref());
        let condition = match condition.map(|join| &join.condition) {
            Some(JoinCondition::On(_)) => sql(nodes, "sql_on", Role::Row),
            Some(JoinCondition::Clause(_)) => sql(nodes, "sql", Role::Row),
            Some(JoinCondition::ForeignKey(_)) => self::name(nodes, "foreign_key", Role::Dimension),
            _ => Vec::new(),
        };
        Self {
            node,
            condition,
            references: sql(nodes, "sql_where", Role::Row),
        }
    }
}

/// What a field mentions.
fn of_field<'a>(kind: &Kind, node: &'a Node) -> Vec<Reference<'a>> {
    let nodes = node.children();
    let type_name = last(nodes, "type").and_then(Node::text);
    let role = role_of_sql(kind, type_name.unwrap_or(kind.default_type()));
    let mut found = Vec::new();
    found.extend(role.into_iter().flat_map(|role| sql(nodes, "sql", role)));
    for key in [
        "sql_start",
        "sql_end",
        "sql_latitude",
        "sql_longitude",
        "sql_distinct_key",
    ] {
        found.extend(sql(nodes, key, Role::Row));
    }
    let cases = crate::resolve::blocks(nodes, "case");
    let whens = cases.flat_map(|(_, case)| crate::resolve::blocks(case.children(), "when"));
    found.extend(whens.flat_map(|(_, when)| sql(when.children(), "sql", Role::Row)));
    if kind.name == "measure" {
        found.extend(filters(nodes, Role::Filter));
    }
    found.extend(liquid(nodes));
    found.extend(names(nodes, "drill_fields", Role::Drill));
    found.extend(names(nodes, "required_fields", Role::Field));
    found.extend(name(nodes, "order_by_field", Role::Field));
    found.extend(name(nodes, "label_from_parameter", Role::Field));
    found.extend(name(nodes, "list_field", Role::Dimension));
    for key in [
        "start_location_field",
        "end_location_field",
        "based_on_time",
    ] {
        found.extend(name(nodes, key, Role::Dimension));
    }
    found.extend(name(nodes, "based_on", Role::Field));
    if last(nodes, "suggest_explore").is_none() {
        found.extend(name(nodes, "suggest_dimension", Role::Variable));
    }
    found
}

/// What the SQL of a field is over; none where it is passed over.
fn role_of_sql(kind: &Kind, type_name: &str) -> Option<Role> {
    match (kind.name, type_name) {
        ("measure", "count" | "list") => None,
        ("measure", "number" | "int" | "string" | "yesno" | "running_total") => Some(Role::Group),
        ("measure", "percent_of_total" | "percent_of_previous") => Some(Role::Group),
        ("measure", name) if crate::Timeframe::of_type(name).is_some() => Some(Role::Group),
        _ => Some(Role::Row),
    }
}

/// What the templates of a field mention.
fn liquid(nodes: &[Node]) -> Vec<Reference<'_>> {
    let links = crate::resolve::blocks(nodes, "link");
    let links = links.flat_map(|(_, node)| node.children());
    let texts = nodes
        .iter()
        .filter(|node| matches!(node.key.as_str(), "html" | "label" | "description"));
    let texts = texts.chain(links);
    texts
        .filter_map(|node| Some((node.text()?, &node.place)))
        .flat_map(|(text, place)| references::of_liquid(text, place))
        .collect()
}

/// What the table of a view mentions.
fn of_table(object: &Object) -> Vec<Reference<'_>> {
    let nodes = object.nodes.as_slice();
    let derived = last(nodes, "derived_table").map(Node::children);
    let mut found = sql(nodes, "sql_table_name", Role::Table);
    found.extend(sql(derived.unwrap_or_default(), "sql", Role::Table));
    found
}

fn sql<'a>(nodes: &'a [Node], key: &str, role: Role) -> Vec<Reference<'a>> {
    match last(nodes, key).map(|node| (&node.value, &node.place)) {
        Some((NodeValue::Expression(text), place)) => references::of_text(text, role, place),
        _ => Vec::new(),
    }
}

/// A parameter that is the name of a field.
pub(super) fn name<'a>(nodes: &'a [Node], key: &str, role: Role) -> Vec<Reference<'a>> {
    let node = last(nodes, key);
    let named = node.and_then(|node| Some(Reference::named(node.text()?, role, &node.place)));
    let named = named.filter(|reference| is_name(&reference.written));
    named.into_iter().collect()
}

/// A list of names of fields.
pub(super) fn names<'a>(nodes: &'a [Node], key: &str, role: Role) -> Vec<Reference<'a>> {
    let items = items(nodes, key).iter();
    let items = items.filter(|item| item.key.is_none() && is_name(&item.text));
    items
        .map(|item| Reference::named(&item.text, role, &item.place))
        .collect()
}

/// The elements of a list.
pub(super) fn items<'a>(nodes: &'a [Node], key: &str) -> &'a [ListItem] {
    match last(nodes, key).map(|node| &node.value) {
        Some(NodeValue::List(items)) => items,
        _ => &[],
    }
}

/// The fields of filters, in both spellings.
pub(super) fn filters(nodes: &[Node], role: Role) -> Vec<Reference<'_>> {
    let mut found = Vec::new();
    for node in nodes.iter().filter(|node| node.key == "filters") {
        match &node.value {
            NodeValue::List(items) => found.extend(items.iter().filter_map(|item| {
                let field = item.key.as_deref()?;
                is_name(field).then(|| Reference::named(field, role, &item.place))
            })),
            NodeValue::Block { children, .. } => found.extend(name(children, "field", role)),
            _ => {}
        }
    }
    found
}

/// The fields of sorts, in both spellings.
pub(super) fn sorts(nodes: &[Node]) -> Vec<Reference<'_>> {
    let mut found = Vec::new();
    for node in nodes {
        match (node.key.as_str(), &node.value) {
            ("sorts", NodeValue::List(items)) => found.extend(items.iter().map(|item| {
                let field = item.key.as_deref().unwrap_or(&item.text);
                Reference::named(field, Role::Field, &item.place)
            })),
            ("sort", NodeValue::Block { children, .. }) => {
                found.extend(name(children, "field", Role::Field));
            }
            _ => {}
        }
    }
    found
}

/// Whether a text names a field, and neither a set nor what is known later.
fn is_name(text: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
    !text.is_empty() && text.chars().all(is_part)
}

/// Where the value of a parameter stands.
pub(super) fn place<'a>(nodes: &'a [Node], key: &str) -> Option<&'a Place> {
    last(nodes, key).map(|node| &node.place)
}
