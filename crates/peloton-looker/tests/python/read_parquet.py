"""Reads a published folder with DuckDB, pandas and Polars, as a person would, and compares the answers.

Usage: read_parquet.py FOLDER WAREHOUSE
"""

import datetime
import glob
import sys
from pathlib import Path

import duckdb
import numpy
import pandas
import polars
import pyarrow.parquet


NUMBERS = ("SMALLINT", "INTEGER", "BIGINT", "DOUBLE")


def said(value):
    """A value as text, whoever read it: instants in UTC, decimals as far as they do not depend on the order."""
    if isinstance(value, (pandas.Timestamp, datetime.datetime)):
        value = pandas.Timestamp(value)
        return str(value.tz_convert(None) if value.tzinfo else value)
    if isinstance(value, (float, numpy.floating)):
        return f"{value:.9g}"
    if isinstance(value, (bool, int, numpy.bool_, numpy.integer)):
        return f"{float(value):.9g}"
    return str(value)


def by_duckdb(warehouse, table, column, kind):
    name = f'"{column}"'
    if kind == "JSON":
        name = f"CAST({name} AS VARCHAR)"
    if kind == "BOOLEAN":
        name = f"CAST({name} AS INTEGER)"
    total = f"sum({name})" if kind in NUMBERS else "NULL"
    row = warehouse.execute(f"SELECT count({name}), min({name}), max({name}), {total} FROM main.{table}").fetchone()
    return row if row[0] else (0,)


def by_pandas(frame, column, kind):
    values = frame[column].dropna()
    if values.empty:
        return (0,)
    total = values.sum() if kind in NUMBERS else None
    return (len(values), values.min(), values.max(), total)


def by_polars(frame, column, kind):
    values = frame[column].drop_nulls()
    if values.is_empty():
        return (0,)
    # A small integer is not added up as one.
    total = values.cast(polars.Float64).sum() if kind in NUMBERS else None
    return (len(values), values.min(), values.max(), total)


def same_values(warehouse, path):
    """Every column has as many values as in the warehouse, from the same least to the same greatest."""
    columns = warehouse.execute(f"SELECT column_name, column_type FROM (DESCRIBE main.{path.name})").fetchall()
    rows = warehouse.execute(f"SELECT count(*) FROM main.{path.name}").fetchone()[0]
    by_file = polars.read_parquet(f"{path}/**/*.parquet", hive_partitioning=False)
    frame = pandas.read_parquet(path)
    assert len(frame) == by_file.height == rows, path
    for column, kind in columns:
        answers = {
            tuple(map(said, answer))
            for answer in (
                by_duckdb(warehouse, path.name, column, kind),
                by_pandas(frame, column, kind),
                by_polars(by_file, column, kind),
            )
        }
        assert len(answers) == 1, (path.name, column, kind, answers)
    return {kind for _, kind in columns}


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
    tables, kinds = 0, set()
    for path in sorted(Path(folder).iterdir()):
        if not path.is_dir() or path.name.startswith("."):
            continue
        files = glob.glob(f"{path}/**/*.parquet", recursive=True)
        if not files:
            continue
        same_shape(files)
        kinds |= same_values(warehouse, path)
        tables += 1
    for kind in ("TIMESTAMP", "DATE", "JSON", "BOOLEAN", "VARCHAR", "DOUBLE", "INTEGER"):
        assert kind in kinds, kinds
    # DuckDB reads the files as they are, too.
    here = warehouse.execute("SELECT count(*), sum(output) FROM main.workout_stats").fetchone()
    there = duckdb.execute(f"SELECT count(*), sum(output) FROM read_parquet('{seconds}/**/*.parquet')").fetchone()
    assert here == there, (here, there)
    months = pandas.read_parquet(seconds)["month"].astype(str)
    dates = pandas.read_parquet(seconds)["start_date"].astype(str)
    assert (months == dates.str.slice(0, 7)).all()
    print(f"{tables} tables, {sorted(kinds)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
