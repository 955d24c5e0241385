//! Who may see what, the names that fields had once, and lists of fields: laid over what is drawn already.

use crate::chance::Chance;
use crate::model::expression::FieldName;
use crate::model::lists::{ListItem, Listed};
use crate::model::{Explore, Grant, Model, View};

/// Fields that others read, that conditions are about, or that columns of derived tables are.
const NEEDED: [&str; 9] = [
    "id",
    "kind",
    "amount",
    "score",
    "flag",
    "count",
    "total",
    "n",
    "parent_id",
];

pub(super) fn grants() -> Vec<Grant> {
    let grant = |name, allowed: &[&'static str]| Grant {
        name,
        attribute: "role",
        allowed: allowed.to_vec(),
    };
    vec![
        grant("staff", &["boss", "clerk"]),
        grant("chiefs", &["boss"]),
    ]
}

/// What is known of the person who asks.
pub(super) fn attributes(chance: &mut Chance) -> Vec<(String, String)> {
    let kind = chance.pick(&["a", "b", "a,b", "100%"]);
    let role = chance.pick(&[
        "boss",
        "boss",
        "boss",
        "clerk",
        "clerk",
        "boss,clerk",
        "%",
        "",
    ]);
    let mut attributes = vec![("kind".to_owned(), kind.to_owned())];
    if !role.is_empty() {
        attributes.push(("role".to_owned(), role.to_owned()));
    }
    attributes
}

/// Fields and groups of fields that nothing else needs.
fn spare(view: &View) -> Vec<String> {
    let filters = view.measures.iter().flat_map(|measure| &measure.filters);
    let filtered: Vec<&String> = filters.map(|(field, _)| &field.name).collect();
    let dimensions = view.dimensions.iter().map(|field| &field.name);
    let names = dimensions.chain(view.measures.iter().map(|field| &field.name));
    let is_spare = |name: &&String| {
        let is_key = name.ends_with("_id");
        !is_key && !NEEDED.contains(&name.as_str()) && !filtered.contains(name)
    };
    let is_filtered = |group: &String| {
        let parts = view.all_dimensions().into_iter();
        let mut parts = parts.filter(|part| part.group.as_ref() == Some(group));
        parts.any(|part| filtered.contains(&&part.name))
    };
    let groups = view.times.iter().map(|group| &group.name);
    let groups = groups.filter(|name| !["created", "ended"].contains(&name.as_str()));
    let groups = groups.filter(|name| !is_filtered(name));
    names.filter(is_spare).chain(groups).cloned().collect()
}

/// Grants, old names, sets; then the lists of the first explore, which use them.
pub(super) fn cover(model: &mut Model, chance: &mut Chance) {
    for view in &mut model.views {
        cover_fields(view, chance);
        if view.name != "v0" && chance.percent(12) {
            view.grants = some_grants(chance);
        }
        if chance.percent(50) {
            view.sets = sets(view, chance);
        }
    }
    let explore = &mut model.explores[0];
    for join in &mut explore.joins {
        if chance.percent(12) {
            join.grants = some_grants(chance);
        }
        if chance.percent(25) {
            let view = view_of(&model.views, &join.view);
            join.fields = Some(join_fields(view, chance));
        }
    }
    if chance.percent(16) {
        explore.grants = some_grants(chance);
    }
    if chance.percent(40) {
        explore.fields = Some(explore_fields(explore, &model.views, chance));
    }
}

fn cover_fields(view: &mut View, chance: &mut Chance) {
    let spare = spare(view);
    let old = |name: &str, chance: &mut Chance| chance.percent(20).then(|| format!("old_{name}"));
    for dimension in &mut view.dimensions {
        dimension.old_name = old(&dimension.name, chance);
        if spare.contains(&dimension.name) && chance.percent(15) {
            dimension.grants = some_grants(chance);
        }
    }
    for group in &mut view.times {
        if spare.contains(&group.name) && chance.percent(15) {
            group.grants = some_grants(chance);
        }
    }
    for measure in &mut view.measures {
        measure.old_name = old(&measure.name, chance);
        if spare.contains(&measure.name) && chance.percent(12) {
            measure.grants = some_grants(chance);
        }
    }
}

fn some_grants(chance: &mut Chance) -> Vec<&'static str> {
    match chance.below(4) {
        0 => vec!["chiefs"],
        1 => vec!["staff", "chiefs"],
        _ => vec!["staff"],
    }
}

fn view_of<'a>(views: &'a [View], name: &str) -> &'a View {
    let mut views = views.iter();
    views.find(|view| view.name == name).expect("a view")
}

fn own(name: &str) -> FieldName {
    FieldName::own(name)
}

/// `odd` has what may be left out, the others leave out some of it.
fn sets(view: &View, chance: &mut Chance) -> Vec<(String, Vec<ListItem>)> {
    let spare = spare(view);
    let field = |name: &String| Listed::Field(own(name));
    let odd = chance.some(&spare, 3);
    if odd.is_empty() {
        return Vec::new();
    }
    let odd_items = odd.iter().map(field).map(ListItem::plus).collect();
    let mut more = vec![ListItem::plus(Listed::Set(own("odd")))];
    more.extend(chance.some(&spare, 2).iter().map(field).map(ListItem::plus));
    let without_odd = ListItem::minus(Listed::Set(own("odd")));
    let rest = match chance.percent(50) {
        true => vec![without_odd],
        false => vec![ListItem::plus(Listed::All), without_odd],
    };
    let mut most = vec![ListItem::plus(Listed::All)];
    most.extend(
        chance
            .some(&spare, 2)
            .iter()
            .map(field)
            .map(ListItem::minus),
    );
    let mut sets = vec![
        ("odd".to_owned(), odd_items),
        ("more_odd".to_owned(), more),
        ("rest".to_owned(), rest),
        ("most".to_owned(), most),
    ];
    chance.shuffle(&mut sets);
    sets
}

/// Sets of a view that leave nothing out that others need.
fn wide_sets(view: &View) -> &'static [&'static str] {
    match view.sets.is_empty() {
        true => &[],
        false => &["rest", "most"],
    }
}

fn join_fields(view: &View, chance: &mut Chance) -> Vec<ListItem> {
    let spare = spare(view);
    let minus = |name: &String| ListItem::minus(Listed::Field(own(name)));
    let mut items = Vec::new();
    match (wide_sets(view), chance.below(3)) {
        ([_, ..], 0) => items.push(ListItem::minus(Listed::Set(own("odd")))),
        (sets @ [_, ..], 1) => items.push(ListItem::plus(Listed::Set(own(chance.pick(sets))))),
        (_, 0) => {}
        _ => items.push(ListItem::plus(Listed::All)),
    }
    items.extend(chance.some(&spare, 2).iter().map(minus));
    if items.is_empty() {
        items.push(ListItem::plus(Listed::All));
    }
    items
}

fn explore_fields(explore: &Explore, views: &[View], chance: &mut Chance) -> Vec<ListItem> {
    let mut items = Vec::new();
    let aliases = explore.aliases();
    match chance.below(3) {
        0 => items.push(ListItem::plus(Listed::All)),
        1 => {}
        _ => items.extend(aliases.iter().map(|(alias, view)| {
            let wide = wide_sets(view_of(views, view));
            ListItem::plus(match wide.is_empty() || chance.percent(50) {
                true => Listed::View((*alias).to_owned()),
                false => Listed::Set(FieldName::of(alias, chance.pick(wide))),
            })
        })),
    }
    for (alias, view) in aliases {
        let view = view_of(views, view);
        if !view.sets.is_empty() && chance.percent(40) {
            let set = chance.pick(&["odd", "more_odd"]);
            items.push(ListItem::minus(Listed::Set(FieldName::of(alias, set))));
        }
        let spare = chance.some(&spare(view), 1);
        let minus = |name: &String| ListItem::minus(Listed::Field(FieldName::of(alias, name)));
        items.extend(spare.iter().map(minus));
    }
    if items.is_empty() {
        items.push(ListItem::plus(Listed::All));
    }
    items
}
