//! Places joined to the seconds.

use std::collections::HashMap;

use super::Recording;
use crate::transform::rows::Report;

/// Latitude and longitude by second.
pub(super) type Track = HashMap<i32, (f64, f64)>;

/// Points have offsets that line up with the axis, but there are a few more or fewer of them: they are
/// joined by second. A point at a second that the axis lacks has no row.
pub(super) fn track(of: &Recording<'_>, report: &mut Report<'_>) -> Track {
    let mut track = Track::new();
    if !of.store_locations {
        return track;
    }
    let mut odd = 0;
    for point in of
        .graph
        .location_data
        .iter()
        .flat_map(|segment| &segment.coordinates)
    {
        let second = point
            .seconds_offset_from_start
            .int()
            .and_then(|it| i32::try_from(it).ok());
        let latitude = point
            .latitude
            .float()
            .filter(|degrees| degrees.abs() <= 90.0);
        let longitude = point
            .longitude
            .float()
            .filter(|degrees| degrees.abs() <= 180.0);
        if let (Some(second), Some(latitude), Some(longitude)) = (second, latitude, longitude) {
            track.entry(second).or_insert((latitude, longitude));
        } else {
            odd += 1;
        }
    }
    if odd > 0 {
        report.add(
            "latitude",
            format!("{odd} points have no readable place or second"),
        );
    }
    track
}
