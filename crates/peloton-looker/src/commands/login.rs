//! `login`: by user name and password, or with what a person pastes.

use std::io::{BufRead, IsTerminal, Read, Write};

use anyhow::{Context as _, Result};
use peloton_api::oauth::{OAuth, pasted_token};
use peloton_api::{Client, Credentials, TokenProvider, Tokens};
use secrecy::SecretString;
use serde::Deserialize;

use super::{Context, Outcome, runtime};
use crate::archive::{Archive, Index};
use crate::cli::{Grant, LoginArgs};
use crate::config::variable;
use crate::credentials::{self, Pace};
use crate::error::{Advised, Usage};
use crate::keyring::Keyring;
use crate::output::excerpt;

pub(crate) fn run(args: LoginArgs, context: &Context) -> Result<Outcome> {
    let config = &context.config;
    config.profile.refuse_demo()?;
    config.profile.create()?;
    let store = credentials::store(config);
    store
        .check_writable()
        .context("the tokens could not be stored")?;
    // A keyring that can't be used is found out before the password is sent anywhere.
    let keyring = args
        .remember
        .then(|| Keyring::open(&config.profile))
        .transpose()
        .map_err(|error| {
            Advised::new(
                format!("{error:#}"),
                "log in without --remember: the tokens renew themselves for as long as syncs run now and then",
            )
        })?;
    let client_config = credentials::client_config(config, Pace::resolve(config, None, None));
    let oauth = OAuth::new(&client_config)?;
    let known = Index::of(Archive::at(config.profile.archive()))?;
    let (tokens, credentials) = obtain(&args, &oauth)?;
    // A slip of the hand, or the login of another account, must not take the place of one that works.
    let provider = TokenProvider::bearer(tokens.access_token.clone());
    let client = Client::new(client_config, provider)?;
    let me = runtime()?
        .block_on(whose(&client))
        .and_then(|me| known.check_account(&me.id).map(|()| me))
        .context("the login is not stored")?;
    store.save(&tokens)?;
    if let (Some(keyring), Some(credentials)) = (keyring, credentials) {
        keyring.remember(&credentials)?;
    }
    let name = excerpt(me.username.as_deref().unwrap_or(&me.id), 60);
    context
        .terminal
        .say(&format!("Logged in as {name}. Next: `peloton-looker sync`"));
    Ok(Outcome::Complete)
}

/// Tokens, and the user name and password that gave them where there were some.
fn obtain(args: &LoginArgs, oauth: &OAuth) -> Result<(Tokens, Option<Credentials>)> {
    if args.paste_token {
        let token = read_line("Bearer token: ")?;
        return Ok((pasted_token(&token)?, None));
    }
    if args.paste_callback {
        return Ok((paste_callback(oauth)?, None));
    }
    let credentials = ask_credentials(args)?;
    let tokens = runtime()?.block_on(async {
        match args.grant {
            Some(Grant::Password) => oauth.password_grant(&credentials).await,
            None => oauth.login(&credentials).await,
        }
    })?;
    Ok((tokens, Some(credentials)))
}

fn paste_callback(oauth: &OAuth) -> Result<Tokens> {
    let authorization = oauth.authorization();
    let say = |line: &str| writeln!(std::io::stderr(), "{line}");
    say("1. Open this address in a browser and log in:")?;
    say("")?;
    say(&format!("   {}", authorization.url))?;
    say("")?;
    say("2. Copy the address of the page it ends at. It begins with")?;
    say("   https://members.onepeloton.com/callback?code=")?;
    let callback = read_line("3. Paste it here: ")?;
    Ok(runtime()?.block_on(oauth.finish(&authorization, &callback))?)
}

/// Reads what a person pastes; from a pipe as well, for scripts.
fn read_line(prompt: &str) -> Result<String> {
    let mut stderr = std::io::stderr();
    stderr.write_all(prompt.as_bytes())?;
    stderr.flush()?;
    let mut line = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut line)
        .context("read what was pasted")?;
    let line = line.trim().to_owned();
    if line.is_empty() {
        return Err(Usage("nothing was pasted".into()).into());
    }
    Ok(line)
}

fn ask_credentials(args: &LoginArgs) -> Result<Credentials> {
    let environment = credentials::from_environment();
    let username = match (&args.username, variable("PELOTON_USERNAME"), &environment) {
        (Some(username), _, _) => username.clone(),
        (None, Some(username), _) => username,
        (None, None, Some(pair)) => pair.username.clone(),
        (None, None, None) => ask_username()?,
    };
    let password = if args.password_stdin {
        password_from_stdin()?
    } else if let Some(pair) = environment.filter(|_| args.username.is_none()) {
        pair.password
    } else if let Some(password) = variable("PELOTON_PASSWORD") {
        SecretString::from(password)
    } else {
        ask_password()?
    };
    Ok(Credentials { username, password })
}

fn ask_username() -> Result<String> {
    if !std::io::stdin().is_terminal() {
        return Err(Usage(
            "no user name: give --username or set PELOTON_USERNAME and PELOTON_PASSWORD".into(),
        )
        .into());
    }
    read_line("User name or e-mail: ")
}

fn ask_password() -> Result<SecretString> {
    if !std::io::stdin().is_terminal() {
        return Err(
            Usage("no password: give --password-stdin or set PELOTON_PASSWORD".into()).into(),
        );
    }
    let password = rpassword::prompt_password("Password: ").context("read the password")?;
    not_empty(password)
}

/// Exactly one line end is not part of the password; blanks are.
fn password_from_stdin() -> Result<SecretString> {
    let mut text = String::new();
    std::io::stdin()
        .lock()
        .read_to_string(&mut text)
        .map_err(|error| {
            Advised::new(
                format!("the password on standard input can't be read: {error}"),
                "it has to be UTF-8 text",
            )
        })?;
    let password = text
        .strip_suffix("\r\n")
        .or_else(|| text.strip_suffix('\n'))
        .unwrap_or(&text);
    not_empty(password.to_owned())
}

fn not_empty(password: String) -> Result<SecretString> {
    if password.is_empty() {
        return Err(Usage("the password is empty; nothing was sent".into()).into());
    }
    Ok(SecretString::from(password))
}

/// Whose login it is, by `/api/me`.
#[derive(Deserialize)]
pub(super) struct Me {
    pub(super) id: String,
    username: Option<String>,
}

async fn whose(client: &Client) -> Result<Me> {
    let answer = client.me().await?;
    if !answer.is_ok() {
        return Err(Advised::new(
            format!("logged in, but `/api/me` answered HTTP {}", answer.status),
            "run `peloton-looker doctor`",
        )
        .into());
    }
    serde_json::from_slice(&answer.body).context("read `/api/me`")
}
