"""Compares a dataset with the warehouse that it was published from, through Google's own client.

Usage: compare_bigquery.py WAREHOUSE PROJECT DATASET

Rows and sums of every column of every table, and the nested seconds with theirs. Prints how many figures
were compared; every difference is a line, and ends it with 1.
"""

import sys

import duckdb
import emulator

NUMBERS = {"INTEGER", "INT64", "FLOAT", "FLOAT64"}
TIMES = {"TIMESTAMP", "DATETIME"}


def figures(fields, quote, dialect):
    """An expression for each column: how often it is there, and what it sums up to."""
    for field in fields:
        name = quote(field.name)
        if field.mode == "REPEATED":
            length = "ARRAY_LENGTH" if dialect == "bigquery" else "len"
            yield field.name, f"SUM({length}({name}))"
            continue
        yield field.name, f"COUNT({name})"
        if field.field_type in NUMBERS:
            yield field.name, f"SUM({name})"
        elif field.field_type in TIMES:
            micros = {
                ("bigquery", "TIMESTAMP"): f"UNIX_MICROS({name})",
                ("bigquery", "DATETIME"): f"UNIX_MICROS(TIMESTAMP({name}))",
            }.get((dialect, field.field_type), f"epoch_us({name})")
            yield field.name, f"SUM({micros})"
        elif field.field_type == "STRING":
            yield field.name, f"SUM(LENGTH({name}))"


def is_close(one, other):
    if one is None or other is None:
        return (one or 0) == (other or 0)
    return abs(float(one) - float(other)) <= 1e-9 * max(1.0, abs(float(one)))


class Comparison:
    def __init__(self, warehouse, project, dataset):
        self.duckdb = duckdb.connect(warehouse, read_only=True)
        self.duckdb.execute("SET TimeZone = 'UTC'")
        self.client = emulator.client(project)
        self.dataset = f"{project}.{dataset}"
        self.count = 0
        self.differences = []

    def ask(self, sql):
        return tuple(next(iter(self.client.query_and_wait(sql))).values())

    def same(self, what, names, here, there):
        for name, one, other in zip(names, here, there, strict=True):
            self.count += 1
            if not is_close(one, other):
                self.differences.append(f"{what}.{name}: {one} here, {other} there")

    def table(self, name):
        there = self.client.get_table(f"{self.dataset}.{name}")
        if not there.description or not all(field.description for field in there.schema):
            self.differences.append(f"{name}: a description is missing")
        self.columns(name, there.schema, f"`{self.dataset}.{name}`", f"main.{name}")
        for field in there.schema:
            if field.mode == "REPEATED":
                self.columns(
                    f"{name}.{field.name}",
                    field.fields,
                    f"(SELECT s.* FROM `{self.dataset}.{name}` AS w, UNNEST(w.{field.name}) AS s)",
                    f"(SELECT unnest({field.name}, recursive := true) FROM main.{name})",
                )

    def columns(self, what, fields, source_there, source_here):
        there = list(figures(fields, lambda name: f"`{name}`", "bigquery"))
        here = list(figures(fields, lambda name: f'"{name}"', "duckdb"))
        names = ["rows", *(name for name, _ in here)]
        query = "SELECT COUNT(*), {} FROM {}"
        self.same(
            what,
            names,
            self.duckdb.execute(
                query.format(", ".join(sql for _, sql in here), source_here)
            ).fetchone(),
            self.ask(query.format(", ".join(sql for _, sql in there), source_there)),
        )


def main(warehouse, project, dataset):
    comparison = Comparison(warehouse, project, dataset)
    here = comparison.duckdb.execute(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'main' ORDER BY 1"
    ).fetchall()
    there = {table.table_id for table in comparison.client.list_tables(comparison.dataset)}
    for (name,) in here:
        if name not in there:
            comparison.differences.append(f"{name} is not there")
        else:
            comparison.table(name)
    for difference in comparison.differences:
        print(difference)
    print(f"{comparison.count} figures of {len(here)} tables compared")
    sys.exit(bool(comparison.differences))


if __name__ == "__main__":
    main(*sys.argv[1:])
