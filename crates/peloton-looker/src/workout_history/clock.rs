//! Timestamps of the file: a wall clock and a zone in brackets.

use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone, TimeZoneDatabase};

/// When a row says that it began.
#[derive(Debug, PartialEq)]
pub(super) struct Time {
    pub(super) instant: Timestamp,
    pub(super) wall_clock: DateTime,
    pub(super) zone: String,
}

/// Abbreviations that the file uses: the standard one, that of summer, and the place.
const ZONES: &[(&str, &str, &str)] = &[
    ("EST", "EDT", "America/New_York"),
    ("CST", "CDT", "America/Chicago"),
    ("MST", "MDT", "America/Denver"),
    ("PST", "PDT", "America/Los_Angeles"),
    ("AKST", "AKDT", "America/Anchorage"),
    ("HST", "HDT", "Pacific/Honolulu"),
    ("AST", "ADT", "America/Halifax"),
    ("NST", "NDT", "America/St_Johns"),
    ("GMT", "BST", "Europe/London"),
    ("WET", "WEST", "Europe/Lisbon"),
    ("CET", "CEST", "Europe/Berlin"),
    ("EET", "EEST", "Europe/Athens"),
    ("AWST", "AWDT", "Australia/Perth"),
    ("ACST", "ACDT", "Australia/Adelaide"),
    ("AEST", "AEDT", "Australia/Sydney"),
    ("NZST", "NZDT", "Pacific/Auckland"),
    ("JST", "JDT", "Asia/Tokyo"),
];

/// Reads `2026-05-04 07:00 (EST)`, `(UTC)`, `(-04)`, `(+05:30)` or `(Europe/Berlin)`.
pub(super) fn read(text: &str) -> Result<Time, String> {
    let unreadable = || format!("the timestamp `{text}` is not readable");
    let (clock, zone) = text.split_once('(').ok_or_else(unreadable)?;
    let zone = zone
        .trim_end()
        .strip_suffix(')')
        .ok_or_else(unreadable)?
        .trim();
    let clock = clock.trim().replace(' ', "T");
    let wall_clock: DateTime = clock.parse().map_err(|_| unreadable())?;
    let (time_zone, abbreviation) =
        time_zone(zone).ok_or_else(|| format!("the zone `{zone}` of `{text}` is not known"))?;
    let instant = instant(&time_zone, wall_clock, abbreviation).ok_or_else(unreadable)?;
    Ok(Time {
        instant,
        wall_clock,
        zone: name(&time_zone).unwrap_or_else(|| zone.to_owned()),
    })
}

/// As databases know the zone: a place, or `Etc/GMT+4` for four hours west, as POSIX signs it.
fn name(time_zone: &TimeZone) -> Option<String> {
    if let Some(place) = time_zone.iana_name() {
        return Some(place.to_owned());
    }
    let seconds = time_zone.to_fixed_offset().ok()?.seconds();
    match seconds {
        0 => Some("UTC".to_owned()),
        _ if seconds % 3600 == 0 => Some(format!("Etc/GMT{:+}", -seconds / 3600)),
        _ => None,
    }
}

/// The zone, and the abbreviation where one was given.
fn time_zone(zone: &str) -> Option<(TimeZone, Option<&str>)> {
    if matches!(zone, "UTC" | "Z" | "Etc/UTC") {
        return Some((TimeZone::UTC, None));
    }
    if let Some(offset) = offset(zone) {
        return Some((TimeZone::fixed(offset), None));
    }
    let known = ZONES
        .iter()
        .find(|(standard, summer, _)| *standard == zone || *summer == zone);
    if let Some((_, _, place)) = known {
        return Some((place_zone(place)?, Some(zone)));
    }
    // Only names of places: `EST5EDT` and the like would be taken for what they are not.
    if zone.contains('/') {
        Some((place_zone(zone)?, None))
    } else {
        None
    }
}

/// By the database inside the program, so that every machine reads the same.
fn place_zone(place: &str) -> Option<TimeZone> {
    static DATABASE: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);
    DATABASE.get(place).ok()
}

/// `-04`, `-0400`, `+05:30`, with or without `UTC` or `GMT` before it.
fn offset(text: &str) -> Option<Offset> {
    let text = text
        .strip_prefix("UTC")
        .or_else(|| text.strip_prefix("GMT"))
        .unwrap_or(text);
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits: String = text[1..].chars().filter(|c| *c != ':').collect();
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes) = match digits.len() {
        1 | 2 => (digits.parse::<i32>().ok()?, 0),
        4 => (digits[..2].parse().ok()?, digits[2..].parse().ok()?),
        _ => return None,
    };
    if minutes > 59 {
        return None;
    }
    Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()
}

/// The wall clock counts, whatever the season of the abbreviation: it decides only in the hour that
/// comes twice.
fn instant(
    time_zone: &TimeZone,
    wall_clock: DateTime,
    abbreviation: Option<&str>,
) -> Option<Timestamp> {
    let ambiguous = time_zone.to_ambiguous_timestamp(wall_clock);
    if let AmbiguousOffset::Fold { before, after } = ambiguous.offset() {
        let candidates = [before, after];
        let named = candidates.iter().find_map(|offset| {
            let instant = offset.to_timestamp(wall_clock).ok()?;
            let info = time_zone.to_offset_info(instant);
            (Some(info.abbreviation()) == abbreviation).then_some(instant)
        });
        if named.is_some() {
            return named;
        }
    }
    ambiguous.compatible().ok()
}
