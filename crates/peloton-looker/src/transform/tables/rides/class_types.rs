//! `ride_class_types`: what kinds of class a class is.

use peloton_api::models::Field;
use warehouse::schema::ColumnType as T;

use super::Class;
use crate::transform::definition::{Source, TableOf};
use crate::transform::rows::Rows;

pub(in crate::transform) enum ClassTypes {}

impl Source for ClassTypes {
    type Row<'a> = TypeRow<'a>;
}

/// One type of one class.
#[derive(Debug)]
pub(in crate::transform) struct TypeRow<'a> {
    ride_id: &'a str,
    position: i64,
    id: &'a str,
    name: Option<&'a Field<String>>,
}

/// The details name the types; the copy inside a workout has their ids only.
pub(super) fn add(rows: &mut Rows, class: &Class<'_>) {
    let named = class.details.class_types.iter();
    let named = named.filter_map(|kind| Some((kind.id.as_deref()?, Some(&kind.name))));
    let ids = class
        .rides
        .iter()
        .flat_map(|ride| &ride.class_type_ids)
        .map(|id| (id.as_str(), None));
    let mut seen: Vec<&str> = Vec::new();
    for (id, name) in named.chain(ids) {
        if seen.contains(&id) {
            continue;
        }
        seen.push(id);
        let row = TypeRow {
            ride_id: class.id,
            position: seen.len() as i64,
            id,
            name,
        };
        rows.tables
            .ride_class_types
            .push(&row, class.id, &mut rows.problems);
    }
}

pub(in crate::transform) fn definition() -> TableOf<ClassTypes> {
    TableOf::<ClassTypes>::new(
        "ride_class_types",
        "one type of one class",
        "Types are data, not a fixed set: `catalog` has them all.",
        &["ride_id", "class_type_id"],
        "ride_id",
    )
    .column("ride_id", T::String, "", "The class.", |t| t.ride_id.into())
    .column(
        "position",
        T::Int64,
        "",
        "Place in Peloton's list, from 1.",
        |t| t.position.into(),
    )
    .column("class_type_id", T::String, "", "Which type.", |t| {
        t.id.into()
    })
    .column(
        "name",
        T::String,
        "",
        "Its name; NULL until the class's details were fetched.",
        |t| {
            t.name
                .map_or(crate::transform::column::Value::Null, Into::into)
        },
    )
}
