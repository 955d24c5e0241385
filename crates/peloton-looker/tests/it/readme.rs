//! What the README tells a person to type.

use std::fs;

use crate::home::{Home, Ran, empty, small};
use crate::publish::emulator::address;

const README: &str = include_str!("../../../../README.md");

/// The commands in the README's blocks of code, as a shell would split them.
fn sessions() -> Vec<Vec<String>> {
    let blocks = README.split("```").skip(1).step_by(2);
    let lines = blocks.flat_map(str::lines).map(str::trim);
    lines
        .filter_map(|line| {
            let line = line.strip_prefix("$ ").unwrap_or(line);
            line.strip_prefix("peloton-looker ").map(words)
        })
        .collect()
}

fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = line.trim_start();
    while let Some(first) = rest.chars().next().filter(|first| *first != '#') {
        let (word, after) = match first {
            '\'' | '"' => rest[1..].split_once(first).unwrap(),
            _ => rest.split_once(' ').unwrap_or((rest, "")),
        };
        words.push(word.to_owned());
        rest = after.trim_start();
    }
    words
}

#[test]
fn the_sessions_of_the_readme_run() {
    let home = Home::new(small());
    fs::write(home.path().join("config.toml"), "rate = 0.0\n").unwrap();
    let sessions = sessions();
    assert!(sessions.len() >= 7, "{sessions:?}");
    for typed in &sessions {
        let mut arguments: Vec<&str> = typed.iter().map(String::as_str).collect();
        if arguments == ["demo"] {
            arguments.extend(["--members", "2", "--workouts", "10"]);
        }
        let mut command = home.command(&arguments);
        command.current_dir(home.path());
        if arguments
            .iter()
            .any(|argument| argument.contains("bigquery:"))
        {
            let Some(address) = address() else { continue };
            command.env("BIGQUERY_EMULATOR_HOST", address);
        }
        let ran = Ran::new(command.output().unwrap());
        assert_eq!(ran.code, 0, "{typed:?}\n{}", ran.talk);
    }
}

/// What stands between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// Rows of the README's tables of commands: the commands, and what is said of them.
fn rows() -> impl Iterator<Item = (Vec<&'static str>, &'static str)> {
    let rows = README.lines().filter_map(|line| {
        let (commands, does) = line.strip_prefix("| `")?.split_once(" | ")?;
        Some((&line[2..2 + commands.len() + 1], does))
    });
    rows.map(|(commands, does)| (quoted(commands).collect(), does))
}

#[test]
fn every_command_and_option_in_the_tables_of_the_readme_exists() {
    let home = Home::new(empty());
    let mut seen = 0;
    for (commands, does) in rows() {
        let mut help = String::new();
        for command in commands {
            // `NAME` in capitals stands for what a person fills in.
            let is_typed = |word: &&str| word.chars().any(char::is_lowercase);
            let mut arguments: Vec<&str> = command.split(' ').filter(is_typed).collect();
            arguments.push("--help");
            help.push_str(&home.run(&arguments).ends(0).data);
            seen += 1;
        }
        for option in quoted(does).filter(|text| text.starts_with("--")) {
            let option = option.split(' ').next().unwrap();
            assert!(help.contains(option), "{option}: {help}");
        }
    }
    assert!(seen >= 18, "{seen}");
}
