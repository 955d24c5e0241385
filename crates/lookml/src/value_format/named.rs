//! The formats that have a name in every project.

/// Names and formats, as `value_format_name` knows them.
pub const NAMED_FORMATS: &[(&str, &str)] = &[
    ("decimal_0", "#,##0"),
    ("decimal_1", "#,##0.0"),
    ("decimal_2", "#,##0.00"),
    ("decimal_3", "#,##0.000"),
    ("decimal_4", "#,##0.0000"),
    ("usd", "$#,##0.00"),
    ("usd_0", "$#,##0"),
    ("gbp", "£#,##0.00"),
    ("gbp_0", "£#,##0"),
    ("eur", "€#,##0.00"),
    ("eur_0", "€#,##0"),
    ("percent_0", "#,##0%"),
    ("percent_1", "#,##0.0%"),
    ("percent_2", "#,##0.00%"),
    ("percent_3", "#,##0.000%"),
    ("percent_4", "#,##0.0000%"),
    ("id", "0"),
];

/// The format of that name.
pub fn named_format(name: &str) -> Option<&'static str> {
    let found = NAMED_FORMATS.iter().find(|(known, _)| *known == name);
    found.map(|(_, format)| *format)
}
