//! The program: settings, files, stdout. `main.rs` is the door.

mod archive;
mod cli;
mod commands;
mod config;
mod credentials;
mod error;
mod extract;
#[cfg(fuzzing)]
pub mod fuzzing;
mod keyring;
mod load;
mod model;
mod output;
mod places;
pub mod transform;
mod workout_history;

use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use anyhow::Result;
use clap::{CommandFactory, FromArgMatches};

use cli::Cli;
use commands::{Context, Outcome};
use config::Config;
use output::{Talk, Terminal};

/// Runs one command line and gives its exit code: 0 complete, 1 failed, 2 wrong usage, 3 partial,
/// 4 login needed, 130 interrupted.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match parse(arguments) {
        Ok(cli) => cli,
        Err(code) => return code,
    };
    let profile = match &cli.command {
        cli::Command::Demo(_) if cli.global.profile == "default" => "demo",
        _ => cli.global.profile.as_str(),
    };
    let terminal = Terminal::new(&cli.global, profile);
    start_log(&terminal);
    match dispatch(cli, terminal) {
        Ok(outcome) => outcome.into(),
        Err(error) if error::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            error::print(&error, &terminal);
            error::exit_code(&error)
        }
    }
}

fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Cli, ExitCode> {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let color = clap_color(&arguments);
    let parsed = Cli::command()
        .color(color)
        .try_get_matches_from(arguments)
        .and_then(|matches| Cli::from_arg_matches(&matches));
    parsed.map_err(|error| {
        // A reader that went away is no failure, here as elsewhere.
        let _ = error.print();
        ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
    })
}

/// Help and usage errors are printed before the options are known.
fn clap_color(arguments: &[OsString]) -> clap::ColorChoice {
    let says = |text: &str| arguments.iter().any(|argument| argument == text);
    let follows = |when: &str| {
        arguments
            .windows(2)
            .any(|pair| pair[0] == "--color" && pair[1] == when)
            || says(&format!("--color={when}"))
    };
    if follows("always") {
        clap::ColorChoice::Always
    } else if follows("never") {
        clap::ColorChoice::Never
    } else {
        clap::ColorChoice::Auto
    }
}

/// What the libraries log goes to stderr, without a bearer ever being in it.
fn start_log(terminal: &Terminal) {
    let level = match terminal.talk {
        Talk::Quiet => "error",
        Talk::Normal => "warn",
        Talk::Verbose => "peloton_looker=info,peloton_api=info,warehouse=info",
        Talk::Trace => "peloton_looker=debug,peloton_api=debug,warehouse=debug,peloton_sim=info",
    };
    let _ = tracing_subscriber::fmt()
        .with_env_filter(level)
        .with_writer(std::io::stderr)
        .with_ansi(terminal.color_err && std::io::stderr().is_terminal())
        .with_target(false)
        .try_init();
}

fn dispatch(cli: Cli, terminal: Terminal) -> Result<Outcome> {
    use cli::{ApiCommand, Command, DocsCommand, LookmlCommand};

    if let Command::Completions { shell } = cli.command {
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut Cli::command(), "peloton-looker", &mut script);
        std::io::stdout().write_all(&script)?;
        return Ok(Outcome::Complete);
    }
    if cli.global.on.is_some() && !cli.command.runs_queries() {
        let text = "--on says where queries run, and this command runs none of its own";
        return Err(error::Usage(text.into()).into());
    }
    if cli.global.model.is_some() && !cli.command.uses_model() {
        let text = "--model names a LookML project, and this command has no use for one";
        return Err(error::Usage(text.into()).into());
    }
    let context = Context {
        config: Config::resolve(terminal.profile.unwrap_or("default"))?,
        terminal,
        on: cli.global.on,
        model: cli.global.model,
    };
    match cli.command {
        Command::Demo(args) => commands::demo::run(args, &context),
        Command::Login(args) => commands::login::run(args, &context),
        Command::Logout => commands::logout::run(&context),
        Command::Sync(args) => commands::sync::run(&args, &context),
        Command::Import(args) => commands::import::run(&args, &context),
        Command::Status(args) => commands::status::run(&args, &context),
        Command::Doctor(args) => commands::doctor::run(&args, &context),
        Command::Rebuild(args) => commands::rebuild::run(&args, &context),
        Command::Publish(args) => commands::publish::run(&args, &context),
        Command::Query(args) => commands::query::run(&args, &context),
        Command::Lookml { command } => match command {
            LookmlCommand::Check(args) => commands::lookml::check::run(&args, &context),
            LookmlCommand::Test(args) => commands::lookml::test::run(&args, &context),
            LookmlCommand::Write(args) => commands::lookml::write::run(args, &context),
        },
        Command::Sql(args) => commands::sql::run(args, &context),
        Command::Export(args) => commands::export::run(&args, &context),
        Command::Api {
            command: ApiCommand::Get { path },
        } => commands::api::get(&path, &context),
        Command::Docs {
            command: DocsCommand::Tables { format },
        } => commands::docs::tables(format),
        Command::Completions { .. } => Ok(Outcome::Complete),
    }
}
