//! What a person sees: help, plans, listings, references.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::SystemTime;

use peloton_sim::Settings;

use crate::home::{Home, Ran, empty, small};

#[test]
fn every_command_has_help_with_an_example() {
    let home = Home::new(empty());
    let help = home.run(&["--help"]).ends(0).data;
    assert!(
        help.lines().all(|line| line.chars().count() <= 100),
        "{help}"
    );
    for command in [
        &["demo"][..],
        &["login"],
        &["logout"],
        &["sync"],
        &["import"],
        &["status"],
        &["doctor"],
        &["rebuild"],
        &["publish"],
        &["query"],
        &["lookml"],
        &["lookml", "check"],
        &["lookml", "test"],
        &["lookml", "write"],
        &["sql"],
        &["export"],
        &["api"],
        &["api", "get"],
        &["docs"],
        &["docs", "tables"],
        &["completions"],
    ] {
        let help = home.run(&[command, &["--help"]].concat()).ends(0).data;
        assert!(help.contains("Example"), "{command:?}: {help}");
    }
}

#[test]
fn a_wrong_word_is_wrong_usage() {
    let home = Home::new(empty());
    home.run(&["sinc"]).ends(2).says("sync");
    home.run(&["sync", "--rate", "-1"]).ends(2);
    home.run(&["sync", "--every", "1m"])
        .ends(2)
        .says("5 minutes");
    home.run(&["export", "x", "--table", "nope"])
        .ends(2)
        .says("workouts");
    home.run(&["--profile", "../x", "status"])
        .ends(2)
        .says("no name for a profile");
    for path in ["api/me", "me", "//example.invalid/api/me", ""] {
        home.run(&["api", "get", path]).ends(2).says("one slash");
    }
    assert_eq!(home.sim.totals().login_attempts, 0);
}

#[test]
fn a_pace_that_can_not_be_meant_is_refused() {
    let home = Home::new(empty());
    for wrong in ["1e-20", "nan", "-1", "inf"] {
        let rate = format!("--rate={wrong}");
        home.run(&["sync", &rate]).ends(2).says("requests a second");
    }
    for (setting, word) in [("rate = -1.0", "rate"), ("concurrency = 60000", "at once")] {
        fs::write(home.path().join("config.toml"), setting).unwrap();
        home.run(&["status"]).ends(1).says(word);
    }
}

#[test]
fn a_typing_error_in_the_settings_is_named() {
    let home = Home::new(empty());
    fs::write(home.path().join("config.toml"), "rtae = 3\n").unwrap();
    home.run(&["status"])
        .ends(1)
        .says("config.toml")
        .says("rtae");
}

#[test]
fn a_dry_run_lists_and_writes_nothing() {
    let home = Home::new(small());
    let mut command = home.command(&["sync", "--dry-run"]);
    command.env("PELOTON_BEARER_TOKEN", token(&home));
    let ran = Ran::new(command.output().unwrap()).ends(0);
    assert!(
        ran.data.contains("workout/performance_graph") && ran.data.contains("new"),
        "{}",
        ran.data
    );
    assert!(home.sim.requests().iter().all(|logged| {
        logged.path == "/api/me"
            || logged.path.ends_with("/following")
            || logged.path.ends_with("/workouts")
    }));
    assert!(!home.profile().exists());
}

#[test]
fn a_plan_for_programs_is_one_document() {
    let home = Home::new(small());
    home.run(&["login"]).ends(0);
    let ran = home
        .run(&["sync", "--dry-run", "--me-only", "--format", "json"])
        .ends(0);
    let plan: serde_json::Value = serde_json::from_str(&ran.data).unwrap();
    let requests = plan["requests"].as_array().unwrap();
    let graphs = requests
        .iter()
        .filter(|request| request["endpoint"] == "workout/performance_graph")
        .count();
    assert_eq!(graphs, 12);
    assert!(requests.iter().all(|request| request["why"].is_string()));
    assert_eq!(
        plan["expected_s"].as_f64(),
        Some(requests.len() as f64 / 3.0)
    );
}

#[test]
fn commands_that_read_write_nothing() {
    let home = Home::new(small());
    home.sync(&[]).ends(0);
    let before = listing(home.path());
    for command in [
        &["sql", "SELECT 1"][..],
        &["query", "workouts", "--fields", "workouts.count"],
        &["lookml", "check"],
        &["lookml", "test"],
        &["status"],
        &["doctor"],
        &["sync", "--dry-run"],
        &["api", "get", "/api/me"],
        &["docs", "tables"],
        &["completions", "bash"],
    ] {
        home.run(command).ends(0);
        assert_eq!(listing(home.path()), before, "{command:?}");
    }
}

/// Every file and folder with the moment of its last change.
fn listing(folder: &Path) -> Vec<(PathBuf, SystemTime)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let changed = |path: &Path| fs::metadata(path).unwrap().modified().unwrap();
        found.push((folder.clone(), changed(&folder)));
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => found.push((path.clone(), changed(&path))),
            }
        }
    }
    found.sort();
    found
}

fn token(home: &Home) -> String {
    let other = tempfile::tempdir().unwrap();
    let mut command = home.command(&["login"]);
    command.env("PELOTON_LOOKER_HOME", other.path());
    Ran::new(command.output().unwrap()).ends(0);
    home.sim.reset_log();
    let text = fs::read_to_string(other.path().join("profiles/default/credentials.toml")).unwrap();
    text.split('"')
        .find(|text| text.starts_with("eyJ"))
        .unwrap()
        .to_owned()
}

#[test]
fn the_old_pair_of_variables_logs_in_too() {
    let home = Home::new(empty());
    let account = home.sim.account();
    let mut command = home.command(&["sync", "--rate", "0"]);
    command
        .env_remove("PELOTON_USERNAME")
        .env_remove("PELOTON_PASSWORD");
    command
        .env("USERNAME", &account.username)
        .env("PASSWORD", &account.password);
    Ran::new(command.output().unwrap()).ends(0);
    // A user name that the system sets by itself is no login.
    let mut command = home.command(&["sync"]);
    command
        .env_remove("PELOTON_USERNAME")
        .env_remove("PELOTON_PASSWORD")
        .env("USERNAME", "root");
    command.env("PELOTON_LOOKER_HOME", home.path().join("other"));
    Ran::new(command.output().unwrap()).ends(4).says("login");
}

#[test]
fn pages_are_counted_and_every_workout_comes_once() {
    let home = Home::new(Settings {
        members: 1,
        workouts: 230,
        ..Settings::default()
    });
    home.sync(&[]).ends(0);
    assert_eq!(
        home.sql("SELECT count(*), count(DISTINCT id) FROM workouts"),
        "230,230"
    );
    let requests = home.sim.requests();
    let lists = requests
        .iter()
        .filter(|logged| logged.path.ends_with("/workouts"))
        .count();
    assert_eq!(lists, 4, "three pages and page 0 once more");
    let classes = requests
        .iter()
        .filter(|logged| logged.path.contains("/api/ride/"))
        .count();
    assert!(
        requests.len() <= 2 * 230 + classes + lists + 8 + 40,
        "{}",
        requests.len()
    );
}

#[test]
fn the_demo_ends_with_a_summary_and_sql_works_on_it() {
    let home = Home::new(empty());
    let ran = home
        .run(&[
            "demo",
            "--members",
            "2",
            "--workouts",
            "10",
            "--now",
            "2026-09-01T00:00:00Z",
        ])
        .ends(0);
    let lines: Vec<&str> = ran.data.lines().map(str::trim).collect();
    let says = |is_it: &dyn Fn(&str) -> bool| lines.iter().filter(|line| is_it(line)).count();
    assert_eq!(says(&|line| line.starts_with("2 members · 20 workouts")), 1);
    // A discipline with its workouts, hours, work and distance.
    let cycling = lines.iter().find(|line| line.starts_with("│ cycling"));
    let cells: Vec<&str> = cycling.unwrap().split(['│', '┆']).map(str::trim).collect();
    let numbers = cells[2..6].iter().map(|cell| cell.parse::<f64>().unwrap());
    assert!(numbers.clone().all(|number| number > 0.0), "{cells:?}");
    let is_sparkline = |line: &str| {
        !line.is_empty()
            && line.chars().all(|bar| " ▁▂▃▄▅▆▇█".contains(bar))
            && line.contains('▁')
            && line.contains('█')
    };
    assert_eq!(says(&is_sparkline), 1, "{}", ran.data);
    for command in ["sql", "status", "export"] {
        let typed = format!("peloton-looker {command} --profile demo");
        assert_eq!(says(&|line| line.contains(&typed)), 1, "{}", ran.data);
    }
    let count = home
        .run(&[
            "sql",
            "--profile",
            "demo",
            "--format",
            "csv",
            "SELECT count(*) AS n FROM workouts",
        ])
        .ends(0);
    assert_eq!(count.data, "n\n20\n");
    // Another demo replaces it, and a profile with a person's data is left alone.
    home.run(&["demo", "--members", "1", "--workouts", "2"])
        .ends(0);
    home.sync(&[]).ends(0);
    fs::rename(home.profile(), home.path().join("profiles/anna")).unwrap();
    home.run(&["demo", "--profile", "anna"])
        .ends(1)
        .says("no demo");
}

#[test]
fn status_speaks_json() {
    let home = Home::new(small());
    home.sync(&[]).ends(0);
    let text = home.run(&["status"]).ends(0).data;
    assert!(text.contains("own") && text.contains("following"), "{text}");
    let json = home.run(&["status", "--format", "json"]).ends(0).data;
    let status: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(status["members"].as_array().unwrap().len(), 3);
    assert_eq!(status["runs"][0]["status"], "complete");
}

#[test]
fn status_gives_the_members_as_csv() {
    let home = Home::new(small());
    home.sync(&[]).ends(0);
    let csv = home.run(&["status", "--format", "csv"]).ends(0).data;
    let mut rows = csv::Reader::from_reader(csv.as_bytes());
    let header: Vec<&str> = rows.headers().unwrap().iter().collect();
    assert_eq!(
        header,
        [
            "id",
            "username",
            "relation",
            "access",
            "workouts",
            "deleted",
            "seconds",
            "seconds_missing",
            "newest"
        ]
    );
    let relations: Vec<String> = rows
        .records()
        .map(|row| row.unwrap()[2].to_owned())
        .collect();
    assert_eq!(relations, ["own", "following", "following"]);
}

#[test]
fn doctor_is_content_after_a_sync() {
    let home = Home::new(small());
    home.run(&["doctor", "--offline"]).ends(0);
    home.sync(&[]).ends(0);
    home.run(&["doctor"]).ends(0);
}

#[test]
fn a_file_that_is_not_there_is_no_import() {
    let home = Home::new(empty());
    home.run(&["import", "none.csv"])
        .ends(1)
        .says("read `none.csv`: ")
        .says("hint: give the path of the CSV");
}

#[test]
fn api_get_prints_the_raw_answer() {
    let home = Home::new(small());
    let me = home.run(&["api", "get", "/api/me"]).ends(0).data;
    assert!(me.contains(&home.sim.account().user_id));
    home.run(&["api", "get", "/api/nope"]).ends(1).says("404");
}

#[test]
fn sql_only_reads() {
    let home = Home::new(empty());
    home.sync(&[]).ends(0);
    for sql in [
        "DROP TABLE workouts",
        "COPY workouts TO 'x'",
        "SELECT 1; SELECT 2",
        "FROM read_csv('/etc/passwd')",
        "ATTACH 'x.db'",
    ] {
        home.run(&["sql", sql]).ends(1);
    }
    assert_eq!(home.sql("SELECT count(*) FROM workouts"), "0");
}

#[test]
fn the_largest_integers_keep_their_last_digit() {
    let home = Home::new(empty());
    home.sync(&[]).ends(0);
    const LARGEST: &str = "170141183460469231731687303715884105727";
    let sql = format!("SELECT {LARGEST}::HUGEINT AS n, [{LARGEST}::HUGEINT] AS list");
    for format in ["table", "csv", "json", "jsonl"] {
        let ran = home.run(&["sql", "--format", format, &sql]).ends(0);
        assert!(ran.data.contains(LARGEST), "{}", ran.data);
    }
    let json = home.run(&["sql", "--format", "jsonl", &sql]).ends(0).data;
    assert_eq!(json, format!("{{\"n\":{LARGEST},\"list\":[{LARGEST}]}}\n"));
}

#[test]
fn columns_of_one_name_are_two_keys_of_an_object() {
    let home = Home::new(empty());
    home.sync(&[]).ends(0);
    let sql = "SELECT 1 AS n, 2 AS n, 3 AS n_1, 4 AS n";
    let json = home.run(&["sql", "--format", "jsonl", sql]).ends(0).data;
    assert_eq!(json, "{\"n\":1,\"n_2\":2,\"n_1\":3,\"n_3\":4}\n");
    let csv = home.run(&["sql", "--format", "csv", sql]).ends(0).data;
    assert_eq!(csv, "n,n,n_1,n\n1,2,3,4\n");
}

#[test]
fn export_writes_every_table_in_every_format() {
    let home = Home::new(small());
    home.sync(&[]).ends(0);
    for format in ["parquet", "csv", "jsonl"] {
        let folder = home.path().join(format);
        home.run(&["export", folder.to_str().unwrap(), "--format", format])
            .ends(0);
        assert!(fs::read_dir(&folder).unwrap().count() >= 22);
        assert!(
            fs::metadata(folder.join(format!("workout_stats.{format}")))
                .unwrap()
                .len()
                > 1000
        );
    }
}

#[test]
fn the_reference_of_the_tables_is_up_to_date() {
    let home = Home::new(empty());
    let page = home.run(&["docs", "tables"]).ends(0).data;
    let committed = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/tables.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(committed, &page).unwrap();
    }
    assert_eq!(
        fs::read_to_string(committed).unwrap(),
        page,
        "run the tests with UPDATE_DOCS=1"
    );
}

#[test]
fn the_tables_of_the_python_project_keep_their_columns() {
    let home = Home::new(small());
    home.sync(&[]).ends(0);
    // The kind of query that they were made for.
    for sql in [
        "SELECT i.first_name, date_trunc('month', w.created_ts) AS m, sum(w.total_work) FROM workouts w JOIN rides r ON r.id = w.ride_id JOIN instructors i ON i.id = r.instructor_id GROUP BY ALL",
        "SELECT seconds_since_pedaling_start // 60 AS minute, avg(cadence) FROM workout_stats GROUP BY 1",
        "SELECT u.username, count(*), max(w.leaderboard_rank), sum(w.v2_total_video_watch_time_seconds) FROM workouts w JOIN users u ON u.id = w.user_id GROUP BY 1",
        "SELECT id, s.avg_output_3s, s.seconds_elapsed FROM workouts_with_stats, UNNEST(stats) AS t(s) WHERE user_id IS NOT NULL LIMIT 5",
        "SELECT cycling_workout_ftp, image_url, birthday, customized_max_heart_rate, default_max_heart_rate FROM users",
        "SELECT difficulty_estimate, overall_estimate, language, original_air_time, overall_rating_avg, overall_rating_count, series_id FROM rides",
        "SELECT bio, short_bio, quote, instructor_hero_image_url FROM instructors",
        "SELECT output, resistance, speed, heart_rate, target_cadence_upper, target_cadence_lower, target_resistance_upper, target_resistance_lower FROM workout_stats LIMIT 1",
    ] {
        home.run(&["sql", sql]).ends(0);
    }
}

#[test]
fn the_completion_script_knows_the_commands() {
    let home = Home::new(empty());
    for shell in ["bash", "zsh", "fish"] {
        assert!(
            home.run(&["completions", shell])
                .ends(0)
                .data
                .contains("rebuild")
        );
    }
}

#[test]
fn a_pasted_token_logs_in() {
    let home = Home::new(empty());
    let token = token(&home);
    for pasted in [token.clone(), format!("  Bearer {token}\n")] {
        home.run_with(&["login", "--paste-token"], &pasted)
            .ends(0)
            .says("Logged in");
    }
    home.run_with(&["login", "--paste-token"], "\n")
        .ends(2)
        .says("nothing was pasted");
    home.run_with(
        &["login", "--paste-token"],
        "https://members.onepeloton.com",
    )
    .ends(4);
    // A slip of the hand leaves the login that works.
    home.run(&["login"]).ends(0);
    let before = fs::read_to_string(home.profile().join("credentials.toml")).unwrap();
    home.run_with(&["login", "--paste-token"], "abc\n")
        .ends(4)
        .says("not stored");
    let after = fs::read_to_string(home.profile().join("credentials.toml")).unwrap();
    assert_eq!(before, after);
}

#[test]
fn a_sync_that_stays_says_when_the_next_one_is() {
    use std::io::{BufRead, BufReader};
    let home = Home::new(empty());
    let mut command = home.command(&["sync", "--rate", "0", "--every", "6h"]);
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let talk = BufReader::new(child.stderr.take().unwrap());
    let said = talk.lines().map(Result::unwrap);
    let next = said.skip_while(|line| !line.starts_with("Next sync at"));
    assert!(next.take(1).count() == 1);
    let interrupted = std::process::Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(interrupted.success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    home.run(&["sync", "--every", "10s"])
        .ends(2)
        .says("5 minutes");
}

#[test]
fn on_says_where_queries_run_and_nothing_else() {
    let home = Home::new(small());
    home.sync(&[]).ends(0);
    let on = format!(
        "duckdb:{}",
        home.profile().join("warehouse.duckdb").display()
    );
    let other = |arguments: &[&str]| {
        let mut command = home.command(arguments);
        command.env("PELOTON_LOOKER_HOME", home.path().join("other"));
        Ran::new(command.output().unwrap())
    };
    let sql = "SELECT count(*) AS n FROM workouts";
    let ran = other(&["--on", &on, "sql", "--format", "csv", sql]).ends(0);
    assert_eq!(ran.data, "n\n36\n");
    let folder = home.path().join("out");
    other(&["export", folder.to_str().unwrap(), "--on", &on]).ends(0);
    assert!(folder.join("workouts.parquet").exists());
    other(&["sql", "SELECT 1", "--on", "duckdb:none"])
        .ends(1)
        .says("check the path");
    other(&["sql", "SELECT 1", "--on", "nowhere"]).ends(2);
    other(&["logout", "--on", &on]).ends(2).says("--on");
}

#[test]
fn a_dead_proxy_is_named_and_loopback_needs_none() {
    let home = Home::new(empty());
    let behind_proxy = |arguments: &[&str], api_url: Option<&str>| {
        let mut command = home.command(arguments);
        for name in ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"] {
            command.env(name, "http://ada:geheim@127.0.0.1:9");
            command.env_remove(name.to_lowercase());
        }
        command.env_remove("NO_PROXY").env_remove("no_proxy");
        if let Some(url) = api_url {
            command.env("PELOTON_API_URL", url);
            command.env("PELOTON_BEARER_TOKEN", "e30");
        }
        Ran::new(command.output().unwrap())
    };
    behind_proxy(&["sync", "--rate", "0"], None).ends(0);
    let ran = behind_proxy(
        &["api", "get", "/api/me"],
        Some("https://peloton.example.invalid"),
    );
    let ran = ran.ends(1).says("127.0.0.1:9").says("HTTPS_PROXY");
    assert!(!ran.talk.contains("geheim"), "{}", ran.talk);
}

/// Answers one request with an empty object, and gives its head.
fn one_request(listener: &std::net::TcpListener) -> String {
    use std::io::{BufRead, BufReader, Write};
    let (mut stream, _) = listener.accept().unwrap();
    let lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let head = lines
        .map(Result::unwrap)
        .take_while(|line| !line.is_empty());
    let head = head.collect::<Vec<_>>().join("\n");
    let answer = b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}";
    stream.write_all(answer).unwrap();
    head
}

#[test]
fn a_token_of_the_environment_is_sent_in_place_of_the_stored_one() {
    let home = Home::new(empty());
    home.run(&["login"]).ends(0);
    let stored = fs::read_to_string(home.profile().join("credentials.toml")).unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let service = std::thread::spawn(move || one_request(&listener));
    let mut command = home.command(&["api", "get", "/api/me"]);
    command
        .env("PELOTON_API_URL", format!("http://{address}"))
        .env("PELOTON_BEARER_TOKEN", "of-another");
    Ran::new(command.output().unwrap()).ends(0);
    let head = service.join().unwrap().to_lowercase();
    assert!(head.contains("authorization: bearer of-another"), "{head}");
    let after = fs::read_to_string(home.profile().join("credentials.toml")).unwrap();
    assert_eq!(stored, after);
}
