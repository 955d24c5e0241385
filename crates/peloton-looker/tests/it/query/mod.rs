//! Explores asked from the shell: what a person sees, on a world that is made once.

mod answers;
mod combinations;
mod errors;
mod fields;
mod projects;
mod settings;

use std::sync::{Arc, Mutex, PoisonError, Weak};

use peloton_sim::Settings;

pub(crate) use fields::visible_fields;

use crate::home::{Home, Ran};

/// The clock of all queries, at the end of the world.
pub(crate) const NOW: &str = "2026-03-01T00:00:00Z";

pub(crate) fn settings() -> Settings {
    Settings {
        members: 3,
        workouts: 40,
        now: NOW.parse().unwrap(),
        ..Settings::default()
    }
}

/// The world that all of these tests ask: made when the first needs it, gone with the last.
pub(crate) fn world() -> Arc<Home> {
    static WORLD: Mutex<Weak<Home>> = Mutex::new(Weak::new());
    let mut world = WORLD.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(home) = world.upgrade() {
        return home;
    }
    let home = Arc::new(Home::new(settings()));
    home.sync(&[]).ends(0);
    *world = Arc::downgrade(&home);
    home
}

fn query(arguments: &[&str]) -> Ran {
    world().run(&[&["query", "--now", NOW], arguments].concat())
}

/// What a query prints, whose answer is data and nothing else.
#[track_caller]
fn prints(arguments: &[&str], expected: &str) {
    let ran = query(arguments).ends(0);
    assert_eq!(ran.data, expected, "\n{}", ran.data);
    assert_eq!(ran.talk, "");
}
