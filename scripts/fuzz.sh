#!/usr/bin/env bash
# Runs every fuzz target for SECONDS_EACH seconds (60). What it finds stays in fuzz/artifacts and fails the run.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds="${SECONDS_EACH:-60}"
command -v cargo-fuzz >/dev/null || cargo install --locked cargo-fuzz
# The sanitizer flags are unstable; the pinned compiler takes them all the same.
export RUSTC_BOOTSTRAP=1
# Where setup found no libduckdb, it is compiled here too: `--features bundled`.
features=$(sed -n 's/^FEATURES := //p' .duckdb/features.mk)
# Built once, without an address sanitizer: the code has no `unsafe`, and DuckDB is not part of a target.
cargo fuzz build --sanitizer none $features
for target in $(cargo fuzz list); do
    echo "== $target"
    mkdir -p "fuzz/corpus/$target"
    seeds="fuzz/seeds/$target"
    [ -d "$seeds" ] || seeds=""
    cargo fuzz run --sanitizer none $features "$target" "fuzz/corpus/$target" $seeds -- \
        -max_total_time="$seconds" -rss_limit_mb=4096 -timeout=20 -print_final_stats=0
done
