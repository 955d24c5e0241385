//! `login --remember`: the password in the system's keyring.

use std::fs;
use std::process::Stdio;

use crate::home::{Home, Ran, empty};

#[test]
fn a_keyring_that_can_not_be_used_is_found_out_before_the_password_is_sent() {
    let home = Home::new(empty());
    let mut command = home.command(&["login", "--remember"]);
    command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus");
    Ran::new(command.output().unwrap())
        .ends(1)
        .says("keyring")
        .says("hint: log in without --remember");
    assert_eq!(home.sim.totals().login_attempts, 0);
}

#[test]
fn a_remembered_password_logs_in_again_and_logout_forgets_it() {
    let home = Home::new(empty());
    let Some(keyring) = Keyring::start(home.path()) else {
        return;
    };
    let run = |arguments: &[&str], is_anonymous: bool| {
        let mut command = home.command(arguments);
        command.env("DBUS_SESSION_BUS_ADDRESS", &keyring.address);
        if is_anonymous {
            command
                .env_remove("PELOTON_USERNAME")
                .env_remove("PELOTON_PASSWORD");
        }
        Ran::new(command.output().unwrap())
    };
    run(&["login", "--remember"], false).ends(0);
    home.sim.revoke_tokens();
    run(&["sync", "--rate", "0"], true).ends(0);
    run(&["logout"], true).ends(0);
    run(&["sync", "--rate", "0"], true).ends(4);
}

#[test]
fn tokens_that_work_do_without_a_keyring_that_does_not() {
    let home = Home::new(empty());
    home.run(&["login"]).ends(0);
    fs::write(home.profile().join("state/password-is-in-keyring"), "").unwrap();
    let mut command = home.command(&["sync", "--rate", "0"]);
    command
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus")
        .env_remove("PELOTON_USERNAME")
        .env_remove("PELOTON_PASSWORD");
    Ran::new(command.output().unwrap()).ends(0);
}

/// A session bus with a keyring on it, where both programs are installed.
struct Keyring {
    address: String,
    processes: Vec<std::process::Child>,
}

impl Keyring {
    fn start(folder: &std::path::Path) -> Option<Self> {
        use std::io::{BufRead, BufReader, Write};
        let mut bus = std::process::Command::new("dbus-daemon");
        bus.args(["--session", "--nofork", "--print-address=1"]);
        let started = bus.stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let Ok(mut bus) = started else {
            return skip();
        };
        let mut address = String::new();
        let stdout = bus.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut address).unwrap();
        let mut keyring = Self {
            address: address.trim().to_owned(),
            processes: vec![bus],
        };
        let mut daemon = std::process::Command::new("gnome-keyring-daemon");
        daemon
            .args(["--foreground", "--unlock", "--components=secrets"])
            .env("DBUS_SESSION_BUS_ADDRESS", &keyring.address)
            .env("XDG_DATA_HOME", folder)
            .env("XDG_RUNTIME_DIR", folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let Ok(mut daemon) = daemon.spawn() else {
            return skip();
        };
        daemon.stdin.take().unwrap().write_all(b"unlock\n").unwrap();
        keyring.processes.push(daemon);
        // It makes its default collection before it answers on the bus.
        while !folder.join("keyrings/login.keyring").exists() {
            let daemon = keyring.processes.last_mut().unwrap();
            assert!(daemon.try_wait().unwrap().is_none(), "it ended early");
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        Some(keyring)
    }
}

fn skip() -> Option<Keyring> {
    let loud = "SKIPPED: dbus-daemon and gnome-keyring-daemon are not installed\n";
    std::io::Write::write_all(&mut std::io::stderr(), loud.as_bytes()).unwrap();
    None
}

impl Drop for Keyring {
    fn drop(&mut self) {
        for process in &mut self.processes {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}
