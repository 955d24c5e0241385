//! Instructors: by id, in the list, or inline in a ride.

use serde::Deserialize;

use super::{Field, Int, List};

/// An instructor, or a group of them.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Instructor {
    /// Absent in the placeholder of freestyle workouts.
    pub id: Field<String>,
    pub name: Field<String>,
    pub first_name: Field<String>,
    pub last_name: Field<String>,
    pub username: Field<String>,
    pub user_id: Field<String>,
    pub bio: Field<String>,
    pub short_bio: Field<String>,
    pub background: Field<String>,
    pub quote: Field<String>,
    pub coach_type: Field<String>,
    pub fitness_disciplines: List<String>,
    pub image_url: Field<String>,
    pub instructor_hero_image_url: Field<String>,
    pub is_active: Field<bool>,
    pub is_visible: Field<bool>,
    pub is_instructor_group: Field<bool>,
    pub individual_instructor_ids: List<String>,
    pub list_order: Field<Int>,
    pub spotify_playlist_uri: Field<String>,
}
