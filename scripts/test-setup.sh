#!/usr/bin/env bash
# Gets what the tests like to have. Tests of what can't be had here say that they skip.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'test-setup: %s\n' "$*" >&2; }

# A session bus and a keyring, for `login --remember`.
packages=()
command -v dbus-daemon >/dev/null || packages+=(dbus)
command -v gnome-keyring-daemon >/dev/null || packages+=(gnome-keyring)

apt_install() {
    local as_root=()
    command -v apt-get >/dev/null || return 1
    if [ "$(id -u)" -ne 0 ]; then
        sudo -n true 2>/dev/null || return 1
        as_root=(sudo -n)
    fi
    install() {
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
            apt-get install -qq -y --no-install-recommends "$@" >/dev/null 2>&1
    }
    install "$@" || { "${as_root[@]}" apt-get update -qq >/dev/null 2>&1 && install "$@"; }
}

if [ ${#packages[@]} -gt 0 ]; then
    apt_install "${packages[@]}" || say "could not install ${packages[*]}: the tests of the keyring will be skipped"
fi

# What is fetched lies outside the clone where that can be written to, so that a fresh clone need not
# fetch it again.
cache=${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/peloton-looker
mkdir -p "$cache" 2>/dev/null && [ -w "$cache" ] || cache=$PWD/.duckdb
sum() { if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi; }

# An emulator of BigQuery, Google's client, and readers of Parquet and LookML, in an environment of their own.
python_environment() {
    local name
    command -v python3 >/dev/null || { say "python3 is not here"; return 1; }
    name=python-$(cat scripts/requirements.txt <(python3 --version) | sum | cut -c1-16)
    mkdir -p "$cache"
    if [ ! -e "$cache/$name/complete" ]; then
        say "fetching an emulator of BigQuery and readers of Parquet and LookML by pip"
        rm -rf "${cache:?}/$name"
        python3 -m venv "$cache/$name" >/dev/null 2>&1 ||
            { apt_install python3-venv && rm -rf "${cache:?}/$name" && python3 -m venv "$cache/$name"; } || return 1
        "$cache/$name/bin/python" -m pip install --quiet --disable-pip-version-check \
            -r scripts/requirements.txt || return 1
        touch "$cache/$name/complete"
    fi
    ln -sfn "$cache/$name" .venv
}

python_environment || say "no Python environment: the tests of BigQuery's emulator and of the readers of Parquet and LookML will be skipped"

# Another reader of LookML, in the same manner.
node_environment() {
    local name
    command -v node >/dev/null && command -v npm >/dev/null || { say "node and npm are not here"; return 1; }
    name=node-$(cat scripts/node/package-lock.json <(node --version) | sum | cut -c1-16)
    if [ ! -e "$cache/$name/complete" ]; then
        say "fetching a reader of LookML by npm"
        rm -rf "${cache:?}/$name"
        mkdir -p "$cache/$name"
        cp scripts/node/package.json scripts/node/package-lock.json "$cache/$name/"
        npm ci --prefix "$cache/$name" --ignore-scripts --no-audit --no-fund --silent || return 1
        NODE_PATH=$cache/$name/node_modules node -e 'require("lookml-parser")' || return 1
        touch "$cache/$name/complete"
    fi
    ln -sfn "$cache/$name" .node
}

node_environment || say "no environment of Node: the test that reads LookML with lookml-parser will be skipped"
