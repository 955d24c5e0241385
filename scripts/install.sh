#!/usr/bin/env bash
# Installs the program with libduckdb beside it: $1/lib/peloton-looker/, linked from $1/bin.
set -euo pipefail
cd "$(dirname "$0")/.."
prefix=$1
shift

cargo build --release --bin peloton-looker "$@"
target=$(cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
library=$(sed -n 's/^DUCKDB_LIB_DIR = "\(.*\)"$/\1/p' .cargo/config.toml)

folder=$prefix/lib/peloton-looker
mkdir -p "$folder" "$prefix/bin"
install -m 755 "$target/release/peloton-looker" "$folder/"
if [ -n "$library" ]; then
    cp "$library"/libduckdb.* "$folder/"
fi
ln -sf "$folder/peloton-looker" "$prefix/bin/peloton-looker"
echo "installed: $prefix/bin/peloton-looker"
