//! From epoch seconds to the member's wall clock.

use jiff::tz::{Offset, TimeZone, TimeZoneDatabase};
use jiff::{Timestamp, civil};

/// The time zones that are compiled in: what a workout's local day is must not depend on the machine.
#[derive(Debug)]
pub(super) struct Zones {
    database: TimeZoneDatabase,
}

/// What a workout says about its zone.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock<'a> {
    /// IANA name, `Etc/GMT+4` included: the database knows that its sign is POSIX's (UTC−4).
    pub(super) timezone: Option<&'a str>,
    pub(super) created_at: Option<i64>,
    /// `created_at` plus the local offset.
    pub(super) device_time_created_at: Option<i64>,
}

impl Zones {
    pub(super) fn bundled() -> Self {
        Self {
            database: TimeZoneDatabase::bundled(),
        }
    }

    /// The wall clock at an instant; `None` when nothing tells the zone.
    ///
    /// # Errors
    /// What is wrong with the zone's name or the offset; the wall clock may be known all the same.
    pub(super) fn local(
        &self,
        instant: Timestamp,
        clock: Clock<'_>,
    ) -> (Option<civil::DateTime>, Option<String>) {
        let (zone, problem) = match clock.timezone.filter(|name| !name.is_empty()) {
            None => (None, None),
            Some(name) => match self.database.get(name) {
                Ok(zone) => (Some(zone), None),
                Err(_) => (None, Some(format!("unknown time zone `{name}`"))),
            },
        };
        let zone = zone.or_else(|| clock.offset().map(TimeZone::fixed));
        (zone.map(|zone| zone.to_datetime(instant)), problem)
    }
}

impl Clock<'_> {
    /// The offset that the device's clock shows. It can be a second or two off the exact shift, and
    /// every zone's offset is a multiple of a quarter of an hour.
    fn offset(&self) -> Option<Offset> {
        const QUARTER: i64 = 15 * 60;
        const SLACK: i64 = 60;
        let shift = self.device_time_created_at?.checked_sub(self.created_at?)?;
        let quarters = shift.checked_add(QUARTER / 2)?.div_euclid(QUARTER);
        let offset = quarters * QUARTER;
        let plausible =
            (offset - shift).abs() <= SLACK && (-12 * 3600..=14 * 3600).contains(&offset);
        plausible
            .then(|| Offset::from_seconds(i32::try_from(offset).ok()?).ok())
            .flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::{Clock, Zones};
    use jiff::Timestamp;

    fn check(clock: Clock<'_>, expected: Option<&str>, is_problem: bool) {
        let instant = Timestamp::from_second(1_772_434_800).unwrap(); // 2026-03-02 07:00Z
        let (local, problem) = Zones::bundled().local(instant, clock);
        assert_eq!(
            local.map(|local| local.to_string()).as_deref(),
            expected,
            "{clock:?}"
        );
        assert_eq!(problem.is_some(), is_problem, "{clock:?}");
    }

    fn named(name: &str) -> Clock<'_> {
        Clock {
            timezone: Some(name),
            created_at: None,
            device_time_created_at: None,
        }
    }

    fn shifted(seconds: i64) -> Clock<'static> {
        Clock {
            timezone: None,
            created_at: Some(1_772_434_000),
            device_time_created_at: Some(1_772_434_000 + seconds),
        }
    }

    #[test]
    fn a_named_zone_decides() {
        check(
            named("America/New_York"),
            Some("2026-03-02T02:00:00"),
            false,
        );
        check(named("UTC"), Some("2026-03-02T07:00:00"), false);
    }

    #[test]
    fn posix_sign_is_west_of_greenwich() {
        check(named("Etc/GMT+4"), Some("2026-03-02T03:00:00"), false);
        check(named("Etc/GMT-9"), Some("2026-03-02T16:00:00"), false);
    }

    #[test]
    fn without_a_name_the_device_clock_tells_the_offset() {
        check(shifted(-25_201), Some("2026-03-02T00:00:00"), false);
        check(shifted(20_700), Some("2026-03-02T12:45:00"), false);
        check(shifted(0), Some("2026-03-02T07:00:00"), false);
    }

    #[test]
    fn an_implausible_shift_tells_nothing() {
        check(shifted(400), None, false);
        check(shifted(-1_700_000_000), None, false);
        check(shifted(i64::MAX - 1_772_434_000), None, false);
    }

    #[test]
    fn an_unknown_name_is_a_problem_and_the_device_clock_helps() {
        let clock = Clock {
            timezone: Some("Mars/Olympus"),
            ..shifted(-18_000)
        };
        check(clock, Some("2026-03-02T02:00:00"), true);
        check(named("Mars/Olympus"), None, true);
    }
}
