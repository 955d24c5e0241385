#!/usr/bin/env python3
"""Kills a sync at random moments and compares the warehouse with that of an undisturbed run.

Starts the simulated service, syncs once undisturbed into one home and, into another, again and again with
a `kill -9` after a random time, until a run ends by itself. Both are exported as CSV and compared row for
row: all tables but sync_runs and sync_items, all columns but those named *fetched_at.

    scripts/kill.py [--kills 200] [--members 6] [--workouts 60] [--bin FOLDER] [--seed 1]
"""

import argparse
import csv
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

SKIPPED_TABLES = {"sync_runs", "sync_items"}


def main():
    args = arguments()
    rng = random.Random(args.seed)
    program = pathlib.Path(args.bin) / "peloton-looker"
    with tempfile.TemporaryDirectory() as folder, Service(args) as service:
        folder = pathlib.Path(folder)
        plain, killed = folder / "plain", folder / "killed"
        started = time.monotonic()
        sync(program, service, plain).check()
        whole = time.monotonic() - started
        kills, runs = kill_again_and_again(program, service, killed, args.kills, whole, rng)
        differences = compare(export(program, service, plain), export(program, service, killed))
    print(f"undisturbed sync: {whole:.1f} s; {kills} kills in {runs} runs; {differences} differing tables")
    sys.exit(1 if differences else 0)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--members", type=int, default=6)
    parser.add_argument("--workouts", type=int, default=60)
    parser.add_argument("--latency-ms", type=int, default=5)
    target = os.environ.get("CARGO_TARGET_DIR", "target")
    parser.add_argument("--bin", default=f"{target}/release", help="folder with both programs")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


class Service:
    """The simulated service, alive whatever happens to its client."""

    def __init__(self, args):
        command = [str(pathlib.Path(args.bin) / "peloton-sim"), "--members", str(args.members)]
        command += ["--workouts", str(args.workouts), "--seed", str(args.seed)]
        command += ["--latency-ms", str(args.latency_ms)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.facts = json.loads(self.process.stdout.readline())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def environment(self, home):
        return os.environ | {
            "PELOTON_API_URL": self.facts["api_url"],
            "PELOTON_AUTH_URL": self.facts["auth_url"],
            "PELOTON_USERNAME": self.facts["username"],
            "PELOTON_PASSWORD": self.facts["password"],
            "PELOTON_LOOKER_HOME": str(home),
        }


class Run:
    def __init__(self, process):
        self.process = process

    def check(self):
        _, talk = self.process.communicate()
        if self.process.returncode not in (0, 3):
            sys.exit(f"sync ended with {self.process.returncode}:\n{talk}")


def sync(program, service, home):
    command = [str(program), "sync", "--rate", "0", "--concurrency", "16"]
    return Run(subprocess.Popen(command, env=service.environment(home), stderr=subprocess.PIPE, text=True))


def kill_again_and_again(program, service, home, wanted, whole, rng):
    """Moments are drawn so that they fall everywhere: login, lists, details, the load, the rename."""
    kills = runs = 0
    while True:
        runs += 1
        run = sync(program, service, home)
        if kills >= wanted:
            run.check()
            return kills, runs
        try:
            run.process.communicate(timeout=rng.uniform(0.02, whole * 1.1))
        except subprocess.TimeoutExpired:
            run.process.kill()
            run.process.communicate()
            kills += 1
            continue
        if run.process.returncode not in (0, 3):
            sys.exit(f"a sync between kills ended with {run.process.returncode}")
        # It ended before the kill: what a finished sync leaves is thrown away, so that there is work again.
        forget_some(home, rng)


def forget_some(home, rng):
    """Cuts the archive at a random byte and removes the warehouse, as a lost disk block would."""
    segments = sorted((home / "profiles/default/archive").glob("*.zst"))
    cut = rng.randrange(len(segments))
    for segment in segments[cut + 1 :]:
        segment.unlink()
    size = segments[cut].stat().st_size
    os.truncate(segments[cut], rng.randrange(size) if size else 0)
    (home / "profiles/default/warehouse.duckdb").unlink(missing_ok=True)


def export(program, service, home):
    out = home / "export"
    command = [str(program), "export", str(out), "--format", "csv"]
    subprocess.run(command, env=service.environment(home), check=True, stderr=subprocess.DEVNULL)
    return out


def compare(one, other):
    names = sorted(path.name for path in one.iterdir())
    if names != sorted(path.name for path in other.iterdir()):
        sys.exit("the two exports have different tables")
    differing = [name for name in names if differs(one / name, other / name)]
    for name in differing:
        print(f"different: {name}", file=sys.stderr)
    return len(differing)


def differs(one, other):
    if one.stem in SKIPPED_TABLES:
        return False
    with one.open(newline="") as left, other.open(newline="") as right:
        left, right = csv.reader(left), csv.reader(right)
        header = next(left)
        if header != next(right):
            return True
        kept = [at for at, name in enumerate(header) if not name.endswith("fetched_at")]
        for row, (a, b) in enumerate(zip_strict(left, right), start=2):
            if a is None or b is None or any(a[at] != b[at] for at in kept):
                print(f"{one.name} line {row}:\n  {a}\n  {b}", file=sys.stderr)
                return True
    return False


def zip_strict(left, right):
    while True:
        a, b = next(left, None), next(right, None)
        if a is None and b is None:
            return
        yield a, b


if __name__ == "__main__":
    main()
