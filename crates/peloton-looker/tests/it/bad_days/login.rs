//! A login that is refused, and what it must not give away.

use std::cell::RefCell;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use peloton_sim::{LoginMode, Settings};

use crate::home::{Home, Ran, empty, same, small};

#[test]
fn a_wrong_password_is_one_try_and_a_clear_word() {
    let home = Home::new(small());
    let ran = Ran::new(
        home.command(&["login"])
            .env("PELOTON_PASSWORD", "wrong")
            .output()
            .unwrap(),
    );
    ran.ends(4)
        .says("refused the user name or password")
        .says("hint:");
    assert_eq!(home.sim.totals().login_attempts, 1);
}

#[test]
fn f12_awkward_passwords_arrive_as_they_are() {
    let password = " a\\b>+%41\"é&=# ";
    let home = Home::new(Settings {
        password: password.into(),
        ..empty()
    });
    for end in ["\r\n", "\n", ""] {
        let mut command = home.command(&["-vv", "login", "--password-stdin"]);
        command
            .env_remove("PELOTON_PASSWORD")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(format!("{password}{end}").as_bytes())
            .unwrap();
        let ran = Ran::new(child.wait_with_output().unwrap()).ends(0);
        assert!(!ran.talk.contains("a\\b>"), "{}", ran.talk);
    }
    home.run(&["login"]).ends(0);
    assert_eq!(home.sim.totals().login_attempts, 4);
    let mut command = home.command(&["login", "--password-stdin"]);
    command.env_remove("PELOTON_PASSWORD");
    Ran::new(command.output().unwrap())
        .ends(2)
        .says("nothing was sent");
    assert_eq!(home.sim.totals().login_attempts, 4);
}

#[test]
fn each_obstacle_of_the_login_has_its_own_word() {
    let home = Home::new(empty());
    for (mode, code, word) in [
        (LoginMode::Verification, 4, "--paste-callback"),
        (LoginMode::TooManyAttempts, 1, "too many"),
        (LoginMode::Cloudflare, 1, "Cloudflare"),
        (LoginMode::ChangedPage, 4, "changed"),
    ] {
        home.sim.set_login(mode);
        home.run(&["login"]).ends(code).says(word);
    }
    home.sim.set_login(LoginMode::Redirect);
    home.run(&["login"]).ends(0);
}

#[test]
fn the_mobile_grant_logs_in_too() {
    let home = Home::new(empty());
    home.run(&["login", "--grant", "password"])
        .ends(0)
        .says("Logged in");
}

/// Runs `login --paste-callback`, and pastes what is made of the address that it prints.
fn paste_callback(home: &Home, browse: impl Fn(&str) -> String) -> Ran {
    let mut child = home
        .command(&["-vv", "login", "--paste-callback"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.trim_start().starts_with("http") {
        line.clear();
        assert_ne!(stderr.read_line(&mut line).unwrap(), 0, "no address");
    }
    let callback = browse(line.trim());
    let mut stdin = child.stdin.take().unwrap();
    writeln!(stdin, "{callback}").unwrap();
    drop(stdin);
    let mut talk = String::new();
    stderr.read_to_string(&mut talk).unwrap();
    let ran = Ran::new(child.wait_with_output().unwrap());
    Ran { talk, ..ran }
}

#[test]
fn a_pasted_callback_logs_in() {
    let home = Home::new(empty());
    let code = RefCell::new(String::new());
    let browse = |address: &str| {
        let callback = home.sim.log_in_by_browser(address).unwrap();
        let (_, query) = callback.split_once("code=").unwrap();
        *code.borrow_mut() = query.split('&').next().unwrap().to_owned();
        callback
    };
    let ran = paste_callback(&home, browse).ends(0).says("Logged in as");
    assert!(!ran.talk.contains(code.borrow().as_str()), "{}", ran.talk);
    assert_eq!(home.sim.totals().login_attempts, 0);
    home.sync(&[]).ends(0);
}

#[test]
fn a_callback_of_another_login_is_refused() {
    let home = Home::new(empty());
    let other = |address: &str| {
        let callback = home.sim.log_in_by_browser(address).unwrap();
        callback.replace("state=", "state=x")
    };
    paste_callback(&home, other)
        .ends(4)
        .says("another login attempt");
    assert!(!home.profile().join("credentials.toml").exists());
    paste_callback(&home, |_| "https://example.invalid/".into())
        .ends(4)
        .says("callback");
}

#[test]
fn a_changed_password_is_one_try_and_the_new_one_goes_on() {
    let home = Home::new(small());
    home.sync(&["--me-only"]).ends(0);
    home.sim.revoke_tokens();
    home.sim.set_password("another");
    home.sync(&[])
        .ends(4)
        .says("refused the user name or password");
    assert_eq!(home.sim.totals().login_attempts, 2);
    assert_eq!(home.sql("SELECT count(*) FROM workouts"), "12");
    let mut command = home.command(&["sync", "--rate", "0"]);
    command.env("PELOTON_PASSWORD", "another");
    Ran::new(command.output().unwrap()).ends(0);
    assert_eq!(home.sim.totals().login_attempts, 3);
}

#[test]
fn an_old_credentials_file_asks_for_a_login() {
    let home = Home::new(small());
    home.run(&["login"]).ends(0);
    let credentials = home.profile().join("credentials.toml");
    let old = fs::read(&credentials).unwrap();
    home.sim.expire_access_tokens();
    Ran::new(anonymous(&home).output().unwrap()).ends(0);
    let new = fs::read(&credentials).unwrap();
    fs::write(&credentials, old).unwrap();
    // The used refresh token comes again, and Peloton revokes all that came of it.
    for _ in 0..2 {
        Ran::new(anonymous(&home).output().unwrap())
            .ends(4)
            .says("hint: run `peloton-looker login`");
        fs::write(&credentials, &new).unwrap();
        home.sim.expire_access_tokens();
    }
    home.run(&["login"]).ends(0);
    Ran::new(anonymous(&home).output().unwrap()).ends(0);
}

#[test]
fn an_expired_token_is_renewed_and_a_revoked_one_asks_for_a_login() {
    let home = Home::new(small());
    home.run(&["login"]).ends(0);
    home.sim.expire_access_tokens();
    Ran::new(anonymous(&home).output().unwrap()).ends(0);
    home.sim.revoke_tokens();
    Ran::new(anonymous(&home).output().unwrap())
        .ends(4)
        .says("hint: run `peloton-looker login`");
}

#[test]
fn a_token_that_ends_during_a_sync_is_renewed_once_and_the_result_is_whole() {
    let mut home = Home::new(Settings {
        latency: Duration::from_millis(20),
        ..small()
    });
    home.sync(&[]).ends(0);
    let undisturbed = home.tables();
    home.move_house();
    home.run(&["login"]).ends(0);
    home.sim.reset_log();
    let mut command = without_password(&home, &["sync", "--rate", "0", "--concurrency", "8"]);
    let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    // In the middle of it, with several requests on their way.
    while home.requests() < 30 {
        std::thread::yield_now();
    }
    home.sim.expire_access_tokens();
    Ran::new(child.wait_with_output().unwrap()).ends(0);
    let totals = home.sim.totals();
    assert!(totals.by_status.contains_key(&401), "{totals:?}");
    assert_eq!((totals.tokens_issued, totals.login_attempts), (1, 0));
    let failed = "SELECT count(*) FROM sync_items WHERE status <> 'gone'";
    assert_eq!(home.sql(failed), "0");
    same(&undisturbed, &home.tables());
}

/// A sync that has nothing but the stored tokens.
fn anonymous(home: &Home) -> Command {
    without_password(home, &["sync", "--rate", "0"])
}

fn without_password(home: &Home, arguments: &[&str]) -> Command {
    let mut command = home.command(arguments);
    command
        .env_remove("PELOTON_USERNAME")
        .env_remove("PELOTON_PASSWORD");
    command
}

#[test]
fn ctrl_c_while_the_token_is_renewed_keeps_the_login() {
    let home = Home::new(small());
    home.run(&["login"]).ends(0);
    for arguments in [
        &["sync", "--rate", "0"][..],
        &["sync", "--dry-run"],
        &["api", "get", "/api/me"],
        &["doctor"],
    ] {
        home.sim.expire_access_tokens();
        home.sim.set_token_delay(Duration::from_millis(1500));
        home.sim.reset_log();
        let mut command = without_password(&home, arguments);
        let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().unwrap();
        while home.sim.totals().tokens_issued == 0 {
            std::thread::yield_now();
        }
        let pressed = Command::new("kill")
            .args(["-INT", &child.id().to_string()])
            .status();
        assert!(pressed.unwrap().success());
        Ran::new(child.wait_with_output().unwrap())
            .ends(130)
            .says("Waiting for the new token");
        home.sim.set_token_delay(Duration::ZERO);
        Ran::new(anonymous(&home).output().unwrap()).ends(0);
    }
}

/// Access and refresh tokens as they are stored now.
fn tokens(home: &Home) -> Vec<String> {
    let credentials = fs::read_to_string(home.profile().join("credentials.toml")).unwrap();
    credentials
        .split('"')
        .filter(|text| text.starts_with("eyJ") || text.starts_with("v1."))
        .map(str::to_owned)
        .collect()
}

/// Every file under a folder but the credentials, as text.
fn files(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if !path.ends_with("credentials.toml") {
            let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
            found.push((path, text));
        }
    }
    found
}

#[test]
fn no_secret_is_in_the_output_or_in_any_file_but_the_credentials() {
    let home = Home::new(small());
    let mut said = String::new();
    let mut run = |arguments: &[&str]| {
        let ran = home.run(&[&["-vv"], arguments].concat());
        said.push_str(&ran.talk);
        said.push_str(&ran.data);
    };
    run(&["login"]);
    let mut secrets = tokens(&home);
    run(&["sync", "--rate", "0"]);
    home.sim.expire_access_tokens();
    run(&["sync", "--rate", "0"]);
    run(&["doctor"]);
    run(&["status"]);
    secrets.extend(tokens(&home));
    secrets.sort();
    secrets.dedup();
    assert_eq!(secrets.len(), 4, "they were renewed once");
    secrets.extend(
        [
            "correct horse",
            "ada@example.invalid",
            "+1 555 0100",
            "SN-000111",
        ]
        .map(str::to_owned),
    );
    let mut texts = files(home.path());
    assert!(texts.iter().any(|(path, _)| path.ends_with("state/lock")));
    texts.push(("what was said".into(), said));
    // What is packed in the files, unpacked.
    texts.push(("the archive".into(), home.archive()));
    let tables = home.tables().into_iter();
    texts.extend(tables.map(|(name, text)| (name.into(), text)));
    for secret in &secrets {
        for (path, text) in &texts {
            assert!(!text.contains(secret), "`{secret}` is in {path:?}");
        }
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &str| {
            fs::metadata(home.path().join(path))
                .unwrap()
                .permissions()
                .mode()
                & 0o777
        };
        assert_eq!(mode("profiles/default/credentials.toml"), 0o600);
        assert_eq!(mode("profiles/default"), 0o700);
    }
}

#[test]
fn the_cookies_of_the_login_stay_with_their_hosts() {
    let home = Home::new(small());
    home.run(&["login"]).ends(0);
    home.sync(&["--me-only"]).ends(0);
    assert_eq!(home.sim.totals().leaked_cookies, 0);
}

#[cfg(unix)]
#[test]
fn credentials_that_others_can_read_are_warned_of() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new(empty());
    let ran = home.sync(&[]).ends(0);
    assert!(!ran.talk.contains("others can read"), "{}", ran.talk);
    let file = home.profile().join("credentials.toml");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    let talk = home.sync(&[]).ends(0).talk;
    assert_eq!(talk.matches("others can read").count(), 1, "{talk}");
    assert!(talk.contains("(mode 644): run `chmod 600 "), "{talk}");
}
