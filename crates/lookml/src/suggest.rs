//! The name that was probably meant.

/// Names longer than this are compared with nothing: whoever writes such a name does not mistype one letter.
const LONGEST: usize = 80;

/// Letters compared with letters: enough for some ten thousand names, and done in a moment.
const COMPARISONS: usize = 10_000_000;

/// So many diagnostics of one file have a hint: looking for a name takes its time.
pub(crate) const HINTS: usize = 100;

/// The candidate that looks most like the name, or none that looks like it. Of several alike the first.
///
/// A third of the letters may differ. Two letters that changed places are one mistake, and so is a capital
/// anywhere in the name.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (length(name)? / 3).max(1);
    nearest_within(limit, name, candidates)
}

fn nearest_within<'a>(
    limit: usize,
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let length = length(name)?;
    let name = name.to_lowercase();
    let mut nearest = None;
    let mut left = COMPARISONS;
    for candidate in candidates {
        let limit = nearest.map_or(limit + 1, |(distance, _)| distance);
        let alike = self::length(candidate).filter(|other| length.abs_diff(*other) < limit);
        let Some(candidate_length) = alike else {
            continue;
        };
        left = left.saturating_sub(length * candidate_length);
        if left == 0 {
            break;
        }
        let distance = strsim::osa_distance(&name, &candidate.to_lowercase());
        // Names that share no letter in its place are not alike, however short they are.
        if distance < limit && distance < length.max(candidate_length) {
            nearest = Some((distance, candidate));
        }
    }
    nearest.map(|(_, candidate)| candidate)
}

/// What to do about a name that is unknown, for the hint of a diagnostic.
pub fn did_you_mean<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    nearest(name, candidates).map(|nearest| format!("did you mean `{nearest}`?"))
}

/// The full name, `view.field`, that was probably meant: a field of that view, or else the same one of the only other
/// view that has it.
///
/// What stands before the dot does not make names alike.
pub(crate) fn did_you_mean_field(name: &str, candidates: &[&str]) -> Option<String> {
    let (view, field) = name.split_once('.')?;
    let parts = || {
        let parts = candidates.iter();
        parts.filter_map(|full| Some((*full, full.split_once('.')?)))
    };
    let of_view = |view: &str| {
        let of_view = parts().filter(|(_, (other, _))| *other == view);
        // That the view is the right one makes up for a letter.
        let limit = ((length(field)? + 1) / 3).max(1);
        let near = nearest_within(limit, field, of_view.map(|(_, (_, field))| field))?;
        Some(format!("{view}.{near}"))
    };
    let same = || {
        let mut same = parts().filter(|(_, (_, other))| *other == field);
        let found = same.next().map(|(full, _)| full.to_owned());
        found.filter(|_| same.next().is_none())
    };
    let of_near_view = || of_view(nearest(view, parts().map(|(_, (view, _))| view))?);
    let meant = of_view(view).or_else(of_near_view).or_else(same)?;
    Some(format!("did you mean `{meant}`?"))
}

/// In letters; none where it is too long, or nothing at all.
fn length(name: &str) -> Option<usize> {
    let is_short = name.len() <= LONGEST * 4;
    let length = is_short.then(|| name.chars().count())?;
    (1..=LONGEST).contains(&length).then_some(length)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{did_you_mean, did_you_mean_field, nearest};

    const FIELDS: &[&str] = &[
        "count",
        "created_week",
        "created_month",
        "total_output",
        "id",
    ];

    fn of_fields(name: &str) -> Option<&'static str> {
        nearest(name, FIELDS.iter().copied())
    }

    #[test]
    fn a_slip_finds_the_name() {
        assert_eq!(of_fields("cuont"), Some("count"));
        assert_eq!(of_fields("counts"), Some("count"));
        assert_eq!(of_fields("created_weak"), Some("created_week"));
        assert_eq!(of_fields("total_ouptut"), Some("total_output"));
        assert_eq!(of_fields("createdmonth"), Some("created_month"));
        assert_eq!(of_fields("Count"), Some("count"));
        assert_eq!(of_fields("ID"), Some("id"));
        assert_eq!(of_fields("di"), Some("id"));
    }

    #[test]
    fn another_word_finds_nothing() {
        assert_eq!(of_fields("revenue"), None);
        assert_eq!(of_fields("x"), None);
        assert_eq!(of_fields("xy"), None);
        assert_eq!(of_fields(""), None);
        assert_eq!(nearest("a", ["b"]), None);
        assert_eq!(nearest("a", []), None);
    }

    #[test]
    fn the_nearest_wins_and_then_the_first() {
        assert_eq!(
            nearest("fieldx", ["fielda", "fields", "fieldx1"]),
            Some("fielda")
        );
        assert_eq!(nearest("fieldss", ["fieldabs", "fields"]), Some("fields"));
    }

    #[test]
    fn a_hint_asks() {
        let hint = did_you_mean("feilds", ["filters", "fields"]);
        assert_eq!(hint.as_deref(), Some("did you mean `fields`?"));
    }

    #[test]
    fn a_view_does_not_make_its_fields_alike() {
        let fields = [
            "ride.id",
            "ride.de",
            "ride.count",
            "member.name",
            "member.id",
        ];
        let meant = |name: &str| did_you_mean_field(name, &fields);
        let did = |name: &str| Some(format!("did you mean `{name}`?"));
        assert_eq!(meant("ride.nope"), None);
        assert_eq!(meant("ride.cuont"), did("ride.count"));
        assert_eq!(meant("ride.coouns"), did("ride.count"));
        assert_eq!(meant("rides.count"), did("ride.count"));
        assert_eq!(meant("ride.name"), did("member.name"));
        assert_eq!(meant("nothing.name"), did("member.name"));
        assert_eq!(meant("ride."), None);
        assert_eq!(meant("count"), None);
    }

    #[test]
    fn long_names_cost_nothing() {
        let long = "x".repeat(10_000_000);
        assert_eq!(nearest(&long, ["x"]), None);
        assert_eq!(nearest("x", [long.as_str()]), None);
        assert_eq!(nearest(&"é".repeat(81), ["é"]), None);
        let many: Vec<_> = (0..1_000_000).map(|n| format!("{n:080}")).collect();
        let candidates = many.iter().map(String::as_str);
        assert_eq!(nearest(&"x".repeat(80), candidates), None);
    }

    proptest! {
        #[test]
        fn a_name_is_nearest_to_itself(name in ".{1,20}", others in prop::collection::vec(".{0,20}", 0..5)) {
            let candidates = others.iter().map(String::as_str).chain([name.as_str()]);
            let found = nearest(&name, candidates).unwrap_or_default();
            prop_assert_eq!(found.to_lowercase(), name.to_lowercase());
        }
    }
}
