//! How classes and instructors look on the wire, with segments, cues, targets and songs.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::classes::{Class, Classes, Instructor, Part, WORDS, display_name};
use super::random::{Random, id};

const ARTISTS: &[&str] = &[
    "The Paper Lanterns",
    "Nova Harbor",
    "Ärger & Co",
    "DJ Miredo",
    "Las Olas Azules",
];
/// Seconds between two values of a class's target graph.
const TARGET_STEP: usize = 5;

/// Where a class stands; each place has its own choice of fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// In a row of a list of workouts.
    Row,
    /// In a workout.
    Workout,
    /// In the airing that a workout was joined with: the oldest shape.
    Airing,
    /// In `/api/ride/{id}/details`.
    Details,
    /// The answer of `/api/ride/{id}`.
    Alone,
}

impl Classes {
    /// What its own address answers.
    pub(crate) fn instructor_json(&self, at: usize) -> Value {
        let mut json = self.inline_instructor(at);
        let members = &self.instructors[at].members;
        json["is_active"] = json!(true);
        json["default_cross_fade"] = json!(0);
        json["default_cue_delay"] = json!(5);
        json["individual_instructor_ids"] = json!(members);
        json
    }

    /// What a class carries along.
    fn inline_instructor(&self, at: usize) -> Value {
        let Instructor {
            id,
            first_name,
            last_name,
            members,
            ..
        } = &self.instructors[at];
        let image = |name: &str| format!("https://example.invalid/{first_name}/{name}.png");
        json!({
            "id": id, "name": format!("{first_name} {last_name}"), "first_name": first_name, "last_name": last_name,
            "username": format!("{first_name}{last_name}"), "user_id": id, "bio": format!("{first_name} likes \"hills\", & <b>bold</b> moves."),
            "short_bio": "An invented instructor.", "background": "", "music_bio": "", "quote": "Sag’s mit Öl.", "coach_type": "peloton_coach",
            "fitness_disciplines": ["cycling", "running"], "image_url": image("i"), "about_image_url": image("about"),
            "instructor_hero_image_url": image("hero"), "life_style_image_url": image("life"),
            "bike_instructor_list_display_image_url": null, "ios_instructor_list_display_image_url": image("ios"),
            "web_instructor_list_display_image_url": image("web"), "web_instructor_list_gif_image_url": null,
            "jumbotron_url": null, "jumbotron_url_dark": image("dark"), "jumbotron_url_ios": image("jumbo"),
            "is_visible": true, "is_filterable": true, "is_announced": true, "is_instructor_group": !members.is_empty(),
            "list_order": at, "featured_profile": false, "ordered_q_and_as": [["Why?", "Why not."], ["", ""]],
            "spotify_playlist_uri": "", "facebook_fan_page": "", "instagram_profile": "", "strava_profile": "",
            "twitter_profile": "", "film_link": "",
            "workout_share_images": [{"fitness_discipline": "cycling", "image_url": image("share")}],
        })
    }
}

impl Class {
    /// The class as its place shows it.
    pub(crate) fn json(&self, classes: &Classes, place: Place, with_instructor: bool) -> Value {
        let mut ride = self.common(classes);
        if place != Place::Airing {
            extend(&mut ride, self.recent());
        }
        if matches!(place, Place::Workout | Place::Details | Place::Alone) {
            extend(&mut ride, self.beyond_lists(classes));
        }
        match place {
            Place::Row if self.is_fixed_distance => ride["duration"] = Value::Null,
            Place::Row | Place::Airing => {}
            Place::Workout => {
                // Only those who may watch get an address.
                ride["vod_stream_url"] = Value::Null;
                ride["excluded_platforms"] = json!([]);
                ride["class_avg_follow_along_score"] = json!(0.0);
                ride["is_skip_intro_available"] = json!(false);
            }
            Place::Details | Place::Alone => {
                extend(&mut ride, self.own_counts());
                ride["user_caption_locales"] = caption_locales();
            }
        }
        match place {
            Place::Details => {
                ride["leaderboard_filter_type"] = Value::Null;
                ride["membership_tiering_info"] = json!({"tier_type": "all_access", "limited_classes_total": null,
                    "limited_classes_taken": null, "limited_classes_reset_date": null});
            }
            Place::Alone => {
                ride["extra_images"] = Value::Null;
                ride["is_sessions_eligible"] = json!(true);
            }
            _ => {}
        }
        if let Some(at) = self.instructor.filter(|_| with_instructor) {
            ride["instructor"] = match place {
                Place::Details | Place::Alone => classes.instructor_json(at),
                _ => classes.inline_instructor(at),
            };
        }
        ride
    }

    /// What every place has.
    fn common(&self, classes: &Classes) -> Value {
        let mut random = Random::new(self.seed, "counters", 0);
        let offset = self.pedaling_start_offset();
        let is_cycling = matches!(self.discipline, "cycling" | "bike_bootcamp");
        let difficulty = round(random.range(3.0, 9.0), 4);
        let rating = round(random.range(0.95, 1.02).min(1.0), 4);
        json!({
            "id": self.id, "title": self.title, "description": format!("{} with {} parts.", self.title, self.parts.len()),
            "duration": self.duration, "length": self.duration + offset + 40, "pedaling_start_offset": offset,
            "pedaling_end_offset": self.duration + offset, "pedaling_duration": self.duration,
            "original_air_time": self.first_aired, "scheduled_start_time": self.first_aired,
            "fitness_discipline": self.discipline, "fitness_discipline_display_name": display_name(self.discipline),
            "instructor_id": self.instructor.map(|at| classes.instructors[at].id.clone()),
            "ride_type_id": self.class_type_id(), "ride_type_ids": [self.class_type_id()], "class_type_ids": [self.class_type_id()],
            "series_id": id(1, "series", self.seed % 7), "difficulty_estimate": difficulty, "difficulty_rating_avg": difficulty,
            "difficulty_rating_count": random.whole(100, 9000), "difficulty_level": self.difficulty_level(),
            "overall_estimate": number(rating), "overall_rating_avg": number(rating), "overall_rating_count": random.whole(100, 9000),
            "rating": 0, "total_ratings": 0, "total_workouts": random.whole(1, 20) * 10_000, "total_in_progress_workouts": 0,
            "content_provider": if self.is_scenic { "virtual_active" } else { "peloton" }, "content_format": "video",
            "location": if self.is_scenic { "nordsee" } else { "nyc" }, "language": "english",
            "has_closed_captions": true, "is_closed_caption_shown": true, "metrics": ["heart_rate", "cadence", "calories"],
            "extra_images": [], "image_url": "https://example.invalid/c.png", "is_archived": true, "is_explicit": false,
            "is_live_in_studio_only": false, "sold_out": false, "has_pedaling_metrics": is_cycling,
            "home_peloton_id": id(2, "airing", self.seed), "studio_peloton_id": id(17, "airing", self.seed),
            "live_stream_id": format!("{}-live", self.id), "live_stream_url": null, "vod_stream_id": format!("{}-vod", self.id),
            "vod_stream_url": "https://example.invalid/class.m3u8", "sample_vod_stream_url": null,
        })
    }

    fn difficulty_level(&self) -> Value {
        match self.duration {
            ..=600 => "beginner".into(),
            1801.. => "advanced".into(),
            _ => Value::Null,
        }
    }

    /// What was added over the years, wherever the class stands.
    fn recent(&self) -> Value {
        let (distance, unit, display) = if self.is_fixed_distance {
            (json!(5.0), json!("metric"), json!("5 km"))
        } else {
            Default::default()
        };
        json!({
            "availability": {"is_available": true, "reason": null}, "explicit_rating": 0, "flags": [], "origin_locale": "en-US",
            "is_fixed_distance": self.is_fixed_distance, "distance": distance, "distance_unit": unit, "distance_display_value": display,
            "is_dynamic_video_eligible": self.is_scenic, "dynamic_video_recorded_speed_in_mph": if self.is_scenic { 17 } else { 0 },
            "sample_preview_stream_url": null,
        })
    }

    fn beyond_lists(&self, classes: &Classes) -> Value {
        let members = self.instructor.map(|at| &classes.instructors[at].members);
        let token = json!({"home_peloton_id": null, "ride_id": self.id, "studio_peloton_id": null});
        json!({
            "individual_instructor_ids": members.cloned().unwrap_or_default(), "captions": ["en-US"], "equipment_ids": [], "equipment_tags": [],
            "has_free_mode": false, "join_tokens": {"on_demand": STANDARD.encode(token.to_string())},
            "content_availability": "available", "content_availability_level": "digital_and_above", "free_for_limited_time": false,
            "has_tread_pace_target": false, "is_limited_ride": false, "is_outdoor": false, "muscle_group_score": [],
            "user_caption_locales": [], "thumbnail_title": null, "thumbnail_location": null,
        })
    }

    fn own_counts(&self) -> Value {
        json!({"is_favorite": self.seed.is_multiple_of(9), "total_user_workouts": 0, "total_following_workouts": 0})
    }

    pub(crate) fn details(&self, classes: &Classes) -> Value {
        let mut random = Random::new(self.seed, "details", 0);
        let offset = self.pedaling_start_offset();
        let cues: Vec<Value> = self.parts.iter().map(|part| cue(part, offset)).collect();
        let expected = json!({"expected_lower_output": 100, "expected_upper_output": 200});
        json!({
            "ride": self.json(classes, Place::Details, true), "class_types": [{"id": self.class_type_id(), "name": self.class_type()}],
            "averages": self.averages(&mut random), "playlist": self.playlist(&mut random),
            "segments": {"segment_list": self.detailed_segments(), "segment_body_focus_distribution": {"cardio": "1.0"},
                "segment_category_distribution": {"cycling": "1.0"}},
            "instructor_cues": cues,
            "target_class_metrics": {"target_graph_metrics": self.target_graphs(TARGET_STEP), "total_expected_output": expected},
            "target_metrics_data": {"target_metrics": self.target_metrics(), "total_expected_output": expected},
            "events": {"data": []}, "related_rides": {}, "excluded_platforms": [],
            "default_album_images": {"default_class_detail_image_url": "https://example.invalid/d.png", "default_in_class_image_url": "https://example.invalid/a.png"},
            "disabled_leaderboard_filters": {"just_me": false, "following": false, "age_and_gender": false},
            "is_ftp_test": false, "is_power_zone_class": self.is_power_zone, "lanebreak_info": null, "sampled_top_tags": null, "last_time_metrics": null,
        })
    }

    /// Of all who took the class; kilojoules.
    fn averages(&self, random: &mut Random) -> Value {
        if !matches!(self.discipline, "cycling" | "bike_bootcamp") {
            return Value::Null;
        }
        json!({"average_total_work": random.whole(30, 600), "average_avg_power": random.whole(80, 200),
            "average_avg_cadence": 82, "average_avg_resistance": 40, "average_avg_speed": 17.5, "average_distance": 8.1,
            "average_calories": 330, "average_effort_score": null, "total_heart_rate_zone_durations": null})
    }

    /// On the pedalling clock.
    pub(crate) fn segments(&self) -> Value {
        let parts = self.parts.iter().enumerate();
        parts.map(|(at, part)| self.segment(at, part)).collect()
    }

    fn segment(&self, at: usize, part: &Part) -> Value {
        let (name, slug) = match at {
            0 => ("Warm Up", "warmup"),
            at if at + 1 == self.parts.len() => ("Cool Down", "cooldown"),
            _ if self.is_floor(at) => ("Floor", "floor"),
            _ => ("Main", "cycling"),
        };
        json!({"id": id(3, "segment", self.seed ^ at as u64), "name": name, "length": part.length,
            "start_time_offset": part.start, "icon_url": "", "icon_name": slug, "icon_slug": slug,
            "intensity_in_mets": 4.5, "metrics_type": self.discipline, "is_drill": false})
    }

    /// With the movements, where a class has them.
    fn detailed_segments(&self) -> Value {
        let detailed = |(at, part): (usize, &Part)| {
            let mut segment = self.segment(at, part);
            segment["is_transition"] = json!(false);
            if self.discipline == "strength" {
                segment["subsegments_v2"] = json!([movement(part)]);
            }
            segment
        };
        self.parts.iter().enumerate().map(detailed).collect()
    }

    /// Offsets count from the start of the video.
    pub(crate) fn target_metrics(&self) -> Value {
        if !self.has_plan() {
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

    /// The older form: a value for each step on the pedalling clock.
    pub(crate) fn target_graphs(&self, step: usize) -> Value {
        if !self.has_plan() || self.is_power_zone {
            return json!([]);
        }
        json!([
            self.target_graph("cadence", |part| part.cadence, step),
            self.target_graph("resistance", |part| part.resistance, step),
        ])
    }

    fn target_graph(&self, name: &str, band: fn(&Part) -> (i64, i64), step: usize) -> Value {
        let bands: Vec<(i64, i64)> = (0..self.duration)
            .step_by(step)
            .filter_map(|second| self.parts.iter().rfind(|part| part.start <= second))
            .map(band)
            .collect();
        let middles: Vec<i64> = bands
            .iter()
            .map(|(low, high)| i64::midpoint(*low, *high))
            .collect();
        let count = i64::try_from(middles.len().max(1)).unwrap_or(1);
        let (low, high): (Vec<i64>, Vec<i64>) = bands.into_iter().unzip();
        json!({"type": name, "min": low.iter().min(), "max": high.iter().max(), "average": middles.iter().sum::<i64>() / count,
            "graph_data": {"lower": low, "upper": high, "average": middles}})
    }

    fn playlist(&self, random: &mut Random) -> Value {
        if matches!(self.discipline, "meditation" | "yoga") {
            return Value::Null;
        }
        let songs: Vec<Value> = (0..self.duration / 220)
            .map(|at| self.song(at, random))
            .collect();
        let album = json!({"id": id(6, ARTISTS[0], 0), "name": format!("{}: Live", ARTISTS[0]), "image_url": "https://example.invalid/l.png"});
        json!({"id": id(7, "playlist", self.seed), "ride_id": self.id, "songs": songs, "top_artists": [artist(ARTISTS[0])], "top_albums": [album],
            "is_playlist_shown": true, "is_top_artists_shown": true, "is_in_class_music_shown": true,
            "stream_id": id(7, "stream", self.seed), "stream_url": null})
    }

    fn song(&self, at: i64, random: &mut Random) -> Value {
        let name = *random.pick(ARTISTS);
        let title = format!("{} {}", random.pick(WORDS), random.whole(1, 99));
        let start = self.pedaling_start_offset() + at * 220;
        json!({"id": id(4, &title, at.unsigned_abs()), "title": title, "artists": [artist(name)],
            "album": {"id": id(6, name, 0), "name": format!("{name}: Live"), "image_url": "https://example.invalid/l.png"},
            "cue_time_offset": start, "start_time_offset": start, "index": at, "liked": at == 1, "popularity": 0, "explicit_rating": 0})
    }
}

fn artist(name: &str) -> Value {
    json!({"artist_id": id(5, name, 0), "artist_name": name, "artist_alias_id": id(5, name, 1),
        "image_url": "https://example.invalid/p.png", "num_rides_with_song_played": 12})
}

fn movement(part: &Part) -> Value {
    let name = ["Press", "Row", "Squat"][part.zone % 3];
    json!({"id": id(14, name, part.start.unsigned_abs()), "type": "movement", "display_name": name, "length": part.length, "offset": 0,
        "scheduled_offset": 0, "rounds": null, "trackable_movements_disabled": false,
        "movements": [{"id": id(9, name, 0), "name": name, "note": null, "slug": null, "image_url": null, "long_video_url": null,
            "short_video_url": null, "movement_videos": [], "skill_level": "intermediate", "talkback_description": "",
            "muscle_groups": [{"muscle_group": "core", "display_name": "Core", "ranking": 1}]}]})
}

fn caption_locales() -> Value {
    let names =
        json!({"en-US": "English", "de-DE": "Englisch", "es-ES": "Inglés", "fr-FR": "Anglais"});
    json!([{"locale": "en-US", "slugs": [{"type": "en", "display_names": names}]}])
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

fn extend(into: &mut Value, more: Value) {
    if let (Some(into), Value::Object(more)) = (into.as_object_mut(), more) {
        into.extend(more);
    }
}

/// As the service writes it: a round figure loses its point.
pub(super) fn number(value: f64) -> Value {
    if value.fract() == 0.0 {
        json!(super::members::whole(value))
    } else {
        json!(value)
    }
}

fn round(value: f64, digits: i32) -> f64 {
    let scale = 10_f64.powi(digits);
    (value * scale).round() / scale
}
