//! Explores and their joins.

use super::Level::{Accept, Run, Show, Unsupported};
use super::Shape::{
    Block, Choice, Expression, Filters, Integer, Name, Names, Sorts, Text, Texts, YesNo,
};
use super::view::PERSISTENCE;
use super::{Kind, Naming, Parameter};

/// An explore.
pub static EXPLORE: Kind = Kind {
    name: "explore",
    naming: Naming::Declared,
    types: &[],
    groups: &[&[
        Parameter::new("from", Name, Run, Run),
        Parameter::new("view_name", Name, Run, Run),
        Parameter::new("join", Block(&JOIN), Run, Run).repeated(),
        Parameter::new("fields", Names, Run, Run),
        Parameter::new("sql_always_where", Expression, Run, Run),
        Parameter::new("sql_always_having", Expression, Run, Run),
        Parameter::new("always_filter", Block(&ALWAYS_FILTER), Run, Run),
        Parameter::new(
            "conditionally_filter",
            Block(&CONDITIONALLY_FILTER),
            Run,
            Run,
        ),
        Parameter::new("access_filter", Block(&ACCESS_FILTER), Run, Run).repeated(),
        Parameter::new("always_join", Names, Run, Run),
        Parameter::new("extends", Names, Run, Run),
        Parameter::new("extension", Choice(&["required"]), Run, Run),
        Parameter::new("final", YesNo, Run, Run),
        Parameter::new("label", Text, Show, Show),
        Parameter::new("group_label", Text, Show, Show),
        Parameter::new("description", Text, Show, Show),
        Parameter::new("view_label", Text, Show, Show),
        Parameter::new("hidden", YesNo, Show, Show),
        Parameter::new("tags", Texts, Show, Show),
        Parameter::new("sql_table_name", Expression, Run, Run),
        Parameter::new("symmetric_aggregates", YesNo, Run, Run),
        Parameter::new("cancel_grouping_fields", Names, Run, Run),
        Parameter::new("case_sensitive", YesNo, Run, Run),
        Parameter::new("query", Block(&QUERY), Show, Show).repeated(),
        Parameter::new("aggregate_table", Block(&AGGREGATE_TABLE), Accept, Accept).repeated(),
        Parameter::new("persist_for", Text, Accept, Accept),
        Parameter::new("persist_with", Name, Accept, Accept),
        Parameter::new("required_access_grants", Names, Run, Run),
        Parameter::new("sql_preamble", Expression, Accept, Accept),
    ]],
};

/// A join of an explore.
pub static JOIN: Kind = Kind {
    name: "join",
    naming: Naming::Declared,
    types: &[],
    groups: &[&[
        Parameter::new("sql_on", Expression, Run, Run),
        Parameter::new("type", Choice(JOIN_TYPES), Run, Run),
        Parameter::new("relationship", Choice(RELATIONSHIPS), Run, Run),
        Parameter::new("from", Name, Run, Run),
        Parameter::new("foreign_key", Name, Run, Run),
        Parameter::new("sql", Expression, Run, Run),
        Parameter::new("fields", Names, Run, Run),
        Parameter::new("view_label", Text, Show, Show),
        Parameter::new("required_joins", Names, Run, Run),
        Parameter::new("sql_where", Expression, Run, Run),
        Parameter::new("sql_table_name", Expression, Run, Run),
        Parameter::new("outer_only", YesNo, Run, Accept),
        Parameter::new("required_access_grants", Names, Run, Run),
        Parameter::new("sql_foreign_key", Expression, Unsupported, Unsupported),
        Parameter::new("sql_having", Expression, Unsupported, Unsupported),
    ]],
};

const JOIN_TYPES: &[&str] = &["left_outer", "inner", "full_outer", "cross"];

const RELATIONSHIPS: &[&str] = &["many_to_one", "one_to_one", "one_to_many", "many_to_many"];

static ALWAYS_FILTER: Kind = Kind {
    name: "always_filter",
    naming: Naming::None,
    types: &[],
    groups: &[&[Parameter::new("filters", Filters, Run, Run)
        .repeated()
        .required()]],
};

static CONDITIONALLY_FILTER: Kind = Kind {
    name: "conditionally_filter",
    naming: Naming::None,
    types: &[],
    groups: &[&[
        Parameter::new("filters", Filters, Run, Run)
            .repeated()
            .required(),
        Parameter::new("unless", Names, Run, Run),
    ]],
};

static ACCESS_FILTER: Kind = Kind {
    name: "access_filter",
    naming: Naming::None,
    types: &[],
    groups: &[&[
        Parameter::new("field", Name, Run, Run).required(),
        Parameter::new("user_attribute", Name, Run, Run).required(),
    ]],
};

static QUERY: Kind = Kind {
    name: "query",
    naming: Naming::Declared,
    types: &[],
    groups: &[
        &[
            Parameter::new("label", Text, Show, Show),
            Parameter::new("description", Text, Show, Show),
        ],
        QUERIED,
    ],
};

/// What is asked in a query that stands in an explore.
const QUERIED: &[Parameter] = &[
    Parameter::new("dimensions", Names, Show, Show),
    Parameter::new("measures", Names, Show, Show),
    Parameter::new("filters", Filters, Show, Show).repeated(),
    Parameter::new("sorts", Sorts, Show, Show).repeated(),
    Parameter::new("pivots", Names, Show, Show),
    Parameter::new("limit", Integer, Show, Show),
    Parameter::new("column_limit", Integer, Accept, Accept),
    Parameter::new("timezone", Text, Show, Show),
    Parameter::new("expression_custom_filter", Expression, Show, Show),
];

static AGGREGATE_TABLE: Kind = Kind {
    name: "aggregate_table",
    naming: Naming::Declared,
    types: &[],
    groups: &[&[
        Parameter::new("query", Block(&AGGREGATED), Accept, Accept),
        Parameter::new("materialization", Block(&MATERIALIZATION), Accept, Accept),
    ]],
};

static AGGREGATED: Kind = Kind {
    name: "query of an aggregate_table",
    naming: Naming::None,
    types: &[],
    groups: &[&[
        Parameter::new("dimensions", Names, Accept, Accept),
        Parameter::new("measures", Names, Accept, Accept),
        Parameter::new("filters", Filters, Accept, Accept).repeated(),
        Parameter::new("sorts", Sorts, Accept, Accept).repeated(),
        Parameter::new("pivots", Names, Accept, Accept),
        Parameter::new("limit", Integer, Accept, Accept),
        Parameter::new("timezone", Text, Accept, Accept),
        Parameter::new("expression_custom_filter", Expression, Accept, Accept),
    ]],
};

static MATERIALIZATION: Kind = Kind {
    name: "materialization",
    naming: Naming::None,
    types: &[],
    groups: &[PERSISTENCE],
};
