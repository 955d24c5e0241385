//! `ride_songs`: the music of a class.

use peloton_api::models::{Field, Song};
use warehouse::schema::ColumnType as T;

use super::Class;
use crate::transform::column::Value;
use crate::transform::definition::{Source, TableOf};
use crate::transform::rows::{Report, Rows};

pub(in crate::transform) enum Songs {}

impl Source for Songs {
    type Row<'a> = SongRow<'a>;
}

/// One song of one class.
#[derive(Debug)]
pub(in crate::transform) struct SongRow<'a> {
    class: &'a Class<'a>,
    position: i64,
    song: &'a Song,
}

impl SongRow<'_> {
    fn artists(&self) -> Option<String> {
        let names: Vec<&str> = self
            .song
            .artists
            .iter()
            .filter_map(|artist| artist.artist_name.as_deref())
            .collect();
        (!names.is_empty()).then(|| names.join(", "))
    }

    fn video_second(&self) -> &Field<peloton_api::models::Int> {
        crate::transform::tables::first([&self.song.start_time_offset, &self.song.cue_time_offset])
    }
}

pub(super) fn add(rows: &mut Rows, class: &Class<'_>) {
    let Some(playlist) = class.details.playlist.get() else {
        return;
    };
    if class.pedaling_start_offset().is_none() && !playlist.songs.is_empty() {
        let mut report = Report::new(&mut rows.problems, "ride_songs", class.id);
        report.add(
            "start_second",
            "`pedaling_start_offset` of the class is unknown".into(),
        );
    }
    for (position, song) in (1..).zip(&playlist.songs) {
        let row = SongRow {
            class,
            position,
            song,
        };
        rows.tables
            .ride_songs
            .push(&row, class.id, &mut rows.problems);
    }
}

pub(in crate::transform) fn definition() -> TableOf<Songs> {
    TableOf::<Songs>::new(
        "ride_songs",
        "one song of one class",
        "The playlist of a class, in its order.",
        &["ride_id", "position"],
        "ride_id",
    )
    .column("ride_id", T::String, "", "The class.", |s| {
        s.class.id.into()
    })
    .column(
        "position",
        T::Int64,
        "",
        "Place in the playlist, from 1.",
        |s| s.position.into(),
    )
    .column("song_id", T::String, "", "Peloton's id.", |s| {
        (&s.song.id).into()
    })
    .column("title", T::String, "", "Title.", |s| (&s.song.title).into())
    .column(
        "artists",
        T::String,
        "",
        "Artists, separated by commas.",
        |s| s.artists().into(),
    )
    .column("album", T::String, "", "Album.", |s| {
        s.song
            .album
            .get()
            .map_or(Value::Null, |album| (&album.name).into())
    })
    .column(
        "start_second",
        T::Int64,
        "s",
        "Start since pedalling start; negative before it.",
        |s| s.class.pedaling_second(s.video_second().int()).into(),
    )
    .column("liked", T::Bool, "", "Whether the account liked it.", |s| {
        (&s.song.liked).into()
    })
    .column(
        "popularity",
        T::Int64,
        "",
        "Peloton's popularity, 0 to 100.",
        |s| (&s.song.popularity).into(),
    )
    .column(
        "explicit_rating",
        T::Int64,
        "",
        "Whether words are explicit.",
        |s| (&s.song.explicit_rating).into(),
    )
}
