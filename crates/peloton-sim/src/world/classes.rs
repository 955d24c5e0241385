//! Invented instructors and classes, with segments, cues, targets and songs.

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
const ARTISTS: &[&str] = &[
    "The Paper Lanterns",
    "Nova Harbor",
    "Ärger & Co",
    "DJ Miredo",
    "Las Olas Azules",
];
const WORDS: &[&str] = &[
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
    pub(crate) is_removed: bool,
    pub(crate) first_aired: i64,
    seed: u64,
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
        let instructors = INSTRUCTORS
            .iter()
            .zip(0..)
            .map(|((first_name, last_name), number)| Instructor {
                id: id(seed, "instructor", number),
                first_name,
                last_name,
                has_left: number == 9,
            })
            .collect();
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

    pub(crate) fn instructor_json(&self, at: usize) -> Value {
        let Instructor {
            id,
            first_name,
            last_name,
            ..
        } = &self.instructors[at];
        json!({
            "id": id, "name": format!("{first_name} {last_name}"), "first_name": first_name, "last_name": last_name,
            "username": format!("{first_name}{last_name}"), "user_id": id, "bio": format!("{first_name} likes \"hills\", & <b>bold</b> moves."),
            "short_bio": "An invented instructor.", "background": "", "quote": "Sag’s mit Öl.", "coach_type": "bike",
            "fitness_disciplines": ["cycling", "running"], "image_url": "https://example.invalid/i.png",
            "instructor_hero_image_url": "https://example.invalid/h.png", "is_visible": true, "is_filterable": true,
            "is_active": true, "is_announced": true, "is_instructor_group": false, "individual_instructor_ids": [],
            "list_order": at, "featured_profile": false, "ordered_q_and_as": [["Why?", "Why not."]],
            "spotify_playlist_uri": "", "default_cue_delay": 2.0,
        })
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
        Self {
            id: id(seed, "class", at as u64),
            discipline,
            title,
            duration,
            instructor,
            is_power_zone,
            is_scenic,
            is_removed: at % REMOVED_EVERY == REMOVED_EVERY - 1,
            first_aired: now - random.whole(400, 1600) * 86_400,
            seed: random.next(),
            parts: parts(&mut random, duration, is_power_zone),
        }
    }

    /// Seconds of video before the pedalling starts.
    pub(crate) fn pedaling_start_offset(&self) -> i64 {
        if self.duration <= 300 { 1 } else { 60 }
    }

    /// The class as it stands in workouts, by itself and in its details.
    pub(crate) fn json(&self, classes: &Classes, with_instructor: bool) -> Value {
        let mut random = Random::new(self.seed, "counters", 0);
        let offset = self.pedaling_start_offset();
        let mut ride = json!({
            "id": self.id, "title": self.title, "description": format!("{} with {} parts.", self.title, self.parts.len()),
            "duration": self.duration, "length": self.duration + offset + 40, "pedaling_start_offset": offset,
            "pedaling_end_offset": self.duration + offset, "pedaling_duration": self.duration,
            "original_air_time": self.first_aired, "scheduled_start_time": self.first_aired,
            "fitness_discipline": self.discipline, "fitness_discipline_display_name": display_name(self.discipline),
            "instructor_id": self.instructor.map(|at| classes.instructors[at].id.clone()), "individual_instructor_ids": [],
            "ride_type_id": self.class_type_id(), "ride_type_ids": [self.class_type_id()], "class_type_ids": [self.class_type_id()],
            "series_id": id(1, "series", self.seed % 7), "difficulty_estimate": round(random.range(3.0, 9.0), 4),
            "difficulty_rating_avg": round(random.range(3.0, 9.0), 4), "difficulty_rating_count": random.whole(100, 9000),
            "difficulty_level": if self.duration > 1800 { Value::from("advanced") } else { Value::Null },
            "overall_estimate": round(random.range(0.9, 1.0), 4), "overall_rating_avg": 1, "overall_rating_count": random.whole(100, 9000),
            "rating": 0, "total_ratings": 0, "total_workouts": random.whole(1, 20) * 10_000, "total_in_progress_workouts": 0,
            "content_provider": if self.is_scenic { "virtual_active" } else { "peloton" }, "content_format": "video",
            "location": if self.is_scenic { "nordsee" } else { "nyc" }, "language": "english", "origin_locale": "en-US",
            "captions": ["en-US"], "metrics": ["heart_rate", "cadence", "calories"], "equipment_ids": [], "equipment_tags": [],
            "extra_images": null, "image_url": "https://example.invalid/c.png", "is_archived": true, "is_explicit": false,
            "explicit_rating": 0, "has_pedaling_metrics": matches!(self.discipline, "cycling" | "bike_bootcamp"),
            "is_outdoor": false, "muscle_group_score": [], "home_peloton_id": id(2, "airing", self.seed),
            "studio_peloton_id": null, "availability": {"is_available": true, "reason": null}, "flags": [],
        });
        if with_instructor {
            ride["instructor"] = self
                .instructor
                .map_or(Value::Null, |at| classes.instructor_json(at));
        }
        ride
    }

    pub(crate) fn details(&self, classes: &Classes) -> Value {
        let mut random = Random::new(self.seed, "details", 0);
        let offset = self.pedaling_start_offset();
        let cues: Vec<Value> = self.parts.iter().map(|part| cue(part, offset)).collect();
        json!({
            "ride": self.json(classes, true), "class_types": [{"id": self.class_type_id(), "name": self.class_type()}],
            "playlist": self.playlist(&mut random),
            "averages": {"average_total_work": random.whole(30, 600), "average_avg_power": random.whole(80, 200),
                "average_avg_cadence": 82, "average_avg_resistance": 40, "average_avg_speed": 17.5, "average_distance": 8.1,
                "average_calories": 330.5, "average_effort_score": null, "total_heart_rate_zone_durations": null},
            "segments": {"segment_list": self.segments()}, "instructor_cues": cues,
            "target_class_metrics": {"target_graph_metrics": [], "total_expected_output": {"expected_lower_output": 100, "expected_upper_output": 200}},
            "target_metrics_data": {"target_metrics": self.target_metrics(), "total_expected_output": {"expected_lower_output": 100, "expected_upper_output": 200}},
            "events": {"data": []}, "related_rides": {}, "default_album_images": {}, "excluded_platforms": [],
            "disabled_leaderboard_filters": {"just_me": false, "following": false, "age_and_gender": false},
            "is_ftp_test": false, "is_power_zone_class": self.is_power_zone, "lanebreak_info": null, "sampled_top_tags": [], "last_time_metrics": null,
        })
    }

    /// On the pedalling clock.
    pub(crate) fn segments(&self) -> Value {
        let total = self.parts.len();
        let segment = |(at, part): (usize, &Part)| {
            let (name, slug) = match at {
                0 => ("Warm Up", "warmup"),
                at if at + 1 == total => ("Cool Down", "cooldown"),
                _ => ("Main", "cycling"),
            };
            json!({"id": id(3, "segment", self.seed ^ at as u64), "name": name, "length": part.length,
                "start_time_offset": part.start, "icon_url": "", "icon_name": slug, "icon_slug": slug,
                "intensity_in_mets": 4.5, "metrics_type": self.discipline, "is_drill": false, "subsegments_v2": []})
        };
        self.parts.iter().enumerate().map(segment).collect()
    }

    /// Offsets count from the start of the video.
    pub(crate) fn target_metrics(&self) -> Value {
        if self.discipline != "cycling" || self.is_scenic {
            return json!([]);
        }
        let offset = self.pedaling_start_offset();
        let target = |part: &Part| {
            let metrics = if self.is_power_zone {
                json!([{"name": "power_zone", "lower": part.zone, "upper": part.zone}])
            } else {
                json!([{"name": "resistance", "lower": part.resistance.0, "upper": part.resistance.1},
                    {"name": "cadence", "lower": part.cadence.0, "upper": part.cadence.1}])
            };
            json!({"offsets": offsets(part, offset), "segment_type": if self.is_power_zone { "power_zone" } else { "cycling" }, "metrics": metrics})
        };
        self.parts.iter().map(target).collect()
    }

    fn playlist(&self, random: &mut Random) -> Value {
        if matches!(self.discipline, "meditation" | "yoga") {
            return Value::Null;
        }
        let count = self.duration / 220;
        let songs: Vec<Value> = (0..count)
            .map(|at| {
                let artist = *random.pick(ARTISTS);
                let title = format!("{} {}", random.pick(WORDS), random.whole(1, 99));
                json!({"id": id(4, &title, at as u64), "title": title,
                    "artists": [{"artist_id": id(5, artist, 0), "artist_name": artist}],
                    "album": {"id": id(6, artist, 0), "name": format!("{artist}: Live"), "image_url": null},
                    "cue_time_offset": self.pedaling_start_offset() + at * 220, "start_time_offset": self.pedaling_start_offset() + at * 220,
                    "index": at, "liked": at == 1, "popularity": null, "explicit_rating": 0})
            })
            .collect();
        json!({"id": id(7, "playlist", self.seed), "ride_id": self.id, "songs": songs, "top_artists": [], "top_albums": [], "stream_id": null, "stream_url": null})
    }

    fn class_type(&self) -> &'static str {
        if self.is_power_zone {
            CLASS_TYPES[0]
        } else {
            CLASS_TYPES[1 + usize::try_from(self.seed % 7).unwrap_or(0)]
        }
    }

    fn class_type_id(&self) -> String {
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

fn cue(part: &Part, offset: i64) -> Value {
    json!({"offsets": offsets(part, offset),
        "resistance_range": {"lower": part.resistance.0, "upper": part.resistance.1},
        "cadence_range": {"lower": part.cadence.0, "upper": part.cadence.1}})
}

/// Both ends included.
fn offsets(part: &Part, offset: i64) -> Value {
    json!({"start": part.start + offset, "end": part.start + part.length - 1 + offset})
}

fn round(value: f64, digits: i32) -> f64 {
    let scale = 10_f64.powi(digits);
    (value * scale).round() / scale
}

/// The app's word for a discipline.
pub(crate) fn display_name(discipline: &str) -> &'static str {
    KINDS
        .iter()
        .find(|(name, ..)| *name == discipline)
        .map_or("Other", |(_, word, ..)| word)
}
