//! Which pairs of features have met, and which can't.

use std::collections::BTreeMap;

use crate::features::Features;

/// How often features came alone and in pairs.
#[derive(Debug, Default)]
pub(crate) struct Pairs {
    single: BTreeMap<&'static str, usize>,
    pairs: BTreeMap<(&'static str, &'static str), usize>,
}

impl Pairs {
    pub(crate) fn add(&mut self, features: &Features) {
        for (place, one) in features.iter().enumerate() {
            *self.single.entry(one).or_default() += 1;
            for other in features.iter().skip(place + 1) {
                *self.pairs.entry((one, other)).or_default() += 1;
            }
        }
    }

    /// Pairs that could have met and have not.
    pub(crate) fn missing(&self) -> Vec<(&'static str, &'static str)> {
        let names: Vec<&'static str> = self.single.keys().copied().collect();
        let mut missing = Vec::new();
        for (place, one) in names.iter().enumerate() {
            for other in &names[place + 1..] {
                if !self.pairs.contains_key(&(*one, *other)) && !excludes(one, other) {
                    missing.push((*one, *other));
                }
            }
        }
        missing
    }

    /// A line for each feature: how often it came, and its rarest company.
    pub(crate) fn table(&self) -> String {
        let line = |(name, count): (&&'static str, &usize)| {
            let mut with: Vec<(usize, &str)> = self
                .pairs
                .iter()
                .filter_map(
                    |((one, other), count)| match (*one == *name, *other == *name) {
                        (true, _) => Some((*count, *other)),
                        (_, true) => Some((*count, *one)),
                        _ => None,
                    },
                )
                .collect();
            with.sort_unstable();
            let rarest: Vec<String> = with
                .iter()
                .take(3)
                .map(|(count, other)| format!("{other} {count}"))
                .collect();
            format!(
                "{name:32} {count:7}  with {} others; rarest {}\n",
                with.len(),
                rarest.join(", ")
            )
        };
        let lines: String = self.single.iter().map(line).collect();
        let fewest = self.pairs.values().min().copied().unwrap_or(0);
        format!(
            "{lines}{} pairs met, the rarest {fewest} times\n",
            self.pairs.len()
        )
    }
}

/// Features that can't meet, or whose meeting the specification leaves open.
const EXCLUDED: [(&str, &[&str]); 6] = [
    // Nothing is ungrouped that has a measure.
    (
        "cancel_grouping_fields",
        &[
            "pivot",
            "two pivots",
            "cut columns",
            "row_total",
            "sort by a measure",
            "sort by a column",
            "list",
            "date measure",
            "running_total",
            "percent_of_total",
            "percent_of_previous",
        ],
    ),
    (
        "default sort",
        &[
            "sort by a dimension",
            "sort by a measure",
            "sort by a column",
            "ignored sort",
        ],
    ),
    // Where lines are filled in, the order goes by their dimension, and nothing is cut.
    (
        "fill",
        &[
            "location",
            "cancel_grouping_fields",
            "cut rows",
            "default sort",
            "sort by a measure",
            "sort by a column",
            "ignored sort",
            "order_by_field",
            "required_fields",
            "raw",
        ],
    ),
    // Whether such filters are handed on is open.
    (
        "bind_all_filters",
        &["always_filter", "conditionally_filter"],
    ),
    // In which zone a number of seconds is meant is open.
    ("database time zone", &["datatype: epoch"]),
    ("cut rows", &["no limit"]),
];

fn excludes(one: &str, other: &str) -> bool {
    EXCLUDED.iter().any(|(name, others)| {
        *name == one && others.contains(&other) || *name == other && others.contains(&one)
    })
}
