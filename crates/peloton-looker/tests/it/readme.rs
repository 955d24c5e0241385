//! What the README tells a person to type.

use std::fs;

use crate::home::{Home, Ran, empty, small};
use crate::publish::emulator::address;

const README: &str = include_str!("../../../../README.md");

/// A command as a shell would split it, and what the README shows of its output.
#[derive(Debug, Default)]
struct Session {
    typed: Vec<String>,
    printed: Vec<&'static str>,
}

/// The commands in the README's blocks of code.
fn sessions() -> Vec<Session> {
    let mut sessions: Vec<Session> = Vec::new();
    for block in README.split("```").skip(1).step_by(2) {
        let is_console = block.starts_with("console");
        // The first line is the language.
        for line in block.lines().skip(1).map(str::trim) {
            let typed = line.strip_prefix("$ ").unwrap_or(line);
            match typed.strip_prefix("peloton-looker ") {
                // In a console, what begins without `$` was printed.
                Some(typed) if !is_console || line.starts_with('$') => sessions.push(Session {
                    typed: words(typed),
                    printed: Vec::new(),
                }),
                _ if is_console => {
                    let printed = sessions.last_mut().map(|session| &mut session.printed);
                    printed.into_iter().for_each(|lines| lines.push(line));
                }
                _ => {}
            }
        }
    }
    sessions
}

/// A line without what differs from world to world: its numbers, and the widths of columns.
fn shape(line: &str) -> String {
    let mut shape = String::new();
    for letter in line.trim().chars() {
        let letter = if letter.is_ascii_digit() { '0' } else { letter };
        let is_run = "0─═ ".contains(letter) && shape.ends_with(letter);
        let is_inside_number = ",.".contains(letter) && shape.ends_with('0');
        if !is_run && !is_inside_number {
            shape.push(letter);
        }
    }
    shape
}

/// Rows of a table and the bars of a year are other ones in each world.
fn is_stable(line: &str) -> bool {
    let is_row = line.starts_with('│') && line.contains(|letter: char| letter.is_ascii_digit());
    !is_row && !line.contains('█')
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
    let mut compared = 0;
    for Session { typed, printed } in &sessions {
        let mut arguments: Vec<&str> = typed.iter().map(String::as_str).collect();
        if arguments == ["demo"] {
            arguments.extend(["--members", "2", "--workouts", "10"]);
        }
        let mut command = home.command(&arguments);
        command.current_dir(home.path());
        match address() {
            Some(address) => drop(command.env("BIGQUERY_EMULATOR_HOST", address)),
            None if arguments.iter().any(|word| word.contains("bigquery:")) => continue,
            None => {}
        }
        let ran = Ran::new(command.output().unwrap());
        assert_eq!(ran.code, 0, "{typed:?}\n{}", ran.talk);
        let said = format!("{}{}", ran.talk, ran.data);
        let said = said.replace(env!("CARGO_BIN_EXE_peloton-looker"), "peloton-looker");
        let shapes: Vec<String> = said.lines().map(shape).collect();
        for line in printed.iter().filter(|line| is_stable(line)) {
            assert!(shapes.contains(&shape(line)), "`{line}` is not in\n{said}");
            compared += 1;
        }
    }
    assert!(compared >= 15, "{compared}");
}

/// A folder of links to programs, as the only `PATH`.
#[cfg(unix)]
fn set_up_with(programs: &[&str]) -> Ran {
    let path = tempfile::tempdir().unwrap();
    for program in programs {
        let found = std::env::split_paths(&std::env::var_os("PATH").unwrap())
            .map(|folder| folder.join(program))
            .find(|file| file.exists());
        std::os::unix::fs::symlink(found.unwrap(), path.path().join(program)).unwrap();
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/setup.sh");
    let bash = path.path().join("bash");
    let mut command = std::process::Command::new(bash);
    command
        .arg(script)
        .env("PATH", path.path())
        .env_remove("CARGO");
    Ran::new(command.output().unwrap())
}

#[cfg(unix)]
#[test]
fn a_machine_without_rust_or_a_compiler_is_told_how_to_get_them() {
    let ran = set_up_with(&["bash", "dirname", "uname"]).ends(1);
    ran.says("Rust is missing (`cargo`); to install it: curl")
        .says("a C compiler is missing (`cc`); to install it: ");
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
