"""Reads a published folder with DuckDB, pandas and Polars, as a person would, and compares the answers.

Usage: read_parquet.py FOLDER WAREHOUSE
"""

import glob
import sys
from pathlib import Path

import duckdb
import pandas
import polars
import pyarrow.parquet


def by_duckdb(path):
    row = duckdb.execute(
        "SELECT count(*), count(heart_rate), sum(heart_rate), sum(output), sum(speed), min(start_date) "
        f"FROM read_parquet('{path}/**/*.parquet')"
    ).fetchone()
    return tuple(map(str, row))


def by_pandas(path):
    frame = pandas.read_parquet(path)
    return (
        str(len(frame)),
        str(frame["heart_rate"].count()),
        str(int(frame["heart_rate"].sum())),
        str(int(frame["output"].sum())),
        str(float(frame["speed"].sum())),
        str(frame["start_date"].min()),
    )


def by_polars(path):
    frame = polars.scan_parquet(f"{path}/**/*.parquet")
    row = frame.select(
        polars.len(),
        polars.col("heart_rate").count().alias("n"),
        polars.col("heart_rate").sum(),
        polars.col("output").sum(),
        polars.col("speed").sum(),
        polars.col("start_date").min(),
    ).collect()
    return tuple(map(str, row.row(0)))


def rounded(row):
    return tuple(text if "-" in text else f"{float(text):.6g}" for text in row)


def same_shape(files):
    """Every file of a table has the same columns, types and order; and says what it is."""
    shapes = set()
    for file in files:
        schema = pyarrow.parquet.read_schema(file)
        shapes.add(tuple((field.name, str(field.type)) for field in schema))
        about = pyarrow.parquet.read_metadata(file)
        metadata = about.metadata
        assert metadata[b"peloton_looker.schema_version"], file
        assert len(metadata[b"peloton_looker.fingerprint"]) == 32, file
        for group in (about.row_group(at) for at in range(about.num_row_groups)):
            assert group.column(0).compression == "ZSTD", file
            assert group.column(0).statistics is not None, file
    assert len(shapes) == 1, shapes


def main(folder, warehouse):
    seconds = f"{folder}/workout_stats"
    warehouse = duckdb.connect(warehouse, read_only=True)
    tables = 0
    for path in sorted(Path(folder).iterdir()):
        if not path.is_dir() or path.name.startswith("."):
            continue
        files = glob.glob(f"{path}/**/*.parquet", recursive=True)
        if not files:
            continue
        same_shape(files)
        here = warehouse.execute(f"SELECT count(*) FROM main.{path.name}").fetchone()[0]
        assert len(pandas.read_parquet(path)) == here, path
        assert polars.read_parquet(f"{path}/**/*.parquet").height == here, path
        tables += 1
    answers = {rounded(read(seconds)) for read in (by_duckdb, by_pandas, by_polars)}
    assert len(answers) == 1, answers
    months = pandas.read_parquet(seconds)["month"].astype(str)
    dates = pandas.read_parquet(seconds)["start_date"].astype(str)
    assert (months == dates.str.slice(0, 7)).all()
    print(f"{tables} tables, {answers.pop()}")


if __name__ == "__main__":
    main(*sys.argv[1:])
