use super::*;

const METRIC: &str = "\
Workout Timestamp,Live/On-Demand,Instructor Name,Length (minutes),Fitness Discipline,Type,Title,Class Timestamp,Total Output,Avg. Watts,Avg. Resistance,Avg. Cadence (RPM),Avg. Speed (kph),Distance (km),Calories Burned,Avg. Heartrate,Avg. Incline,Avg. Pace (min/km)
2026-05-04 07:00 (UTC),On Demand,Pat Q,30,Cycling,Music,30 min Ride,2026-05-01 12:00 (UTC),300,167,45%,85,32.2,16.1,400,140.5,,
2026-05-05 07:00 (UTC),On Demand,,20,Running,Fun Run,20 min Run,,,,,,10.0,3.33,200,150,1.5%,
,On Demand,,10,Yoga,Flow,10 min Flow,,,,,,,,,,,
";

fn at(text: &str) -> Result<String, String> {
    clock::read(text).map(|time| time.instant.to_string())
}

#[test]
fn f1_units_come_from_the_headers() {
    let (workouts, refused) = read(METRIC).unwrap();
    assert_eq!(workouts.len(), 2);
    let (ride, run) = (&workouts[0], &workouts[1]);
    assert_eq!(ride.distance_m, Some(16100.0));
    assert!((ride.avg_speed.unwrap() - 20.008).abs() < 1e-3);
    assert_eq!(ride.total_work, Some(300_000.0));
    assert_eq!(ride.avg_resistance, Some(45.0));
    assert_eq!(ride.avg_heart_rate, Some(140.5));
    assert_eq!(run.distance_m, Some(3330.0));
    assert!((run.avg_speed.unwrap() - 6.214).abs() < 1e-3);
    assert_eq!(run.total_work, None);
    assert_eq!(run.avg_incline, Some(1.5));
    assert_eq!(
        refused,
        [Refused {
            line: 4,
            reason: "no timestamp".into()
        }]
    );
}

#[test]
fn an_american_header_is_taken_as_it_is() {
    let text = "Workout Timestamp,Fitness Discipline,Distance (mi),Avg. Speed (mph),Avg. Pace (min/mi)\n\
                2026-05-04 07:00 (EST),Running,2,6.0,9:30\n";
    let (workouts, refused) = read(text).unwrap();
    assert_eq!(refused, []);
    assert_eq!(workouts[0].distance_m, Some(3218.688));
    assert_eq!(workouts[0].avg_speed, Some(6.0));
    assert_eq!(workouts[0].avg_pace, Some(9.5));
}

#[test]
fn an_unknown_unit_is_refused_rather_than_guessed() {
    let error = read("Workout Timestamp,Distance (furlongs)\n").unwrap_err();
    assert!(error.to_string().contains("furlongs"), "{error}");
}

#[test]
fn another_file_is_named_as_such() {
    let error = read("a,b\n1,2\n").unwrap_err();
    assert!(error.to_string().contains("Workout Timestamp"), "{error}");
}

#[test]
fn the_wall_clock_counts_when_the_abbreviation_is_out_of_season() {
    assert_eq!(
        at("2026-01-04 07:00 (EST)").unwrap(),
        "2026-01-04T12:00:00Z"
    );
    assert_eq!(
        at("2026-07-04 07:00 (EST)").unwrap(),
        "2026-07-04T11:00:00Z"
    );
    assert_eq!(
        at("2026-07-04 07:00 (EDT)").unwrap(),
        "2026-07-04T11:00:00Z"
    );
}

#[test]
fn the_abbreviation_decides_in_the_hour_that_comes_twice() {
    assert_eq!(
        at("2026-11-01 01:30 (EDT)").unwrap(),
        "2026-11-01T05:30:00Z"
    );
    assert_eq!(
        at("2026-11-01 01:30 (EST)").unwrap(),
        "2026-11-01T06:30:00Z"
    );
}

#[test]
fn offsets_are_read_in_every_writing() {
    for zone in ["-04", "-0400", "-04:00", "UTC-4", "GMT-04:00"] {
        assert_eq!(
            at(&format!("2026-07-04 07:00 ({zone})")).unwrap(),
            "2026-07-04T11:00:00Z"
        );
    }
    assert_eq!(
        at("2026-07-04 07:00 (+05:30)").unwrap(),
        "2026-07-04T01:30:00Z"
    );
}

#[test]
fn unknown_zones_and_times_are_refused_by_name() {
    assert!(at("2026-07-04 07:00 (XYZ)").unwrap_err().contains("`XYZ`"));
    assert!(at("2026-07-04 07:00").unwrap_err().contains("not readable"));
    assert!(
        at("2026-02-30 07:00 (UTC)")
            .unwrap_err()
            .contains("not readable")
    );
    assert!(at("yesterday (UTC)").unwrap_err().contains("not readable"));
}

#[test]
fn a_quote_that_is_not_closed_costs_its_row_and_no_other() {
    let text = "Workout Timestamp,Fitness Discipline,Title\n\
                2026-05-04 07:00 (UTC),Yoga,good\n2026-05-05 07:00 (UTC),\"Yoga,bad\n";
    let (workouts, refused) = read(text).unwrap();
    assert_eq!(workouts.len(), 1);
    assert!(refused[0].reason.contains("quote"), "{refused:?}");
}

#[test]
fn a_number_that_can_not_be_read_costs_itself() {
    let text = "Workout Timestamp,Fitness Discipline,Total Output,Avg. Pace (min/mi)\n\
                2026-05-04 07:00 (UTC),Running,n/a,9:30\n";
    let (workouts, refused) = read(text).unwrap();
    assert_eq!(refused, []);
    assert_eq!(workouts[0].total_work, None);
    assert_eq!(workouts[0].avg_pace, Some(9.5));
    assert!(workouts[0].problems[0].contains("`n/a`"));
}

#[test]
fn zones_have_the_names_that_databases_know() {
    for (zone, name) in [
        ("EST", "America/New_York"),
        ("-04", "Etc/GMT+4"),
        ("+0900", "Etc/GMT-9"),
        ("UTC", "UTC"),
        ("Europe/Berlin", "Europe/Berlin"),
    ] {
        let text =
            format!("Workout Timestamp,Fitness Discipline\n2026-05-04 07:00 ({zone}),Yoga\n");
        assert_eq!(read(&text).unwrap().0[0].timezone, name);
    }
}

#[test]
fn the_same_row_twice_is_one_workout() {
    let row = "2026-05-04 07:00 (UTC),Yoga,10\n";
    let text = format!("Workout Timestamp,Fitness Discipline,Length (minutes)\n{row}{row}");
    assert_eq!(read(&text).unwrap().0.len(), 1);
}

proptest::proptest! {
    #[test]
    fn any_text_gives_an_answer(text in "\\PC*") {
        let _ = read(&text);
        let _ = read(&format!("Workout Timestamp,Fitness Discipline\n{text}"));
        let _ = clock::read(&text);
    }
}
