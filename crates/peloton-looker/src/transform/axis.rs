//! The time axis: which position of a graph's arrays is which second.

use peloton_api::models::Numbers;

use super::rows::Report;

/// A second and its position in the arrays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tick {
    pub(super) second: i32,
    pub(super) index: usize,
}

/// The seconds of a graph, ascending, each once.
///
/// Position and second are different things: seconds are missing where the device did not record. What
/// is odd about an axis is reported; nothing is ever shifted to mend it.
pub(super) fn ticks(axis: &Numbers, report: &mut Report<'_>) -> Vec<Tick> {
    let mut ticks: Vec<Tick> = axis
        .values
        .iter()
        .enumerate()
        .filter_map(|(index, value)| {
            Some(Tick {
                second: second(*value)?,
                index,
            })
        })
        .collect();
    let dropped = axis.len() - ticks.len();
    if dropped > 0 {
        report.add(
            COLUMN,
            format!("{dropped} positions have no second; dropped"),
        );
    }
    if !ticks.is_sorted_by_key(|tick| tick.second) {
        report.add(
            COLUMN,
            "seconds are not in order; each value kept at its own second".into(),
        );
        // Stable, so of a second that comes twice the first position stays in front.
        ticks.sort_by_key(|tick| tick.second);
    }
    let before = ticks.len();
    ticks.dedup_by_key(|tick| tick.second);
    if ticks.len() < before {
        let twice = before - ticks.len();
        report.add(
            COLUMN,
            format!("{twice} positions repeat a second; the first of each kept"),
        );
    }
    if let Some(first) = ticks.first().filter(|tick| tick.second < 0) {
        report.add(
            COLUMN,
            format!("starts at the negative second {}", first.second),
        );
    }
    ticks
}

const COLUMN: &str = "seconds_since_pedaling_start";

fn second(value: f64) -> Option<i32> {
    let is_second =
        value.fract() == 0.0 && value >= f64::from(i32::MIN) && value <= f64::from(i32::MAX);
    is_second.then_some(value as i32)
}

#[cfg(test)]
mod tests {
    use super::{Tick, ticks};
    use crate::transform::rows::{Problems, Report};
    use peloton_api::models::Numbers;

    fn check(axis: &str, expected: &[(i32, usize)], problems_expected: usize) {
        let numbers: Numbers = serde_json::from_str(axis).unwrap();
        let mut problems = Problems::default();
        let got = ticks(
            &numbers,
            &mut Report::new(&mut problems, "workout_stats", "w"),
        );
        let expected: Vec<Tick> = expected
            .iter()
            .map(|&(second, index)| Tick { second, index })
            .collect();
        assert_eq!(got, expected, "{axis}");
        assert_eq!(problems.len(), problems_expected, "{axis}");
    }

    #[test]
    fn gaps_and_late_starts_are_ordinary() {
        check("[7,8,22]", &[(7, 0), (8, 1), (22, 2)], 0);
        check("[0,1,2]", &[(0, 0), (1, 1), (2, 2)], 0);
        check("[]", &[], 0);
    }

    #[test]
    fn positions_without_a_second_are_dropped_and_move_nothing() {
        check(
            r#"[1,null,3,"4",5.5,6.0,1e999]"#,
            &[(1, 0), (3, 2), (6, 5)],
            1,
        );
    }

    #[test]
    fn disorder_repeats_and_negatives_are_flagged() {
        check("[3,1,2]", &[(1, 1), (2, 2), (3, 0)], 1);
        check("[1,2,2,3]", &[(1, 0), (2, 1), (3, 3)], 1);
        check("[-1,0,1]", &[(-1, 0), (0, 1), (1, 2)], 1);
        check("[3000000000,1]", &[(1, 1)], 1);
    }
}
