//! Power and heart-rate zones.

use peloton_api::models::Zone;

use super::series::{AllSeries, Kind};

/// Lower bounds of power zones 2 to 7 in % of FTP. Half-open, so no watt falls between two zones.
const POWER_BOUNDS: [f64; 6] = [55.0, 75.0, 90.0, 105.0, 120.0, 150.0];

/// The power zone (1 to 7) of an output; `None` without an FTP.
pub(super) fn power_zone(watts: f64, ftp: i64) -> Option<i16> {
    if ftp <= 0 || watts < 0.0 {
        return None;
    }
    // Compared as watts × 100 against % × FTP: exact, where a quotient would round at the bounds.
    let ftp = ftp as f64;
    let reached = POWER_BOUNDS
        .iter()
        .take_while(|percent| watts * 100.0 >= **percent * ftp)
        .count();
    i16::try_from(reached + 1).ok()
}

/// Peloton's heart-rate zones of one workout, by lower bound.
#[derive(Debug, Default)]
pub(super) struct HeartRateZones(Vec<(f64, i16)>);

impl HeartRateZones {
    pub(super) fn of(series: &AllSeries<'_>) -> Self {
        let Some(heart_rate) = series.get(Kind::HeartRate) else {
            return Self::default();
        };
        let zones = heart_rate.metric.zones.iter();
        let mut bounds: Vec<(f64, i16)> = zones
            .filter_map(|zone| Some((zone.min_value.float()?, number(zone)?)))
            .collect();
        bounds.sort_by(|a, b| a.0.total_cmp(&b.0));
        Self(bounds)
    }

    /// The zone of a heart rate. The last one is open: a heart may beat faster than its "maximum".
    pub(super) fn zone(&self, beats: f64) -> Option<i16> {
        self.0
            .iter()
            .rev()
            .find(|(low, _)| beats >= *low)
            .map(|(_, zone)| *zone)
    }
}

/// The number in `zone1` … `zone5`.
pub(super) fn number(zone: &Zone) -> Option<i16> {
    zone.slug.as_deref()?.strip_prefix("zone")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::power_zone;

    #[test]
    fn power_zones_are_half_open() {
        let zones: Vec<Option<i16>> = [0, 109, 110, 149, 150, 180, 210, 240, 299, 300, 65_535]
            .map(|watts| power_zone(f64::from(watts), 200))
            .to_vec();
        let expected = [1, 1, 2, 2, 3, 4, 5, 6, 6, 7, 7].map(Some).to_vec();
        assert_eq!(zones, expected);
    }

    #[test]
    fn without_an_ftp_there_is_no_zone() {
        assert_eq!(power_zone(100.0, 0), None);
        assert_eq!(power_zone(100.0, -5), None);
    }
}
