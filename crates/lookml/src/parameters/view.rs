//! Views, their derived tables and their sets.

use super::Level::{Accept, Run, Show, Unsupported};
use super::Shape::{Block, Choice, Expression, Filters, Integer, Name, Names, Sorts, Text, YesNo};
use super::field::{DIMENSION, DIMENSION_GROUP, FILTER, MEASURE, PARAMETER};
use super::{Kind, Naming, Parameter};

/// A view.
pub static VIEW: Kind = Kind {
    name: "view",
    naming: Naming::Declared,
    types: &[],
    groups: &[&[
        Parameter::new("sql_table_name", Expression, Run, Run),
        Parameter::new("derived_table", Block(&DERIVED_TABLE), Run, Run),
        Parameter::new("dimension", Block(&DIMENSION), Run, Run).repeated(),
        Parameter::new("dimension_group", Block(&DIMENSION_GROUP), Run, Run).repeated(),
        Parameter::new("measure", Block(&MEASURE), Run, Run).repeated(),
        Parameter::new("filter", Block(&FILTER), Run, Run).repeated(),
        Parameter::new("parameter", Block(&PARAMETER), Run, Run).repeated(),
        Parameter::new("set", Block(&SET), Run, Run).repeated(),
        Parameter::new("drill_fields", Names, Show, Show),
        Parameter::new("label", Text, Show, Show),
        Parameter::new("view_label", Text, Show, Show),
        Parameter::new("extends", Names, Run, Run),
        Parameter::new("extension", Choice(&["required"]), Run, Run),
        Parameter::new("final", YesNo, Run, Run),
        Parameter::new("fields_hidden_by_default", YesNo, Run, Run),
        Parameter::new("suggestions", YesNo, Show, Show),
        Parameter::new("required_access_grants", Names, Run, Run),
        Parameter::new("sql_preamble", Expression, Accept, Accept),
    ]],
};

static SET: Kind = Kind {
    name: "set",
    naming: Naming::Declared,
    types: &[],
    groups: &[&[Parameter::new("fields", Names, Run, Run)]],
};

/// A table that a view makes for itself.
pub static DERIVED_TABLE: Kind = Kind {
    name: "derived_table",
    naming: Naming::None,
    types: &[],
    groups: &[
        &[
            Parameter::new("sql", Expression, Run, Run),
            Parameter::new("explore_source", Block(&EXPLORE_SOURCE), Run, Run),
            Parameter::new("sql_create", Expression, Unsupported, Unsupported),
            Parameter::new("sql_step", Expression, Unsupported, Unsupported).repeated(),
            Parameter::new(
                "create_process",
                Block(&CREATE_PROCESS),
                Unsupported,
                Unsupported,
            ),
        ],
        PERSISTENCE,
    ],
};

/// How a table is kept: it is not, it is computed in the query.
pub(crate) const PERSISTENCE: &[Parameter] = &[
    Parameter::new("datagroup_trigger", Name, Accept, Accept),
    Parameter::new("sql_trigger_value", Expression, Accept, Accept),
    Parameter::new("interval_trigger", Text, Accept, Accept),
    Parameter::new("persist_for", Text, Accept, Accept),
    Parameter::new("materialized_view", YesNo, Accept, Accept),
    Parameter::new("publish_as_db_view", YesNo, Accept, Accept),
    Parameter::new("partition_keys", Names, Accept, Accept),
    Parameter::new("cluster_keys", Names, Accept, Accept),
    Parameter::new("indexes", Names, Accept, Accept),
    Parameter::new("sortkeys", Names, Accept, Accept),
    Parameter::new("distribution", Text, Accept, Accept),
    Parameter::new("distribution_style", Text, Accept, Accept),
    Parameter::new("table_compression", Text, Accept, Accept),
    Parameter::new("table_format", Text, Accept, Accept),
    Parameter::new("increment_key", Text, Accept, Accept),
    Parameter::new("increment_offset", Integer, Accept, Accept),
];

static CREATE_PROCESS: Kind = Kind {
    name: "create_process",
    naming: Naming::None,
    types: &[],
    groups: &[&[Parameter::new("sql_step", Expression, Unsupported, Unsupported).repeated()]],
};

/// A query of an explore: a native derived table, or what a test looks at.
pub static EXPLORE_SOURCE: Kind = Kind {
    name: "explore_source",
    naming: Naming::Reference,
    types: &[],
    groups: &[&[
        Parameter::new("column", Block(&COLUMN), Run, Run).repeated(),
        Parameter::new("derived_column", Block(&DERIVED_COLUMN), Run, Run).repeated(),
        Parameter::new("filters", Filters, Run, Run).repeated(),
        Parameter::new("bind_filters", Block(&BIND_FILTERS), Run, Run).repeated(),
        Parameter::new("bind_all_filters", YesNo, Run, Run),
        Parameter::new("sorts", Sorts, Run, Run).repeated(),
        Parameter::new("sort", Block(&SORT), Run, Run).repeated(),
        Parameter::new("limit", Integer, Run, Run),
        Parameter::new("timezone", Text, Run, Run),
        Parameter::new("expression_custom_filter", Expression, Run, Run),
        Parameter::new("dev_filters", Filters, Accept, Accept).repeated(),
    ]],
};

static COLUMN: Kind = Kind {
    name: "column",
    naming: Naming::Declared,
    types: &[],
    groups: &[&[Parameter::new("field", Name, Run, Run)]],
};

static DERIVED_COLUMN: Kind = Kind {
    name: "derived_column",
    naming: Naming::Declared,
    types: &[],
    groups: &[&[Parameter::new("sql", Expression, Run, Run).required()]],
};

static BIND_FILTERS: Kind = Kind {
    name: "bind_filters",
    naming: Naming::None,
    types: &[],
    groups: &[&[
        Parameter::new("from_field", Name, Run, Run).required(),
        Parameter::new("to_field", Name, Run, Run).required(),
    ]],
};

static SORT: Kind = Kind {
    name: "sort",
    naming: Naming::None,
    types: &[],
    groups: &[&[
        Parameter::new("field", Name, Run, Run).required(),
        Parameter::new("desc", YesNo, Run, Run),
    ]],
};
