//! `GET /api/ride/metadata_mappings`: the names behind ids.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Field, List};

/// The lookup lists by their key: `class_types`, `fitness_disciplines`, `device_type_display_names`, …
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct MetadataMappings {
    pub lists: BTreeMap<String, List<CatalogEntry>>,
}

/// One entry of a lookup list. Which field identifies it differs between lists.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct CatalogEntry {
    pub id: Field<String>,
    pub slug: Field<String>,
    pub value: Field<String>,
    pub device_type: Field<String>,
    pub name: Field<String>,
    pub display_name: Field<String>,
    pub title: Field<String>,
    pub fitness_discipline: Field<String>,
    pub is_active: Field<bool>,
}
