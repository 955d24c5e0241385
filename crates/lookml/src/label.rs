//! What a person reads where a model gives no label.

use crate::timeframe::{Interval, Timeframe};

/// Words that stay small unless they come first.
const SMALL_WORDS: &[&str] = &["of", "in", "to", "with", "for", "and", "or", "on", "at"];

/// A name as a label: `total_output` is "Total Output", `ride_id` is "Ride ID", `day_of_week` is "Day of Week".
pub fn title_case(name: &str) -> String {
    let words = name.split(['_', ' ']).filter(|word| !word.is_empty());
    let words = words.enumerate().map(|(place, word)| {
        let is_small = place > 0 && SMALL_WORDS.contains(&word);
        if is_small {
            word.to_owned()
        } else {
            capitalized(word)
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

fn capitalized(word: &str) -> String {
    if word.eq_ignore_ascii_case("id") {
        return "ID".to_owned();
    }
    let mut letters = word.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

/// The label of a dimension that is true or false.
pub fn yesno(label: &str) -> String {
    format!("{label} (Yes / No)")
}

/// The label of a field of a time group: "Created" and `week` are "Created Week".
pub fn timeframe(group_label: &str, timeframe: Timeframe) -> String {
    match timeframe {
        Timeframe::YesNo => yesno(group_label),
        _ => joined(group_label, &title_case(&timeframe.to_string())),
    }
}

/// The label of a field of a duration group: "Riding" and `day` are "Days Riding".
pub fn duration(group_label: &str, interval: Interval) -> String {
    joined(&title_case(&interval.plural()), group_label)
}

/// The label of a field among those of other views: "Workouts Created Week".
pub fn qualified(view_label: &str, field_label: &str) -> String {
    joined(view_label, field_label)
}

/// Over the timeframes of a group in the picker: "Created Date".
pub fn time_group_heading(group_label: &str) -> String {
    joined(group_label, "Date")
}

/// Over the intervals of a group in the picker: "Duration Riding".
pub fn duration_group_heading(group_label: &str) -> String {
    joined("Duration", group_label)
}

/// Both with a space between. A blank label adds nothing: people write `label: ""` to be rid of it. Spaces at
/// the beginning stay, since they sort a label before all others.
fn joined(first: &str, second: &str) -> String {
    match (first.trim().is_empty(), second.trim().is_empty()) {
        (true, _) => second.to_owned(),
        (_, true) => first.to_owned(),
        _ => format!("{first} {second}"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_become_labels() {
        let labels = [
            ("id", "ID"),
            ("workout_id", "Workout ID"),
            ("id_of_ride", "ID of Ride"),
            ("total_output_kj", "Total Output Kj"),
            ("count", "Count"),
            ("share_of_time_in_zone", "Share of Time in Zone"),
            ("time_to_first_ride", "Time to First Ride"),
            ("rides_with_friends", "Rides with Friends"),
            ("best_for_age", "Best for Age"),
            ("live_and_on_demand", "Live and on Demand"),
            ("yes_or_no", "Yes or No"),
            ("created_at", "Created at"),
            ("of_course", "Of Course"),
            ("on", "On"),
            ("subscriptions__retention", "Subscriptions Retention"),
            ("_hidden", "Hidden"),
            ("isFTP", "IsFTP"),
            ("élan", "Élan"),
            ("3_months", "3 Months"),
            ("ids", "Ids"),
            ("", ""),
            ("_", ""),
        ];
        for (name, label) in labels {
            assert_eq!(title_case(name), label, "{name}");
        }
    }

    #[test]
    fn fields_of_groups_carry_its_label() {
        assert_eq!(timeframe("Created", Timeframe::Week), "Created Week");
        assert_eq!(
            timeframe("Created", Timeframe::DayOfWeek),
            "Created Day of Week"
        );
        assert_eq!(
            timeframe("Created", Timeframe::Minutes(15)),
            "Created Minute15"
        );
        assert_eq!(timeframe("Created", Timeframe::YesNo), "Created (Yes / No)");
        assert_eq!(
            timeframe("", Timeframe::FiscalQuarterOfYear),
            "Fiscal Quarter of Year"
        );
        assert_eq!(timeframe(" Created", Timeframe::Raw), " Created Raw");
        assert_eq!(duration("Riding", Interval::Day), "Days Riding");
        assert_eq!(duration("Riding", Interval::Second), "Seconds Riding");
        assert_eq!(yesno("Is Live"), "Is Live (Yes / No)");
    }

    #[test]
    fn the_view_comes_first() {
        let label = timeframe(&title_case("created"), Timeframe::Week);
        let label = qualified(&title_case("workouts"), &label);
        assert_eq!(label, "Workouts Created Week");
    }

    #[test]
    fn groups_have_headings() {
        assert_eq!(time_group_heading("Created"), "Created Date");
        assert_eq!(duration_group_heading("Riding"), "Duration Riding");
    }

    proptest! {
        #[test]
        fn any_name_has_a_label_without_underscores(name in ".{0,40}") {
            let label = title_case(&name);
            prop_assert!(!label.contains('_'));
            prop_assert!(!label.contains("  "));
        }
    }
}
