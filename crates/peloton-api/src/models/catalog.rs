//! `GET /api/ride/metadata_mappings`: the names behind ids.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Field, List};

/// The lookup lists by their key: `class_types`, `fitness_disciplines`, `device_type_display_names`, …
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(transparent)]
pub struct MetadataMappings {
    /// Each by the API's name for it.
    pub lists: BTreeMap<String, List<CatalogEntry>>,
}

/// One entry of a lookup list. Which field identifies it differs between lists.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct CatalogEntry {
    /// In lists whose entries have an id: class types.
    pub id: Field<String>,
    /// In lists whose entries have a short name instead of an id.
    pub slug: Field<String>,
    /// In lists whose entries are told apart by a value.
    pub value: Field<String>,
    /// In the list of devices: what [`Workout::device_type`](super::Workout::device_type) says.
    pub device_type: Field<String>,
    /// Name for showing; which of the three names an entry has differs between lists.
    pub name: Field<String>,
    /// Name for showing.
    pub display_name: Field<String>,
    /// Name for showing.
    pub title: Field<String>,
    /// Discipline of a class type.
    pub fitness_discipline: Field<String>,
    /// Whether it is in use.
    pub is_active: Field<bool>,
}
