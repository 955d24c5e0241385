#!/usr/bin/env python3
"""Kills publications at random moments, and compares what is there at the end with the warehouse.

Makes a demo, then publishes it again and again to a dataset of BigQuery's emulator and to a folder of
Parquet files, each time with a `kill -9` after a random time; then once undisturbed. The dataset is
compared with the warehouse through Google's client, the folder with one that nobody disturbed.
Needs the Python environment of `make test`.

    .venv/bin/python scripts/kill_publish.py [--kills 50] [--members 3] [--workouts 40] [--bin FOLDER] [--seed 1]
"""

import argparse
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
COMPARE = ROOT / "crates/peloton-looker/tests/python/compare_bigquery.py"


def main():
    args = arguments()
    rng = random.Random(args.seed)
    program = str(pathlib.Path(args.bin) / "peloton-looker")
    with tempfile.TemporaryDirectory() as folder, Emulator() as emulator:
        environment = {**os.environ, "PELOTON_LOOKER_HOME": folder, "BIGQUERY_EMULATOR_HOST": emulator.address}

        def run(*arguments):
            return subprocess.Popen(
                [program, *arguments], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )

        demo = run("demo", "--members", str(args.members), "--workouts", str(args.workouts))
        assert demo.wait() == 0, "the demo failed"
        failed = False
        for kind, target in (("bigquery", "bigquery:killed.peloton"), ("parquet", f"parquet:{folder}/killed")):
            kills = kill_again_and_again(run, target, args.kills, rng)
            assert run("publish", "--profile", "demo", target).wait() == 0, "the last publication failed"
            assert run("publish", "--profile", "demo", f"parquet:{folder}/plain").wait() == 0
            said, is_equal = compare(kind, folder, environment)
            failed |= not is_equal
            print(f"{target}: {kills} kills; {said}")
    sys.exit(failed)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--members", type=int, default=3)
    parser.add_argument("--workouts", type=int, default=40)
    target = os.environ.get("CARGO_TARGET_DIR", "target")
    parser.add_argument("--bin", default=f"{target}/release", help="folder with the program")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


class Emulator:
    def __init__(self):
        script = str(ROOT / "scripts/bigquery_emulator.py")
        self.process = subprocess.Popen(
            [sys.executable, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self.address = next(line.strip() for line in self.process.stdout if line.startswith("http://"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()


def kill_again_and_again(run, target, wanted, rng):
    """A publication that ended before its kill is begun again in full."""
    began = time.monotonic()
    assert run("publish", "--profile", "demo", target).wait() == 0
    whole = time.monotonic() - began
    kills = 0
    while kills < wanted:
        publication = run("publish", "--profile", "demo", "--full", target)
        try:
            publication.wait(timeout=rng.uniform(0.0, whole))
        except subprocess.TimeoutExpired:
            publication.kill()
            publication.wait()
            kills += 1
    return kills


def compare(kind, folder, environment):
    if kind == "bigquery":
        warehouse = f"{folder}/profiles/demo/warehouse.duckdb"
        command = [sys.executable, str(COMPARE), warehouse, "killed", "peloton"]
        ended = subprocess.run(command, env=environment, capture_output=True, text=True)
        return ended.stdout.strip(), ended.returncode == 0
    killed, plain = (contents(f"{folder}/{name}") for name in ("killed", "plain"))
    differing = [name for name in killed.keys() | plain.keys() if killed.get(name) != plain.get(name)]
    return f"{len(plain)} files, {len(differing)} differ", not differing


def contents(folder):
    """What a kill left on its way lies in a hidden folder, until something is published again."""
    folder = pathlib.Path(folder)
    files = {str(path.relative_to(folder)): path for path in folder.rglob("*.parquet")}
    return {name: path.read_bytes() for name, path in files.items() if not name.startswith(".")}


if __name__ == "__main__":
    main()
