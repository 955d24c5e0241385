//! Invented members and their training calendars.

use super::classes::Classes;
use super::random::{Random, id};

const NAMES: &[&str] = &[
    "PedalAda",
    "spin_bo",
    "Çağla Rides",
    "quiet-dee",
    "EviWatts🚲",
    "Fritz<b>F</b>",
    "GigiO'Row",
    "שרה_רוכבת",
];
const PLACES: &[&str] = &["Springfield", "Zürich", "\"The\" Bay", "東京", ""];
/// A zone's name on the wire and the offset that its device clock has, in seconds.
const ZONES: &[(Option<&str>, i64)] = &[
    (Some("America/New_York"), -5 * 3600),
    (Some("Etc/GMT+4"), -4 * 3600),
    (Some("Europe/Berlin"), 3600),
    (Some("America/Los_Angeles"), -8 * 3600),
    (Some("UTC"), 0),
    (None, -6 * 3600),
];

/// A member as the service shows it.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) id: String,
    pub(crate) username: String,
    pub(crate) is_private: bool,
    pub(crate) is_gone: bool,
    pub(crate) is_followed: bool,
    pub(crate) is_follower: bool,
    pub(crate) location: &'static str,
    pub(crate) created_at: i64,
    pub(crate) max_heart_rate: i64,
    pub(crate) rest_heart_rate: i64,
    pub(crate) weight: f64,
    zone: usize,
    base_ftp: f64,
    has_strap: bool,
}

/// One workout, before its seconds are made.
#[derive(Debug, Clone)]
pub(crate) struct Spec {
    pub(crate) id: String,
    pub(crate) member: usize,
    pub(crate) number: u64,
    pub(crate) kind: Kind,
    pub(crate) class: Option<usize>,
    pub(crate) created_at: i64,
    pub(crate) start_time: i64,
    /// Seconds ridden.
    pub(crate) length: i64,
    pub(crate) zone: Option<&'static str>,
    pub(crate) utc_offset: i64,
    pub(crate) ftp: i64,
    pub(crate) ftp_test: Option<u64>,
    pub(crate) has_heart_rate: bool,
    pub(crate) is_in_progress: bool,
    /// In progress, and not even begun.
    pub(crate) is_counting_down: bool,
    pub(crate) seed: u64,
}

/// What was done; decides shapes and series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Ride,
    Scenic,
    JustRide,
    Lanebreak,
    Bootcamp,
    TreadRun,
    TreadWalk,
    OutdoorRun,
    Row,
    Strength,
    Gym,
    Yoga,
    Stretch,
    Meditation,
    JustCardio,
    /// Rowing in turns with exercises on the floor.
    RowBootcamp,
    /// A ride that another service brought.
    Imported,
}

impl Kind {
    /// As `fitness_discipline` says it.
    pub(crate) fn discipline(self) -> &'static str {
        match self {
            Self::Ride | Self::Scenic | Self::JustRide | Self::Lanebreak | Self::Imported => {
                "cycling"
            }
            Self::Bootcamp => "bike_bootcamp",
            Self::TreadRun | Self::OutdoorRun => "running",
            Self::TreadWalk => "walking",
            Self::Row => "caesar",
            Self::Strength | Self::Gym => "strength",
            Self::Yoga => "yoga",
            Self::Stretch => "stretching",
            Self::Meditation => "meditation",
            Self::JustCardio => "cardio",
            Self::RowBootcamp => "caesar_bootcamp",
        }
    }

    /// On the service's own bike: of an import nobody knows more than the heart rate.
    pub(crate) fn pedals(self) -> bool {
        matches!(
            self,
            Self::Ride | Self::Scenic | Self::JustRide | Self::Lanebreak | Self::Bootcamp
        )
    }

    pub(crate) fn rows(self) -> bool {
        matches!(self, Self::Row | Self::RowBootcamp)
    }

    fn takes_class(self) -> bool {
        !matches!(
            self,
            Self::JustRide
                | Self::Lanebreak
                | Self::OutdoorRun
                | Self::Gym
                | Self::JustCardio
                | Self::Imported
        )
    }
}

impl Member {
    pub(crate) fn new(seed: u64, number: usize, now: i64) -> Self {
        let mut random = Random::new(seed, "member", number as u64);
        let name = NAMES[number % NAMES.len()];
        let username = if number < NAMES.len() {
            name.to_owned()
        } else {
            format!("{name}{number}")
        };
        Self {
            id: id(seed, "member", number as u64),
            username,
            // The own account never; of the others the fourth hides, and far ones have gone.
            is_private: number == 3,
            is_gone: number > 6 && number.is_multiple_of(11),
            is_followed: number > 0,
            is_follower: number > 0 && number % 2 == 1,
            location: PLACES[number % PLACES.len()],
            created_at: now - 86_400 * random.whole(1600, 2400),
            max_heart_rate: random.whole(172, 194),
            rest_heart_rate: random.whole(48, 64),
            weight: random.range(58.0, 88.0).round(),
            zone: number % ZONES.len(),
            base_ftp: random.range(150.0, 260.0),
            has_strap: number != 4,
        }
    }

    /// FTP develops: a slow rise, seasons, and what training adds.
    fn ftp(&self, age_days: f64) -> f64 {
        let season = (age_days / 365.0 * std::f64::consts::TAU).cos() * 6.0;
        self.base_ftp + 30.0 * (-age_days / 500.0).exp() + season
    }

    /// The newest `count` workouts, newest first, ending before `now`.
    pub(crate) fn calendar(
        &self,
        seed: u64,
        member: usize,
        count: usize,
        now: i64,
        classes: &Classes,
    ) -> Vec<Spec> {
        let mut random = Random::new(seed, "calendar", member as u64);
        let mut specs = Vec::with_capacity(count);
        let mut at = now - random.whole(3_600, 40_000);
        while specs.len() < count {
            let number = (count - 1 - specs.len()) as u64;
            specs.push(self.spec(seed, member, number, at, now, classes));
            at -= match () {
                // Holidays and slumps.
                () if random.chance(0.012) => random.whole(12, 24) * 86_400,
                // A stretch after a ride, two workouts a day.
                () if random.chance(0.25) => random.whole(2_400, 14_000),
                () => random.whole(1, 3) * 86_400 + random.whole(-9_000, 9_000),
            };
        }
        // The newest workout of the second member is still going on, that of the fifth is about to begin.
        if let Some(spec) = specs.first_mut() {
            spec.is_in_progress = member == 1 || member == 4;
            spec.is_counting_down = member == 4;
            match member {
                1 => spec.length = 400,
                4 => spec.length = -1,
                _ => {}
            }
        }
        specs.sort_by_key(|spec| (-spec.created_at, spec.id.clone()));
        specs
    }

    pub(crate) fn spec(
        &self,
        seed: u64,
        member: usize,
        number: u64,
        at: i64,
        now: i64,
        classes: &Classes,
    ) -> Spec {
        let mut random = Random::new(seed ^ (member as u64) << 40, "workout", number);
        let kind = draw_kind(&mut random);
        let class = class_of(kind, &mut random, classes);
        let length = match class {
            Some(class) => classes.classes[class].duration - random.whole(0, 2) + beyond(number),
            None => random.whole(10, 45) * 60,
        };
        let created_at = at - length - random.whole(20, 200);
        #[expect(clippy::cast_precision_loss, reason = "an age in days")]
        let age = (now - at) as f64 / 86_400.0;
        // Tests are a quarter of a year apart, and what counts is the last one before.
        let quarter = (age / 90.0).ceil() * 90.0;
        let (zone, utc_offset) = if random.chance(0.03) {
            ZONES[2]
        } else {
            ZONES[self.zone]
        };
        Spec {
            id: id(seed, &format!("workout/{member}"), number),
            member,
            number,
            kind,
            class,
            // An import comes long after it was done.
            created_at: if kind == Kind::Imported {
                (created_at + 70_000).min(now)
            } else {
                created_at
            },
            start_time: created_at + random.whole(-1, 180) + countdown(number),
            length,
            zone,
            utc_offset,
            ftp: whole(self.ftp(quarter)),
            ftp_test: (number > 20).then_some(number - number % 20),
            has_heart_rate: self.has_strap && random.chance(0.85),
            is_in_progress: false,
            is_counting_down: false,
            seed: random.next(),
        }
    }
}

/// Seconds that some pedal on after the end of the class, or stop before.
fn beyond(number: u64) -> i64 {
    match number % 19 {
        4 => 17,
        9 => -240,
        14 => 2,
        _ => 0,
    }
}

/// Seconds that some wait before they begin, beyond the usual ones.
fn countdown(number: u64) -> i64 {
    if number % 41 == 17 { 338 } else { 0 }
}

fn draw_kind(random: &mut Random) -> Kind {
    const KINDS: &[(f64, Kind)] = &[
        (0.50, Kind::Ride),
        (0.03, Kind::Scenic),
        (0.04, Kind::JustRide),
        (0.02, Kind::Lanebreak),
        (0.02, Kind::Bootcamp),
        (0.06, Kind::TreadRun),
        (0.03, Kind::TreadWalk),
        (0.02, Kind::OutdoorRun),
        (0.04, Kind::Row),
        (0.09, Kind::Strength),
        (0.01, Kind::Gym),
        (0.03, Kind::Yoga),
        (0.07, Kind::Stretch),
        (0.02, Kind::Meditation),
        (0.005, Kind::JustCardio),
        (0.005, Kind::RowBootcamp),
        (0.01, Kind::Imported),
    ];
    let mut left = random.unit();
    for (share, kind) in KINDS {
        if left < *share {
            return *kind;
        }
        left -= share;
    }
    Kind::Ride
}

/// Favourites are taken again and again: the square pulls the draw to the front.
fn class_of(kind: Kind, random: &mut Random, classes: &Classes) -> Option<usize> {
    if !kind.takes_class() {
        return None;
    }
    let fits = |at: &usize| classes.classes[*at].is_scenic == (kind == Kind::Scenic);
    let of: Vec<usize> = classes
        .of(kind.discipline())
        .into_iter()
        .filter(fits)
        .collect();
    let favourite = random.unit().powi(2);
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of a short list"
    )]
    let at = (favourite * of.len() as f64) as usize;
    of.get(at).copied()
}

#[expect(clippy::cast_possible_truncation, reason = "small numbers")]
pub(super) fn whole(value: f64) -> i64 {
    value.round() as i64
}
