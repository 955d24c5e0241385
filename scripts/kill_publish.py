#!/usr/bin/env python3
"""Kills publications at random moments, and compares what is there at the end with the warehouse.

Makes a demo, then publishes it with `kill -9` after random times, to datasets of BigQuery's emulator and to folders
of Parquet files: everything again where it is there already, for the first time, and after the warehouse has changed.
After some kills each place gets one publication that nobody disturbs. Then the dataset is compared with the warehouse
through Google's client, the folder with one that was published undisturbed. Needs the Python environment of `make test`.

    .venv/bin/python scripts/kill_publish.py [--kills 50] [--members 3] [--workouts 40] [--bin FOLDER] [--seed 1]
"""

import argparse
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

import duckdb

ROOT = pathlib.Path(__file__).resolve().parent.parent
COMPARE = ROOT / "crates/peloton-looker/tests/python/compare_bigquery.py"


# Kills of one place, before it is brought to its end and compared.
EACH = 5

# Workouts and their seconds that are gone, others, and new, in months of their own too.
CHANGES = """
    DELETE FROM workout_stats WHERE hash(workout_id) % 7 = 0;
    DELETE FROM workouts WHERE hash(id) % 7 = 0;
    UPDATE workout_stats SET output = output + 1 WHERE hash(workout_id) % 5 = 1;
    UPDATE workouts SET total_work = total_work + 1 WHERE hash(id) % 5 = 1;
    INSERT INTO workout_stats SELECT * REPLACE ('new' || workout_id AS workout_id, start_date + 400 AS start_date)
        FROM workout_stats WHERE hash(workout_id) % 6 = 2;
    INSERT INTO workouts SELECT * REPLACE ('new' || id AS id, created_ts + INTERVAL 400 DAY AS created_ts)
        FROM workouts WHERE hash(id) % 6 = 2;
    CHECKPOINT;
"""


def main():
    args = arguments()
    rng = random.Random(args.seed)
    with tempfile.TemporaryDirectory() as folder, Emulator() as emulator:
        home = Home(folder, args, {**os.environ, "PELOTON_LOOKER_HOME": folder, "BIGQUERY_EMULATOR_HOST": emulator.address})
        failed = False
        for kind in (Dataset, Folder):
            for what in (again, first, changed):
                kills, said, is_equal = kill_again_and_again(home, kind, what, args.kills, rng)
                failed |= not is_equal
                print(f"{kind.__name__.lower()}, {what.__name__}: {kills} kills; {said}", flush=True)
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


class Home:
    """A demo, in two versions of its warehouse."""

    def __init__(self, folder, args, environment):
        self.folder = pathlib.Path(folder)
        self.environment = environment
        self.program = str(pathlib.Path(args.bin) / "peloton-looker")
        self.warehouse = self.folder / "profiles/demo/warehouse.duckdb"
        demo = self.run("demo", "--members", str(args.members), "--workouts", str(args.workouts))
        assert demo.wait() == 0, "the demo failed"
        self.versions = [self.folder / name for name in ("old.duckdb", "new.duckdb")]
        for version in self.versions:
            shutil.copy(self.warehouse, version)
        with duckdb.connect(str(self.versions[1])) as connection:
            connection.execute(CHANGES)
        self.places = 0

    def run(self, *arguments):
        return subprocess.Popen(
            [self.program, *arguments], env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def has(self, version):
        """As a load publishes it: by rename."""
        copy = self.warehouse.with_suffix(".copy")
        shutil.copy(self.versions[version], copy)
        copy.rename(self.warehouse)

    def publish(self, place, *arguments):
        return self.run("publish", "--profile", "demo", place.target, *arguments)

    def finish(self, place, *arguments):
        """Undisturbed; how long it took."""
        began = time.monotonic()
        assert self.publish(place, *arguments).wait() == 0, "a publication that nobody disturbed failed"
        return time.monotonic() - began

    def new(self, kind):
        self.places += 1
        return kind(self, f"place_{self.places}")


def again(home, place):
    home.has(0)
    home.finish(place)
    return ["--full"]


def first(home, _):
    home.has(0)
    return []


def changed(home, place):
    home.has(0)
    home.finish(place)
    home.has(1)
    return []


def kill_again_and_again(home, kind, prepare, wanted, rng):
    """Kills, a few of each place, and what came of them. A publication that ended before its kill was not disturbed."""
    undisturbed = home.new(kind)
    whole = home.finish(undisturbed, *prepare(home, undisturbed))
    kills, places, figures = 0, 0, None
    while kills < wanted:
        place = home.new(kind)
        arguments = prepare(home, place)
        for _ in range(min(EACH, wanted - kills)):
            publication = home.publish(place, *arguments)
            try:
                publication.wait(timeout=rng.uniform(0.0, whole))
                break
            except subprocess.TimeoutExpired:
                publication.kill()
                publication.wait()
                kills += 1
        home.finish(place)
        figures, is_equal = place.compare(undisturbed)
        places += 1
        if not is_equal:
            return kills, f"{place.target}: {figures}", False
    return kills, f"{places} places, {figures}", True


class Dataset:
    def __init__(self, home, name):
        self.home, self.name = home, name
        self.target = f"bigquery:killed.{name}"

    def compare(self, _):
        command = [sys.executable, str(COMPARE), str(self.home.warehouse), "killed", self.name]
        ended = subprocess.run(command, env=self.home.environment, capture_output=True, text=True)
        return f"{ended.stdout}{ended.stderr}".strip(), ended.returncode == 0


class Folder:
    def __init__(self, home, name):
        self.path = home.folder / name
        self.target = f"parquet:{self.path}"

    def compare(self, undisturbed):
        one, other = self.contents(), undisturbed.contents()
        differing = [name for name in one.keys() | other.keys() if one.get(name) != other.get(name)]
        return f"{len(other)} files, {len(differing)} differ", not differing

    def contents(self):
        """What a kill left on its way lies in a hidden folder, until something is published again."""
        files = {str(path.relative_to(self.path)): path for path in self.path.rglob("*.parquet")}
        return {name: path.read_bytes() for name, path in files.items() if not name.startswith(".")}


if __name__ == "__main__":
    main()
