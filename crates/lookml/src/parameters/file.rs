//! What stands at the top of a file, and in the manifest.

use super::Level::{Accept, Run, Show};
use super::Shape::{Any, Block, Choice, Expression, Integer, Name, Number, Text, Texts, YesNo};
use super::explore::EXPLORE;
use super::view::{EXPLORE_SOURCE, VIEW};
use super::{Kind, Naming, Parameter};

/// `manifest.lkml`
pub static MANIFEST: Kind = Kind {
    name: "manifest",
    naming: Naming::None,
    types: &[],
    groups: &[&[
        Parameter::new("project_name", Text, Show, Show),
        Parameter::new("constant", Block(&CONSTANT), Run, Run).repeated(),
        Parameter::new("local_dependency", Block(&LOCAL_DEPENDENCY), Run, Run).repeated(),
        Parameter::new(
            "remote_dependency",
            Block(&REMOTE_DEPENDENCY),
            Accept,
            Accept,
        )
        .repeated(),
        Parameter::new("new_lookml_runtime", YesNo, Accept, Accept),
        Parameter::new(
            "localization_settings",
            Block(&LOCALIZATION_SETTINGS),
            Accept,
            Accept,
        ),
        Parameter::new("visualization", Block(&VISUALIZATION), Accept, Accept).repeated(),
        Parameter::new("application", Block(&APPLICATION), Accept, Accept).repeated(),
    ]],
};

static CONSTANT: Kind = Kind {
    name: "constant",
    naming: Naming::AnyCase,
    types: &[],
    groups: &[&[
        Parameter::new("value", Text, Run, Run).required(),
        Parameter::new("export", Choice(EXPORTS), Accept, Accept),
    ]],
};

const EXPORTS: &[&str] = &["none", "override_optional", "override_required"];

static LOCAL_DEPENDENCY: Kind = Kind {
    name: "local_dependency",
    naming: Naming::None,
    types: &[],
    groups: &[&[
        Parameter::new("project", Text, Run, Run).required(),
        Parameter::new("override_constant", Block(&OVERRIDE_CONSTANT), Run, Run).repeated(),
    ]],
};

static REMOTE_DEPENDENCY: Kind = Kind {
    name: "remote_dependency",
    naming: Naming::AnyCase,
    types: &[],
    groups: &[&[
        Parameter::new("url", Text, Accept, Accept),
        Parameter::new("ref", Text, Accept, Accept),
        Parameter::new(
            "override_constant",
            Block(&OVERRIDE_CONSTANT),
            Accept,
            Accept,
        )
        .repeated(),
    ]],
};

static OVERRIDE_CONSTANT: Kind = Kind {
    name: "override_constant",
    naming: Naming::Reference,
    types: &[],
    groups: &[&[Parameter::new("value", Text, Run, Run).required()]],
};

static LOCALIZATION_SETTINGS: Kind = Kind {
    name: "localization_settings",
    naming: Naming::None,
    types: &[],
    groups: &[&[
        Parameter::new("default_locale", Text, Accept, Accept),
        Parameter::new(
            "localization_level",
            Choice(&["strict", "permissive"]),
            Accept,
            Accept,
        ),
    ]],
};

static VISUALIZATION: Kind = Kind {
    name: "visualization",
    naming: Naming::None,
    types: &[],
    groups: &[&[
        Parameter::new("id", Text, Accept, Accept),
        Parameter::new("label", Text, Accept, Accept),
        Parameter::new("file", Text, Accept, Accept),
        Parameter::new("url", Text, Accept, Accept),
        Parameter::new("sri_hash", Text, Accept, Accept),
        Parameter::new("dependencies", Texts, Accept, Accept),
    ]],
};

static APPLICATION: Kind = Kind {
    name: "application",
    naming: Naming::AnyCase,
    types: &[],
    groups: &[&[
        Parameter::new("label", Text, Accept, Accept),
        Parameter::new("url", Text, Accept, Accept),
        Parameter::new("file", Text, Accept, Accept),
        Parameter::new("uri", Text, Accept, Accept),
        Parameter::new("definition_version", Text, Accept, Accept),
        Parameter::new("sri_hash", Text, Accept, Accept),
        Parameter::new("entitlements", Any, Accept, Accept),
        Parameter::new("mount_points", Any, Accept, Accept),
    ]],
};

/// A model, or any other file of LookML: which of them it is changes nothing.
pub static FILE: Kind = Kind {
    name: "model",
    naming: Naming::None,
    types: &[],
    groups: &[&[
        Parameter::new("connection", Text, Run, Run),
        Parameter::new("include", Text, Run, Run).repeated(),
        Parameter::new("explore", Block(&EXPLORE), Run, Run).repeated(),
        Parameter::new("view", Block(&VIEW), Run, Run).repeated(),
        Parameter::new("label", Text, Show, Show),
        Parameter::new("week_start_day", Choice(DAYS), Run, Run),
        Parameter::new("fiscal_month_offset", Integer, Run, Run),
        Parameter::new("case_sensitive", YesNo, Run, Run),
        Parameter::new("named_value_format", Block(&NAMED_VALUE_FORMAT), Run, Run).repeated(),
        Parameter::new("access_grant", Block(&ACCESS_GRANT), Run, Run).repeated(),
        Parameter::new("datagroup", Block(&DATAGROUP), Accept, Accept).repeated(),
        Parameter::new("persist_with", Name, Accept, Accept),
        Parameter::new("persist_for", Text, Accept, Accept),
        Parameter::new("test", Block(&TEST), Run, Run).repeated(),
        Parameter::new("map_layer", Block(&MAP_LAYER), Accept, Accept).repeated(),
        Parameter::new("sql_preamble", Expression, Accept, Accept),
    ]],
};

const DAYS: &[&str] = &[
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

static NAMED_VALUE_FORMAT: Kind = Kind {
    name: "named_value_format",
    naming: Naming::Declared,
    types: &[],
    groups: &[&[
        Parameter::new("value_format", Text, Run, Run).required(),
        Parameter::new("strict_value_format", YesNo, Run, Accept),
    ]],
};

static ACCESS_GRANT: Kind = Kind {
    name: "access_grant",
    naming: Naming::Declared,
    types: &[],
    groups: &[&[
        Parameter::new("user_attribute", Name, Run, Run).required(),
        Parameter::new("allowed_values", Texts, Run, Run).required(),
    ]],
};

static DATAGROUP: Kind = Kind {
    name: "datagroup",
    naming: Naming::Declared,
    types: &[],
    groups: &[&[
        Parameter::new("label", Text, Accept, Accept),
        Parameter::new("description", Text, Accept, Accept),
        Parameter::new("sql_trigger", Expression, Accept, Accept),
        Parameter::new("interval_trigger", Text, Accept, Accept),
        Parameter::new("max_cache_age", Text, Accept, Accept),
    ]],
};

static MAP_LAYER: Kind = Kind {
    name: "map_layer",
    naming: Naming::Declared,
    types: &[],
    groups: &[&[
        Parameter::new("label", Text, Accept, Accept),
        Parameter::new("file", Text, Accept, Accept),
        Parameter::new("url", Text, Accept, Accept),
        Parameter::new("extents_json_url", Text, Accept, Accept),
        Parameter::new("feature_key", Text, Accept, Accept),
        Parameter::new(
            "format",
            Choice(&["topojson", "vector_tile_region"]),
            Accept,
            Accept,
        ),
        Parameter::new("max_zoom_level", Number, Accept, Accept),
        Parameter::new("min_zoom_level", Number, Accept, Accept),
        Parameter::new("projection", Text, Accept, Accept),
        Parameter::new("property_key", Text, Accept, Accept),
        Parameter::new("property_label_key", Text, Accept, Accept),
    ]],
};

static TEST: Kind = Kind {
    name: "test",
    naming: Naming::Declared,
    types: &[],
    groups: &[&[
        Parameter::new("explore_source", Block(&EXPLORE_SOURCE), Run, Run).required(),
        Parameter::new("assert", Block(&ASSERT), Run, Run)
            .repeated()
            .required(),
    ]],
};

static ASSERT: Kind = Kind {
    name: "assert",
    naming: Naming::Declared,
    types: &[],
    groups: &[&[Parameter::new("expression", Expression, Run, Run).required()]],
};
