//! Instructors: by id, in the list, or inline in a ride.

use serde::{Deserialize, Serialize};

use super::{Field, Int, List};

/// An instructor, or a group of them.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Instructor {
    /// Absent in the placeholder of freestyle workouts.
    pub id: Field<String>,
    /// Whole name; in freestyle workouts a placeholder such as `JUST RIDE` or `LANEBREAK`.
    pub name: Field<String>,
    /// First name.
    pub first_name: Field<String>,
    /// Last name.
    pub last_name: Field<String>,
    /// Name on the leaderboard.
    pub username: Field<String>,
    /// Id of the instructor as a member.
    pub user_id: Field<String>,
    /// Biography.
    pub bio: Field<String>,
    /// A sentence or two, often the motto again.
    pub short_bio: Field<String>,
    /// What their classes are like, in their own words.
    pub background: Field<String>,
    /// Motto.
    pub quote: Field<String>,
    /// `peloton_coach`; others are possible.
    pub coach_type: Field<String>,
    /// What they teach, spelled as in rides.
    pub fitness_disciplines: List<String>,
    /// Picture.
    pub image_url: Field<String>,
    /// Large picture.
    pub instructor_hero_image_url: Field<String>,
    /// Whether they teach now; absent in older answers.
    pub is_active: Field<bool>,
    /// Whether the app lists them.
    pub is_visible: Field<bool>,
    /// Whether it stands for several people.
    pub is_instructor_group: Field<bool>,
    /// The people of a group; empty for one person.
    pub individual_instructor_ids: List<String>,
    /// Place in the app's list.
    pub list_order: Field<Int>,
    /// `spotify:playlist:…` or `spotify:user:…:playlist:…`.
    pub spotify_playlist_uri: Field<String>,
}
