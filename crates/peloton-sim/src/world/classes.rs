//! Invented instructors and classes: the catalogue.

use serde_json::{Value, json};

use super::random::{Random, id};

const INSTRUCTORS: &[(&str, &str)] = &[
    ("Alva", "Brook"),
    ("Benno", "Castell"),
    ("Cleo", "Darrow"),
    ("Dario", "Estrand"),
    ("Edda", "Falk"),
    ("Finn", "Garrow"),
    ("Greta", "Holm"),
    ("Hugo", "Ives"),
    ("Ines", "Jarrell"),
    ("Jonas", "Kestrel"),
];
/// Two who teach together, after all others: a group has an id of its own.
const GROUP: usize = INSTRUCTORS.len();
const GROUP_OF: [usize; 2] = [6, 7];
pub(super) const WORDS: &[&str] = &[
    "Midnight", "Copper", "Runaway", "Signal", "Golden", "Static", "Ember", "Cascade",
];
const CLASS_TYPES: &[&str] = &[
    "Power Zone",
    "Intervals",
    "Climb",
    "Music",
    "Low Impact",
    "Fun Run",
    "Full Body",
    "Flow",
];

/// A kind of class: how many there are, what it is called.
const KINDS: &[(&str, &str, usize, &[i64])] = &[
    ("cycling", "Ride", 48, &[1200, 1800, 2700, 3600]),
    ("running", "Run", 14, &[1200, 1800, 2700]),
    ("walking", "Walk", 8, &[900, 1200, 1800]),
    ("caesar", "Row", 8, &[900, 1200, 1800]),
    ("strength", "Strength", 16, &[600, 1200, 1800]),
    ("yoga", "Yoga", 8, &[900, 1800]),
    ("stretching", "Stretch", 8, &[300, 600]),
    ("meditation", "Meditation", 6, &[300, 600]),
    ("bike_bootcamp", "Bike Bootcamp", 4, &[1800, 2700]),
    ("circuit", "Tread Bootcamp", 4, &[1800, 2700]),
    ("caesar_bootcamp", "Row Bootcamp", 4, &[1800, 2700]),
];
/// The app's words for disciplines.
const DISPLAY_NAMES: &[(&str, &str)] = &[
    ("cycling", "Cycling"),
    ("running", "Running"),
    ("walking", "Walking"),
    ("caesar", "Rowing"),
    ("strength", "Strength"),
    ("yoga", "Yoga"),
    ("stretching", "Stretching"),
    ("meditation", "Meditation"),
    ("bike_bootcamp", "Bike Bootcamp"),
    ("circuit", "Tread Bootcamp"),
    ("caesar_bootcamp", "Row Bootcamp"),
    ("cardio", "Cardio"),
];
/// Every so many classes one is gone from the catalogue.
const REMOVED_EVERY: usize = 31;

/// Everything that can be taken.
#[derive(Debug)]
pub(crate) struct Classes {
    pub(crate) instructors: Vec<Instructor>,
    pub(crate) classes: Vec<Class>,
}

#[derive(Debug)]
pub(crate) struct Instructor {
    pub(crate) id: String,
    pub(crate) first_name: &'static str,
    pub(crate) last_name: &'static str,
    /// Left: in no list any more, and by id 404.
    pub(crate) has_left: bool,
    /// Of a group: its members.
    pub(crate) members: Vec<String>,
}

#[derive(Debug)]
pub(crate) struct Class {
    pub(crate) id: String,
    pub(crate) discipline: &'static str,
    pub(crate) title: String,
    /// Seconds, nominal.
    pub(crate) duration: i64,
    /// None for scenic rides.
    pub(crate) instructor: Option<usize>,
    pub(crate) is_power_zone: bool,
    pub(crate) is_scenic: bool,
    /// A distance has to be done; the time is the rider's.
    pub(crate) is_fixed_distance: bool,
    pub(crate) is_removed: bool,
    pub(crate) first_aired: i64,
    pub(super) seed: u64,
    /// Parts on the pedalling clock: start, length, power zone from 1 to 7, cadence, resistance.
    pub(crate) parts: Vec<Part>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Part {
    pub(crate) start: i64,
    pub(crate) length: i64,
    pub(crate) zone: usize,
    pub(crate) cadence: (i64, i64),
    pub(crate) resistance: (i64, i64),
}

impl Classes {
    pub(crate) fn new(seed: u64, now: i64) -> Self {
        let mut instructors: Vec<Instructor> = INSTRUCTORS
            .iter()
            .zip(0..)
            .map(|((first_name, last_name), number)| Instructor {
                id: id(seed, "instructor", number),
                first_name,
                last_name,
                has_left: number == 9,
                members: Vec::new(),
            })
            .collect();
        instructors.push(Instructor {
            id: id(seed, "instructor", GROUP as u64),
            first_name: INSTRUCTORS[GROUP_OF[0]].0,
            last_name: "& Hugo",
            has_left: false,
            members: GROUP_OF.map(|at| instructors[at].id.clone()).into(),
        });
        let mut classes = Vec::new();
        for (discipline, word, count, durations) in KINDS {
            for number in 0..*count {
                let at = classes.len();
                classes.push(Class::new(
                    seed, now, at, discipline, word, number, durations,
                ));
            }
        }
        Self {
            instructors,
            classes,
        }
    }

    /// Classes of a discipline.
    pub(crate) fn of(&self, discipline: &str) -> Vec<usize> {
        (0..self.classes.len())
            .filter(|at| self.classes[*at].discipline == discipline)
            .collect()
    }

    pub(crate) fn find(&self, id: &str) -> Option<&Class> {
        self.classes.iter().find(|class| class.id == id)
    }
}

impl Class {
    fn new(
        seed: u64,
        now: i64,
        at: usize,
        discipline: &'static str,
        word: &str,
        number: usize,
        durations: &[i64],
    ) -> Self {
        let mut random = Random::new(seed, "class", at as u64);
        let duration = *random.pick(durations);
        let is_scenic = discipline == "cycling" && number % 12 == 11;
        let is_power_zone = discipline == "cycling" && !is_scenic && number.is_multiple_of(3);
        let kind = if is_power_zone {
            "Power Zone"
        } else {
            *random.pick(WORDS)
        };
        let title = if is_scenic {
            format!("{} min Küsten {word} 🌊", duration / 60)
        } else {
            format!("{} min {kind} {word}", duration / 60)
        };
        let instructor = (!is_scenic).then(|| usize::try_from(random.whole(0, 9)).unwrap_or(0));
        let instructor = instructor.map(|one| if at % 17 == 5 { GROUP } else { one });
        Self {
            id: id(seed, "class", at as u64),
            discipline,
            title,
            duration,
            instructor,
            is_power_zone,
            is_scenic,
            is_fixed_distance: is_scenic && number % 24 == 11,
            is_removed: at % REMOVED_EVERY == REMOVED_EVERY - 1,
            first_aired: now - random.whole(400, 1600) * 86_400,
            seed: random.next(),
            parts: parts(&mut random, duration, is_power_zone),
        }
    }

    /// Whether it says what to aim at.
    pub(crate) fn has_plan(&self) -> bool {
        self.discipline == "cycling" && !self.is_scenic
    }

    /// Every other part of a bootcamp is on the floor.
    pub(crate) fn is_floor(&self, part: usize) -> bool {
        matches!(
            self.discipline,
            "bike_bootcamp" | "circuit" | "caesar_bootcamp"
        ) && part % 2 == 1
    }

    /// Seconds of video before the pedalling starts.
    pub(crate) fn pedaling_start_offset(&self) -> i64 {
        if self.duration <= 300 { 1 } else { 60 }
    }

    pub(super) fn class_type(&self) -> &'static str {
        if self.is_power_zone {
            CLASS_TYPES[0]
        } else {
            CLASS_TYPES[1 + usize::try_from(self.seed % 7).unwrap_or(0)]
        }
    }

    pub(super) fn class_type_id(&self) -> String {
        id(8, self.class_type(), 0)
    }
}

/// All class types as the catalogue has them.
pub(crate) fn class_types() -> Value {
    CLASS_TYPES.iter().map(|name| json!({"id": id(8, name, 0), "name": name, "display_name": name, "slug": name.to_lowercase().replace(' ', "_")})).collect()
}

fn parts(random: &mut Random, duration: i64, is_power_zone: bool) -> Vec<Part> {
    let (warm, cool) = if duration <= 600 {
        (60, 60)
    } else {
        (300, 120)
    };
    let part = |start, length, zone: usize| {
        let easy = 28 + 5 * i64::try_from(zone).unwrap_or(0);
        Part {
            start,
            length,
            zone,
            cadence: (75, 90),
            resistance: (easy, easy + 10),
        }
    };
    let mut parts = vec![part(0, warm, 1)];
    let mut at = warm;
    while at < duration - cool {
        let length = random.whole(1, 5).min((duration - cool - at) / 60).max(1) * 60;
        let length = length.min(duration - cool - at);
        let zone = if is_power_zone {
            random.whole(2, 6)
        } else {
            random.whole(1, 5)
        };
        parts.push(part(at, length, usize::try_from(zone).unwrap_or(1)));
        at += length;
    }
    parts.push(part(at, duration - at, 1));
    parts
}

/// The app's word for a discipline.
pub(crate) fn display_name(discipline: &str) -> &'static str {
    DISPLAY_NAMES
        .iter()
        .find(|(slug, _)| *slug == discipline)
        .map_or("Other", |(_, name)| name)
}

/// All disciplines with their words.
pub(crate) fn disciplines() -> impl Iterator<Item = (&'static str, &'static str)> {
    DISPLAY_NAMES.iter().copied()
}
