//! A model as LookML text and as tables.

mod explores;
mod expression;
mod fields;
mod tables;
mod views;

pub(crate) use expression::sql;
pub(crate) use tables::inserts;

use crate::chance::Chance;
use crate::model::World;

/// The files of a project: what stands where is drawn, what it means is not.
pub(crate) fn project(world: &World) -> Vec<(String, String)> {
    let mut chance = Chance::new(world.model.writing);
    let (views, layer) = views::views(&world.model, &mut chance);
    let (explores, explore_layer) = explores::explores(&world.model, &mut chance);
    let model = model_file(world);
    let mut files = vec![
        (
            "manifest.lkml".to_owned(),
            "project_name: \"random\"\nconstant: MAIN { value: \"main\" }\n".to_owned(),
        ),
        ("m.model.lkml".to_owned(), model),
        ("views/all.view.lkml".to_owned(), views),
        ("explores/all.explore.lkml".to_owned(), explores),
    ];
    files.push(("layers/later.layer.lkml".to_owned(), layer + &explore_layer));
    files
}

fn model_file(world: &World) -> String {
    let model = &world.model;
    let days = [
        "sunday",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
    ];
    let mut text = String::from("connection: \"duck\"\n");
    text += "include: \"/views/*.view\"\ninclude: \"/explores/*.explore\"\ninclude: \"/**/*.layer.lkml\"\n";
    text += &format!("week_start_day: {}\n", days[model.week_start as usize]);
    if model.fiscal_offset != 0 {
        text += &format!("fiscal_month_offset: {}\n", model.fiscal_offset);
    }
    for grant in &model.grants {
        let allowed = grant.allowed.join("\", \"");
        text += &format!(
            "access_grant: {} {{ user_attribute: {} allowed_values: [\"{allowed}\"] }}\n",
            grant.name, grant.attribute
        );
    }
    if !model.case_sensitive {
        text += "case_sensitive: no\n";
    }
    text
}

/// A block with its items, one a line.
pub(crate) fn block(head: &str, items: &[String]) -> String {
    let mut text = format!("{head} {{\n");
    for item in items {
        for line in item.lines() {
            text += &format!("  {line}\n");
        }
    }
    text + "}\n"
}

/// `name: "text"` pairs of a filter list.
pub(crate) fn filter_list(filters: &[(String, String)]) -> String {
    let pair =
        |(field, value): &(String, String)| format!("{field}: \"{}\"", value.replace('"', "\\\""));
    let pairs: Vec<String> = filters.iter().map(pair).collect();
    format!("filters: [{}]", pairs.join(", "))
}
