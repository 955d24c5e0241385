//! `catalog`: the names behind ids.

use peloton_api::models::{CatalogEntry, MetadataMappings};
use warehouse::schema::ColumnType as T;

use crate::transform::bundle::CatalogAnswers;
use crate::transform::definition::{Source, TableOf};
use crate::transform::rows::{Report, Rows};

pub(in crate::transform) enum Catalog {}

impl Source for Catalog {
    type Row<'a> = EntryRow<'a>;
}

/// One entry of one lookup list.
#[derive(Debug)]
pub(in crate::transform) struct EntryRow<'a> {
    kind: &'a str,
    position: i64,
    entry: &'a CatalogEntry,
    fetched_at: jiff::Timestamp,
}

/// Instructors are a table of their own.
const NOT_HERE: &str = "instructors";

pub(in crate::transform) fn add(rows: &mut Rows, answers: &CatalogAnswers<'_>) {
    let Some(answer) = answers.metadata_mappings else {
        return;
    };
    let mut report = Report::new(&mut rows.problems, "catalog", "metadata_mappings");
    let Some(mappings) = report.read::<MetadataMappings>("metadata_mappings", Some(answer)) else {
        return;
    };
    for (kind, list) in mappings.lists.iter().filter(|(kind, _)| *kind != NOT_HERE) {
        rows.tables.catalog.replace(kind, true);
        for (position, entry) in (1..).zip(list) {
            let row = EntryRow {
                kind,
                position,
                entry,
                fetched_at: answer.fetched_at,
            };
            rows.tables.catalog.push(&row, kind, &mut rows.problems);
        }
    }
}

pub(in crate::transform) fn definition() -> TableOf<Catalog> {
    TableOf::<Catalog>::new(
        "catalog",
        "one entry of one of Peloton's lookup lists",
        "Class types, disciplines, devices, difficulty levels, …: data, not a fixed set.",
        &["kind", "position"],
        "kind",
    )
    .column(
        "kind",
        T::String,
        "",
        "The list, as the API calls it: `class_types`, …",
        |e| e.kind.into(),
    )
    .column(
        "position",
        T::Int64,
        "",
        "Place in the list, from 1.",
        |e| e.position.into(),
    )
    .column(
        "id",
        T::String,
        "",
        "What other tables refer to: id, else slug, value, device type.",
        |e| {
            let entry = e.entry;
            super::first([
                &entry.id,
                &entry.slug,
                &entry.value,
                &entry.device_type,
                &entry.fitness_discipline,
            ])
            .into()
        },
    )
    .column("name", T::String, "", "The name for showing.", |e| {
        let entry = e.entry;
        super::first([&entry.display_name, &entry.name, &entry.title]).into()
    })
    .column(
        "fitness_discipline",
        T::String,
        "",
        "Of a class type: its discipline.",
        |e| (&e.entry.fitness_discipline).into(),
    )
    .column("is_active", T::Bool, "", "Whether it is in use.", |e| {
        (&e.entry.is_active).into()
    })
    .column(
        "fetched_at",
        T::Timestamp,
        "",
        "When the catalogue was fetched, UTC.",
        |e| e.fetched_at.into(),
    )
}
