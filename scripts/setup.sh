#!/usr/bin/env bash
# Finds or fetches libduckdb and tells cargo where it is. Order: DUCKDB_LIB_DIR as given, a library
# the system has, DuckDB's own npm package (checked against libduckdb.sha256), else compile DuckDB.
set -euo pipefail
cd "$(dirname "$0")/.."

duckdb_version=1.5.6
package_version=1.5.6-r.1
folder=$PWD/.duckdb

say() { printf 'setup: %s\n' "$*" >&2; }

# What cargo needs and does not bring. The name of a program, what it is, the command that installs it.
missing=""
needs() {
    command -v "$1" >/dev/null && return
    say "$2 is missing (\`$1\`); to install it: $3"
    missing=1
}

compiler_command() {
    if [ "$(uname -s)" = Darwin ]; then
        echo "xcode-select --install"
    elif command -v apt-get >/dev/null; then
        echo "sudo apt-get install build-essential"
    elif command -v dnf >/dev/null; then
        echo "sudo dnf install gcc gcc-c++"
    elif command -v pacman >/dev/null; then
        echo "sudo pacman -S base-devel"
    else
        echo "your system's package of gcc or clang"
    fi
}

needs "${CARGO:-cargo}" "Rust" "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh"
needs cc "a C compiler" "$(compiler_command)"
[ -z "$missing" ] || exit 1

write_config() { # $1: folder of the library; empty: compile DuckDB
    mkdir -p .cargo "$folder"
    local config features
    if [ -n "$1" ]; then
        config=$(printf '# Written by `make setup`.\n[env]\nDUCKDB_LIB_DIR = "%s"\n' "$1")
        features=""
    else
        config='# Written by `make setup`: DuckDB is compiled (feature `bundled`).'
        features="--features bundled"
    fi
    # An unchanged file keeps its time, so cargo rebuilds nothing.
    [ -f .cargo/config.toml ] && [ "$(cat .cargo/config.toml)" = "$config" ] || printf '%s\n' "$config" >.cargo/config.toml
    printf 'FEATURES := %s\n' "$features" >"$folder/features.mk"
}

has_library() { compgen -G "$1/libduckdb.*" >/dev/null; }

from_system() {
    local path
    if command -v pkg-config >/dev/null && pkg-config --exists "duckdb = $duckdb_version" 2>/dev/null; then
        pkg-config --variable=libdir duckdb
        return
    fi
    for path in /usr/local/lib /usr/lib /usr/lib/x86_64-linux-gnu /usr/lib/aarch64-linux-gnu /opt/homebrew/lib; do
        if compgen -G "$path/libduckdb.so.$duckdb_version" >/dev/null || compgen -G "$path/libduckdb.$duckdb_version.dylib" >/dev/null; then
            printf '%s\n' "$path"
            return
        fi
    done
    return 1
}

platform() {
    case "$(uname -s)-$(uname -m)" in
        Linux-x86_64) echo linux-x64 ;;
        Linux-aarch64) echo linux-arm64 ;;
        Darwin-arm64) echo darwin-arm64 ;;
        Darwin-x86_64) echo darwin-x64 ;;
        *) return 1 ;;
    esac
}

from_npm() {
    local platform archive
    command -v npm >/dev/null || { say "npm is not here"; return 1; }
    platform=$(platform) || { say "there is no ready library for this platform"; return 1; }
    archive=duckdb-node-bindings-$platform-$package_version.tgz
    mkdir -p "$folder/download"
    say "fetching libduckdb $duckdb_version by npm"
    (cd "$folder/download" && npm pack --silent "@duckdb/node-bindings-$platform@$package_version" >/dev/null) || { say "npm could not fetch it"; return 1; }
    if ! (cd "$folder/download" && grep " $archive\$" ../../scripts/libduckdb.sha256 | shasum_check); then
        say "the fetched package is not the one that scripts/libduckdb.sha256 names: refused"
        rm -rf "$folder/download"
        return 1
    fi
    mkdir -p "$folder/$package_version"
    tar -xzf "$folder/download/$archive" -C "$folder/$package_version" --strip-components=1
    rm -rf "$folder/download"
}

shasum_check() {
    if command -v sha256sum >/dev/null; then sha256sum --check --status; else shasum -a 256 --check --status; fi
}

if [ -n "${DUCKDB_LIB_DIR:-}" ]; then
    has_library "$DUCKDB_LIB_DIR" || { say "DUCKDB_LIB_DIR is $DUCKDB_LIB_DIR, but no libduckdb is there"; exit 1; }
    say "using libduckdb in $DUCKDB_LIB_DIR"
    write_config "$DUCKDB_LIB_DIR"
elif has_library "$folder/$package_version"; then
    write_config "$folder/$package_version"
elif path=$(from_system); then
    say "using libduckdb in $path"
    write_config "$path"
elif from_npm; then
    write_config "$folder/$package_version"
else
    say "DuckDB will be compiled: about 20 minutes, once a profile"
    say "make does it by itself; plain cargo needs \`--features bundled\`, as in \`cargo test --workspace --features bundled\`"
    write_config ""
fi
