//! Dimensions, dimension groups, measures, filters and parameters.

use super::Level::{Accept, Run, Show, Unsupported};
use super::Shape::{
    Block, Choice, Expression, Filters, Integer, Intervals, Name, Names, Number, Numbers, Text,
    Texts, Timeframes, Type, YesNo,
};
use super::{FieldType, Kind, Naming, Parameter};

/// All kinds of fields.
pub static FIELDS: [&Kind; 5] = [&DIMENSION, &DIMENSION_GROUP, &MEASURE, &FILTER, &PARAMETER];

/// A dimension.
pub static DIMENSION: Kind = Kind {
    name: "dimension",
    naming: Naming::Declared,
    types: &[
        FieldType::new("string", Run, Run),
        FieldType::new("number", Run, Run),
        FieldType::new("int", Run, Run),
        FieldType::new("yesno", Run, Run),
        FieldType::new("zipcode", Run, Run),
        FieldType::new("date", Run, Run),
        FieldType::new("date_*", Run, Run),
        FieldType::new("duration_*", Run, Run),
        FieldType::new("tier", Run, Run),
        FieldType::new("bin", Run, Run),
        FieldType::new("location", Show, Show),
        FieldType::new("distance", Unsupported, Unsupported),
    ],
    groups: &[
        &[
            Parameter::new("type", Type, Run, Run),
            Parameter::new("sql", Expression, Run, Run),
            Parameter::new("primary_key", YesNo, Run, Run),
            Parameter::new("case", Block(&CASE), Run, Run),
            Parameter::new("tiers", Numbers, Run, Run)
                .only(TIER)
                .required_for(TIER),
            Parameter::new("bins", Numbers, Run, Run)
                .only(BIN)
                .required_for(BIN),
            Parameter::new("style", Choice(STYLES), Run, Run).only(&["tier", "bin"]),
            Parameter::new("sql_start", Expression, Run, Run)
                .only(DURATION_DIMENSION)
                .required_for(DURATION_DIMENSION),
            Parameter::new("sql_end", Expression, Run, Run)
                .only(DURATION_DIMENSION)
                .required_for(DURATION_DIMENSION),
            Parameter::new("sql_latitude", Expression, Show, Show)
                .only(LOCATION)
                .required_for(LOCATION),
            Parameter::new("sql_longitude", Expression, Show, Show)
                .only(LOCATION)
                .required_for(LOCATION),
            Parameter::new("start_location_field", Name, Unsupported, Unsupported)
                .only(DISTANCE)
                .required_for(DISTANCE),
            Parameter::new("end_location_field", Name, Unsupported, Unsupported)
                .only(DISTANCE)
                .required_for(DISTANCE),
            Parameter::new("units", Choice(UNITS), Accept, Accept).only(DISTANCE),
            Parameter::new("map_layer_name", Name, Accept, Accept),
        ],
        DIMENSION_OR_GROUP,
        SHOWN,
        LABELS,
        SUGGESTED,
        TIME,
        OBSOLETE,
    ],
};

/// A dimension group.
pub static DIMENSION_GROUP: Kind = Kind {
    name: "dimension_group",
    naming: Naming::Declared,
    types: &[
        FieldType::new("time", Run, Run),
        FieldType::new("duration", Run, Run),
        FieldType::new("custom_calendar", Unsupported, Unsupported),
    ],
    groups: &[
        &[
            Parameter::new("type", Type, Run, Run),
            Parameter::new("sql", Expression, Run, Run),
            Parameter::new("timeframes", Timeframes, Run, Run).except(DURATION_GROUP),
            Parameter::new("intervals", Intervals, Run, Run).only(DURATION_GROUP),
            Parameter::new("sql_start", Expression, Run, Run)
                .only(DURATION_GROUP)
                .required_for(DURATION_GROUP),
            Parameter::new("sql_end", Expression, Run, Run)
                .only(DURATION_GROUP)
                .required_for(DURATION_GROUP),
        ],
        DIMENSION_OR_GROUP,
        SHOWN,
        LABELS,
        SUGGESTED,
        TIME,
        OBSOLETE,
    ],
};

/// A measure.
pub static MEASURE: Kind = Kind {
    name: "measure",
    naming: Naming::Declared,
    types: &[
        FieldType::new("count", Run, Run),
        FieldType::new("count_distinct", Run, Run),
        FieldType::new("sum", Run, Run),
        FieldType::new("average", Run, Run),
        FieldType::new("min", Run, Run),
        FieldType::new("max", Run, Run),
        FieldType::new("median", Run, Run),
        FieldType::new("percentile", Run, Run),
        FieldType::new("list", Run, Run),
        FieldType::new("sum_distinct", Run, Run),
        FieldType::new("average_distinct", Run, Run),
        FieldType::new("median_distinct", Run, Run),
        FieldType::new("percentile_distinct", Run, Run),
        FieldType::new("number", Run, Run),
        FieldType::new("int", Run, Run),
        FieldType::new("string", Run, Run),
        FieldType::new("yesno", Run, Run),
        FieldType::new("date", Run, Run),
        FieldType::new("date_*", Run, Run),
        FieldType::new("running_total", Run, Run),
        FieldType::new("percent_of_total", Run, Run),
        FieldType::new("percent_of_previous", Run, Run),
        FieldType::new("period_over_period", Unsupported, Unsupported),
        FieldType::new("time", Accept, Accept),
    ],
    groups: &[
        &[
            Parameter::new("type", Type, Run, Run),
            Parameter::new("sql", Expression, Run, Run)
                .ignored_for(&["count", "list"])
                .required_or_expected_for(CALCULATED, AGGREGATED),
            Parameter::new("filters", Filters, Run, Run)
                .repeated()
                .except(UNFILTERED),
            Parameter::new("approximate", YesNo, Run, Run).only(&["count_distinct"]),
            Parameter::new("approximate_threshold", Integer, Accept, Accept)
                .only(&["count_distinct"]),
            Parameter::new("percentile", Number, Run, Run)
                .only(PERCENTILE)
                .required_for(PERCENTILE),
            Parameter::new("list_field", Name, Run, Run)
                .only(LIST)
                .required_for(LIST),
            Parameter::new("sql_distinct_key", Expression, Run, Run).ignored_unless(DISTINCT),
            Parameter::new("direction", Choice(&["row", "column"]), Run, Run).only(POST_QUERY),
            Parameter::new("based_on", Name, Unsupported, Unsupported)
                .only(PERIOD)
                .required_for(PERIOD),
            Parameter::new("based_on_time", Name, Unsupported, Unsupported)
                .only(PERIOD)
                .required_for(PERIOD),
            Parameter::new("period", Choice(PERIODS), Unsupported, Unsupported)
                .only(PERIOD)
                .required_for(PERIOD),
            Parameter::new("kind", Choice(COMPARISONS), Unsupported, Unsupported).only(PERIOD),
            Parameter::new("value_to_date", YesNo, Unsupported, Unsupported).only(PERIOD),
            Parameter::new("case", Block(&CASE), Accept, Accept),
        ],
        SHOWN,
        LABELS,
        SUGGESTED,
        TIME,
        OBSOLETE,
    ],
};

/// A field that is there to be filtered by.
pub static FILTER: Kind = Kind {
    name: "filter",
    naming: Naming::Declared,
    types: &[
        FieldType::new("string", Run, Run),
        FieldType::new("number", Run, Run),
        FieldType::new("int", Run, Run),
        FieldType::new("yesno", Run, Run),
        FieldType::new("zipcode", Run, Run),
        FieldType::new("date", Run, Run),
        FieldType::new("date_*", Run, Run),
        FieldType::new("tier", Run, Run),
    ],
    groups: &[
        &[
            Parameter::new("type", Type, Run, Run),
            Parameter::new("sql", Expression, Run, Run),
            Parameter::new("default_value", Text, Run, Run),
            Parameter::new("required_fields", Names, Run, Run),
            Parameter::new("case_sensitive", YesNo, Run, Run),
            Parameter::new("can_filter", YesNo, Show, Show),
        ],
        LABELS,
        SUGGESTED,
        TIME,
    ],
};

/// A field that takes one value.
pub static PARAMETER: Kind = Kind {
    name: "parameter",
    naming: Naming::Declared,
    types: &[
        FieldType::new("unquoted", Run, Run),
        FieldType::new("string", Run, Run),
        FieldType::new("number", Run, Run),
        FieldType::new("date", Run, Run),
        FieldType::new("date_time", Run, Run),
        FieldType::new("yesno", Run, Run),
    ],
    groups: &[
        &[
            Parameter::new("type", Type, Run, Run),
            Parameter::new("allowed_value", Block(&ALLOWED_VALUE), Run, Run).repeated(),
            Parameter::new("default_value", Text, Run, Run),
            Parameter::new("required_fields", Names, Run, Run),
        ],
        LABELS,
        SUGGESTED,
        TIME,
    ],
};

/// What every field may have.
const LABELS: &[Parameter] = &[
    Parameter::new("label", Text, Show, Show),
    Parameter::new("view_label", Text, Show, Show),
    Parameter::new("group_label", Text, Show, Show),
    Parameter::new("group_item_label", Text, Show, Show),
    Parameter::new("description", Text, Show, Show),
    Parameter::new("tags", Texts, Show, Show),
    Parameter::new("synonyms", Texts, Show, Show),
    Parameter::new("hidden", YesNo, Run, Run),
    Parameter::new("required_access_grants", Names, Run, Run),
    Parameter::new("alias", Names, Run, Run),
];

/// What may be said of a field that is selected.
const SHOWN: &[Parameter] = &[
    Parameter::new("label_from_parameter", Name, Show, Show),
    Parameter::new("value_format", Text, Run, Run),
    Parameter::new("value_format_name", Name, Run, Run),
    Parameter::new("html", Expression, Run, Run),
    Parameter::new("link", Block(&LINK), Show, Show).repeated(),
    Parameter::new("action", Block(&ACTION), Accept, Accept).repeated(),
    Parameter::new("drill_fields", Names, Show, Show),
    Parameter::new("order_by_field", Name, Run, Run),
    Parameter::new("required_fields", Names, Run, Run),
    Parameter::new("can_filter", YesNo, Show, Show),
];

/// What only fields may have by which a query groups.
const DIMENSION_OR_GROUP: &[Parameter] = &[
    Parameter::new("skip_drill_filter", YesNo, Show, Show),
    Parameter::new("alpha_sort", YesNo, Run, Run),
    Parameter::new("allow_fill", YesNo, Run, Run),
    Parameter::new("case_sensitive", YesNo, Run, Run),
];

/// What meant something once.
const OBSOLETE: &[Parameter] = &[
    Parameter::new("string_datatype", Name, Accept, Accept),
    Parameter::new("precision", Integer, Accept, Accept),
    Parameter::new("fanout_on", Name, Accept, Accept),
    Parameter::new("allow_approximate_optimization", YesNo, Accept, Accept),
];

/// Where the values come from that are suggested for a filter.
const SUGGESTED: &[Parameter] = &[
    Parameter::new("suggestable", YesNo, Show, Show),
    Parameter::new("suggestions", Texts, Show, Show),
    Parameter::new("full_suggestions", YesNo, Show, Accept),
    Parameter::new("suggest_dimension", Name, Show, Show),
    Parameter::new("suggest_explore", Name, Show, Show),
    Parameter::new("suggest_persist_for", Text, Show, Accept),
    Parameter::new("bypass_suggest_restrictions", YesNo, Show, Accept),
];

/// How times are stored.
const TIME: &[Parameter] = &[
    Parameter::new("convert_tz", YesNo, Run, Run),
    Parameter::new("datatype", Choice(DATATYPES), Run, Run),
];

const DATATYPES: &[&str] = &["timestamp", "datetime", "date", "epoch", "yyyymmdd"];

const STYLES: &[&str] = &["classic", "interval", "integer", "relational"];

const UNITS: &[&str] = &[
    "feet",
    "kilometers",
    "meters",
    "miles",
    "nautical_miles",
    "yards",
];

const PERIODS: &[&str] = &[
    "year",
    "fiscal_year",
    "quarter",
    "fiscal_quarter",
    "month",
    "week",
    "date",
];

const COMPARISONS: &[&str] = &["previous", "difference", "relative_change"];

const TIER: &[&str] = &["tier"];
const BIN: &[&str] = &["bin"];
const DURATION_DIMENSION: &[&str] = &["duration_*"];
const DURATION_GROUP: &[&str] = &["duration"];
const LOCATION: &[&str] = &["location"];
const DISTANCE: &[&str] = &["distance"];
const LIST: &[&str] = &["list"];
const PERIOD: &[&str] = &["period_over_period"];
const PERCENTILE: &[&str] = &["percentile", "percentile_distinct"];

const DISTINCT: &[&str] = &[
    "sum_distinct",
    "average_distinct",
    "median_distinct",
    "percentile_distinct",
];

/// Measures that read a column of each row. Without `sql` it is the one that is named like them.
const AGGREGATED: &[&str] = &[
    "count_distinct",
    "sum",
    "average",
    "min",
    "max",
    "median",
    "percentile",
    "sum_distinct",
    "average_distinct",
    "median_distinct",
    "percentile_distinct",
];

/// Measures that are computed after the query.
const POST_QUERY: &[&str] = &["running_total", "percent_of_total", "percent_of_previous"];

/// Measures that can't leave out some of the rows: theirs are all, or those of others.
const UNFILTERED: &[&str] = &[
    "list",
    "number",
    "int",
    "string",
    "yesno",
    "date",
    "date_*",
    "running_total",
    "percent_of_total",
    "percent_of_previous",
];

/// Measures that are made from others: all of those but `list`.
const CALCULATED: &[&str] = match UNFILTERED {
    [_, calculated @ ..] => calculated,
    [] => &[],
};

/// A filter as a block, which is the older of the two spellings.
pub static FILTER_BLOCK: Kind = Kind {
    name: "filters",
    naming: Naming::None,
    types: &[],
    groups: &[&[
        Parameter::new("field", Name, Run, Run).required(),
        Parameter::new("value", Text, Run, Run),
    ]],
};

static CASE: Kind = Kind {
    name: "case",
    naming: Naming::None,
    types: &[],
    groups: &[&[
        Parameter::new("when", Block(&WHEN), Run, Run)
            .repeated()
            .required(),
        Parameter::new("else", Text, Run, Run),
    ]],
};

static WHEN: Kind = Kind {
    name: "when",
    naming: Naming::None,
    types: &[],
    groups: &[&[
        Parameter::new("sql", Expression, Run, Run).required(),
        Parameter::new("label", Text, Run, Run).required(),
    ]],
};

static ALLOWED_VALUE: Kind = Kind {
    name: "allowed_value",
    naming: Naming::None,
    types: &[],
    groups: &[&[
        Parameter::new("label", Text, Show, Show),
        Parameter::new("value", Text, Run, Run).required(),
    ]],
};

static LINK: Kind = Kind {
    name: "link",
    naming: Naming::None,
    types: &[],
    groups: &[&[
        Parameter::new("label", Text, Show, Show),
        Parameter::new("url", Text, Show, Show).required(),
        Parameter::new("icon_url", Text, Show, Show),
    ]],
};

static ACTION: Kind = Kind {
    name: "action",
    naming: Naming::None,
    types: &[],
    groups: &[&[
        Parameter::new("label", Text, Accept, Accept),
        Parameter::new("url", Text, Accept, Accept),
        Parameter::new("icon_url", Text, Accept, Accept),
        Parameter::new("form_url", Text, Accept, Accept),
        Parameter::new("param", Block(&PARAM), Accept, Accept).repeated(),
        Parameter::new("form_param", Block(&FORM_PARAM), Accept, Accept).repeated(),
        Parameter::new(
            "user_attribute_param",
            Block(&USER_ATTRIBUTE_PARAM),
            Accept,
            Accept,
        )
        .repeated(),
    ]],
};

static PARAM: Kind = Kind {
    name: "param",
    naming: Naming::None,
    types: &[],
    groups: &[&[
        Parameter::new("name", Text, Accept, Accept),
        Parameter::new("value", Text, Accept, Accept),
    ]],
};

static FORM_PARAM: Kind = Kind {
    name: "form_param",
    naming: Naming::None,
    types: &[],
    groups: &[&[
        Parameter::new("name", Text, Accept, Accept),
        Parameter::new("type", Name, Accept, Accept),
        Parameter::new("label", Text, Accept, Accept),
        Parameter::new("description", Text, Accept, Accept),
        Parameter::new("default", Text, Accept, Accept),
        Parameter::new("required", YesNo, Accept, Accept),
        Parameter::new("option", Block(&FORM_OPTION), Accept, Accept).repeated(),
    ]],
};

static FORM_OPTION: Kind = Kind {
    name: "option",
    naming: Naming::None,
    types: &[],
    groups: &[&[
        Parameter::new("name", Text, Accept, Accept),
        Parameter::new("label", Text, Accept, Accept),
    ]],
};

static USER_ATTRIBUTE_PARAM: Kind = Kind {
    name: "user_attribute_param",
    naming: Naming::None,
    types: &[],
    groups: &[&[
        Parameter::new("user_attribute", Name, Accept, Accept),
        Parameter::new("name", Text, Accept, Accept),
    ]],
};
